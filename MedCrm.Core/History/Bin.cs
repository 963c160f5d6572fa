using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>A record in the bin: who put it there and when (UTC), and how many days it still has.</summary>
public sealed record BinRow(string Type, Guid Id, string Name, DateTime DeletedAt, string? DeletedByName, int DaysLeft, bool MayRestore)
{
    /// <summary>The name of the record that it was merged into: it comes back by taking that merge back.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The page of that record.</summary>
    public string? MergedAddress { get; init; }
}

/// <summary>The bin: what was deleted stays thirty days, then disappears for good.</summary>
public sealed class Bin(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, StoredFiles files, BusinessClock clock)
{
    /// <summary>How many days a deleted record is kept.</summary>
    public const int Days = 30;

    private const int Portion = 200;

    // The order in which they disappear: what refers before what is referred to.
    private static readonly Type[] s_types = [typeof(DocumentVersion), typeof(Document), typeof(Activity), typeof(FollowUpTask), typeof(TaskSeries), typeof(Quote), typeof(Opportunity), typeof(Contact), typeof(Institution)];

    /// <summary>The kinds of records that the bin holds, by type name.</summary>
    public static IReadOnlyList<string> Types { get; } = [nameof(Institution), nameof(Contact), nameof(Opportunity), nameof(FollowUpTask), nameof(Activity), nameof(Document), nameof(Quote)];

    /// <summary>The deleted records that the actor may see, the last deleted first; of one type, or whose name holds a text.</summary>
    public async Task<Page<BinRow>> PageAsync(string? type, string? text, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var records = Deleted(db, actor);
        if (type is not null)
        {
            records = records.Where(record => record.Type == type);
        }

        foreach (var token in SearchKey.Fold(text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            records = records.Where(record => record.Key.Contains(token));
        }

        var total = await records.CountAsync(cancellationToken);
        var rows = await records.OrderByDescending(record => record.DeletedAt).ThenBy(record => record.Name).Skip(skip).Take(take).ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.Id).ToList();
        var deletions = (await db.RecordChanges
                .Where(change => ids.Contains(change.RecordId) && change.Kind == ChangeKind.Deleted)
                .OrderBy(change => change.Id)
                .Select(change => new { change.RecordId, change.ChangeSet.ActorName })
                .ToListAsync(cancellationToken))
            .GroupBy(deletion => deletion.RecordId)
            .ToDictionary(group => group.Key, group => group.Last().ActorName);
        var merged = await db.MergedRecords.Where(merged => ids.Contains(merged.OldId)).ToDictionaryAsync(merged => merged.OldId, merged => merged.NewId, cancellationToken);
        var kept = new HashSet<Guid>();
        foreach (var kind in merged.Count == 0 ? [] : rows.Select(row => row.Type).Distinct())
        {
            kept.UnionWith(await db.VisibleIdsAsync(actor, kind, [.. merged.Values.Distinct()], cancellationToken));
        }

        var names = await db.NamesOfAsync(kept, cancellationToken);
        return new Page<BinRow>(
            [.. rows.Select(row => new BinRow(row.Type, row.Id, row.Name, row.DeletedAt!.Value, deletions.GetValueOrDefault(row.Id), DaysLeft(row.DeletedAt.Value, clock.UtcNow), !merged.ContainsKey(row.Id) && (RecordTypes.Of(row.Type).Edits is not { } right || actor.May(right)))
            {
                MergedInto = merged.TryGetValue(row.Id, out var keptId) ? names.GetValueOrDefault(keptId) : null,
                MergedAddress = merged.TryGetValue(row.Id, out keptId) && kept.Contains(keptId) ? RecordTypes.AddressOf(row.Type, keptId) : null,
            })],
            total);
    }

    /// <summary>Takes a record out of the bin, as it was.</summary>
    /// <exception cref="BusinessRuleException">The record is gone or out of reach, what it depends on is in the bin too, or a number of it was taken since.</exception>
    public async Task<Done> RestoreAsync(string type, Guid id, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        if (RecordTypes.Of(type).Edits is { } right)
        {
            actor.Demand(right);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = await db.VisibleIdsAsync(actor, type, [id], cancellationToken);
        if (!visible.Contains(id) || await db.LoadWholeAsync(type, id, cancellationToken) is not IBinnable record)
        {
            throw new BusinessRuleException("Cette fiche n'est plus dans la corbeille.");
        }

        if (record.DeletedAt is null)
        {
            throw new BusinessRuleException("Cette fiche est déjà restaurée.");
        }

        if (await db.MergedRecords.AnyAsync(merged => merged.OldId == id, cancellationToken))
        {
            throw new BusinessRuleException($"« {record.RecordName} » a été fusionné dans une autre fiche : dé-fusionnez-les, depuis l'historique de celle-ci.");
        }

        var restoration = new Restoration(db, actor, clock.UtcNow);
        restoration.Put(record, nameof(IBinnable.DeletedAt), null);
        if (record is FollowUpTask { SeriesId: { } seriesId } && await db.LoadWholeAsync(nameof(TaskSeries), seriesId, cancellationToken) is TaskSeries { DeletedAt: not null } series)
        {
            // Deleted with its open task, a series lives again with it: the bin shows the one alone.
            restoration.Put(series, nameof(IBinnable.DeletedAt), null);
        }

        var refusals = await restoration.RefusalsAsync(new HashSet<(Guid, string)>(), new HashSet<Guid>(), cancellationToken);
        if (refusals.Count > 0)
        {
            throw new BusinessRuleException(refusals.First().Value);
        }

        var gesture = db.Begin(actor, $"« {record.RecordName} » restauré depuis la corbeille");
        await restoration.ApplyAsync(new HashSet<Guid>(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(record.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Removes for good what has been in the bin for more than thirty days, except what other records still refer to. For the nightly job. Returns how many records went.</summary>
    /// <exception cref="BusinessRuleException">The actor is neither the product nor an administrator.</exception>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        var before = clock.UtcNow.AddDays(-Days);
        var purged = 0;
        foreach (var type in s_types)
        {
            purged += await PurgeAsync(type, actor, before, cancellationToken);
        }

        return purged;
    }

    private static IQueryable<DeletedRecord> Deleted(MedCrmDbContext db, Actor actor)
        => db.Institutions.VisibleTo(actor).Where(i => i.DeletedAt != null).Select(i => new DeletedRecord { Type = nameof(Institution), Id = i.Id, Name = i.Name, Key = i.SearchKey, DeletedAt = i.DeletedAt })
            .Concat(VisibleContacts.Of(db, actor).Where(c => c.DeletedAt != null).Select(c => new DeletedRecord { Type = nameof(Contact), Id = c.Id, Name = c.FullName, Key = c.SearchKey, DeletedAt = c.DeletedAt }))
            .Concat(db.Opportunities.VisibleTo(actor).Where(o => o.DeletedAt != null).Select(o => new DeletedRecord { Type = nameof(Opportunity), Id = o.Id, Name = o.Name, Key = o.SearchKey, DeletedAt = o.DeletedAt }))
            .Concat(db.FollowUpTasks.VisibleTo(actor).Where(t => t.DeletedAt != null).Select(t => new DeletedRecord { Type = nameof(FollowUpTask), Id = t.Id, Name = t.Title, Key = SqlFunctions.Fold(t.Title)!, DeletedAt = t.DeletedAt }))
            .Concat(VisibleActivities.Of(db, actor).Where(a => a.DeletedAt != null).Select(a => new DeletedRecord { Type = nameof(Activity), Id = a.Id, Name = a.Subject, Key = SqlFunctions.Fold(a.Subject)!, DeletedAt = a.DeletedAt }))
            .Concat(VisibleDocuments.Of(db, actor).Where(d => d.DeletedAt != null).Select(d => new DeletedRecord { Type = nameof(Document), Id = d.Id, Name = d.Name, Key = d.SearchKey, DeletedAt = d.DeletedAt }))
            .Concat(db.Quotes.VisibleTo(actor).Where(q => q.DeletedAt != null).Select(q => new DeletedRecord { Type = nameof(Quote), Id = q.Id, Name = q.VersionNumber == 1 ? q.Number : q.Number + " v" + q.VersionNumber, Key = q.SearchKey, DeletedAt = q.DeletedAt }))
            .IgnoreQueryFilters([MedCrmDbContext.BinFilter]);

    /// <summary>The days that a record put in the bin at a moment (UTC) still has, the one begun included.</summary>
    internal static int DaysLeft(DateTime deletedAt, DateTime now) => Math.Max(0, (int)Math.Ceiling((deletedAt.AddDays(Days) - now).TotalDays));

    private async Task<int> PurgeAsync(Type type, Actor actor, DateTime before, CancellationToken cancellationToken)
    {
        var purged = 0;
        var left = new HashSet<Guid>();
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var expired = await RecordSet.Of(type).ExpiredAsync(db, before, left, Portion, cancellationToken);
            if (expired.Count == 0)
            {
                return purged;
            }

            // What somebody still refers to waits for the next night: its referrer may be in the bin as well, for fewer days.
            var linked = (await RecordLinks.ToAsync(db, type, [.. expired.Select(record => record.Id)], withBin: true, cancellationToken)).Select(link => link.To).ToHashSet();
            left.UnionWith(linked);
            var going = expired.Where(record => !linked.Contains(record.Id)).ToList();
            if (going.Count == 0)
            {
                continue;
            }

            var gesture = new Gesture(actor, string.Create(CultureInfo.InvariantCulture, $"Corbeille vidée : {RecordTypes.Count(type.Name, going.Count)} de plus de {Days} jours"), ChangeOrigin.Job);
            var paths = new List<string>();
            await db.InTransactionAsync(
                async () =>
                {
                    // Behind the gate nobody restores any more what is about to go.
                    var held = await files.OfAsync(db, type, [.. going.Select(record => record.Id)], cancellationToken);
                    var gone = await RecordSet.Of(type).DeleteExpiredAsync(db, [.. going.Select(record => record.Id)], before, cancellationToken);
                    going.RemoveAll(record => !gone.Contains(record.Id));
                    paths.AddRange(held.Where(file => gone.Contains(file.RecordId)).Select(file => file.Path));
                    db.ChangeSets.Add(new ChangeSet(gesture, clock.UtcNow));
                    db.RecordChanges.AddRange(going.Select(record =>
                    {
                        var (wholeType, wholeId) = record is IRecordedPart part ? (part.WholeType, part.WholeId) : (type.Name, record.Id);
                        return new RecordChange(gesture.ChangeSetId, type.Name, record.Id, record.RecordName, wholeType, wholeId, ChangeKind.Purged, FieldChanges.Write([]));
                    }));
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);

            // Only once their rows are gone for good: a crash in between leaves strays, which the check tells.
            files.Remove(paths);
            purged += type.IsAssignableTo(typeof(IRecordedPart)) ? 0 : going.Count;
        }
    }

    private sealed class DeletedRecord
    {
        public string Type { get; init; } = "";
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Key { get; init; } = "";
        public DateTime? DeletedAt { get; init; }
    }
}
