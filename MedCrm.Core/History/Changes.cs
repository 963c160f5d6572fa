using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>A record that a partial return left as it stands, and why.</summary>
public sealed record SkippedRecord(string Type, Guid Id, string Name, Sentence Reason);

/// <summary>What a return did: how many records came back, and which were left because somebody touched them since.</summary>
public sealed record Reverted(Done Done, int Records, IReadOnlyList<SkippedRecord> Skipped);

/// <summary>How far a return is: records looked after so far, of how many.</summary>
public readonly record struct RevertProgress(int Done, int Total);

/// <summary>The door of the change history: takes gestures back, and single values.</summary>
public sealed class Changes(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const string Undone = "Annulé : ";
    private const string Redone = "Rétabli : ";

    /// <summary>Takes a whole gesture back, all or nothing: every field returns to what it was, what was created goes to the bin, what was removed returns. Taking back an undo does the gesture again.</summary>
    /// <exception cref="BusinessRuleException">Somebody changed one of the records since, the gesture is not the actor's, or a rule refuses the old state. The message says who, when and what.</exception>
    public async Task<Done> UndoAsync(Guid changeSetId, CancellationToken cancellationToken = default)
        => (await RevertAsync(changeSetId, skipTouched: false, progress: null, cancellationToken)).Done;

    /// <summary>
    /// Takes a gesture back, leaving the records that somebody touched since when <paramref name="skipTouched"/>: an import can be undone after
    /// people worked on some of its rows. Thousands of records return portion by portion, and others write in between; a return that stopped
    /// half-way is finished by asking for it again. <paramref name="progress"/> hears of the records done.
    /// </summary>
    /// <exception cref="BusinessRuleException">As for <see cref="UndoAsync"/>; with <paramref name="skipTouched"/>, only what concerns the gesture as a whole.</exception>
    public async Task<Reverted> RevertAsync(Guid changeSetId, bool skipTouched, IProgress<RevertProgress>? progress = null, CancellationToken cancellationToken = default)
        => await RevertAsync(await currentUser.GetAsync(cancellationToken), changeSetId, skipTouched, progress, cancellationToken);

    /// <summary>The same for somebody who may have left meanwhile: a background task.</summary>
    internal async Task<Reverted> RevertAsync(Actor actor, Guid changeSetId, bool skipTouched, IProgress<RevertProgress>? progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var set = await FindAsync(db, changeSetId, actor, cancellationToken);
        var begun = await Begun(db.ChangeSets).Where(undo => undo.RevertsId == set.Id).AsNoTracking().ToListAsync(cancellationToken);
        var inversion = new Inversion(db, set, actor, clock);
        await inversion.ReadAsync([.. begun.Select(undo => undo.Id)], cancellationToken);
        if (inversion.Shares.Count == 0)
        {
            throw new BusinessRuleException("Ce geste n'a rien modifié : il n'y a rien à annuler.");
        }

        // Looked through before the gate: a long import is read while others go on writing.
        progress?.Report(new RevertProgress(inversion.Done, inversion.Shares.Count));
        var left = skipTouched || !inversion.IsSmall ? await inversion.ExamineAsync(cancellationToken) : [];
        if (!skipTouched && left.Count > 0)
        {
            throw new BusinessRuleException(left.First().Value);
        }

        var gesture = begun.Find(undo => undo.ActorId == actor.Id) is { } own ? Gesture.Resume(own, actor) : new Gesture(actor, SentenceOf(set), ChangeOrigin.Undo, set.Id);
        db.Gesture = gesture;
        var portions = inversion.Portions(left);
        var done = inversion.Done;
        // A return that stopped just before its end has nothing more to put back, and still has to be told.
        for (var index = 0; index < portions.Count || (index == 0 && gesture.IsStored); index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await db.InTransactionAsync(() => TakeBackAsync(index), CancellationToken.None);
            }
            catch (BusinessRuleException refusal) when (done > 0)
            {
                throw new BusinessRuleException($"{refusal.Sentence} {done} fiches sont déjà revenues : recommencez pour finir.");
            }

            done += index < portions.Count ? portions[index].Length : 0;
            progress?.Report(new RevertProgress(done, inversion.Shares.Count));
        }

        return new Reverted(
            new Done(inversion.Shares[0].WholeId, gesture.Sentence, gesture.Undoable),
            inversion.Shares.Count - left.Count,
            [.. inversion.Shares.Where(share => left.ContainsKey(share.WholeId)).Select(share => new SkippedRecord(share.WholeType, share.WholeId, share.Name, left[share.WholeId]))]);

        async Task TakeBackAsync(int index)
        {
            await FindAsync(db, changeSetId, actor, cancellationToken);
            if (index < portions.Count)
            {
                await inversion.ApplyAsync(portions[index], left, skipTouched, CancellationToken.None);
            }

            if (index >= portions.Count - 1 && gesture.Undoable is not null)
            {
                await MarkAsync(db, set.Id, gesture.ChangeSetId, CancellationToken.None);
            }
        }
    }

    /// <summary>The returns that stopped half-way: they took part of a gesture back, and the gesture still stands.</summary>
    internal static IQueryable<ChangeSet> Begun(IQueryable<ChangeSet> sets)
        => sets.Where(undo => undo.RevertsId != null && undo.RevertedById == null && !sets.Any(set => set.RevertedById == undo.Id));

    /// <summary>Gives one field of a record the value it had before a change.</summary>
    /// <exception cref="BusinessRuleException">The actor may not, the record is gone, the value cannot return alone, or a rule refuses it.</exception>
    public async Task<Done> RevertValueAsync(long recordChangeId, string field, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var change = await db.RecordChanges.AsNoTracking().SingleOrDefaultAsync(c => c.Id == recordChangeId, cancellationToken)
            ?? throw new BusinessRuleException("Cette valeur n'est plus dans l'historique.");
        var type = RecordTypes.ClrTypeOf(change.RecordType);
        if (type is null || change.Kind is not ChangeKind.Updated || !Labels.Has(type, field) || FieldChanges.Read(change.Fields).FirstOrDefault(f => f.Field == field) is not { } value)
        {
            throw new BusinessRuleException("Cette valeur ne peut pas revenir seule.");
        }

        if (RecordTypes.WhyNotAlone(type, field) is { } reason)
        {
            throw new BusinessRuleException(reason);
        }

        if (RecordTypes.Of(change.WholeType).Edits is { } right)
        {
            actor.Demand(right);
        }

        if (!(await db.VisibleIdsAsync(actor, change.WholeType, [change.WholeId], cancellationToken)).Contains(change.WholeId))
        {
            throw new BusinessRuleException("Cette fiche n'existe plus, ou vous n'y avez pas accès.");
        }

        if (type == typeof(SavedView) && !await db.SavedViews.AnyAsync(view => view.Id == change.WholeId && view.OwnerId == actor.Id, cancellationToken))
        {
            throw new BusinessRuleException("Seule la personne qui a créé cette vue la modifie.");
        }

        var whole = await db.LoadWholeAsync(change.WholeType, change.WholeId, cancellationToken);
        var record = db.ChangeTracker.Entries<IRecorded>().Select(entry => entry.Entity).FirstOrDefault(candidate => candidate.Id == change.RecordId);
        if (record is null || whole is IBinnable { DeletedAt: not null })
        {
            throw new BusinessRuleException($"« {change.RecordName} » n'existe plus : restaurez d'abord la fiche.");
        }

        if (whole is ISealed { WhySealed: { } sealing })
        {
            throw new BusinessRuleException(sealing);
        }

        var restoration = new Restoration(db, actor, clock.UtcNow);
        restoration.Put(record, field, value.Before);
        var refusals = await restoration.RefusalsAsync(new HashSet<(Guid, string)>(), new HashSet<Guid>(), cancellationToken);
        if (refusals.Count > 0)
        {
            throw new BusinessRuleException(refusals.First().Value, field);
        }

        var gesture = db.Begin(actor, $"{Labels.Of(type, field)} de « {record.RecordName} » : ancienne valeur remise");
        await restoration.ApplyAsync(new HashSet<Guid>(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(change.WholeId, gesture.Sentence, gesture.Undoable);
    }

    private static async Task<ChangeSet> FindAsync(MedCrmDbContext db, Guid changeSetId, Actor actor, CancellationToken cancellationToken)
    {
        var set = await db.ChangeSets.AsNoTracking().SingleOrDefaultAsync(s => s.Id == changeSetId, cancellationToken)
            ?? throw new BusinessRuleException("Ce geste n'est plus dans l'historique.");
        if (set.ActorId != actor.Id && !actor.May(Right.Administer))
        {
            throw new BusinessRuleException("Seule la personne qui a fait ce geste, ou un administrateur, peut l'annuler.");
        }

        if (set is { ActorId: null, Origin: ChangeOrigin.Job })
        {
            throw new BusinessRuleException("Ce que MedCRM a fait de lui-même ne s'annule pas d'ici.");
        }

        return set.RevertedById is null ? set : throw new BusinessRuleException("Ce geste est déjà annulé.");
    }

    private static string SentenceOf(ChangeSet set) => set.Sentence switch
    {
        _ when set.RevertsId is null => Undone + set.Sentence,
        _ when set.Sentence.StartsWith(Undone, StringComparison.Ordinal) => Redone + set.Sentence[Undone.Length..],
        _ when set.Sentence.StartsWith(Redone, StringComparison.Ordinal) => Undone + set.Sentence[Redone.Length..],
        _ => Undone + set.Sentence,
    };

    // A gesture, its undo, the undo of that one…: each one taken back gives its own target its effect again, and so on down the chain.
    private static async Task MarkAsync(MedCrmDbContext db, Guid changeSetId, Guid byId, CancellationToken cancellationToken)
    {
        var (id, by) = ((Guid?)changeSetId, (Guid?)byId);
        while (id is not null)
        {
            var set = await db.ChangeSets.SingleAsync(s => s.Id == id, cancellationToken);
            set.RevertedById = by;
            (id, by) = (set.RevertsId, by is null ? set.Id : null);
        }

        await db.SaveChangesAsync(cancellationToken);
    }
}
