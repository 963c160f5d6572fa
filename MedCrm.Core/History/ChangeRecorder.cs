using System.Collections.Concurrent;
using System.Reflection;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.History;

/// <summary>Reads what a context is about to save and writes it down, field by field.</summary>
internal static class ChangeRecorder
{
    // Identity keeps these on the user; they are secrets or bookkeeping, never history.
    private static readonly HashSet<string> s_left =
    [
        "PasswordHash", "SecurityStamp", "ConcurrencyStamp", "NormalizedEmail", "NormalizedUserName", "UserName", "AccessFailedCount",
        "LockoutEnd", "LockoutEnabled", "EmailConfirmed", "PhoneNumberConfirmed", "TwoFactorEnabled", "Version",
    ];

    // Asked of every row saved: reading attributes each time would cost an import more than writing.
    private static readonly ConcurrentDictionary<(IEntityType Type, bool IsRemoved), IProperty[]> s_kept = new();

    // They follow from the others; a row that is removed keeps them, so that it can return whole.
    private static readonly HashSet<string> s_following = ["SearchKey", "UpdatedAt"];

    /// <summary>The changes of the recorded rows in the tracker, or none.</summary>
    public static List<RecordChange> Collect(ChangeTracker tracker, Guid changeSetId)
    {
        var changes = new List<RecordChange>();
        foreach (var entry in tracker.Entries())
        {
            if (entry.Entity is not IRecorded record || entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted))
            {
                continue;
            }

            var fields = Fields(entry);
            if (fields.Count == 0)
            {
                continue;
            }

            changes.Add(NewChange(changeSetId, entry.Metadata, record, KindOf(entry, fields), fields));
        }

        return changes;
    }

    /// <summary>The change of a new record that no tracker follows.</summary>
    public static RecordChange Creation(IEntityType type, IRecorded record, Guid changeSetId)
    {
        var fields = KeptOf(type, isRemoved: false)
            .Select(property => new FieldChange(property.Name, null, FieldChanges.Text(property.GetGetter().GetClrValue(record))))
            .Where(field => field.After is not null)
            .ToList();
        return NewChange(changeSetId, type, record, ChangeKind.Created, fields);
    }

    private static bool Keeps(IReadOnlyProperty property, bool isRemoved)
        => !property.IsPrimaryKey()
            && !s_left.Contains(property.Name)
            && (isRemoved || (!s_following.Contains(property.Name) && property.PropertyInfo?.GetCustomAttribute<NotRecordedAttribute>() is null));

    private static List<FieldChange> Fields(EntityEntry entry)
    {
        var fields = new List<FieldChange>();
        var isModified = entry.State is EntityState.Modified;
        foreach (var property in KeptOf(entry.Metadata, entry.State is EntityState.Deleted))
        {
            if (isModified && !entry.Property(property).IsModified)
            {
                continue;
            }

            var before = entry.State is EntityState.Added ? null : FieldChanges.Text(entry.Property(property).OriginalValue);
            var after = entry.State is EntityState.Deleted ? null : FieldChanges.Text(entry.Property(property).CurrentValue);
            if (before != after)
            {
                fields.Add(new FieldChange(property.Name, before, after));
            }
        }

        return fields;
    }

    private static IProperty[] KeptOf(IEntityType type, bool isRemoved)
        => s_kept.GetOrAdd((type, isRemoved), static key => [.. key.Type.GetProperties().Where(property => Keeps(property, key.IsRemoved))]);

    private static RecordChange NewChange(Guid changeSetId, IEntityType type, IRecorded record, ChangeKind kind, List<FieldChange> fields)
    {
        var name = type.ClrType.Name;
        var (wholeType, wholeId) = record is IRecordedPart part ? (part.WholeType, part.WholeId) : (name, record.Id);
        return new RecordChange(changeSetId, name, record.Id, Clean.Shortened(record.RecordName, 200), wholeType, wholeId, kind, FieldChanges.Write(fields));
    }

    private static ChangeKind KindOf(EntityEntry entry, List<FieldChange> fields) => entry.State switch
    {
        EntityState.Added => ChangeKind.Created,
        EntityState.Deleted => ChangeKind.Deleted,
        _ => fields.Find(field => field.Field == nameof(IBinnable.DeletedAt)) switch
        {
            { After: not null } => ChangeKind.Deleted,
            { After: null } => ChangeKind.Restored,
            _ => ChangeKind.Updated,
        },
    };
}
