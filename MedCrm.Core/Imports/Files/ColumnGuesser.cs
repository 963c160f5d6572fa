using System.Text.RegularExpressions;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>What a column of a free file probably feeds.</summary>
/// <param name="Column">Position, from 0.</param>
/// <param name="Header">The column name.</param>
/// <param name="Field">The proposed field, or null when nothing fits.</param>
/// <param name="Confidence">From 0 to 1; from 0.8 upwards the name or the contents leave little doubt.</param>
public sealed record ColumnGuess(int Column, string Header, ImportField? Field, double Confidence);

/// <summary>Proposes a field for each column of a free file from its name (French or English, accents ignored) and from its contents.</summary>
public static partial class ColumnGuesser
{
    private const double SameName = 0.9;
    private const double WordsInName = 0.7;
    private const double Agreement = 0.09;
    private const double Disagreement = 0.5;
    private const double LeastConfidence = 0.4;
    private const double Doubtful = 0.5;
    private const double MostCells = 0.8;

    /// <summary>One guess per header, in order; a field is proposed for one column only, the most convincing.</summary>
    public static IReadOnlyList<ColumnGuess> Guess(IReadOnlyList<string> headers, IReadOnlyList<ImportRow> sample, ImportSubject subject = ImportSubject.Institutions)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(sample);

        var fields = ImportFields.For(subject);
        var candidates = new List<ColumnGuess>();
        for (var column = 0; column < headers.Count; column++)
        {
            var name = FoldedName(headers[column]);
            var contents = ContentsOf(sample, column, subject);
            foreach (var field in fields)
            {
                var confidence = Confidence(field, name, contents);
                if (confidence >= LeastConfidence)
                {
                    candidates.Add(new ColumnGuess(column, headers[column], field, confidence));
                }
            }
        }

        var guesses = headers.Select((header, column) => new ColumnGuess(column, header, null, 0)).ToArray();
        var taken = new HashSet<ImportField>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Confidence).ThenBy(candidate => candidate.Column))
        {
            if (guesses[candidate.Column].Field is null && taken.Add(candidate.Field!.Value))
            {
                guesses[candidate.Column] = candidate;
            }
        }

        // Beside a first name, « nom » is the last name, be it « de la Tour ».
        if (taken.Contains(ImportField.ContactFirstName) && !taken.Contains(ImportField.ContactLastName))
        {
            guesses = Array.ConvertAll(guesses, guess => guess.Field is ImportField.ContactFullName ? guess with { Field = ImportField.ContactLastName } : guess);
        }

        return guesses;
    }

    /// <summary>What the rows describe: only those of people have a first name, a civility, a job or an RPPS number, only those of a catalogue a price.</summary>
    public static ImportSubject SubjectOf(IReadOnlyList<string> headers, IReadOnlyList<ImportRow> sample)
        => Guess(headers, sample, ImportSubject.Contacts).Any(guess => guess is { Field: ImportField.ContactFirstName or ImportField.ContactRpps or ImportField.ContactTitle or ImportField.ContactJobTitle, Confidence: >= SameName })
            ? ImportSubject.Contacts
            : Guess(headers, sample, ImportSubject.Catalog).Any(guess => guess is { Field: ImportField.ItemUnitPrice, Confidence: >= SameName })
                ? ImportSubject.Catalog
                : ImportSubject.Institutions;

    private static double Confidence(ImportField field, string name, Contents contents)
    {
        var byName = ByName(field, name);
        var byContents = contents.Fields.GetValueOrDefault(field);
        if (byName == 0)
        {
            return byContents;
        }

        if (byContents > 0)
        {
            return byName + Agreement;
        }

        if (contents.IsEmpty || !HasRecognisableContents(field, name))
        {
            return byName;
        }

        // A column called « FINESS » is one, however damaged: what is wrong in it is then shown cell by cell.
        return byName >= SameName ? Doubtful : byName * Disagreement;
    }

    private static double ByName(ImportField field, string name)
    {
        var words = name.Split(' ');
        var best = 0.0;
        foreach (var synonym in ImportFields.Synonyms(field))
        {
            if (synonym == name || synonym.Replace(" ", "", StringComparison.Ordinal) == name.Replace(" ", "", StringComparison.Ordinal))
            {
                return SameName;
            }

            // Short synonyms (« cp », « fi », « nom ») inside a longer name prove little.
            if (synonym.Length > 4 && synonym.Split(' ').All(words.Contains))
            {
                best = Math.Max(best, WordsInName * Math.Min(1, 0.6 + (0.4 * synonym.Length / name.Length)));
            }
        }

        return best;
    }

    private static bool HasRecognisableContents(ImportField field, string name) => field is ImportField.FinessEt or ImportField.FinessEj or ImportField.Siren or ImportField.Siret
        or ImportField.Id or ImportField.Postcode or ImportField.Phone or ImportField.SecondPhone or ImportField.Fax or ImportField.Email or ImportField.Website
        or ImportField.ContactEmail or ImportField.ContactPhone or ImportField.ContactMobile or ImportField.ContactRpps
        // « Nom » may be either; « nom complet » says it all.
        || (field is ImportField.ContactFullName && ImportFields.Synonyms(ImportField.ContactLastName).Contains(name));

    private static Contents ContentsOf(IReadOnlyList<ImportRow> sample, int column, ImportSubject subject)
    {
        var cells = sample.Select(row => CellText.Clean(row[column])).OfType<string>().ToList();
        var fields = new Dictionary<ImportField, double>();
        if (cells.Count == 0)
        {
            return new Contents(IsEmpty: true, fields);
        }

        var isForContacts = subject is ImportSubject.Contacts;
        if (Most(cells, EmailAddress.IsValid))
        {
            fields[isForContacts ? ImportField.ContactEmail : ImportField.Email] = 0.85;
        }
        else if (Most(cells, cell => WebAddress().IsMatch(cell)))
        {
            fields[ImportField.Website] = 0.8;
        }
        else if (Most(cells, IsFiness) && StartsWithDepartments(cells))
        {
            // A number that repeats is the legal entity's: a site has one row.
            var isRepeated = cells.Distinct().Count() < cells.Count;
            fields[ImportField.FinessEt] = isRepeated ? 0.6 : 0.85;
            fields[ImportField.FinessEj] = isRepeated ? 0.65 : 0.45;
            if (Most(cells, cell => Siren.IsValid(CellText.Compact(cell) ?? "")))
            {
                fields[ImportField.Siren] = 0.4;
            }
        }
        else if (Most(cells, cell => IsDigits(cell, 14) && Siret.IsValid(CellText.Compact(cell)!)))
        {
            fields[ImportField.Siret] = 0.85;
        }
        else if (Most(cells, cell => ScientificSiret().IsMatch(cell) || (IsDigits(cell, 14) && Siret.IsValid(CellText.Compact(cell)!))))
        {
            fields[ImportField.Siret] = 0.6;
        }
        else if (Most(cells, cell => IsDigits(cell, 9) && Siren.IsValid(CellText.Compact(cell)!)))
        {
            fields[ImportField.Siren] = 0.8;
        }
        else if (Most(cells, cell => PhoneOf(cell) is not null))
        {
            var areMobile = Most(cells, cell => PhoneOf(cell) is { } phone && PhoneNumber.Parse(phone).Kind is PhoneKind.Mobile);
            fields[ImportField.Phone] = 0.75;
            fields[ImportField.SecondPhone] = 0.2;
            fields[ImportField.Fax] = 0.3;
            fields[ImportField.ContactPhone] = areMobile ? 0.5 : 0.75;
            fields[ImportField.ContactMobile] = areMobile ? 0.8 : 0.45;
        }
        else if (Most(cells, cell => IsDigits(Rpps.Normalize(cell) ?? "", 11)))
        {
            fields[ImportField.ContactRpps] = 0.7;
        }
        else if (Most(cells, cell => Postcode().IsMatch(cell) && Departments.OfPostcode(cell.PadLeft(5, '0')) is not null))
        {
            fields[ImportField.Postcode] = 0.6;
        }
        else if (!isForContacts && Most(cells, cell => ImportValues.Meaning(ImportField.Status, cell) is not null))
        {
            fields[ImportField.Status] = 0.75;
        }
        else if (!isForContacts && Most(cells, cell => !char.IsAsciiDigit(cell[0]) && ImportValues.Meaning(ImportField.Ownership, cell) is not null))
        {
            // « Statut » names both: the contents decide.
            fields[ImportField.Ownership] = 0.95;
        }
        else if (Most(cells, cell => Guid.TryParse(cell, out _)))
        {
            fields[ImportField.Id] = 0.5;
        }
        else if (Most(cells, cell => PostcodeAndCity().IsMatch(cell)))
        {
            fields[ImportField.City] = 0.7;
        }
        else if (isForContacts && Most(cells, cell => FirstAndLastName().IsMatch(cell)))
        {
            // Too many other texts have two words: only a column called « nom » makes it a person's.
            fields[ImportField.ContactFullName] = 0.2;
        }

        return new Contents(IsEmpty: false, fields);
    }

    private static bool Most(List<string> cells, Func<string, bool> isSo) => cells.Count(isSo) >= MostCells * cells.Count;

    private static bool IsFiness(string cell)
    {
        var value = CellText.Compact(cell) ?? "";
        return Finess.IsValid(value.Length == 8 ? "0" + value : value);
    }

    private static bool StartsWithDepartments(List<string> cells) => Most(cells, cell =>
    {
        var value = CellText.Compact(cell)!.PadLeft(9, '0');
        return value.StartsWith("97", StringComparison.Ordinal) || value.StartsWith("98", StringComparison.Ordinal) || Departments.Find(value[..2]) is not null;
    });

    private static bool IsDigits(string cell, int count) => CellText.Compact(cell) is { } value && value.Length == count && value.All(char.IsAsciiDigit);

    private static string? PhoneOf(string cell)
    {
        var phone = PhoneNumber.Parse(cell.TrimStart('\''));
        return phone.Kind is PhoneKind.ShortCode ? null : phone.Value ?? phone.Suggestion;
    }

    private static string FoldedName(string header) => SearchKey.Fold(CamelHump().Replace(header, "$1 $2"));

    private sealed record Contents(bool IsEmpty, Dictionary<ImportField, double> Fields);

    [GeneratedRegex(@"^(https?://|www\.)\S+$", RegexOptions.IgnoreCase)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"^\d[.,]\d+E\+?1[34]$", RegexOptions.IgnoreCase)]
    private static partial Regex ScientificSiret();

    [GeneratedRegex("^[0-9]{4,5}$")]
    private static partial Regex Postcode();

    [GeneratedRegex("^[0-9]{5} [A-Za-zÀ-ÿ]")]
    private static partial Regex PostcodeAndCity();

    [GeneratedRegex(@"^\p{L}[\p{L}.'’-]*,?( \p{L}[\p{L}.'’-]*){1,6}$")]
    private static partial Regex FirstAndLastName();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex CamelHump();
}
