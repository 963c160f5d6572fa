using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Lists;

public sealed class InstitutionListTests
{
    [Fact]
    public async Task Each_operator_keeps_the_institutions_it_names()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CHU de Nantes", with: d => d with { Status = CustomerStatus.Customer, BedsMedicine = 300, Tags = ["VIP", "Bloc"], OwnerId = world.Claire.Id, Email = "contact@chu-nantes.fr" });
        await world.InstitutionAsync("Clinique Saint-Étienne", with: d => d with { City = "Saint-Étienne", Postcode = "42000", Status = CustomerStatus.HotProspect, BedsSurgery = 80, NextAuditOn = new DateOnly(2026, 12, 1) });
        await world.InstitutionAsync("Hôpital de Lyon", with: d => d with { City = "LYON", Postcode = "69003", Tags = ["Bloc"], OwnerId = world.Paul.Id });
        world.As(world.Claire with { Visibility = Visibility.All });

        Assert.Equal("CHU, CLI, HOP", await Found("sort=name"));
        Assert.Equal("CHU, CLI", await Found("status=Customer,HotProspect"));
        Assert.Equal("HOP", await Found("status=!Customer,HotProspect"));
        Assert.Equal("CLI, HOP", await Found("dept=42,69"));
        Assert.Equal("CHU", await Found("beds=100..500"));
        Assert.Equal("CLI", await Found("beds=..100"));
        Assert.Equal("HOP", await Found("beds=-"));
        Assert.Equal("CHU, CLI", await Found("beds=*"));
        Assert.Equal("CLI", await Found("city=~saint etienne"));
        Assert.Equal("HOP", await Found("city=lyon"));
        Assert.Equal("CHU", await Found("owner=me"));
        Assert.Equal("CLI", await Found("owner=-"));
        Assert.Equal("CHU, HOP", await Found("tags=bloc"));
        Assert.Equal("CLI, HOP", await Found("tags=!VIP"));
        Assert.Equal("CLI", await Found("tags=-"));
        Assert.Equal("CLI", await Found("next-audit=today..today%2B30"));
        Assert.Equal("CHU, CLI, HOP", await Found("updated=2026-11-21..2026-11-21"));
        Assert.Equal("", await Found("updated=..2026-11-20"));
        Assert.Equal("CHU", await Found("email=contact@chu-nantes.fr"));
        Assert.Equal("HOP", await Found("q=hopital+lyon"));
        Assert.Equal("", await Found("status=Nobody"));
        Assert.Equal("", await Found("beds=lots..more"));

        async Task<string> Found(string address)
        {
            var list = world.Get<InstitutionList>();
            var query = ListQuery.Parse("?" + address, list.Definition);
            var rows = await list.RowsAsync(query, ["name"], 0, 50);
            Assert.Equal(rows.Count, (await list.CountAsync(query)).Matching);
            return string.Join(", ", rows.Select(row => SearchKey.Fold((string)row.Values[0]!)[..3].ToUpperInvariant()));
        }
    }

    [Fact]
    public async Task Every_column_can_be_read_sorted_and_filtered_in_the_database()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: d => d with { BedsMedicine = 12, Tags = ["VIP"], OwnerId = world.Claire.Id });
        await world.OpportunityAsync(institution: institution, with: d => d with { Amount = 12_500.50m });
        await world.OpportunityAsync("Qualification", institution: institution, with: d => d with { Amount = 100 });
        var list = world.Get<InstitutionList>();
        var all = list.Definition.Columns.Select(column => column.Key).ToList();

        foreach (var column in list.Definition.Columns)
        {
            foreach (var query in new[] { new ListQuery { Sort = new(column.Key, true) }, new ListQuery { Filters = [new(column.Key, FilterOperator.Empty)] }, new ListQuery { Filters = [new(column.Key, FilterOperator.AnyOf, "x", "1")] } })
            {
                await list.RowsAsync(query, [column.Key], 0, 5);
            }

            await list.ChoicesAsync(column.Key);
        }

        var row = Assert.Single(await list.RowsAsync(ListQuery.Everything, all, 0, 50));
        Assert.Equal(
            (institution.Id, "CHU de Nantes", 12, 12_600.50m, 2, world.Claire.Id, "VIP"),
            (row.Id, Value("name"), Value("beds"), Value("open-amount"), Value("open-count"), Value("owner"), Assert.Single((IEnumerable<string>)Value("tags")!)));

        object? Value(string key) => row.Values[all.IndexOf(key)];
    }

    [Fact]
    public async Task Sort_is_stable_over_pages_and_ignores_case_and_accents()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var name in new[] { "clinique B", "Édouard", "CLINIQUE A", "Clinique C", "zèle", "Abbaye" })
        {
            await world.InstitutionAsync(name);
        }

        var list = world.Get<InstitutionList>();
        var seen = new List<string>();
        for (var skip = 0; skip < 6; skip += 2)
        {
            seen.AddRange((await list.RowsAsync(ListQuery.Everything, ["name"], skip, 2)).Select(row => (string)row.Values[0]!));
        }

        Assert.Equal(["Abbaye", "CLINIQUE A", "clinique B", "Clinique C", "Édouard", "zèle"], seen);
        Assert.Equal(seen, await StreamedAsync());
        Assert.Equal(await list.IdsAsync(new ListQuery { Sort = new("city", false) }), (await list.IdsAsync(new ListQuery { Sort = new("city", true) })).Order());

        async Task<List<string>> StreamedAsync()
        {
            var names = new List<string>();
            await foreach (var row in list.StreamAsync(ListQuery.Everything, ["name"]))
            {
                names.Add((string)row.Values[0]!);
            }

            return names;
        }
    }

    [Fact]
    public async Task Record_knows_its_place_and_its_neighbours()
    {
        await using var world = await TestWorld.CreateAsync();
        var (a, b, c) = (await world.InstitutionAsync("A"), await world.InstitutionAsync("B"), await world.InstitutionAsync("C"));
        var list = world.Get<InstitutionList>();

        Assert.Equal(new Neighbours(1, 3, null, b.Id), await list.NeighboursAsync(ListQuery.Everything, a.Id));
        Assert.Equal(new Neighbours(2, 3, a.Id, c.Id), await list.NeighboursAsync(ListQuery.Everything, b.Id));
        Assert.Equal(new Neighbours(1, 3, null, b.Id), await list.NeighboursAsync(new ListQuery { Sort = new("name", true) }, c.Id));
        Assert.Null(await list.NeighboursAsync(new ListQuery { Search = "zzz" }, c.Id));
    }

    [Fact]
    public async Task One_team_neither_lists_nor_counts_nor_edits_the_other_s_institutions()
    {
        await using var world = await TestWorld.CreateAsync();
        var west = await world.InstitutionAsync("Ouest", owner: world.Claire);
        await world.InstitutionAsync("Commun");
        var shared = await world.InstitutionAsync("Partagé", with: d => d with { Tags = ["Commun"] });
        await world.OpportunityAsync(owner: world.Claire, institution: shared);
        await world.SaveAsync(db => db.Attach(west).Entity.Edit(west.Details() with { Tags = ["Secret"] }, world.Now()));
        world.As(world.Lea);
        var list = world.Get<InstitutionList>();

        var rows = await list.RowsAsync(ListQuery.Everything, ["name", "open-amount", "open-count"], 0, 50);

        Assert.Equal([("Commun", 0m, 0), ("Partagé", 0m, 0)], rows.Select(row => ((string)row.Values[0]!, (decimal)row.Values[1]!, (int)row.Values[2]!)));
        Assert.Equal(new ListCounts(2, 2), await list.CountAsync(ListQuery.Everything));
        Assert.Null(await list.RowAsync(west.Id, ["name"]));
        Assert.Equal(["Commun"], (await list.ChoicesAsync("tags")).Select(choice => choice.Label));
        Assert.DoesNotContain(west.Id, await list.IdsAsync(ListQuery.Everything));
        await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(west.Id, "city", "Nantes", "Lille"));
        var result = await list.ChangeAsync(ListSelection.Of([west.Id]), new BulkChange.Set("city", "Lille"));
        Assert.Equal((0, 1, null), (result.Changed, result.Failures.Count, result.Done.ChangeSetId));
    }

    [Fact]
    public async Task Cell_takes_a_value_through_the_record_s_own_rules()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var list = world.Get<InstitutionList>();

        await list.EditAsync(institution.Id, "beds-medicine", null, "1 250");
        await list.EditAsync(institution.Id, "next-audit", "", "15/12/2026");
        await list.EditAsync(institution.Id, "tags", "", "VIP, Bloc");
        var done = await list.EditAsync(institution.Id, "status", "ColdProspect", "Customer");
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(institution.Id, "beds-medicine", "1250", "beaucoup"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(institution.Id, "name", institution.Name, "  "));
        await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(institution.Id, "beds", "1250", "3"));

        var row = (await list.RowAsync(institution.Id, ["beds", "next-audit", "tags", "status", "name"]))!;
        Assert.Equal((1250, new DateOnly(2026, 12, 15), CustomerStatus.Customer, "CHU de Nantes"), ((int)row.Values[0]!, (DateOnly)row.Values[1]!, (CustomerStatus)row.Values[3]!, (string)row.Values[4]!));
        Assert.Equal(["Bloc", "VIP"], (IEnumerable<string>)row.Values[2]!);
        Assert.Equal("Ce n'est pas un nombre.", refusal.Message);
        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(CustomerStatus.ColdProspect, (await list.RowAsync(institution.Id, ["status"]))!.Values[0]);
    }

    [Fact]
    public async Task Two_people_on_the_same_cell_are_told_and_on_two_cells_both_win()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var list = world.Get<InstitutionList>();
        await list.EditAsync(institution.Id, "city", "Nantes", "Rezé");

        await list.EditAsync(institution.Id, "street", null, "1 place Alexis-Ricordeau");
        var conflict = await Assert.ThrowsAsync<EditConflictException>(() => list.EditAsync(institution.Id, "city", "Nantes", "Orvault"));

        Assert.Equal(("Rezé", "Orvault"), (Assert.Single(conflict.Conflicts).Theirs, conflict.Conflicts[0].Mine));
        var row = (await list.RowAsync(institution.Id, ["city", "street"]))!;
        Assert.Equal(["Rezé", "1 place Alexis-Ricordeau"], row.Values);
    }

    [Fact]
    public async Task Bulk_change_names_the_rows_that_refuse_and_is_one_undo()
    {
        await using var world = await TestWorld.CreateAsync();
        var ids = new List<Guid>();
        for (var n = 0; n < 130; n++)
        {
            ids.Add((await world.InstitutionAsync($"Clinique {n:000}", with: d => d with { LastAuditOn = n == 7 ? new DateOnly(2027, 6, 1) : null, Tags = ["A"] })).Id);
        }

        var list = world.Get<InstitutionList>();
        var steps = new List<BulkProgress>();
        var result = await list.ChangeAsync(ListSelection.All(ListQuery.Everything), new BulkChange.Set("next-audit", "2027-01-15"), new Steps(steps));
        await list.ChangeAsync(ListSelection.Of([ids[0], ids[1]]), new BulkChange.AddTags("tags", ["VIP", "a"]));
        await list.ChangeAsync(ListSelection.Of([ids[1]]), new BulkChange.RemoveTags("tags", ["vip"]));

        Assert.Equal((129, "Clinique 007", "Le prochain audit vient après le dernier."), (result.Changed, Assert.Single(result.Failures).Name, result.Failures[0].Reason.ToString()));
        Assert.Equal("Champ « Prochain audit » modifié sur 129 établissements", result.Done.Sentence);
        Assert.Equal([new(0, 130), new(100, 130), new(130, 130)], steps);
        await using var db = world.Open();
        Assert.Equal("Champ « Prochain audit » modifié sur une sélection de 130 établissements", (await db.ChangeSets.SingleAsync(set => set.Id == result.Done.ChangeSetId)).Sentence);
        Assert.Equal(1, await db.ChangeSets.CountAsync(set => set.Origin == ChangeOrigin.Bulk && set.Id == result.Done.ChangeSetId));
        Assert.Equal(129, await db.Institutions.CountAsync(institution => institution.NextAuditOn == new DateOnly(2027, 1, 15)));
        Assert.Equal(["A", "VIP"], (IEnumerable<string>)(await list.RowAsync(ids[0], ["tags"]))!.Values[0]!);
        Assert.Equal(["A"], (IEnumerable<string>)(await list.RowAsync(ids[1], ["tags"]))!.Values[0]!);

        await world.Get<Changes>().UndoAsync(result.Done.ChangeSetId!.Value);
        Assert.Equal(0, await db.Institutions.CountAsync(institution => institution.NextAuditOn != null));
    }

    [Fact]
    public async Task History_counts_the_rows_that_a_bulk_change_really_changed()
    {
        await using var world = await TestWorld.CreateAsync();
        var (a, b) = (await world.InstitutionAsync("A"), await world.InstitutionAsync("B", with: d => d with { LastAuditOn = new DateOnly(2027, 6, 1) }));

        var result = await world.Get<InstitutionList>().ChangeAsync(ListSelection.Of([a.Id, b.Id]), new BulkChange.Set("next-audit", "2027-01-15"));

        await using var db = world.Open();
        Assert.Equal("Champ « Prochain audit » modifié sur 1 établissement", (await db.ChangeSets.SingleAsync(set => set.Id == result.Done.ChangeSetId)).Sentence);
    }

    [Fact]
    public async Task A_new_owner_brings_the_record_into_their_team_and_clearing_the_owner_leaves_it_there()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("A", owner: world.Claire);
        var list = world.Get<InstitutionList>();

        await list.ChangeAsync(ListSelection.Of([institution.Id]), new BulkChange.Set("owner", world.Lea.Id.ToString()));
        Assert.Equal((world.Lea.Id, world.Lea.TeamId), await OwnerAsync());

        await list.ChangeAsync(ListSelection.Of([institution.Id]), new BulkChange.Set("owner", null));
        Assert.Equal((null, world.Lea.TeamId), await OwnerAsync());
        Assert.Equal(0, (await world.As(world.Claire).Get<InstitutionList>().CountAsync(ListQuery.Everything)).Total);

        async Task<(Guid?, Guid?)> OwnerAsync()
        {
            await using var db = world.Open();
            var now = await db.Institutions.SingleAsync();
            return (now.OwnerId, now.TeamId);
        }
    }

    [Fact]
    public async Task Row_that_the_database_refuses_is_left_out_and_the_others_are_changed()
    {
        await using var world = await TestWorld.CreateAsync();
        var (a, b) = (await world.InstitutionAsync("A"), await world.InstitutionAsync("B"));
        var list = world.Get<InstitutionList>();

        var result = await list.ChangeAsync(ListSelection.Of([a.Id, b.Id]), new BulkChange.Set("finess", "440000271"));

        Assert.Equal((1, "B"), (result.Changed, Assert.Single(result.Failures).Name));
    }

    [Fact]
    public async Task Deleted_selection_goes_to_the_bin_as_one_gesture()
    {
        await using var world = await TestWorld.CreateAsync();
        var (a, b, c) = (await world.InstitutionAsync("A"), await world.InstitutionAsync("B"), await world.InstitutionAsync("C"));
        await world.OpportunityAsync(institution: b);
        var list = world.Get<InstitutionList>();

        var result = await list.ChangeAsync(ListSelection.Of([a.Id, b.Id, c.Id]), new BulkChange.Delete());

        Assert.Equal(("2 établissements à la corbeille", "B"), (result.Done.Sentence, Assert.Single(result.Failures).Name));
        Assert.Equal([b.Id], await list.IdsAsync(ListQuery.Everything));
        Assert.NotNull(result.Done.ChangeSetId);
    }

    private sealed class Steps(List<BulkProgress> steps) : IProgress<BulkProgress>
    {
        public void Report(BulkProgress value) => steps.Add(value);
    }
}
