using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>How a series goes on: the one place where an occurrence gives way to the next, whatever the way in. Each verb answers what to tell beside the sentence of the gesture.</summary>
internal static class Occurrences
{
    private const string Gone = "Cette série n'existe plus, ou n'est pas visible pour vous.";

    private static readonly HashSet<string> s_fields = [.. typeof(FollowUpTaskDetails).GetProperties().Select(property => property.Name)];

    /// <summary>A task comes back from now on; it stands on the first day of the rule.</summary>
    /// <exception cref="BusinessRuleException">The task has no day, is finished, or the rule is refused.</exception>
    public static string Begin(ListScope scope, FollowUpTask task, Recurrence rule)
    {
        if (!task.IsOpen)
        {
            throw new BusinessRuleException("Une tâche terminée ne se répète pas : rouvrez-la d'abord.", nameof(Recurrence.Kind));
        }

        var series = new TaskSeries(task.Details(), rule with { FirstDay = DayOf(task) }, scope.Actor, scope.Clock.UtcNow);
        scope.Db.TaskSeries.Add(series);
        return Stand(scope, task, series);
    }

    /// <summary>After an edit: what changed also holds for the series, or the task begins or ends coming back.</summary>
    /// <exception cref="BusinessRuleException">The rule is refused, or the series is gone or out of sight.</exception>
    public static async Task<string> RewriteAsync(ListScope scope, FollowUpTask task, FollowUpTaskDetails before, SeriesReach reach, Recurrence? rule, CancellationToken cancellationToken)
    {
        if (task.SeriesId is null || (rule is not null && await FindAsync(scope, task, cancellationToken) is null))
        {
            return rule is { Kind: not RecurrenceKind.Never } ? Begin(scope, task, rule) : "";
        }

        if (reach is SeriesReach.ThisTime && rule is null)
        {
            return "";
        }

        var series = await VisibleAsync(scope, task, cancellationToken);
        if (rule is { Kind: RecurrenceKind.Never })
        {
            series.DeletedAt = scope.Clock.UtcNow;
            task.LeaveSeries();
            return ", ne se répète plus";
        }

        var (current, day, due) = (series.Rule, task.SeriesDay ?? DayOf(task), DayOf(task));
        var isMoved = before.DueOn != due;
        var wanted = (rule ?? current) with { FirstDay = current.FirstDay };
        var isOther = !wanted.HasPatternOf(current);
        if (isOther)
        {
            wanted = wanted.Times == current.Times ? wanted with { FirstDay = due, Times = current.Restarted(day, due).Times } : wanted with { FirstDay = due };
        }
        else if (isMoved)
        {
            wanted = wanted.MovedTo(day, due);
        }

        // What this time alone had been given before stays its own: the series takes what this edit changed.
        series.Edit(ThreeWayMerge.Settle(before, task.Details(), series.DetailsOn(due), s_fields), wanted, scope.Clock.UtcNow);
        var told = isOther || isMoved ? Stand(scope, task, series) : "";
        return rule is null ? told : $" : {series.Rule.Say(scope.Clock.Today)}{told}";
    }

    /// <summary>An occurrence was finished, given up or deleted: the next one takes its place, unless another is open already or the series is over.</summary>
    public static async Task<string> GoOnAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
    {
        if (task.SeriesDay is not { } day || await FindAsync(scope, task, cancellationToken) is not { } series)
        {
            return "";
        }

        // Those of this very gesture count as they stand in memory.
        var others = scope.Db.FollowUpTasks.Where(other => other.SeriesId == series.Id && other.Id != task.Id);
        await others.Where(other => other.IsOpen).LoadAsync(cancellationToken);
        if (scope.Db.FollowUpTasks.Local.Any(other => other.SeriesId == series.Id && other.Id != task.Id && other is { IsOpen: true, DeletedAt: null }))
        {
            return "";
        }

        var last = await others.MaxAsync(other => other.SeriesDay, cancellationToken) is { } latest && latest > day ? latest : day;
        if (series.Rule.NextAfter(last, scope.Clock.Today, out var skipped) is not { } next)
        {
            return ", dernière de la série";
        }

        var follower = new FollowUpTask(series.DetailsOn(next), scope.Actor, scope.Clock.UtcNow);
        follower.Join(series, next);
        await scope.Db.Entry(task).Collection(t => t.Steps).LoadAsync(cancellationToken);
        foreach (var step in task.Steps.OrderBy(step => step.Position).ThenBy(step => step.Id))
        {
            follower.AddStep(step.Title);
        }

        scope.Db.FollowUpTasks.Add(follower);
        var told = $", prochaine fois le {FrenchText.FormatDay(next)}";
        return skipped switch
        {
            0 => told,
            1 => $"{told} (1 jour passé est sauté)",
            _ => $"{told} ({skipped} jours passés sont sautés)",
        };
    }

    /// <summary>The series goes to the bin with what is open of it; what was finished stays.</summary>
    /// <exception cref="BusinessRuleException">The series is gone or out of sight.</exception>
    public static async Task<string> EndAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
    {
        var series = await VisibleAsync(scope, task, cancellationToken);
        series.DeletedAt = scope.Clock.UtcNow;
        task.DeletedAt = scope.Clock.UtcNow;
        foreach (var other in await scope.Db.FollowUpTasks.Where(other => other.SeriesId == series.Id && other.Id != task.Id && other.IsOpen).ToListAsync(cancellationToken))
        {
            other.DeletedAt = scope.Clock.UtcNow;
        }

        return "";
    }

    private static DateOnly DayOf(FollowUpTask task) => task.DueOn ?? throw new BusinessRuleException("Une tâche qui se répète demande une échéance.", nameof(FollowUpTask.DueOn));

    // A task begun or moved on a day that the rule does not have goes to the first one after it.
    private static string Stand(ListScope scope, FollowUpTask task, TaskSeries series)
    {
        var first = series.Rule.First() ?? throw new BusinessRuleException("La série s'arrête avant son premier jour.", nameof(Recurrence.EndsOn));
        var isElsewhere = first != task.DueOn;
        if (isElsewhere)
        {
            task.PutOff(first, scope.Clock.UtcNow);
        }

        task.Join(series, first);
        return isElsewhere ? $", première fois le {FrenchText.FormatDay(first)}" : "";
    }

    // Whoever finishes an occurrence given to them, its series goes on, even one that they do not see.
    private static Task<TaskSeries?> FindAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
        => scope.Db.TaskSeries.SingleOrDefaultAsync(series => series.Id == task.SeriesId, cancellationToken);

    private static async Task<TaskSeries> VisibleAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
        => await scope.Db.TaskSeries.VisibleTo(scope.Actor).SingleOrDefaultAsync(series => series.Id == task.SeriesId, cancellationToken) ?? throw new BusinessRuleException(Gone);
}
