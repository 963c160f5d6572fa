using System.Text.RegularExpressions;

namespace MedCrm.Core.Imports.Files;

/// <summary>Puts together and takes apart the lines of a French postal address as the health registers write them.</summary>
public static partial class PostalLines
{
    /// <summary>Splits « 01606 TREVOUX CEDEX » into postcode, city and CEDEX; a line without postcode gives the two others, an empty one nothing.</summary>
    public static (string? Postcode, string? City, string? Cedex) Split(string? line)
    {
        if (CellText.Clean(line) is not { } text)
        {
            return default;
        }

        var match = Line().Match(text);
        return (
            match.Groups["postcode"] is { Success: true } postcode ? postcode.Value : null,
            match.Groups["city"] is { Success: true } city ? city.Value : null,
            match.Groups["cedex"] is { Success: true } cedex ? cedex.Value.ToUpperInvariant() : null);
    }

    /// <summary>« 103T », « AV », « DE NICE » become « 103 TER AVENUE DE NICE »; null when all three are empty.</summary>
    public static string? Street(string? number, string? repeat, string? type, string? name)
    {
        var parts = new[] { Number(CellText.Clean(number), CellText.Clean(repeat)), Type(CellText.Clean(type)), CellText.Clean(name) };
        var street = string.Join(' ', parts.Where(part => part is not null));
        return street.Length == 0 ? null : street;
    }

    private static string? Number(string? number, string? repeat)
    {
        if (number is not null && repeat is null && NumberWithRepeat().Match(number) is { Success: true } match)
        {
            (number, repeat) = (match.Groups[1].Value, match.Groups[2].Value);
        }

        var suffix = repeat?.ToUpperInvariant() switch
        {
            "B" => "BIS",
            "T" => "TER",
            "Q" => "QUATER",
            var other => other,
        };
        return number is null ? suffix : suffix is null ? number : $"{number} {suffix}";
    }

    private static string? Type(string? type) => type?.ToUpperInvariant() switch
    {
        "R" => "RUE",
        "AV" or "AVE" or "AVENU" => "AVENUE",
        "BD" or "BLD" => "BOULEVARD",
        "RTE" => "ROUTE",
        "CHE" or "CHEM" or "CHEM." or "CHEMI" => "CHEMIN",
        "PL" => "PLACE",
        "ALL" => "ALLEE",
        "IMP" or "IMPAS" => "IMPASSE",
        "QU" => "QUAI",
        "QUA" => "QUARTIER",
        "CRS" => "COURS",
        "LD" => "LIEU DIT",
        "RPT" => "ROND-POINT",
        "TRA" => "TRAVERSE",
        "DOM" => "DOMAINE",
        "SQ" => "SQUARE",
        "VOI" => "VOIE",
        "FG" => "FAUBOURG",
        "LOT" => "LOTISSEMENT",
        "PROM" => "PROMENADE",
        "ESP" => "ESPLANADE",
        "RES" => "RESIDENCE",
        "HAM" => "HAMEAU",
        "PAS" or "PASS" => "PASSAGE",
        "RLE" => "RUELLE",
        "SEN" => "SENTIER",
        var other => other,
    };

    [GeneratedRegex(@"^(?:(?<postcode>\d{4,5}) +)?(?<city>.+?)(?: (?<cedex>CEDEX(?: \d+)?))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex("^([0-9]+) ?([A-Za-z]+)$")]
    private static partial Regex NumberWithRepeat();
}
