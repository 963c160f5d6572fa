using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class FrenchTextTests
{
    [Theory]
    [InlineData("1234.56", "1\u202F234,56\u00A0€", "1\u202F235\u00A0€")]
    [InlineData("1234567.891", "1\u202F234\u202F567,89\u00A0€", "1\u202F234\u202F568\u00A0€")]
    [InlineData("0", "0,00\u00A0€", "0\u00A0€")]
    [InlineData("0.005", "0,01\u00A0€", "0\u00A0€")]
    [InlineData("2.125", "2,13\u00A0€", "2\u00A0€")]
    [InlineData("-2.125", "-2,13\u00A0€", "-2\u00A0€")]
    [InlineData("12.5", "12,50\u00A0€", "13\u00A0€")]
    [InlineData("-0.001", "0,00\u00A0€", "0\u00A0€")]
    [InlineData("-1234.5", "-1\u202F234,50\u00A0€", "-1\u202F235\u00A0€")]
    [InlineData("180000", "180\u202F000,00\u00A0€", "180\u202F000\u00A0€")]
    public void An_amount_reads_the_same_under_every_culture(string invariant, string withCents, string whole)
    {
        var amount = decimal.Parse(invariant, CultureInfo.InvariantCulture);
        foreach (var name in new[] { "fr-FR", "en-US", "de-CH", "sv-SE" })
        {
            using var culture = new CultureScope(name);
            Assert.Equal(withCents, FrenchText.FormatAmount(amount));
            Assert.Equal(whole, FrenchText.FormatWholeAmount(amount));
        }
    }

    [Theory]
    [InlineData("fr-FR")]
    [InlineData("en-US")]
    [InlineData("ar-SA")]
    public void A_day_is_written_day_first(string name)
    {
        using var culture = new CultureScope(name);
        Assert.Equal("05/03/2026", FrenchText.FormatDay(new DateOnly(2026, 3, 5)));
    }

    [Theory]
    [InlineData(0, "aujourd'hui")]
    [InlineData(1, "demain")]
    [InlineData(-1, "hier")]
    [InlineData(2, "dans 2 j")]
    [InlineData(3, "dans 3 j")]
    [InlineData(-2, "il y a 2 j")]
    [InlineData(-9, "il y a 9 j")]
    public void A_day_is_told_from_today(int days, string words)
    {
        using var swedish = new CultureScope("sv-SE");
        var today = new DateOnly(2026, 12, 31);
        Assert.Equal(words, FrenchText.FormatRelativeDay(today.AddDays(days), today));
    }
}
