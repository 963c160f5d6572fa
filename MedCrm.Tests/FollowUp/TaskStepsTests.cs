using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.FollowUp;

public sealed class TaskStepsTests
{
    [Fact]
    public async Task Steps_are_added_ticked_put_in_order_and_removed_and_each_gesture_can_be_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var steps = world.As(world.Claire).Get<TaskSteps>();
        foreach (var title in new[] { "Relire", "Chiffrer", "Envoyer" })
        {
            await steps.AddAsync(task.Id, title);
        }

        var (first, last) = ((await steps.ListAsync(task.Id))[0], (await steps.ListAsync(task.Id))[2]);
        await steps.TickAsync(task.Id, first.Id, isDone: true);
        await steps.RenameAsync(task.Id, first.Id, "Relire le contrat");
        var moved = await steps.MoveAsync(task.Id, last.Id, 0);
        Assert.Equal([("Envoyer", false), ("Relire le contrat", true), ("Chiffrer", false)], await LinesAsync());

        await world.Get<Changes>().UndoAsync(moved.ChangeSetId!.Value);
        var removed = await steps.RemoveAsync(task.Id, first.Id);
        Assert.Equal([("Chiffrer", false), ("Envoyer", false)], await LinesAsync());
        await world.Get<Changes>().UndoAsync(removed.ChangeSetId!.Value);
        Assert.Equal([("Relire le contrat", true), ("Chiffrer", false), ("Envoyer", false)], await LinesAsync());

        async Task<IEnumerable<(string, bool)>> LinesAsync() => (await steps.ListAsync(task.Id)).Select(step => (step.Title, step.IsDone));
    }

    [Fact]
    public async Task Steps_are_counted_wherever_the_task_shows()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var task = await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id });
        var steps = world.As(world.Claire).Get<TaskSteps>();
        await steps.AddAsync(task.Id, "Relire");
        await steps.AddAsync(task.Id, "Envoyer");
        await steps.TickAsync(task.Id, (await steps.ListAsync(task.Id))[0].Id, isDone: true);

        Assert.Equal("1/2", (await world.Get<TaskList>().RowsAsync(ListQuery.Everything, ["steps"], 0, 10))[0].Values[0]);
        Assert.Equal("1/2", (await world.Get<MyDays>().ReadAsync()).DueToday.Items[0].Steps!.ToString());
        var card = (await world.Get<TaskBoard>().LoadAsync(ListQuery.Everything)).Columns[0].Cards[0];
        Assert.Equal((1, 2), (card.StepsDone, card.Steps));
        var line = Assert.Single((await world.Get<Core.Engagement.Activities>().OfInstitutionAsync(hospital.Id))!.ToDo);
        Assert.Equal((1, 2), (line.StepsDone, line.Steps));
    }

    [Fact]
    public async Task Steps_of_a_task_out_of_sight_are_neither_seen_nor_touched()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        await world.As(world.Claire).Get<TaskSteps>().AddAsync(task.Id, "Relire");
        var steps = world.As(world.Lea).Get<TaskSteps>();

        Assert.Empty(await steps.ListAsync(task.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => steps.AddAsync(task.Id, "Autre"));
    }

    [Fact]
    public async Task An_empty_step_and_one_too_many_are_refused()
    {
        await using var world = await TestWorld.CreateAsync();
        var tasks = world.As(world.Claire).Get<FollowUpTasks>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CreateAsync(new FollowUpTaskDetails { Title = "Trop" }, [.. Enumerable.Range(0, FollowUpTask.MostSteps + 1).Select(number => $"{number}")]));
        await Assert.ThrowsAsync<BusinessRuleException>(() => tasks.CreateAsync(new FollowUpTaskDetails { Title = "Vide" }, [" "]));
    }
}
