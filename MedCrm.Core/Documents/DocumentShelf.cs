using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Documents;

/// <summary>The door of documents: what is attached to a record, its versions, and the files behind them.</summary>
public sealed class DocumentShelf(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, DocumentFiles files, DocumentSettings settings, BusinessClock clock)
{
    /// <summary>The most that a list shows, and an archive holds.</summary>
    public const int Most = 500;

    private const string Gone = "Ce document n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>The documents of a record, the last changed first. An institution shows those of its deals too.</summary>
    public async Task<IReadOnlyList<DocumentLine>> ListAsync(DocumentPlace place, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deals = db.Opportunities.VisibleTo(actor);
        var rows = await (
            from document in At(db, VisibleDocuments.Of(db, actor), place)
            join version in db.DocumentVersions on new { Id = document.Id, Number = document.CurrentNumber } equals new { Id = version.DocumentId, version.Number }
            orderby document.UpdatedAt descending, document.Id descending
            select new
            {
                Line = new DocumentLine(
                    document.Id,
                    document.Name,
                    document.Category,
                    document.Description,
                    document.KeepUntil,
                    document.CurrentNumber,
                    db.DocumentVersions.Count(other => other.DocumentId == document.Id),
                    version.MediaType,
                    version.Length,
                    version.CreatedById,
                    version.CreatedAt)
                {
                    OpportunityId = document.OpportunityId,
                    Opportunity = deals.Where(deal => deal.Id == document.OpportunityId).Select(deal => deal.Name).FirstOrDefault(),
                },
                version.PathKey,
            }).Take(Most).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.Line with { IsMissing = !files.Has(row.PathKey) })];
    }

    /// <summary>How many documents <see cref="ListAsync"/> would show.</summary>
    internal static Task<int> CountAsync(MedCrmDbContext db, Actor actor, DocumentPlace place, CancellationToken cancellationToken)
        => At(db, VisibleDocuments.Of(db, actor), place).CountAsync(cancellationToken);

    /// <summary>A document as its panel opens it; null when it is gone or out of sight.</summary>
    public async Task<DocumentSheet?> FindAsync(Guid documentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await VisibleDocuments.Of(db, actor).AsNoTracking().Include(d => d.Versions).SingleOrDefaultAsync(d => d.Id == documentId, cancellationToken) is { } document
            ? new DocumentSheet(
                document.Id,
                document.Details(),
                document.CurrentNumber,
                [.. document.Versions.OrderByDescending(v => v.Number).Select(v => new DocumentVersionLine(v.Number, v.FileName, v.MediaType, v.Length, v.Sha256, v.CreatedById, v.CreatedAt))])
            : null;
    }

    /// <summary>What a document is attached to, the nearest first; null when it is gone or out of sight.</summary>
    public async Task<DocumentPlace?> FindPlaceAsync(Guid documentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (institutions, contacts, deals) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor), db.Opportunities.VisibleTo(actor));
        return await VisibleDocuments.Of(db, actor).Where(document => document.Id == documentId)
            .Select(document => new DocumentPlace(
                institutions.Where(institution => institution.Id == document.InstitutionId).Select(institution => (Guid?)institution.Id).FirstOrDefault(),
                contacts.Where(contact => contact.Id == document.ContactId).Select(contact => (Guid?)contact.Id).FirstOrDefault(),
                deals.Where(deal => deal.Id == document.OpportunityId).Select(deal => (Guid?)deal.Id).FirstOrDefault()))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The file of a version, the one in force unless a number is given; null when there is none that the actor may see, or the file is lost.</summary>
    public async Task<DocumentFile?> OpenAsync(Guid documentId, int? number = null, CancellationToken cancellationToken = default)
        => (await FilesAsync([documentId], number, cancellationToken)).SingleOrDefault() is { } file && File.Exists(file.Path) ? file : null;

    /// <summary>The files of several documents, in their versions in force; those out of sight are left out, those that are lost are not.</summary>
    public Task<IReadOnlyList<DocumentFile>> OpenAllAsync(IReadOnlyCollection<Guid> documentIds, CancellationToken cancellationToken = default) => FilesAsync(documentIds, number: null, cancellationToken);

    /// <summary>Refuses somebody who could not add a file here, before it is received.</summary>
    /// <exception cref="BusinessRuleException">The record or the document is gone or out of sight, or the right is missing.</exception>
    public async Task DemandMayAddAsync(DocumentPlace place, Guid? documentId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (documentId is { } id)
        {
            await LoadAsync(db, actor, id, cancellationToken);
        }
        else
        {
            await CheckPlaceAsync(db, actor, new DocumentDetails { InstitutionId = place.InstitutionId, ContactId = place.ContactId, OpportunityId = place.OpportunityId }, new DocumentDetails(), cancellationToken);
        }
    }

    /// <summary>
    /// Attaches a received file to a record, unless the same content is there already. Files sent together make one gesture: each answer carries
    /// it, and <paramref name="gestureId"/> brings it back with the next.
    /// </summary>
    /// <exception cref="BusinessRuleException">The record is gone or out of sight.</exception>
    public async Task<AddedDocument> AddAsync(ReceivedFile file, DocumentPlace place, bool isOneOfSeveral = false, Guid? gestureId = null)
    {
        var actor = await currentUser.GetAsync();
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync();
        var details = new DocumentDetails
        {
            Name = FileNames.StemOf(file.FileName),
            OwnerId = actor.Id,
            TeamId = actor.TeamId,
            InstitutionId = place.InstitutionId,
            ContactId = place.ContactId,
            OpportunityId = place.OpportunityId,
            KeepUntil = settings.RetentionYears is { } years ? clock.Today.AddYears(years) : null,
        };
        var begun = gestureId is null ? null : await db.ChangeSets.AsNoTracking().SingleOrDefaultAsync(set => set.Id == gestureId && set.ActorId == actor.Id && set.RevertedById == null && set.Sentence == Several);
        db.Gesture = begun is not null ? Gesture.Resume(begun, actor) : new Gesture(actor, isOneOfSeveral ? Several : $"Document « {details.Name} » ajouté");
        return await StoreAsync(db, file, actor, async () =>
        {
            // Behind the gate: of two uploads of one file at once, the second finds the first.
            await CheckPlaceAsync(db, actor, details, new DocumentDetails(), CancellationToken.None);
            var same = await (
                from document in Here(VisibleDocuments.Of(db, actor), place)
                join version in db.DocumentVersions on document.Id equals version.DocumentId
                where version.Sha256 == file.Sha256
                orderby version.Number == document.CurrentNumber descending
                select new { document.Id, document.Name, version.Number }).FirstOrDefaultAsync();
            if (same is not null)
            {
                return (new AddedDocument(same.Id, same.Name, same.Number, IsThere: true, null), null);
            }

            var added = new Document(details, actor, clock.UtcNow);
            db.Documents.Add(added);
            return (new AddedDocument(added.Id, added.Name, 1, IsThere: false, null), added);
        });
    }

    /// <summary>Takes a received file as the next version of a document, unless one of its versions has the same content.</summary>
    /// <exception cref="BusinessRuleException">The document is gone or out of sight.</exception>
    public Task<AddedDocument> AddVersionAsync(ReceivedFile file, Guid documentId)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync();
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync();
            db.Begin(actor, "");
            return await StoreAsync(db, file, actor, async () =>
            {
                var document = await LoadAsync(db, actor, documentId, CancellationToken.None);
                if (document.Versions.FirstOrDefault(version => version.Sha256 == file.Sha256 && version.DeletedAt is null) is { } same)
                {
                    return (new AddedDocument(document.Id, document.Name, same.Number, IsThere: true, null), null);
                }

                db.Gesture!.Sentence = $"Nouvelle version de « {document.Name} »";
                return (new AddedDocument(document.Id, document.Name, 0, IsThere: false, null), document);
            });
        });

    /// <summary>Takes new values. A new person in charge brings the document into their team.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields.</exception>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Task<Done> EditAsync(Guid documentId, DocumentDetails seen, DocumentDetails mine, CancellationToken cancellationToken = default)
        => ChangeAsync(
            documentId,
            document => $"Document « {document.Name} » modifié",
            async (db, actor, document) =>
            {
                var merged = await db.MergeAsync(document, seen, mine, document.Details(), cancellationToken);
                merged = merged with { TeamId = await Assignment.TeamAsync(db, document, merged.OwnerId, merged.TeamId, cancellationToken) };
                await CheckPlaceAsync(db, actor, merged, document.Details(), cancellationToken);
                document.Edit(merged, clock.UtcNow);
            },
            cancellationToken);

    /// <summary>Puts another version in force; the others stay.</summary>
    /// <exception cref="BusinessRuleException">There is no such version.</exception>
    public Task<Done> MakeCurrentAsync(Guid documentId, int number, CancellationToken cancellationToken = default)
        => ChangeAsync(
            documentId,
            document => $"Version {number} de « {document.Name} » remise en vigueur",
            (_, _, document) =>
            {
                document.MakeCurrent(number, clock.UtcNow);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Puts documents in the bin, in one gesture.</summary>
    /// <exception cref="BusinessRuleException">None of them is left, or in sight.</exception>
    public Task<Done> DeleteAsync(IReadOnlyCollection<Guid> documentIds, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var documents = await VisibleDocuments.Of(db, actor).Where(document => documentIds.Contains(document.Id)).ToListAsync(cancellationToken);
            if (documents.Count == 0)
            {
                throw new BusinessRuleException(Gone);
            }

            var gesture = db.Begin(actor, documents is [var one] ? $"Document « {one.Name} » supprimé" : $"{documents.Count} documents supprimés");
            documents.ForEach(document => document.DeletedAt = clock.UtcNow);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(documents[0].Id, gesture.Sentence, gesture.Undoable);
        });

    private const string Several = "Documents ajoutés";

    // The file first, then its row: what is told to be there is there. A refusal takes the file away again.
    private async Task<AddedDocument> StoreAsync(MedCrmDbContext db, ReceivedFile file, Actor actor, Func<Task<(AddedDocument Added, Document? Document)>> decide)
    {
        AddedDocument added = null!;
        string? key = null;
        try
        {
            await db.InTransactionAsync(async () =>
            {
                (added, var document) = await decide();
                if (document is null)
                {
                    return;
                }

                var version = document.AddVersion(file, actor, clock.UtcNow);
                db.Add(version);
                files.Keep(file.Path, version.PathKey);
                key = version.PathKey;
                await db.SaveChangesAsync();
                added = added with { Number = version.Number, Done = new Done(document.Id, db.Gesture!.Sentence, db.Gesture.Undoable) };
            });
            return added;
        }
        catch (Exception failure)
        {
            if (key is not null)
            {
                files.Release(key, file.Path);
            }

            throw failure is IOException ? DocumentContent.Refusal("Ce fichier n'a pas pu être rangé : le disque est plein ou ne répond plus. Prévenez un administrateur.") : failure;
        }
    }

    private Task<Done> ChangeAsync(Guid documentId, Func<Document, string> sentenceOf, Func<MedCrmDbContext, Actor, Document, Task> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var document = await LoadAsync(db, actor, documentId, cancellationToken);
            await change(db, actor, document);
            var gesture = db.Begin(actor, sentenceOf(document));
            await db.SaveChangesAsync(cancellationToken);
            return new Done(document.Id, gesture.Sentence, gesture.Undoable);
        });

    // With the versions that were taken back: their numbers are not given again.
    private static async Task<Document> LoadAsync(MedCrmDbContext db, Actor actor, Guid documentId, CancellationToken cancellationToken)
    {
        var document = await VisibleDocuments.Of(db, actor).SingleOrDefaultAsync(d => d.Id == documentId, cancellationToken) ?? throw new BusinessRuleException(Gone);
        await db.DocumentVersions.IgnoreQueryFilters().Where(version => version.DocumentId == documentId).LoadAsync(cancellationToken);
        return document;
    }

    /// <summary>The documents of a record; those of an institution are those of its deals as well.</summary>
    internal static IQueryable<Document> At(MedCrmDbContext db, IQueryable<Document> documents, DocumentPlace place)
        => place.InstitutionId is { } id
            ? documents.Where(document => document.InstitutionId == id || db.Opportunities.Where(deal => deal.InstitutionId == id).Select(deal => (Guid?)deal.Id).Contains(document.OpportunityId))
            : Here(documents, place);

    private static IQueryable<Document> Here(IQueryable<Document> documents, DocumentPlace place) => place switch
    {
        { InstitutionId: { } id } => documents.Where(document => document.InstitutionId == id),
        { ContactId: { } id } => documents.Where(document => document.ContactId == id),
        { OpportunityId: var id } => documents.Where(document => id != null && document.OpportunityId == id),
    };

    private static async Task CheckPlaceAsync(MedCrmDbContext db, Actor actor, DocumentDetails details, DocumentDetails before, CancellationToken cancellationToken)
    {
        if ((details.InstitutionId ?? details.ContactId ?? details.OpportunityId) is null)
        {
            throw new BusinessRuleException("Un document reste attaché à un établissement, un contact ou une affaire.", nameof(DocumentDetails.InstitutionId));
        }

        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before.ContactId, cancellationToken);
        if (details.OpportunityId is { } dealId && dealId != before.OpportunityId && !await db.Opportunities.VisibleTo(actor).AnyAsync(deal => deal.Id == dealId, cancellationToken))
        {
            throw new BusinessRuleException("Cette affaire n'existe plus, ou n'est pas visible pour vous.", nameof(DocumentDetails.OpportunityId));
        }
    }

    private async Task<IReadOnlyList<DocumentFile>> FilesAsync(IReadOnlyCollection<Guid> documentIds, int? number, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from document in VisibleDocuments.Of(db, actor)
            join version in db.DocumentVersions on document.Id equals version.DocumentId
            where documentIds.Contains(document.Id) && version.Number == (number ?? document.CurrentNumber)
            orderby document.Name, document.Id
            select new { document.Name, version.PathKey, version.MediaType, version.FileName, version.Sha256, version.CreatedAt }).Take(Most).ToListAsync(cancellationToken);

        // Called as people call it now; the extension is that of the version.
        return [.. rows.Select(row => new DocumentFile(
            files.PathOf(row.PathKey),
            FileNames.Clean(row.Name + Path.GetExtension(row.FileName), DocumentKinds.Of(row.MediaType)),
            DocumentKinds.Of(row.MediaType),
            row.Sha256,
            row.CreatedAt))];
    }
}
