using System.Globalization;
using System.Text;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Exports;

/// <summary>Writes a list as CSV, row by row, as French spreadsheets open it: UTF-8 with its mark, semicolons, decimal comma, days as 31/12/2026. No text begins a formula.</summary>
public static class CsvWriter
{
    /// <summary>Writes the headers, then the rows. Rows hold a value per column: string, number, decimal, DateOnly, DateTime (local) or null.</summary>
    public static async Task WriteAsync(Stream output, IReadOnlyList<SheetColumn> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(CsvText.Row(columns.Select(column => CsvText.Field(column.Header))));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(CsvText.Row(row.Select((value, index) => FieldOf(value, columns[index].Kind))));
        }
    }

    private static string FieldOf(object? value, CellKind kind) => value switch
    {
        null => "",
        decimal amount => amount.ToString(kind is CellKind.Euros ? "0.00####" : "0.######", CultureInfo.InvariantCulture).Replace('.', ','),
        int count => count.ToString(CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture),
        _ => CsvText.Field(value.ToString()),
    };
}
