using System.Globalization;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.FollowUp;

public sealed class RecurrenceTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    public static TheoryData<string, string, string[]> Rules => new()
    {
        { "2026-11-27", "daily", ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"] },
        { "2026-12-23", "working", ["2026-12-23", "2026-12-24", "2026-12-28", "2026-12-29"] },
        { "2026-11-21", "working", ["2026-11-23", "2026-11-24"] },
        { "2026-11-23", "weekly 1 Monday", ["2026-11-23", "2026-11-30", "2026-12-07"] },
        { "2026-11-24", "weekly 1 Monday,Thursday", ["2026-11-26", "2026-11-30", "2026-12-03"] },
        { "2026-11-26", "weekly 2 Monday,Thursday", ["2026-11-26", "2026-12-07", "2026-12-10", "2026-12-21"] },
        { "2026-12-28", "weekly 2 Sunday", ["2027-01-03", "2027-01-17"] },
        { "2027-01-31", "monthly 1 31", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"] },
        { "2028-01-31", "monthly 1 31", ["2028-01-31", "2028-02-29", "2028-03-31"] },
        { "2026-11-20", "monthly 1 15", ["2026-12-15", "2027-01-15"] },
        { "2026-11-20", "monthly 3 15", ["2027-02-15", "2027-05-15"] },
        { "2026-11-20", "monthly 1 last", ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"] },
        { "2026-11-01", "monthly 1 2-Tuesday", ["2026-11-10", "2026-12-08", "2027-01-12"] },
        { "2026-11-30", "monthly 1 5-Monday", ["2026-11-30", "2026-12-28", "2027-01-25", "2027-02-22"] },
        { "2028-02-29", "yearly", ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"] },
        { "2027-03-27", "daily", ["2027-03-27", "2027-03-28", "2027-03-29"] },
        { "2026-10-24", "daily", ["2026-10-24", "2026-10-25", "2026-10-26"] },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_falls_on_its_days(string from, string rule, string[] expected)
        => Assert.Equal(expected, Days(Rule(from, rule), expected.Length));

    [Fact]
    public void A_series_ends_on_its_day_or_after_its_times()
    {
        var until = Rule("2026-11-23", "weekly 1 Monday") with { Ends = RecurrenceEnd.OnDay, EndsOn = new DateOnly(2026, 12, 7) };
        var thrice = Rule("2026-11-23", "weekly 1 Monday") with { Ends = RecurrenceEnd.AfterTimes, Times = 3 };

        Assert.Equal(["2026-11-23", "2026-11-30", "2026-12-07"], Days(until, 9));
        Assert.Equal(["2026-11-23", "2026-11-30", "2026-12-07"], Days(thrice, 9));
    }

    [Fact]
    public void Days_that_are_past_are_skipped_and_counted()
    {
        var daily = Rule("2026-11-10", "daily");

        Assert.Equal(s_today, daily.NextAfter(new DateOnly(2026, 11, 18), s_today, out var skipped));
        Assert.Equal(2, skipped);
        Assert.Equal(s_today.AddDays(5), daily.NextAfter(s_today.AddDays(4), s_today, out skipped));
        Assert.Equal(0, skipped);
    }

    [Theory]
    [InlineData("2026-11-23", "weekly 1 Monday", "2026-11-23", "2026-11-24", new[] { "2026-11-24", "2026-12-01" })]
    [InlineData("2026-11-23", "weekly 1 Monday,Thursday", "2026-11-23", "2026-11-25", new[] { "2026-11-25", "2026-11-26", "2026-12-02" })]
    [InlineData("2026-11-15", "monthly 1 15", "2026-12-15", "2026-12-18", new[] { "2026-12-18", "2027-01-18" })]
    [InlineData("2026-11-30", "monthly 1 last", "2026-12-31", "2027-01-31", new[] { "2027-01-31", "2027-02-28" })]
    [InlineData("2026-11-10", "monthly 1 2-Tuesday", "2026-12-08", "2026-12-16", new[] { "2026-12-16", "2027-01-20" })]
    [InlineData("2026-11-10", "yearly", "2026-11-10", "2026-11-12", new[] { "2026-11-12", "2027-11-12" })]
    public void A_series_put_off_for_good_goes_on_from_its_new_day(string from, string rule, string day, string to, string[] expected)
        => Assert.Equal(expected, Days(Rule(from, rule).MovedTo(Day(day), Day(to)), expected.Length));

    [Fact]
    public void A_series_put_off_for_good_keeps_the_times_that_were_left()
    {
        var series = Rule("2026-11-23", "weekly 1 Monday") with { Ends = RecurrenceEnd.AfterTimes, Times = 4 };

        Assert.Equal(["2026-12-08", "2026-12-15"], Days(series.MovedTo(Day("2026-12-07"), Day("2026-12-08")), 9));
    }

    [Theory]
    [InlineData("2026-11-23", "daily", "Tous les jours")]
    [InlineData("2026-11-23", "working", "Les jours ouvrés")]
    [InlineData("2026-11-23", "weekly 1 Monday", "Toutes les semaines, le lundi")]
    [InlineData("2026-11-23", "weekly 2 Monday,Wednesday,Thursday", "Toutes les 2 semaines, le lundi, le mercredi et le jeudi")]
    [InlineData("2026-11-15", "monthly 1 15", "Tous les mois, le 15")]
    [InlineData("2026-11-15", "monthly 2 1", "Tous les 2 mois, le 1er")]
    [InlineData("2026-11-15", "monthly 1 31", "Tous les mois, le 31 (ou le dernier jour)")]
    [InlineData("2026-11-15", "monthly 1 last", "Tous les mois, le dernier jour")]
    [InlineData("2026-11-15", "monthly 1 2-Tuesday", "Tous les mois, le 2e mardi")]
    [InlineData("2026-11-15", "monthly 1 5-Friday", "Tous les mois, le dernier vendredi")]
    [InlineData("2026-07-01", "yearly", "Tous les ans, le 1er juillet")]
    [InlineData("2028-02-29", "yearly", "Tous les ans, le 29 février (le 28 les autres années)")]
    public void A_rule_is_said_in_plain_French(string from, string rule, string expected)
        => Assert.Equal(expected, Rule(from, rule).Say(s_today).ToString());

    [Fact]
    public void The_end_of_a_series_is_said_with_its_year_when_it_is_another()
    {
        var rule = Rule("2026-11-23", "weekly 2 Monday,Thursday") with { Ends = RecurrenceEnd.OnDay, EndsOn = new DateOnly(2026, 12, 31) };

        Assert.Equal("Toutes les 2 semaines, le lundi et le jeudi, jusqu'au 31/12", rule.Say(s_today).ToString());
        Assert.Equal("Toutes les 2 semaines, le lundi et le jeudi, jusqu'au 31/01/2027", (rule with { EndsOn = new DateOnly(2027, 1, 31) }).Say(s_today).ToString());
        Assert.Equal("Toutes les 2 semaines, le lundi et le jeudi, 6 fois", (rule with { Ends = RecurrenceEnd.AfterTimes, EndsOn = null, Times = 6 }).Say(s_today).ToString());
    }

    [Theory]
    [InlineData("weekly 0 Monday", nameof(Recurrence.Every))]
    [InlineData("weekly 1 None", nameof(Recurrence.Days))]
    [InlineData("monthly 1 32", nameof(Recurrence.MonthDay))]
    public void A_rule_without_days_is_refused(string rule, string field)
        => Assert.Equal(field, Assert.Throws<BusinessRuleException>(() => Rule("2026-11-23", rule).Checked()).Field);

    [Fact]
    public void A_series_that_ends_before_its_first_day_is_refused()
    {
        var rule = Rule("2026-11-24", "weekly 1 Monday") with { Ends = RecurrenceEnd.OnDay, EndsOn = new DateOnly(2026, 11, 29) };

        Assert.Equal(nameof(Recurrence.EndsOn), Assert.Throws<BusinessRuleException>(rule.Checked).Field);
        Assert.Equal(nameof(Recurrence.Times), Assert.Throws<BusinessRuleException>((rule with { Ends = RecurrenceEnd.AfterTimes, Times = 0 }).Checked).Field);
    }

    private static List<string> Days(Recurrence rule, int most)
    {
        var days = new List<string>();
        for (var day = rule.First(); day is { } next && days.Count < most; day = rule.NextAfter(next))
        {
            days.Add(next.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        return days;
    }

    // « weekly 2 Monday,Thursday », « monthly 1 15 », « monthly 1 last », « monthly 1 2-Tuesday ».
    private static Recurrence Rule(string from, string text)
    {
        var words = text.Split(' ');
        var rule = new Recurrence { FirstDay = Day(from), Every = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 1 };
        return words[0] switch
        {
            "daily" => rule with { Kind = RecurrenceKind.Daily },
            "working" => rule with { Kind = RecurrenceKind.WorkingDays },
            "yearly" => rule with { Kind = RecurrenceKind.Yearly },
            "weekly" => rule with { Kind = RecurrenceKind.Weekly, Days = Enum.Parse<Weekdays>(words[2]) },
            _ when words[2] == "last" => rule with { Kind = RecurrenceKind.Monthly, MonthDay = MonthDay.Last },
            _ when words[2].Split('-') is [var ordinal, var day] => rule with { Kind = RecurrenceKind.Monthly, MonthDay = MonthDay.Weekday, Ordinal = int.Parse(ordinal, CultureInfo.InvariantCulture), Days = Enum.Parse<Weekdays>(day) },
            _ => rule with { Kind = RecurrenceKind.Monthly, DayOfMonth = int.Parse(words[2], CultureInfo.InvariantCulture) },
        };
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
