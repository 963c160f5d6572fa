using System.Collections.Frozen;
using System.Globalization;

namespace MedCrm.Core.Imports.Files;

/// <summary>A CSV file or the first visible sheet of an XLSX workbook, read row by row; the first row that is not blank gives the headers.</summary>
public sealed class ImportTable
{
    private readonly IRecordSource _source;
    private readonly ImportLimits _limits;
    private readonly ILookup<int, (int Column, string Text)> _corrections;

    private ImportTable(IRecordSource source, ImportLimits limits, IReadOnlyDictionary<(int Line, int Column), string>? corrections)
    {
        _source = source;
        _limits = limits;
        _corrections = (corrections ?? FrozenDictionary<(int, int), string>.Empty).ToLookup(pair => pair.Key.Line, pair => (pair.Key.Column, pair.Value));
        Headers = HeadersOf(Records().FirstOrDefault() ?? throw new ImportFileException("Le fichier est vide : il ne contient aucune ligne."));
    }

    /// <summary>Whether the file is a workbook rather than delimited text.</summary>
    public bool IsWorkbook => _source is XlsxRecords;

    /// <summary>How the file was understood, in French: encoding and separator, or the name of the sheet.</summary>
    public string Reading => _source.Reading;

    /// <summary>The column names, trimmed; unnamed columns become « Colonne 3 » and repeated names get a number, so that each is unique.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>
    /// The rows after the header, blank ones left out, read from the file at each enumeration; one enumeration at a time.
    /// Throws <see cref="ImportFileException"/> at the row that passes a limit or is damaged.
    /// </summary>
    public IEnumerable<ImportRow> Rows => Records().Skip(1);

    /// <summary>Opens a seekable stream, which must stay open while rows are read; <paramref name="corrections"/> replace cells by line and column. Throws <see cref="ImportFileException"/> when the file is no table or passes a limit.</summary>
    public static ImportTable Open(Stream file, ImportLimits? limits = null, IReadOnlyDictionary<(int Line, int Column), string>? corrections = null)
    {
        limits ??= ImportLimits.Screen;
        return FileSignature.Of(file, limits) switch
        {
            FileSignature.Workbook => new(XlsxRecords.Open(file, limits), limits, corrections),
            FileSignature.Json => throw new ImportFileException("Ce fichier est un JSON : seuls les fichiers JSON de FINESS peuvent être importés."),
            _ => new(CsvRecords.Open(file, limits), limits, corrections),
        };
    }

    /// <summary>The position of a column by its header, whatever the case; -1 when absent.</summary>
    public int ColumnOf(string header)
    {
        for (var column = 0; column < Headers.Count; column++)
        {
            if (string.Equals(Headers[column], header, StringComparison.OrdinalIgnoreCase))
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>The rows with the header as the file holds it, under the limits of <see cref="Rows"/>.</summary>
    internal IEnumerable<ImportRow> Records()
    {
        var count = 0;
        foreach (var row in _source.Read())
        {
            foreach (var cell in row.Cells)
            {
                if (cell.Length > _limits.MaxCellCharacters)
                {
                    throw new ImportFileException($"Ligne {row.LineNumber} : une cellule dépasse {_limits.MaxCellCharacters:N0} caractères.");
                }

                if (cell.Contains('\0', StringComparison.Ordinal))
                {
                    throw new ImportFileException($"Ligne {row.LineNumber} : une cellule contient un caractère nul. Le fichier est endommagé ou n'est pas un fichier texte.");
                }
            }

            if (row.IsBlank)
            {
                continue;
            }

            if (row.Cells.Count > _limits.MaxColumns && row.Cells.Skip(_limits.MaxColumns).Any(cell => cell.Length > 0))
            {
                throw new ImportFileException($"Ligne {row.LineNumber} : le fichier dépasse {_limits.MaxColumns} colonnes. Retirez celles qui ne servent pas, puis enregistrez-le de nouveau.");
            }

            if (count++ > _limits.MaxRows)
            {
                throw new ImportFileException($"Le fichier dépasse {_limits.MaxRows:N0} lignes. Découpez-le, ou demandez à un administrateur de l'importer en ligne de commande.");
            }

            yield return Corrected(row);
        }
    }

    private ImportRow Corrected(ImportRow row)
        => _corrections.Contains(row.LineNumber) ? _corrections[row.LineNumber].Aggregate(row, (corrected, cell) => corrected.With(cell.Column, cell.Text)) : row;

    private static string[] HeadersOf(ImportRow row)
    {
        var count = row.Cells.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(row.Cells[count - 1]))
        {
            count--;
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var headers = new string[count];
        for (var column = 0; column < count; column++)
        {
            var name = CellText.Clean(row.Cells[column]) ?? string.Create(CultureInfo.InvariantCulture, $"Colonne {column + 1}");
            var unique = name;
            for (var number = 2; !taken.Add(unique); number++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
            }

            headers[column] = unique;
        }

        return headers;
    }
}
