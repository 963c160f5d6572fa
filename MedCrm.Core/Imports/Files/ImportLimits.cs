namespace MedCrm.Core.Imports.Files;

/// <summary>How large a file may be before it is refused, so that one upload cannot exhaust the server.</summary>
public sealed record ImportLimits
{
    /// <summary>The limits of an upload from the screen.</summary>
    public static ImportLimits Screen { get; } = new();

    /// <summary>The limits of the command an administrator runs on the server.</summary>
    public static ImportLimits Command { get; } = new()
    {
        MaxRows = 200_000,
        MaxFileBytes = 1024L * 1024 * 1024,
        MaxExpandedBytes = 2048L * 1024 * 1024,
        MaxSharedTextCharacters = 200_000_000,
    };

    /// <summary>Rows of data, header excluded; sites in a FINESS JSON file.</summary>
    public int MaxRows { get; init; } = 50_000;

    /// <summary>Columns, empty ones at the end of the header excluded.</summary>
    public int MaxColumns { get; init; } = 200;

    /// <summary>Characters in one cell.</summary>
    public int MaxCellCharacters { get; init; } = 32 * 1024;

    /// <summary>Bytes of the file as received.</summary>
    public long MaxFileBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>Bytes read from one XLSX workbook once decompressed.</summary>
    public long MaxExpandedBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>How many times larger than its compressed form a part of a workbook may grow, past its first 16 MB.</summary>
    public int MaxExpansionRatio { get; init; } = 200;

    /// <summary>Characters of the texts an XLSX workbook shares between cells, which stay in memory while it is read.</summary>
    public int MaxSharedTextCharacters { get; init; } = 50_000_000;

    /// <summary>Bytes of one legal entity with its sites in a FINESS JSON file.</summary>
    public int MaxJsonItemBytes { get; init; } = 32 * 1024 * 1024;
}
