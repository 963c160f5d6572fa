using System.Globalization;
using System.Text;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>A pasted line, and the texts of its cells that are no numbers, by the name of their field.</summary>
public sealed record PastedLine(LineDetails Line, IReadOnlyDictionary<string, string> Unread);

/// <summary>Lines as they come from a spreadsheet: description, quantity, unit, unit price excluding VAT, discount, VAT; numbers written in French or not.</summary>
public static class PastedLines
{
    /// <summary>
    /// The lines of a pasted text, cells apart by tabs. A first row of titles is left out, a row with a description alone is a title among the others.
    /// Cells that are missing keep what a new line has, and those that cannot be read are handed back as they were typed; a rate of 0 is a line without VAT, whose reason is still to be chosen.
    /// </summary>
    public static IReadOnlyList<PastedLine> Read(string text, Vat vat)
    {
        var rows = Rows(text).Where(cells => cells.Exists(cell => cell.Length > 0)).Take(LineDetails.Most + 1).ToList();
        if (rows.Count > 1 && rows[0].Count(cell => cell.Length > 0) > 1 && !rows[0].Skip(1).Any(IsNumber) && rows[1].Skip(1).Any(IsNumber))
        {
            rows.RemoveAt(0);
        }

        var isTable = rows.Exists(cells => cells.Skip(1).Any(cell => cell.Length > 0));
        return [.. rows.Take(LineDetails.Most).Select(cells => LineOf(cells, vat, isTable))];
    }

    /// <summary>Reads a number as people write it in French or in English: « 1 234,5 », « 1.234,50 », « 1234.5 », « 12 % », « 9,90 € », « 12k ».</summary>
    public static bool TryReadNumber(string? text, out decimal number)
    {
        var compact = string.Concat((text ?? "").Where(character => !char.IsWhiteSpace(character) && character is not ('€' or '%' or '\u202F' or '\u00A0')));
        var comma = compact.LastIndexOf(',');
        var invariant = comma < 0 ? compact
            : comma > compact.LastIndexOf('.') ? compact.Replace(".", "", StringComparison.Ordinal).Replace(',', '.')
            : compact.Replace(",", "", StringComparison.Ordinal);
        return decimal.TryParse(invariant, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            || FrenchInput.TryParseAmount(text, out number);
    }

    private static PastedLine LineOf(List<string> cells, Vat vat, bool isTable)
    {
        var description = cells[0].Length > 0 ? cells[0] : cells.Find(cell => cell.Length > 0 && !IsNumber(cell)) ?? "";
        if (isTable && !cells.Skip(1).Any(cell => cell.Length > 0))
        {
            return new PastedLine(new LineDetails { Kind = LineKind.Section, Description = description }, new Dictionary<string, string>());
        }

        var line = new LineDetails { Description = description, VatCategory = vat.Category, VatRate = vat.Rate, VatReason = vat.Reason };
        line.Quantity = NumberAt(cells, 1) ?? line.Quantity;
        line.Unit = cells.ElementAtOrDefault(2) is { Length: > 0 } unit ? unit : null;
        line.UnitPrice = NumberAt(cells, 3) ?? 0;
        line.DiscountPercent = NumberAt(cells, 4) ?? 0;
        line = NumberAt(cells, 5) switch
        {
            null => line,
            0 when vat.Category is not VatCategory.Standard => line,
            0 => line with { VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = null },
            var rate => line with { VatCategory = VatCategory.Standard, VatRate = rate.Value, VatReason = null },
        };
        var unread = new[] { (Field: nameof(LineDetails.Quantity), At: 1), (Field: nameof(LineDetails.UnitPrice), At: 3), (Field: nameof(LineDetails.DiscountPercent), At: 4) }
            .Where(cell => cells.ElementAtOrDefault(cell.At) is { Length: > 0 } typed && !IsNumber(typed));
        return new PastedLine(line, unread.ToDictionary(cell => cell.Field, cell => cells[cell.At]));
    }

    private static bool IsNumber(string text) => TryReadNumber(text, out _);

    private static decimal? NumberAt(List<string> cells, int index) => cells.ElementAtOrDefault(index) is { Length: > 0 } text && TryReadNumber(text, out var number) ? number : null;

    // A cell that holds a line break or a quote stands between quotes, doubled inside.
    private static List<List<string>> Rows(string text)
    {
        var (rows, cells, cell, isQuoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (isQuoted)
            {
                if (character != '"')
                {
                    cell.Append(character == '\r' ? "" : character);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    cell.Append('"');
                    at++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (character == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (character == '\t')
            {
                End();
            }
            else if (character == '\n')
            {
                End();
                rows.Add(cells);
                cells = [];
            }
            else if (character != '\r')
            {
                cell.Append(character);
            }
        }

        End();
        rows.Add(cells);
        return rows;

        void End()
        {
            cells.Add(cell.ToString().Trim());
            cell.Clear();
        }
    }
}
