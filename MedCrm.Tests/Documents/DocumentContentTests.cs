using System.Text;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Documents;

public sealed class DocumentContentTests
{
    private const string Office = "application/vnd.openxmlformats-officedocument.";
    private const string OpenDocument = "application/vnd.oasis.opendocument.";

    private static readonly Dictionary<string, (byte[] Content, string MediaType)> s_accepted = new()
    {
        ["pdf"] = (FileSample.Pdf(), "application/pdf"),
        ["png"] = (FileSample.Png(), "image/png"),
        ["jpeg"] = (FileSample.Jpeg(), "image/jpeg"),
        ["jpeg with what a telephone adds"] = ([.. FileSample.Jpeg(), .. new byte[500]], "image/jpeg"),
        ["gif"] = (FileSample.Gif(), "image/gif"),
        ["webp"] = (FileSample.Webp(), "image/webp"),
        ["tiff"] = (FileSample.Tiff(), "image/tiff"),
        ["docx"] = (FileSample.Zip("[Content_Types].xml", "word/document.xml"), Office + "wordprocessingml.document"),
        ["xlsx"] = (FileSample.Zip("[Content_Types].xml", "xl/workbook.xml"), Office + "spreadsheetml.sheet"),
        ["pptx"] = (FileSample.Zip("[Content_Types].xml", "ppt/presentation.xml", "ppt/media/image1.svg"), Office + "presentationml.presentation"),
        ["odt"] = (FileSample.OpenDocument("text"), OpenDocument + "text"),
        ["ods"] = (FileSample.OpenDocument("spreadsheet"), OpenDocument + "spreadsheet"),
        ["odp"] = (FileSample.OpenDocument("presentation"), OpenDocument + "presentation"),
        ["doc"] = (FileSample.Compound("WordDocument"), "application/msword"),
        ["xls"] = (FileSample.Compound("Workbook"), "application/vnd.ms-excel"),
        ["msg"] = (FileSample.Compound("__properties_version1.0"), "application/vnd.ms-outlook"),
        ["text"] = ("Bonjour à tous\r\n"u8.ToArray(), "text/plain"),
        ["text of an old Windows"] = (Encoding.Latin1.GetBytes("Référence : été"), "text/plain"),
        ["mail"] = ("From: claire@demo.test\r\nSubject: Devis\r\n\r\n<html><script>x</script>"u8.ToArray(), "message/rfc822"),
        ["zip"] = (FileSample.Zip("a.pdf", "b/c.txt"), "application/zip"),
    };

    private static readonly Dictionary<string, (byte[] Content, string Said)> s_refused = new()
    {
        ["nothing"] = ([], "vide"),
        ["a Windows program"] = ([.. "MZ"u8, .. new byte[100]], "programmes"),
        ["a Linux program"] = ([0x7F, .. "ELF"u8, .. new byte[100]], "programmes"),
        ["a shortcut"] = ([0x4C, 0, 0, 0, 1, 0x14, 2, 0, .. new byte[60]], "programmes"),
        ["an installer"] = (FileSample.Compound("Property"), "programmes"),
        ["a program in an archive"] = (FileSample.Zip("lisez-moi.txt", "outils/setup.EXE"), "programmes"),
        ["a Java archive"] = (FileSample.Zip("META-INF/MANIFEST.MF", "a.class"), "programmes"),
        ["a page"] = ("\uFEFF  <!DOCTYPE html><p>x"u8.ToArray(), "pages web"),
        ["a page that begins with a remark"] = ("<!-- x --><html onload=alert(1)>"u8.ToArray(), "pages web"),
        ["a drawing"] = ("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray(), "SVG"),
        ["a drawing behind a prologue"] = ("<?xml version='1.0'?><svg/>"u8.ToArray(), "SVG"),
        ["a script of a shell"] = ("#!/bin/sh\nrm -rf /\n"u8.ToArray(), "scripts"),
        ["macros"] = (FileSample.Zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        ["old macros"] = (FileSample.Compound("WordDocument", "Macros"), "macros"),
        ["a password"] = (FileSample.Compound("EncryptedPackage"), "mot de passe"),
        ["rich text"] = (Encoding.ASCII.GetBytes(@"{\rtf1 x}"), "RTF"),
        ["chance"] = ([.. Enumerable.Range(0, 900).Select(i => (byte)((i * 37) % 251))], "n'est pas accepté"),
        ["an image that would fill the memory"] = (FileSample.Png(60_000, 60_000), "trop grande"),
    };

    public static TheoryData<string> Accepted => [.. s_accepted.Keys];

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_file_is_what_stands_in_it_whatever_its_name_says(string kind)
    {
        foreach (var name in new[] { "facture.pdf", "photo.png", "sans extension", "rapport.docx" })
        {
            Assert.Equal(s_accepted[kind].MediaType, Recognize(s_accepted[kind].Content, name).MediaType);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_could_harm_is_refused_with_its_reason_whatever_its_name_says(string kind)
    {
        foreach (var name in new[] { "facture.pdf", "photo.png", "notes.txt" })
        {
            var refusal = Assert.Throws<BusinessRuleException>(() => Recognize(s_refused[kind].Content, name));
            Assert.Contains(s_refused[kind].Said, refusal.Message, StringComparison.Ordinal);
            Assert.Equal("File", refusal.Field);
        }
    }

    [Theory]
    [InlineData("a.js")]
    [InlineData("a.PS1")]
    [InlineData("a.html")]
    [InlineData("facture.pdf.vbs")]
    public void A_text_that_calls_itself_a_program_is_refused(string name)
        => Assert.Contains("scripts", Assert.Throws<BusinessRuleException>(() => Recognize("Bonjour"u8.ToArray(), name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("pdf")]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("docx")]
    [InlineData("zip")]
    [InlineData("odt")]
    public void A_file_cut_short_is_refused(string kind)
    {
        var whole = s_accepted[kind].Content;
        foreach (var kept in new[] { 0.5, 0.99 })
        {
            var cut = whole[..Math.Min((int)(whole.Length * kept), whole.Length - 1)];
            Assert.Contains("endommagé", Assert.Throws<BusinessRuleException>(() => Recognize(cut, "x")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_table_keeps_its_extension_and_a_text_does_not_become_one()
    {
        Assert.Equal("text/csv", Recognize("a;b\n1;2\n"u8.ToArray(), "liste.CSV").MediaType);
        Assert.Equal("text/plain", Recognize("a;b\n1;2\n"u8.ToArray(), "liste.xlsx").MediaType);
    }

    private static DocumentKind Recognize(byte[] content, string name)
    {
        using var stream = new MemoryStream(content);
        return DocumentContent.Recognize(stream, name);
    }
}
