using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class SearchKeyTests
{
    [Theory]
    [InlineData("HÔPITAL", "hopital")]
    [InlineData("C.H.U. de Lyon", "chu de lyon")]
    [InlineData("C.H.U de Lyon", "chu de lyon")]
    [InlineData("CHU de Lyon", "chu de lyon")]
    [InlineData("Le C.H.R.U.", "le chru")]
    [InlineData("S.A.R.L. Œuvre d'Élodie", "sarl oeuvre d elodie")]
    [InlineData("L’Hôtel-Dieu", "l hotel dieu")]
    [InlineData("L'Haÿ-les-Roses", "l hay les roses")]
    [InlineData("Cœur Ex æquo", "coeur ex aequo")]
    [InlineData("ﬁbroscopie", "fibroscopie")]
    [InlineData("Straße Ørsted Łódź", "strasse orsted lodz")]
    [InlineData("  Saint   Étienne\u00A0(42) ", "saint etienne 42")]
    [InlineData("St. Jean", "st jean")]
    [InlineData("J. Dupont", "j dupont")]
    [InlineData("jean.dupont@example.org", "jean dupont example org")]
    [InlineData("n° 12.5", "n 12 5")]
    [InlineData("E\u0301lodie", "elodie")]
    [InlineData("...", "")]
    [InlineData("", "")]
    public void A_text_is_folded_to_what_people_search_for(string text, string folded) => Assert.Equal(folded, SearchKey.Fold(text));

    [Theory]
    [InlineData("C.H.U. de Lyon – Hôpital Édouard-Herriot")]
    [InlineData("n° 12.5")]
    public void Folding_twice_changes_nothing_more(string text)
        => Assert.Equal(SearchKey.Fold(text), SearchKey.Fold(SearchKey.Fold(text)));

    [Fact]
    public void Turkish_letters_do_not_disturb_the_fold()
    {
        using var turkish = new CultureScope("tr-TR");
        Assert.Equal("institut", SearchKey.Fold("INSTITUT"));
    }
}
