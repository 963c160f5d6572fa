using MedCrm.Core.Access;
using MedCrm.Core.Data;

namespace MedCrm.Core.FollowUp;

/// <summary>A task on the page of the record it is about.</summary>
public sealed record TaskLine(Guid Id, string Title, DateOnly? DueOn, Guid? OwnerId, bool IsOpen, int StepsDone = 0, int Steps = 0)
{
    /// <summary>The most that a page shows.</summary>
    internal const int Most = 30;

    /// <summary>The tasks that concern an institution: its own and those of its deals, as far as the actor sees.</summary>
    internal static IQueryable<FollowUpTask> OfInstitution(MedCrmDbContext db, Actor actor, Guid institutionId)
        => db.FollowUpTasks.VisibleTo(actor).Where(task =>
            task.InstitutionId == institutionId
            || db.Opportunities.Where(deal => deal.InstitutionId == institutionId).Select(deal => (Guid?)deal.Id).Contains(task.OpportunityId));

    /// <summary>What is still to be done, the most pressing first, then what was done last.</summary>
    internal static IQueryable<TaskLine> Lines(IQueryable<FollowUpTask> tasks)
        => tasks
            .OrderByDescending(task => task.IsOpen).ThenBy(task => task.IsOpen ? task.DueOn : null).ThenByDescending(task => task.CompletedAt).ThenBy(task => task.Id)
            .Select(task => new TaskLine(task.Id, task.Title, task.DueOn, task.OwnerId, task.IsOpen, task.Steps.Count(step => step.IsDone), task.Steps.Count))
            .Take(Most);
}
