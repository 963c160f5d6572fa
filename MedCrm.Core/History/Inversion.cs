using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>
/// One gesture about to be taken back, record by record: what each record's share of it was, what somebody did to it since, and the
/// values that return. A record in the bin stays there, a value somebody changed since is never overwritten.
/// </summary>
internal sealed class Inversion(MedCrmDbContext db, ChangeSet set, Actor actor, BusinessClock clock)
{
    // Records loaded, checked and saved together: others wait for the gate less than a blink.
    private const int Portion = 50;

    private readonly List<Share> _shares = [];
    private readonly HashSet<Guid> _done = [];
    private readonly HashSet<Guid> _created = [];
    private readonly HashSet<Guid> _returning = [];
    private readonly HashSet<(Guid Id, string Field)> _released = [];
    private readonly HashSet<(Guid From, Guid To)> _tied = [];
    private readonly List<Sentence> _movedOn = [];

    /// <summary>Every record of the gesture, the last touched first.</summary>
    public IReadOnlyList<Share> Shares => _shares;

    /// <summary>How many records came back already, in a return that stopped half-way.</summary>
    public int Done => _done.Count;

    /// <summary>Whether it comes back in one transaction, all or nothing: a small gesture, and a merge whatever it moved, for half of it would be neither one record nor two.</summary>
    public bool IsSmall => IsMerge || _shares.Count <= Portion;

    private bool IsMerge => _shares.Exists(share => share.Changes.Any(change => change.RecordType == nameof(MergedRecord)));

    /// <summary>Reads the gesture from the history. What the returns of <paramref name="begun"/> took back before they stopped is done.</summary>
    public async Task ReadAsync(IReadOnlyList<Guid> begun, CancellationToken cancellationToken)
    {
        if (begun.Count > 0)
        {
            _done.UnionWith(await db.RecordChanges.Where(change => begun.Contains(change.ChangeSetId)).Select(change => change.WholeId).Distinct().ToListAsync(cancellationToken));
        }

        var changes = await db.RecordChanges.AsNoTracking().Where(change => change.ChangeSetId == set.Id).ToListAsync(cancellationToken);
        foreach (var group in changes.ToLookup(change => change.RecordId).SelectMany(FoldedChanges.Of).OrderByDescending(change => change.Id).GroupBy(change => (change.WholeType, change.WholeId)))
        {
            // A record that the gesture created goes to the bin whole: its parts and later touches stay with it.
            var creation = group.FirstOrDefault(change => change is { Kind: ChangeKind.Created } && change.RecordId == change.WholeId);
            var kept = creation is not null && IsBinnable(creation.RecordType) ? [creation] : group.ToList();
            var share = new Share(group.Key.WholeType, group.Key.WholeId, NameOf(group), kept, creation is not null);
            _shares.Add(share);
            Note(share);
        }

        _done.IntersectWith(_shares.Select(share => share.WholeId));
    }

    /// <summary>Which records cannot be taken back, and why. Changes nothing.</summary>
    public async Task<Dictionary<Guid, Sentence>> ExamineAsync(CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<Guid, Sentence>();
        foreach (var portion in Portions(refusals))
        {
            var found = await PrepareAsync(portion, cancellationToken);
            Merge(refusals, found.Refusals);
            db.ChangeTracker.Clear();
        }

        // A record that stays holds back the one it is linked to, which may hold back another.
        var links = await LinksAsync(_created, cancellationToken);
        bool grew;
        do
        {
            grew = false;
            foreach (var share in _shares.Where(share => share.IsCreation && !_done.Contains(share.WholeId) && !refusals.ContainsKey(share.WholeId)))
            {
                if (RefusalOf(share, links, id => GoesToo(id, share.WholeId) && !refusals.ContainsKey(id)) is { } reason)
                {
                    refusals[share.WholeId] = reason;
                    grew = true;
                }
            }
        }
        while (grew);

        return refusals;
    }

    /// <summary>The records still to take back, without those of <paramref name="left"/>, as they are taken back together.</summary>
    public List<Share[]> Portions(IReadOnlyDictionary<Guid, Sentence> left)
        => [.. _shares.Where(share => !_done.Contains(share.WholeId) && !left.ContainsKey(share.WholeId)).Chunk(IsMerge ? _shares.Count : Portion)];

    /// <summary>Puts the values of a portion back and saves it. Runs inside a transaction. What is refused meanwhile joins <paramref name="left"/>.</summary>
    /// <exception cref="BusinessRuleException">A record refuses and <paramref name="mayLeave"/> is false, or nothing is left to put back.</exception>
    public async Task ApplyAsync(Share[] portion, Dictionary<Guid, Sentence> left, bool mayLeave, CancellationToken cancellationToken)
    {
        while (true)
        {
            var going = portion.Where(share => !left.ContainsKey(share.WholeId)).ToArray();
            if (going.Length == 0)
            {
                return;
            }

            var prepared = await PrepareAsync(going, cancellationToken);
            var created = going.Where(share => share.IsCreation && !prepared.Refusals.ContainsKey(share.WholeId)).ToList();
            var links = await LinksAsync([.. created.Select(share => share.WholeId)], cancellationToken);
            foreach (var share in created)
            {
                if (RefusalOf(share, links, id => GoesToo(id, share.WholeId) && !left.ContainsKey(id)) is { } reason)
                {
                    prepared.Refusals[share.WholeId] = reason;
                }
            }

            if (!mayLeave && prepared.Refusals.Count > 0)
            {
                throw new BusinessRuleException(prepared.Refusals.First().Value);
            }

            if (!mayLeave && IsSmall && prepared.Restoration.IsEmpty && _movedOn.Count > 0)
            {
                throw new BusinessRuleException(_movedOn[0]);
            }

            Merge(left, prepared.Refusals);
            try
            {
                await prepared.Restoration.ApplyAsync(prepared.Refusals.Keys.ToHashSet(), cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (BusinessRuleException refusal) when (mayLeave && prepared.Restoration.Broken is not null)
            {
                // Half of it stands in memory: the portion starts afresh without this record.
                left.TryAdd(prepared.Restoration.Broken.Value, refusal.Sentence);
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    // Created by the gesture as well, or tied to what it created by the gesture itself: the link goes with it.
    private bool GoesToo(Guid linked, Guid created) => _created.Contains(linked) || _tied.Contains((linked, created));

    private static bool IsBinnable(string type) => RecordTypes.ClrTypeOf(type)?.IsAssignableTo(typeof(IBinnable)) is true;

    private static bool ChangesHandsOnly(RecordChange change)
        => change.Kind is ChangeKind.Updated && FieldChanges.Read(change.Fields).All(field => field.Field is nameof(IOwned.OwnerId) or nameof(IOwned.TeamId));

    private static string NameOf(IEnumerable<RecordChange> changes)
        => (changes.FirstOrDefault(change => change.RecordId == change.WholeId) ?? changes.First()).RecordName;

    private static void Merge(Dictionary<Guid, Sentence> into, Dictionary<Guid, Sentence> from)
    {
        foreach (var (id, reason) in from)
        {
            into.TryAdd(id, reason);
        }
    }

    private void Note(Share share)
    {
        if (share.IsCreation)
        {
            _created.Add(share.WholeId);
            _released.Add((share.WholeId, nameof(IBinnable.DeletedAt)));
        }

        foreach (var change in share.Changes)
        {
            if (change.Kind is ChangeKind.Deleted)
            {
                _returning.Add(change.RecordId);
            }

            if (change.Kind is ChangeKind.Updated or ChangeKind.Restored)
            {
                var fields = FieldChanges.Read(change.Fields);
                _released.UnionWith(fields.Select(field => (change.RecordId, field.Field)));
                _tied.UnionWith(fields.Where(field => Guid.TryParse(field.After, out _)).Select(field => (share.WholeId, Guid.Parse(field.After!))));
            }
        }
    }

    private async Task<(Dictionary<Guid, Sentence> Refusals, Restoration Restoration)> PrepareAsync(Share[] shares, CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<Guid, Sentence>();
        var restoration = new Restoration(db, actor, clock.UtcNow);
        var records = await LoadAsync(shares, cancellationToken);
        var later = await LaterAsync(shares, cancellationToken);
        var visible = new HashSet<Guid>();
        foreach (var group in shares.GroupBy(share => share.WholeType))
        {
            visible.UnionWith(await db.VisibleIdsAsync(actor, group.Key, [.. group.Select(share => share.WholeId)], cancellationToken));
        }

        // What a merge moved and has left the bin for good since has nothing to return to.
        foreach (var share in shares.Where(share => !IsMerge || records.ContainsKey(share.WholeId) || share.Changes.Any(change => change.Kind is not ChangeKind.Updated)))
        {
            var reason = WhyNot(share, records, visible) ?? Invert(share, records, later[share.WholeId].ToList(), restoration);
            if (reason is not null)
            {
                refusals[share.WholeId] = reason;
            }
        }

        Merge(refusals, await restoration.RefusalsAsync(_released, _returning, cancellationToken));
        return (refusals, restoration);
    }

    private async Task<Dictionary<Guid, IRecorded>> LoadAsync(Share[] shares, CancellationToken cancellationToken)
    {
        foreach (var group in shares.GroupBy(share => share.WholeType))
        {
            if (RecordTypes.ClrTypeOf(group.Key) is { } type)
            {
                await db.LoadWholesAsync(type, [.. group.Select(share => share.WholeId)], cancellationToken);
            }
        }

        // No key of the model ties the mark of a merge to the record that stayed: it outlives both.
        var marks = shares.SelectMany(share => share.Changes).Where(change => change.RecordType == nameof(MergedRecord)).Select(change => change.RecordId).ToArray();
        if (marks.Length > 0)
        {
            await RecordSet.Of(typeof(MergedRecord)).LoadAsync(db, marks, cancellationToken);
        }

        return db.ChangeTracker.Entries<IRecorded>().ToDictionary(entry => entry.Entity.Id, entry => entry.Entity);
    }

    // What was done since to the same records and still stands: a gesture taken back and the one that took it back cancel out.
    private async Task<ILookup<Guid, Later>> LaterAsync(Share[] shares, CancellationToken cancellationToken)
    {
        var ids = shares.Select(share => share.WholeId).ToArray();
        var first = shares.Min(share => share.Changes.Min(change => change.Id));
        var rows = await db.RecordChanges
            .Where(change => ids.Contains(change.WholeId)
                && change.Id > first
                && change.ChangeSetId != set.Id
                && change.ChangeSet.RevertedById == null
                && !db.ChangeSets.Any(reverted => reverted.RevertedById == change.ChangeSetId))
            .OrderByDescending(change => change.Id)
            .Select(change => new Later(change.Id, change.WholeId, change.RecordType, change.RecordId, change.RecordName, change.Kind, change.Fields, change.ChangeSet.ActorId, change.ChangeSet.ActorName, change.ChangeSet.At))
            .ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.WholeId);
    }

    private Sentence? WhyNot(Share share, Dictionary<Guid, IRecorded> records, HashSet<Guid> visible)
    {
        var whole = records.GetValueOrDefault(share.WholeId);
        var returns = !IsBinnable(share.WholeType) && share.Changes.Any(change => change.RecordId == share.WholeId && change.Kind is ChangeKind.Deleted);
        if (RecordTypes.ClrTypeOf(share.WholeType) is null || share.Changes.Any(change => change.Kind is ChangeKind.Purged) || (whole is null && !returns))
        {
            return $"« {share.Name} » n'existe plus : ce geste ne peut plus être annulé.";
        }

        // Who follows a sealed record, and under which institution it stands once two are one, is no part of what binds.
        if (!IsMerge && whole is ISealed { WhySealed: { } reason } && !share.Changes.All(ChangesHandsOnly))
        {
            return reason;
        }

        if (RecordTypes.Of(share.WholeType).Edits is { } right && !actor.May(IsMerge ? Right.EditCustomers : right))
        {
            return $"Votre rôle ne permet pas de modifier « {share.Name} ».";
        }

        // Somebody who gave a record away no longer sees it, and may still take that very gesture back; so may who merged two records and moved what hung on one.
        var gaveAway = set.ActorId == actor.Id
            && (IsMerge || share.Changes.Any(change => change.RecordId == share.WholeId && FieldChanges.Read(change.Fields).Any(field => field.Field is nameof(IOwned.OwnerId) or nameof(IOwned.TeamId))));
        return whole is null || visible.Contains(whole.Id) || gaveAway ? null : (Sentence)$"Vous n'avez pas accès à « {share.Name} ».";
    }

    private Sentence? Invert(Share share, Dictionary<Guid, IRecorded> records, List<Later> later, Restoration restoration)
    {
        var whole = records.GetValueOrDefault(share.WholeId);
        var returns = share.Changes.Any(change => change.RecordId == share.WholeId && change.Kind is ChangeKind.Deleted);
        // What a merge moved returns also inside the bin: it may have lain there all the time.
        if (whole is IBinnable { DeletedAt: not null } && !returns && !IsMerge)
        {
            return later.Find(change => change.RecordId == share.WholeId && change.Kind is ChangeKind.Deleted) is { } deletion
                ? (Sentence)$"« {share.Name} » a été mis à la corbeille depuis {By(deletion)}."
                : $"« {share.Name} » est dans la corbeille.";
        }

        if (share.IsCreation)
        {
            if (later.Find(change => change.Concerns()) is { } touch)
            {
                return $"« {share.Name} » a été complété depuis {By(touch)} ({touch.What()}) : la fiche reste. Supprimez-la si elle est de trop.";
            }

            if (whole is not null && IsBinnable(share.WholeType))
            {
                restoration.Remove(whole);
                return null;
            }
        }

        // What each field will hold as the changes are inverted, the last one first.
        var values = new Dictionary<(Guid, string), string?>();
        foreach (var change in share.Changes)
        {
            var refusal = change.Kind switch
            {
                ChangeKind.Created => Uncreate(change, records, later, restoration),
                ChangeKind.Deleted when !records.ContainsKey(change.RecordId) => Recreate(change, records, restoration),
                _ => PutBack(share, change, records, later, values, restoration),
            };
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private Sentence? Uncreate(RecordChange change, Dictionary<Guid, IRecorded> records, List<Later> later, Restoration restoration)
    {
        if (!records.TryGetValue(change.RecordId, out var record))
        {
            return null;
        }

        if (later.Find(other => other.RecordId == change.RecordId && other.Id > change.Id && other.Concerns()) is { } touch)
        {
            return $"« {change.RecordName} » ({(Sentence)RecordTypes.Of(change.RecordType).Noun}) a été modifié depuis {By(touch)} ({touch.What()}) : annuler perdrait cette modification.";
        }

        restoration.Remove(record);
        return null;
    }

    // A label removed and typed again since is already there: the row need not return twice.
    private Sentence? Recreate(RecordChange change, Dictionary<Guid, IRecorded> records, Restoration restoration)
    {
        if (RecordTypes.ClrTypeOf(change.RecordType) is not { } type)
        {
            return $"« {change.RecordName} » n'existe plus : ce geste ne peut plus être annulé.";
        }

        var before = FieldChanges.Read(change.Fields);
        var isThere = records.Values.Any(record => record.GetType() == type
            && (record as IRecordedPart)?.WholeId == change.WholeId
            && before.All(field => db.Entry(record).Metadata.FindProperty(field.Field) is null || FieldChanges.Text(db.Entry(record).Property(field.Field).CurrentValue) == field.Before));
        if (!isThere)
        {
            restoration.Recreate(type, change);
        }

        return null;
    }

    private Sentence? PutBack(Share share, RecordChange change, Dictionary<Guid, IRecorded> records, List<Later> later, Dictionary<(Guid, string), string?> values, Restoration restoration)
    {
        if (!records.TryGetValue(change.RecordId, out var record))
        {
            return later.Find(other => other.RecordId == change.RecordId && other.Kind is ChangeKind.Deleted) is { } removal
                ? (Sentence)$"« {change.RecordName} » ({(Sentence)RecordTypes.Of(change.RecordType).Noun}) a été retiré depuis {By(removal)}."
                : $"« {change.RecordName} » n'existe plus : ce geste ne peut plus être annulé.";
        }

        var entry = db.Entry(record);
        var fields = FieldChanges.Read(change.Fields);
        foreach (var field in fields)
        {
            if (entry.Metadata.FindProperty(field.Field) is null || (record is IRecordedPart and not IBinnable && change.Kind is ChangeKind.Deleted))
            {
                continue;
            }

            var held = values.TryGetValue((record.Id, field.Field), out var planned) ? planned : FieldChanges.Text(entry.Property(field.Field).CurrentValue);
            var concernsPeople = Labels.Has(record.GetType(), field.Field) || field.Field == nameof(IBinnable.DeletedAt);
            var since = later.Find(other => other.RecordId == record.Id && other.Id > change.Id && FieldChanges.Read(other.Fields).Any(touched => touched.Field == field.Field));
            if (concernsPeople && (held != field.After || since is not null))
            {
                return since is null
                    ? (Sentence)$"« {share.Name} » a été modifié depuis ({LabelOf(record, field.Field)}) : annuler écraserait cette modification."
                    : $"« {share.Name} » : {WhatBoth(record, fields, since)} depuis {By(since)}. Annuler écraserait cette modification.";
            }

            // Bookkeeping that moved on by itself (a place in a column, the last contact) stays where it is.
            if (held == field.After)
            {
                restoration.Put(record, field.Field, field.Before);
                values[(record.Id, field.Field)] = field.Before;
            }
            else
            {
                _movedOn.Add($"« {share.Name} » a bougé depuis{(since is null ? (Sentence)"" : $", {By(since)}")} : il n'y a plus rien à annuler.");
            }
        }

        return null;
    }

    // « Étape, Probabilité (%) ont été modifiés »: what the gesture was about first, then what follows from it.
    private static Sentence WhatBoth(IRecorded record, IReadOnlyList<FieldChange> fields, Later since)
    {
        var touched = FieldChanges.Read(since.Fields).Select(field => field.Field).ToHashSet();
        var labels = fields.Select(field => field.Field)
            .Where(field => touched.Contains(field) && (Labels.Has(record.GetType(), field) || field == nameof(IBinnable.DeletedAt)))
            .OrderBy(field => RecordTypes.WhyNotAlone(record.GetType(), field) is null)
            .Select(field => LabelOf(record, field))
            .ToList();
        return labels.Count == 1 ? (Sentence)$"{labels[0]} a été modifié" : $"{Sentence.Join(", ", labels)} ont été modifiés";
    }

    private static Sentence LabelOf(IRecorded record, string field)
        => field == nameof(IBinnable.DeletedAt) ? "la corbeille" : Labels.Of(record.GetType(), field);

    private Sentence By(Later change)
        => change.ActorId is { } id && id == actor.Id
            ? (Sentence)$"par vous le {clock.ToLocal(change.At):dd/MM/yyyy 'à' HH:mm}"
            : $"par {change.ActorName} le {clock.ToLocal(change.At):dd/MM/yyyy 'à' HH:mm}";

    // The living records that refer to records about to go, by the id they refer to.
    private async Task<ILookup<Guid, (string Type, Guid Id)>> LinksAsync(HashSet<Guid> goingIds, CancellationToken cancellationToken)
    {
        var found = new List<(Guid To, string Type, Guid Id)>();
        foreach (var group in _shares.Where(share => goingIds.Contains(share.WholeId)).GroupBy(share => share.WholeType))
        {
            if (RecordTypes.ClrTypeOf(group.Key) is { } type)
            {
                foreach (var portion in group.Select(share => share.WholeId).Chunk(Portion))
                {
                    found.AddRange(await RecordLinks.ToAsync(db, type, portion, withBin: false, cancellationToken));
                }
            }
        }

        return found.Distinct().ToLookup(link => link.To, link => (link.Type, link.Id));
    }

    private static Sentence? RefusalOf(Share share, ILookup<Guid, (string Type, Guid Id)> links, Func<Guid, bool> goesToo)
    {
        var staying = links[share.WholeId].Where(link => link.Id != share.WholeId && !goesToo(link.Id)).ToList();
        return staying.Count == 0
            ? null
            : (Sentence)$"« {share.Name} » est lié depuis à {Sentence.Join(" et ", staying.GroupBy(link => link.Type).Select(group => RecordTypes.Count(group.Key, group.Count())))} : la fiche reste.";
    }

    /// <summary>One record's part in the gesture, its changes the last one first.</summary>
    internal sealed record Share(string WholeType, Guid WholeId, string Name, IReadOnlyList<RecordChange> Changes, bool IsCreation);

    private sealed record Later(long Id, Guid WholeId, string RecordType, Guid RecordId, string RecordName, ChangeKind Kind, string Fields, Guid? ActorId, string ActorName, DateTime At)
    {
        /// <summary>Whether somebody meant it, as opposed to bookkeeping.</summary>
        public bool Concerns() => Kind is not ChangeKind.Updated || LabelsOf().Any();

        /// <summary>« Téléphone, Ville ».</summary>
        public Sentence What() => Kind is ChangeKind.Updated ? Sentence.Join(", ", LabelsOf()) : $"{(Sentence)RecordTypes.Of(RecordType).Noun} « {RecordName} »";

        private IEnumerable<Sentence> LabelsOf()
            => RecordTypes.ClrTypeOf(RecordType) is { } type
                ? FieldChanges.Read(Fields).Where(field => Labels.Has(type, field.Field)).Select(field => (Sentence)Labels.Of(type, field.Field))
                : [];
    }
}
