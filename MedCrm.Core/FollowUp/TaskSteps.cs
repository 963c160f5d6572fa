using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The door of the steps of a task: added, ticked, renamed, put in order, removed, each at once.</summary>
public sealed class TaskSteps(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    private const string Gone = "Cette sous-tâche n'existe plus, ou sa tâche n'est pas visible pour vous.";

    /// <summary>The steps of a task in order; none when the task is gone or out of sight.</summary>
    public async Task<IReadOnlyList<StepLine>> ListAsync(Guid taskId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.FollowUpTasks.VisibleTo(actor).Where(task => task.Id == taskId)
            .SelectMany(task => task.Steps).OrderBy(step => step.Position).ThenBy(step => step.Id)
            .Select(step => new StepLine(step.Id, step.Title, step.IsDone))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Adds a step, after the others.</summary>
    /// <exception cref="BusinessRuleException">The title is refused, or the task is gone or out of sight.</exception>
    public Task<Done> AddAsync(Guid taskId, string title, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, task => $"Sous-tâche « {task.AddStep(title).Title} » ajoutée", cancellationToken);

    /// <summary>Ticks a step, or takes the tick away.</summary>
    /// <exception cref="BusinessRuleException">The step is gone, or its task out of sight.</exception>
    public Task<Done> TickAsync(Guid taskId, Guid stepId, bool isDone, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, stepId, (_, step) =>
        {
            step.Tick(isDone);
            return isDone ? $"Sous-tâche « {step.Title} » faite" : $"Sous-tâche « {step.Title} » à faire";
        }, cancellationToken);

    /// <summary>Gives a step another title.</summary>
    /// <exception cref="BusinessRuleException">The title is refused, the step is gone, or its task out of sight.</exception>
    public Task<Done> RenameAsync(Guid taskId, Guid stepId, string title, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, stepId, (_, step) =>
        {
            step.Rename(title);
            return $"Sous-tâche « {step.Title} » renommée";
        }, cancellationToken);

    /// <summary>Puts a step at a place among the others, from 0.</summary>
    /// <exception cref="BusinessRuleException">The step is gone, or its task out of sight.</exception>
    public Task<Done> MoveAsync(Guid taskId, Guid stepId, int place, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, stepId, (task, step) =>
        {
            task.MoveStep(step, place);
            return $"Sous-tâche « {step.Title} » déplacée";
        }, cancellationToken);

    /// <summary>Removes a step.</summary>
    /// <exception cref="BusinessRuleException">The step is gone, or its task out of sight.</exception>
    public Task<Done> RemoveAsync(Guid taskId, Guid stepId, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, stepId, (task, step) =>
        {
            task.RemoveStep(step);
            return $"Sous-tâche « {step.Title} » retirée";
        }, cancellationToken);

    private Task<Done> ChangeAsync(Guid taskId, Guid stepId, Func<FollowUpTask, TaskStep, string> change, CancellationToken cancellationToken)
        => ChangeAsync(taskId, task => change(task, task.Steps.FirstOrDefault(step => step.Id == stepId) ?? throw new BusinessRuleException(Gone)), cancellationToken);

    private Task<Done> ChangeAsync(Guid taskId, Func<FollowUpTask, string> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var task = await db.FollowUpTasks.VisibleTo(actor).Include(t => t.Steps).SingleOrDefaultAsync(t => t.Id == taskId, cancellationToken) ?? throw new BusinessRuleException(Gone);
            var gesture = db.Begin(actor, "");
            gesture.Sentence = change(task);
            await db.SaveChangesAsync(cancellationToken);
            return new Done(task.Id, gesture.Sentence, gesture.Undoable);
        });
}
