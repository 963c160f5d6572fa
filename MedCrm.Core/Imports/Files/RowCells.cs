using System.Globalization;
using System.Text.RegularExpressions;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>
/// Reads the cells of one row by what they mean, repairs what spreadsheets damage (leading zeros, scientific notation, dates)
/// and writes down each repair. A value that cannot be trusted is dropped with a notice rather than guessed.
/// </summary>
public sealed partial class RowCells(int lineNumber)
{
    private const string NoDate = "1900-01-01";

    private static readonly string[] s_dateFormats =
    [
        "yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm", "dd-MM-yyyy", "dd.MM.yyyy", "yyyyMMdd",
    ];

    private List<ImportNotice>? _notices;

    /// <summary>The notices so far.</summary>
    public IReadOnlyList<ImportNotice> Notices => _notices ?? [];

    /// <summary>Whether a notice leaves the row out.</summary>
    public bool IsLeftOut => _notices?.Exists(notice => notice.Severity is not NoticeSeverity.Warning) ?? false;

    /// <summary>Adds a notice.</summary>
    public void Note(NoticeSeverity severity, string column, Sentence message, string? raw = null, string? repaired = null) =>
        (_notices ??= []).Add(new ImportNotice(lineNumber, severity, column, message, raw, repaired));

    /// <summary>A FINESS number; a lost leading zero comes back when the key then agrees, a wrong key is kept and reported.</summary>
    public string? Finess(string column, string? raw)
    {
        if (Identifier(column, raw, "Le numéro FINESS") is not { } value)
        {
            return null;
        }

        if (Foundation.Identifiers.Finess.HasForm(value))
        {
            if (!Foundation.Identifiers.Finess.IsValid(value))
            {
                Warn(column, "La clé du numéro FINESS est fausse : vérifiez-le.", raw, value);
            }

            return value;
        }

        if (value.Length == 8 && Foundation.Identifiers.Finess.IsValid("0" + value))
        {
            return Repaired(column, "Le numéro FINESS avait perdu son zéro initial.", raw, "0" + value);
        }

        return Dropped(column, value.Length == 9 ? "Le numéro FINESS ne contient que des chiffres, et une lettre en Corse." : "Le numéro FINESS doit compter 9 caractères.", raw);
    }

    /// <summary>A SIRET of 14 digits, or the SIREN of 9 digits some registers write in its place.</summary>
    public (string? Siren, string? Siret) SiretOrSiren(string column, string? raw)
    {
        if (Identifier(column, raw, "Le SIRET") is not { } value)
        {
            return default;
        }

        if (value.All(char.IsAsciiDigit))
        {
            switch (value.Length)
            {
                case 14:
                    return (value[..9], Checked(column, raw, value, Siret.IsValid, "La clé du SIRET est fausse : vérifiez-le."));
                case 9:
                    return (Checked(column, raw, value, Foundation.Identifiers.Siren.IsValid, "La clé du SIREN est fausse : vérifiez-le."), null);
                case 13 when Siret.IsValid("0" + value):
                    return (("0" + value)[..9], Repaired(column, "Le SIRET avait perdu son zéro initial.", raw, "0" + value));
                case 8 when Foundation.Identifiers.Siren.IsValid("0" + value):
                    return (Repaired(column, "Le SIREN avait perdu son zéro initial.", raw, "0" + value), null);
                default:
                    break;
            }
        }

        return (Dropped(column, "Le SIRET doit compter 14 chiffres.", raw), null);
    }

    /// <summary>A SIREN of 9 digits; a SIRET gives its first nine.</summary>
    public string? Siren(string column, string? raw) => SiretOrSiren(column, raw).Siren;

    /// <summary>An RPPS number of 11 digits; the national form that begins with 8 loses it. No contact takes a wrong key: it is dropped as any number that cannot be read.</summary>
    public string? Rpps(string column, string? raw)
    {
        if (Identifier(column, raw, "Le numéro RPPS") is not { } value)
        {
            return null;
        }

        value = Foundation.Identifiers.Rpps.Normalize(value) ?? value;
        return !IdentifierText.IsDigits(value, 11) ? Dropped(column, "Le numéro RPPS doit compter 11 chiffres.", raw)
            : Foundation.Identifiers.Rpps.IsValid(value) ? value
            : Dropped(column, "La clé du numéro RPPS est fausse : le numéro n'est pas gardé.", raw);
    }

    /// <summary>A code of fixed length whose leading zeros a spreadsheet may have removed; other lengths pass unchanged.</summary>
    public string? Code(string column, string? raw, int length)
    {
        if (CellText.Compact(raw) is not { } value)
        {
            return null;
        }

        return value.Length < length && value.All(char.IsAsciiDigit)
            ? Repaired(column, "Le code avait perdu ses zéros initiaux.", raw, value.PadLeft(length, '0'))
            : value;
    }

    /// <summary>A postcode of five digits.</summary>
    public string? Postcode(string column, string? raw)
    {
        var value = CellText.Compact(WithoutDecimals(CellText.Clean(raw)));
        return value switch
        {
            null => null,
            { Length: 5 } when value.All(char.IsAsciiDigit) => value,
            { Length: 4 } when value.All(char.IsAsciiDigit) => Repaired(column, "Le code postal avait perdu son zéro initial.", raw, "0" + value),
            _ => Dropped(column, "Le code postal doit compter 5 chiffres.", raw),
        };
    }

    /// <summary>A department code, from its INSEE or overseas FINESS form, or from its name.</summary>
    public string? Department(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        if (Departments.Find(text) is { } known)
        {
            return known.Code;
        }

        if (text.Length == 1 && Departments.Find("0" + text) is { } padded)
        {
            return Repaired(column, "Le département avait perdu son zéro initial.", raw, padded.Code);
        }

        var folded = SearchKey.Fold(text);
        return Departments.All.FirstOrDefault(department => SearchKey.Fold(department.Name) == folded)?.Code
            ?? Dropped(column, "Ce département est inconnu.", raw);
    }

    /// <summary>A telephone number in E.164, or a short number as it is.</summary>
    /// <param name="column">The column as the file names it.</param>
    /// <param name="raw">What the file holds; of several numbers the first is kept.</param>
    /// <param name="region">Where national numbers are dialled from, see <see cref="PhoneNumber.RegionOfDepartment"/>.</param>
    public string? Phone(string column, string? raw, string region = "FR")
    {
        if (CellText.Clean(raw)?.TrimStart('\'') is not { Length: > 0 } text)
        {
            return null;
        }

        if (PhoneSeparator().Split(text) is [var first, _, ..] && first.Count(char.IsAsciiDigit) >= 9)
        {
            text = first;
            Warn(column, "La cellule contient plusieurs numéros : seul le premier est gardé.", raw, text.Trim());
        }

        var phone = PhoneNumber.Parse(WithoutDecimals(text), region);
        return phone.Value is not null ? phone.Value
            : phone.Suggestion is not null ? Repaired(column, "Le numéro de téléphone avait perdu son zéro initial.", raw, phone.Suggestion)
            : Dropped(column, phone.Error ?? "Ce numéro de téléphone n'est pas valide.", raw);
    }

    /// <summary>An e-mail address of valid form.</summary>
    public string? Email(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        var address = text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? text[7..].Trim() : text;
        return EmailAddress.IsValid(address) ? address : Dropped(column, "Cette adresse e-mail n'est pas valide.", raw);
    }

    /// <summary>A web address whose host has a name; https is assumed when the file gives no scheme.</summary>
    public string? Website(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        var address = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        return WebAddress.IsValid(address)
            ? address
            : Dropped(column, "Cette adresse de site n'est pas valide.", raw);
    }

    /// <summary>A day, in ISO 8601; 1900-01-01 is how FINESS writes that there is none.</summary>
    public string? Date(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        if (!DateTime.TryParseExact(text, s_dateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return Dropped(column, "Cette date n'est pas lisible : écrivez-la jj/mm/aaaa.", raw);
        }

        var day = moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return day == NoDate ? null : day;
    }

    /// <summary>An amount in euros, invariant, with its decimals.</summary>
    public string? Amount(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        if (FrenchInput.TryParseAmount(text, out var amount))
        {
            return amount.ToString(CultureInfo.InvariantCulture);
        }

        Note(NoticeSeverity.Warning, column, "Ce n'est pas un montant : le champ n'est pas modifié.", raw);
        return null;
    }

    /// <summary>A rate in percent, invariant: « 20 », « 5,5 % », 0.2 as a spreadsheet keeps 20 %, « exonéré » for 0.</summary>
    public string? Percent(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        if (SearchKey.Fold(text).StartsWith("exo", StringComparison.Ordinal))
        {
            return "0";
        }

        if (FrenchInput.TryParseAmount(text.TrimEnd('%', ' ', '\u00A0', '\u202F'), out var rate))
        {
            return (rate is > 0 and < 1 ? rate * 100 : rate).ToString("0.####", CultureInfo.InvariantCulture);
        }

        Note(NoticeSeverity.Warning, column, "Ce n'est pas un taux : le champ n'est pas modifié.", raw);
        return null;
    }

    /// <summary>A whole number that is not negative, without separators.</summary>
    public string? Count(string column, string? raw)
    {
        if (CellText.Clean(raw) is not { } text)
        {
            return null;
        }

        var digits = string.Concat(WithoutDecimals(text)!.Where(character => !char.IsWhiteSpace(character)));
        return digits.Length is > 0 and <= 9 && digits.All(char.IsAsciiDigit)
            ? int.Parse(digits, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : Dropped(column, "Un nombre entier est attendu.", raw);
    }

    /// <summary>The row with its institution, or without it when a notice leaves it out.</summary>
    internal InstitutionLine Line(Func<InstitutionSource> institution)
    {
        var source = IsLeftOut ? null : institution();
        return new InstitutionLine(lineNumber, IsLeftOut ? null : source, Notices);
    }

    private string? Identifier(string column, string? raw, string subject)
    {
        var text = WithoutDecimals(CellText.Clean(raw));
        if (text is null || !ScientificNotation().IsMatch(text))
        {
            var compact = CellText.Compact(text);
            return compact is not null && IdentifierText.IsZeros(compact) ? Dropped(column, $"{subject} n'est fait que de zéros : il est ignoré.", raw) : compact;
        }

        var (whole, isExact) = Expanded(text);
        return isExact
            ? Repaired(column, $"{subject} était en notation scientifique.", raw, whole)
            : Dropped(column, $"{subject} est en notation scientifique : ses derniers chiffres sont perdus. Exportez de nouveau la colonne au format texte.", raw);
    }

    private static (string Whole, bool IsExact) Expanded(string text)
    {
        var match = ScientificNotation().Match(text);
        var mantissa = match.Groups[1].Value + match.Groups[2].Value;
        var exponent = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
        return (mantissa, exponent == match.Groups[2].Length && mantissa.Length >= 8);
    }

    // Statistical tools write whole numbers of a column with gaps as 10000024.0.
    private static string? WithoutDecimals(string? text) => text is not null && ZeroDecimals().Match(text) is { Success: true } match ? match.Groups[1].Value : text;

    private string? Checked(string column, string? raw, string value, Func<string, bool> isValid, Sentence message)
    {
        if (!isValid(value))
        {
            Warn(column, message, raw, value);
        }

        return value;
    }

    private string Repaired(string column, Sentence message, string? raw, string value)
    {
        Warn(column, message, raw, value);
        return value;
    }

    private string? Dropped(string column, Sentence message, string? raw)
    {
        Warn(column, message, raw, null);
        return null;
    }

    private void Warn(string column, Sentence message, string? raw, string? repaired) => Note(NoticeSeverity.Warning, column, message, raw, repaired);

    [GeneratedRegex(@"^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$")]
    private static partial Regex ScientificNotation();

    [GeneratedRegex(@"^(\d+)[.,]0+$")]
    private static partial Regex ZeroDecimals();

    [GeneratedRegex(@"\s*(?:[/;,\n]|\bou\b|\bet\b)\s*(?=[0+])")]
    private static partial Regex PhoneSeparator();
}
