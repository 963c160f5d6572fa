using MedCrm.Core.Billing;

namespace MedCrm.Tests.Billing;

/// <summary>Penalties for late payment (C. com. art. L441-10 II and D441-5; CCP art. R2192-31).</summary>
public sealed class LateInterestTests
{
    private static readonly DateOnly s_due = new(2026, 3, 31);

    [Theory]
    [InlineData(12.15, 179.75)]
    [InlineData(7.86, 116.28)]
    [InlineData(10.15, 150.16)]
    public void Forty_five_days_late_of_twelve_thousand_euros(decimal rate, decimal interest)
        => Assert.Equal(interest, LateInterest.Of([new BalanceSlice(s_due, 12_000)], new DateOnly(2026, 5, 15), _ => rate));

    [Fact]
    public void Paid_on_the_due_day_or_before_nothing_is_asked()
    {
        Assert.Equal(0, LateInterest.Of([new BalanceSlice(s_due, 12_000)], s_due, _ => 12.15m));
        Assert.Equal(0, LateInterest.Of([new BalanceSlice(s_due, 12_000)], s_due.AddDays(-3), _ => 12.15m));
        Assert.Equal(0, LateInterest.Of([], s_due, _ => 12.15m));
    }

    [Fact]
    public void The_first_day_late_counts()
        => Assert.Equal(decimal.Round(12_000 * 0.1215m / 365, 2), LateInterest.Of([new BalanceSlice(s_due, 12_000)], s_due.AddDays(1), _ => 12.15m));

    [Fact]
    public void After_a_payment_only_what_is_left_bears_interest()
    {
        // 12 000 for 15 days, then 5 000 for 30.
        var interest = LateInterest.Of([new BalanceSlice(s_due, 12_000), new BalanceSlice(new DateOnly(2026, 4, 15), 5_000)], new DateOnly(2026, 5, 15), _ => 12.15m);

        Assert.Equal(decimal.Round(((12_000m * 15) + (5_000m * 30)) * 0.1215m / 365, 2, MidpointRounding.AwayFromZero), interest);
    }

    [Fact]
    public void A_rate_that_changes_with_the_half_year_splits_the_delay()
    {
        // Due on 15 June, paid on 20 July: 15 days of June, 20 of July.
        var interest = LateInterest.Of([new BalanceSlice(new DateOnly(2026, 6, 15), 10_000)], new DateOnly(2026, 7, 20), day => day < new DateOnly(2026, 7, 1) ? 12m : 14m);

        Assert.Equal(decimal.Round(10_000m * ((15 * 0.12m) + (20 * 0.14m)) / 365, 2, MidpointRounding.AwayFromZero), interest);
    }

    [Fact]
    public void The_turn_of_the_year_splits_it_too()
    {
        // Due on 31 December: every day late is of the new year.
        var interest = LateInterest.Of([new BalanceSlice(new DateOnly(2026, 12, 31), 10_000)], new DateOnly(2027, 1, 10), day => day.Year == 2026 ? 99m : 10m);

        Assert.Equal(decimal.Round(10_000m * 10 * 0.10m / 365, 2), interest);
    }
}
