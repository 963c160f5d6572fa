using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.FollowUp;

public sealed class TaskListTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public async Task The_list_shows_what_one_sees_by_due_day_and_names_only_what_one_sees()
    {
        await using var world = await TestWorld.CreateAsync();
        var hidden = await world.InstitutionAsync("Clinique du Sud", world.Lea);
        var hospital = await world.InstitutionAsync();
        await world.TaskAsync(with: details => details with { Title = "Sans jour", DueOn = null });
        await world.TaskAsync(world.Paul, details => details with { Title = "Demain", DueOn = s_today.AddDays(1), InstitutionId = hidden.Id });
        await world.TaskAsync(with: details => details with { Title = "Aujourd'hui", InstitutionId = hospital.Id });
        await world.TaskAsync(world.Lea, details => details with { Title = "À Léa" });

        var rows = await world.As(world.Claire).Get<TaskList>().RowsAsync(ListQuery.Everything, ["title", "institution"], 0, 50);

        Assert.Equal([("Aujourd'hui", "CHU de Nantes"), ("Demain", ""), ("Sans jour", "")], rows.Select(row => ((string)row.Values[0]!, row.Values[1]?.ToString() ?? "")));
    }

    [Theory]
    [InlineData("?todo=true&owner=me&due=..today-1", new[] { "Hier" })]
    [InlineData("?todo=true&owner=me&due=today..today", new[] { "Aujourd'hui" })]
    [InlineData("?todo=true&owner=me&due=today%2B1..2026-12-06", new[] { "Demain" })]
    [InlineData("?todo=false", new[] { "Faite" })]
    [InlineData("?q=faité", new[] { "Faite" })]
    public async Task The_links_of_the_day_open_the_exact_list(string address, string[] expected)
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync(with: details => details with { Title = "Hier", DueOn = s_today.AddDays(-1) });
        await world.TaskAsync(with: details => details with { Title = "Aujourd'hui" });
        await world.TaskAsync(with: details => details with { Title = "Demain", DueOn = s_today.AddDays(1) });
        await world.TaskAsync(with: details => details with { Title = "Faite", Status = FollowUpStatus.Done });
        await world.TaskAsync(world.Paul, details => details with { Title = "À Paul", DueOn = s_today.AddDays(-1) });
        var list = world.As(world.Claire).Get<TaskList>();

        var rows = await list.RowsAsync(ListQuery.Parse(address, list.Definition), ["title"], 0, 50);

        Assert.Equal(expected, rows.Select(row => (string)row.Values[0]!));
    }

    [Fact]
    public async Task A_selection_is_finished_at_once_touches_the_deals_and_comes_back_at_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();
        var first = await world.TaskAsync(with: details => details with { OpportunityId = deal.Id });
        var second = await world.TaskAsync();
        var done = await world.TaskAsync(with: details => details with { Title = "Faite", Status = FollowUpStatus.Done });
        world.Time.Advance(TimeSpan.FromHours(2));

        var result = await world.As(world.Claire).Get<TaskList>().CompleteAsync(ListSelection.Of([first.Id, second.Id, done.Id]));

        Assert.Equal((2, "Terminé : 2 tâches"), (result.Changed, result.Done.Sentence));
        Assert.Equal("Faite", Assert.Single(result.Failures).Name);
        await using (var db = world.Open())
        {
            Assert.Equal(0, await db.FollowUpTasks.CountAsync(task => task.IsOpen));
            Assert.Equal(world.Now(), (await db.Opportunities.SingleAsync()).LastInteractionAt);
        }

        await world.Get<Changes>().UndoAsync(result.Done.ChangeSetId!.Value);
        await using var after = world.Open();
        Assert.Equal(2, await after.FollowUpTasks.CountAsync(task => task.IsOpen));
    }

    [Fact]
    public async Task The_list_falls_into_groups_that_hold_each_task_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var days = new (string Title, int? Days, FollowUpStatus Status)[]
        {
            ("Hier", -1, FollowUpStatus.ToDo), ("Avant-hier", -2, FollowUpStatus.InProgress), ("Faite hier", -1, FollowUpStatus.Done), ("Aujourd'hui", 0, FollowUpStatus.ToDo),
            ("Demain", 1, FollowUpStatus.ToDo), ("Dimanche prochain", 8, FollowUpStatus.ToDo), ("Le lundi d'après", 9, FollowUpStatus.ToDo), ("Un jour", null, FollowUpStatus.ToDo),
        };
        foreach (var (title, day, status) in days)
        {
            await world.TaskAsync(title == "Demain" ? world.Paul : null, details => details with { Title = title, DueOn = day is { } some ? s_today.AddDays(some) : null, Status = status, Priority = title == "Hier" ? TaskPriority.High : TaskPriority.Normal });
        }

        await world.TaskAsync(world.Lea, details => details with { Title = "À Léa" });
        var list = world.As(world.Claire).Get<TaskList>();

        Assert.Equal(
            [
                "En retard 2: Avant-hier, Hier", "Passées 1: Faite hier", "Aujourd'hui 1: Aujourd'hui", "Demain 1: Demain", "La semaine qui vient 1: Dimanche prochain", "Plus tard 1: Le lundi d'après",
                "Sans échéance 1: Un jour",
            ],
            await GroupsAsync(list, ListQuery.Everything, "date"));
        Assert.Equal(["Priorité haute 1: Hier", "Priorité normale 6: Avant-hier, Aujourd'hui, Demain, Dimanche prochain, Le lundi d'après, Un jour"], await GroupsAsync(list, ListQuery.Parse("?todo=true", list.Definition), "priority"));
        Assert.Equal(["Claire Martin 1: Avant-hier", "Paul Bernard 1: Demain"], await GroupsAsync(list, ListQuery.Parse("?q=a&due=today-2..today%2B1&priority=Normal&todo=true", list.Definition).With(new("status", FilterOperator.NoneOf, "Done")).With(new("title", FilterOperator.NoneOf, "Aujourd'hui")), "owner"));
    }

    [Fact]
    public async Task A_cell_that_assigns_a_task_moves_it_to_the_team()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();

        await world.As(world.Manager).Get<TaskList>().EditAsync(task.Id, "owner", world.Claire.Id.ToString(), world.Lea.Id.ToString());

        await using var db = world.Open();
        Assert.Equal((world.Lea.Id, world.Lea.TeamId), await db.FollowUpTasks.Select(saved => new ValueTuple<Guid?, Guid?>(saved.OwnerId, saved.TeamId)).SingleAsync());
    }

    // « title count: its tasks », read with the conditions of the group.
    private static async Task<IReadOnlyList<string>> GroupsAsync(TaskList list, ListQuery query, string grouping)
    {
        var told = new List<string>();
        foreach (var group in await list.GroupsAsync(query, grouping))
        {
            var rows = await list.RowsAsync(query with { Within = group.Within }, ["title"], 0, 50);
            told.Add($"{group.Title} {group.Count}: {string.Join(", ", rows.Select(row => row.Values[0]))}");
        }

        return told;
    }
}
