using System.Globalization;
using MedCrm.Core.Billing;
using MedCrm.Core.Dunning;

namespace MedCrm.Tests.Dunning;

public sealed class PenaltyTests
{
    private static readonly DateOnly s_due = new(2026, 3, 31);
    private static readonly DateOnly s_today = new(2026, 5, 15);

    [Theory]
    [InlineData(BuyerKind.Private, null, 179.75)]
    [InlineData(BuyerKind.Private, "7.86", 116.28)]
    [InlineData(BuyerKind.PublicHospital, null, 150.16)]
    [InlineData(BuyerKind.PublicHospital, "7.86", 150.16)]
    public void Forty_five_days_of_twelve_thousand_euros_bring_what_the_law_says(BuyerKind buyer, string? own, double expected)
    {
        var sheet = Penalties.Of(s_due, 12_000, [(s_today, 12_000)], new DateOnly(2026, 11, 21), buyer, Rates(own))!;

        Assert.Equal((45, (decimal)expected, 40m, true), (sheet.Days, sheet.Interest, sheet.FixedCosts, sheet.IsSettled));
        Assert.Equal((decimal)expected + 40, sheet.Total);
    }

    [Fact]
    public void Paid_on_the_due_day_nothing_is_owed()
    {
        Assert.Null(Penalties.Of(s_due, 12_000, [(s_due, 12_000)], s_today, BuyerKind.Private, Rates()));
        Assert.Null(Penalties.Of(s_due, 12_000, [], s_due, BuyerKind.Private, Rates()));
        Assert.NotNull(Penalties.Of(s_due, 12_000, [], s_due.AddDays(1), BuyerKind.Private, Rates()));
    }

    [Fact]
    public void A_part_paid_lowers_the_balance_from_its_day_on()
    {
        var sheet = Penalties.Of(s_due, 12_000, [(new DateOnly(2026, 3, 1), 2000), (new DateOnly(2026, 4, 10), 4000)], s_today, BuyerKind.Private, Rates())!;

        Assert.Equal([(s_due, new DateOnly(2026, 4, 10), 10_000m, 10), (new DateOnly(2026, 4, 10), s_today, 6000m, 35)], sheet.Slices.Select(slice => (slice.From, slice.To, slice.Balance, slice.Days)));
        Assert.Equal(Money.Round((10_000m * 10 + 6000m * 35) * 12.15m / 100 / 365), sheet.Interest);
        Assert.False(sheet.IsSettled);
    }

    [Fact]
    public void A_half_year_changes_the_rate_between_30_june_and_1_july()
    {
        var rates = new PenaltySchedule([new PenaltyRate(new DateOnly(2026, 1, 1), 2.15m, 2.62m), new PenaltyRate(new DateOnly(2026, 7, 1), 3.15m, 2.62m)], null);

        var sheet = Penalties.Of(new DateOnly(2026, 6, 20), 1000, [], new DateOnly(2026, 7, 10), BuyerKind.Private, rates)!;

        Assert.Equal([(10, 12.15m), (10, 13.15m)], sheet.Slices.Select(slice => (slice.Days, slice.Rate)));
        Assert.Equal(Money.Round(1000m * (10 * 12.15m + 10 * 13.15m) / 100 / 365), sheet.Interest);
    }

    [Theory]
    [InlineData("2026-03-31", DunningLevel.Courtesy, "2026-03-30")]
    [InlineData("2026-03-31", DunningLevel.Firm, "2026-04-07")]
    [InlineData("2026-03-31", DunningLevel.Formal, "2026-04-30")]
    [InlineData("2026-03-30", DunningLevel.Firm, "2026-04-07")]
    [InlineData("2026-04-24", DunningLevel.Firm, "2026-05-04")]
    public void Levels_fall_on_worked_days(string due, DunningLevel level, string expected)
        => Assert.Equal(Day(expected), new DunningPolicy(PayerProfile.Private).DayOf(level, Day(due)));

    [Fact]
    public void What_is_said_before_the_due_day_moves_back_rather_than_past_it()
    {
        var policy = new DunningPolicy(PayerProfile.Private);
        policy.Edit(policy.Details() with { CourtesyDays = -1 });

        Assert.Equal(Day("2026-03-27"), policy.DayOf(DunningLevel.Courtesy, Day("2026-03-29")));
        Assert.Null(policy.LevelOn(Day("2026-03-30"), Day("2026-03-29")));
    }

    [Theory]
    [InlineData("2026-03-27", null)]
    [InlineData("2026-03-30", DunningLevel.Courtesy)]
    [InlineData("2026-04-01", null)]
    [InlineData("2026-04-07", DunningLevel.Firm)]
    [InlineData("2026-04-29", DunningLevel.Firm)]
    [InlineData("2026-06-30", DunningLevel.Formal)]
    public void The_last_level_reached_is_the_one_that_counts(string day, DunningLevel? expected)
        => Assert.Equal(expected, new DunningPolicy(PayerProfile.Private).LevelOn(Day(day), s_due));

    [Theory]
    [InlineData("2026-03-10", "2026-04-09", "2026-04-29")]
    [InlineData("2026-11-20", "2026-12-20", "2027-01-09")]
    [InlineData("2026-03-10", "2026-05-30", "2026-05-30")]
    public void A_public_hospital_is_not_pressed_before_its_fifty_days(string issued, string due, string expected)
        => Assert.Equal(Day(expected), DunningPolicy.DueOf(BuyerKind.PublicHospital, Day(issued), Day(due)));

    [Fact]
    public void Texts_are_filled_and_empty_fields_leave_no_hole()
    {
        var text = DunningTexts.Fill("Bonjour {{client}},\n\n{{penalites}}\n\n{{total}} dus.\n{{autres_factures}}", new Dictionary<string, string> { ["client"] = "CHU", ["total"] = "12 €" });

        Assert.Equal("Bonjour CHU,\n\n12 € dus.", text);
        Assert.Equal("{{inconnu}}", DunningTexts.UnknownIn("{{ total }} {{inconnu}}"));
    }

    private static PenaltySchedule Rates(string? own = null) => new([new PenaltyRate(new DateOnly(2026, 1, 1), 2.15m, 2.62m)], own is null ? null : decimal.Parse(own, CultureInfo.InvariantCulture));

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
