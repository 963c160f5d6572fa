using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Billing;

public sealed class PenaltyRatesTests
{
    [Theory]
    [InlineData("2025-12-31", BuyerKind.Private, 12.15)]
    [InlineData("2026-05-15", BuyerKind.Private, 12.15)]
    [InlineData("2026-05-15", BuyerKind.PublicHospital, 10.15)]
    [InlineData("2024-08-01", BuyerKind.Private, 14.25)]
    public void Without_a_rate_of_our_own_the_central_bank_s_holds_with_its_points(string day, BuyerKind buyer, decimal rate)
        => Assert.Equal(rate, new PenaltySchedule(PenaltyRate.Defaults(), null).RateOn(DateOnly.Parse(day), buyer));

    [Fact]
    public void Our_own_rate_holds_towards_private_buyers_while_it_reaches_three_times_the_legal_one()
    {
        var schedule = new PenaltySchedule(PenaltyRate.Defaults(), 8m);

        Assert.Equal(8m, schedule.RateOn(new DateOnly(2026, 3, 1), BuyerKind.Private));
        Assert.Equal(10.15m, schedule.RateOn(new DateOnly(2026, 3, 1), BuyerKind.State));
        // 3 × 2.76 = 8.28 in the second half of 2025: the clause is void there.
        Assert.Equal(12.15m, schedule.RateOn(new DateOnly(2025, 9, 1), BuyerKind.Private));
    }

    [Fact]
    public void The_last_half_year_known_holds_when_one_is_missing()
    {
        var schedule = new PenaltySchedule(PenaltyRate.Defaults(), null);

        Assert.Equal(12.15m, schedule.RateOn(new DateOnly(2026, 11, 21), BuyerKind.Private));
        Assert.Equal([new DateOnly(2026, 7, 1)], schedule.MissingUntil(new DateOnly(2026, 11, 21)));
        Assert.Empty(schedule.MissingUntil(new DateOnly(2026, 6, 30)));
    }

    [Fact]
    public async Task A_new_installation_knows_the_published_rates_and_says_which_are_missing()
    {
        await using var world = await TestWorld.CreateAsync();

        var table = await world.Get<PenaltyRates>().ListAsync();

        Assert.Equal([(new DateOnly(2026, 1, 1), 2.15m, 2.62m), (new DateOnly(2025, 7, 1), 2.15m, 2.76m), (new DateOnly(2025, 1, 1), 3.15m, 3.71m), (new DateOnly(2024, 7, 1), 4.25m, 4.92m)], table.Rows.Select(row => (row.From, row.CentralBank, row.Legal)));
        Assert.Equal([new DateOnly(2026, 7, 1)], table.Missing);
    }

    [Fact]
    public async Task The_administrator_enters_a_half_year_corrects_it_and_takes_it_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var rates = world.Get<PenaltyRates>();

        var done = await rates.SetAsync(new PenaltyRateDetails { From = new DateOnly(2026, 9, 3), CentralBank = 2m, Legal = 2.5m });
        Assert.Equal(12m, await rates.RateOnAsync(new DateOnly(2026, 11, 21), BuyerKind.Private));
        await rates.SetAsync(new PenaltyRateDetails { From = new DateOnly(2026, 7, 1), CentralBank = 1.9m, Legal = 2.5m });
        Assert.Equal(11.9m, await rates.RateOnAsync(new DateOnly(2026, 11, 21), BuyerKind.Private));
        await rates.RemoveAsync(done.RecordId);
        Assert.Equal([new DateOnly(2026, 7, 1)], (await rates.ListAsync()).Missing);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<PenaltyRates>().SetAsync(new PenaltyRateDetails { From = new DateOnly(2026, 7, 1), CentralBank = 2, Legal = 2 }));
    }
}
