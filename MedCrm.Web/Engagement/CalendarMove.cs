using MedCrm.Core.Engagement;

namespace MedCrm.Web.Engagement;

/// <summary>A finished gesture in a calendar: what, to which day, at which hour (null: the whole day), for how many minutes.</summary>
public sealed record CalendarMove(AgendaKind Kind, Guid Id, DateOnly Day, TimeOnly? From, int Minutes)
{
    /// <summary>The place has no hours: what had one keeps it.</summary>
    public bool KeepsHour { get; init; }
}
