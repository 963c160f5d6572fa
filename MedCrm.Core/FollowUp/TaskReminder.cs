using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.FollowUp;

/// <summary>How long before its hour a task is recalled to its assignee.</summary>
public enum TaskReminder
{
    [Display(Name = "À l'heure dite")] AtTime,
    [Display(Name = "15 minutes avant")] QuarterBefore,
    [Display(Name = "1 heure avant")] HourBefore,
    [Display(Name = "1 jour avant")] DayBefore,
    [Display(Name = "2 jours avant")] TwoDaysBefore,
}

/// <summary>When a reminder falls due.</summary>
public static class ReminderTimes
{
    /// <summary>The hour of a task that has none.</summary>
    public static TimeOnly Morning { get; } = new(9, 0);

    /// <summary>The reminders that make sense: minutes before need an hour.</summary>
    public static IReadOnlyList<TaskReminder> For(TimeOnly? hour)
        => hour is null ? [TaskReminder.AtTime, TaskReminder.DayBefore, TaskReminder.TwoDaysBefore] : Enum.GetValues<TaskReminder>();

    /// <summary>The local day and hour at which a task is recalled. Days before are days of the calendar, at the same hour; a task without an hour is recalled in the morning.</summary>
    public static (DateOnly On, TimeOnly At) Of(DateOnly dueOn, TimeOnly? hour, TaskReminder reminder)
    {
        var due = dueOn.ToDateTime(hour ?? Morning);
        var moment = reminder switch
        {
            TaskReminder.QuarterBefore when hour is not null => due.AddMinutes(-15),
            TaskReminder.HourBefore when hour is not null => due.AddHours(-1),
            TaskReminder.DayBefore => due.AddDays(-1),
            TaskReminder.TwoDaysBefore => due.AddDays(-2),
            _ => due,
        };
        return (DateOnly.FromDateTime(moment), TimeOnly.FromDateTime(moment));
    }
}
