using System.Collections.Frozen;
using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>How a file of institutions is read.</summary>
public sealed record ImportSettings
{
    /// <summary>The settings of an upload from the screen.</summary>
    public static ImportSettings Screen { get; } = new();

    /// <summary>The settings of the command an administrator runs on the server.</summary>
    public static ImportSettings Command { get; } = new() { Limits = ImportLimits.Command };

    /// <summary>When the file is refused as too large.</summary>
    public ImportLimits Limits { get; init; } = ImportLimits.Screen;

    /// <summary>Cells that a person corrected, by line of the file and position of the column.</summary>
    public IReadOnlyDictionary<(int Line, int Column), string> Corrections { get; init; } = FrozenDictionary<(int, int), string>.Empty;

    /// <summary>FINESS categories that are kept when the file is an official one; the others are skipped with a notice.</summary>
    public IReadOnlySet<string> Categories { get; init; } = Nomenclature.ImportableCategories;
}
