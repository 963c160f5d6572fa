using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>The meetings of a person in their calendar: their own and those they take part in.</summary>
public sealed class MeetingCalendar(BusinessClock clock) : ICalendarSource
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<CalendarEvent>> EventsOfAsync(MedCrmDbContext db, Guid userId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var (begins, ends) = (clock.ToUtc(from, TimeOnly.MinValue), clock.ToUtc(to.AddDays(1), TimeOnly.MinValue));
        var meetings = await db.Activities.AsNoTracking()
            .Where(a => a.Kind == ActivityKind.Meeting && a.At >= begins && a.At < ends && (a.OwnerId == userId || a.People.Any(person => person.UserId == userId)))
            .OrderBy(a => a.At).ThenBy(a => a.Id)
            .ToListAsync(cancellationToken);
        var owners = meetings.Select(meeting => meeting.OwnerId).Distinct().ToArray();
        var people = await db.Users.Where(user => owners.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => new CalendarPerson(user.Email!, user.DisplayName), cancellationToken);
        return meetings.ConvertAll(meeting => Invitations.EventOf(meeting, people[meeting.OwnerId!.Value], []) with { Url = Activity.LinkTo(meeting.Id) });
    }
}
