using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The open tasks of a person in their calendar: half an hour where they have an hour, the whole day otherwise.</summary>
public sealed class TaskCalendar(Actors actors, BusinessClock clock) : ICalendarSource
{
    private static readonly TimeSpan s_length = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CalendarEvent>> EventsOfAsync(MedCrmDbContext db, Guid userId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        if (await actors.FindAsync(userId, cancellationToken) is not { } actor)
        {
            return [];
        }

        // A task may be about an institution, a contact or a deal that its owner no longer sees: those stay unnamed.
        var (institutions, contacts, deals) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor), db.Opportunities.VisibleTo(actor));
        var tasks = await db.FollowUpTasks
            .Where(task => task.OwnerId == userId && task.IsOpen && task.DueOn >= from && task.DueOn <= to)
            .OrderBy(task => task.DueOn).ThenBy(task => task.DueTime).ThenBy(task => task.Id)
            .Select(task => new
            {
                task.Id,
                task.Title,
                task.Notes,
                DueOn = task.DueOn!.Value,
                task.DueTime,
                task.CreatedAt,
                task.UpdatedAt,
                Institution = institutions.Where(institution => institution.Id == task.InstitutionId).Select(institution => institution.Name).FirstOrDefault(),
                City = institutions.Where(institution => institution.Id == task.InstitutionId).Select(institution => institution.City).FirstOrDefault(),
                Contact = contacts.Where(contact => contact.Id == task.ContactId).Select(contact => contact.FullName).FirstOrDefault(),
                Deal = deals.Where(deal => deal.Id == task.OpportunityId).Select(deal => deal.Name).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);

        return tasks.ConvertAll(task =>
        {
            var uid = $"task-{task.Id:N}@medcrm";
            var entry = task.DueTime is { } hour && clock.ToUtc(task.DueOn, hour) is var start
                ? CalendarEvent.At(uid, task.Title, start, start + s_length)
                : CalendarEvent.On(uid, task.Title, task.DueOn);
            return entry with
            {
                Location = task.Institution is null ? null : Joined(", ", task.Institution, task.City),
                Description = Joined("\n", task.Contact, task.Deal, task.Notes),
                IsFree = task.DueTime is null,
                CreatedAt = task.CreatedAt,
                UpdatedAt = task.UpdatedAt,
                Url = FollowUpTask.LinkTo(task.Id),
            };
        });
    }

    private static string? Joined(string separator, params IEnumerable<string?> parts)
        => string.Join(separator, parts.Where(part => !string.IsNullOrWhiteSpace(part))) is { Length: > 0 } text ? text : null;
}
