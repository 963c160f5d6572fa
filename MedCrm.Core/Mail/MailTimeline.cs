using MedCrm.Core.Access;
using MedCrm.Core.Contracting;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Mail;

/// <summary>The e-mails of a feed: those that left where they left, the others where they were written. One about an activity is seen by whoever sees the activity.</summary>
public sealed class MailTimeline : TimelineSource
{
    /// <summary>The code of the kind.</summary>
    public const string Code = "email";

    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new(Code, "E-mails", "mail") { States = typeof(MessageStatus) };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var (id, ids) = (subject.Id, subject.Ids);
        var activities = VisibleActivities.Of(db, actor);
        var deals = db.Opportunities.VisibleTo(actor);
        var about = subject switch
        {
            { InstitutionId: not null } => db.OutgoingMessages.Where(message => ids.Contains(message.InstitutionId!.Value)),
            { ContactId: not null } => db.OutgoingMessages.Where(message => ids.Contains(message.ContactId!.Value)),
            { RecordType: nameof(Contract) } => db.OutgoingMessages.Where(message => message.RecordType == nameof(Contract) && message.RecordId == id),
            _ => db.OutgoingMessages.Where(message => message.OpportunityId == id),
        };
        return about
            .Where(message => message.RecordType != nameof(Activity) || activities.Any(activity => activity.Id == message.RecordId))
            .Where(message => message.OpportunityId == null || deals.Any(deal => deal.Id == message.OpportunityId))
            .Select(message => new TimelineEntry
            {
                Kind = Code,
                Id = message.Id,
                At = message.SentAt ?? message.CreatedAt,
                Title = message.Subject,
                State = (int)message.Status,
                Detail = message.RecipientText,
                Text = message.Text == null ? null : message.Text.Substring(0, 600),
                ById = message.CausedById,
                ByName = message.CausedByName,
            });
    }
}
