using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>One field of a change, as people read it. <paramref name="Returns"/> when « revenir à cette valeur » has a meaning: the value before is another than the one in force.</summary>
public sealed record HistoryField(long ChangeId, string Field, string Label, string? Before, string? After, bool Returns)
{
    /// <summary>Whether the values are words of the business, to be said in the language of the screen, and not what people wrote.</summary>
    public bool IsWords { get; init; }
}

/// <summary>What a gesture did to one row: the record itself or one of its parts.</summary>
public sealed record HistoryChange(string Type, Guid Id, string Noun, string Name, bool IsPart, ChangeKind Kind, IReadOnlyList<HistoryField> Fields)
{
    /// <summary>The record whose page shows it.</summary>
    public string? Address { get; init; }
}

/// <summary>A gesture, with what it did to the record in question.</summary>
public sealed record HistoryEntry(Guid ChangeSetId, DateTime At, Guid? ActorId, string ActorName, string Sentence, ChangeOrigin Origin, bool IsReverted, bool MayUndo, IReadOnlyList<HistoryChange> Changes)
{
    /// <summary>Whether it took another gesture back.</summary>
    public bool TookBack { get; init; }

    /// <summary>Whether it made several records one: taking it back takes them apart.</summary>
    public bool IsMerge { get; init; }

    /// <summary>Whether the records that it merged have left the bin: it is too late to take them apart.</summary>
    public bool IsLate { get; init; }
}

/// <summary>The door through which the history is read.</summary>
public sealed class Histories(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>What happened to a record and its parts, newest first, one line per gesture.</summary>
    /// <exception cref="BusinessRuleException">The record does not exist or the actor may not see it.</exception>
    public async Task<Page<HistoryEntry>> OfRecordAsync(string type, Guid id, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await DemandVisibleAsync(db, actor, type, id, cancellationToken);
        var gestures = db.RecordChanges.Where(change => change.WholeId == id && change.WholeType == type).GroupBy(change => change.ChangeSetId);
        var total = await gestures.CountAsync(cancellationToken);
        var ids = await gestures
            .Select(gesture => new { Id = gesture.Key, Last = gesture.Max(change => change.Id) })
            .OrderByDescending(gesture => gesture.Last)
            .Skip(skip)
            .Take(take)
            .Select(gesture => gesture.Id)
            .ToListAsync(cancellationToken);
        var changes = await db.RecordChanges.AsNoTracking()
            .Where(change => change.WholeId == id && change.WholeType == type && ids.Contains(change.ChangeSetId))
            .OrderBy(change => change.Id)
            .ToListAsync(cancellationToken);

        // Compared with what each field holds now, to offer only the values that would change something.
        await db.LoadWholeAsync(type, id, cancellationToken);
        var records = db.ChangeTracker.Entries<IRecorded>().ToDictionary(entry => entry.Entity.Id);
        var mayEdit = RecordTypes.Of(type).Edits is not { } right || actor.May(right);
        var lives = records.TryGetValue(id, out var whole) && whole.Entity is not IBinnable { DeletedAt: not null } and not ISealed { WhySealed: not null };
        return new Page<HistoryEntry>(await EntriesAsync(db, actor, ids, changes, Returns, cancellationToken), total);

        bool Returns(RecordChange change, FieldChange field)
            => mayEdit
                && lives
                && change.Kind is ChangeKind.Updated
                && records.TryGetValue(change.RecordId, out var record)
                && record.Metadata.FindProperty(field.Field) is not null
                && RecordTypes.WhyNotAlone(record.Metadata.ClrType, field.Field) is null
                && FieldChanges.Text(record.Property(field.Field).CurrentValue) != field.Before;
    }

    /// <summary>What one person (null: the product itself) did to a record on a day of the team's time zone, newest first, at most a hundred gestures.</summary>
    /// <exception cref="BusinessRuleException">The record does not exist or the actor may not see it.</exception>
    public async Task<IReadOnlyList<HistoryEntry>> OfDayAsync(string type, Guid id, Guid? byId, DateOnly day, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await DemandVisibleAsync(db, actor, type, id, cancellationToken);
        var (from, to) = (clock.ToUtc(day, TimeOnly.MinValue), clock.ToUtc(day.AddDays(1), TimeOnly.MinValue));
        var changes = await db.RecordChanges.AsNoTracking()
            .Where(change => change.WholeId == id && change.WholeType == type && change.ChangeSet.ActorId == byId && change.ChangeSet.At >= from && change.ChangeSet.At < to)
            .OrderByDescending(change => change.Id)
            .Take(1000)
            .ToListAsync(cancellationToken);
        return await EntriesAsync(db, actor, [.. changes.Select(change => change.ChangeSetId).Distinct().Take(100)], changes, (_, _) => false, cancellationToken);
    }

    /// <summary>How many records a gesture changed; asked before it is taken back.</summary>
    public async Task<int> CountRecordsAsync(Guid changeSetId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RecordChanges.Where(change => change.ChangeSetId == changeSetId).Select(change => change.WholeId).Distinct().CountAsync(cancellationToken);
    }

    /// <summary>Everything that one gesture did, at most <paramref name="take"/> rows, for the audit.</summary>
    /// <exception cref="BusinessRuleException">The actor may not read the audit, or the gesture does not exist.</exception>
    public async Task<(HistoryEntry Entry, int Rows)> OfGestureAsync(Guid changeSetId, int take = 200, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.ReadAudit);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.RecordChanges.CountAsync(change => change.ChangeSetId == changeSetId, cancellationToken);
        var changes = await db.RecordChanges.AsNoTracking().Where(change => change.ChangeSetId == changeSetId).OrderBy(change => change.Id).Take(take).ToListAsync(cancellationToken);
        var entries = await EntriesAsync(db, actor, [changeSetId], changes, (_, _) => false, cancellationToken);
        return entries is [var entry] ? (entry, rows) : throw new BusinessRuleException("Ce geste n'est pas dans l'historique.");
    }

    private static async Task DemandVisibleAsync(MedCrmDbContext db, Actor actor, string type, Guid id, CancellationToken cancellationToken)
    {
        if (!(await db.VisibleIdsAsync(actor, type, [id], cancellationToken)).Contains(id))
        {
            throw new BusinessRuleException("Cette fiche n'existe plus, ou vous n'y avez pas accès.");
        }
    }

    private async Task<List<HistoryEntry>> EntriesAsync(MedCrmDbContext db, Actor actor, List<Guid> ids, List<RecordChange> changes, Func<RecordChange, FieldChange, bool> returns, CancellationToken cancellationToken)
    {
        var sets = await db.ChangeSets.AsNoTracking().Where(set => ids.Contains(set.Id)).ToDictionaryAsync(set => set.Id, cancellationToken);
        var closed = await ClosedAsync(db, actor, changes, cancellationToken);
        var stored = changes.ToLookup(change => (change.ChangeSetId, change.RecordId));
        changes = [.. stored.SelectMany(FoldedChanges.Of)];
        var fields = changes.ToDictionary(change => change.Id, change => closed.Contains(change.WholeId) ? [] : Readable(FieldChanges.Read(change.Fields), actor));
        var names = await db.NamesOfAsync(
            from change in changes
            let type = RecordTypes.ClrTypeOf(change.RecordType)
            where type is not null
            from field in fields[change.Id]
            from text in new[] { field.Before, field.After }
            let reference = HistoryText.IdOf(type, field.Field, text)
            where reference is not null
            select reference.Value,
            cancellationToken);
        var bySet = changes.ToLookup(change => change.ChangeSetId);
        var merges = await db.MergedRecords.Where(merged => ids.Contains(merged.ChangeSetId)).GroupBy(merged => merged.ChangeSetId).ToDictionaryAsync(merged => merged.Key, merged => Bin.DaysLeft(merged.Min(one => one.At), clock.UtcNow) == 0, cancellationToken);

        return [.. ids.Where(sets.ContainsKey).Select(id => sets[id]).Select(set => new HistoryEntry(
            set.Id,
            set.At,
            set.ActorId,
            set.ActorName,
            set.Sentence,
            set.Origin,
            set.RevertedById is not null,
            set.RevertedById is null && !merges.GetValueOrDefault(set.Id) && set is not { ActorId: null, Origin: ChangeOrigin.Job } && (set.ActorId == actor.Id || actor.May(Right.Administer)),
            [.. bySet[set.Id].Where(change => change.RecordId == change.WholeId || !closed.Contains(change.WholeId)).Select(change => Describe(change, fields[change.Id], stored[(change.ChangeSetId, change.RecordId)], names, returns)).Where(SaysSomething).OrderBy(change => change.IsPart)])
        {
            TookBack = set.RevertsId is not null,
            IsMerge = merges.ContainsKey(set.Id),
            IsLate = merges.GetValueOrDefault(set.Id),
        })];
    }

    // The audit is read by people who see everything but what somebody wrote for themselves.
    private static async Task<HashSet<Guid>> ClosedAsync(MedCrmDbContext db, Actor actor, List<RecordChange> changes, CancellationToken cancellationToken)
    {
        var activities = changes.Where(change => change.WholeType == nameof(Activity)).Select(change => change.WholeId).Distinct().ToArray();
        return activities.Length == 0 ? [] : [.. activities.Except(await db.VisibleIdsAsync(actor, nameof(Activity), activities, cancellationToken))];
    }

    private HistoryChange Describe(RecordChange change, IReadOnlyList<FieldChange> fields, IEnumerable<RecordChange> stored, Dictionary<Guid, string> names, Func<RecordChange, FieldChange, bool> returns)
    {
        var type = RecordTypes.ClrTypeOf(change.RecordType);
        var shown = type is null ? [] : fields.Where(field => Labels.Has(type, field.Field) && !IsUnset(change.Kind, field)).Select(field => new HistoryField(
            SourceOf(field.Field),
            field.Field,
            Labels.Of(type, field.Field),
            HistoryText.Of(type, field.Field, field.Before, names, clock),
            HistoryText.Of(type, field.Field, field.After, names, clock),
            returns(change, field))
        {
            IsWords = HistoryText.IsWords(type, field.Field),
        });
        return new HistoryChange(change.RecordType, change.RecordId, RecordTypes.Of(change.RecordType).Noun, change.RecordName, change.RecordId != change.WholeId, change.Kind, [.. shown])
        {
            Address = RecordTypes.AddressOf(change.WholeType, change.WholeId),
        };

        // The stored change that knows the value before: of several in one gesture, the first that touched the field.
        long SourceOf(string field)
            => stored.Count() == 1 ? change.Id : stored.OrderBy(one => one.Id).First(one => FieldChanges.Read(one.Fields).Any(touched => touched.Field == field)).Id;
    }

    // Costs are the business of those who see margins, in the past as in the present.
    private static IReadOnlyList<FieldChange> Readable(IReadOnlyList<FieldChange> fields, Actor actor)
        => actor.May(Right.SeeMargins) ? fields : [.. fields.Where(field => field.Field != nameof(Billing.PricedLine.UnitCost))];

    // Bookkeeping alone (a place in a column, the line of passage beside a move) is nothing to read.
    private static bool SaysSomething(HistoryChange change) => change.Fields.Count > 0 || (!change.IsPart && change.Kind is not ChangeKind.Updated);

    // A box that was never ticked says nothing about a creation or a removal.
    private static bool IsUnset(ChangeKind kind, FieldChange field) => kind is not ChangeKind.Updated && (field.After ?? field.Before) == "false";
}
