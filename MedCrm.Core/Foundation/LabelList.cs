namespace MedCrm.Core.Foundation;

/// <summary>Labels as people type them: trimmed, without repeats (case and accents apart), 80 characters at most.</summary>
public static class LabelList
{
    /// <summary>The labels typed in one text, parted by commas or semicolons.</summary>
    public static IReadOnlyList<string> Split(string? text) => (text ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The labels, cleaned, in the order typed.</summary>
    /// <exception cref="BusinessRuleException">A label is longer than 80 characters.</exception>
    public static IReadOnlyList<string> Clean(IEnumerable<string> texts, string field)
    {
        var kept = new List<string>();
        var seen = new HashSet<string>();
        foreach (var text in texts.Select(t => t.Trim()).Where(t => t.Length > 0))
        {
            if (text.Length > 80)
            {
                throw new BusinessRuleException("Une étiquette tient en 80 caractères.", field);
            }

            if (seen.Add(SearchKey.Fold(text)))
            {
                kept.Add(text);
            }
        }

        return kept;
    }

    /// <summary>Makes a list of rows match the wanted texts: keeps those that stay, removes the others, adds the missing.</summary>
    public static void Match<TRow>(List<TRow> rows, Func<TRow, bool> concerns, Func<TRow, string> textOf, IReadOnlyList<string> wanted, Func<string, TRow> create)
    {
        rows.RemoveAll(row => concerns(row) && !wanted.Contains(textOf(row)));
        var present = rows.Where(concerns).Select(textOf).ToHashSet();
        rows.AddRange(wanted.Where(text => !present.Contains(text)).Select(create));
    }
}
