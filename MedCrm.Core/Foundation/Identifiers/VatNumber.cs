using System.Globalization;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>The French intra-community VAT number: FR, a key of two characters, the SIREN (CGI art. 286 ter).</summary>
public static class VatNumber
{
    private const string KeyCharacters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// <summary>The number in upper case without separators, null when empty; FR is put in front of a key and a SIREN typed without it.</summary>
    public static string? Normalize(string? input)
        => IdentifierText.Compact(input) is not { } value ? null
            : value.Length == 11 && !value.StartsWith("FR", StringComparison.Ordinal) && HasForm("FR" + value) ? "FR" + value
            : value;

    /// <summary>Whether a text, separators aside, is a French VAT number with the right key, of the numeric or of the lettered kind.</summary>
    public static bool IsValid(string input) => Normalize(input) is { } value && HasForm(value) && HasSiren(value) && HasKey(value);

    /// <summary>Checks a VAT number as typed. A wrong key is an error when strict, else a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (!HasForm(value))
        {
            return IdentifierCheck.Refused(FormProblem(value));
        }

        if (IdentifierText.IsZeros(value[4..]))
        {
            return IdentifierCheck.Refused("N° de TVA : ce numéro n'existe pas.");
        }

        if (!HasSiren(value))
        {
            return IdentifierCheck.Doubtful(value, "N° de TVA : les 9 derniers chiffres ne sont pas un SIREN.", strict);
        }

        return HasKey(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, "N° de TVA : la clé est fausse, vérifiez les deux caractères après FR.", strict);
    }

    /// <summary>The VAT number of a SIREN: key = (12 + 3 × (SIREN mod 97)) mod 97, on two digits.</summary>
    /// <exception cref="ArgumentException">The text is no valid SIREN.</exception>
    public static string FromSiren(string siren)
    {
        if (!Siren.IsValid(siren))
        {
            throw new ArgumentException($"'{siren}' is not a valid SIREN.", nameof(siren));
        }

        var digits = Siren.Normalize(siren)!;
        return string.Create(CultureInfo.InvariantCulture, $"FR{NumericKey(digits):00}{digits}");
    }

    private static bool HasForm(string value)
        => value.Length == 13
            && value.StartsWith("FR", StringComparison.Ordinal)
            && KeyCharacters.Contains(value[2], StringComparison.Ordinal)
            && KeyCharacters.Contains(value[3], StringComparison.Ordinal)
            && IdentifierText.IsDigits(value[4..], 9);

    private static Sentence FormProblem(string value)
        => !value.StartsWith("FR", StringComparison.Ordinal) ? "N° de TVA : un numéro français commence par FR."
            : value.Length != 13 ? (Sentence)$"N° de TVA : il faut 13 caractères, il y en a {value.Length}."
            : "N° de TVA : après FR viennent une clé de deux caractères (ni I ni O) et les 9 chiffres du SIREN.";

    // Monaco has French VAT numbers that begin with 000 and belong to no SIREN.
    private static bool HasSiren(string value)
        => value[4..7] == "000" ? !IdentifierText.IsZeros(value[4..]) : Siren.IsValid(value[4..]);

    private static bool HasKey(string value)
    {
        var number = value[4..];
        if (char.IsAsciiDigit(value[2]) && char.IsAsciiDigit(value[3]))
        {
            return int.Parse(value.AsSpan(2, 2), NumberStyles.None, CultureInfo.InvariantCulture) == NumericKey(number);
        }

        var first = KeyCharacters.IndexOf(value[2], StringComparison.Ordinal);
        var second = KeyCharacters.IndexOf(value[3], StringComparison.Ordinal);
        var key = char.IsAsciiDigit(value[2]) ? (first * 24) + second - 10 : (first * 34) + second - 100;
        return (ToNumber(number) + 1 + (key / 11)) % 11 == key % 11;
    }

    private static int NumericKey(string digits) => (12 + (3 * (ToNumber(digits) % 97))) % 97;

    private static int ToNumber(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
