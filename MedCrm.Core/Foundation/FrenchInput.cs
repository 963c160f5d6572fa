using System.Globalization;
using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation;

/// <summary>Amounts and days as French people type them in a hurry, whatever the culture of the process.</summary>
public static partial class FrenchInput
{
    private const decimal LargestAmount = 1_000_000_000_000m;
    private const int EarliestYear = 1900;
    private const int LatestYear = 2199;

    private static readonly string[] s_months =
        ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"];

    private static readonly string[] s_weekdays = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];

    /// <summary>Reads an amount in euros: « 12k », « 1,5M », « 1 234,56 », « 1234.56 », « 12 500 € ». The amount is rounded to the cent, half away from zero; beyond a thousand billion it is refused.</summary>
    public static bool TryParseAmount(string? input, out decimal amount)
    {
        amount = 0;
        var match = Amount().Match(Spaces().Replace(SearchKey.Unaccent(input ?? ""), " ").Trim());
        if (!match.Success)
        {
            return false;
        }

        var whole = string.Concat(match.Groups["whole"].Value.Where(char.IsAsciiDigit));
        var cents = match.Groups["cents"].Value;
        if (whole.Length + cents.Length is 0 or > 28
            || !decimal.TryParse($"{whole}.{cents}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > LargestAmount)
        {
            return false;
        }

        value *= match.Groups["scale"].Value switch
        {
            "k" => 1_000m,
            "m" => 1_000_000m,
            _ => 1m,
        };
        if (value > LargestAmount)
        {
            return false;
        }

        amount = Math.Round(match.Groups["minus"].Success ? -value : value, 2, MidpointRounding.AwayFromZero);
        return true;
    }

    /// <summary>
    /// Reads a day: « demain », « lun » or « lundi prochain » (the next one, never today), « +15j », « -3j », « +2sem », « +3m », « +1a », « fin mois »,
    /// « fin trimestre », « 1512 », « 15/12 », « 151226 », « 15/12/2026 », « 2026-12-15 », « 15 déc ». Without a year it is this year's day,
    /// or next year's when this year's is more than 6 months ago.
    /// </summary>
    public static bool TryParseDay(string? input, DateOnly today, out DateOnly day)
    {
        var found = Find(input, today);
        day = found ?? default;
        return found is { Year: >= EarliestYear and <= LatestYear };
    }

    private static DateOnly? Find(string? input, DateOnly today)
    {
        var text = Spaces().Replace(SearchKey.Unaccent(input ?? ""), " ").Replace('’', '\'').Trim();
        return Word(text, today) ?? Weekday(text, today) ?? Shift(text, today) ?? Dated(text, today);
    }

    private static DateOnly? Word(string text, DateOnly today) => text switch
    {
        "aujourd'hui" or "aujourdhui" or "auj" => today,
        "demain" => today.AddDays(1),
        "apres-demain" or "apres demain" => today.AddDays(2),
        "hier" => today.AddDays(-1),
        "avant-hier" or "avant hier" => today.AddDays(-2),
        "fin mois" or "fin de mois" or "fin du mois" => EndOfMonth(today.Year, today.Month),
        "fin trimestre" or "fin de trimestre" or "fin du trimestre" => EndOfMonth(today.Year, (((today.Month - 1) / 3) * 3) + 3),
        "fin annee" or "fin d'annee" or "fin de l'annee" => new DateOnly(today.Year, 12, 31),
        _ => null,
    };

    private static DateOnly EndOfMonth(int year, int month) => new(year, month, DateTime.DaysInMonth(year, month));

    private static DateOnly? Weekday(string text, DateOnly today)
    {
        var name = text.EndsWith(" prochain", StringComparison.Ordinal) ? text[..^" prochain".Length] : text;
        var weekday = Array.FindIndex(s_weekdays, known => known == name || known[..3] == name);
        return weekday < 0 ? null : today.AddDays(((weekday - (int)today.DayOfWeek + 6) % 7) + 1);
    }

    private static DateOnly? Shift(string text, DateOnly today)
    {
        var match = Offset().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var count = ToNumber(match.Groups["count"].Value) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return match.Groups["unit"].Value[0] switch
        {
            'j' => today.AddDays(count),
            's' => today.AddDays(7 * count),
            'm' => today.AddMonths(count),
            _ => today.AddYears(count),
        };
    }

    private static DateOnly? Dated(string text, DateOnly today)
    {
        if (IsoDay().Match(text) is { Success: true } iso)
        {
            return DayOf(iso, ToNumber(iso.Groups["month"].Value), today);
        }

        if (NumericDay().Match(text) is { Success: true } numeric)
        {
            return DayOf(numeric, ToNumber(numeric.Groups["month"].Value), today);
        }

        return NamedDay().Match(text) is { Success: true } named ? DayOf(named, MonthOf(named.Groups["month"].Value), today) : null;
    }

    private static int MonthOf(string name)
    {
        var months = s_months.Where(month => month.StartsWith(name, StringComparison.Ordinal)).ToList();
        return months.Count == 1 ? Array.IndexOf(s_months, months[0]) + 1 : 0;
    }

    private static DateOnly? DayOf(Match match, int month, DateOnly today)
    {
        var day = ToNumber(match.Groups["day"].Value);
        var year = match.Groups["year"].Value;
        return year.Length switch
        {
            0 => DayWithoutYear(month, day, today),
            2 => Existing(WithCentury(ToNumber(year), today), month, day),
            _ => Existing(ToNumber(year), month, day),
        };
    }

    private static DateOnly? DayWithoutYear(int month, int day, DateOnly today)
        => Existing(today.Year, month, day) is { } thisYear && thisYear.AddMonths(6) >= today
            ? thisYear
            : Existing(today.Year + 1, month, day);

    // Two digits are the year that is less than half a century ahead: 26 is 2026, 84 is 1984.
    private static int WithCentury(int year, DateOnly today)
        => 2000 + year > today.Year + 50 ? 1900 + year : 2000 + year;

    private static DateOnly? Existing(int year, int month, int day)
        => year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    private static int ToNumber(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Whether a text that is no amount is one all the same, above what the product counts with.</summary>
    public static bool IsAmountTooLarge(string? input)
    {
        var match = Amount().Match(Spaces().Replace(SearchKey.Unaccent(input ?? ""), " ").Trim());
        return match.Success && match.Groups["whole"].Value.Any(char.IsAsciiDigit) && !TryParseAmount(input, out _);
    }

    /// <summary>Whether a text that is no day is written like one: the 31st of February.</summary>
    public static bool IsDayOutOfCalendar(string? input, DateOnly today) => NumericDay().IsMatch((input ?? "").Trim()) && Find(input, today) is null;

    /// <summary>Whether a text is a day all the same, of a year that the product does not work with: before 1900 or after 2199.</summary>
    public static bool IsDayTooFar(string? input, DateOnly today) => Find(input, today) is not null and not { Year: >= EarliestYear and <= LatestYear };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    // Either separator may mark the cents; the other one, or a space, may then group by three.
    [GeneratedRegex(
        """
        ^(?<minus>[-−])?\ ?(€\ ?)?
        (
            (?<whole>[0-9]{1,3}(\.[0-9]{3})+),(?<cents>[0-9]*)
          | (?<whole>[0-9]{1,3}(,[0-9]{3})+)\.(?<cents>[0-9]*)
          | (?<whole>[0-9]{1,3}(\.[0-9]{3}){2,})
          | (?<whole>([0-9]{1,3}(\ [0-9]{3})+)|[0-9]*)([.,](?<cents>[0-9]*))?
        )
        \ ?(?<scale>[km])?\ ?(€|euros?|eur)?\z
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Amount();

    [GeneratedRegex(@"^(?<sign>[+-]) ?(?<count>[0-9]{1,3}) ?(?<unit>jours?|j|semaines?|sem|s|mois|m|annees?|ans?|a)\z")]
    private static partial Regex Offset();

    [GeneratedRegex(@"^(?<year>[0-9]{4})[-/.](?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})\z")]
    private static partial Regex IsoDay();

    [GeneratedRegex(@"^((?<day>[0-9]{1,2})(?<mark>[-/. ])(?<month>[0-9]{1,2})(\k<mark>(?<year>[0-9]{4}|[0-9]{2}))?|(?<day>[0-9]{2})(?<month>[0-9]{2})(?<year>[0-9]{4}|[0-9]{2})?)\z")]
    private static partial Regex NumericDay();

    [GeneratedRegex(@"^(?<day>[0-9]{1,2})(er)? ?(?<month>[a-z]{3,})\.?( (?<year>[0-9]{4}|[0-9]{2}))?\z")]
    private static partial Regex NamedDay();
}
