using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Dunning;

/// <summary>The reminders of an institution's feed, once they left; seen by whoever sees their invoices.</summary>
public sealed class DunningTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("dunning", "Relances", "notifications_active") { States = typeof(DunningLevel), Address = DunningLetter.Address };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var ids = subject.Ids;
        return Dunnings.Visible(db, actor)
            .Where(letter => subject.InstitutionId != null && ids.Contains(letter.InstitutionId) && letter.State == LetterState.Sent && letter.SentAt != null)
            .Select(letter => new TimelineEntry
            {
                Kind = "dunning",
                Id = letter.Id,
                At = letter.SentAt!.Value,
                Title = letter.Subject,
                State = (int)letter.Level,
                Detail = letter.Email,
                Text = letter.Body.Substring(0, 600),
                ByName = letter.SentByName,
            });
    }
}
