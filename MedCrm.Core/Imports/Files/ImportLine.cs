using System.Collections.Frozen;

namespace MedCrm.Core.Imports.Files;

/// <summary>What became of one row: what it describes, or the reason there is nothing, and the remarks made on the way.</summary>
/// <param name="LineNumber">The line of the file, counted from 1; the rank of the site for JSON.</param>
/// <param name="Notices">The remarks.</param>
/// <param name="Row">The cells it was read from; null for JSON.</param>
public abstract record ImportLine(int LineNumber, IReadOnlyList<ImportNotice> Notices, ImportRow? Row)
{
    /// <summary>What the row describes, or null when a notice says that the row is skipped or in error.</summary>
    public abstract ImportSource? Source { get; }
}

/// <summary>A record as a file describes it; null means the file says nothing.</summary>
public abstract record ImportSource
{
    /// <summary>The line of the file, counted from 1; the rank of the site for JSON.</summary>
    public required int LineNumber { get; init; }

    /// <summary>The record in the product, when the file names it.</summary>
    public Guid? Id { get; init; }

    /// <summary>Who follows it: an e-mail or a name.</summary>
    public string? Owner { get; init; }

    /// <summary>Tags, separated by commas, semicolons or bars.</summary>
    public string? Tags { get; init; }

    /// <summary>Free text.</summary>
    public string? Notes { get; init; }

    /// <summary>The fields whose cells are empty in a free file: they are emptied when the person asked for it.</summary>
    public IReadOnlySet<ImportField> Emptied { get; init; } = FrozenSet<ImportField>.Empty;
}
