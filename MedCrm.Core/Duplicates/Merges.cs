using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Duplicates;

/// <summary>One of the records about to become one. Moments are UTC.</summary>
public sealed record MergeSide(Guid Id, string Name, string? Detail, Guid Version, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>What one record says in a field; null when it says nothing.</summary>
public sealed record MergeOption(Guid RecordId, string? Text);

/// <summary>A field of the record to be: what each of the records says, and the one whose value is taken.</summary>
public sealed record MergeField(string Property, string Label, IReadOnlyList<MergeOption> Options, Guid Chosen)
{
    /// <summary>Whether the values are words of the business, and not what people wrote.</summary>
    public bool IsWords { get; init; }

    /// <summary>What the field will hold when all values stay; null when one of them is taken.</summary>
    public string? Joined { get; init; }

    /// <summary>Whether somebody may choose between two values.</summary>
    public bool IsChoice => Joined is null && Options.Select(option => option.Text).OfType<string>().Distinct().Count() > 1;

    /// <summary>Whether the record that stays gains what only another one said.</summary>
    public bool IsGained { get; init; }
}

/// <summary>A merge as it would be: nothing is changed yet. The record that stays comes first. What moves out of the actor's sight is neither named nor counted.</summary>
public sealed record MergeDraft(string Type, Guid KeptId, IReadOnlyList<MergeSide> Sides, IReadOnlyList<MergeField> Fields, IReadOnlyList<Sentence> Moves, bool MovesOthers, IReadOnlyList<Sentence> Notes);

/// <summary>The order to merge: the record that stays, each record with the version that was looked at, and whose value each field takes.</summary>
public sealed record MergeOrder(string Type, Guid KeptId, IReadOnlyDictionary<Guid, Guid> Seen, IReadOnlyDictionary<string, Guid> Picks);

/// <summary>Where a record went: the one that it is part of now.</summary>
public sealed record MergedInto(Guid Id, string Name, string OldName, DateTime At);

/// <summary>A merge of the last weeks: what became one, who did it and when (UTC), and for how long it can be taken apart.</summary>
public sealed record RecentMerge(Guid ChangeSetId, string Type, Guid KeptId, string KeptName, IReadOnlyList<string> OldNames, DateTime At, string ByName, int DaysLeft, bool MayUndo);

/// <summary>The door of merges: two to five records become one, in one gesture that can be taken back for thirty days.</summary>
public sealed class Merges(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Changes changes, BusinessClock clock)
{
    /// <summary>How many records become one at most.</summary>
    public const int Most = 5;

    private const int LongestChain = 50;

    /// <summary>What a merge would do. Without <paramref name="keptId"/> the record that a register knows stays, else the one that most hangs on, else the oldest.</summary>
    /// <exception cref="BusinessRuleException">The records cannot be merged, or not by the actor.</exception>
    public async Task<MergeDraft> PrepareAsync(string type, IReadOnlyCollection<Guid> ids, Guid? keptId = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        var clr = Checked(type, ids);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = keptId is { } asked && ids.Contains(asked) ? asked : await BestAsync(db, actor, clr, [.. ids], cancellationToken);
        var work = new MergeWork(db, actor, clr, kept, ids, clock.UtcNow);
        await work.LoadAsync(cancellationToken);
        var fields = await FieldsAsync(db, work, cancellationToken);
        var sides = work.Going.Prepend(work.Kept).Select(SideOf).ToList();
        await work.ApplyAsync(new Dictionary<string, Guid>(), cancellationToken);
        var (moves, hasOthers) = await work.CountAsync(cancellationToken);
        return new MergeDraft(type, kept, sides, fields, [.. moves.Select(move => RecordTypes.Count(move.Type, move.Count))], hasOthers, [.. work.Notes.Distinct()]);
    }

    /// <summary>Makes several records one: the others go to the bin, what refers to them is moved, and their addresses lead to the one that stays.</summary>
    /// <exception cref="StaleRecordException">Somebody changed one of the records since it was looked at.</exception>
    /// <exception cref="BusinessRuleException">The records cannot be merged, or not by the actor; somebody else has just merged one.</exception>
    public async Task<Done> MergeAsync(MergeOrder order, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        Guid[] ids = [.. order.Seen.Keys];
        var clr = Checked(order.Type, ids);
        if (!ids.Contains(order.KeptId))
        {
            throw new BusinessRuleException("Choisissez la fiche à garder.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");

        // Behind the gate from the first read on: nothing is added meanwhile to a record that goes.
        await db.InTransactionAsync(
            async () =>
            {
                var work = new MergeWork(db, actor, clr, order.KeptId, ids, clock.UtcNow);
                await work.LoadAsync(cancellationToken);
                foreach (var record in work.Going.Prepend(work.Kept))
                {
                    db.Expect((IVersioned)record, order.Seen[record.Id]);
                }

                await work.ApplyAsync(order.Picks, cancellationToken);
                gesture.Sentence = work.Going is [var only]
                    ? $"« {Clean.Shortened(only.RecordName, 120)} » fusionné dans « {Clean.Shortened(work.Kept.RecordName, 120)} »"
                    : $"{work.Going.Count} fiches fusionnées dans « {Clean.Shortened(work.Kept.RecordName, 120)} »";
                db.MergedRecords.AddRange(work.Going.Select(record => new MergedRecord(order.Type, record.Id, record.RecordName, order.KeptId, gesture.ChangeSetId, clock.UtcNow)));
                foreach (var pair in await db.DuplicatePairs.Where(pair => ids.Contains(pair.AId) && ids.Contains(pair.BId)).ToListAsync(cancellationToken))
                {
                    pair.Merge();
                }

                await db.SaveChangesAsync(cancellationToken);
                await CheckAsync(db, actor, work.Kept, cancellationToken);
            },
            cancellationToken);
        return new Done(order.KeptId, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>The record that an old address leads to, however often it was merged since; null when there is none, or out of the actor's sight.</summary>
    public async Task<MergedInto?> FindAsync(string type, Guid oldId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        MergedRecord? first = null;
        var id = oldId;
        for (var step = 0; step < LongestChain; step++)
        {
            var merged = await db.MergedRecords.AsNoTracking().SingleOrDefaultAsync(merged => merged.OldId == id && merged.Type == type, cancellationToken);
            if (merged is null)
            {
                break;
            }

            (first, id) = (first ?? merged, merged.NewId);
        }

        if (first is null)
        {
            return null;
        }

        var name = type == nameof(Institution)
            ? await db.Institutions.VisibleTo(actor).Where(institution => institution.Id == id).Select(institution => institution.Name).SingleOrDefaultAsync(cancellationToken)
            : await VisibleContacts.Of(db, actor).Where(contact => contact.Id == id).Select(contact => contact.FullName).SingleOrDefaultAsync(cancellationToken);
        return name is null ? null : new MergedInto(id, name, first.OldName, first.At);
    }

    /// <summary>The merges that stand, the last first.</summary>
    public async Task<Page<RecentMerge>> RecentAsync(string type, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var merges = VisiblePairs.MergesOf(db, actor).Where(merged => merged.Type == type);
        var gestures = merges.GroupBy(merged => new { merged.ChangeSetId, merged.NewId, merged.At });
        var total = await gestures.CountAsync(cancellationToken);
        var page = await gestures.Select(group => group.Key).OrderByDescending(key => key.At).ThenBy(key => key.ChangeSetId).Skip(skip).Take(take).ToListAsync(cancellationToken);
        var sets = page.Select(key => key.ChangeSetId).ToArray();
        var olds = (await merges.Where(merged => sets.Contains(merged.ChangeSetId)).Select(merged => new { merged.ChangeSetId, merged.OldName }).ToListAsync(cancellationToken)).ToLookup(merged => merged.ChangeSetId, merged => merged.OldName);
        var gesture = await db.ChangeSets.AsNoTracking().Where(set => sets.Contains(set.Id)).ToDictionaryAsync(set => set.Id, cancellationToken);
        var names = await db.NamesOfAsync(page.Select(key => key.NewId), cancellationToken);
        return new Page<RecentMerge>(
            [.. page.Select(key => new RecentMerge(
                key.ChangeSetId,
                type,
                key.NewId,
                names.GetValueOrDefault(key.NewId, ""),
                [.. olds[key.ChangeSetId].Order(StringComparer.CurrentCulture)],
                key.At,
                gesture[key.ChangeSetId].ActorName,
                Bin.DaysLeft(key.At, clock.UtcNow),
                gesture[key.ChangeSetId].ActorId == actor.Id || actor.May(Right.Administer)))],
            total);
    }

    /// <summary>Takes records apart again that became one: each is as it was, and what was moved returns. What was added to the record that stayed remains there.</summary>
    /// <exception cref="BusinessRuleException">It is more than thirty days ago, somebody changed what would return, or the gesture is not the actor's.</exception>
    public async Task<Done> UndoAsync(Guid changeSetId, CancellationToken cancellationToken = default)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.MergedRecords.Where(merged => merged.ChangeSetId == changeSetId).Select(merged => (DateTime?)merged.At).FirstOrDefaultAsync(cancellationToken) is not { } at)
            {
                throw new BusinessRuleException("Ces fiches sont déjà dé-fusionnées.");
            }

            if (Bin.DaysLeft(at, clock.UtcNow) == 0)
            {
                throw new BusinessRuleException($"Cette fusion a plus de {Bin.Days} jours : les fiches fusionnées ont quitté la corbeille.");
            }
        }

        return await changes.UndoAsync(changeSetId, cancellationToken);
    }

    /// <summary>The record at the end of the chain of merges; the record itself when it was never merged.</summary>
    internal static Guid KeptOf(IReadOnlyDictionary<Guid, Guid> keptOf, Guid id)
    {
        for (var step = 0; step < LongestChain && keptOf.TryGetValue(id, out var next); step++)
        {
            id = next;
        }

        return id;
    }

    private static Type Checked(string type, IReadOnlyCollection<Guid> ids)
        => type is not (nameof(Institution) or nameof(Contact)) ? throw new BusinessRuleException("Seuls des établissements ou des contacts se fusionnent.")
            : ids.Distinct().Count() is < 2 or > Most ? throw new BusinessRuleException($"Choisissez de 2 à {Most} fiches à fusionner.")
            : RecordTypes.ClrTypeOf(type)!;

    private static MergeSide SideOf(IRecorded record) => record switch
    {
        Institution i => new MergeSide(i.Id, i.Name, string.Join(" · ", new[] { i.City, i.FinessEt ?? i.FinessEj }.OfType<string>()), i.Version, i.CreatedAt, i.UpdatedAt),
        Contact c => new MergeSide(c.Id, c.FullName, string.Join(" · ", new[] { c.JobTitle, c.Email }.OfType<string>()), c.Version, c.CreatedAt, c.UpdatedAt),
        _ => throw new InvalidOperationException($"{record.GetType().Name} is not merged."),
    };

    private static async Task CheckAsync(MedCrmDbContext db, Actor actor, IRecorded kept, CancellationToken cancellationToken)
    {
        if (kept is Institution institution)
        {
            await Institutions.CheckAsync(db, actor, institution, cancellationToken);
        }
        else if (kept is Contact contact)
        {
            await Contacts.CheckUniqueAsync(db, contact, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<MergeField>> FieldsAsync(MedCrmDbContext db, MergeWork work, CancellationToken cancellationToken)
    {
        var (details, record) = (work.Sides[0].Details.GetType(), work.Kept.GetType());
        var properties = MergeFields.Of(details).ToList();
        var names = await db.NamesOfAsync(work.Sides.SelectMany(side => properties.Select(field => field.GetValue(side.Details))).OfType<Guid>(), cancellationToken);
        return [.. properties.Select(field => new MergeField(
            field.Name,
            Labels.Of(details, field.Name),
            [.. work.Sides.Select(side => new MergeOption(side.Id, TextOf(field.GetValue(side.Details), field.Name)))],
            MergeFields.DefaultOf(field, work.Sides))
        {
            IsWords = HistoryText.IsWords(record, field.Name) || DisplayText.IsWords(field.PropertyType),
            Joined = !MergeFields.IsJoined(field) ? null : field.PropertyType == typeof(string) ? MergeFields.JoinedText(field, work.Sides) ?? "" : string.Join(", ", MergeFields.JoinedTexts(field, work.Sides)),
            IsGained = MergeFields.IsEmpty(field.GetValue(work.Sides[0].Details)) && work.Sides.Any(side => !MergeFields.IsEmpty(field.GetValue(side.Details))),
        })];

        string? TextOf(object? value, string property)
            => value is IReadOnlyList<string> texts ? DisplayText.Of(texts)
                : value is Enum && MergeFields.IsEmpty(value) && value is Ownership or Influence ? null
                : HistoryText.Of(record, property, FieldChanges.Text(value), names, clock);
    }

    private static async Task<Guid> BestAsync(MedCrmDbContext db, Actor actor, Type type, Guid[] ids, CancellationToken cancellationToken)
    {
        var links = (await RecordLinks.ToAsync(db, type, ids, withBin: false, cancellationToken)).CountBy(link => link.To).ToDictionary();
        var sides = type == typeof(Institution)
            ? await db.Institutions.VisibleTo(actor).Where(i => ids.Contains(i.Id)).Select(i => new { i.Id, IsKnown = i.FinessEt != null || (i.IsLegalEntity && i.FinessEj != null), i.CreatedAt }).ToListAsync(cancellationToken)
            : await VisibleContacts.Of(db, actor).Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, IsKnown = c.Rpps != null, c.CreatedAt }).ToListAsync(cancellationToken);
        return sides.OrderByDescending(side => side.IsKnown).ThenByDescending(side => links.GetValueOrDefault(side.Id)).ThenBy(side => side.CreatedAt).Select(side => side.Id).FirstOrDefault(ids[0]);
    }
}
