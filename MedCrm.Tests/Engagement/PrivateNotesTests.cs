using MedCrm.Core.Access;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Search;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Engagement;

/// <summary>What somebody wrote for themselves is found by them alone, by whatever way it is looked for.</summary>
public sealed class PrivateNotesTests
{
    private const string Secret = "zircone";

    [Theory]
    [InlineData("colleague")]
    [InlineData("manager")]
    [InlineData("administrator")]
    public async Task Others_find_a_private_note_nowhere(string who)
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var contact = await world.ContactAsync(hospital);
        var id = (await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Note(hospital) with { Sharing = Sharing.Private, ContactIds = [contact.Id], Tags = [Secret] })).RecordId;
        Assert.True(await FindsAsync(world, hospital.Id, contact.Id, id));

        world.As(who switch { "colleague" => world.Paul, "manager" => world.Manager, _ => world.Admin });

        Assert.False(await FindsAsync(world, hospital.Id, contact.Id, id));
    }

    [Fact]
    public async Task The_audit_tells_that_a_private_note_was_written_and_not_what_it_says()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var done = await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Note(hospital) with { Sharing = Sharing.Private, Tags = [Secret] });

        var (entry, _) = await world.As(world.Admin).Get<Histories>().OfGestureAsync(done.ChangeSetId!.Value);

        Assert.DoesNotContain(Secret, entry.Sentence, StringComparison.OrdinalIgnoreCase);
        var change = Assert.Single(entry.Changes);
        Assert.DoesNotContain(Secret, change.Name, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(change.Fields);
    }

    [Fact]
    public async Task In_the_bin_it_is_still_its_authors_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var id = (await activities.CreateAsync(ActivitiesTests.Note(hospital) with { Sharing = Sharing.Private })).RecordId;
        await activities.DeleteAsync(id);

        Assert.Contains((await world.Get<Bin>().PageAsync(null, null, 0, 50)).Rows, row => row.Id == id);
        Assert.DoesNotContain((await world.As(world.Admin).Get<Bin>().PageAsync(null, null, 0, 50)).Rows, row => row.Id == id);
    }

    // Feed of the institution and of the contact, list (which the export writes), palette, search, page.
    private static async Task<bool> FindsAsync(TestWorld world, Guid institutionId, Guid contactId, Guid id)
    {
        var list = world.Get<ActivityList>();
        var found = new[]
        {
            (await world.Get<Timelines>().PageAsync(TimelineSubject.Institution(institutionId), new TimelineFilter([]))).Entries.Any(entry => entry.Id == id),
            (await world.Get<Timelines>().PageAsync(TimelineSubject.Contact(contactId), new TimelineFilter([]))).Entries.Any(entry => entry.Id == id),
            (await world.Get<Timelines>().CountAsync(TimelineSubject.Institution(institutionId), new TimelineFilter([])))["note"] > 0,
            (await list.CountAsync(ListQuery.Parse("http://x/activities", list.Definition))).Total > 0,
            (await world.Get<Searches>().FindAsync(Secret)).Any(hit => hit.RecordId == id),
            (await world.Get<Activities>().OfInstitutionAsync(institutionId))!.Notes > 0,
            await world.Get<Activities>().FindAsync(id) is not null,
        };
        Assert.True(Array.TrueForAll(found, one => one) || Array.TrueForAll(found, one => !one), string.Join(',', found));
        return found[0];
    }
}
