using MedCrm.Core.FollowUp;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.History;

public sealed class ChangeNewsTests
{
    [Fact]
    public async Task A_change_tells_what_its_record_is_tied_to()
    {
        await using var world = await TestWorld.CreateAsync();
        var (chu, other) = (await world.InstitutionAsync(), await world.InstitutionAsync("Clinique du Parc"));
        var task = await world.TaskAsync(with: details => details with { InstitutionId = chu.Id });
        var heard = new List<CommittedChange>();
        using (world.Get<ChangeNews>().Subscribe(heard.Add))
        {
            await world.As(world.Claire).Get<FollowUpTasks>().PutOffAsync(task.Id, task.DueOn!.Value.AddDays(1));
        }

        var change = Assert.Single(heard);
        Assert.Equal((true, true, false), (change.Concerns(task.Id), change.Concerns(chu.Id), change.Concerns(other.Id)));
        Assert.False(change.Touches(chu.Id));
    }

    [Fact]
    public async Task What_a_record_was_tied_to_hears_of_it_too()
    {
        await using var world = await TestWorld.CreateAsync();
        var (chu, other) = (await world.InstitutionAsync(), await world.InstitutionAsync("Clinique du Parc"));
        var task = await world.TaskAsync(with: details => details with { InstitutionId = chu.Id });
        var heard = new List<CommittedChange>();
        using (world.Get<ChangeNews>().Subscribe(heard.Add))
        {
            await world.As(world.Claire).Get<FollowUpTasks>().EditAsync(task.Id, task.Details(), task.Details() with { InstitutionId = other.Id });
        }

        Assert.True(heard.All(change => change.Concerns(chu.Id) && change.Concerns(other.Id)));
        Assert.NotEmpty(heard);
    }

    [Fact]
    public async Task Deals_concern_their_institution()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        var heard = new List<CommittedChange>();
        using (world.Get<ChangeNews>().Subscribe(heard.Add))
        {
            await world.As(world.Claire).Get<Opportunities>().SetLinesAsync(deal.Id, [new OpportunityLineDetails { Description = "Écran", Quantity = 1, UnitPrice = 900 }], deal.Version);
        }

        Assert.True(Assert.Single(heard).Concerns(deal.InstitutionId));
    }
}
