using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class FrenchInputTests
{
    // A Saturday.
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Theory]
    [InlineData("12k", "12000")]
    [InlineData("12 K€", "12000")]
    [InlineData("1,5M", "1500000")]
    [InlineData("1.5 m€", "1500000")]
    [InlineData("1 234,56", "1234.56")]
    [InlineData("1\u00A0234,56", "1234.56")]
    [InlineData("1\u202F234,56\u00A0€", "1234.56")]
    [InlineData("1\u2009234,56", "1234.56")]
    [InlineData("1234.56", "1234.56")]
    [InlineData("1234,56", "1234.56")]
    [InlineData("12 500 €", "12500")]
    [InlineData("12500 euros", "12500")]
    [InlineData("12500 EUR", "12500")]
    [InlineData("€ 12", "12")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("1 234 567,8", "1234567.8")]
    [InlineData("0,005", "0.01")]
    [InlineData("2,125", "2.13")]
    [InlineData("-2,125", "-2.13")]
    [InlineData("−15", "-15")]
    [InlineData(",5", "0.5")]
    [InlineData("12,", "12")]
    [InlineData("0", "0")]
    [InlineData("0,1234k", "123.4")]
    public void An_amount_is_read_as_typed_under_every_culture(string input, string expected)
    {
        foreach (var name in new[] { "fr-FR", "en-US", "de-DE", "sv-SE" })
        {
            using var culture = new CultureScope(name);
            Assert.True(FrenchInput.TryParseAmount(input, out var amount));
            Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), amount);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(",")]
    [InlineData("€")]
    [InlineData("k")]
    [InlineData("douze")]
    [InlineData("12 50")]
    [InlineData("1 23")]
    [InlineData("1,2,3")]
    [InlineData("12,5.6")]
    [InlineData("12kk")]
    [InlineData("12 €€")]
    [InlineData("1e5")]
    [InlineData("--5")]
    [InlineData("2000000M")]
    [InlineData("99999999999999999999999999999999999")]
    public void What_is_no_amount_is_refused(string? input)
    {
        Assert.False(FrenchInput.TryParseAmount(input, out var amount));
        Assert.Equal(0m, amount);
    }

    [Theory]
    [InlineData("aujourd'hui", "2026-11-21")]
    [InlineData("Aujourd’hui", "2026-11-21")]
    [InlineData("auj", "2026-11-21")]
    [InlineData("demain", "2026-11-22")]
    [InlineData(" DEMAIN ", "2026-11-22")]
    [InlineData("après-demain", "2026-11-23")]
    [InlineData("hier", "2026-11-20")]
    [InlineData("dim", "2026-11-22")]
    [InlineData("lun", "2026-11-23")]
    [InlineData("mar", "2026-11-24")]
    [InlineData("mer", "2026-11-25")]
    [InlineData("jeu", "2026-11-26")]
    [InlineData("ven", "2026-11-27")]
    [InlineData("sam", "2026-11-28")]
    [InlineData("lundi", "2026-11-23")]
    [InlineData("mardi", "2026-11-24")]
    [InlineData("mercredi", "2026-11-25")]
    [InlineData("jeudi", "2026-11-26")]
    [InlineData("vendredi", "2026-11-27")]
    [InlineData("samedi", "2026-11-28")]
    [InlineData("dimanche", "2026-11-22")]
    [InlineData("lundi prochain", "2026-11-23")]
    [InlineData("samedi prochain", "2026-11-28")]
    [InlineData("+15j", "2026-12-06")]
    [InlineData("+ 15 jours", "2026-12-06")]
    [InlineData("+2s", "2026-12-05")]
    [InlineData("+2sem", "2026-12-05")]
    [InlineData("+3m", "2027-02-21")]
    [InlineData("+3 mois", "2027-02-21")]
    [InlineData("+1a", "2027-11-21")]
    [InlineData("+1 an", "2027-11-21")]
    [InlineData("-3j", "2026-11-18")]
    [InlineData("fin mois", "2026-11-30")]
    [InlineData("fin de mois", "2026-11-30")]
    [InlineData("fin trimestre", "2026-12-31")]
    [InlineData("fin année", "2026-12-31")]
    [InlineData("1512", "2026-12-15")]
    [InlineData("151226", "2026-12-15")]
    [InlineData("15122026", "2026-12-15")]
    [InlineData("15/12", "2026-12-15")]
    [InlineData("15/12/26", "2026-12-15")]
    [InlineData("15/12/2026", "2026-12-15")]
    [InlineData("15-12-2026", "2026-12-15")]
    [InlineData("15.12.2026", "2026-12-15")]
    [InlineData("2026-12-15", "2026-12-15")]
    [InlineData("5/3/2026", "2026-03-05")]
    [InlineData("15 déc", "2026-12-15")]
    [InlineData("15 déc.", "2026-12-15")]
    [InlineData("15 décembre 2026", "2026-12-15")]
    [InlineData("15 DÉCEMBRE 26", "2026-12-15")]
    [InlineData("15 décembre", "2026-12-15")]
    [InlineData("1er août 2026", "2026-08-01")]
    [InlineData("3 fév 2027", "2027-02-03")]
    [InlineData("14 juil", "2026-07-14")]
    [InlineData("14/07/84", "1984-07-14")]
    [InlineData("290228", "2028-02-29")]
    public void A_day_is_read_as_typed_under_every_culture(string input, string expected)
    {
        foreach (var name in new[] { "fr-FR", "en-US", "ar-SA" })
        {
            using var culture = new CultureScope(name);
            Assert.True(FrenchInput.TryParseDay(input, s_today, out var day));
            Assert.Equal(DateOnly.ParseExact(expected, "yyyy-MM-dd", CultureInfo.InvariantCulture), day);
        }
    }

    [Theory]
    [InlineData("2105", "2026-05-21")]
    [InlineData("2005", "2027-05-20")]
    [InlineData("20/05", "2027-05-20")]
    [InlineData("20 mai", "2027-05-20")]
    [InlineData("2011", "2026-11-20")]
    [InlineData("200526", "2026-05-20")]
    public void A_day_without_a_year_is_next_years_when_more_than_6_months_ago(string input, string expected)
    {
        Assert.True(FrenchInput.TryParseDay(input, s_today, out var day));
        Assert.Equal(DateOnly.ParseExact(expected, "yyyy-MM-dd", CultureInfo.InvariantCulture), day);
    }

    [Theory]
    [InlineData("2026-12-31", "fin mois", "2026-12-31")]
    [InlineData("2028-02-10", "fin mois", "2028-02-29")]
    [InlineData("2026-04-01", "fin trimestre", "2026-06-30")]
    [InlineData("2026-03-31", "fin trimestre", "2026-03-31")]
    [InlineData("2026-01-31", "+1m", "2026-02-28")]
    [InlineData("2028-02-29", "+1a", "2029-02-28")]
    [InlineData("2026-11-23", "lun", "2026-11-30")]
    [InlineData("2027-11-21", "2902", "2028-02-29")]
    public void A_day_depends_on_today(string today, string input, string expected)
    {
        Assert.True(FrenchInput.TryParseDay(input, DateOnly.ParseExact(today, "yyyy-MM-dd", CultureInfo.InvariantCulture), out var day));
        Assert.Equal(DateOnly.ParseExact(expected, "yyyy-MM-dd", CultureInfo.InvariantCulture), day);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bientôt")]
    [InlineData("2902")]
    [InlineData("31/02")]
    [InlineData("3113")]
    [InlineData("0012")]
    [InlineData("32/12/2026")]
    [InlineData("15/12/0226")]
    [InlineData("15/12-2026")]
    [InlineData("15 ju")]
    [InlineData("15 jui")]
    [InlineData("15 foo")]
    [InlineData("+999a")]
    [InlineData("-999a")]
    [InlineData("+15")]
    [InlineData("15122")]
    [InlineData("prochain")]
    public void What_is_no_day_is_refused(string? input) => Assert.False(FrenchInput.TryParseDay(input, s_today, out _));

    [Theory]
    [InlineData("99999999999999999", true)]
    [InlineData("12 000 000 000 k", true)]
    [InlineData("12k", false)]
    [InlineData("beaucoup", false)]
    [InlineData("", false)]
    public void An_amount_above_all_measure_is_told_from_what_is_no_amount(string input, bool expected) => Assert.Equal(expected, FrenchInput.IsAmountTooLarge(input));

    [Theory]
    [InlineData("31/02/2026", true)]
    [InlineData("31.04", true)]
    [InlineData("15/12", false)]
    [InlineData("15/12/3000", false)]
    [InlineData("jamais", false)]
    public void A_day_outside_the_calendar_is_told_from_what_is_no_day(string input, bool expected) => Assert.Equal(expected, FrenchInput.IsDayOutOfCalendar(input, new DateOnly(2026, 11, 21)));

    [Theory]
    [InlineData("15/12/3000", true)]
    [InlineData("3000-12-15", true)]
    [InlineData("15 déc 1850", true)]
    [InlineData("+999a", true)]
    [InlineData("31/02/3000", false)]
    [InlineData("15/12/0000", false)]
    [InlineData("15/12/2199", false)]
    [InlineData("jamais", false)]
    public void A_day_of_a_year_out_of_reach_is_told_from_one_that_does_not_exist(string input, bool expected) => Assert.Equal(expected, FrenchInput.IsDayTooFar(input, new DateOnly(2026, 11, 21)));
}
