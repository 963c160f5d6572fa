namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>RPPS, the 11 digits a health professional keeps for life, the last one a Luhn key.</summary>
public static class Rpps
{
    /// <summary>The number without separators, null when empty. The national form, 8 then the RPPS, loses its 8.</summary>
    public static string? Normalize(string? input)
        => IdentifierText.Compact(input) is not { } value ? null
            : value[0] == '8' && IdentifierText.IsDigits(value, 12) ? value[1..]
            : value;

    /// <summary>Whether a text, separators aside, is an RPPS with the right key. The official test identities do not always respect it: <paramref name="acceptTestNumbers"/> lets them in.</summary>
    public static bool IsValid(string input, bool acceptTestNumbers = false)
        => Normalize(input) is { } value
            && IdentifierText.IsDigits(value, 11)
            && !IdentifierText.IsZeros(value)
            && (acceptTestNumbers || Luhn.IsValid(value));

    /// <summary>Checks an RPPS as typed. A wrong key is an error when strict, else a warning; with <paramref name="acceptTestNumbers"/> it is always a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true, bool acceptTestNumbers = false)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (IdentifierText.ProblemOf(input, value, 11, "RPPS") is { } problem)
        {
            return IdentifierCheck.Refused(problem);
        }

        if (IsValid(value))
        {
            return IdentifierCheck.Valid(value);
        }

        return acceptTestNumbers
            ? IdentifierCheck.Valid(value, "RPPS : la clé est fausse, numéro gardé comme identité de test.")
            : IdentifierCheck.Doubtful(value, "RPPS : la clé est fausse, vérifiez les chiffres.", strict);
    }
}
