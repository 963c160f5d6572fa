using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;

namespace MedCrm.Tests.Contracting;

/// <summary>The days of a contract, its revisions and its shares, against the worked figures of the field.</summary>
public sealed class ContractTermsTests
{
    [Theory]
    [InlineData("2026-01-01", 12, 3, "2026-12-31", "2026-09-30")]
    [InlineData("2026-03-15", 12, 2, "2027-03-14", "2027-01-14")]
    [InlineData("2024-02-29", 12, 0, "2025-02-27", "2025-02-27")]
    [InlineData("2026-05-31", 12, 1, "2027-05-30", "2027-04-29")]
    public void The_end_and_the_last_day_for_notice_follow_from_the_start(string start, int months, int notice, string end, string lastNotice)
    {
        var terms = Terms(start, months, notice);

        Assert.Equal((Day(end), Day(lastNotice)), (terms.EndsOn, terms.LastNoticeOn));
    }

    [Fact]
    public void Renewals_count_from_the_original_start_and_never_from_the_day_before()
    {
        var terms = Terms("2026-08-31", 6, 0, renewal: 6);

        DateOnly[] days = [terms.RenewsOn, terms.Renewed(6).RenewsOn, terms.Renewed(6).Renewed(6).RenewsOn, terms.Renewed(6).Renewed(6).Renewed(6).RenewsOn];

        Assert.Equal([Day("2027-02-28"), Day("2027-08-31"), Day("2028-02-29"), Day("2028-08-31")], days);
        Assert.Equal(Day("2025-02-28"), Terms("2024-02-29", 12, 0).RenewsOn);
    }

    /// <summary>Other products keep the notice of the first term after a renewal (glpi-project/glpi#23084, #15893).</summary>
    [Fact]
    public void The_last_day_for_notice_moves_with_a_renewal()
    {
        var terms = Terms("2024-08-29", 12, 2);
        Assert.Equal(Day("2025-08-28"), terms.EndsOn);

        Assert.Equal((Day("2026-08-28"), Day("2026-06-28")), (terms.Renewed(12).EndsOn, terms.Renewed(12).LastNoticeOn));
    }

    [Fact]
    public void Alerts_come_ninety_sixty_and_thirty_days_before()
    {
        var end = Day("2026-12-31");
        Assert.Equal([Day("2026-10-02"), Day("2026-11-01"), Day("2026-12-01")], ContractTerms.AlertDays.Select(days => ContractTerms.AlertOn(end, days)));

        Assert.Empty(ContractTerms.AlertsReached(end, Day("2026-10-01")));
        Assert.Equal([90], ContractTerms.AlertsReached(end, Day("2026-10-02")));
        Assert.Equal([90, 60, 30], ContractTerms.AlertsReached(end, end));
        Assert.Empty(ContractTerms.AlertsReached(end, Day("2027-01-01")));
    }

    [Fact]
    public void A_non_professional_is_told_between_three_months_and_one_before_the_deadline()
        => Assert.Equal((Day("2026-06-30"), Day("2026-08-30")), Terms("2026-01-01", 12, 3).InformationWindow);

    [Fact]
    public void A_number_of_renewals_is_the_most()
    {
        var terms = Terms("2026-01-01", 12, 3) with { MostRenewals = 1 };

        Assert.True(terms.WillRenew);
        Assert.False(terms.Renewed(12).WillRenew);
    }

    [Fact]
    public void A_price_follows_its_index_and_is_alone_to_be_rounded()
    {
        var syntec = new IndexFormula(242.60m, 0, null, NeverDown: true);
        Assert.Equal(1_012.37m, syntec.Revised(1_000, 245.60m));

        var mixed = new IndexFormula(121.2m, 15, null, NeverDown: true);
        Assert.Equal((1.065223m, 5_326.11m), (mixed.Coefficient(130.5m), mixed.Revised(5_000, 130.5m)));
    }

    [Fact]
    public void A_cap_holds_a_rise_and_a_floor_a_fall()
    {
        var formula = new IndexFormula(100, 0, 3, NeverDown: true);

        Assert.Equal((1.03m, 1m), (formula.Coefficient(110), formula.Coefficient(90)));
        Assert.Equal(0.9m, (formula with { NeverDown = false }).Coefficient(90));
        Assert.Equal(0.035m, formula.Revised(0.034m, 103));
    }

    [Fact]
    public void A_part_of_a_month_is_counted_in_days()
    {
        var january = Instalments.At(Day("2026-01-01"), 1, 0);

        Assert.Equal(200.00m, Instalments.Prorated(310, january, Day("2026-01-12"), Day("2026-01-31")));
        Assert.Equal(310.00m, Instalments.Prorated(310, january, Day("2025-12-01"), Day("2026-03-31")));
    }

    [Fact]
    public void Twelve_months_of_a_yearly_price_make_the_price()
    {
        Assert.Equal(1_000m, Enumerable.Range(0, 12).Sum(index => Instalments.Share(1_000, 12, 1, index)));
        Assert.Equal(3_000m, Instalments.Share(1_000, 1, 3, 5));
        Assert.Equal(183.33m, Instalments.Monthly([(1_000, BillingPeriod.Annual), (300, BillingPeriod.Quarterly), (5_000, BillingPeriod.OneOff)]));
    }

    [Fact]
    public void The_stretch_that_holds_a_day_is_found_whatever_the_length_of_months()
    {
        Assert.Equal((Day("2026-02-28"), Day("2026-03-30")), (Instalments.Holding(Day("2026-01-31"), 1, Day("2026-03-30")).From, Instalments.Holding(Day("2026-01-31"), 1, Day("2026-03-30")).To));
        Assert.Equal(2, Instalments.Holding(Day("2026-01-31"), 1, Day("2026-03-31")).Index);
        Assert.Equal(0, Instalments.Holding(Day("2026-01-31"), 3, Day("2025-06-01")).Index);
    }

    [Fact]
    public void Figures_of_a_month_are_those_of_the_books()
    {
        var bridge = new MrrBridge(10_000, 1_200, 1_500, 300, 500);
        Assert.Equal((107m, 92m, 11_900m, 142_800m), (bridge.Nrr, bridge.Grr, bridge.End, bridge.Arr));
        Assert.Equal(105m, new MrrBridge(200_000, 0, 20_000, 4_000, 6_000).Nrr);
        Assert.Equal(21.53m, decimal.Round(Figures.Yearly(2)!.Value, 2));
        Assert.Equal(85m, Figures.Percent(17, 20));
        Assert.Equal(20_000m, Figures.LifetimeMargin(500, 80, 2));
        Assert.Equal(12_000m, Figures.LifetimeValue(500, 24));
    }

    [Fact]
    public void A_denominator_of_zero_gives_no_figure()
    {
        var bridge = new MrrBridge(0, 1_200, 0, 0, 0);

        Assert.Equal((null, null), (bridge.Nrr, bridge.Grr));
        Assert.Null(Figures.Percent(0, 0));
        Assert.Null(Figures.Yearly(null));
        Assert.Null(Figures.LifetimeMargin(500, 80, 0));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static ContractTerms Terms(string start, int months, int notice, int renewal = 12) => new(Day(start), months, true, renewal, 0, null, notice);
}
