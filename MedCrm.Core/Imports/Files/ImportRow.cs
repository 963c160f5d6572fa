namespace MedCrm.Core.Imports.Files;

/// <summary>One record of a file: its cells as text, whatever the file stored.</summary>
public sealed class ImportRow(int lineNumber, string[] cells, bool hasBrokenQuotes = false)
{
    /// <summary>The line of the file where the record begins (the row number for a workbook), counted from 1.</summary>
    public int LineNumber { get; } = lineNumber;

    /// <summary>The cells the record really has, which may be fewer or more than the headers.</summary>
    public IReadOnlyList<string> Cells => cells;

    /// <summary>Whether a quotation mark stands where CSV does not expect one; the cells may then be cut in the wrong places.</summary>
    public bool HasBrokenQuotes { get; } = hasBrokenQuotes;

    /// <summary>The record with one cell changed.</summary>
    public ImportRow With(int column, string text)
    {
        var changed = new string[Math.Max(cells.Length, column + 1)];
        Array.Fill(changed, "");
        cells.CopyTo(changed, 0);
        changed[column] = text;
        return new ImportRow(LineNumber, changed, HasBrokenQuotes);
    }

    /// <summary>Whether every cell is blank.</summary>
    public bool IsBlank => Array.TrueForAll(cells, string.IsNullOrWhiteSpace);

    /// <summary>The cell of a column, empty when the record stops before it or the column is negative.</summary>
    public string this[int column] => (uint)column < (uint)cells.Length ? cells[column] : "";
}
