using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.FollowUp;

/// <summary>How a task comes back.</summary>
public enum RecurrenceKind
{
    [Display(Name = "Ne se répète pas")] Never,
    [Display(Name = "Tous les jours")] Daily,
    [Display(Name = "Les jours ouvrés")] WorkingDays,
    [Display(Name = "Toutes les semaines")] Weekly,
    [Display(Name = "Tous les mois")] Monthly,
    [Display(Name = "Tous les ans")] Yearly,
}

/// <summary>Which day of a month a task comes back on.</summary>
public enum MonthDay
{
    [Display(Name = "Un jour du mois")] Number,
    [Display(Name = "Le dernier jour")] Last,
    [Display(Name = "Un jour de la semaine")] Weekday,
}

/// <summary>When a series stops.</summary>
public enum RecurrenceEnd
{
    [Display(Name = "Jamais")] Never,
    [Display(Name = "Un jour donné")] OnDay,
    [Display(Name = "Après n fois")] AfterTimes,
}

/// <summary>Days of the week.</summary>
[Flags]
public enum Weekdays
{
    [Display(Name = "aucun")] None = 0,
    [Display(Name = "lundi")] Monday = 1,
    [Display(Name = "mardi")] Tuesday = 2,
    [Display(Name = "mercredi")] Wednesday = 4,
    [Display(Name = "jeudi")] Thursday = 8,
    [Display(Name = "vendredi")] Friday = 16,
    [Display(Name = "samedi")] Saturday = 32,
    [Display(Name = "dimanche")] Sunday = 64,
}

/// <summary>
/// The rule of a series: which days it falls on, from its first day on. Days are days of the calendar, without hour nor time zone, so that no
/// change of the clocks moves one. A day that a month lacks is its last one: the 31st falls on 28 February and on 31 March again.
/// </summary>
public sealed record Recurrence
{
    /// <summary>The ordinal of the last weekday of a month.</summary>
    public const int LastOfMonth = 5;

    private const int MostTimes = 999;

    [Display(Name = "Répétition")] public RecurrenceKind Kind { get; set; }

    /// <summary>One week, month or year in so many.</summary>
    [Display(Name = "Intervalle")] public int Every { get; set; } = 1;

    /// <summary>The days of a weekly rule; the one day of a monthly rule by weekday.</summary>
    [Display(Name = "Jours")] public Weekdays Days { get; set; }

    [Display(Name = "Jour du mois")] public MonthDay MonthDay { get; set; }

    /// <summary>The number of the day in the month, for <see cref="MonthDay.Number"/>.</summary>
    [Display(Name = "Quantième")] public int DayOfMonth { get; set; } = 1;

    /// <summary>The first to the fourth such weekday of the month, or <see cref="LastOfMonth"/>.</summary>
    [Display(Name = "Rang dans le mois")] public int Ordinal { get; set; } = 1;

    /// <summary>No day of the series is before it; weeks, months and years are counted from it.</summary>
    [Display(Name = "À partir du")] public DateOnly FirstDay { get; set; }

    [Display(Name = "Fin")] public RecurrenceEnd Ends { get; set; }

    [Display(Name = "Jusqu'au")] public DateOnly? EndsOn { get; set; }

    /// <summary>How many days the series has in all, those that were skipped included.</summary>
    [Display(Name = "Nombre de fois")] public int? Times { get; set; }

    /// <summary>The weekday of a day.</summary>
    public static Weekdays WeekdayOf(DateOnly day) => (Weekdays)(1 << (((int)day.DayOfWeek + 6) % 7));

    /// <summary>The first to fourth such weekday of its month that a day is; the fifth is called the last.</summary>
    public static int OrdinalOf(DateOnly day) => ((day.Day - 1) / 7) + 1;

    /// <summary>A rule that falls on a day: the same weekday, the same day of the month or of the year.</summary>
    public static Recurrence From(DateOnly day, RecurrenceKind kind = RecurrenceKind.Never)
        => new() { Kind = kind, FirstDay = day, Days = WeekdayOf(day), DayOfMonth = day.Day, Ordinal = OrdinalOf(day) };

    /// <summary>The same rule without what has no meaning for it, so that two that fall on the same days are equal.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or the series has no day at all.</exception>
    public Recurrence Checked()
    {
        var isWeekly = Kind is RecurrenceKind.Weekly;
        var isMonthly = Kind is RecurrenceKind.Monthly;
        var isByWeekday = isMonthly && MonthDay is MonthDay.Weekday;
        if ((isWeekly || isMonthly) && Every is < 1 or > 99)
        {
            throw new BusinessRuleException("Indiquez un nombre de 1 à 99.", nameof(Every));
        }

        if (isWeekly && (Days & (Weekdays)127) == 0)
        {
            throw new BusinessRuleException("Choisissez au moins un jour de la semaine.", nameof(Days));
        }

        if (isMonthly && ((MonthDay is MonthDay.Number && DayOfMonth is < 1 or > 31) || (isByWeekday && (Ordinal is < 1 or > LastOfMonth || !int.IsPow2((int)Days)))))
        {
            throw new BusinessRuleException("Choisissez le jour du mois.", nameof(MonthDay));
        }

        if (Ends is RecurrenceEnd.AfterTimes && Times is null or < 1 or > MostTimes)
        {
            throw new BusinessRuleException("Indiquez un nombre de fois, de 1 à 999.", nameof(Times));
        }

        if (Ends is RecurrenceEnd.OnDay && EndsOn is null)
        {
            throw new BusinessRuleException("Indiquez le dernier jour.", nameof(EndsOn));
        }

        var rule = this with
        {
            Every = isWeekly || isMonthly ? Every : 1,
            Days = isWeekly || isByWeekday ? Days : Weekdays.None,
            MonthDay = isMonthly ? MonthDay : MonthDay.Number,
            DayOfMonth = isMonthly && MonthDay is MonthDay.Number ? DayOfMonth : 1,
            Ordinal = isByWeekday ? Ordinal : 1,
            EndsOn = Ends is RecurrenceEnd.OnDay ? EndsOn : null,
            Times = Ends is RecurrenceEnd.AfterTimes ? Times : null,
        };
        return rule.First() is null ? throw new BusinessRuleException("La série s'arrête avant son premier jour.", nameof(EndsOn)) : rule;
    }

    /// <summary>The first day of the series; none when it ends before.</summary>
    public DateOnly? First() => NextAfter(FirstDay.AddDays(-1), out _);

    /// <summary>The first day of the series after a day; none once it is over.</summary>
    public DateOnly? NextAfter(DateOnly day) => NextAfter(day, out _);

    /// <summary>The day after a nominal day from which today is not past yet, and how many days of the series were skipped to reach it.</summary>
    public DateOnly? NextAfter(DateOnly nominal, DateOnly today, out int skipped)
    {
        skipped = 0;
        var next = NextAfter(nominal);
        while (next < today)
        {
            skipped++;
            next = NextAfter(next.Value);
        }

        return next;
    }

    /// <summary>
    /// The rule once one of its days was put elsewhere for good: it goes on from there, on the weekday or the day of the month of that day. What
    /// was left of a number of times is left still.
    /// </summary>
    public Recurrence MovedTo(DateOnly from, DateOnly to)
    {
        var moved = Restarted(from, to);
        return Kind switch
        {
            RecurrenceKind.Weekly => moved with { Days = (Days & ~WeekdayOf(from)) | WeekdayOf(to) },
            RecurrenceKind.Monthly when MonthDay is MonthDay.Last && to.AddDays(1).Day == 1 => moved,
            RecurrenceKind.Monthly when MonthDay is MonthDay.Weekday => moved with { Days = WeekdayOf(to), Ordinal = Ordinal == LastOfMonth && to.AddDays(7).Month != to.Month ? LastOfMonth : OrdinalOf(to) },
            RecurrenceKind.Monthly => moved with { MonthDay = MonthDay.Number, DayOfMonth = to.Day },
            _ => moved,
        };
    }

    /// <summary>The rule, begun again on a day in the place of one of its days.</summary>
    public Recurrence Restarted(DateOnly from, DateOnly on)
    {
        _ = NextAfter(from.AddDays(-1), out var before);
        return this with { FirstDay = on, Times = Times is { } times ? Math.Max(1, times - before) : null };
    }

    /// <summary>Whether another rule falls on the same days, wherever each begins and ends.</summary>
    public bool HasPatternOf(Recurrence other)
        => this with { FirstDay = default, Ends = default, EndsOn = null, Times = null } == other with { FirstDay = default, Ends = default, EndsOn = null, Times = null };

    /// <summary>« Toutes les 2 semaines, le lundi et le jeudi, jusqu'au 31/12 ».</summary>
    public Sentence Say(DateOnly today)
    {
        Sentence pattern = Kind switch
        {
            RecurrenceKind.Daily => (Sentence)"Tous les jours",
            RecurrenceKind.WorkingDays => "Les jours ouvrés",
            RecurrenceKind.Weekly when Every == 1 => $"Toutes les semaines, {SayDays()}",
            RecurrenceKind.Weekly => $"Toutes les {Every} semaines, {SayDays()}",
            RecurrenceKind.Monthly when Every == 1 => $"Tous les mois, {SayMonthDay()}",
            RecurrenceKind.Monthly => $"Tous les {Every} mois, {SayMonthDay()}",
            RecurrenceKind.Yearly when FirstDay is { Month: 2, Day: 29 } => "Tous les ans, le 29 février (le 28 les autres années)",
            RecurrenceKind.Yearly => $"Tous les ans, le {SayNumber(FirstDay.Day)} {FirstDay:MMMM}",
            _ => "Ne se répète pas",
        };
        return (Ends, EndsOn, Times) switch
        {
            (RecurrenceEnd.OnDay, { } day, _) => $"{pattern}, jusqu'au {(day.Year == today.Year ? day.ToString("dd/MM", FrenchText.Culture) : FrenchText.FormatDay(day))}",
            (RecurrenceEnd.AfterTimes, _, 1) => $"{pattern}, une fois",
            (RecurrenceEnd.AfterTimes, _, { } times) => $"{pattern}, {times} fois",
            _ => pattern,
        };
    }

    /// <summary>The day of the month, in words: « le 15 », « le dernier jour », « le 2e mardi ».</summary>
    public Sentence SayMonthDay() => MonthDay switch
    {
        MonthDay.Last => (Sentence)"le dernier jour",
        MonthDay.Number when DayOfMonth > 28 => $"le {DayOfMonth} (ou le dernier jour)",
        MonthDay.Number => $"le {SayNumber(DayOfMonth)}",
        _ when Ordinal == LastOfMonth => $"le dernier {Days}",
        _ when Ordinal == 1 => $"le 1er {Days}",
        _ => $"le {Ordinal}e {Days}",
    };

    private static Sentence SayNumber(int day) => day == 1 ? (Sentence)"1er" : $"{day}";

    private Sentence SayDays()
    {
        List<Sentence> days = [.. Enum.GetValues<Weekdays>().Where(day => day is not Weekdays.None && Days.HasFlag(day)).Select(day => (Sentence)$"le {day}")];
        return days.Count == 1 ? days[0] : (Sentence)$"{Sentence.Join(", ", days[..^1])} et {days[^1]}";
    }

    // Walks the days of the rule from the first one: « after n times » counts them all.
    private DateOnly? NextAfter(DateOnly after, out int before)
    {
        before = 0;
        foreach (var day in All())
        {
            if (day > EndsOn || before >= Times)
            {
                return null;
            }

            if (day > after)
            {
                return day;
            }

            before++;
        }

        return null;
    }

    private IEnumerable<DateOnly> All() => Kind switch
    {
        RecurrenceKind.Daily => EachDay(_ => true),
        RecurrenceKind.WorkingDays => EachDay(FrenchCalendar.IsWorkingDay),
        RecurrenceKind.Weekly => EachDay(day => Days.HasFlag(WeekdayOf(day)) && (MondayOf(day).DayNumber - MondayOf(FirstDay).DayNumber) / 7 % Every == 0),
        RecurrenceKind.Monthly => EachMonth(Every, DayIn),
        RecurrenceKind.Yearly => EachMonth(12, month => Numbered(month, FirstDay.Day)),
        _ => [],
    };

    private IEnumerable<DateOnly> EachDay(Func<DateOnly, bool> falls)
    {
        for (var day = FirstDay; day < DateOnly.MaxValue; day = day.AddDays(1))
        {
            if (falls(day))
            {
                yield return day;
            }
        }
    }

    private IEnumerable<DateOnly> EachMonth(int every, Func<DateOnly, DateOnly> dayIn)
    {
        for (var month = new DateOnly(FirstDay.Year, FirstDay.Month, 1); month.Year < 9990; month = month.AddMonths(every))
        {
            if (dayIn(month) is var day && day >= FirstDay)
            {
                yield return day;
            }
        }
    }

    private DateOnly DayIn(DateOnly month) => MonthDay switch
    {
        MonthDay.Last => month.AddMonths(1).AddDays(-1),
        MonthDay.Weekday => WeekdayIn(month),
        _ => Numbered(month, DayOfMonth),
    };

    private DateOnly WeekdayIn(DateOnly month)
    {
        var first = month;
        while (WeekdayOf(first) != Days)
        {
            first = first.AddDays(1);
        }

        // A fifth one is rare: what is asked for as the last is the fourth of most months.
        var day = first.AddDays(7 * (Math.Min(Ordinal, LastOfMonth) - 1));
        return day.Month == month.Month ? day : day.AddDays(-7);
    }

    private static DateOnly Numbered(DateOnly month, int day) => month.AddDays(Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)) - 1);

    private static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
