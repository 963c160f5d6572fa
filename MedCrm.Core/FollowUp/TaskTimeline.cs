using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.FollowUp;

/// <summary>The tasks of a feed: those done where they were done, the others where they were written.</summary>
public sealed class TaskTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("task", "Tâches", "task_alt") { States = typeof(FollowUpStatus), Address = FollowUpTask.Address };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var contacts = VisibleContacts.Of(db, actor);
        var tasks = subject switch
        {
            { InstitutionId: not null } => TaskLine.OfInstitution(db, actor, id),
            { ContactId: not null } => db.FollowUpTasks.VisibleTo(actor).Where(task => task.ContactId == id),
            _ => db.FollowUpTasks.VisibleTo(actor).Where(task => task.OpportunityId == id),
        };
        return tasks.Select(task => new TimelineEntry
        {
            Kind = "task",
            Id = task.Id,
            At = task.CompletedAt ?? task.CreatedAt,
            Title = task.Title,
            State = (int)task.Status,
            Detail = task.Result,
            Text = task.Notes == null ? null : task.Notes.Substring(0, 600),
            With = contacts.Where(c => c.Id == task.ContactId).Select(c => c.FullName).FirstOrDefault(),
            ById = task.OwnerId,
        });
    }
}
