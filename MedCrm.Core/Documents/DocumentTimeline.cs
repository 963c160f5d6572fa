using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Documents;

/// <summary>The documents of a feed, where they were added.</summary>
public sealed class DocumentTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("document", "Documents", "draft") { States = typeof(DocumentCategory), Address = Document.Address };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var visible = VisibleDocuments.Of(db, actor);
        var documents = subject switch
        {
            { InstitutionId: not null } => visible.Where(document => document.InstitutionId == id || db.Opportunities.Where(deal => deal.InstitutionId == id).Select(deal => (Guid?)deal.Id).Contains(document.OpportunityId)),
            { ContactId: not null } => visible.Where(document => document.ContactId == id),
            _ => visible.Where(document => document.OpportunityId == id),
        };
        return documents.Select(document => new TimelineEntry
        {
            Kind = "document",
            Id = document.Id,
            At = document.CreatedAt,
            Title = document.Name,
            State = (int)document.Category,
            Text = document.Description == null ? null : document.Description.Substring(0, 600),
            ById = document.CreatedById,
        });
    }
}
