using System.Text;
using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>French telephone numbers, kept in E.164 (ITU-T) and shown in pairs; numbers of other countries are kept when they begin with +.</summary>
public static partial class PhoneNumber
{
    // Saved for fiction by the regulator, in the middle of Mayotte's mobiles.
    private const string FictionalMobile = "63998";

    private static readonly Overseas[] s_overseas =
    [
        new("GP", "590", "de la Guadeloupe", ["590", "690", "691"]),
        new("MQ", "596", "de la Martinique", ["596", "696", "697"]),
        new("GF", "594", "de la Guyane", ["594", "694"]),
        new("RE", "262", "de La Réunion", ["262", "692", "693"]),
        new("YT", "262", "de Mayotte", ["269", "639"]),
    ];

    /// <summary>The digits, with + in front of an international number; null when empty. Characters that have no place in a number stay, for the check to refuse.</summary>
    public static string? Normalize(string? input)
    {
        var kept = new StringBuilder();
        foreach (var character in input ?? "")
        {
            if (!IdentifierText.IsSeparator(character) && character is not '/')
            {
                kept.Append(character);
            }
        }

        var text = kept.ToString();
        if (text.StartsWith("00", StringComparison.Ordinal))
        {
            text = "+" + text[2..];
        }

        if (text.StartsWith('+'))
        {
            text = text.Replace("(0)", "", StringComparison.Ordinal);
        }

        text = text.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
        return text.Length == 0 ? null : text;
    }

    /// <summary>Whether a text is one telephone number, seen from a region.</summary>
    public static bool IsValid(string input, string region = "FR") => Parse(input, region).Value is not null;

    /// <summary>Reads a telephone number.</summary>
    /// <param name="input">The number as typed.</param>
    /// <param name="region">Where national numbers are dialled from: FR, GP, MQ, GF, RE or YT, see <see cref="RegionOfDepartment"/>.</param>
    public static ParsedPhone Parse(string? input, string region = "FR")
    {
        if (Normalize(input) is not { } text)
        {
            return new(null, null, null, null);
        }

        if (text.Count(char.IsAsciiDigit) > 15)
        {
            return Refused("Téléphone : saisissez un seul numéro par champ.");
        }

        if (!Shape().IsMatch(text))
        {
            return Refused("Téléphone : un numéro ne contient que des chiffres.");
        }

        if (text[0] == '+')
        {
            return ParseInternational(text[1..]);
        }

        if (Short().IsMatch(text))
        {
            return new(text, PhoneKind.ShortCode, null, null);
        }

        if (TryRepair(text, region, out var repaired))
        {
            return Refused("Téléphone : le zéro de tête manque.", repaired);
        }

        return text.Length == 10 && text[0] == '0' && text[1] != '0'
            ? ParseNational(text[1..], region)
            : Refused($"Téléphone : un numéro français compte 10 chiffres et commence par 0, celui-ci en a {text.Length}.");
    }

    /// <summary>Checks a telephone number as typed; the value is the one of <see cref="Parse"/>.</summary>
    public static IdentifierCheck Check(string? input, string region = "FR")
    {
        var phone = Parse(input, region);
        return new(phone.Value, phone.Error, null, phone.Suggestion);
    }

    /// <summary>Gives back the leading zero that spreadsheets strip from national numbers: 9 digits that begin with 1 to 9.</summary>
    public static bool TryRepair(string? input, string region, out string repaired)
    {
        repaired = Normalize(input) is { Length: 9 } text && text[0] != '0' && text.All(char.IsAsciiDigit)
            ? ParseNational(text, region).Value ?? ""
            : "";
        return repaired.Length > 0;
    }

    /// <summary>The digits under which a number typed so far may be kept: « 0612 » begins 33612…, « 0692 » 262692…, « 0033 6 » and « +33 (0)6 » 336….</summary>
    public static IEnumerable<string> KeptAs(string digits)
    {
        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            var international = digits[2..];
            return international.Length > 1 ? KeptAs(international).Prepend(international) : [];
        }

        if (digits.StartsWith("330", StringComparison.Ordinal) && digits.Length > 3)
        {
            return ["33" + digits[3..]];
        }

        // Spreadsheets strip the leading zero.
        var national = digits.Length >= 3 && digits[0] == '0' ? digits[1..] : digits.Length == 9 ? digits : "";
        return national.Length == 0 ? []
            : national.Length >= 3 && OverseasOf(national) is { } place ? ["33" + national, place.CallingCode + national]
            : ["33" + national];
    }

    /// <summary>A kept number as it is read in France: « 01 40 27 30 00 », « 0 800 12 34 56 », « 0262 90 50 50 », « 36 46 ». Foreign numbers stay in E.164.</summary>
    public static string FormatNational(string e164)
    {
        if (NationalPart(e164) is { } national)
        {
            return national[0] == '8' ? $"0 {national[..3]} {Pairs(national[3..])}"
                : OverseasOf(national) is not null ? $"0{national[..3]} {Pairs(national[3..])}"
                : Pairs("0" + national);
        }

        return e164.Length switch
        {
            4 => Pairs(e164),
            6 => $"{e164[..3]} {e164[3..]}",
            _ => e164,
        };
    }

    /// <summary>The region whose numbers an institution of this department dials: GP, MQ, GF, RE, YT, and FR everywhere else. Knows INSEE codes (971) and FINESS ones (9A).</summary>
    public static string RegionOfDepartment(string? departmentCode) => departmentCode?.Trim().ToUpperInvariant() switch
    {
        // Saint-Barthélemy and Saint-Martin kept Guadeloupe's numbers.
        "971" or "9A" or "977" or "978" => "GP",
        "972" or "9B" => "MQ",
        "973" or "9C" => "GF",
        "974" or "9D" => "RE",
        "976" or "9F" => "YT",
        _ => "FR",
    };

    private static ParsedPhone ParseInternational(string digits)
    {
        if (CallingCodeIn(digits) is not { } code)
        {
            return digits.Length is >= 7 and <= 15 && digits[0] != '0'
                ? new("+" + digits, PhoneKind.International, null, null)
                : Refused("Téléphone : un numéro international compte 7 à 15 chiffres après le +.");
        }

        var national = digits[code.Length..];
        if (national.StartsWith('0'))
        {
            national = national[1..];
        }

        if (national.Length != 9 || national[0] == '0')
        {
            return Refused($"Téléphone : il faut 9 chiffres après +{code}, sans le 0.");
        }

        if (OverseasOf(national) is { } place && place.CallingCode != code)
        {
            return BelongsTo(place, national);
        }

        return code == "33" || OverseasOf(national) is not null || national[0] is '8' or '9'
            ? new($"+{code}{national}", KindOf(national), null, null)
            : Refused($"Téléphone : ce numéro n'existe pas derrière +{code}.", $"+33{national}");
    }

    private static ParsedPhone ParseNational(string national, string region)
    {
        if (OverseasOf(national) is not { } place)
        {
            return new("+33" + national, KindOf(national), null, null);
        }

        return s_overseas.Any(other => other.Region == region && other.CallingCode == place.CallingCode)
            ? new($"+{place.CallingCode}{national}", KindOf(national), null, null)
            : BelongsTo(place, national);
    }

    // Behind +33 such a number looks right and rings nowhere.
    private static ParsedPhone BelongsTo(Overseas place, string national)
        => Refused($"Téléphone : ce numéro est celui {(Sentence)place.Name}, écrivez +{place.CallingCode} {national}.", $"+{place.CallingCode}{national}");

    private static ParsedPhone Refused(Sentence error, string? suggestion = null) => new(null, null, error, suggestion);

    private static PhoneKind KindOf(string national) => national[0] switch
    {
        '6' or '7' => PhoneKind.Mobile,
        '9' => PhoneKind.Voip,
        '8' when national[1] == '0' => national[2] <= '5' ? PhoneKind.Freephone : PhoneKind.Fixed,
        '8' => PhoneKind.Premium,
        _ => PhoneKind.Fixed,
    };

    private static Overseas? OverseasOf(string national)
        => national.StartsWith(FictionalMobile, StringComparison.Ordinal)
            ? null
            : s_overseas.FirstOrDefault(place => place.Prefixes.Contains(national[..3]));

    private static string? CallingCodeIn(string digits)
        => digits.StartsWith("33", StringComparison.Ordinal)
            ? "33"
            : s_overseas.FirstOrDefault(place => digits.StartsWith(place.CallingCode, StringComparison.Ordinal))?.CallingCode;

    private static string? NationalPart(string e164)
        => e164.StartsWith('+') && CallingCodeIn(e164[1..]) is { } code && IdentifierText.IsDigits(e164[(code.Length + 1)..], 9)
            ? e164[(code.Length + 1)..]
            : null;

    private static string Pairs(string digits) => string.Join(' ', digits.Chunk(2).Select(pair => new string(pair)));

    [GeneratedRegex(@"^\+?[0-9]+\z")]
    private static partial Regex Shape();

    // Emergency and public services, operators and 3xxx services, European 116 and directory 118 numbers.
    [GeneratedRegex(@"^(1[578]|1[0-9]{2}|[13][0-9]{3}|11[68][0-9]{3})\z")]
    private static partial Regex Short();

    private sealed record Overseas(string Region, string CallingCode, string Name, string[] Prefixes);
}
