using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>The records that a gesture on several of them is about: those picked one by one, or all the results of a query.</summary>
public sealed record ListSelection
{
    private ListSelection(IReadOnlyCollection<Guid>? ids, ListQuery? query) => (Ids, Query) = (ids, query);

    /// <summary>Those picked, or null.</summary>
    public IReadOnlyCollection<Guid>? Ids { get; }

    /// <summary>The query whose results are all picked, or null.</summary>
    public ListQuery? Query { get; }

    /// <summary>Records picked one by one.</summary>
    public static ListSelection Of(IReadOnlyCollection<Guid> ids) => new(ids, null);

    /// <summary>All the results of a query, as they are when the gesture starts.</summary>
    public static ListSelection All(ListQuery query) => new(null, query);
}

/// <summary>How far a gesture on several records has come.</summary>
public sealed record BulkProgress(int Done, int Total);

/// <summary>A record that a gesture on several could not change, and why.</summary>
public sealed record RefusedRow(Guid Id, string Name, Sentence Reason);

/// <summary>What a gesture on several records did: how many it changed, which it could not, and the one change set that takes it all back.</summary>
public sealed record BulkResult(int Changed, IReadOnlyList<RefusedRow> Failures, Done Done);

/// <summary>What a selection undergoes.</summary>
public abstract record BulkChange
{
    private BulkChange()
    {
    }

    /// <summary>A field takes a value, written as in a cell; null or empty clears it.</summary>
    public sealed record Set(string Column, string? Text) : BulkChange;

    /// <summary>Tags are added.</summary>
    public sealed record AddTags(string Column, IReadOnlyList<string> Tags) : BulkChange;

    /// <summary>Tags are removed.</summary>
    public sealed record RemoveTags(string Column, IReadOnlyList<string> Tags) : BulkChange;

    /// <summary>The records go to the bin.</summary>
    public sealed record Delete : BulkChange;
}

/// <summary>A list whose records can be changed without opening them.</summary>
public interface IEditableList : IRecordList
{
    /// <summary>Whether the person may change records at all.</summary>
    Task<bool> MayEditAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives a cell a new value. <paramref name="seen"/> is the value that was on screen, in the same writing.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same field meanwhile.</exception>
    /// <exception cref="BusinessRuleException">The value is refused.</exception>
    Task<Done> EditAsync(Guid id, string column, string? seen, string? typed, CancellationToken cancellationToken = default);

    /// <summary>The value of a cell as its editor writes it.</summary>
    string? TextOf(string column, object? value);

    /// <summary>Changes a selection, a hundred records at a time, as one change set.</summary>
    Task<BulkResult> ChangeAsync(ListSelection selection, BulkChange change, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>
/// The door of a list whose records are edited through <typeparamref name="TDetails"/>: in a cell, or many at once. Every change goes
/// through the record's own verb, so that its rules hold whatever the way in.
/// </summary>
public abstract class EditableList<TEntity, TDetails>(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : RecordList<TEntity>(contexts, currentUser, clock), IEditableList
    where TEntity : class, IRecorded
    where TDetails : class, new()
{
    // A chunk stays well under the 200 ms that one writer may hold the database.
    private const int ChunkSize = 100;

    /// <summary>The right that editing asks for.</summary>
    protected abstract Right EditRight { get; }

    /// <inheritdoc/>
    public async Task<bool> MayEditAsync(CancellationToken cancellationToken = default) => (await CurrentUser.GetAsync(cancellationToken)).May(EditRight);

    /// <inheritdoc/>
    public Task<Done> EditAsync(Guid id, string column, string? seen, string? typed, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var known = EditedColumn(column);
            var property = known.Edited!;
            var actor = await CurrentUser.GetAsync(cancellationToken);
            actor.Demand(EditRight);
            await using var db = await Contexts.CreateDbContextAsync(cancellationToken);

            var record = await Whole(Visible(db, actor)).SingleOrDefaultAsync(record => record.Id == id, cancellationToken)
                ?? throw new BusinessRuleException("Cette fiche n'existe plus, ou vous n'y avez plus accès.");
            var (was, wanted, now) = (DetailsOf(record), DetailsOf(record), DetailsOf(record));
            property.SetValue(was, CellText.Read(known, property, seen, Clock.Today));
            property.SetValue(wanted, CellText.Read(known, property, typed, Clock.Today));
            var merged = await db.MergeAsync(record, was, wanted, now, cancellationToken);

            var gesture = db.Begin(actor, $"« {record.RecordName} » : champ « {known.Label} » modifié");
            await EditAsync(new ListScope(db, actor, Clock), record, merged, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(id, gesture.Sentence, gesture.Undoable);
        });

    /// <inheritdoc/>
    public string? TextOf(string column, object? value) => CellText.Write(value);

    /// <inheritdoc/>
    public Task<BulkResult> ChangeAsync(ListSelection selection, BulkChange change, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        switch (change)
        {
            case BulkChange.Set set:
                var column = EditedColumn(set.Column);
                var value = CellText.Read(column, column.Edited!, set.Text, Clock.Today);
                return ApplyAsync(selection, counted => $"Champ « {column.Label} » modifié sur {counted}", EditWith(details => column.Edited!.SetValue(details, value)), progress, cancellationToken);
            case BulkChange.AddTags add:
                return ApplyAsync(selection, counted => $"Étiquettes ajoutées à {counted}", EditWith(Tags(add.Column, tags => [.. tags, .. add.Tags])), progress, cancellationToken);
            case BulkChange.RemoveTags remove:
                var removed = remove.Tags.Select(SearchKey.Fold).ToHashSet();
                return ApplyAsync(selection, counted => $"Étiquettes retirées de {counted}", EditWith(Tags(remove.Column, tags => [.. tags.Where(tag => !removed.Contains(SearchKey.Fold(tag)))])), progress, cancellationToken);
            case BulkChange.Delete:
                return ApplyAsync(selection, counted => $"{counted} à la corbeille", RemoveAsync, progress, cancellationToken);
            default:
                throw new InvalidOperationException($"Unknown change {change}");
        }
    }

    /// <summary>
    /// Does the same to every record of a selection, through a verb: the way in for gestures of a room's own (moving deals to a stage).
    /// <paramref name="tell"/> says it of how many: « 12 affaires ». A record that refuses keeps its values and is named in the result.
    /// </summary>
    public async Task<BulkResult> ApplyAsync(
        ListSelection selection,
        Func<Sentence, string> tell,
        Func<ListScope, TEntity, CancellationToken, Task> act,
        IProgress<BulkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var actor = await CurrentUser.GetAsync(cancellationToken);
        actor.Demand(EditRight);
        var ids = await IdsOfAsync(selection, cancellationToken);
        // The history keeps its sentence for good: one chunk is counted just before it is saved, several are told as what was asked for.
        var isOneChunk = ids.Count <= ChunkSize;
        var gesture = new Gesture(actor, tell(isOneChunk ? Definition.Counted(ids.Count) : $"une sélection de {Definition.Counted(ids.Count)}"), ChangeOrigin.Bulk);
        var failures = new List<RefusedRow>();
        var done = 0;
        progress?.Report(new BulkProgress(0, ids.Count));
        foreach (var chunk in ids.Chunk(ChunkSize))
        {
            failures.AddRange(await ChangeChunkAsync(gesture, chunk, isOneChunk ? tell : null, act, cancellationToken));
            done += chunk.Length;
            progress?.Report(new BulkProgress(done, ids.Count));
        }

        var changed = ids.Count - failures.Count;
        var told = tell(Definition.Counted(changed));
        return new BulkResult(changed, failures, new Done(ids.Count > 0 ? ids[0] : Guid.Empty, told, gesture.Undoable));
    }

    /// <summary>The records of a selection that the person may see.</summary>
    protected async Task<IReadOnlyList<Guid>> IdsOfAsync(ListSelection selection, CancellationToken cancellationToken)
        => selection.Ids is { } ids ? [.. ids.Distinct()] : await IdsAsync(selection.Query!, cancellationToken: cancellationToken);

    /// <summary>The records with the parts that their verbs need.</summary>
    protected virtual IQueryable<TEntity> Whole(IQueryable<TEntity> records) => records;

    /// <summary>Everything that people edit, as it stands.</summary>
    protected abstract TDetails DetailsOf(TEntity record);

    /// <summary>Takes new values through the record's verb, after the checks that need the database.</summary>
    protected abstract Task EditAsync(ListScope scope, TEntity record, TDetails details, CancellationToken cancellationToken);

    /// <summary>Puts a record in the bin, unless something hangs on it.</summary>
    /// <exception cref="BusinessRuleException">It cannot go.</exception>
    protected virtual Task RemoveAsync(ListScope scope, TEntity record, CancellationToken cancellationToken)
    {
        if (record is not IBinnable binnable)
        {
            throw new BusinessRuleException("Ces fiches ne se suppriment pas.");
        }

        binnable.DeletedAt = Clock.UtcNow;
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<RefusedRow>> ChangeChunkAsync(Gesture gesture, Guid[] ids, Func<Sentence, string>? tell, Func<ListScope, TEntity, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            // A verb that refuses may have half-changed its record: the chunk starts afresh without it.
            var refused = new List<RefusedRow>();
            while (await TryChunkAsync(gesture, [.. ids.Except(refused.Select(row => row.Id))], tell, act, cancellationToken) is { Count: > 0 } more)
            {
                refused.AddRange(more);
            }

            return refused;
        }
        catch (Exception failure) when (failure is DbUpdateException or BusinessRuleException && ids.Length > 1)
        {
            // The database stopped the whole chunk because of one record: take them one by one, so that it alone is left out.
            var refused = new List<RefusedRow>();
            foreach (var id in ids)
            {
                refused.AddRange(await ChangeChunkAsync(gesture, [id], null, act, cancellationToken));
            }

            return refused;
        }
        catch (Exception failure) when (failure is DbUpdateException or BusinessRuleException)
        {
            var reason = failure is BusinessRuleException refusal ? refusal.Sentence : "Cette valeur existe déjà sur une autre fiche.";
            return [new RefusedRow(ids[0], await NameAsync(ids[0], cancellationToken), reason)];
        }
    }

    private async Task<IReadOnlyList<RefusedRow>> TryChunkAsync(Gesture gesture, Guid[] ids, Func<Sentence, string>? tell, Func<ListScope, TEntity, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        db.Gesture = gesture;
        var scope = new ListScope(db, gesture.Actor, Clock);
        var refused = new List<RefusedRow>();
        var records = await Whole(Visible(db, gesture.Actor)).Where(record => ids.Contains(record.Id)).ToDictionaryAsync(record => record.Id, cancellationToken);
        foreach (var id in ids)
        {
            if (!records.TryGetValue(id, out var record))
            {
                refused.Add(new RefusedRow(id, "Fiche introuvable", "Elle n'existe plus, ou vous n'y avez pas accès."));
                continue;
            }

            try
            {
                await act(scope, record, cancellationToken);
            }
            catch (BusinessRuleException refusal)
            {
                refused.Add(new RefusedRow(id, record.RecordName, refusal.Sentence));
            }
        }

        if (refused.Count == 0)
        {
            gesture.Sentence = tell is null ? gesture.Sentence : tell(Definition.Counted(ids.Length));
            await db.SaveChangesAsync(cancellationToken);
        }

        return refused;
    }

    private async Task<string> NameAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Set<TEntity>().IgnoreQueryFilters().SingleOrDefaultAsync(record => record.Id == id, cancellationToken))?.RecordName ?? "Fiche introuvable";
    }

    private Func<ListScope, TEntity, CancellationToken, Task> EditWith(Action<TDetails> change) => (scope, record, cancellationToken) =>
    {
        var details = DetailsOf(record);
        change(details);
        return EditAsync(scope, record, details, cancellationToken);
    };

    private Action<TDetails> Tags(string column, Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        var property = EditedColumn(column).Edited!;
        return details => property.SetValue(details, change((IReadOnlyList<string>)property.GetValue(details)!));
    }

    private ListColumn<TEntity> EditedColumn(string key)
        => Definition.Column(key) is { Edited: not null } column ? column : throw new BusinessRuleException("Ce champ ne se modifie pas ici.");
}
