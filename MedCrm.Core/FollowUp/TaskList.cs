using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The list of tasks: what its columns show, and how a cell or a selection is changed.</summary>
public sealed class TaskList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<FollowUpTask, FollowUpTaskDetails>(contexts, currentUser, clock), IGroupedList
{
    private const string ByDate = "date";
    private const string ByPriority = "priority";
    private const string ByOwner = "owner";

    private static readonly ListDefinition<FollowUpTask> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<FollowUpTask> Definition => s_definition;

    /// <inheritdoc/>
    public IReadOnlyList<Choice> Groupings { get; } = [new(ByDate, "Échéance"), new(ByPriority, "Priorité"), new(ByOwner, "Personne")];

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<FollowUpTask> Columns => s_definition;

    /// <summary>Everybody has tasks: the right that every role carries.</summary>
    protected override Right EditRight => Right.EditCustomers;

    /// <summary>Finishes the tasks of a selection that are still to be done, as one gesture; their deals count as dealt with.</summary>
    public Task<BulkResult> CompleteAsync(ListSelection selection, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
        => ApplyAsync(
            selection,
            counted => $"Terminé : {counted}",
            async (scope, task, token) =>
            {
                await FollowUpTasks.FinishAsync(scope, task, null, token);
                await FollowUpTasks.SettleAsync(scope.Db, task.Id, Clock, token);
            },
            progress,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ListGroup>> GroupsAsync(ListQuery query, string grouping, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var tasks = Matching(scope, query);
        return grouping switch
        {
            ByPriority => await ByPriorityAsync(tasks, cancellationToken),
            ByOwner => await ByOwnerAsync(scope, tasks, cancellationToken),
            _ => await ByDateAsync(tasks, cancellationToken),
        };
    }

    /// <summary>The tasks that a query of the list asks for, as far as the actor sees.</summary>
    internal static IQueryable<FollowUpTask> Matching(ListScope scope, ListQuery query) => s_definition.Filter(scope.Db.FollowUpTasks.VisibleTo(scope.Actor), query, scope);

    /// <inheritdoc/>
    protected override IQueryable<FollowUpTask> Visible(MedCrmDbContext db, Actor actor) => db.FollowUpTasks.VisibleTo(actor);

    /// <inheritdoc/>
    protected override FollowUpTaskDetails DetailsOf(FollowUpTask record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, FollowUpTask record, FollowUpTaskDetails details, CancellationToken cancellationToken)
    {
        await FollowUpTasks.TakeAsync(scope, record, details, cancellationToken);
        await FollowUpTasks.SettleAsync(scope.Db, record.Id, Clock, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task RemoveAsync(ListScope scope, FollowUpTask record, CancellationToken cancellationToken) => FollowUpTasks.RemoveAsync(scope, record, cancellationToken);

    private async Task<IReadOnlyList<ListGroup>> ByDateAsync(IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var (today, weekEndsOn) = (Clock.Today, MyDays.EndOfWeek(Clock.Today));
        var tomorrow = today.AddDays(1);
        var counts = await tasks
            .GroupBy(task => task.DueOn == null ? 6 : task.DueOn < today ? (task.IsOpen ? 0 : 1) : task.DueOn == today ? 2 : task.DueOn == tomorrow ? 3 : task.DueOn <= weekEndsOn ? 4 : 5)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var (past, week) = (ListFilter.Between("due", null, "today-1"), CellText.Write(weekEndsOn));
        var isWeekend = today.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        ListGroup[] groups =
        [
            new("late", "En retard", 0, [past, new("todo", FilterOperator.AnyOf, "true")], Tone: "bad"),
            new("past", "Passées", 0, [past, new("todo", FilterOperator.AnyOf, "false")]),
            new("today", "Aujourd'hui", 0, [ListFilter.Between("due", "today", "today")]),
            new("tomorrow", "Demain", 0, [ListFilter.Between("due", "today+1", "today+1")]),
            new("week", isWeekend ? "La semaine qui vient" : "Cette semaine", 0, [ListFilter.Between("due", "today+2", week)]),
            new("later", "Plus tard", 0, [ListFilter.Between("due", "today+2", null), ListFilter.Between("due", CellText.Write(weekEndsOn.AddDays(1)), null)]),
            new("none", "Sans échéance", 0, [new("due", FilterOperator.Empty)]),
        ];
        return [.. groups.Index().Select(group => group.Item with { Count = counts.GetValueOrDefault(group.Index) }).Where(group => group.Count > 0)];
    }

    private static async Task<IReadOnlyList<ListGroup>> ByPriorityAsync(IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var counts = await tasks.GroupBy(task => task.Priority).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return [.. counts.OrderByDescending(group => group.Key).Select(group => new ListGroup(group.Key.ToString(), $"Priorité {Labels.Of(group.Key).ToLower(FrenchText.Culture)}", group.Value, [new("priority", FilterOperator.AnyOf, group.Key.ToString())], Tone: ToneOf(group.Key)))];
    }

    private static async Task<IReadOnlyList<ListGroup>> ByOwnerAsync(ListScope scope, IQueryable<FollowUpTask> tasks, CancellationToken cancellationToken)
    {
        var counts = await tasks.GroupBy(task => task.OwnerId).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var ids = counts.Select(group => group.Key).OfType<Guid>().ToList();
        var names = await scope.Db.Users.Where(user => ids.Contains(user.Id)).Select(user => new { user.Id, user.DisplayName }).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
        return
        [
            .. counts.OrderBy(group => group.Key is null).ThenByDescending(group => group.Key == scope.Actor.Id).ThenBy(group => group.Key is { } id ? names[id] : "", StringComparer.CurrentCultureIgnoreCase)
                .Select(group => group.Key is { } id
                    ? new ListGroup(id.ToString(), names[id], group.Count, [new("owner", FilterOperator.AnyOf, id.ToString())], IsWords: false)
                    : new ListGroup("none", "À personne", group.Count, [new("owner", FilterOperator.Empty)])),
        ];
    }

    private static ListDefinition<FollowUpTask> Define()
    {
        var list = new ListDefinition<FollowUpTask>("tasks", "tâche", "tâches", t => t.SearchKey).SortedBy("due");

        list.Text("title", t => t.Title).Shown().Wide(270).SortedBy(t => t.SearchKey).Edits<FollowUpTaskDetails>(d => d.Title).Opens(FollowUpTask.Address);
        list.Date("due", t => t.DueOn).Shown().Pinned().Wide(104).SortedBy(t => t.DueOn ?? DateOnly.MaxValue).Edits<FollowUpTaskDetails>(d => d.DueOn);
        list.Choice("priority", t => t.Priority, ToneOf).Shown().Wide(96).Edits<FollowUpTaskDetails>(d => d.Priority);
        list.Text("steps", (scope, t) => t.Steps.Any() ? t.Steps.Count(step => step.IsDone) + "/" + t.Steps.Count : null).Titled("Sous-tâches").Shown().Wide(96).Unsorted().Unfiltered();
        list.Choice("status", t => t.Status, ToneOf).Shown().Wide(100).Edits<FollowUpTaskDetails>(d => d.Status);
        list.Bool("todo", t => t.IsOpen).Titled("À faire").Pinned();
        list.User("owner", t => t.OwnerId).Shown().Pinned()
            .SortedBy((scope, t) => scope.Db.Users.Where(user => user.Id == t.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<FollowUpTaskDetails>(d => d.OwnerId);
        list.Reference(
                "institution",
                (scope, t) => t.InstitutionId == null ? null : new NamedId { Id = t.InstitutionId.Value, Name = scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => i.Id == t.InstitutionId).Select(i => i.Name).FirstOrDefault() ?? "" },
                t => t.InstitutionId,
                (scope, t) => scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => i.Id == t.InstitutionId).Select(i => i.SearchKey).FirstOrDefault(),
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => scope.Db.FollowUpTasks.Any(t => t.InstitutionId == i.Id)).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Établissement").Shown().Wide(210).Opens("/institutions/{0}");
        list.Reference(
                "opportunity",
                (scope, t) => t.OpportunityId == null ? null : new NamedId { Id = t.OpportunityId.Value, Name = scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => o.Id == t.OpportunityId).Select(o => o.Name).FirstOrDefault() ?? "" },
                t => t.OpportunityId,
                (scope, t) => scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => o.Id == t.OpportunityId).Select(o => o.SearchKey).FirstOrDefault(),
                scope => scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => scope.Db.FollowUpTasks.Any(t => t.OpportunityId == o.Id)).Select(o => new NamedId { Id = o.Id, Name = o.Name }))
            .Titled("Affaire").Shown().Wide(200).Opens("/opportunities/{0}");
        list.Reference(
                "contact",
                (scope, t) => t.ContactId == null ? null : new NamedId { Id = t.ContactId.Value, Name = VisibleContacts.Of(scope.Db, scope.Actor).Where(c => c.Id == t.ContactId).Select(c => c.FullName).FirstOrDefault() ?? "" },
                t => t.ContactId,
                (scope, t) => VisibleContacts.Of(scope.Db, scope.Actor).Where(c => c.Id == t.ContactId).Select(c => c.SearchKey).FirstOrDefault(),
                scope => VisibleContacts.Of(scope.Db, scope.Actor).Where(c => scope.Db.FollowUpTasks.Any(t => t.ContactId == c.Id)).Select(c => new NamedId { Id = c.Id, Name = c.FullName }))
            .Titled("Contact").Wide(180).Opens("/contacts/{0}");
        list.Choice("reminder", t => t.Reminder).Edits<FollowUpTaskDetails>(d => d.Reminder);
        list.Bool("recurring", t => t.SeriesId != null).Titled("Récurrente");
        list.Choice("team", t => t.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .SortedBy((scope, t) => scope.Db.Teams.Where(team => team.Id == t.TeamId).Select(team => team.Name).FirstOrDefault());
        list.Text("result", t => t.Result).Wide(240);
        list.Text("notes", t => t.Notes).Wide(240).Unsorted().Edits<FollowUpTaskDetails>(d => d.Notes);
        list.Moment("completed", t => t.CompletedAt);
        list.Moment("created", t => t.CreatedAt).Titled("Créée le");
        return list;
    }

    private static string? ToneOf(TaskPriority priority) => priority is TaskPriority.High ? "warn" : null;

    private static string? ToneOf(FollowUpStatus status) => status switch
    {
        FollowUpStatus.Done => "ok",
        FollowUpStatus.InProgress => "info",
        _ => null,
    };
}
