using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The door of tasks and of the follow-up of deals: what has to be done, by whom, and what comes next.</summary>
public sealed class FollowUpTasks(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, NotificationNews news, BusinessClock clock)
{
    private const string Gone = "Cette tâche n'existe plus, ou n'est pas visible pour vous.";
    private const string DealGone = "Cette affaire n'existe plus, ou n'est pas visible pour vous.";

    /// <summary>A new task as its form opens: for the actor, today, tied to what it is created from. A deal brings its institution and contact.</summary>
    public async Task<TaskSheet> NewAsync(Guid? institutionId = null, Guid? contactId = null, Guid? opportunityId = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deal = await db.Opportunities.VisibleTo(actor).Where(o => o.Id == opportunityId).Select(o => new { o.Id, o.InstitutionId, o.ContactId }).SingleOrDefaultAsync(cancellationToken);
        var details = new FollowUpTaskDetails
        {
            DueOn = clock.Today,
            OwnerId = actor.Id,
            TeamId = actor.TeamId,
            OpportunityId = deal?.Id,
            InstitutionId = deal?.InstitutionId ?? institutionId,
            ContactId = deal?.ContactId ?? contactId,
        };
        return await SheetAsync(db, actor, Guid.Empty, details, null, cancellationToken);
    }

    /// <summary>A task as its panel opens it; null when it is gone or out of sight.</summary>
    public async Task<TaskSheet?> FindAsync(Guid taskId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var task = await db.FollowUpTasks.AsNoTracking().Include(t => t.Steps).VisibleTo(actor).SingleOrDefaultAsync(t => t.Id == taskId, cancellationToken);
        return task is null ? null : await SheetAsync(db, actor, task.Id, task.Details(), task, cancellationToken);
    }

    /// <summary>The name of a deal that the actor sees, for the field that shows it.</summary>
    public async Task<string?> FindDealNameAsync(Guid opportunityId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Opportunities.VisibleTo(actor).Where(o => o.Id == opportunityId).Select(o => o.Name).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Creates a task, made of steps, coming back by a rule. Without an assignee it is the actor's.</summary>
    /// <exception cref="BusinessRuleException">A field, a step or the rule is refused, or something it is tied to is gone or out of sight.</exception>
    public async Task<Done> CreateAsync(FollowUpTaskDetails details, IReadOnlyList<string>? steps = null, Recurrence? rule = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        details = details with { OwnerId = details.OwnerId ?? actor.Id };
        details = details with { TeamId = await Assignment.TeamAsync(db, null, details.OwnerId, null, cancellationToken) };
        await CheckLinksAsync(db, actor, details, new FollowUpTaskDetails(), cancellationToken);
        var task = new FollowUpTask(details, actor, clock.UtcNow);
        foreach (var step in steps ?? [])
        {
            task.AddStep(step);
        }

        var gesture = db.Begin(actor, $"Tâche « {task.Title} » créée");
        db.FollowUpTasks.Add(task);
        if (rule is { Kind: not RecurrenceKind.Never })
        {
            gesture.Sentence += Occurrences.Begin(new ListScope(db, actor, clock), task, rule);
        }

        await db.SaveChangesAsync(cancellationToken);
        return new Done(task.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>
    /// Takes new values. A new assignee brings the task into their team. With <paramref name="reach"/>, what changed also holds for the next
    /// times; a <paramref name="rule"/> always does: the task comes back by it from now on, or no more.
    /// </summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields.</exception>
    /// <exception cref="BusinessRuleException">A field or the rule is refused, or the series is out of sight.</exception>
    public Task<Done> EditAsync(Guid taskId, FollowUpTaskDetails seen, FollowUpTaskDetails mine, SeriesReach reach = SeriesReach.ThisTime, Recurrence? rule = null, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(() => EditOnceAsync(taskId, seen, mine, reach, rule, cancellationToken));

    /// <summary>Finishes a task with its result, and plans what comes next in the same gesture. The deal it is tied to counts as dealt with; a series goes on with its next day.</summary>
    /// <exception cref="BusinessRuleException">The task is already finished.</exception>
    public Task<Done> CompleteAsync(Guid taskId, string? result, NextStep? next = null, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(() => CompleteOnceAsync(taskId, result, next, cancellationToken));

    /// <summary>Opens a finished task again.</summary>
    public Task<Done> ReopenAsync(Guid taskId, CancellationToken cancellationToken = default)
        => ChangeAsync(taskId, task => $"Tâche « {task.Title} » rouverte", (scope, task) => TakeAsync(scope, task, task.Details() with { Status = FollowUpStatus.ToDo }, cancellationToken), cancellationToken);

    /// <summary>Puts a task off to another day; its whole series goes on from there when <paramref name="reach"/> says so.</summary>
    /// <exception cref="BusinessRuleException">The task or its series is gone or out of sight.</exception>
    public Task<Done> PutOffAsync(Guid taskId, DateOnly dueOn, SeriesReach reach = SeriesReach.ThisTime, CancellationToken cancellationToken = default)
        => ChangeAsync(
            taskId,
            task => reach is SeriesReach.WholeSeries ? $"Série « {task.Title} » reportée au {FrenchText.FormatDay(dueOn)}" : $"Tâche « {task.Title} » reportée au {FrenchText.FormatDay(dueOn)}",
            (scope, task) => TakeAsync(scope, task, task.Details() with { DueOn = dueOn }, cancellationToken, reach),
            cancellationToken);

    /// <summary>Gives a task a day and an hour, or takes the hour away, this time alone or for its whole series: a drag in the calendar.</summary>
    /// <exception cref="BusinessRuleException">The task is gone or out of sight.</exception>
    public Task<Done> PlaceAsync(Guid taskId, DateOnly on, TimeOnly? at, SeriesReach reach = SeriesReach.ThisTime, CancellationToken cancellationToken = default)
        => ChangeAsync(
            taskId,
            task => $"Tâche « {task.Title} » placée le {FrenchText.FormatDay(on)}{(at is { } hour ? $" à {hour.ToString("HH:mm", CultureInfo.InvariantCulture)}" : "")}",
            (scope, task) => TakeAsync(scope, task, task.Details() with { DueOn = on, DueTime = at }, cancellationToken, reach),
            cancellationToken);

    /// <summary>Puts a task where it stands on the board: to do, under way, finished, given up.</summary>
    /// <exception cref="StaleRecordException">Somebody changed the task since it was shown.</exception>
    /// <exception cref="BusinessRuleException">The task is gone or out of sight.</exception>
    public async Task<Done> MoveAsync(Guid taskId, FollowUpStatus status, Guid seenVersion, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var task = await LoadAsync(db, actor, taskId, cancellationToken);
        db.Expect(task, seenVersion);
        var gesture = db.Begin(actor, status switch
        {
            FollowUpStatus.Done => $"Tâche « {task.Title} » terminée",
            FollowUpStatus.Cancelled => $"Tâche « {task.Title} » abandonnée",
            FollowUpStatus.InProgress => $"Tâche « {task.Title} » en cours",
            _ => $"Tâche « {task.Title} » à faire",
        });
        gesture.Sentence += await TakeAsync(new ListScope(db, actor, clock), task, task.Details() with { Status = status }, cancellationToken);
        await SaveAsync(db, task.Id, cancellationToken);
        return new Done(task.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Puts a task in the bin: this time alone, and a series goes on with its next day; or the whole series with what is open of it.</summary>
    /// <exception cref="BusinessRuleException">The task or its series is gone or out of sight.</exception>
    public Task<Done> DeleteAsync(Guid taskId, SeriesReach reach = SeriesReach.ThisTime, CancellationToken cancellationToken = default)
        => ChangeAsync(
            taskId,
            task => reach is SeriesReach.WholeSeries ? $"Série « {task.Title} » supprimée" : $"Tâche « {task.Title} » supprimée",
            (scope, task) => reach is SeriesReach.WholeSeries ? Occurrences.EndAsync(scope, task, cancellationToken) : RemoveAsync(scope, task, cancellationToken),
            cancellationToken);

    /// <summary>The next action of a deal is done (or a dormant deal was dealt with): a finished task keeps what came of it, and the deal takes its next step, all in one gesture.</summary>
    /// <exception cref="BusinessRuleException">The deal is gone or out of sight.</exception>
    public Task<Done> CompleteNextActionAsync(Guid opportunityId, string? result, NextStep? next = null, CancellationToken cancellationToken = default)
        => ChangeDealAsync(
            opportunityId,
            (db, actor, deal) =>
            {
                var task = new FollowUpTask(
                    new FollowUpTaskDetails
                    {
                        Title = Clean.Shortened(deal.NextAction ?? $"Relance : {deal.Name}", 200),
                        DueOn = deal.NextActionOn ?? clock.Today,
                        OwnerId = deal.OwnerId,
                        TeamId = deal.TeamId,
                        InstitutionId = deal.InstitutionId,
                        ContactId = deal.ContactId,
                        OpportunityId = deal.Id,
                    },
                    actor,
                    clock.UtcNow);
                task.Complete(result, clock.UtcNow);
                db.FollowUpTasks.Add(task);
                var follows = next is { IsEmpty: false };
                deal.Edit(deal.Details() with { NextAction = follows ? next!.Title : null, NextActionOn = follows ? next!.DueOn ?? NextWorkingDay : null }, clock.UtcNow);
                deal.Touch(clock.UtcNow);
                return $"« {task.Title} » faite{(follows ? Followed(deal.NextAction!, deal.NextActionOn!.Value) : "")}";
            },
            cancellationToken);

    /// <summary>Puts the next action of a deal off to another day.</summary>
    /// <exception cref="BusinessRuleException">The deal is gone or out of sight.</exception>
    public Task<Done> PutOffNextActionAsync(Guid opportunityId, DateOnly on, CancellationToken cancellationToken = default)
        => ChangeDealAsync(
            opportunityId,
            (_, _, deal) =>
            {
                deal.Edit(deal.Details() with { NextActionOn = on }, clock.UtcNow);
                return $"« {deal.NextAction ?? deal.Name} » reportée au {FrenchText.FormatDay(on)}";
            },
            cancellationToken);

    /// <summary>
    /// Takes new values, from the form, a cell of the list, a selection or the board: a new assignee brings the task into their team, a task
    /// finished this way touches its deal and its series goes on. Answers what to tell beside.
    /// </summary>
    internal static async Task<string> TakeAsync(ListScope scope, FollowUpTask task, FollowUpTaskDetails details, CancellationToken cancellationToken, SeriesReach reach = SeriesReach.ThisTime, Recurrence? rule = null)
    {
        var (before, wasOpen) = (task.Details(), task.IsOpen);
        details = details with { TeamId = await Assignment.TeamAsync(scope.Db, task, details.OwnerId, details.TeamId, cancellationToken) };
        await CheckLinksAsync(scope.Db, scope.Actor, details, before, cancellationToken);
        task.Edit(details, scope.Clock.UtcNow);
        var told = await Occurrences.RewriteAsync(scope, task, before, reach, rule, cancellationToken);
        return wasOpen && !task.IsOpen ? told + await ClosedAsync(scope, task, cancellationToken) : told;
    }

    /// <summary>Finishes a task, whatever the way in; its deal counts as dealt with and its series goes on. Answers what to tell beside.</summary>
    internal static Task<string> FinishAsync(ListScope scope, FollowUpTask task, string? result, CancellationToken cancellationToken)
    {
        if (!task.IsOpen)
        {
            throw new BusinessRuleException($"« {task.Title} » est déjà terminée.");
        }

        task.Complete(result, scope.Clock.UtcNow);
        return ClosedAsync(scope, task, cancellationToken);
    }

    /// <summary>Puts one task in the bin, and lets its series go on. Answers what to tell beside.</summary>
    internal static async Task<string> RemoveAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
    {
        task.DeletedAt = scope.Clock.UtcNow;
        return task.IsOpen ? await Occurrences.GoOnAsync(scope, task, cancellationToken) : "";
    }

    /// <summary>Whoever finishes the task, its deal was dealt with, even one that this person does not see.</summary>
    internal static async Task TouchDealAsync(MedCrmDbContext db, FollowUpTask task, BusinessClock clock, CancellationToken cancellationToken)
    {
        if (task.OpportunityId is { } opportunityId && await db.Opportunities.SingleOrDefaultAsync(deal => deal.Id == opportunityId, cancellationToken) is { } deal)
        {
            deal.Touch(clock.UtcNow);
        }
    }

    /// <summary>A reminder has done its work once somebody acts on what it is about. Answers whose bells change.</summary>
    internal static async Task<HashSet<Guid>> SettleAsync(MedCrmDbContext db, Guid recordId, BusinessClock clock, CancellationToken cancellationToken)
    {
        var lines = await db.Notifications.Where(line => line.RecordId == recordId && line.ReadAt == null).ToListAsync(cancellationToken);
        lines.ForEach(line => line.Read(clock.UtcNow));
        return [.. lines.Select(line => line.UserId)];
    }

    private DateOnly NextWorkingDay => FrenchCalendar.AddWorkingDays(clock.Today, 1);

    private async Task<Done> CompleteOnceAsync(Guid taskId, string? result, NextStep? next, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var task = await LoadAsync(db, actor, taskId, cancellationToken);
        var gesture = db.Begin(actor, $"Tâche « {task.Title} » terminée");
        gesture.Sentence += await FinishAsync(new ListScope(db, actor, clock), task, result, cancellationToken);
        if (next is { IsEmpty: false })
        {
            var follower = new FollowUpTask(task.Details() with { Title = next.Title!, DueOn = next.DueOn ?? NextWorkingDay, DueTime = null, Reminder = null, Status = FollowUpStatus.ToDo, Notes = null }, actor, clock.UtcNow);
            db.FollowUpTasks.Add(follower);
            gesture.Sentence += Followed(follower.Title, follower.DueOn!.Value);
        }

        await SaveAsync(db, task.Id, cancellationToken);
        return new Done(task.Id, gesture.Sentence, gesture.Undoable);
    }

    private async Task<Done> EditOnceAsync(Guid taskId, FollowUpTaskDetails seen, FollowUpTaskDetails mine, SeriesReach reach, Recurrence? rule, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var task = await LoadAsync(db, actor, taskId, cancellationToken);
        var merged = await db.MergeAsync(task, seen, mine, task.Details(), cancellationToken);
        var gesture = db.Begin(actor, reach is SeriesReach.WholeSeries ? $"Série « {task.Title} » modifiée" : $"Tâche « {task.Title} » modifiée");
        gesture.Sentence += await TakeAsync(new ListScope(db, actor, clock), task, merged, cancellationToken, reach, rule);
        await SaveAsync(db, task.Id, cancellationToken);
        return new Done(task.Id, gesture.Sentence, gesture.Undoable);
    }

    private Task<Done> ChangeAsync(Guid taskId, Func<FollowUpTask, string> sentenceOf, Func<ListScope, FollowUpTask, Task<string>> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var task = await LoadAsync(db, actor, taskId, cancellationToken);
            var gesture = db.Begin(actor, sentenceOf(task));
            gesture.Sentence += await change(new ListScope(db, actor, clock), task);
            await SaveAsync(db, task.Id, cancellationToken);
            return new Done(task.Id, gesture.Sentence, gesture.Undoable);
        });

    private Task<Done> ChangeDealAsync(Guid opportunityId, Func<MedCrmDbContext, Actor, Opportunity, string> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditSales);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var deal = await db.Opportunities.VisibleTo(actor)
                .Include(o => o.Stage).Include(o => o.Lines).Include(o => o.Labels).AsSplitQuery()
                .SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken)
                ?? throw new BusinessRuleException(DealGone);
            var gesture = db.Begin(actor, "");
            gesture.Sentence = change(db, actor, deal);
            await SaveAsync(db, deal.Id, cancellationToken);
            return new Done(deal.Id, gesture.Sentence, gesture.Undoable);
        });

    // The steps that stood open are told, the deal was dealt with if the task was finished, and a series goes on either way.
    private static async Task<string> ClosedAsync(ListScope scope, FollowUpTask task, CancellationToken cancellationToken)
    {
        if (task.Status is FollowUpStatus.Done)
        {
            await TouchDealAsync(scope.Db, task, scope.Clock, cancellationToken);
        }

        await scope.Db.Entry(task).Collection(t => t.Steps).LoadAsync(cancellationToken);
        var left = task.Steps.Count(step => !step.IsDone) switch
        {
            0 => "",
            1 => ", 1 sous-tâche restait",
            var steps => $", {steps} sous-tâches restaient",
        };
        return left + await Occurrences.GoOnAsync(scope, task, cancellationToken);
    }

    private static async Task<FollowUpTask> LoadAsync(MedCrmDbContext db, Actor actor, Guid taskId, CancellationToken cancellationToken)
        => await db.FollowUpTasks.VisibleTo(actor).SingleOrDefaultAsync(task => task.Id == taskId, cancellationToken) ?? throw new BusinessRuleException(Gone);

    private async Task SaveAsync(MedCrmDbContext db, Guid recordId, CancellationToken cancellationToken)
    {
        var bells = await SettleAsync(db, recordId, clock, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (bells.Count > 0)
        {
            news.Announce(bells);
        }
    }

    private static async Task<TaskSheet> SheetAsync(MedCrmDbContext db, Actor actor, Guid id, FollowUpTaskDetails details, FollowUpTask? task, CancellationToken cancellationToken)
        => new(
            id,
            details,
            await db.Institutions.VisibleTo(actor).Where(i => i.Id == details.InstitutionId).Select(i => i.Name).SingleOrDefaultAsync(cancellationToken),
            await VisibleContacts.Of(db, actor).Where(c => c.Id == details.ContactId).Select(c => c.FullName).SingleOrDefaultAsync(cancellationToken),
            await db.Opportunities.VisibleTo(actor).Where(o => o.Id == details.OpportunityId).Select(o => o.Name).SingleOrDefaultAsync(cancellationToken),
            task?.IsOpen ?? true,
            task?.Result,
            task?.CompletedAt)
        {
            Steps = [.. (task?.Steps ?? []).OrderBy(step => step.Position).ThenBy(step => step.Id).Select(step => new StepLine(step.Id, step.Title, step.IsDone))],
            Series = await db.TaskSeries.VisibleTo(actor).SingleOrDefaultAsync(series => task != null && series.Id == task.SeriesId, cancellationToken) is { } series ? series.Rule : null,
        };

    private static async Task CheckLinksAsync(MedCrmDbContext db, Actor actor, FollowUpTaskDetails details, FollowUpTaskDetails before, CancellationToken cancellationToken)
    {
        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before.InstitutionId, cancellationToken);
        await Links.CheckContactAsync(db, actor, details.ContactId, before.ContactId, cancellationToken);
        if (details.OpportunityId != before.OpportunityId && details.OpportunityId is { } opportunityId && !await db.Opportunities.VisibleTo(actor).AnyAsync(o => o.Id == opportunityId, cancellationToken))
        {
            throw new BusinessRuleException(DealGone, nameof(FollowUpTaskDetails.OpportunityId));
        }
    }

    private static string Followed(string title, DateOnly on) => $", suite : « {title} » le {FrenchText.FormatDay(on)}";
}
