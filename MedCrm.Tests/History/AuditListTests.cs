using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.History;

public sealed class AuditListTests
{
    [Fact]
    public async Task The_audit_is_filtered_by_person_period_kind_of_record_origin_and_text()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var edit = await world.EditAsync(world.Claire, institution, d => d with { City = "Rezé" });
        world.Time.Advance(TimeSpan.FromDays(3));
        var deal = await world.OpportunityAsync(institution: institution);
        var move = await world.DoAsync(world.Paul, async db => (await db.FindAsync<Core.Sales.Opportunity>(deal.Id))!.RankAt(7), ChangeOrigin.Bulk);
        var undo = (await world.As(world.Claire).Get<Changes>().UndoAsync(edit)).ChangeSetId!.Value;
        world.As(world.Admin);

        Assert.Equal([move], await IdsAsync($"actor={world.Paul.Id}"));
        Assert.Equal([edit], await IdsAsync($"actor={world.Claire.Id}&at=2026-11-21..2026-11-22"));
        Assert.Equal([move], await IdsAsync("origin=Bulk"));
        Assert.Equal([undo], await IdsAsync("q=annule"));
        Assert.Equal([edit], await IdsAsync("reverted=true"));
        Assert.Equal([undo, edit], await IdsAsync($"types=Institution&actor={world.Claire.Id}"));
        Assert.Contains(move, await IdsAsync("types=Opportunity"));
        Assert.DoesNotContain(edit, await IdsAsync("types=Opportunity"));

        var list = world.Get<AuditList>();
        var row = (await list.RowsAsync(ListQuery.Parse("?origin=Undo", list.Definition), ["sentence", "by", "types", "record", "rows"], 0, 10)).Single();
        Assert.Equal(("Annulé : Geste", "Claire Martin", "CHU de Nantes", 1), ((string?)row.Values[0], (string?)row.Values[1], (string?)row.Values[3], (int?)row.Values[4]));
        Assert.Equal("Institution", row.Values[2]);

        async Task<IReadOnlyList<Guid>> IdsAsync(string address)
        {
            var audit = world.Get<AuditList>();
            return await audit.IdsAsync(ListQuery.Parse("?" + address, audit.Definition));
        }
    }

    [Fact]
    public async Task Nobody_but_those_who_may_reads_it_and_their_export_is_empty()
    {
        await using var world = await TestWorld.CreateAsync();
        var list = world.As(world.Claire).Get<AuditList>();

        Assert.Equal(0, (await list.CountAsync(ListQuery.Parse("", list.Definition))).Total);
    }
}
