using System.Collections.Concurrent;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>The table of a recorded type known only at run time: the history inverts and restores every kind of record alike.</summary>
internal abstract class RecordSet
{
    private static readonly ConcurrentDictionary<Type, RecordSet> s_sets = new();

    /// <summary>The set of a type.</summary>
    public static RecordSet Of(Type type) => s_sets.GetOrAdd(type, static t => (RecordSet)Activator.CreateInstance(typeof(RecordSet<>).MakeGenericType(t))!);

    /// <summary>The records, tracked, those in the bin included.</summary>
    public abstract Task<List<IRecorded>> LoadAsync(MedCrmDbContext db, Guid[] ids, CancellationToken cancellationToken);

    /// <summary>The rows that refer to some records by a foreign key; those in the bin when <paramref name="withBin"/>. Tracked when <paramref name="tracked"/>.</summary>
    public abstract Task<List<IRecorded>> ReferringAsync(MedCrmDbContext db, string foreignKey, bool isNullable, Guid[] ids, bool withBin, bool tracked, CancellationToken cancellationToken);

    /// <summary>Which of these records exist outside the bin.</summary>
    public abstract Task<HashSet<Guid>> LivingAsync(MedCrmDbContext db, Guid[] ids, CancellationToken cancellationToken);

    /// <summary>The records outside the bin that hold one of these texts in a property.</summary>
    public abstract Task<List<IRecorded>> HoldingAsync(MedCrmDbContext db, string property, string[] texts, CancellationToken cancellationToken);

    /// <summary>Some records put in the bin before a moment, the oldest first, without those of <paramref name="left"/>. Not tracked.</summary>
    public abstract Task<List<IRecorded>> ExpiredAsync(MedCrmDbContext db, DateTime before, IReadOnlyCollection<Guid> left, int take, CancellationToken cancellationToken);

    /// <summary>Deletes for good those of the records that are in the bin since before a moment, with their parts, and returns which.</summary>
    public abstract Task<List<Guid>> DeleteExpiredAsync(MedCrmDbContext db, Guid[] ids, DateTime before, CancellationToken cancellationToken);
}

/// <summary>Loads whole records.</summary>
internal static class WholeRecords
{
    /// <summary>A record with all its parts, tracked, the bin included; null when it no longer exists.</summary>
    public static async Task<IRecorded?> LoadWholeAsync(this MedCrmDbContext db, string type, Guid id, CancellationToken cancellationToken)
        => RecordTypes.ClrTypeOf(type) is { } clr ? (await db.LoadWholesAsync(clr, [id], cancellationToken)).FirstOrDefault() : null;

    /// <summary>Records of a type with all their parts, tracked, the bin included, in as many queries as there are kinds of parts.</summary>
    public static async Task<List<IRecorded>> LoadWholesAsync(this MedCrmDbContext db, Type type, Guid[] ids, CancellationToken cancellationToken)
    {
        var wholes = await RecordSet.Of(type).LoadAsync(db, ids, cancellationToken);
        foreach (var parts in db.Model.FindEntityType(type)!.GetNavigations().Where(navigation => navigation.IsCollection && navigation.TargetEntityType.ClrType.IsAssignableTo(typeof(IRecorded))))
        {
            var key = parts.ForeignKey.Properties[0];
            await RecordSet.Of(parts.TargetEntityType.ClrType).ReferringAsync(db, key.Name, key.IsNullable, ids, withBin: true, tracked: true, cancellationToken);
        }

        // A part that stands once beside its whole, in another room, hangs on no list of it: how an institution is billed.
        foreach (var single in db.Model.FindEntityType(type)!.GetReferencingForeignKeys().Where(key => key is { IsUnique: true, PrincipalToDependent: null } && key.DeclaringEntityType.ClrType.IsAssignableTo(typeof(IRecordedPart))))
        {
            await RecordSet.Of(single.DeclaringEntityType.ClrType).ReferringAsync(db, single.Properties[0].Name, single.Properties[0].IsNullable, ids, withBin: true, tracked: true, cancellationToken);
        }

        return wholes;
    }
}

/// <inheritdoc/>
internal sealed class RecordSet<T> : RecordSet
    where T : class, IRecorded
{
    public override async Task<List<IRecorded>> LoadAsync(MedCrmDbContext db, Guid[] ids, CancellationToken cancellationToken)
        => [.. await db.Set<T>().IgnoreQueryFilters().Where(record => ids.Contains(record.Id)).ToListAsync(cancellationToken)];

    public override async Task<List<IRecorded>> ReferringAsync(MedCrmDbContext db, string foreignKey, bool isNullable, Guid[] ids, bool withBin, bool tracked, CancellationToken cancellationToken)
    {
        IQueryable<T> records = db.Set<T>();
        records = withBin ? records.IgnoreQueryFilters() : records;
        records = tracked ? records : records.AsNoTracking();
        records = isNullable
            ? records.Where(record => ids.Contains(EF.Property<Guid?>(record, foreignKey)!.Value))
            : records.Where(record => ids.Contains(EF.Property<Guid>(record, foreignKey)));
        return [.. await records.ToListAsync(cancellationToken)];
    }

    public override async Task<HashSet<Guid>> LivingAsync(MedCrmDbContext db, Guid[] ids, CancellationToken cancellationToken)
        => [.. await db.Set<T>().Where(record => ids.Contains(record.Id)).Select(record => record.Id).ToListAsync(cancellationToken)];

    public override async Task<List<IRecorded>> HoldingAsync(MedCrmDbContext db, string property, string[] texts, CancellationToken cancellationToken)
        => [.. await db.Set<T>().AsNoTracking().Where(record => texts.Contains(EF.Property<string>(record, property))).ToListAsync(cancellationToken)];

    public override async Task<List<IRecorded>> ExpiredAsync(MedCrmDbContext db, DateTime before, IReadOnlyCollection<Guid> left, int take, CancellationToken cancellationToken)
        => [.. await Expired(db, before).AsNoTracking().Where(record => !left.Contains(record.Id)).OrderBy(record => EF.Property<DateTime?>(record, nameof(IBinnable.DeletedAt))).Take(take).ToListAsync(cancellationToken)];

    public override async Task<List<Guid>> DeleteExpiredAsync(MedCrmDbContext db, Guid[] ids, DateTime before, CancellationToken cancellationToken)
    {
        var going = await Expired(db, before).Where(record => ids.Contains(record.Id)).Select(record => record.Id).ToListAsync(cancellationToken);
        await db.Set<T>().IgnoreQueryFilters().Where(record => going.Contains(record.Id)).ExecuteDeleteAsync(cancellationToken);
        return going;
    }

    private static IQueryable<T> Expired(MedCrmDbContext db, DateTime before)
        => db.Set<T>().IgnoreQueryFilters().Where(record => EF.Property<DateTime?>(record, nameof(IBinnable.DeletedAt)) < before);
}
