using System.Globalization;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>A bound that moves with the calendar, so that what was kept yesterday stays true tomorrow.</summary>
public enum RelativeUnit
{
    Day,
    Month,
    Quarter,
    Year,
}

/// <summary>
/// A bound of a date filter counted from today: <c>today</c>, <c>today-30</c>, <c>month</c> (this one), <c>quarter-1</c>, <c>year+1</c>. As a lower
/// bound a period is its first day, as an upper one its last.
/// </summary>
public sealed record RelativeDay(RelativeUnit Unit, int Shift)
{
    private const int Furthest = 36_500;

    private static readonly (string Word, RelativeUnit Unit)[] s_words =
        [("today", RelativeUnit.Day), ("month", RelativeUnit.Month), ("quarter", RelativeUnit.Quarter), ("year", RelativeUnit.Year)];

    /// <summary>The bound that a text stands for; null when it is none.</summary>
    public static RelativeDay? Parse(string text)
    {
        foreach (var (word, unit) in s_words)
        {
            if (!text.StartsWith(word, StringComparison.Ordinal))
            {
                continue;
            }

            var shift = text[word.Length..];
            return shift.Length == 0
                ? new(unit, 0)
                : shift[0] is '+' or '-' && int.TryParse(shift, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && Math.Abs(count) <= LimitOf(unit) ? new(unit, count) : null;
        }

        return null;
    }

    /// <summary>The day of a bound, moving or written out (2026-12-15); null when it is neither.</summary>
    public static DateOnly? Read(string text, DateOnly today, bool isEnd = false)
        => Parse(text) is { } moving
            ? isEnd ? moving.Last(today) : moving.First(today)
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>The first day of the period.</summary>
    public DateOnly First(DateOnly today) => Unit switch
    {
        RelativeUnit.Month => new DateOnly(today.Year, today.Month, 1).AddMonths(Shift),
        RelativeUnit.Quarter => new DateOnly(today.Year, (((today.Month - 1) / 3) * 3) + 1, 1).AddMonths(3 * Shift),
        RelativeUnit.Year => new DateOnly(today.Year, 1, 1).AddYears(Shift),
        _ => today.AddDays(Shift),
    };

    /// <summary>The last day of the period.</summary>
    public DateOnly Last(DateOnly today) => Unit is RelativeUnit.Day ? First(today) : (this with { Shift = Shift + 1 }).First(today).AddDays(-1);

    private static int LimitOf(RelativeUnit unit) => unit switch
    {
        RelativeUnit.Month => Furthest / 31,
        RelativeUnit.Quarter => Furthest / 93,
        RelativeUnit.Year => Furthest / 366,
        _ => Furthest,
    };
}
