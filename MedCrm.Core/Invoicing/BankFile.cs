using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Invoicing;

/// <summary>Which columns of a bank statement hold what, from 0; null when the statement has none. Either one signed amount, or the credits in a column of their own.</summary>
public sealed record BankMapping
{
    [Display(Name = "Date")] public int? Date { get; set; }
    [Display(Name = "Libellé")] public int? Label { get; set; }
    [Display(Name = "Complément de libellé")] public int? Detail { get; set; }
    [Display(Name = "Montant (débits négatifs)")] public int? Amount { get; set; }
    [Display(Name = "Crédit")] public int? Credit { get; set; }
}

/// <summary>A line of a bank statement that brought money.</summary>
/// <param name="Key">What tells it from every other line, in this file and the next ones.</param>
/// <param name="Place">The line of the file, from 1.</param>
/// <param name="On">The day of the operation.</param>
/// <param name="Amount">Euros.</param>
/// <param name="Label">What the bank wrote of it.</param>
public sealed record BankLine(string Key, int Place, DateOnly On, decimal Amount, string Label);

/// <summary>What a statement says once its columns are known: the money that came, and how many lines were left out.</summary>
/// <param name="Debits">Lines of money that went.</param>
/// <param name="Unread">Lines whose date or amount could not be read, by their place in the file.</param>
public sealed record BankContent(IReadOnlyList<BankLine> Credits, int Debits, IReadOnlyList<int> Unread);

/// <summary>
/// A statement as a bank exports it: separators ; , tab or |, UTF-8 or Windows-1252, a few lines about the account before the header, days as 21/11/2026 or
/// 2026-11-21, one signed amount or debits and credits apart.
/// </summary>
public sealed class BankFile
{
    /// <summary>The most bytes of a statement.</summary>
    public const long MaxBytes = 5 * 1024 * 1024;

    private const int MostLines = 20_000;
    private const int Preamble = 25;

    private static readonly string[] s_days = ["dd/MM/yyyy", "dd/MM/yy", "d/M/yyyy", "yyyy-MM-dd", "dd-MM-yyyy", "dd.MM.yyyy", "yyyyMMdd", "yyyy/MM/dd"];
    private readonly IReadOnlyList<ImportRow> _rows;

    private BankFile(IReadOnlyList<string> columns, IReadOnlyList<ImportRow> rows, BankMapping guess, string reading)
        => (Columns, _rows, Guess, Reading) = (columns, rows, guess, reading);

    /// <summary>The titles of the columns, or « Colonne 1 » where the file has none.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Which columns seem to hold what.</summary>
    public BankMapping Guess { get; }

    /// <summary>How the file was understood: its encoding and separator.</summary>
    public string Reading { get; }

    /// <summary>The first lines, for somebody to check the columns.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Sample => [.. _rows.Take(5).Select(row => row.Cells)];

    /// <summary>Reads a statement.</summary>
    /// <exception cref="BusinessRuleException">It is no text of columns, is empty or too large.</exception>
    public static BankFile Read(Stream file)
    {
        if (file.Length > MaxBytes)
        {
            throw new BusinessRuleException("Ce fichier est trop grand pour un relevé : 5 Mo au plus.");
        }

        var records = CsvRecords.Open(file, ImportLimits.Screen);
        var rows = records.Read().Where(row => !row.IsBlank).Take(MostLines + 1).ToList();
        if (rows.Count is 0 or > MostLines)
        {
            throw new BusinessRuleException(rows.Count == 0 ? "Ce fichier est vide." : "Ce relevé a plus de 20 000 lignes : exportez une période plus courte.");
        }

        var header = rows.Take(Preamble).Index().FirstOrDefault(row => IsComplete(GuessByTitles(row.Item.Cells)), (Index: -1, Item: null!));
        if (header.Index >= 0)
        {
            var titles = header.Item.Cells.Select((title, place) => string.IsNullOrWhiteSpace(title) ? $"Colonne {place + 1}" : title.Trim()).ToList();
            return new BankFile(titles, rows[(header.Index + 1)..], GuessByTitles(header.Item.Cells), records.Reading);
        }

        var width = rows.Max(row => row.Cells.Count);
        return width < 2
            ? throw new BusinessRuleException("Ce fichier n'a pas de colonnes : exportez le relevé de votre banque au format CSV.")
            : new BankFile([.. Enumerable.Range(1, width).Select(place => $"Colonne {place}")], rows, GuessByContent(rows, width), records.Reading);
    }

    /// <summary>The money that came, once the columns are known.</summary>
    /// <exception cref="BusinessRuleException">The date, the label or the amount has no column; the field says which.</exception>
    public BankContent Contents(BankMapping mapping)
    {
        var date = mapping.Date ?? throw new BusinessRuleException("Choisissez la colonne de la date.", nameof(BankMapping.Date));
        var label = mapping.Label ?? throw new BusinessRuleException("Choisissez la colonne du libellé.", nameof(BankMapping.Label));
        var amount = mapping.Credit ?? mapping.Amount ?? throw new BusinessRuleException("Choisissez la colonne du montant, ou celle du crédit.", nameof(BankMapping.Amount));
        var (credits, unread, seen, debits) = (new List<BankLine>(), new List<int>(), new Dictionary<string, int>(), 0);
        foreach (var row in _rows)
        {
            // A line without an amount where credits stand apart is a debit; a total at the foot of the file has no day.
            if (!TryParseDay(row[date], out var on))
            {
                unread.Add(row.LineNumber);
                continue;
            }

            if (mapping.Credit is not null && string.IsNullOrWhiteSpace(row[amount]))
            {
                debits++;
                continue;
            }

            if (!TryParseAmount(row[amount], out var value))
            {
                unread.Add(row.LineNumber);
                continue;
            }

            if (value <= 0)
            {
                debits++;
                continue;
            }

            var text = Joined(row[label], mapping.Detail is { } detail ? row[detail] : "");
            var same = string.Create(CultureInfo.InvariantCulture, $"{on:yyyy-MM-dd}|{value:0.00}|{SearchKey.Fold(text)}");
            // Two lines that say the same on one day are two payments; the next file that holds this day numbers them alike.
            seen[same] = seen.GetValueOrDefault(same) + 1;
            credits.Add(new BankLine(KeyOf($"{same}|{seen[same]}"), row.LineNumber, on, value, text));
        }

        return new BankContent(credits, debits, unread);
    }

    /// <summary>A day as banks write it.</summary>
    internal static bool TryParseDay(string text, out DateOnly day)
        => DateOnly.TryParseExact(text.Trim().Split(' ', 'T')[0], s_days, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>An amount as banks write it: « 1 234,56 », « +1234.56 », « 1.234,56 EUR », « -12,00 ».</summary>
    internal static bool TryParseAmount(string text, out decimal amount)
    {
        var compact = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('€' or '+' or '\''))).Replace("EUR", "", StringComparison.OrdinalIgnoreCase).Replace('−', '-');
        var separator = compact.LastIndexOfAny([',', '.']);
        // The last sign separates the cents when one or two figures follow it, or when it stands alone; otherwise it groups thousands.
        var hasCents = separator >= 0 && compact.Length - separator - 1 is 1 or 2;
        var whole = string.Concat((hasCents ? compact[..separator] : compact).Where(c => c is not (',' or '.')));
        return decimal.TryParse(hasCents ? $"{whole}.{compact[(separator + 1)..]}" : whole, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingSign, CultureInfo.InvariantCulture, out amount);
    }

    private static bool IsComplete(BankMapping mapping) => mapping is { Date: not null, Label: not null } && (mapping.Amount is not null || mapping.Credit is not null);

    private static BankMapping GuessByTitles(IReadOnlyList<string> titles)
    {
        var folded = titles.Select(title => SearchKey.Fold(title)).ToList();
        var label = Find("libelle operation", "libelle", "intitule", "description", "designation", "nature de l'operation", "operation", "motif", "label");
        return new BankMapping
        {
            Date = Find("date operation", "date de l'operation", "date de comptabilisation", "date comptable", "date op", "date", "booking"),
            Label = label,
            Detail = Enumerable.Range(0, folded.Count).Where(place => place != label && (folded[place].Contains("complement", StringComparison.Ordinal) || folded[place].Contains("detail", StringComparison.Ordinal) || folded[place].Contains("informations", StringComparison.Ordinal) || folded[place].Contains("emetteur", StringComparison.Ordinal))).Select(place => (int?)place).FirstOrDefault(),
            Credit = Find("credit"),
            Amount = Find("credit") is null ? Find("montant", "amount", "somme") : null,
        };

        // The first word that a title begins with, else that it holds; a day of value is no day of operation.
        int? Find(params string[] words)
            => words.SelectMany(word => new[] { folded.FindIndex(title => title.StartsWith(word, StringComparison.Ordinal) && !title.Contains("valeur", StringComparison.Ordinal)), folded.FindIndex(title => title.Contains(word, StringComparison.Ordinal) && !title.Contains("valeur", StringComparison.Ordinal)) })
                .Where(place => place >= 0).Select(place => (int?)place).FirstOrDefault();
    }

    private static BankMapping GuessByContent(List<ImportRow> rows, int width)
    {
        var sample = rows.Take(50).ToList();
        var dates = Columns(text => TryParseDay(text, out _));
        var amounts = Columns(text => text.AsSpan().IndexOfAnyInRange('0', '9') >= 0 && !TryParseDay(text, out _) && TryParseAmount(text, out _));
        var label = Enumerable.Range(0, width).Except(dates).Except(amounts).OrderByDescending(place => sample.Sum(row => row[place].Length)).Select(place => (int?)place).FirstOrDefault();
        return new BankMapping { Date = dates.Select(place => (int?)place).FirstOrDefault(), Label = label, Amount = amounts.Select(place => (int?)place).FirstOrDefault() };

        List<int> Columns(Func<string, bool> holds) => [.. Enumerable.Range(0, width).Where(place => sample.Count(row => holds(row[place])) > sample.Count / 2)];
    }

    private static string Joined(string label, string detail) => string.Join(' ', $"{label} {detail}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
}
