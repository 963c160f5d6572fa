using Radzen;
using Radzen.Documents.Spreadsheet;

namespace MedCrm.Web.Exports;

/// <summary>How the cells of an exported column are written.</summary>
public enum CellKind
{
    Text,
    Count,

    /// <summary>Euros with two decimals.</summary>
    Euros,
    Day,
    Moment,
}

/// <summary>A column of an exported sheet. The width is in pixels.</summary>
public sealed record SheetColumn(string Header, CellKind Kind, int Width = 160);

/// <summary>
/// Writes a list as an XLSX workbook, row by row, without holding it: a named table with its filter, a frozen header, real numbers and
/// dates. Text stays text, whatever it begins with. The one place that knows the spreadsheet library.
/// </summary>
public static class WorkbookWriter
{
    private static readonly Format s_text = new();
    private static readonly Format s_count = new Format().WithNumberFormat("#,##0").WithTextAlign(TextAlign.Right);
    private static readonly Format s_euros = new Format().WithNumberFormat("#,##0.00\\ \"€\"").WithTextAlign(TextAlign.Right);
    private static readonly Format s_day = new Format().WithNumberFormat("dd/mm/yyyy");
    private static readonly Format s_moment = new Format().WithNumberFormat("dd/mm/yyyy hh:mm");

    /// <summary>Writes one sheet. Rows hold a value per column: string, number, decimal, DateOnly, DateTime (local) or null.</summary>
    public static async Task WriteAsync(Stream output, string sheetName, IReadOnlyList<SheetColumn> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        var workbook = new Workbook();
        var sheet = workbook.AddSheet(sheetName, 1, columns.Count);
        for (var index = 0; index < columns.Count; index++)
        {
            sheet.Cells[0, index].Value = columns[index].Header;
            sheet.Columns[index] = columns[index].Width;
        }

        sheet.Rows.Frozen = 1;
        sheet.AddTable("Liste", RangeRef.Parse($"A1:{ColumnName(columns.Count - 1)}1"));
        await workbook.SaveToStreamAsync(output, Cells(columns, rows, cancellationToken), true, cancellationToken);
    }

    private static async IAsyncEnumerable<(CellData? Data, Format? Format)[]> Cells(
        IReadOnlyList<SheetColumn> columns,
        IAsyncEnumerable<IReadOnlyList<object?>> rows,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var cells = new (CellData?, Format?)[columns.Count];
            for (var index = 0; index < cells.Length; index++)
            {
                cells[index] = CellOf(row[index], columns[index].Kind);
            }

            yield return cells;
        }
    }

    private static (CellData?, Format?) CellOf(object? value, CellKind kind) => value switch
    {
        null => (CellData.Empty, s_text),
        decimal amount => (CellData.FromNumber((double)amount), kind is CellKind.Euros ? s_euros : s_count),
        int count => (CellData.FromNumber(count), s_count),
        DateOnly day => (CellData.FromDate(day.ToDateTime(TimeOnly.MinValue)), s_day),
        DateTime moment => (CellData.FromDate(moment), s_moment),
        _ => (CellData.FromString(value.ToString()!), s_text),
    };

    private static string ColumnName(int index) => index < 26 ? $"{(char)('A' + index)}" : $"{ColumnName((index / 26) - 1)}{(char)('A' + (index % 26))}";
}
