namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>FINESS, the 9 characters of a health establishment (ET) or of the legal entity that owns it (EJ). Always a text: it may begin with 0 and holds a letter in Corsica.</summary>
public static class Finess
{
    private const string WrongKey = "FINESS : la clé est fausse, vérifiez les caractères.";

    /// <summary>The number in upper case without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, is a FINESS with the right key: Luhn, where Corsica's 2A and 2B are read 21 and 22 (holds for all numbers of SAE 2023).</summary>
    public static bool IsValid(string input)
        => Normalize(input) is { Length: 9 } value && !IdentifierText.IsZeros(value) && Luhn.IsValid(CorsicaAsDigits(value));

    /// <summary>Whether a text, separators aside, is written as a FINESS is, whatever its key: nine digits, of which the second is a letter in Corsica.</summary>
    public static bool HasForm(string input) => Normalize(input) is { } value && IdentifierText.IsDigits(CorsicaAsDigits(value), 9);

    /// <summary>Checks a FINESS as typed. A wrong key is an error when strict, else a warning; a lost leading zero is suggested back.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (value.Length == 8 && IsValid("0" + value))
        {
            return IdentifierCheck.Refused($"FINESS : le zéro de tête a été perdu, écrivez 0{value}.", "0" + value);
        }

        if (!value.All(char.IsAsciiLetterOrDigit))
        {
            return IdentifierCheck.Refused(IdentifierText.LostDigits(input, "FINESS") ?? "FINESS : ce numéro ne contient que des chiffres, et une lettre en Corse.");
        }

        if (value.Length != 9)
        {
            return IdentifierCheck.Refused($"FINESS : il faut 9 caractères, il y en a {value.Length}.");
        }

        if (IdentifierText.IsZeros(value))
        {
            return IdentifierCheck.Refused("FINESS : ce numéro n'existe pas.");
        }

        return IsValid(value) ? IdentifierCheck.Valid(value) : IdentifierCheck.Doubtful(value, WrongKey, strict);
    }

    /// <summary>The number in threes, « 010 000 024 »; a text that is no FINESS comes back as it was.</summary>
    public static string Format(string finess)
        => Normalize(finess) is { Length: 9 } value ? $"{value[..3]} {value[3..6]} {value[6..]}" : finess;

    internal static string CorsicaAsDigits(string value)
        => value.Length > 1 && value[0] == '2' && value[1] is 'A' or 'B'
            ? $"2{(value[1] == 'A' ? '1' : '2')}{value[2..]}"
            : value;
}
