using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Sales;

/// <summary>The passages of deals from stage to stage, their creation included.</summary>
public sealed class StageTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("stage", "Affaires", "view_kanban") { Address = "/opportunities/{0}" };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var deals = subject switch
        {
            { InstitutionId: not null } => db.Opportunities.VisibleTo(actor).Where(deal => deal.InstitutionId == id),
            { ContactId: not null } => db.Opportunities.VisibleTo(actor).Where(deal => deal.ContactId == id || deal.Contacts.Any(row => row.ContactId == id)),
            _ => db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == id),
        };
        return db.StageChanges.Join(deals, change => change.OpportunityId, deal => deal.Id, (change, deal) => new TimelineEntry
        {
            Kind = "stage",
            Id = change.Id,
            At = change.At,
            Title = deal.Name,
            Detail = change.FromName == null ? change.ToName : change.FromName + " → " + change.ToName,
            Text = change.ForceReason,
            Amount = deal.Amount,
            ById = change.ById,
            ByName = change.ByName,
            OpensId = deal.Id,
        });
    }
}
