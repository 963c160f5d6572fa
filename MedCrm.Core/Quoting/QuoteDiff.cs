using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Quoting;

/// <summary>What became of a line from one version to another.</summary>
public enum LineFate
{
    Kept,
    Added,
    Removed,
    Changed,
}

/// <summary>A cell that changed: the property of <see cref="LineDetails"/>, its value before and after.</summary>
public sealed record LineCell(string Field, object? Before, object? After);

/// <summary>A line of a comparison. <paramref name="Before"/> is null for an added line, <paramref name="After"/> for a removed one.</summary>
public sealed record LineChange(LineFate Fate, LineDetails? Before, LineDetails? After, IReadOnlyList<LineCell> Cells);

/// <summary>The comparison of the lines of two versions, in the order of the later one, removed lines where they stood.</summary>
public static class QuoteDiff
{
    private static readonly (string Field, Func<LineDetails, object?> Read)[] s_cells =
    [
        (nameof(LineDetails.Description), line => line.Description),
        (nameof(LineDetails.Code), line => line.Code),
        (nameof(LineDetails.Quantity), line => line.Quantity),
        (nameof(LineDetails.Unit), line => line.Unit),
        (nameof(LineDetails.UnitPrice), line => line.UnitPrice),
        (nameof(LineDetails.DiscountPercent), line => line.DiscountPercent),
        (nameof(LineDetails.VatRate), line => line.Vat.ToString()),
        (nameof(LineDetails.Nature), line => line.Nature),
        (nameof(LineDetails.Period), line => line.Period),
        (nameof(LineDetails.IsOption), line => line.IsOption),
        (nameof(LineDetails.UnitCost), line => line.UnitCost),
    ];

    /// <summary>
    /// What was added, removed and changed. Lines that stayed as they were are paired first, keeping their order; between them a line goes with the one of
    /// the same kind that has its catalogue item or its description, or else its place.
    /// </summary>
    public static IReadOnlyList<LineChange> Between(IReadOnlyList<LineDetails> before, IReadOnlyList<LineDetails> after)
    {
        var changes = new List<LineChange>();
        var (from, to) = (0, 0);
        foreach (var (left, right) in Common(before, after).Append((before.Count, after.Count)))
        {
            Compare([.. before.Skip(from).Take(left - from)], [.. after.Skip(to).Take(right - to)], changes);
            if (left < before.Count)
            {
                changes.Add(new LineChange(LineFate.Kept, before[left], after[right], []));
            }

            (from, to) = (left + 1, right + 1);
        }

        return changes;
    }

    // The longest run of lines that are the same on both sides (textbook dynamic programming: a quote has some hundred lines at most).
    private static List<(int Left, int Right)> Common(IReadOnlyList<LineDetails> before, IReadOnlyList<LineDetails> after)
    {
        var longest = new int[before.Count + 1, after.Count + 1];
        for (var left = before.Count - 1; left >= 0; left--)
        {
            for (var right = after.Count - 1; right >= 0; right--)
            {
                longest[left, right] = Same(before[left], after[right]) ? longest[left + 1, right + 1] + 1 : Math.Max(longest[left + 1, right], longest[left, right + 1]);
            }
        }

        var pairs = new List<(int, int)>();
        for (var (left, right) = (0, 0); left < before.Count && right < after.Count;)
        {
            if (Same(before[left], after[right]))
            {
                pairs.Add((left++, right++));
            }
            else if (longest[left + 1, right] >= longest[left, right + 1])
            {
                left++;
            }
            else
            {
                right++;
            }
        }

        return pairs;
    }

    private static void Compare(List<LineDetails> before, List<LineDetails> after, List<LineChange> changes)
    {
        var partners = new LineDetails?[after.Count];
        foreach (var alike in new Func<LineDetails, LineDetails, bool>[] { SameItem, SameText, static (one, other) => one.Kind == other.Kind })
        {
            for (var place = 0; place < after.Count; place++)
            {
                if (partners[place] is null && before.FindIndex(line => alike(line, after[place]) && !partners.Contains(line, ReferenceEqualityComparer.Instance)) is >= 0 and var found)
                {
                    partners[place] = before[found];
                }
            }
        }

        changes.AddRange(before.Where(line => !partners.Contains(line, ReferenceEqualityComparer.Instance)).Select(line => new LineChange(LineFate.Removed, line, null, [])));
        for (var place = 0; place < after.Count; place++)
        {
            changes.Add(partners[place] is { } partner
                ? new LineChange(Same(partner, after[place]) ? LineFate.Kept : LineFate.Changed, partner, after[place], CellsOf(partner, after[place]))
                : new LineChange(LineFate.Added, null, after[place], []));
        }
    }

    private static bool Same(LineDetails one, LineDetails other) => one.Kind == other.Kind && CellsOf(one, other).Count == 0;

    private static bool SameItem(LineDetails one, LineDetails other) => one.Kind == other.Kind && one.CatalogItemId is not null && one.CatalogItemId == other.CatalogItemId;

    private static bool SameText(LineDetails one, LineDetails other) => one.Kind == other.Kind && SearchKey.Fold(one.Description) == SearchKey.Fold(other.Description);

    private static List<LineCell> CellsOf(LineDetails before, LineDetails after)
        => [.. s_cells.Select(cell => new LineCell(cell.Field, cell.Read(before), cell.Read(after))).Where(cell => !Equals(cell.Before, cell.After))];
}
