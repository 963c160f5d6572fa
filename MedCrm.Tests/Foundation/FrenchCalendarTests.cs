using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class FrenchCalendarTests
{
    [Theory]
    [InlineData(2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2025, "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2038, "01-01 04-26 05-01 05-08 06-03 06-14 07-14 08-15 11-01 11-11 12-25")]
    public void A_year_has_its_public_holidays(int year, string expected)
    {
        var holidays = Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365)
            .Select(new DateOnly(year, 1, 1).AddDays)
            .Where(FrenchCalendar.IsHoliday)
            .Select(day => day.ToString("MM-dd", CultureInfo.InvariantCulture));

        Assert.Equal(expected, string.Join(' ', holidays));
    }

    [Theory]
    [InlineData("2026-04-06", "Lundi de Pâques")]
    [InlineData("2026-05-14", "Ascension")]
    [InlineData("2026-05-25", "Lundi de Pentecôte")]
    [InlineData("2026-07-14", "Fête nationale")]
    [InlineData("2008-05-01", "Fête du Travail")]
    [InlineData("2026-11-12", null)]
    public void A_public_holiday_has_a_name(string day, string? expected) => Assert.Equal(expected, FrenchCalendar.HolidayName(Day(day)));

    [Theory]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-11-21", false)]
    [InlineData("2026-11-22", false)]
    [InlineData("2026-11-11", false)]
    [InlineData("2026-04-03", true)]
    public void Weekends_and_holidays_are_not_worked(string day, bool worked) => Assert.Equal(worked, FrenchCalendar.IsWorkingDay(Day(day)));

    [Theory]
    [InlineData("2026-11-20", 1, "2026-11-23")]
    [InlineData("2026-11-21", 1, "2026-11-23")]
    [InlineData("2026-11-21", 0, "2026-11-21")]
    [InlineData("2026-11-10", 1, "2026-11-12")]
    [InlineData("2026-05-13", 2, "2026-05-18")]
    [InlineData("2026-12-24", 5, "2027-01-04")]
    [InlineData("2026-11-23", -1, "2026-11-20")]
    [InlineData("2026-11-12", -2, "2026-11-09")]
    public void Working_days_are_counted_over_weekends_and_holidays(string from, int count, string expected)
        => Assert.Equal(Day(expected), FrenchCalendar.AddWorkingDays(Day(from), count));

    [Theory]
    [InlineData("2026-11-20", "2026-11-20")]
    [InlineData("2026-11-21", "2026-11-23")]
    [InlineData("2026-12-25", "2026-12-28")]
    [InlineData("2026-04-04", "2026-04-07")]
    public void A_day_off_moves_to_the_next_worked_day(string day, string expected)
        => Assert.Equal(Day(expected), FrenchCalendar.NextWorkingDay(Day(day)));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
