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
        var place = subject switch
        {
            { InstitutionId: { } id } => new DocumentPlace(InstitutionId: id),
            { ContactId: { } id } => new DocumentPlace(ContactId: id),
            _ => new DocumentPlace(OpportunityId: subject.Id),
        };
        return DocumentShelf.At(db, VisibleDocuments.Of(db, actor), place).Select(document => new TimelineEntry
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
