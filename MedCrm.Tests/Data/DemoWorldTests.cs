using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data.Demo;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Data;

public sealed class DemoWorldTests
{
    [Fact]
    public async Task The_demonstration_has_a_deal_in_every_stage_and_each_team_its_own()
    {
        await using var world = await Demonstration.EmptyWorldAsync();

        await world.FillWithDemonstrationAsync();

        await using var db = world.Open();
        var stages = await db.Opportunities.Select(opportunity => opportunity.Stage.Code).Distinct().ToListAsync();
        Assert.Equal(6, stages.Count);
        Assert.Equal(2, await db.Opportunities.Where(opportunity => opportunity.TeamId != null).Select(opportunity => opportunity.TeamId).Distinct().CountAsync());
        Assert.True(await db.Opportunities.AnyAsync(opportunity => opportunity.Outcome == StageOutcome.Open && opportunity.NextActionOn == null));
        Assert.True(await world.Get<DemoWorld>().IsCompleteAsync());
    }

    [Fact]
    public async Task The_queue_of_duplicates_has_three_pairs_of_each_kind_to_show()
    {
        await using var world = await Demonstration.EmptyWorldAsync();

        await world.FillWithDemonstrationAsync();

        var counts = await world.As(Actor.System).Get<DuplicatePairs>().CountAsync();
        Assert.Equal((3, 3), (counts.Institutions, counts.Contacts));
    }

    [Fact]
    public async Task Nothing_of_the_demonstration_happened_in_the_future()
    {
        await using var world = await Demonstration.EmptyWorldAsync();
        world.Time.MoveTo(new DateTime(2026, 11, 20, 23, 30, 0));

        await world.FillWithDemonstrationAsync();

        await using var db = world.Open();
        Assert.False(await db.StageChanges.AnyAsync(change => change.At > world.Now()));
        Assert.False(await db.Opportunities.AnyAsync(opportunity => opportunity.LastInteractionAt > world.Now()));
    }

    [Fact]
    public async Task The_company_of_the_demonstration_may_issue_invoices_and_has_something_to_sell()
    {
        await using var world = await Demonstration.EmptyWorldAsync();

        await world.FillWithDemonstrationAsync();

        Assert.Empty(await world.Get<CompanySettings>().MissingAsync());
        Assert.Equal(["REC-CADRE", "REC-IDE", "REC-MED"], (await world.Get<Catalog>().SearchAsync("recrutement")).Select(hit => hit.Code).Order());
        await using var db = world.Open();
        Assert.Equal((16, 3), (await db.CatalogItems.CountAsync(), await db.BillingProfiles.CountAsync()));
    }

    [Fact]
    public async Task Whoever_has_a_contract_is_a_customer()
    {
        await using var world = await Demonstration.EmptyWorldAsync();

        await world.FillWithDemonstrationAsync();

        await using var db = world.Open();
        Assert.Equal([Core.Customers.CustomerStatus.Customer], await db.Contracts.Select(contract => contract.Institution.Status).Distinct().ToListAsync());
        Assert.False(await db.Institutions.AnyAsync(institution => institution.UpdatedAt < institution.CreatedAt));
    }

    [Fact]
    public async Task A_database_with_data_refuses_the_demonstration()
    {
        await using var world = await TestWorld.CreateAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<DemoWorld>().DemandEmptyAsync());

        Assert.Contains("base vide", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_segment_of_the_demonstration_finds_somebody_and_is_for_all()
    {
        await using var world = await Demonstration.EmptyWorldAsync();
        await world.FillWithDemonstrationAsync();
        await world.As(Actor.System).Get<Scores>().ComputeAsync();

        var segments = await world.Get<SegmentBook>().ListAsync();

        Assert.Equal(4, segments.Count);
        foreach (var segment in segments)
        {
            Assert.True(segment.IsSound, segment.Name);
            Assert.True(await world.Get<SegmentBook>().CountAsync(segment.Id) > 0, segment.Name);
        }
    }
}
