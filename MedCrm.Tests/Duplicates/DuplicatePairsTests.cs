using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Duplicates;

public sealed class DuplicatePairsTests
{
    [Fact]
    public async Task A_search_finds_the_pairs_planted_among_thousands_and_holds_nobody_up()
    {
        await using var world = await TestWorld.CreateAsync();
        Assert.Equal(0, await world.Get<IEnumerable<IConsoleCommand>>().Single(command => command.Name == "seed").RunAsync(["--scale", "0.05"], TextWriter.Null, CancellationToken.None));
        var planted = new List<(Guid, Guid)>();
        await using (var db = world.Open())
        {
            foreach (var institution in await db.Institutions.OrderBy(institution => institution.Id).Take(10).ToListAsync())
            {
                var twin = await world.InstitutionAsync(institution.Name.ToUpperInvariant(), with: _ => new InstitutionDetails { Name = institution.Name.ToUpperInvariant(), City = institution.City, Phone = institution.Phone });
                planted.Add(DuplicatePair.Ordered(institution.Id, twin.Id));
            }

            foreach (var contact in await db.Contacts.OrderBy(contact => contact.Id).Take(10).ToListAsync())
            {
                var twin = new Contact(new ContactDetails { FirstName = contact.LastName, LastName = contact.FirstName!, Mobile = contact.Mobile }, world.Now());
                await world.SaveAsync(d => d.Contacts.Add(twin));
                planted.Add(DuplicatePair.Ordered(contact.Id, twin.Id));
            }
        }

        var longest = TimeSpan.Zero;
        world.Get<WriteGate>().TurnEnded += turn => longest = turn > longest ? turn : longest;
        var sentence = await world.As(world.Claire).Get<DuplicatePairs>().SearchNowAsync();

        await using var reading = world.Open();
        var pairs = await reading.DuplicatePairs.ToListAsync();
        Assert.All(planted, pair => Assert.Contains(pairs, found => (found.AId, found.BId) == pair && found.Score >= 80));
        Assert.InRange(pairs.Count, 20, 400);
        Assert.StartsWith("Doublons probables à traiter :", sentence, StringComparison.Ordinal);
        Assert.True(longest < TimeSpan.FromMilliseconds(500), $"{longest.TotalMilliseconds:F0} ms");
    }

    [Fact]
    public async Task Dismissed_pairs_do_not_come_back_also_when_one_of_the_two_is_merged_into_another()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, two) = await TwinsAsync(world);
        var pairs = world.As(world.Claire).Get<DuplicatePairs>();
        await SearchAsync(world);
        var pair = Assert.Single((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);
        await pairs.DismissAsync(pair.Id);
        await pairs.ExplainAsync(pair.Id, "Deux sites");

        await SearchAsync(world);
        Assert.Empty((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);
        var dismissed = Assert.Single((await pairs.PageAsync(nameof(Institution), PairState.Dismissed, 0, 10)).Rows);
        Assert.Equal(("Claire Martin", "Deux sites"), (dismissed.DismissedBy, dismissed.Why));
        Assert.Empty(await world.Get<Twins>().OfInstitutionAsync(one.Details(), one.Id));

        // A third takes the place of the second: what was said of the two holds for it.
        var third = await world.InstitutionAsync("Clinique Jules-Verne", with: details => details with { City = "Rezé", Postcode = "44400" });
        var merges = world.Get<Merges>();
        await merges.MergeAsync(MergesTests.OrderOf(await merges.PrepareAsync(nameof(Institution), [two.Id, third.Id], third.Id), (nameof(InstitutionDetails.Name), two.Id), (nameof(InstitutionDetails.City), two.Id), (nameof(InstitutionDetails.Postcode), two.Id)));
        await SearchAsync(world);
        Assert.Empty((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);
    }

    [Fact]
    public async Task A_dismissal_is_a_gesture_that_can_be_taken_back_or_changed_later()
    {
        await using var world = await TestWorld.CreateAsync();
        await TwinsAsync(world);
        var pairs = world.As(world.Claire).Get<DuplicatePairs>();
        await SearchAsync(world);
        var pair = Assert.Single((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);

        var done = await pairs.DismissAsync(pair.Id);
        Assert.Equal("« Centre hospitalier Saint-Joseph » et « CH Saint-Joseph » : pas un doublon", done.Sentence);
        Assert.Equal("Cette paire est déjà écartée.", (await Assert.ThrowsAsync<BusinessRuleException>(() => pairs.DismissAsync(pair.Id))).Message);
        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Single((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);

        await pairs.DismissAsync(pair.Id);
        await pairs.ReopenAsync(pair.Id);
        var open = Assert.Single((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows);
        Assert.Equal((null, null), (open.DismissedBy, open.DismissedAt));
    }

    [Fact]
    public async Task A_pair_is_seen_by_who_sees_both_records()
    {
        await using var world = await TestWorld.CreateAsync();
        var (ours, _) = await TwinsAsync(world, world.Claire, world.Lea);
        var pairs = world.As(world.Admin).Get<DuplicatePairs>();
        await SearchAsync(world);

        Assert.Equal((1, 1), ((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Total, (await pairs.CountAsync()).Institutions));
        var pair = (await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Rows[0];
        foreach (var actor in new[] { world.Claire, world.Lea })
        {
            world.As(actor);
            Assert.Equal((0, 0), ((await pairs.PageAsync(nameof(Institution), PairState.Open, 0, 10)).Total, (await pairs.CountAsync()).Institutions));
            await Assert.ThrowsAsync<BusinessRuleException>(() => pairs.DismissAsync(pair.Id));
        }

        Assert.Empty(await world.As(world.Lea).Get<Twins>().OfInstitutionAsync(ours.Details() with { City = "Nantes" }, Guid.NewGuid()) is { } told ? told.Where(twin => twin.Id == ours.Id) : []);
    }

    [Fact]
    public async Task A_pair_that_no_longer_looks_alike_leaves_and_merged_ones_do_not_wait()
    {
        await using var world = await TestWorld.CreateAsync();
        var (one, two) = await TwinsAsync(world);
        var pairs = world.As(world.Claire).Get<DuplicatePairs>();
        await SearchAsync(world);
        var edited = await world.EditAsync(world.Claire, two, details => details with { Name = "Clinique Jules-Verne", Phone = null });
        Assert.Equal("Aucun doublon probable.", await SearchAsync(world));
        await world.Get<Changes>().UndoAsync(edited);
        await SearchAsync(world);

        var merges = world.Get<Merges>();
        var done = await merges.MergeAsync(MergesTests.OrderOf(await merges.PrepareAsync(nameof(Institution), [one.Id, two.Id])));
        await SearchAsync(world);
        Assert.Equal(0, (await pairs.CountAsync()).Institutions);
        await merges.UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(1, (await pairs.CountAsync()).Institutions);
    }

    [Fact]
    public async Task The_nightly_job_searches_and_two_searches_at_once_are_one()
    {
        await using var world = await TestWorld.CreateAsync();
        await TwinsAsync(world);

        var result = await world.Get<JobRunner>().RunByHandAsync(Schedule.Duplicates);

        Assert.Equal((JobEnd.Done, "Doublons probables à traiter : 1, dont nouveaux : 1."), (result.End, result.Sentence));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Doublons probables à traiter : 1, aucun nouveau.", (await world.Get<JobRunner>().RunByHandAsync(Schedule.Duplicates)).Sentence);
        Assert.NotNull((await world.As(world.Claire).Get<DuplicatePairs>().CountAsync()).SearchedAt);
    }

    [Fact]
    public async Task Twins_of_what_is_typed_are_told_by_name_telephone_mailbox_and_number()
    {
        await using var world = await TestWorld.CreateAsync();
        var twins = world.As(world.Claire).Get<Twins>();
        var contacts = world.Get<Contacts>();
        var helene = await contacts.CreateAsync(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "helene@chu.test", Mobile = "0639981234", Rpps = "99900000003", JobTitle = "Cadre" });
        await contacts.CreateAsync(new ContactDetails { FirstName = "Hélène", LastName = "Renaud Dupuis" });

        Assert.Equal((helene.RecordId, TwinSigns.SameName, "Cadre"), await TwinAsync(new ContactDetails { FirstName = "HELENE", LastName = "renaud" }));
        Assert.Equal((helene.RecordId, TwinSigns.SameEmail, "Cadre"), await TwinAsync(new ContactDetails { LastName = "Autre", Email = " Helene@chu.test" }));
        Assert.Equal((helene.RecordId, TwinSigns.SamePhone | TwinSigns.CloseNames, "Cadre"), await TwinAsync(new ContactDetails { LastName = "Renault", Phone = "06 39 98 12 34" }));
        Assert.Equal((helene.RecordId, TwinSigns.SameRpps, "Cadre"), await TwinAsync(new ContactDetails { LastName = "Autre", Rpps = "899900000003" }));
        Assert.Empty(await twins.OfContactAsync(new ContactDetails { FirstName = "Paul", LastName = "Renaud" }));
        Assert.Empty(await twins.OfContactAsync(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "helene@chu.test" }, self: helene.RecordId));

        var institution = await world.InstitutionAsync("Centre hospitalier Saint-Joseph", with: details => details with { Phone = "0240083333" });
        Assert.Equal(institution.Id, Assert.Single(await twins.OfInstitutionAsync(new InstitutionDetails { Name = "CH St Joseph" })).Id);
        Assert.Equal(institution.Id, Assert.Single(await twins.OfInstitutionAsync(new InstitutionDetails { Name = "Hopital saint josef", City = "NANTES" })).Id);
        Assert.Equal(TwinSigns.SamePhone, Assert.Single(await twins.OfInstitutionAsync(new InstitutionDetails { Name = "", Phone = "02 40 08 33 33" })).Signs);
        Assert.Empty(await twins.OfInstitutionAsync(new InstitutionDetails { Name = "Clinique \"NEAR(\" * OR", City = "' \" (" }));

        async Task<(Guid, TwinSigns, string?)> TwinAsync(ContactDetails details)
        {
            var twin = Assert.Single(await twins.OfContactAsync(details));
            return (twin.Id, twin.Signs, twin.Detail);
        }
    }

    // A search by hand is known by its moment, and the clock of a test stands still.
    private static async Task<string> SearchAsync(TestWorld world)
    {
        world.Time.Advance(TimeSpan.FromSeconds(1));
        return await world.Get<DuplicatePairs>().SearchNowAsync();
    }

    private static async Task<(Institution One, Institution Two)> TwinsAsync(TestWorld world, Core.Access.Actor? owner = null, Core.Access.Actor? otherOwner = null)
        => (await world.InstitutionAsync("Centre hospitalier Saint-Joseph", owner), await world.InstitutionAsync("CH Saint-Joseph", otherOwner));
}
