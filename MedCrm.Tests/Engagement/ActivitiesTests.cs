using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Engagement;

public sealed class ActivitiesTests
{
    [Fact]
    public async Task A_new_call_knows_its_deal_institution_and_contact()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var contact = await world.ContactAsync(hospital);
        var deal = await world.OpportunityAsync(institution: hospital, with: details => details with { ContactId = contact.Id });

        var sheet = await world.As(world.Claire).Get<Activities>().NewAsync(ActivityKind.Call, opportunityId: deal.Id);

        Assert.Equal((hospital.Id, deal.Id, world.Claire.Id), (sheet.Details.InstitutionId!.Value, sheet.Details.OpportunityId!.Value, sheet.Details.OwnerId!.Value));
        Assert.Equal([contact.Id], sheet.Details.ContactIds);
        Assert.Equal("Hélène Renaud", Assert.Single(sheet.Contacts).Name);
    }

    [Fact]
    public async Task A_contact_brings_the_institution_where_they_work()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var contact = await world.ContactAsync(hospital);

        var done = await world.As(world.Claire).Get<Activities>().CreateAsync(Call(world) with { ContactIds = [contact.Id] });

        Assert.Equal(hospital.Id, (await SavedAsync(world, done.RecordId)).InstitutionId);
    }

    [Fact]
    public async Task A_call_touches_its_deal_plans_the_next_step_and_comes_back_in_one_gesture()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(3));

        var done = await world.As(world.Claire).Get<Activities>().CreateAsync(Call(world) with { OpportunityId = deal.Id, Result = "Intéressée" }, new NextStep("Envoyer le devis", new DateOnly(2026, 12, 1)));

        Assert.Equal("Appel « Point sur l'offre » noté, suite : « Envoyer le devis » le 01/12/2026", done.Sentence);
        await using (var db = world.Open())
        {
            var task = await db.FollowUpTasks.SingleAsync();
            Assert.Equal(("Envoyer le devis", new DateOnly(2026, 12, 1), deal.Id, deal.InstitutionId), (task.Title, task.DueOn!.Value, task.OpportunityId!.Value, task.InstitutionId!.Value));
            Assert.Equal(world.Now(), (await db.Opportunities.SingleAsync(o => o.Id == deal.Id)).LastInteractionAt);
            Assert.Equal(deal.InstitutionId, (await db.Activities.SingleAsync()).InstitutionId);
        }

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        await using (var db = world.Open())
        {
            Assert.False(await db.Activities.AnyAsync());
            Assert.False(await db.FollowUpTasks.AnyAsync());
        }
    }

    [Fact]
    public async Task A_missed_call_is_no_contact_and_leaves_the_deal_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        var before = deal.LastInteractionAt;
        world.Time.Advance(TimeSpan.FromDays(3));

        await world.As(world.Claire).Get<Activities>().CreateAsync(Call(world) with { OpportunityId = deal.Id, Direction = CallDirection.Missed });

        await using var db = world.Open();
        Assert.Equal(before, (await db.Opportunities.SingleAsync()).LastInteractionAt);
        Assert.Null((await world.Get<Institutions>().GetAsync(deal.InstitutionId))!.LastContact);
    }

    [Fact]
    public async Task The_last_contact_of_an_institution_is_its_last_call_or_meeting_held()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var call = await activities.CreateAsync(Call(world) with { InstitutionId = hospital.Id, At = world.Now().AddDays(-4) });
        await activities.CreateAsync(Note(hospital) with { At = world.Now() });
        var meeting = await activities.CreateAsync(Meeting(hospital) with { At = world.Now().AddDays(-1) });

        Assert.Equal(call.RecordId, (await world.Get<Institutions>().GetAsync(hospital.Id))!.LastContact!.ActivityId);
        await activities.SettleAsync(meeting.RecordId, MeetingStatus.Held);
        Assert.Equal(meeting.RecordId, (await world.Get<Institutions>().GetAsync(hospital.Id))!.LastContact!.ActivityId);
    }

    [Fact]
    public async Task A_note_without_a_title_takes_its_first_line()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var done = await world.As(world.Claire).Get<Activities>().CreateAsync(Note(hospital) with { Text = "\n## **Budget** 2027\nVoté en mars." });
        Assert.Equal("Budget 2027", (await SavedAsync(world, done.RecordId)).Subject);
    }

    [Theory]
    [InlineData(ActivityKind.Call, null, nameof(ActivityDetails.Subject))]
    [InlineData(ActivityKind.Note, null, nameof(ActivityDetails.Text))]
    public async Task What_says_nothing_is_refused_beside_its_field(ActivityKind kind, string? text, string field)
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = kind, At = world.Now(), InstitutionId = hospital.Id, Text = text }));
        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public async Task A_call_to_come_is_refused_and_so_is_one_about_nobody()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        Assert.Equal(nameof(ActivityDetails.At), (await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Call(world) with { InstitutionId = hospital.Id, At = world.Now().AddDays(1) }))).Field);
        Assert.Equal(nameof(ActivityDetails.InstitutionId), (await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Call(world)))).Field);
    }

    [Fact]
    public async Task A_colleague_named_in_a_note_hears_of_it_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();

        var done = await activities.CreateAsync(Note(hospital) with { Text = "À voir avec @Paul Bernard, merci. claire@paul.fr" });
        var seen = (await activities.FindAsync(done.RecordId))!.Details;
        await activities.EditAsync(done.RecordId, seen, seen with { Text = seen.Text + " Bientôt @paul bernard." });

        await using var db = world.Open();
        var line = await db.Notifications.SingleAsync();
        Assert.Equal((world.Paul.Id, Activity.LinkTo(done.RecordId)), (line.UserId, line.Link));
        Assert.StartsWith("Claire Martin vous cite", line.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_of_what_they_could_not_read()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var activities = world.As(world.Claire).Get<Activities>();

        var closed = await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Note(hospital) with { Text = "@Paul Bernard", Sharing = Sharing.Private }));
        var foreign = await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Note(hospital) with { Text = "@Léa Dubois" }));

        Assert.Equal((nameof(Activity.Text), nameof(Activity.Text)), (closed.Field, foreign.Field));
        Assert.Equal("Une note privée ne prévient personne : partagez-la, ou retirez « @Paul Bernard ».", closed.Message);
        await using var db = world.Open();
        Assert.False(await db.Notifications.AnyAsync() || await db.Activities.AnyAsync());
    }

    [Theory]
    [InlineData(Sharing.Everyone, true, true)]
    [InlineData(Sharing.Team, true, true)]
    [InlineData(Sharing.Private, false, false)]
    public async Task Sharing_says_who_else_reads(Sharing sharing, bool colleague, bool administrator)
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var id = (await world.As(world.Claire).Get<Activities>().CreateAsync(Note(hospital) with { Sharing = sharing })).RecordId;

        Assert.NotNull(await world.As(world.Claire).Get<Activities>().FindAsync(id));
        Assert.Equal(colleague, await world.As(world.Paul).Get<Activities>().FindAsync(id) is not null);
        Assert.Equal(administrator, await world.As(world.Admin).Get<Activities>().FindAsync(id) is not null);
        Assert.Null(await world.As(world.Lea).Get<Activities>().FindAsync(id));
    }

    [Fact]
    public async Task A_shared_note_follows_its_institution_and_a_team_note_does_not()
    {
        await using var world = await TestWorld.CreateAsync();
        var common = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var shared = (await activities.CreateAsync(Note(common))).RecordId;
        var team = (await activities.CreateAsync(Note(common) with { Sharing = Sharing.Team })).RecordId;

        world.As(world.Lea);
        Assert.NotNull(await activities.FindAsync(shared));
        Assert.Null(await activities.FindAsync(team));
    }

    [Fact]
    public async Task Without_an_institution_a_shared_note_follows_its_contacts_and_a_team_note_does_not()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await world.ContactAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var note = new ActivityDetails { Kind = ActivityKind.Note, Subject = "Note", Text = "Note", At = world.Now(), ContactIds = [contact.Id] };
        var shared = (await activities.CreateAsync(note)).RecordId;
        var team = (await activities.CreateAsync(note with { Sharing = Sharing.Team })).RecordId;

        world.As(world.Lea);
        Assert.NotNull(await activities.FindAsync(shared));
        Assert.Null(await activities.FindAsync(team));
    }

    [Fact]
    public async Task A_colleague_who_takes_part_reads_even_a_private_meeting()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var id = (await world.As(world.Claire).Get<Activities>().CreateAsync(Meeting(hospital) with { Sharing = Sharing.Private, ColleagueIds = [world.Lea.Id!.Value] })).RecordId;
        Assert.NotNull(await world.As(world.Lea).Get<Activities>().FindAsync(id));
        Assert.Null(await world.As(world.Paul).Get<Activities>().FindAsync(id));
    }

    [Fact]
    public async Task A_guest_from_another_team_completes_a_meeting_and_neither_hides_nor_removes_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        var activities = world.As(world.Claire).Get<Activities>();
        var id = (await activities.CreateAsync(Meeting(hospital) with { ColleagueIds = [world.Lea.Id!.Value] })).RecordId;

        world.As(world.Lea);
        var seen = (await activities.FindAsync(id))!.Details;
        await activities.EditAsync(id, seen, seen with { Place = "Salle 4" });
        await Assert.ThrowsAsync<BusinessRuleException>(() => activities.EditAsync(id, seen, seen with { Sharing = Sharing.Private }));
        await Assert.ThrowsAsync<BusinessRuleException>(() => activities.DeleteAsync(id));
        await world.As(world.Paul).Get<Activities>().DeleteAsync(id);
    }

    [Fact]
    public async Task A_guest_from_another_team_can_be_named_in_the_minutes()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        await world.As(world.Claire).Get<Activities>().CreateAsync(Meeting(hospital) with { ColleagueIds = [world.Lea.Id!.Value], Text = "@Léa Dubois rappelle" });
        await using var db = world.Open();
        Assert.Equal(world.Lea.Id, (await db.Notifications.SingleAsync()).UserId);
    }

    [Fact]
    public async Task A_private_call_leaves_no_trace_on_its_deal_and_a_meeting_is_not_held_before_its_hour()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(2));
        var activities = world.As(world.Claire).Get<Activities>();
        await activities.CreateAsync(Call(world) with { OpportunityId = deal.Id, Sharing = Sharing.Private });
        await using (var db = world.Open())
        {
            Assert.Equal(deal.LastInteractionAt, (await db.Opportunities.SingleAsync()).LastInteractionAt);
        }

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Call(world) with { Kind = ActivityKind.Meeting, OpportunityId = deal.Id, At = world.Now().AddHours(1), Status = MeetingStatus.Held }));
        Assert.Equal(nameof(Activity.Status), refusal.Field);
        var other = await world.InstitutionAsync("Ailleurs");
        Assert.Equal(nameof(ActivityDetails.OpportunityId), (await Assert.ThrowsAsync<BusinessRuleException>(() => activities.CreateAsync(Call(world) with { OpportunityId = deal.Id, InstitutionId = other.Id }))).Field);
    }

    [Fact]
    public async Task A_meeting_moved_or_made_longer_counts_for_invitations_and_a_new_subject_does_not()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var id = (await activities.CreateAsync(Meeting(hospital))).RecordId;
        Assert.Equal(0, (await SavedAsync(world, id)).Sequence);

        await activities.RescheduleAsync(id, world.Now().AddDays(2), 90);
        var seen = (await activities.FindAsync(id))!.Details;
        await activities.EditAsync(id, seen, seen with { Subject = "Autre objet" });

        var saved = await SavedAsync(world, id);
        Assert.Equal((1, 90, world.Now().AddDays(2), "Autre objet"), (saved.Sequence, saved.DurationMinutes!.Value, saved.At, saved.Subject));
    }

    [Fact]
    public async Task A_cancelled_meeting_and_a_call_do_not_move()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var meeting = (await activities.CreateAsync(Meeting(hospital))).RecordId;
        await activities.SettleAsync(meeting, MeetingStatus.Cancelled);
        var call = (await activities.CreateAsync(Call(world) with { InstitutionId = hospital.Id })).RecordId;

        await Assert.ThrowsAsync<BusinessRuleException>(() => activities.RescheduleAsync(meeting, world.Now().AddDays(2), 30));
        await Assert.ThrowsAsync<BusinessRuleException>(() => activities.RescheduleAsync(call, world.Now().AddDays(2), 30));
    }

    [Fact]
    public async Task The_board_counts_and_shows_what_comes_what_waits_for_an_answer_and_what_was_last()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        await activities.CreateAsync(Call(world) with { InstitutionId = hospital.Id });
        var next = await activities.CreateAsync(Meeting(hospital) with { At = world.Now().AddDays(1) });
        var past = await activities.CreateAsync(Meeting(hospital) with { At = world.Now().AddDays(-1) });
        await activities.CreateAsync(Note(hospital));
        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id });

        var board = (await activities.OfInstitutionAsync(hospital.Id))!;

        Assert.Equal((1, 2, 1, 1, 1, 1), (board.Calls, board.Meetings, board.Notes, board.Tasks, board.UpcomingMeetings, board.OpenTasks));
        Assert.Equal(next.RecordId, Assert.Single(board.Upcoming).Id);
        Assert.Equal(past.RecordId, Assert.Single(board.ToConfirm).Id);
        Assert.Single(board.LastCalls);
        Assert.Single(board.LastNotes);
        Assert.Single(board.ToDo);
    }

    [Fact]
    public async Task Two_people_editing_different_fields_both_keep_what_they_typed()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var id = (await activities.CreateAsync(Meeting(hospital))).RecordId;
        var seen = (await activities.FindAsync(id))!.Details;

        await activities.EditAsync(id, seen, seen with { Place = "Salle 2" });
        await world.As(world.Paul).Get<Activities>().EditAsync(id, seen, seen with { Agenda = "Prix" });

        var saved = await SavedAsync(world, id);
        Assert.Equal(("Salle 2", "Prix"), (saved.Place, saved.Agenda));
    }

    internal static ActivityDetails Call(TestWorld world) => new() { Kind = ActivityKind.Call, Subject = "Point sur l'offre", At = world.Now() };

    internal static ActivityDetails Note(Institution institution) => new() { Kind = ActivityKind.Note, Text = "Zircone confidentielle", At = new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc), InstitutionId = institution.Id };

    internal static ActivityDetails Meeting(Institution institution) => new() { Kind = ActivityKind.Meeting, Subject = "Comité", At = new DateTime(2026, 11, 24, 9, 0, 0, DateTimeKind.Utc), DurationMinutes = 60, InstitutionId = institution.Id };

    private static async Task<Activity> SavedAsync(TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.Activities.AsNoTracking().Include(a => a.People).SingleAsync(a => a.Id == id);
    }
}
