using MedCrm.Core.Data;

namespace MedCrm.Core.Calendars;

/// <summary>What a room puts into the calendar of a person: their tasks, their meetings. Each room that has some adds its own.</summary>
public interface ICalendarSource
{
    /// <summary>The events of a person between two days, both included; only what this person may see.</summary>
    Task<IReadOnlyList<CalendarEvent>> EventsOfAsync(MedCrmDbContext db, Guid userId, DateOnly from, DateOnly to, CancellationToken cancellationToken);
}
