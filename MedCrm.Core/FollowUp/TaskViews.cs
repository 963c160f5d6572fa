using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.FollowUp;

/// <summary>A task as its panel opens it: what people edit, the names of what it is tied to, how it ended (UTC).</summary>
public sealed record TaskSheet(Guid Id, FollowUpTaskDetails Details, string? InstitutionName, string? ContactName, string? OpportunityName, bool IsOpen, string? Result, DateTime? CompletedAt)
{
    /// <summary>Its steps, in order.</summary>
    public IReadOnlyList<StepLine> Steps { get; init; } = [];

    /// <summary>The rule of its series; null for a task that does not come back, or whose series is out of sight.</summary>
    public Recurrence? Series { get; init; }
}

/// <summary>A step of a task, in its panel.</summary>
public sealed record StepLine(Guid Id, string Title, bool IsDone);

/// <summary>How far the steps of a task are: « 2/5 ».</summary>
public sealed record StepCount(int Done, int Total)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Done}/{Total}";
}

/// <summary>What a change to a task that comes back is about.</summary>
public enum SeriesReach
{
    [Display(Name = "Cette fois")] ThisTime,
    [Display(Name = "Toute la série")] WholeSeries,
}

/// <summary>What follows a finished task, written in the same line: a title, and the day (the next working day when empty).</summary>
public sealed record NextStep(string? Title, DateOnly? DueOn)
{
    /// <summary>Nothing follows.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Title);
}

/// <summary>What a line of « Ma journée » stands for.</summary>
public enum DayItemKind
{
    Task,
    NextAction,
    Dormant,
}

/// <summary>A line of « Ma journée ».</summary>
/// <param name="Id">The task, or the deal.</param>
/// <param name="Title">What there is to do; empty for a next action that nobody named.</param>
/// <param name="On">The day it is due; null for a dormant deal.</param>
/// <param name="Amount">Euros excluding VAT, for a deal.</param>
/// <param name="IdleDays">Days since a person last dealt with a dormant deal.</param>
/// <param name="Phone">The number to call, E.164, of the contact or else of the institution.</param>
public sealed record DayItem(
    DayItemKind Kind,
    Guid Id,
    string Title,
    string? InstitutionName,
    string? ContactName,
    string? OpportunityName,
    DateOnly? On,
    TimeOnly? At,
    TaskPriority Priority,
    decimal? Amount,
    int? IdleDays,
    string? Phone,
    Guid Version)
{
    /// <summary>How far its steps are; null without any.</summary>
    public StepCount? Steps { get; init; }

    /// <summary>It is a time of a series.</summary>
    public bool IsRecurring { get; init; }
}

/// <summary>One section of the day: its first lines, and how many there are.</summary>
public sealed record DaySection(IReadOnlyList<DayItem> Items, int Total);

/// <summary>« Ma journée » of one person.</summary>
/// <param name="WeekEndsOn">The last day of the section of the week.</param>
public sealed record MyDay(DateOnly Today, DateOnly WeekEndsOn, DaySection Overdue, DaySection DueToday, DaySection NextActions, DaySection ThisWeek, DaySection Dormant)
{
    /// <summary>Nothing to do at all.</summary>
    public bool IsEmpty => Overdue.Total + DueToday.Total + NextActions.Total + ThisWeek.Total + Dormant.Total == 0;

    /// <summary>What cannot wait: overdue, today's, and next actions reached.</summary>
    public int Pressing => Overdue.Total + DueToday.Total + NextActions.Total;
}
