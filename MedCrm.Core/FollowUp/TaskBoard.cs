using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>A task as a card shows it.</summary>
public sealed record TaskCard
{
    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required FollowUpStatus Status { get; init; }
    public required TaskPriority Priority { get; init; }
    public required DateOnly? DueOn { get; init; }
    public required TimeOnly? DueTime { get; init; }
    public required Guid? OwnerId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime? CompletedAt { get; init; }

    /// <summary>The institution, the contact or the deal it is about, whichever is seen first.</summary>
    public required string? About { get; init; }

    /// <summary>How far its steps are: ticked, of how many.</summary>
    public required int StepsDone { get; init; }
    public required int Steps { get; init; }

    /// <summary>It is a time of a series.</summary>
    public required bool IsRecurring { get; init; }

    /// <summary>The version the person is looking at.</summary>
    public required Guid Version { get; init; }
}

/// <summary>A status on the board: its first cards, and how many match.</summary>
public sealed record TaskColumn(FollowUpStatus Status, int Count, IReadOnlyList<TaskCard> Cards);

/// <summary>The board of tasks as one person sees it under a filter.</summary>
public sealed record TaskBoardView(IReadOnlyList<TaskColumn> Columns)
{
    /// <summary>How many tasks match, shown or not.</summary>
    public int Count => Columns.Sum(column => column.Count);

    /// <summary>A card on show, or null.</summary>
    public TaskCard? Find(Guid taskId) => Columns.SelectMany(column => column.Cards).FirstOrDefault(card => card.Id == taskId);
}

/// <summary>Reads the tasks for the board: a column for each status, the most pressing first; of what is finished, the last two weeks.</summary>
public sealed class TaskBoard(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>How many cards a column shows before more are asked for.</summary>
    public const int CardsAtFirst = 60;

    /// <summary>For how many days a finished task stays on the board.</summary>
    public const int DoneDays = 14;

    /// <summary>The columns, in order. What was given up has none: a card is let go of on its zone.</summary>
    public static IReadOnlyList<FollowUpStatus> Columns { get; } = [FollowUpStatus.ToDo, FollowUpStatus.InProgress, FollowUpStatus.Done];

    /// <summary>The tasks that a query of the list asks for, by status. <paramref name="shown"/> says how many cards each column shows.</summary>
    public async Task<TaskBoardView> LoadAsync(ListQuery query, IReadOnlyDictionary<FollowUpStatus, int>? shown = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, await currentUser.GetAsync(cancellationToken), clock);
        var tasks = OnBoard(scope, query);
        var counts = await tasks.GroupBy(task => task.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var columns = new List<TaskColumn>();
        foreach (var status in Columns.Where(status => Asks(query.FilterOn("status"), status)))
        {
            var count = counts.GetValueOrDefault(status);
            columns.Add(new TaskColumn(status, count, count == 0 ? [] : await CardsAsync(scope, tasks, status, shown?.GetValueOrDefault(status) ?? 0, cancellationToken)));
        }

        return new TaskBoardView(columns);
    }

    // The board has its own idea of what is open and of what was finished lately, whatever a list of the same address says of it.
    private static IQueryable<FollowUpTask> OnBoard(ListScope scope, ListQuery query)
    {
        var since = scope.Clock.ToUtc(scope.Clock.Today.AddDays(1 - DoneDays), TimeOnly.MinValue);
        return TaskList.Matching(scope, query.Without("todo").Without("status"))
            .Where(task => task.Status == FollowUpStatus.ToDo || task.Status == FollowUpStatus.InProgress || (task.Status == FollowUpStatus.Done && task.CompletedAt >= since));
    }

    private static bool Asks(ListFilter? filter, FollowUpStatus status) => filter switch
    {
        { Operator: FilterOperator.AnyOf } => filter.Values.Contains(status.ToString()),
        { Operator: FilterOperator.NoneOf } => !filter.Values.Contains(status.ToString()),
        _ => true,
    };

    private static async Task<IReadOnlyList<TaskCard>> CardsAsync(ListScope scope, IQueryable<FollowUpTask> tasks, FollowUpStatus status, int shown, CancellationToken cancellationToken)
    {
        var ofStatus = tasks.Where(task => task.Status == status);
        var sorted = status is FollowUpStatus.Done
            ? ofStatus.OrderByDescending(task => task.CompletedAt)
            : ofStatus.OrderBy(task => task.DueOn == null).ThenBy(task => task.DueOn).ThenBy(task => task.DueTime == null).ThenBy(task => task.DueTime).ThenByDescending(task => task.Priority);
        var ids = await sorted.ThenBy(task => task.Id).Select(task => task.Id).Take(Math.Max(shown, CardsAtFirst)).ToListAsync(cancellationToken);
        var places = ids.Index().ToDictionary(pair => pair.Item, pair => pair.Index);

        // What a card counts and names is read for the cards of this page alone.
        var cards = await Cards(scope, scope.Db.FollowUpTasks.Where(task => ids.Contains(task.Id))).ToListAsync(cancellationToken);
        return [.. cards.OrderBy(card => places[card.Id])];
    }

    private static IQueryable<TaskCard> Cards(ListScope scope, IQueryable<FollowUpTask> tasks)
    {
        var (institutions, contacts, deals) = (scope.Db.Institutions.VisibleTo(scope.Actor), VisibleContacts.Of(scope.Db, scope.Actor), scope.Db.Opportunities.VisibleTo(scope.Actor));
        return tasks.Select(task => new TaskCard
        {
            Id = task.Id,
            Title = task.Title,
            Status = task.Status,
            Priority = task.Priority,
            DueOn = task.DueOn,
            DueTime = task.DueTime,
            OwnerId = task.OwnerId,
            CompletedAt = task.CompletedAt,
            About = institutions.Where(i => i.Id == task.InstitutionId).Select(i => i.Name).FirstOrDefault()
                ?? contacts.Where(c => c.Id == task.ContactId).Select(c => c.FullName).FirstOrDefault()
                ?? deals.Where(o => o.Id == task.OpportunityId).Select(o => o.Name).FirstOrDefault(),
            StepsDone = task.Steps.Count(step => step.IsDone),
            Steps = task.Steps.Count,
            IsRecurring = task.SeriesId != null,
            Version = task.Version,
        });
    }
}
