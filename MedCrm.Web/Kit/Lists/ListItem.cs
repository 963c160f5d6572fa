using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Web.Kit.Lists;

/// <summary>A line on show: its place from 0, and its values by column as they were read.</summary>
public sealed class ListItem(int index, ListRow row, IReadOnlyDictionary<string, int> places)
{
    private static readonly ListRow s_none = new(Guid.Empty, Guid.Empty, []);
    private static readonly Dictionary<string, int> s_nowhere = [];

    /// <summary>The place in the list, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>The line.</summary>
    public ListRow Row { get; } = row;

    /// <summary>The group that begins here, when the line is a heading and no record.</summary>
    public ListGroup? Group { get; private init; }

    /// <summary>What tells it apart from the others on show.</summary>
    public object Key => Group is null ? Row.Id : Group.Key;

    /// <summary>The heading of a group.</summary>
    public static ListItem Heading(ListGroup group) => new(-1, s_none, s_nowhere) { Group = group };

    /// <summary>The value of a column; null while the line was read without it.</summary>
    public object? ValueOf(string column) => places.TryGetValue(column, out var place) ? Row.Values[place] : null;
}

/// <summary>A cell that a page draws itself.</summary>
public sealed record ListCell(ListColumn Column, ListRow Row, object? Value);

/// <summary>The cell somebody is editing: what it showed, what was typed, why it was refused.</summary>
public sealed class CellEdit(Guid id, int index, ListColumn column, string? seen)
{
    /// <summary>The record.</summary>
    public Guid Id { get; } = id;

    /// <summary>Its place in the list, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>The column.</summary>
    public ListColumn Column { get; } = column;

    /// <summary>The value on screen when the edit began; after a conflict, the one that somebody else saved.</summary>
    public string? Seen { get; set; } = seen;

    /// <summary>What the editor holds.</summary>
    public string? Typed { get; set; } = seen;

    /// <summary>Why the value was refused.</summary>
    public string? Refusal { get; set; }
}
