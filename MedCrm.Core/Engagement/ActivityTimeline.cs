using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Engagement;

/// <summary>The calls, meetings and notes of a feed.</summary>
public abstract class ActivityTimeline(ActivityKind kind) : TimelineSource
{
    private const int Excerpt = 600;

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var code = Kind.Code;
        var contacts = ActivityContact.VisibleTo(db, actor);
        return VisibleActivities.Of(db, actor).Where(a => a.Kind == kind).About(db, subject).Select(a => new TimelineEntry
        {
            Kind = code,
            Id = a.Id,
            At = a.At,
            Title = a.Subject,
            State = a.Kind == ActivityKind.Call ? (int?)a.Direction : (int?)a.Status,
            Detail = a.Kind == ActivityKind.Call ? a.Result : a.Place,
            Text = a.Text == null ? null : a.Text.Substring(0, Excerpt),
            With = contacts.Where(person => person.ActivityId == a.Id).OrderBy(person => person.SearchKey).Select(person => person.FullName).FirstOrDefault(),
            Minutes = a.DurationMinutes,
            ById = a.OwnerId,
            IsPrivate = a.Sharing == Sharing.Private,
        });
    }
}

/// <summary>The calls of a feed.</summary>
public sealed class CallTimeline() : ActivityTimeline(ActivityKind.Call)
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("call", "Appels", "call") { States = typeof(CallDirection), Address = Activity.Address };
}

/// <summary>The meetings of a feed, those to come included.</summary>
public sealed class MeetingTimeline() : ActivityTimeline(ActivityKind.Meeting)
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("meeting", "Réunions", "groups") { States = typeof(MeetingStatus), Address = Activity.Address };
}

/// <summary>The notes of a feed.</summary>
public sealed class NoteTimeline() : ActivityTimeline(ActivityKind.Note)
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("note", "Notes", "sticky_note_2") { Address = Activity.Address };
}

/// <summary>Activities by what they are about.</summary>
internal static class ActivityQueries
{
    /// <summary>Those about a record.</summary>
    public static IQueryable<Activity> About(this IQueryable<Activity> activities, MedCrmDbContext db, TimelineSubject subject)
    {
        var id = subject.Id;
        return subject switch
        {
            { InstitutionId: not null } => activities.Where(a => a.InstitutionId == id),
            { ContactId: not null } => activities.Where(a => db.ActivityPeople.Where(person => person.ContactId == id).Select(person => person.ActivityId).Contains(a.Id)),
            _ => activities.Where(a => a.OpportunityId == id),
        };
    }
}
