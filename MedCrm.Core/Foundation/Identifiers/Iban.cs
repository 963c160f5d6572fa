using System.Globalization;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>IBAN, the international number of a bank account (ISO 13616), with the RIB inside the French ones.</summary>
public static class Iban
{
    private const string WrongRibKey = "IBAN : la clé RIB ne correspond pas à ce compte, vérifiez auprès de son titulaire.";

    // Registered lengths of the countries of the SEPA zone; elsewhere ISO 13616 allows 15 to 34.
    private static readonly Dictionary<string, int> s_lengths = new(StringComparer.Ordinal)
    {
        ["AD"] = 24, ["AT"] = 20, ["BE"] = 16, ["BG"] = 22, ["CH"] = 21, ["CY"] = 28, ["CZ"] = 24, ["DE"] = 22, ["DK"] = 18,
        ["EE"] = 20, ["ES"] = 24, ["FI"] = 18, ["FR"] = 27, ["GB"] = 22, ["GI"] = 23, ["GR"] = 27, ["HR"] = 21, ["HU"] = 28,
        ["IE"] = 22, ["IS"] = 26, ["IT"] = 27, ["LI"] = 21, ["LT"] = 20, ["LU"] = 20, ["LV"] = 21, ["MC"] = 27, ["MT"] = 31,
        ["NL"] = 18, ["NO"] = 15, ["PL"] = 28, ["PT"] = 25, ["RO"] = 24, ["SE"] = 24, ["SI"] = 19, ["SK"] = 24, ["SM"] = 27, ["VA"] = 22,
    };

    /// <summary>The number in upper case without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, is an IBAN with the right length and key. The RIB key inside is not looked at.</summary>
    public static bool IsValid(string input) => Normalize(input) is { } value && FormProblem(value) is null && HasKey(value);

    /// <summary>Checks an IBAN as typed. A wrong key is an error when strict, else a warning; a wrong RIB key is always a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (FormProblem(value) is { } problem)
        {
            return IdentifierCheck.Refused(problem);
        }

        if (!HasKey(value))
        {
            return IdentifierCheck.Doubtful(value, "IBAN : la clé est fausse, vérifiez les caractères.", strict);
        }

        return IdentifierCheck.Valid(value, HasRib(value) && !HasRibKey(value) ? WrongRibKey : null);
    }

    private static Sentence? FormProblem(string value)
    {
        if (value.Length < 4 || !value.All(char.IsAsciiLetterOrDigit) || !char.IsAsciiLetter(value[0]) || !char.IsAsciiLetter(value[1]) || !IdentifierText.IsDigits(value[2..4], 2))
        {
            return "IBAN : il commence par deux lettres et deux chiffres, suivis de lettres et de chiffres seulement.";
        }

        if (s_lengths.TryGetValue(value[..2], out var length) && value.Length != length)
        {
            return $"IBAN : il faut {length} caractères pour ce pays, il y en a {value.Length}.";
        }

        if (value.Length is < 15 or > 34)
        {
            return $"IBAN : il faut 15 à 34 caractères, il y en a {value.Length}.";
        }

        return HasRib(value) && !(IdentifierText.IsDigits(value[4..14], 10) && IdentifierText.IsDigits(value[25..], 2))
            ? "IBAN : les codes banque et guichet et la clé RIB ne contiennent que des chiffres."
            : null;
    }

    private static bool HasRib(string value) => value[..2] is "FR" or "MC";

    // Keys are computed between 02 and 98: 00, 01 and 99 give the same remainder as 97, 98 and 02, and are never issued.
    private static bool HasKey(string value)
        => value[2..4] is not ("00" or "01" or "99") && Remainder(value[4..] + value[..4]) == 1;

    private static int Remainder(string characters)
    {
        var remainder = 0;
        foreach (var character in characters)
        {
            remainder = char.IsAsciiDigit(character)
                ? ((remainder * 10) + character - '0') % 97
                : ((remainder * 100) + character - 'A' + 10) % 97;
        }

        return remainder;
    }

    // RIB key = 97 - ((89 × bank + 15 × branch + 3 × account) mod 97), letters of the account read as digits.
    private static bool HasRibKey(string value)
    {
        var account = string.Concat(value[14..25].Select(RibDigit));
        var sum = (89 * ToNumber(value[4..9])) + (15 * ToNumber(value[9..14])) + (3 * ToNumber(account));
        return ToNumber(value[25..]) == 97 - (sum % 97);
    }

    // A to I are 1 to 9, J to R are 1 to 9 again, S to Z are 2 to 9.
    private static char RibDigit(char character) => character switch
    {
        >= 'A' and <= 'I' => (char)('1' + character - 'A'),
        >= 'J' and <= 'R' => (char)('1' + character - 'J'),
        >= 'S' and <= 'Z' => (char)('2' + character - 'S'),
        _ => character,
    };

    private static long ToNumber(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
