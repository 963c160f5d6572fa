using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using MedCrm.Tests.Engagement;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Search;

public sealed class RecentsTests
{
    [Fact]
    public async Task The_last_one_opened_comes_first_each_once_and_eight_at_most()
    {
        await using var world = await TestWorld.CreateAsync();
        var recents = world.As(world.Claire).Get<Recents>();
        var opened = new List<Institution>();
        for (var i = 0; i < 10; i++)
        {
            opened.Add(await world.InstitutionAsync($"Clinique {i}"));
            await recents.KeepAsync(nameof(Institution), opened[i].Id);
        }

        await recents.KeepAsync(nameof(Institution), opened[4].Id);
        await recents.KeepAsync(nameof(Institution), opened[4].Id);

        Assert.Equal(new[] { 4, 9, 8, 7, 6, 5, 3, 2 }.Select(i => $"Clinique {i}"), (await recents.ListAsync()).Select(hit => hit.Text));
    }

    [Fact]
    public async Task Institutions_contacts_deals_and_activities_are_kept_together_and_nothing_else()
    {
        await using var world = await TestWorld.CreateAsync();
        var recents = world.As(world.Claire).Get<Recents>();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);
        var deal = await world.OpportunityAsync(institution: institution);
        var note = (await world.Get<Activities>().CreateAsync(ActivitiesTests.Note(institution))).RecordId;
        await recents.KeepAsync(nameof(Institution), institution.Id);
        await recents.KeepAsync(nameof(Contact), contact.Id);
        await recents.KeepAsync(nameof(Opportunity), deal.Id);
        await recents.KeepAsync(nameof(Activity), note);
        await recents.KeepAsync(nameof(FollowUpTask), (await world.TaskAsync()).Id);

        Assert.Equal(
            [(nameof(Activity), note), (nameof(Opportunity), deal.Id), (nameof(Contact), contact.Id), (nameof(Institution), institution.Id)],
            (await recents.ListAsync()).Select(hit => (hit.RecordType, hit.RecordId)));
        Assert.Equal(contact.Id, Assert.Single(await recents.ListAsync(nameof(Contact))).RecordId);
    }

    [Fact]
    public async Task What_went_to_the_bin_or_to_another_team_leaves_its_place_to_the_next()
    {
        await using var world = await TestWorld.CreateAsync();
        var recents = world.As(world.Claire).Get<Recents>();
        var kept = new List<Institution>();
        for (var i = 0; i < 10; i++)
        {
            kept.Add(await world.InstitutionAsync($"Clinique {i}", owner: world.Claire));
            await recents.KeepAsync(nameof(Institution), kept[i].Id);
        }

        await world.SaveAsync(db =>
        {
            db.Institutions.Single(i => i.Id == kept[9].Id).DeletedAt = world.Now();
            db.Institutions.Single(i => i.Id == kept[8].Id).AssignTo(world.Lea.Id, world.Lea.TeamId, world.Now());
        });

        Assert.Equal(new[] { 7, 6, 5, 4, 3, 2, 1, 0 }.Select(i => $"Clinique {i}"), (await recents.ListAsync()).Select(hit => hit.Text));
        await world.SaveAsync(db => db.Institutions.IgnoreQueryFilters().Single(i => i.Id == kept[9].Id).DeletedAt = null);
        Assert.Equal("Clinique 9", (await recents.ListAsync())[0].Text);
    }

    [Fact]
    public async Task A_note_that_became_private_is_no_longer_among_a_colleagues()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var note = (await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Note(institution))).RecordId;
        await world.As(world.Paul).Get<Recents>().KeepAsync(nameof(Activity), note);
        Assert.Single(await world.Get<Recents>().ListAsync());

        var form = await world.As(world.Claire).Get<Activities>().FindAsync(note);
        await world.Get<Activities>().EditAsync(note, form!.Details, form.Details with { Sharing = Sharing.Private });

        Assert.Empty(await world.As(world.Paul).Get<Recents>().ListAsync());
    }

    [Fact]
    public async Task Each_person_has_their_own_and_the_change_history_tells_nothing_of_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await using var db = world.Open();
        var before = await db.ChangeSets.CountAsync();

        await world.As(world.Claire).Get<Recents>().KeepAsync(nameof(Institution), institution.Id);
        await world.As(Actor.System).Get<Recents>().KeepAsync(nameof(Institution), institution.Id);

        Assert.Equal(before, await db.ChangeSets.CountAsync());
        Assert.Single(await world.As(world.Claire).Get<Recents>().ListAsync());
        Assert.Empty(await world.As(world.Paul).Get<Recents>().ListAsync());
        Assert.Empty(await world.As(Actor.System).Get<Recents>().ListAsync());
    }

    [Fact]
    public async Task Two_windows_of_one_person_lose_nothing_of_each_other()
    {
        await using var world = await TestWorld.CreateAsync();
        var recents = world.As(world.Claire).Get<Recents>();
        var opened = new List<Institution>();
        for (var i = 0; i < 8; i++)
        {
            opened.Add(await world.InstitutionAsync($"Clinique {i}"));
        }

        await Task.WhenAll(opened.Select(institution => Task.Run(() => recents.KeepAsync(nameof(Institution), institution.Id))));

        Assert.Equal(8, (await recents.ListAsync()).Count);
    }
}
