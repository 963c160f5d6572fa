namespace MedCrm.Core.Foundation;

/// <summary>Rows of CSV files as French spreadsheets take them: semicolons between fields, one record a line.</summary>
public static class CsvText
{
    /// <summary>A text as a field: quoted when it must be, and never begun by what a spreadsheet would compute (CWE-1236).</summary>
    public static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var field = text.TrimStart() is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\0', ..] || text[0] is '\t' or '\r' or '\0' ? $"'{text}" : text;
        return field.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }

    /// <summary>Fields, already written as such, on one line.</summary>
    public static string Row(IEnumerable<string> fields) => string.Join(';', fields) + "\r\n";
}
