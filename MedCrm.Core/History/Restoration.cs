using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.History;

/// <summary>
/// Old values about to return to loaded records. First it finds out what stands against them (a number taken since, a record they refer
/// to that is gone), then it puts them back and lets the rules of each record judge the result.
/// </summary>
internal sealed class Restoration(MedCrmDbContext db, Actor actor, DateTime at)
{
    private readonly List<Step> _steps = [];

    /// <summary>The record whose rule refused the restored state, once <see cref="ApplyAsync"/> has failed for that.</summary>
    public Guid? Broken { get; private set; }

    /// <summary>Nothing returns.</summary>
    public bool IsEmpty => _steps.Count == 0;

    /// <summary>A field takes a value again. A record that goes back to the bin has its thirty days from now.</summary>
    public void Put(IRecorded record, string field, string? text)
        => _steps.Add(new Step(WholeOf(record).Id, record.RecordName, db.Entry(record), field, field == nameof(IBinnable.DeletedAt) && text is not null ? FieldChanges.Text(at) : text));

    /// <summary>A record goes: to the bin when it has one.</summary>
    public void Remove(IRecorded record)
    {
        if (record is IBinnable)
        {
            Put(record, nameof(IBinnable.DeletedAt), FieldChanges.Text(at));
        }
        else
        {
            _steps.Add(new Step(WholeOf(record).Id, record.RecordName, db.Entry(record), Field: null, Text: null));
        }
    }

    /// <summary>A removed row returns as it was, under its id.</summary>
    public void Recreate(Type type, RecordChange change)
    {
        var entry = db.Entry(Activator.CreateInstance(type, nonPublic: true)!);
        entry.Property(nameof(IRecorded.Id)).CurrentValue = change.RecordId;
        foreach (var field in FieldChanges.Read(change.Fields).Where(field => entry.Metadata.FindProperty(field.Field) is not null))
        {
            SetValue(entry, field.Field, field.Before);
        }

        _steps.Add(new Step(change.WholeId, change.RecordName, entry, Field: null, Text: null));
    }

    /// <summary>What stands against the return, by the id of the whole record. <paramref name="released"/> are fields that let go of their value in the same gesture, <paramref name="returning"/> records that return in it.</summary>
    public async Task<Dictionary<Guid, Sentence>> RefusalsAsync(IReadOnlySet<(Guid Id, string Field)> released, IReadOnlySet<Guid> returning, CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<Guid, Sentence>();
        await CheckReferencesAsync(refusals, returning, cancellationToken);
        await CheckUniqueAsync(refusals, released, cancellationToken);
        return refusals;
    }

    /// <summary>Puts everything back, except what belongs to the records of <paramref name="left"/>.</summary>
    /// <exception cref="BusinessRuleException">A rule of a record refuses the restored state: <see cref="Broken"/> is that record.</exception>
    public async Task ApplyAsync(IReadOnlySet<Guid> left, CancellationToken cancellationToken)
    {
        foreach (var step in _steps.Where(step => !left.Contains(step.WholeId)))
        {
            switch (step)
            {
                case { Field: { } field }:
                    SetValue(step.Entry, field, step.Text);
                    break;
                case { Entry.State: EntityState.Detached }:
                    db.Add(step.Entry.Entity);
                    break;
                default:
                    Detach(step);
                    db.Remove(step.Entry.Entity);
                    break;
            }
        }

        db.ChangeTracker.DetectChanges();
        var wholes = await LoadWholesAsync(left, cancellationToken);
        foreach (var whole in wholes)
        {
            Broken = whole.Id;
            (whole as IRestorable)?.CheckRestored();
            Broken = null;
            if (db.Entry(whole) is { State: EntityState.Unchanged or EntityState.Modified } entry && entry.Metadata.FindProperty("UpdatedAt") is not null)
            {
                entry.Property("UpdatedAt").CurrentValue = at;
            }
        }
    }

    private static (string Type, Guid Id) WholeOf(IRecorded record)
        => record is IRecordedPart part ? (part.WholeType, part.WholeId) : (record.GetType().Name, record.Id);

    private static void SetValue(EntityEntry entry, string field, string? text)
    {
        var property = entry.Property(field);
        property.CurrentValue = FieldChanges.Value(text, property.Metadata.ClrType);
    }

    // A removed part stays in its whole's list until the save, and the whole would still count it.
    private void Detach(Step step)
    {
        foreach (var key in step.Entry.Metadata.GetForeignKeys())
        {
            if (key.PrincipalToDependent?.GetCollectionAccessor() is { } list
                && db.ChangeTracker.Entries<IRecorded>().FirstOrDefault(entry => entry.Entity.Id == step.WholeId && entry.Metadata == key.PrincipalEntityType) is { } whole)
            {
                list.Remove(whole.Entity, step.Entry.Entity);
            }
        }
    }

    // A record comes back only beside those it refers to. An optional link to a record in the bin does no harm while both rest there.
    private async Task CheckReferencesAsync(Dictionary<Guid, Sentence> refusals, IReadOnlySet<Guid> returning, CancellationToken cancellationToken)
    {
        var wanted = new List<(Step Step, IForeignKey Key, Guid Id)>();
        foreach (var step in _steps)
        {
            foreach (var key in step.Entry.Metadata.GetForeignKeys().Where(key => typeof(IRecorded).IsAssignableFrom(key.PrincipalEntityType.ClrType)))
            {
                var property = key.Properties[0].Name;
                var id = step switch
                {
                    { Field: { } field } when field == property => (Guid?)FieldChanges.Value(step.Text, typeof(Guid)),
                    { Returns: true } when key.IsRequired || step.Field is null => (Guid?)step.Entry.Property(property).CurrentValue,
                    _ => null,
                };
                if (id is { } principal && !returning.Contains(principal) && principal != step.WholeId)
                {
                    wanted.Add((step, key, principal));
                }
            }
        }

        foreach (var group in wanted.GroupBy(want => want.Key.PrincipalEntityType.ClrType))
        {
            var living = await RecordSet.Of(group.Key).LivingAsync(db, [.. group.Select(want => want.Id).Distinct()], cancellationToken);
            var missing = group.Where(want => !living.Contains(want.Id)).ToList();
            var names = missing.Count == 0 ? [] : await db.NamesOfAsync(missing.Select(want => want.Id), cancellationToken);
            foreach (var (step, key, id) in missing)
            {
                Sentence noun = RecordTypes.Of(key.PrincipalEntityType.ClrType.Name).Noun;
                refusals.TryAdd(step.WholeId, names.TryGetValue(id, out var name)
                    ? (Sentence)$"« {step.Name} » dépend de « {name} » ({noun}), qui est dans la corbeille : restaurez-la d'abord."
                    : $"« {step.Name} » dépend d'une fiche ({noun}) qui n'existe plus.");
            }
        }
    }

    private async Task CheckUniqueAsync(Dictionary<Guid, Sentence> refusals, IReadOnlySet<(Guid Id, string Field)> released, CancellationToken cancellationToken)
    {
        var wanted = new List<(Step Step, Type Type, string Property, string Text)>();
        foreach (var step in _steps.Where(step => step.Field is not null || step.Returns))
        {
            foreach (var property in step.Entry.Metadata.GetIndexes().Where(index => index is { IsUnique: true, Properties.Count: 1 } && index.Properties[0].ClrType == typeof(string)).Select(index => index.Properties[0].Name))
            {
                var text = step.Field == property ? step.Text : step.Returns ? (string?)step.Entry.Property(property).CurrentValue : null;
                if (text is not null)
                {
                    wanted.Add((step, step.Entry.Metadata.ClrType, property, text));
                }
            }
        }

        foreach (var group in wanted.GroupBy(want => (want.Type, want.Property)))
        {
            var holders = await RecordSet.Of(group.Key.Type).HoldingAsync(db, group.Key.Property, [.. group.Select(want => want.Text).Distinct()], cancellationToken);
            var byText = holders.ToLookup(holder => (string)group.Key.Type.GetProperty(group.Key.Property)!.GetValue(holder)!);
            foreach (var (step, type, property, text) in group)
            {
                if (byText[text].FirstOrDefault(holder => holder.Id != ((IRecorded)step.Entry.Entity).Id && !released.Contains((holder.Id, property)) && !released.Contains((holder.Id, nameof(IBinnable.DeletedAt)))) is { } holder)
                {
                    refusals.TryAdd(step.WholeId, $"« {step.Name} » : {(Sentence)Labels.Of(type, property)} {text} est maintenant celui {(holder is IOwned owned && !actor.Sees(owned) ? (Sentence)"d'une fiche d'une autre équipe" : $"de « {holder.RecordName} »")}.");
                }
            }
        }
    }

    // The rules of a record look at its parts and at the records it refers to: a deal's amount at its lines, its probability at its stage.
    private async Task<List<IRecorded>> LoadWholesAsync(IReadOnlySet<Guid> left, CancellationToken cancellationToken)
    {
        var touched = _steps.Where(step => !left.Contains(step.WholeId)).Select(step => step.WholeId).ToHashSet();
        var wholes = db.ChangeTracker.Entries<IRecorded>().Select(entry => entry.Entity).Where(record => record is not IRecordedPart && touched.Contains(record.Id)).ToList();
        foreach (var group in wholes.Where(whole => whole is IRestorable).GroupBy(whole => whole.GetType()))
        {
            foreach (var reference in db.Model.FindEntityType(group.Key)!.GetNavigations().Where(navigation => !navigation.IsCollection))
            {
                var ids = group.Select(whole => (Guid?)db.Entry(whole).Property(reference.ForeignKey.Properties[0].Name).CurrentValue).OfType<Guid>().Distinct().ToArray();
                await RecordSet.Of(reference.TargetEntityType.ClrType).LoadAsync(db, ids, cancellationToken);
            }
        }

        db.ChangeTracker.DetectChanges();
        return wholes;
    }

    private sealed record Step(Guid WholeId, string Name, EntityEntry Entry, string? Field, string? Text)
    {
        // Out of the bin, or created again.
        public bool Returns => (Field == nameof(IBinnable.DeletedAt) && Text is null) || (Field is null && Entry.State is EntityState.Detached);
    }
}
