namespace MedCrm.Core.Foundation.Lists;

/// <summary>One line of a list: the record, the version seen, and one value for each column asked for, in that order.</summary>
public sealed record ListRow(Guid Id, Guid Version, IReadOnlyList<object?> Values);

/// <summary>A record named in a cell of another one, with its id so that the cell can open it.</summary>
public sealed record NamedId
{
    // Set by name and not by a constructor: a query then still knows which column the name is, and can search in it.
    /// <summary>The record.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How many records match, of how many the person may see.</summary>
public sealed record ListCounts(int Matching, int Total);

/// <summary>Where a record stands in a list: its place from 1, how many there are, and the ones before and after.</summary>
public sealed record Neighbours(int Place, int Count, Guid? Previous, Guid? Next);

/// <summary>A value offered for a field: its invariant text, its French label, and the state its colour says (ok, warn, bad, info or neutral).</summary>
public sealed record Choice(string Value, string Label, string? Tone = null)
{
    /// <summary>Whether it is still offered; a disabled account keeps its label and is no longer proposed.</summary>
    public bool IsOffered { get; init; } = true;

    /// <summary>The choices of an enum, in its order, with the tone of each.</summary>
    public static IReadOnlyList<Choice> Of<TEnum>(Func<TEnum, string?>? tone = null)
        where TEnum : struct, Enum
        => [.. Enum.GetValues<TEnum>().Select(value => new Choice(value.ToString(), Labels.Of(value), tone?.Invoke(value)))];
}
