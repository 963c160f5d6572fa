namespace MedCrm.Core.History;

/// <summary>
/// Several changes of one row in one gesture, as the one change they amount to: a draft saved cell after cell reads, and comes back, as if it had been
/// saved once. The audit itself keeps every one.
/// </summary>
internal static class FoldedChanges
{
    /// <summary>The changes of one row, in one gesture; nothing when the row is as it was. Only what a row goes through while it is written is folded, the rest is left as it is.</summary>
    public static IEnumerable<RecordChange> Of(IEnumerable<RecordChange> changes)
    {
        var all = changes.OrderBy(change => change.Id).ToList();
        if (all.Count < 2 || !all.Skip(1).SkipLast(1).All(change => change.Kind is ChangeKind.Updated))
        {
            return all;
        }

        var (first, last) = (all[0], all[^1]);
        var isPart = last.RecordId != last.WholeId;
        return (first.Kind, last.Kind) switch
        {
            (ChangeKind.Updated, ChangeKind.Updated) => Folded(all, ChangeKind.Updated),
            (ChangeKind.Created, ChangeKind.Updated) => Folded(all, ChangeKind.Created),
            (ChangeKind.Updated, ChangeKind.Deleted) when isPart => Folded(all, ChangeKind.Deleted),
            (ChangeKind.Created, ChangeKind.Deleted) when isPart => [],
            _ => all,
        };
    }

    private static RecordChange[] Folded(List<RecordChange> all, ChangeKind kind)
    {
        var fields = all.SelectMany(change => FieldChanges.Read(change.Fields))
            .GroupBy(field => field.Field)
            .Select(field => new FieldChange(field.Key, field.First().Before, field.Last().After))
            .Where(field => field.Before != field.After)
            .ToList();
        return fields.Count == 0 ? [] : [all[^1].As(kind, FieldChanges.Write(fields))];
    }
}
