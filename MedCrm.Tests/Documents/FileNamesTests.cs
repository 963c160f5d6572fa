using System.Globalization;
using MedCrm.Core.Documents;

namespace MedCrm.Tests.Documents;

public sealed class FileNamesTests
{
    private static readonly DocumentKind s_pdf = DocumentKinds.Of("application/pdf");

    [Theory]
    [InlineData("../../x", "x.pdf")]
    [InlineData(@"..\..\Windows\x.pdf", "x.pdf")]
    [InlineData("C:\\Users\\Claire\\Devis n° 4.pdf", "Devis n° 4.pdf")]
    [InlineData("/etc/passwd", "passwd.pdf")]
    [InlineData("..", "document.pdf")]
    [InlineData("", "document.pdf")]
    [InlineData(null, "document.pdf")]
    [InlineData("...pdf", "document.pdf")]
    [InlineData("CON.pdf", "_CON.pdf")]
    [InlineData("nul", "_nul.pdf")]
    [InlineData("Com1.lettre.pdf", "_Com1.lettre.pdf")]
    [InlineData("COM².pdf", "_COM².pdf")]
    [InlineData("console.pdf", "console.pdf")]
    [InlineData("facture\u202Efdp.exe", "facturefdp.pdf")]
    [InlineData("a\u0000b\u0007c\r\nd.pdf", "abc d.pdf")]
    [InlineData("Devis\u00A0: <IRM>? 12\"*|.pdf", "Devis _ _IRM__ 12___.pdf")]
    [InlineData("photo.png", "photo.pdf")]
    [InlineData("photo.png.EXE", "photo.png.pdf")]
    [InlineData("Contrat.PDF", "Contrat.PDF")]
    [InlineData("Version 2.1", "Version 2.1.pdf")]
    [InlineData("  point final.  .pdf", "point final.pdf")]
    [InlineData("👩‍⚕️ équipe.pdf", "👩‍⚕️ équipe.pdf")]
    [InlineData("e\u0301te\u0301.pdf", "été.pdf")]
    public void A_name_is_made_harmless(string? name, string expected) => Assert.Equal(expected, FileNames.Clean(name, s_pdf));

    [Fact]
    public void A_long_name_keeps_its_extension_and_its_whole_characters()
    {
        Assert.Equal((200, ".pdf"), (FileNames.Clean(new string('é', 300) + ".pdf", s_pdf).Length, Path.GetExtension(FileNames.Clean(new string('é', 300), s_pdf))));
        var people = FileNames.Clean(string.Concat(Enumerable.Repeat("👩‍⚕️", 80)) + ".pdf", s_pdf);
        Assert.True(people.Length is > 180 and <= 200, people);
        Assert.All(StringInfo.ParseCombiningCharacters(people[..^4]), start => Assert.Equal("👩‍⚕️", StringInfo.GetNextTextElement(people, start)));
    }

    [Fact]
    public void Half_a_character_is_no_character() => Assert.DoesNotContain(FileNames.Clean("a\uD83Db.pdf", s_pdf), char.IsSurrogate);

    [Fact]
    public void Names_that_differ_by_their_case_alone_are_told_apart()
    {
        var taken = new HashSet<string>();

        Assert.Equal(["Devis.pdf", "devis (2).pdf", "DEVIS (3).pdf"], new[] { "Devis.pdf", "devis.pdf", "DEVIS.pdf" }.Select(name => FileNames.Unique(name, taken)));
    }
}
