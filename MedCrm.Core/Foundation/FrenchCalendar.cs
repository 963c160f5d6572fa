namespace MedCrm.Core.Foundation;

/// <summary>Worked days in metropolitan France: Monday to Friday, public holidays aside.</summary>
public static class FrenchCalendar
{
    /// <summary>Whether a day is one of the 11 public holidays (C. trav. art. L3133-1). Alsace-Moselle and overseas days are not among them.</summary>
    public static bool IsHoliday(DateOnly day) => HolidayName(day) is not null;

    /// <summary>What a public holiday is called in French; null on any other day. A fixed day keeps its name in the years when a day of Easter falls on it.</summary>
    public static string? HolidayName(DateOnly day) => (day.Month, day.Day) switch
    {
        (1, 1) => "Jour de l'an",
        (5, 1) => "Fête du Travail",
        (5, 8) => "Victoire de 1945",
        (7, 14) => "Fête nationale",
        (8, 15) => "Assomption",
        (11, 1) => "Toussaint",
        (11, 11) => "Armistice de 1918",
        (12, 25) => "Noël",
        _ => (day.DayNumber - EasterOf(day.Year).DayNumber) switch
        {
            1 => "Lundi de Pâques",
            39 => "Ascension",
            50 => "Lundi de Pentecôte",
            _ => null,
        },
    };

    /// <summary>Whether a day is worked.</summary>
    public static bool IsWorkingDay(DateOnly day)
        => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>The worked day that is so many worked days later, or earlier when negative. With 0 the day itself, worked or not.</summary>
    public static DateOnly AddWorkingDays(DateOnly day, int count)
    {
        var step = Math.Sign(count);
        while (count != 0)
        {
            day = day.AddDays(step);
            if (IsWorkingDay(day))
            {
                count -= step;
            }
        }

        return day;
    }

    /// <summary>The day itself when it is worked, else the first worked day after it.</summary>
    public static DateOnly NextWorkingDay(DateOnly day) => IsWorkingDay(day) ? day : AddWorkingDays(day, 1);

    // Meeus, Jones and Butcher's method for the Gregorian calendar.
    private static DateOnly EasterOf(int year)
    {
        var golden = year % 19;
        var century = year / 100;
        var ofCentury = year % 100;
        var moonShift = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * golden) + century - (century / 4) - moonShift + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - epact - (ofCentury % 4)) % 7;
        var correction = (golden + (11 * epact) + (22 * weekday)) / 451;
        var days = epact + weekday - (7 * correction) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }
}
