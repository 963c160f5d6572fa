using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Scoring;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Scoring;

public sealed class AlertsTests
{
    [Fact]
    public async Task A_customer_nobody_spoke_to_for_ninety_days_is_told_to_its_owner_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var silent = await CustomerAsync(world, "Silencieux");
        await ScoresTests.CallAsync(world, silent, daysAgo: 91);
        await ScoresTests.CallAsync(world, await CustomerAsync(world, "Récent"), daysAgo: 90);
        await world.Get<Scores>().ComputeAsync();

        var alert = Assert.Single((await world.As(world.Claire).Get<Alerts>().MineAsync()).First);
        Assert.Equal((AlertKind.SilentCustomer, silent.Id, 91), (alert.Kind, alert.RecordId, alert.Days));
        Assert.Empty((await world.As(world.Paul).Get<Alerts>().MineAsync()).First);
    }

    [Fact]
    public async Task A_deal_without_activity_for_sixty_days_is_told_with_its_amount()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(60));
        Assert.Empty((await world.As(world.Claire).Get<Alerts>().MineAsync()).First);
        world.Time.Advance(TimeSpan.FromDays(1));
        var alert = Assert.Single((await world.Get<Alerts>().MineAsync()).First);
        Assert.Equal((AlertKind.StuckDeal, deal.Id, 61, 10_000m), (alert.Kind, alert.RecordId, alert.Days, alert.Amount!.Value));
    }

    [Fact]
    public async Task A_warning_put_aside_with_a_reason_comes_back_when_its_days_are_over()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(61));
        var alerts = world.As(world.Claire).Get<Alerts>();

        Assert.Equal("Reason", (await Assert.ThrowsAsync<BusinessRuleException>(() => alerts.DismissAsync(AlertKind.StuckDeal, deal.Id, "  "))).Field);
        await alerts.DismissAsync(AlertKind.StuckDeal, deal.Id, "Attend son budget");
        Assert.Equal(0, (await alerts.MineAsync()).Total);
        world.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(0, (await alerts.MineAsync()).Total);
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await alerts.MineAsync()).Total);
    }

    [Fact]
    public async Task Nobody_puts_aside_what_they_do_not_see()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<Alerts>().DismissAsync(AlertKind.StuckDeal, deal.Id, "Motif"));
    }

    private static Task<Institution> CustomerAsync(TestWorld world, string name)
        => world.InstitutionAsync(name, world.Claire, details => details with { Status = CustomerStatus.Customer });
}
