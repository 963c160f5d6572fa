using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>A file on the server's disk, and the name it came under.</summary>
public sealed record ImportFile(string Path, string Name)
{
    /// <summary>Opens it for reading.</summary>
    /// <exception cref="ImportFileException">It is gone or may not be read.</exception>
    internal FileStream Open()
    {
        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException($"Le fichier {Name} est introuvable ou illisible.");
        }
    }
}

/// <summary>What to import and how: the files, the meaning of their columns, the corrections made in the grid.</summary>
public sealed record ImportOrder
{
    /// <summary>The file.</summary>
    public required ImportFile File { get; init; }

    /// <summary>What its rows describe.</summary>
    public ImportSubject Subject { get; init; } = ImportSubject.Institutions;

    /// <summary>MCO and BLOCS files that complete a SAE file.</summary>
    public IReadOnlyList<ImportFile> Companions { get; init; } = [];

    /// <summary>What the file is.</summary>
    public required ImportFormat Format { get; init; }

    /// <summary>What its columns mean; needed unless the format is official.</summary>
    public ImportMapping? Mapping { get; init; }

    /// <summary>Whether an empty cell of a free file empties the field; otherwise it leaves the value alone.</summary>
    public bool ClearsEmpty { get; init; }

    /// <summary>Cells that a person corrected, by line of the file and position of the column.</summary>
    public IReadOnlyDictionary<(int Line, int Column), string> Corrections { get; init; } = FrozenDictionary<(int, int), string>.Empty;

    /// <summary>When the file is refused as too large.</summary>
    public ImportLimits Limits { get; init; } = ImportLimits.Screen;

    /// <summary>The rows of the file, when somebody counted them already.</summary>
    public int? Total { get; init; }

    /// <summary>Whether the files belong to the import, which removes them when it ends.</summary>
    public bool RemovesFiles { get; init; }

    /// <summary>The lines of the file, read from the disk as they are enumerated.</summary>
    /// <exception cref="ImportFileException">The file is not what the order says, or passes a limit.</exception>
    internal IEnumerable<ImportLine> Read()
    {
        using var file = File.Open();
        var companions = Companions.Select(companion => companion.Open()).ToList();
        try
        {
            IEnumerable<ImportLine> lines = Mapping is null
                ? ImportFormats.ReadInstitutions(file, companions, new ImportSettings { Limits = Limits, Corrections = Corrections })
                : Subject switch
                {
                    ImportSubject.Contacts => FreeContacts.Read(ImportTable.Open(file, Limits, Corrections), Mapping),
                    ImportSubject.Catalog => FreeCatalog.Read(ImportTable.Open(file, Limits, Corrections), Mapping),
                    _ => FreeInstitutions.Read(ImportTable.Open(file, Limits, Corrections), Mapping),
                };
            foreach (var line in lines)
            {
                yield return line;
            }
        }
        finally
        {
            companions.ForEach(companion => companion.Dispose());
        }
    }

    /// <summary>The column names, « Colonne 1 »… where the file names none; empty for JSON.</summary>
    internal IReadOnlyList<string> Headers()
    {
        if (Format is ImportFormat.FinessJson)
        {
            return [];
        }

        using var file = File.Open();
        var table = ImportTable.Open(file, Limits);
        return Format is ImportFormat.Finess ? FinessInstitutions.Headers : table.Headers;
    }

    /// <summary>The column that feeds each field, as the file names it; none for an official file.</summary>
    internal IReadOnlyDictionary<ImportField, string> ColumnNames()
    {
        if (Mapping is not { } mapping)
        {
            return FrozenDictionary<ImportField, string>.Empty;
        }

        var headers = Headers();
        return mapping.Columns.DistinctBy(pair => pair.Value).ToDictionary(pair => pair.Value, pair => headers[pair.Key]);
    }

    /// <summary>The header line to give rows back under; null for JSON and for FINESS extracts, which have none.</summary>
    internal string? HeadersJson() => Format is ImportFormat.FinessJson or ImportFormat.Finess ? null : JsonSerializer.Serialize(Headers(), ImportJson.Options);

    internal string Hash()
    {
        using var file = File.Open();
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    internal void RemoveFiles()
    {
        if (!RemovesFiles)
        {
            return;
        }

        foreach (var file in Companions.Prepend(File))
        {
            System.IO.File.Delete(file.Path);
        }
    }
}
