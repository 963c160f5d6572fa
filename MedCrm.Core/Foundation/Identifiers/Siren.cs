namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>SIREN, the 9 digits of a legal unit (C. com. art. R123-221), the last one a Luhn key.</summary>
public static class Siren
{
    /// <summary>The number without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, is a SIREN with the right key.</summary>
    public static bool IsValid(string input)
        => Normalize(input) is { } value && IdentifierText.IsDigits(value, 9) && !IdentifierText.IsZeros(value) && Luhn.IsValid(value);

    /// <summary>Checks a SIREN as typed. A wrong key is an error when strict, else a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (Siret.IsValid(value))
        {
            return IdentifierCheck.Refused("SIREN : ce numéro est un SIRET, ses 9 premiers chiffres sont le SIREN.", value[..9]);
        }

        if (IdentifierText.ProblemOf(input, value, 9, "SIREN") is { } problem)
        {
            return IdentifierCheck.Refused(problem);
        }

        return IsValid(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, "SIREN : la clé est fausse, vérifiez les chiffres.", strict);
    }
}
