namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>ADELI, the 9 characters that RPPS is replacing: department, profession, serial and key. Kept for old records, so nothing about it blocks unless asked.</summary>
public static class Adeli
{
    /// <summary>The number in upper case without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, is an ADELI number with the right Luhn key, Corsica read as in FINESS.</summary>
    public static bool IsValid(string input) => Finess.IsValid(input);

    /// <summary>Checks an ADELI number as typed. What is wrong with it is a warning, an error when strict.</summary>
    public static IdentifierCheck Check(string? input, bool strict = false)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (value.Length != 9)
        {
            return IdentifierCheck.Doubtful(value, $"ADELI : il faut 9 caractères, il y en a {value.Length}.", strict);
        }

        return IsValid(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, "ADELI : la clé est fausse, vérifiez les caractères.", strict);
    }
}
