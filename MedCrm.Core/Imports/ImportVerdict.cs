using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>What an import does, or would do, with a row.</summary>
public enum ImportFate
{
    /// <summary>A new record.</summary>
    Created,

    /// <summary>A known record changes.</summary>
    Updated,

    /// <summary>The record is already as the file says.</summary>
    Unchanged,

    /// <summary>Left out on purpose.</summary>
    Skipped,

    /// <summary>Cannot be imported.</summary>
    Error,
}

/// <summary>A field of a known record, before and after the import.</summary>
public sealed record CellChange(string Field, string Label, string? Before, string? After)
{
    /// <summary>Whether the values are words of the business, to be said in the language of the screen, and not what people wrote.</summary>
    public bool IsWords { get; init; }
}

/// <summary>One row of a file and its fate.</summary>
/// <param name="Line">The line of the file, counted from 1.</param>
/// <param name="Fate">What happens to it.</param>
/// <param name="RecordId">The known record, null for a new one.</param>
/// <param name="Name">Its name, or what the row holds of it.</param>
/// <param name="Detail">FINESS number and town of an institution; job and institution of a contact.</param>
/// <param name="Changes">What changes in a known record.</param>
/// <param name="Notices">The remarks.</param>
/// <param name="Row">The cells, kept for rows in error alone.</param>
public sealed record ImportVerdict(int Line, ImportFate Fate, Guid? RecordId, string Name, string? Detail, IReadOnlyList<CellChange> Changes, IReadOnlyList<ImportNotice> Notices, ImportRow? Row = null);
