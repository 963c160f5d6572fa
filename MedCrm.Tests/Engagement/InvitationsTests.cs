using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Mail;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Engagement;

public sealed class InvitationsTests
{
    [Fact]
    public async Task Everybody_with_an_address_but_the_author_is_invited_by_one_message_in_the_act_itself()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);

        var done = await world.Get<Invitations>().SendAsync(meeting);

        Assert.Equal("Invitation à « Comité » envoyée : 2 destinataires", done.Sentence);
        var message = Assert.Single(await MessagesAsync(world));
        Assert.Equal(["helene@chu.test", "paul@demo.test"], message.Recipients.Select(recipient => recipient.Address).Order());
        Assert.Equal("Invitation : Comité, mardi 24 novembre 2026 à 10:00", message.Subject);
        Assert.Equal(("REQUEST", "sales1@demo.test"), (message.CalendarMethod, message.ReplyToAddress));
        Assert.Contains("ORGANIZER;CN=Claire Martin:mailto:sales1@demo.test", message.CalendarText!, StringComparison.Ordinal);
        Assert.Contains("DTSTART;TZID=Europe/Paris:20261124T100000", message.CalendarText!, StringComparison.Ordinal);
        Assert.Contains($"UID:meeting-{meeting:N}@medcrm", message.CalendarText!, StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:0", message.CalendarText!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_who_know_hear_a_second_time_only_when_somebody_asks_for_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        await world.Get<Invitations>().SendAsync(meeting);

        Assert.Equal("Les invités ont déjà cette invitation.", (await world.Get<Invitations>().SendAsync(meeting)).Sentence);
        Assert.Single(await MessagesAsync(world));
        await world.Get<Invitations>().SendAsync(meeting, again: true);
        Assert.Equal(2, (await MessagesAsync(world)).Count);
    }

    [Fact]
    public async Task A_new_agenda_is_news_for_guests_and_who_no_longer_takes_part_is_told_so()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        await world.Get<Invitations>().SendAsync(meeting);

        var seen = (await world.Get<Activities>().FindAsync(meeting))!.Details;
        await world.Get<Activities>().EditAsync(meeting, seen, seen with { Agenda = "Prix", ColleagueIds = [] });
        await world.Get<Invitations>().SendAsync(meeting);

        // The two that one act queues leave in no order of theirs.
        var messages = (await MessagesAsync(world)).OrderBy(message => message.CalendarMethod == "CANCEL").ToList();
        Assert.Equal([("REQUEST", "helene@chu.test,paul@demo.test"), ("REQUEST", "helene@chu.test"), ("CANCEL", "paul@demo.test")], messages.Select(message => (message.CalendarMethod!, string.Join(',', message.Recipients.Select(recipient => recipient.Address).Order()))));
        Assert.Contains("Prix", messages[1].Text!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meeting_that_guests_wait_for_is_cancelled_before_it_is_deleted()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        await world.Get<Invitations>().SendAsync(meeting);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Activities>().DeleteAsync(meeting));
        await world.Get<Activities>().SettleAsync(meeting, MeetingStatus.Cancelled);
        await world.Get<Activities>().DeleteAsync(meeting);
    }

    [Fact]
    public async Task An_administrator_sees_that_a_private_invitation_left_and_not_what_it_says()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world, Sharing.Private);
        await world.Get<Invitations>().SendAsync(meeting);
        var message = Assert.Single(await MessagesAsync(world));

        var sheet = (await world.As(world.Admin).Get<Outbox>().FindAsync(message.Id))!;
        Assert.DoesNotContain("Comité", sheet.Subject + sheet.Text, StringComparison.Ordinal);
        var list = world.Get<OutboxList>();
        var row = Assert.Single(await list.RowsAsync(ListQuery.Everything, ["subject"], 0, 10));
        Assert.DoesNotContain("Comité", (string)row.Values[0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_hour_is_told_with_a_higher_sequence_and_a_cancellation_with_the_next()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        var (activities, invitations) = (world.Get<Activities>(), world.Get<Invitations>());
        await invitations.SendAsync(meeting);
        Assert.False((await activities.FindAsync(meeting))!.GuestsAreBehind);

        await activities.RescheduleAsync(meeting, new DateTime(2026, 11, 25, 9, 0, 0, DateTimeKind.Utc), 60);
        Assert.True((await activities.FindAsync(meeting))!.GuestsAreBehind);
        await invitations.SendAsync(meeting);
        Assert.False((await activities.FindAsync(meeting))!.GuestsAreBehind);
        await activities.SettleAsync(meeting, MeetingStatus.Cancelled);
        Assert.True((await activities.FindAsync(meeting))!.GuestsAreBehind);
        await invitations.SendAsync(meeting);

        var messages = await MessagesAsync(world);
        Assert.Equal([("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)], messages.Select(message => (message.CalendarMethod!, SequenceOf(message))));
        Assert.Contains("STATUS:CANCELLED", messages[2].CalendarText!, StringComparison.Ordinal);
        Assert.StartsWith("Changement : ", messages[1].Subject, StringComparison.Ordinal);
        Assert.StartsWith("Annulation : ", messages[2].Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undo_of_a_move_leaves_the_guests_to_be_told_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        await world.Get<Invitations>().SendAsync(meeting);
        var moved = await world.Get<Activities>().RescheduleAsync(meeting, new DateTime(2026, 11, 25, 9, 0, 0, DateTimeKind.Utc), 60);
        await world.Get<Invitations>().SendAsync(meeting);

        await world.Get<Changes>().UndoAsync(moved.ChangeSetId!.Value);
        Assert.True((await world.Get<Activities>().FindAsync(meeting))!.GuestsAreBehind);
        await world.Get<Invitations>().SendAsync(meeting);

        var last = (await MessagesAsync(world))[^1];
        Assert.Contains("DTSTART;TZID=Europe/Paris:20261124T100000", last.CalendarText!, StringComparison.Ordinal);
        Assert.Equal(2, SequenceOf(last));
    }

    [Fact]
    public async Task Without_an_address_or_a_guest_nothing_leaves_and_nobody_is_told_of_an_end_they_did_not_expect()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var contact = await world.ContactAsync(hospital);
        var activities = world.As(world.Claire).Get<Activities>();
        var silent = (await activities.CreateAsync(ActivitiesTests.Meeting(hospital) with { ContactIds = [contact.Id] })).RecordId;

        Assert.Contains("adresse", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invitations>().SendAsync(silent))).Message, StringComparison.Ordinal);
        await activities.SettleAsync(silent, MeetingStatus.Cancelled);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invitations>().SendAsync(silent));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Lea).Get<Invitations>().SendAsync(Guid.NewGuid()));
        Assert.Empty(await MessagesAsync(world));
    }

    [Fact]
    public async Task The_message_stands_in_the_feeds_and_that_of_a_private_meeting_in_its_authors_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, hospital) = await MeetingAsync(world, Sharing.Private);
        await world.Get<Invitations>().SendAsync(meeting);
        Assert.Equal(1, await CountAsync(world.Claire));
        Assert.Equal(0, await CountAsync(world.Manager));

        async Task<int> CountAsync(Actor actor)
            => (await world.As(actor).Get<Timelines>().CountAsync(TimelineSubject.Institution(hospital), new TimelineFilter([])))["email"];
    }

    [Fact]
    public async Task Meetings_stand_in_the_feed_of_the_author_and_of_colleagues_and_in_no_other()
    {
        await using var world = await TestWorld.CreateAsync();
        await MeetingAsync(world);
        Assert.Contains("SUMMARY:Comité", await FeedAsync(world.Claire), StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Comité", await FeedAsync(world.Paul), StringComparison.Ordinal);
        Assert.DoesNotContain("SUMMARY:Comité", await FeedAsync(world.Manager), StringComparison.Ordinal);

        async Task<string> FeedAsync(Actor actor)
        {
            var token = await world.As(actor).Get<CalendarFeeds>().OpenAsync();
            return Encoding.UTF8.GetString((await world.Get<CalendarFeeds>().ReadAsync(token, new Uri("https://crm.test")))!);
        }
    }

    [PythonFact("icalendar", "python3-icalendar")]
    public async Task Another_program_reads_the_file_of_a_meeting()
    {
        await using var world = await TestWorld.CreateAsync();
        var (meeting, _) = await MeetingAsync(world);
        var file = (await world.Get<Invitations>().FileAsync(meeting))!;

        var read = await Python.ReadAsync(file, """
            import icalendar
            e = icalendar.Calendar.from_ical(data).walk('VEVENT')[0]
            print(json.dumps([str(e['SUMMARY']), e['DTSTART'].dt.isoformat(), e['DTEND'].dt.isoformat()]))
            """);

        Assert.Equal(["Comité", "2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00"], read.EnumerateArray().Select(value => value.GetString()!));
    }

    private static int SequenceOf(OutgoingMessage message)
        => int.Parse(message.CalendarText!.Split("SEQUENCE:")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<List<OutgoingMessage>> MessagesAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.OutgoingMessages.AsNoTracking().Include(message => message.Recipients).OrderBy(message => message.Id).ToListAsync();
    }

    private static async Task<(Guid Meeting, Guid Institution)> MeetingAsync(TestWorld world, Sharing sharing = Sharing.Everyone)
    {
        var hospital = await world.InstitutionAsync();
        var contact = new Contact(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "helene@chu.test" }, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        var done = await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Meeting(hospital) with { Sharing = sharing, ContactIds = [contact.Id], ColleagueIds = [world.Paul.Id!.Value, world.Claire.Id!.Value] });
        return (done.RecordId, hospital.Id);
    }
}
