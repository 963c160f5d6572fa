using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>BIC, the code of a bank (ISO 9362): 4 letters for the bank, 2 for the country, 2 characters for the place and 3 more for a branch.</summary>
public static partial class Bic
{
    // ISO 3166-1 alpha-2, and XK which banks use for Kosovo.
    private const string Countries =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
        "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
        "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
        "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
        "NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
        "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
        "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

    private static readonly HashSet<string> s_countries = [.. Countries.Split(' ')];

    /// <summary>The code in upper case without separators, null when empty.</summary>
    public static string? Normalize(string? input) => IdentifierText.Compact(input);

    /// <summary>Whether a text, separators aside, has the form of a BIC of an existing country.</summary>
    public static bool IsValid(string input) => Normalize(input) is { } value && Shape().IsMatch(value) && s_countries.Contains(value[4..6]);

    /// <summary>Checks a BIC as typed. An unknown country is an error when strict, else a warning.</summary>
    public static IdentifierCheck Check(string? input, bool strict = true)
    {
        if (Normalize(input) is not { } value)
        {
            return IdentifierCheck.Empty;
        }

        if (value.Length is not (8 or 11))
        {
            return IdentifierCheck.Refused($"BIC : il faut 8 ou 11 caractères, il y en a {value.Length}.");
        }

        if (!Shape().IsMatch(value))
        {
            return IdentifierCheck.Refused("BIC : il commence par six lettres (banque et pays), suivies de lettres ou de chiffres.");
        }

        return IsValid(value)
            ? IdentifierCheck.Valid(value)
            : IdentifierCheck.Doubtful(value, $"BIC : le pays « {value[4..6]} » n'existe pas.", strict);
    }

    [GeneratedRegex(@"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\z")]
    private static partial Regex Shape();
}
