using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace MedCrm.Core.Foundation;

/// <summary>
/// Joins what one person typed with what others saved meanwhile, field by field: a field that only one side changed takes that side's
/// value, lists of texts or ids take both sides' additions and removals, and only a field that both changed to different values is a conflict.
/// </summary>
public static class ThreeWayMerge
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_fields = new();

    /// <summary>The details to save. <paramref name="seen"/> is what the form was opened on, <paramref name="mine"/> what it sends back, <paramref name="current"/> what the record holds now.</summary>
    /// <exception cref="EditConflictException">Both sides changed the same fields.</exception>
    public static TDetails Apply<TDetails>(TDetails seen, TDetails mine, TDetails current, Guid currentVersion)
        where TDetails : class, new()
    {
        var conflicts = new List<FieldConflict>();
        var merged = Merge(seen, mine, current, (field, was, wanted, now) =>
        {
            conflicts.Add(new FieldConflict(field.Name, Labels.Of(typeof(TDetails), field.Name), DisplayText.Of(was), DisplayText.Of(wanted), DisplayText.Of(now)) { IsWords = DisplayText.IsWords(field.PropertyType) });
            return now;
        });

        return conflicts.Count == 0 ? merged : throw new EditConflictException(conflicts, currentVersion, current);
    }

    /// <summary>The details to send again once somebody chose: in the fields of <paramref name="keptMine"/> mine stays, in the other conflicts the current value does. Send <paramref name="current"/> as the new « seen ».</summary>
    public static TDetails Settle<TDetails>(TDetails seen, TDetails mine, TDetails current, IReadOnlySet<string> keptMine)
        where TDetails : class, new()
        => Merge(seen, mine, current, (field, _, wanted, now) => keptMine.Contains(field.Name) ? wanted : now);

    private static TDetails Merge<TDetails>(TDetails seen, TDetails mine, TDetails current, Func<PropertyInfo, object?, object?, object?, object?> decide)
        where TDetails : class, new()
    {
        var merged = new TDetails();
        foreach (var field in s_fields.GetOrAdd(typeof(TDetails), FieldsOf))
        {
            var (was, wanted, now) = (field.GetValue(seen), field.GetValue(mine), field.GetValue(current));
            var value = (was, wanted, now) switch
            {
                _ when Same(was, wanted) => now,
                _ when Same(was, now) || Same(wanted, now) => wanted,
                (IReadOnlyList<string> a, IReadOnlyList<string> b, IReadOnlyList<string> c) => MergeSets(a, b, c),
                (IReadOnlyList<Guid> a, IReadOnlyList<Guid> b, IReadOnlyList<Guid> c) => MergeSets(a, b, c),
                _ => decide(field, was, wanted, now),
            };
            field.SetValue(merged, value);
        }

        return merged;
    }

    private static PropertyInfo[] FieldsOf(Type type)
        => [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property is { CanRead: true, SetMethod.IsPublic: true })];

    // A form turns « nothing » into an empty text: nobody changed anything.
    private static bool Same(object? one, object? other) => (one, other) switch
    {
        (string or null, string or null) => ((one as string)?.Trim() ?? "") == ((other as string)?.Trim() ?? ""),
        (IEnumerable a and not string, IEnumerable b and not string) => a.Cast<object?>().SequenceEqual(b.Cast<object?>()),
        _ => Equals(one, other),
    };

    private static T[] MergeSets<T>(IReadOnlyList<T> seen, IReadOnlyList<T> mine, IReadOnlyList<T> current)
    {
        var removed = seen.Except(mine).ToHashSet();
        return [.. current.Where(item => !removed.Contains(item)).Union(mine.Except(seen))];
    }
}
