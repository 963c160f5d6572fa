using System.Globalization;
using System.Text.RegularExpressions;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Accounting;

/// <summary>What a file of entries must hold to.</summary>
public enum FecRule
{
    Header,
    FieldCount,
    Date,
    OutsideYear,
    Amount,
    BothSides,
    EntryBalance,
    FileBalance,
    Required,
    LetteringPair,
    LetteringBalance,
    Account,
    Continuity,
    Order,
    Encoding,
    EmptyLine,
}

/// <summary>Where a file fails, and how. The line is counted from 1; null for the whole file.</summary>
public sealed record FecFault(FecRule Rule, int? Line, Sentence Sentence);

/// <summary>What was found in a file. Euros.</summary>
/// <param name="Lines">How many lines, the header aside.</param>
/// <param name="Entries">How many entries.</param>
/// <param name="Debit">The sum of debits.</param>
/// <param name="Credit">The sum of credits.</param>
/// <param name="Lettered">How many lines are lettered.</param>
/// <param name="Faults">The first faults.</param>
/// <param name="FaultCount">How many there are in all.</param>
public sealed record FecVerdict(int Lines, int Entries, decimal Debit, decimal Credit, int Lettered, IReadOnlyList<FecFault> Faults, int FaultCount)
{
    /// <summary>Whether the file may be handed over.</summary>
    public bool IsRight => FaultCount == 0;
}

/// <summary>Reads a file of entries line by line and says where it fails the rules of LPF art. A47 A-1.</summary>
public static partial class FecValidator
{
    /// <summary>The most faults that are told one by one.</summary>
    public const int MostFaults = 20;

    // 1-6, 9-13 and 16 are never empty.
    private static readonly int[] s_required = [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15];

    private static readonly int[] s_days = [3, 9, 14, 15];

    /// <summary>Checks a file.</summary>
    /// <param name="file">Its text.</param>
    /// <param name="year">The fiscal year that entries fall in.</param>
    /// <param name="isWhole">The file holds the whole year: the numbers of a journal follow each other. A part of it leaves out what was recorded meanwhile for other days: they only grow.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<FecVerdict> CheckAsync(TextReader file, FiscalYear year, bool isWhole = true, CancellationToken cancellationToken = default)
    {
        var reading = new Reading(year, isWhole);
        for (var number = 1; await file.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            reading.Take(line, number);
        }

        return reading.Verdict();
    }

    private static bool IsDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    [GeneratedRegex(@"^-?\d+,\d{2}$")]
    private static partial Regex AmountForm();

    [GeneratedRegex(@"^\d{3}")]
    private static partial Regex AccountForm();

    [GeneratedRegex(@"(\d+)$")]
    private static partial Regex LastDigits();

    private sealed class Reading(FiscalYear year, bool isWhole)
    {
        private readonly List<FecFault> _faults = [];
        private readonly Dictionary<(string Journal, string Entry), decimal> _balances = [];
        private readonly Dictionary<string, (long Number, string Text)> _last = [];
        private readonly Dictionary<(string Auxiliary, string Code), decimal> _lettered = [];
        private bool _hasHeader;
        private int _count;
        private int _lines;
        private int _letteredLines;
        private char _separator = '\t';
        private DateOnly _validated;
        private decimal _debit;
        private decimal _credit;

        public void Take(string line, int number)
        {
            if (number == 1)
            {
                _hasHeader = true;
                _separator = line.Contains('|') ? '|' : '\t';
                if (!line.Split(_separator).SequenceEqual(FecWriter.Columns))
                {
                    Add(FecRule.Header, 1, "L'en-tête ne porte pas les 18 noms attendus, dans leur ordre et leur orthographe.");
                }

                return;
            }

            if (line.Length == 0)
            {
                Add(FecRule.EmptyLine, number, $"Ligne {number} : la ligne est vide.");
                return;
            }

            _lines++;
            var fields = line.Split(_separator);
            if (fields.Length != FecWriter.Columns.Count)
            {
                Add(FecRule.FieldCount, number, $"Ligne {number} : {fields.Length} champs au lieu de 18. Un libellé contient sans doute un séparateur.");
                return;
            }

            if (!FecText.IsEncodable(line) || line.Any(c => char.IsControl(c) && c != _separator))
            {
                Add(FecRule.Encoding, number, $"Ligne {number} : un caractère n'existe pas en ISO 8859-15.");
            }

            foreach (var place in s_required.Where(place => fields[place].Length == 0))
            {
                Add(FecRule.Required, number, $"Ligne {number} : {FecWriter.Columns[place]} est vide.");
            }

            Days(fields, number);
            if (fields[4].Length > 0 && !AccountForm().IsMatch(fields[4]))
            {
                Add(FecRule.Account, number, $"Ligne {number} : le compte « {fields[4]} » ne commence pas par trois chiffres.");
            }

            var (debit, credit) = Amounts(fields, number);
            Balance(fields, number, debit - credit);
        }

        public FecVerdict Verdict()
        {
            if (!_hasHeader)
            {
                Add(FecRule.Header, null, "Le fichier est vide : il n'a pas même d'en-tête.");
            }

            foreach (var ((_, entry), balance) in _balances.Where(pair => pair.Value != 0))
            {
                Add(FecRule.EntryBalance, null, $"L'écriture {entry} n'est pas équilibrée : écart de {FrenchText.FormatAmount(balance)}.");
            }

            if (_debit != _credit)
            {
                Add(FecRule.FileBalance, null, $"Le fichier n'est pas équilibré : {FrenchText.FormatAmount(_debit)} au débit, {FrenchText.FormatAmount(_credit)} au crédit.");
            }

            foreach (var ((auxiliary, code), sum) in _lettered.Where(pair => pair.Value != 0))
            {
                Add(FecRule.LetteringBalance, null, $"Le lettrage {code} du compte {auxiliary} n'est pas soldé : écart de {FrenchText.FormatAmount(sum)}.");
            }

            return new FecVerdict(_lines, _balances.Count, _debit, _credit, _letteredLines, _faults, _count);
        }

        private void Days(string[] fields, int number)
        {
            foreach (var place in s_days.Where(place => fields[place].Length > 0 && !IsDay(fields[place], out _)))
            {
                Add(FecRule.Date, number, $"Ligne {number} : {FecWriter.Columns[place]} « {fields[place]} » n'est pas une date AAAAMMJJ.");
            }

            if (IsDay(fields[3], out var day) && !year.Holds(day))
            {
                Add(FecRule.OutsideYear, number, $"Ligne {number} : le {FrenchText.FormatDay(day)} est hors de l'exercice.");
            }

            if (IsDay(fields[15], out var validated))
            {
                if (validated < _validated)
                {
                    Add(FecRule.Order, number, $"Ligne {number} : les écritures ne suivent pas leurs dates de validation.");
                }

                _validated = validated;
            }

            if (fields[13].Length > 0 != fields[14].Length > 0)
            {
                Add(FecRule.LetteringPair, number, $"Ligne {number} : EcritureLet et DateLet vont ensemble.");
            }
        }

        private (decimal Debit, decimal Credit) Amounts(string[] fields, int number)
        {
            var (debit, credit) = (AmountOf(fields, 11, number), AmountOf(fields, 12, number));
            if (debit > 0 && credit > 0)
            {
                Add(FecRule.BothSides, number, $"Ligne {number} : un montant au débit et un autre au crédit.");
            }

            (_debit, _credit) = (_debit + debit, _credit + credit);
            return (debit, credit);
        }

        private decimal AmountOf(string[] fields, int place, int number)
        {
            if (AmountForm().IsMatch(fields[place]))
            {
                return decimal.Parse(fields[place].Replace(',', '.'), CultureInfo.InvariantCulture);
            }

            if (fields[place].Length > 0)
            {
                Add(FecRule.Amount, number, $"Ligne {number} : {FecWriter.Columns[place]} « {fields[place]} » n'est pas un montant à deux décimales.");
            }

            return 0;
        }

        private void Balance(string[] fields, int number, decimal amount)
        {
            var (journal, entry) = (fields[0], fields[2]);
            var isNew = !_balances.TryGetValue((journal, entry), out var before);
            _balances[(journal, entry)] = before + amount;
            if (isNew && LastDigits().Match(entry) is { Success: true } digits && long.TryParse(digits.Value, CultureInfo.InvariantCulture, out var place))
            {
                if (_last.TryGetValue(journal, out var last) && (isWhole ? place != last.Number + 1 : place <= last.Number))
                {
                    Add(FecRule.Continuity, number, $"Ligne {number} : {entry} ne suit pas {last.Text}.");
                }

                _last[journal] = (place, entry);
            }

            if (fields[13].Length > 0)
            {
                _letteredLines++;
                _lettered[(fields[6], fields[13])] = _lettered.GetValueOrDefault((fields[6], fields[13])) + amount;
            }
        }

        private void Add(FecRule rule, int? line, Sentence sentence)
        {
            _count++;
            if (_faults.Count < MostFaults)
            {
                _faults.Add(new FecFault(rule, line, sentence));
            }
        }
    }
}
