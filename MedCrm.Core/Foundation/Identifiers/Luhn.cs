namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>The Luhn key (ISO/IEC 7812-1), last digit of SIREN, SIRET, FINESS, RPPS and ADELI numbers.</summary>
public static class Luhn
{
    /// <summary>The text without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a run of digits carries the right key. Anything but digits is refused.</summary>
    public static bool IsValid(string digits)
    {
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        var sum = 0;
        for (var place = 0; place < digits.Length; place++)
        {
            var digit = digits[^(place + 1)] - '0';
            if (place % 2 == 1)
            {
                digit *= 2;
            }

            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>Checks a run of digits of any length. A wrong key is an error when strict, else a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (!value.All(char.IsAsciiDigit))
        {
            return IdentifierCheck.Refused("Ce numéro ne contient que des chiffres.");
        }

        return IsValid(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, "La clé de ce numéro est fausse : vérifiez les chiffres.", strict);
    }
}
