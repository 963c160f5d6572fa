namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>SIRET, the 14 digits of an establishment: its SIREN and 5 digits of its own (C. com. art. R123-221). Several FINESS sites may share one.</summary>
public static class Siret
{
    private const string LaPoste = "356000000";
    private const string LaPosteHeadOffice = "35600000000048";

    /// <summary>The number without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, is a SIRET with the right key.</summary>
    public static bool IsValid(string input)
        => Normalize(input) is { } value && IdentifierText.IsDigits(value, 14) && Siren.IsValid(value[..9]) && HasKey(value);

    /// <summary>Checks a SIRET as typed. A wrong key is an error when strict, else a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (Siren.IsValid(value))
        {
            return IdentifierCheck.Refused("SIRET : ce numéro est un SIREN, il manque les 5 chiffres de l'établissement.");
        }

        if (IdentifierText.ProblemOf(input, value, 14, "SIRET") is { } problem)
        {
            return IdentifierCheck.Refused(problem);
        }

        if (IdentifierText.IsZeros(value[..9]))
        {
            return IdentifierCheck.Refused("SIRET : ce numéro n'existe pas.");
        }

        return IsValid(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, "SIRET : la clé est fausse, vérifiez les chiffres.", strict);
    }

    /// <summary>The number as it is printed, « 260 100 045 00012 »; a text that is no SIRET comes back as it was.</summary>
    public static string Format(string siret)
        => Normalize(siret) is { } value && IdentifierText.IsDigits(value, 14)
            ? $"{value[..3]} {value[3..6]} {value[6..9]} {value[9..]}"
            : siret;

    // La Poste ran out of Luhn keys: the digits of its establishments, head office apart, add up to a multiple of 5.
    private static bool HasKey(string value)
        => value.StartsWith(LaPoste, StringComparison.Ordinal) && value != LaPosteHeadOffice
            ? value.Sum(digit => digit - '0') % 5 == 0
            : Luhn.IsValid(value);
}
