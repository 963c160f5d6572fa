using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.Duplicates;

/// <summary>
/// One merge in memory, up to but without the save: the preview and the act are the same work. What refers to the records that go is found by the
/// foreign keys of the model, so that a kind of record added later moves as well; what may stand only once is settled by <see cref="MergeRules"/>.
/// </summary>
internal sealed class MergeWork(MedCrmDbContext db, Actor actor, Type type, Guid keptId, IReadOnlyCollection<Guid> ids, DateTime at)
{
    private readonly List<(string Type, Guid Id)> _moved = [];
    private readonly List<IRecorded> _records = [];
    private Guid[] _going = [];

    /// <summary>The record that stays.</summary>
    public IRecorded Kept { get; private set; } = null!;

    /// <summary>The records that go, the last changed first.</summary>
    public IReadOnlyList<IRecorded> Going { get; private set; } = [];

    /// <summary>The details of each record as they stood, the one that stays first.</summary>
    public IReadOnlyList<(Guid Id, object Details)> Sides { get; private set; } = [];

    /// <summary>What was settled by rule, and what somebody should know before.</summary>
    public List<Sentence> Notes { get; } = [];

    /// <summary>Loads the records whole.</summary>
    /// <exception cref="BusinessRuleException">One is gone, merged already, in the bin, or out of the actor's sight.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        Guid[] all = [.. ids];
        if (await db.MergedRecords.AsNoTracking().FirstOrDefaultAsync(merged => all.Contains(merged.OldId), cancellationToken) is { } earlier)
        {
            throw new BusinessRuleException($"« {earlier.OldName} » a déjà été fusionné avec une autre fiche. Rechargez la page.");
        }

        var visible = await db.VisibleIdsAsync(actor, type.Name, all, cancellationToken);
        if (visible.Count < all.Length)
        {
            throw new BusinessRuleException("Une de ces fiches n'existe plus, ou appartient à une autre équipe : elle ne peut pas être fusionnée.");
        }

        _records.AddRange(await db.LoadWholesAsync(type, all, cancellationToken));
        if (_records.Find(record => record is IBinnable { DeletedAt: not null }) is { } binned)
        {
            throw new BusinessRuleException($"« {binned.RecordName} » est dans la corbeille : elle ne peut pas être fusionnée.");
        }

        Kept = _records.Single(record => record.Id == keptId);
        Going = [.. _records.Where(record => record.Id != keptId).OrderByDescending(record => (DateTime)db.Entry(record).Property("UpdatedAt").CurrentValue!).ThenBy(record => record.Id)];
        _going = [.. Going.Select(record => record.Id)];
        Sides = await SidesAsync(cancellationToken);
    }

    /// <summary>Moves, settles, joins; the records that go are left for the bin. Nothing is saved.</summary>
    public async Task ApplyAsync(IReadOnlyDictionary<string, Guid> picks, CancellationToken cancellationToken)
    {
        WarnOfNumbers();
        foreach (var key in db.Model.FindEntityType(type)!.GetReferencingForeignKeys().Where(key => typeof(IRecorded).IsAssignableFrom(key.DeclaringEntityType.ClrType)).OrderBy(key => key.DeclaringEntityType.Name, StringComparer.Ordinal))
        {
            await MoveAsync(key, cancellationToken);
        }

        await LeaveMainContactsAsync(cancellationToken);
        LeaveOwnManagers();
        Take(picks);
        Free();
        foreach (var record in Going.Cast<IBinnable>())
        {
            record.DeletedAt = at;
        }

        db.ChangeTracker.DetectChanges();
    }

    /// <summary>
    /// The living records that move and that the actor may see, by type and the most numerous first, and whether there are others; what was part
    /// of a record that goes counts as what it is.
    /// </summary>
    public async Task<(IReadOnlyList<(string Type, int Count)> Seen, bool HasOthers)> CountAsync(CancellationToken cancellationToken)
    {
        var hasOthers = false;
        var counts = new List<(string Type, int Count)>();
        foreach (var group in _moved.Distinct().GroupBy(moved => moved.Type))
        {
            var clr = RecordTypes.ClrTypeOf(group.Key)!;
            var count = 0;
            foreach (var portion in group.Select(moved => moved.Id).Chunk(500))
            {
                if (clr.IsAssignableTo(typeof(IRecordedPart)))
                {
                    count += portion.Length;
                    continue;
                }

                var living = await RecordSet.Of(clr).LivingAsync(db, portion, cancellationToken);
                var seen = (await db.VisibleIdsAsync(actor, group.Key, [.. living], cancellationToken)).Count;
                count += seen;
                hasOthers |= seen < living.Count;
            }

            if (count > 0)
            {
                counts.Add((group.Key, count));
            }
        }

        return ([.. counts.OrderByDescending(count => count.Count).ThenBy(count => count.Type, StringComparer.Ordinal)], hasOthers);
    }

    private async Task<List<(Guid Id, object Details)>> SidesAsync(CancellationToken cancellationToken)
    {
        var sides = new List<(Guid Id, object Details)>();
        foreach (var record in Going.Prepend(Kept))
        {
            object details = record is Institution institution ? institution.Details() : ((Contact)record).Details();
            if (details is InstitutionDetails { ParentId: { } parentId } attached && await HangsOnUsAsync(parentId, cancellationToken))
            {
                attached.ParentId = null;
            }

            sides.Add((record.Id, details));
        }

        return sides;
    }

    // A record that stays cannot be attached to itself, nor to what is attached to it once both are one.
    private async Task<bool> HangsOnUsAsync(Guid institutionId, CancellationToken cancellationToken)
    {
        var next = (Guid?)institutionId;
        for (var depth = 0; next is { } id && depth < 20; depth++)
        {
            if (ids.Contains(id))
            {
                return true;
            }

            next = await db.Institutions.IgnoreQueryFilters().Where(institution => institution.Id == id).Select(institution => institution.ParentId).SingleOrDefaultAsync(cancellationToken);
        }

        return false;
    }

    private void WarnOfNumbers()
    {
        var numbers = _records.OfType<Institution>().Select(i => new InstitutionNumbers(i.FinessEt, i.FinessEj, i.IsLegalEntity, i.Siret)).ToList();
        if (numbers.Exists(one => numbers.Exists(one.Contradict)))
        {
            Notes.Add("Leurs numéros FINESS ou SIRET diffèrent : pour les registres ce sont des établissements distincts.");
        }

        if (_records.OfType<Contact>().Select(contact => contact.Rpps).OfType<string>().Distinct().Count() > 1)
        {
            Notes.Add("Leurs numéros RPPS diffèrent : pour le registre ce sont des personnes distinctes.");
        }
    }

    private async Task MoveAsync(IForeignKey key, CancellationToken cancellationToken)
    {
        var property = key.Properties[0];
        var set = RecordSet.Of(key.DeclaringEntityType.ClrType);
        var once = new Dictionary<string, IRecorded>();
        foreach (var row in await set.ReferringAsync(db, property.Name, property.IsNullable, [keptId], withBin: true, tracked: true, cancellationToken))
        {
            if (MergeRules.OnceKey(db.Entry(row), key) is { } known)
            {
                once.TryAdd(known, row);
            }
        }

        var rows = await set.ReferringAsync(db, property.Name, property.IsNullable, _going, withBin: true, tracked: true, cancellationToken);
        var doubles = new Dictionary<string, int>();
        foreach (var row in rows.Where(row => !ids.Contains(row.Id)).OrderBy(row => Array.IndexOf(_going, (Guid)db.Entry(row).Property(property).CurrentValue!)).ThenBy(row => row.Id))
        {
            if (MergeRules.OnceKey(db.Entry(row), key) is not { } mine || once.TryAdd(mine, row))
            {
                db.Entry(row).Property(property).CurrentValue = keptId;
                _moved.Add(row is IRecordedPart part && part.WholeType != type.Name ? (part.WholeType, part.WholeId) : (row.GetType().Name, row.Id));
                continue;
            }

            if (row is ContactRole role)
            {
                MergeRules.Complete((ContactRole)once[mine], role);
            }

            doubles[row.GetType().Name] = doubles.GetValueOrDefault(row.GetType().Name) + 1;
            Leave(row);
        }

        OneIsPrimary(once.Values.OfType<ContactRole>(), key);
        Notes.AddRange(doubles.Select(kind => (Sentence)$"En double, une fois gardé : {RecordTypes.Count(kind.Key, kind.Value)}."));
    }

    // A part of a record that goes leaves with it; the part of another one is taken away, and a record goes to the bin.
    private void Leave(IRecorded row)
    {
        if (row is IBinnable binnable)
        {
            binnable.DeletedAt ??= at;
        }
        else if (row is not IRecordedPart part || !_going.Contains(part.WholeId))
        {
            db.Remove(row);
        }
    }

    // An institution has one primary contact: that of the record that stays, else the first of the others.
    private void OneIsPrimary(IEnumerable<ContactRole> places, IForeignKey key)
    {
        if (key.Properties[0].Name != nameof(ContactRole.InstitutionId))
        {
            return;
        }

        foreach (var place in places.Where(place => place is { IsPrimary: true, EndedOn: null }).Skip(1))
        {
            place.Demote();
            Notes.Add($"Contact principal en double : « {place.ContactName} » ne l'est plus.");
        }
    }

    // Who reported to their own double would report to themselves.
    private void LeaveOwnManagers()
    {
        foreach (var place in db.ChangeTracker.Entries<ContactRole>().Where(entry => entry.State is not EntityState.Deleted && entry.Entity.ManagerId == entry.Entity.ContactId).Select(entry => entry.Entity))
        {
            place.ReportTo(null);
        }
    }

    // The main contact of a deal is not one of the others as well.
    private async Task LeaveMainContactsAsync(CancellationToken cancellationToken)
    {
        if (type != typeof(Contact))
        {
            return;
        }

        var others = db.ChangeTracker.Entries<OpportunityContact>().Where(entry => entry.State is not EntityState.Deleted && entry.Entity.ContactId == keptId).Select(entry => entry.Entity).ToList();
        if (others.Count == 0)
        {
            return;
        }

        var deals = others.Select(other => other.OpportunityId).ToArray();
        Guid[] all = [.. ids];
        var main = await db.Opportunities.IgnoreQueryFilters().Where(deal => deals.Contains(deal.Id) && deal.ContactId != null && all.Contains(deal.ContactId.Value)).Select(deal => deal.Id).ToListAsync(cancellationToken);
        foreach (var other in others.Where(other => main.Contains(other.OpportunityId)))
        {
            db.Remove(other);
            Notes.Add($"Contact principal et associé de la même affaire : il n'en est plus que le principal.");
        }
    }

    private void Take(IReadOnlyDictionary<string, Guid> picks)
    {
        db.ChangeTracker.DetectChanges();
        if (Kept is Institution institution)
        {
            institution.Edit(MergeFields.Merge(institution.Details(), Sides, picks) with { AcceptsWrongKeys = true }, at);
        }
        else if (Kept is Contact contact)
        {
            contact.Edit(MergeFields.Merge(contact.Details(), Sides, picks), at);
        }
    }

    // A number that the record that stays takes is let go of by the one that had it: the undo gives it back.
    private void Free()
    {
        db.ChangeTracker.DetectChanges();
        foreach (var property in db.Model.FindEntityType(type)!.GetIndexes().Where(index => index is { IsUnique: true, Properties.Count: 1 } && index.Properties[0].ClrType == typeof(string)).Select(index => index.Properties[0]))
        {
            var taken = (string?)db.Entry(Kept).Property(property).CurrentValue;
            foreach (var record in Going.Where(record => taken is not null && (string?)db.Entry(record).Property(property).CurrentValue == taken))
            {
                db.Entry(record).Property(property).CurrentValue = null;
            }
        }
    }
}
