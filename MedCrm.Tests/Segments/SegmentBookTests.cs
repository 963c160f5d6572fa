using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Segments;
using MedCrm.Tests.Support;
using MedCrm.Web.Exports;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Segments;

public sealed class SegmentBookTests
{
    private static readonly SegmentGroup s_customers = SegmentGroup.All(new SegmentCondition(new ListFilter("status", FilterOperator.AnyOf, nameof(CustomerStatus.Customer))));

    [Fact]
    public async Task A_segment_is_its_owners_until_it_is_shared_and_changed_by_its_owner_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await CreateAsync(world.As(world.Claire));

        Assert.Equal((0, 0), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));
        await ShareAsync(ViewSharing.Team);
        Assert.Equal((1, 0), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));
        await ShareAsync(ViewSharing.All);
        Assert.Equal((1, 1), (await SeenByAsync(world.Paul), await SeenByAsync(world.Lea)));

        var seen = (await world.As(world.Paul).Get<SegmentBook>().FindAsync(id))!;
        Assert.Equal((false, "Claire Martin"), (seen.IsMine, seen.OwnerName));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<SegmentBook>().EditAsync(id, seen.Version, seen.Details));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<SegmentBook>().DeleteAsync(id));
        await ShareAsync(ViewSharing.Personal);
        Assert.Null(await world.As(world.Paul).Get<SegmentBook>().FindAsync(id));
        Assert.Null(await world.Get<SegmentBook>().CountAsync(id));
        Assert.Null(await world.Get<SegmentMoves>().WeekAsync(id));

        async Task ShareAsync(ViewSharing sharing)
        {
            var sheet = (await world.As(world.Claire).Get<SegmentBook>().FindAsync(id))!;
            await world.Get<SegmentBook>().EditAsync(id, sheet.Version, sheet.Details with { Sharing = sharing });
        }

        async Task<int> SeenByAsync(Actor actor) => (await world.As(actor).Get<SegmentBook>().ListAsync()).Count;
    }

    [Fact]
    public async Task Somebody_without_a_team_keeps_a_segment_to_themselves_or_gives_it_to_all()
    {
        await using var world = await TestWorld.CreateAsync();
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => CreateAsync(world.As(world.Admin), sharing: ViewSharing.Team));
        Assert.Equal("Vous n'êtes dans aucune équipe.", refusal.Message);
    }

    [Fact]
    public async Task The_second_of_two_windows_is_told_that_the_segment_has_moved_on()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await CreateAsync(world.As(world.Claire));
        var sheet = (await world.Get<SegmentBook>().FindAsync(id))!;
        await world.Get<SegmentBook>().EditAsync(id, sheet.Version, sheet.Details with { Name = "Clients fidèles" });
        await Assert.ThrowsAsync<StaleRecordException>(() => world.Get<SegmentBook>().EditAsync(id, sheet.Version, sheet.Details with { Name = "Autre" }));
    }

    [Fact]
    public async Task A_name_serves_once_and_a_copy_finds_its_own()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await CreateAsync(world.As(world.Claire), sharing: ViewSharing.All);
        Assert.Equal(nameof(Segment.Name), (await Assert.ThrowsAsync<BusinessRuleException>(() => CreateAsync(world))).Field);

        await world.Get<SegmentBook>().DuplicateAsync(id);
        await world.Get<SegmentBook>().DuplicateAsync(id);
        await world.As(world.Lea).Get<SegmentBook>().DuplicateAsync(id);

        var rows = await world.As(world.Claire).Get<SegmentBook>().ListAsync();
        Assert.Equal(["Clients", "Clients (copie)", "Clients (copie 2)"], rows.Select(row => row.Name));
        Assert.Equal(ViewSharing.Personal, rows[1].Sharing);
        Assert.Equal(["Clients (copie)", "Clients"], (await world.As(world.Lea).Get<SegmentBook>().ListAsync()).Select(row => row.Name));
    }

    [Fact]
    public async Task A_deleted_segment_comes_back_with_its_members()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(with: Customer);
        var id = await CreateAsync(world.As(world.Claire));
        await NightAsync(world);
        await NightAsync(world);

        var done = await world.As(world.Claire).Get<SegmentBook>().DeleteAsync(id);
        Assert.Empty(await world.Get<SegmentBook>().ListAsync());
        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);

        Assert.Equal(1, await world.Get<SegmentBook>().CountAsync(id));
        Assert.NotNull((await world.Get<SegmentMoves>().WeekAsync(id))!.Since);
        await world.Get<SegmentBook>().DeleteAsync(id);
        await NightAsync(world);
        await using var db = world.Open();
        Assert.Empty(await db.SegmentMembers.ToListAsync());
        Assert.Empty(await db.SegmentSnapshots.ToListAsync());
    }

    [Fact]
    public async Task Nights_tell_who_entered_and_who_left()
    {
        await using var world = await TestWorld.CreateAsync();
        world.Time.Advance(TimeSpan.FromDays(2));
        var (stays, leaves, comes) = (await world.InstitutionAsync("Reste", world.Claire, Customer), await world.InstitutionAsync("Part", world.Claire, Customer), await world.InstitutionAsync("Vient", world.Lea));
        var id = await CreateAsync(world.As(world.Claire), sharing: ViewSharing.All);
        Assert.Equal(new SegmentWeek(0, 0, null), await world.Get<SegmentMoves>().WeekAsync(id));

        // The first night sees who is there: nobody has entered.
        await NightAsync(world);
        var first = world.Get<BusinessClock>().Today;
        Assert.Equal(new SegmentWeek(0, 0, first), await WeekOfAsync(world.Admin));

        await StatusAsync(world, leaves, CustomerStatus.FormerCustomer);
        await StatusAsync(world, comes, CustomerStatus.Customer);
        Assert.Equal("Segments suivis : 1. Entrées : 1, sorties : 1.", await NightAsync(world));
        Assert.Equal(new SegmentWeek(1, 1, first), await WeekOfAsync(world.Admin));
        Assert.Equal(["Vient"], (await world.Get<SegmentMoves>().ListAsync(id, isEntry: true)).Select(move => move.Record.Name));
        Assert.Equal((first.AddDays(1), "Part"), (await world.Get<SegmentMoves>().ListAsync(id, isEntry: false)).Select(move => (move.On, move.Record.Name)).Single());

        // What another team keeps to itself is neither counted nor named.
        Assert.Equal(new SegmentWeek(0, 1, first), await WeekOfAsync(world.Claire));
        Assert.Equal(new SegmentWeek(1, 0, first), await WeekOfAsync(world.Lea));
        Assert.Empty(await world.As(world.Claire).Get<SegmentMoves>().ListAsync(id, isEntry: true));

        // The same day once more, with somebody who came and went in between.
        await StatusAsync(world, comes, CustomerStatus.HotProspect);
        await StatusAsync(world, leaves, CustomerStatus.Customer);
        await world.As(Actor.System).Get<SegmentMoves>().FollowAsync(world.Get<BusinessClock>().Today);
        Assert.Equal(new SegmentWeek(0, 0, first), await WeekOfAsync(world.Admin));

        await NightAsync(world);
        Assert.Equal(new SegmentWeek(0, 0, first), await WeekOfAsync(world.Admin));
        await StatusAsync(world, stays, CustomerStatus.HotProspect);
        await NightAsync(world);
        Assert.Equal(new SegmentWeek(0, 1, first), await WeekOfAsync(world.Admin));

        // Another week begins on Monday.
        world.Time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(new SegmentWeek(0, 0, first), await WeekOfAsync(world.Admin));

        async Task<SegmentWeek?> WeekOfAsync(Actor actor) => await world.As(actor).Get<SegmentMoves>().WeekAsync(id);
    }

    [Fact]
    public async Task Other_conditions_start_the_follow_up_again()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(with: Customer);
        await world.InstitutionAsync("Prospect");
        var id = await CreateAsync(world.As(world.Claire));
        await NightAsync(world);
        var sheet = (await world.As(world.Claire).Get<SegmentBook>().FindAsync(id))!;
        await world.Get<SegmentBook>().EditAsync(id, sheet.Version, sheet.Details with { Conditions = SegmentGroup.Everything });
        Assert.Null((await world.Get<SegmentMoves>().WeekAsync(id))!.Since);

        Assert.Equal("Segments suivis : 1. Entrées : 0, sorties : 0.", await NightAsync(world));
        Assert.Equal(new SegmentWeek(0, 0, world.Get<BusinessClock>().Today), await world.As(world.Claire).Get<SegmentMoves>().WeekAsync(id));
        await using var db = world.Open();
        Assert.Equal(2, await db.SegmentMembers.CountAsync());
    }

    [Fact]
    public async Task Moi_is_whoever_looks_and_the_owner_for_the_night()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(owner: world.Claire);
        await world.InstitutionAsync(owner: world.Lea);
        await world.InstitutionAsync(owner: world.Lea);
        var mine = SegmentGroup.All(new SegmentCondition(new ListFilter("owner", FilterOperator.AnyOf, ListFilter.Me)));
        var id = await CreateAsync(world.As(world.Claire), sharing: ViewSharing.All, conditions: mine);

        Assert.Equal(1, await world.As(world.Claire).Get<SegmentBook>().CountAsync(id));
        Assert.Equal(2, await world.As(world.Lea).Get<SegmentBook>().CountAsync(id));
        await NightAsync(world);
        await using var db = world.Open();
        Assert.Equal(1, await db.SegmentMembers.CountAsync());
    }

    [Fact]
    public async Task Nights_take_short_turns_of_writing()
    {
        await using var world = await TestWorld.CreateAsync();
        await CreateAsync(world.As(world.Claire), conditions: SegmentGroup.Everything);
        var turns = 0;
        world.Get<WriteGate>().TurnEnded += _ => turns++;
        await NightAsync(world);
        var withNobody = turns;
        await world.SaveAsync(db => db.Institutions.AddRange(Enumerable.Range(0, 1_300).Select(number => new Institution(new InstitutionDetails { Name = $"Hôpital {number}" }, world.Now()))));

        turns = 0;
        Assert.Equal("Segments suivis : 1. Entrées : 1300, sorties : 0.", await NightAsync(world));

        // Three for those who enter, and none to start again.
        Assert.Equal(withNobody + 2, turns);
    }

    [Fact]
    public async Task A_list_filtered_on_a_segment_and_its_export_hold_the_members_alone()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        var (nantes, vertou) = (await world.InstitutionAsync("Nantes", world.Claire, Customer), await world.InstitutionAsync("Vertou", world.Claire, details => Customer(details) with { City = "Vertou" }));
        await world.InstitutionAsync("Prospect", world.Claire);
        await world.InstitutionAsync("De Léa", world.Lea, Customer);
        var id = await CreateAsync(world.As(world.Claire));

        Assert.Equal([nantes.Id, vertou.Id], await IdsAsync($"segment={id}"));
        Assert.Equal([vertou.Id], await IdsAsync($"segment={id}&city=~vert"));
        Assert.Equal(["Prospect"], (await RowsAsync($"segment=!{id}")).Select(row => row.Values[0]));
        Assert.Equal(2, (await world.Get<InstitutionList>().CountAsync(Query($"segment={id}"))).Matching);
        var bulk = await world.Get<InstitutionList>().ChangeAsync(ListSelection.All(Query($"segment={id}")), new BulkChange.AddTags("tags", ["Vu"]));
        Assert.Equal(2, bulk.Changed);

        var list = world.Get<InstitutionList>();
        await using var workbook = await world.Get<ListExport>().WriteAsync(list, Query($"segment={id}&cols=name&sort=name"), null, CancellationToken.None);
        Assert.Equal(["Nantes", "Vertou"], ImportTable.Open(workbook).Rows.Select(row => row.Cells[0]));

        // What the night found stands in the cell.
        await NightAsync(world);
        Assert.Equal("Clients", ((NamedId)(await world.As(world.Claire).Get<InstitutionList>().RowAsync(nantes.Id, ["segment"]))!.Values[0]!).Name);
        Assert.Null((await world.As(world.Paul).Get<InstitutionList>().RowAsync(nantes.Id, ["segment"]))!.Values[0]);

        ListQuery Query(string address) => ListQuery.Parse(address, world.Get<InstitutionList>().Definition);

        Task<IReadOnlyList<Guid>> IdsAsync(string address) => world.Get<InstitutionList>().IdsAsync(Query(address));

        Task<IReadOnlyList<ListRow>> RowsAsync(string address) => world.Get<InstitutionList>().RowsAsync(Query(address), ["name"], 0, 10);
    }

    [Fact]
    public async Task A_segment_out_of_reach_is_left_aside_and_one_to_be_corrected_holds_nobody()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Nantes", with: Customer);
        await world.InstitutionAsync("Prospect");
        var hidden = await CreateAsync(world.As(world.Lea));
        var contacts = await CreateAsync(world.As(world.Claire), SegmentSubject.Contact, conditions: SegmentGroup.Everything, name: "Contacts");
        var broken = await CreateAsync(world);
        await using (var db = world.Open())
        {
            await db.Segments.Where(segment => segment.Id == broken).ExecuteUpdateAsync(set => set.SetProperty(segment => segment.Conditions, "{oups"));
        }

        Assert.Equal((2, 2, 2, 0, 2), (await CountAsync($"{hidden}"), await CountAsync($"!{hidden}"), await CountAsync($"{contacts}"), await CountAsync($"{broken}"), await CountAsync($"!{broken}")));
        var notices = await world.As(world.Claire).Get<SegmentBook>().NoticesAsync(SegmentSubject.Institution, [hidden, broken]);
        Assert.Equal([new SegmentNotice(hidden, null), new SegmentNotice(broken, "Clients")], notices);
        Assert.False((await world.Get<SegmentBook>().ListAsync()).Single(row => row.Id == broken).IsSound);
        Assert.Null((await world.Get<SegmentBook>().PreviewAsync(SegmentSubject.Institution, (await world.Get<SegmentBook>().FindAsync(broken))!.Details.Conditions)).Count);
        Assert.Equal("Segments suivis : 2. Entrées : 0, sorties : 0.", await NightAsync(world));

        async Task<int> CountAsync(string filter)
        {
            var list = world.As(world.Claire).Get<InstitutionList>();
            return (await list.CountAsync(ListQuery.Parse($"segment={filter}", list.Definition))).Matching;
        }
    }

    [Fact]
    public async Task A_filtered_list_becomes_a_segment_that_gathers_the_same()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Nantes", with: Customer);
        await world.InstitutionAsync("Vertou", with: details => Customer(details) with { City = "Vertou" });
        await world.InstitutionAsync("Prospect");
        var id = await CreateAsync(world.As(world.Claire));
        var list = world.Get<InstitutionList>();

        foreach (var (address, expected) in new[] { ($"segment={id}&city=~nantes", 1), ($"segment=!{id}", 1), ("status=Customer", 2), ($"segment={Guid.NewGuid()}", 3) })
        {
            var query = ListQuery.Parse(address, list.Definition);
            var conditions = await world.Get<SegmentBook>().FromListAsync(SegmentSubject.Institution, query);
            Assert.Equal(expected, (await list.CountAsync(query)).Matching);
            Assert.Equal(expected, (await world.Get<SegmentBook>().PreviewAsync(SegmentSubject.Institution, conditions)).Count);
        }
    }

    private static InstitutionDetails Customer(InstitutionDetails details) => details with { Status = CustomerStatus.Customer };

    private static async Task<Guid> CreateAsync(TestWorld world, SegmentSubject subject = SegmentSubject.Institution, ViewSharing sharing = ViewSharing.Personal, SegmentGroup? conditions = null, string name = "Clients")
        => (await world.Get<SegmentBook>().CreateAsync(new SegmentDetails { Name = name, Subject = subject, Sharing = sharing, Conditions = conditions ?? s_customers })).RecordId;

    private static async Task StatusAsync(TestWorld world, Institution institution, CustomerStatus status)
        => await world.SaveAsync(db =>
        {
            var record = db.Institutions.Single(candidate => candidate.Id == institution.Id);
            record.Edit(record.Details() with { Status = status }, world.Now());
        });

    private static async Task<string> NightAsync(TestWorld world)
    {
        world.Time.Advance(TimeSpan.FromDays(1));
        var result = await world.Get<JobRunner>().RunAsync(Schedule.Find("segments")!, world.Get<BusinessClock>().Today);
        Assert.Equal(JobEnd.Done, result.End);
        return result.Sentence;
    }
}
