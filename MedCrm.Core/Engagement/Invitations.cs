using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>The door of invitations to meetings: sent, renewed when the hour or the place changed, taken back when the meeting is cancelled (RFC 5546); or kept as a file.</summary>
public sealed class Invitations(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>Queues the invitation of a meeting to everybody who takes part and has an address, in the state it is in: an invitation, its renewal, or its end. Those who were invited and no longer take part are told too. Guests who know already hear of it a second time only when asked for <paramref name="again"/>.</summary>
    /// <exception cref="BusinessRuleException">It is no meeting, is gone, nobody has an address, or it is cancelled and nobody was invited.</exception>
    public Task<Done> SendAsync(Guid activityId, bool again = false, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var meeting = await LoadAsync(db, actor, activityId, cancellationToken);
            var isOff = meeting.Status is MeetingStatus.Cancelled;
            if (isOff && meeting.InvitedAt is null)
            {
                throw new BusinessRuleException("Personne n'a été invité : il n'y a personne à prévenir.");
            }

            var (organizer, guests) = await PeopleAsync(db, meeting, cancellationToken);
            if (guests.Count == 0)
            {
                throw new BusinessRuleException("Aucun participant n'a d'adresse e-mail : complétez leur fiche, ou téléchargez l'invitation.");
            }

            var method = isOff ? CalendarMethod.Cancel : CalendarMethod.Request;
            if (meeting is { InvitedAt: not null, GuestsAreBehind: false } && !again)
            {
                return new Done(meeting.Id, "Les invités ont déjà cette invitation.", null);
            }

            var turn = again ? $":{meeting.InvitedAt?.Ticks}" : "";
            var gesture = db.Begin(actor, $"Invitation à « {meeting.RecordName} » {(isOff ? "annulée" : meeting.InvitedAt is null ? "envoyée" : "renouvelée")} : {(guests.Count == 1 ? "1 destinataire" : $"{guests.Count} destinataires")}");
            var gone = (meeting.InvitedTo ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(guests.Select(guest => guest.Address)).Select(address => new CalendarPerson(address)).ToList();
            await QueueAsync(db, actor, meeting, organizer, guests, method, turn, cancellationToken);
            if (gone.Count > 0)
            {
                await QueueAsync(db, actor, meeting, organizer, gone, CalendarMethod.Cancel, "", cancellationToken);
            }

            meeting.Invited(guests.Select(guest => guest.Address), clock.UtcNow);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(meeting.Id, gesture.Sentence, null);
        });

    /// <summary>A meeting as a calendar file, for who sees it; null when there is none.</summary>
    public async Task<byte[]?> FileAsync(Guid activityId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var meeting = await VisibleActivities.Of(db, actor).AsNoTracking().Include(a => a.People).SingleOrDefaultAsync(a => a.Id == activityId && a.Kind == ActivityKind.Meeting, cancellationToken);
        if (meeting is null)
        {
            return null;
        }

        var (organizer, guests) = await PeopleAsync(db, meeting, cancellationToken);
        return new CalendarFile([EventOf(meeting, organizer, guests)], CalendarMethod.Publish).WriteBytes(clock.Zone, clock.UtcNow);
    }

    /// <summary>A meeting as an event; the same for a message, a file and a feed.</summary>
    internal static CalendarEvent EventOf(Activity meeting, CalendarPerson organizer, IReadOnlyList<CalendarPerson> guests)
        => CalendarEvent.At($"meeting-{meeting.Id:N}@medcrm", meeting.Subject, meeting.At, meeting.EndsAt) with
        {
            Sequence = meeting.Sequence,
            Location = meeting.Place,
            Description = meeting.Agenda,
            Organizer = organizer,
            Attendees = [.. guests.Select(guest => new CalendarAttendee(guest.Address, guest.Name))],
            Status = meeting.Status is MeetingStatus.Cancelled ? CalendarStatus.Cancelled : CalendarStatus.Confirmed,
            CreatedAt = meeting.CreatedAt,
            UpdatedAt = meeting.UpdatedAt,
        };

    // Those who are no longer asked to come are told so; the meeting itself goes on.
    private Task<OutgoingMessage?> QueueAsync(MedCrmDbContext db, Actor actor, Activity meeting, CalendarPerson organizer, IReadOnlyList<CalendarPerson> guests, CalendarMethod method, string turn, CancellationToken cancellationToken)
    {
        var isOff = method is CalendarMethod.Cancel;
        var entry = EventOf(meeting, organizer, guests) with { Status = isOff ? CalendarStatus.Cancelled : CalendarStatus.Confirmed };
        return Outbox.QueueAsync(
            db,
            new MessageDetails
            {
                Key = $"meeting:{meeting.Id:N}:{method}:{meeting.Sequence}:{HashOf(guests)}{turn}",
                To = [.. guests.Select(guest => new Correspondent(guest.Address, guest.Name))],
                ReplyTo = new Correspondent(organizer.Address, organizer.Name),
                Subject = $"{(isOff ? "Annulation" : meeting.InvitedAt is null ? "Invitation" : "Changement")} : {meeting.Subject}, {WhenOf(meeting)}",
                Text = TextOf(meeting, organizer, isOff),
                Calendar = new MailCalendar(method, new CalendarFile([entry], method).Write(clock.Zone, clock.UtcNow)),
                RecordType = nameof(Activity),
                RecordId = meeting.Id,
                InstitutionId = meeting.InstitutionId,
                ContactId = meeting.People.Select(person => person.ContactId).FirstOrDefault(id => id is not null),
                OpportunityId = meeting.OpportunityId,
            },
            actor,
            clock.UtcNow,
            cancellationToken);
    }

    private static async Task<Activity> LoadAsync(MedCrmDbContext db, Actor actor, Guid activityId, CancellationToken cancellationToken)
        => await VisibleActivities.Of(db, actor).Include(a => a.People).SingleOrDefaultAsync(a => a.Id == activityId && a.Kind == ActivityKind.Meeting, cancellationToken)
            ?? throw new BusinessRuleException("Cette réunion n'existe plus, ou n'est pas visible pour vous.");

    // The author organizes. Everybody else who takes part and has an address is a guest.
    private static async Task<(CalendarPerson Organizer, IReadOnlyList<CalendarPerson> Guests)> PeopleAsync(MedCrmDbContext db, Activity meeting, CancellationToken cancellationToken)
    {
        var contactIds = meeting.People.Select(person => person.ContactId).OfType<Guid>().ToArray();
        var userIds = meeting.People.Select(person => person.UserId).OfType<Guid>().Append(meeting.OwnerId ?? Guid.Empty).ToArray();
        var contacts = await db.Contacts.Where(contact => contactIds.Contains(contact.Id) && contact.Email != null).OrderBy(contact => contact.SearchKey).Select(contact => new CalendarPerson(contact.Email!, contact.FullName)).ToListAsync(cancellationToken);
        var users = await db.Users.Where(user => userIds.Contains(user.Id)).OrderBy(user => user.DisplayName).Select(user => new { user.Id, user.Email, user.DisplayName }).ToListAsync(cancellationToken);
        var author = users.Find(user => user.Id == meeting.OwnerId) ?? throw new BusinessRuleException("La réunion n'a pas d'auteur : personne ne peut inviter en son nom.");
        return (
            new CalendarPerson(author.Email!, author.DisplayName),
            [.. contacts.Concat(users.Where(user => user.Id != author.Id).Select(user => new CalendarPerson(user.Email!, user.DisplayName))).DistinctBy(person => person.Address)]);
    }

    private static string HashOf(IEnumerable<CalendarPerson> guests)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', guests.Select(guest => guest.Address).Order(StringComparer.Ordinal)))))[..16];

    private string WhenOf(Activity meeting) => clock.ToLocal(meeting.At).ToString("dddd d MMMM yyyy 'à' HH:mm", FrenchText.Culture);

    private string TextOf(Activity meeting, CalendarPerson organizer, bool isOff)
    {
        var text = new StringBuilder();
        text.AppendLine(isOff ? "Cette réunion est annulée." : meeting.InvitedAt is null ? "Vous êtes invité à une réunion." : "Cette réunion a changé.").AppendLine();
        text.AppendLine(meeting.Subject);
        text.AppendLine(CultureInfo.InvariantCulture, $"{WhenOf(meeting)} ({meeting.DurationMinutes ?? 60} min)");
        if (meeting.Place is { } place)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Lieu : {place}");
        }

        if (meeting.Agenda is { } agenda && !isOff)
        {
            text.AppendLine().AppendLine("Ordre du jour :").AppendLine(agenda);
        }

        return text.AppendLine().AppendLine(organizer.Name).ToString();
    }
}
