using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.FollowUp;

/// <summary>Tasks that come back: each test begins with Claire's weekly one, due on Monday 23 November 2026.</summary>
public sealed class TaskSeriesTests : IAsyncLifetime
{
    private static readonly DateOnly s_monday = new(2026, 11, 23);

    private TestWorld _world = null!;
    private FollowUpTasks _tasks = null!;
    private Guid _taskId;

    public async Task InitializeAsync()
    {
        _world = await TestWorld.CreateAsync();
        _tasks = _world.As(_world.Claire).Get<FollowUpTasks>();
        _taskId = (await _tasks.CreateAsync(
            new FollowUpTaskDetails { Title = "Point hebdomadaire", DueOn = s_monday, DueTime = new TimeOnly(9, 0), Priority = TaskPriority.High, Reminder = TaskReminder.HourBefore },
            ["Relire", "Envoyer"],
            Recurrence.From(s_monday, RecurrenceKind.Weekly))).RecordId;
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_task_begun_on_a_day_that_its_rule_lacks_stands_on_the_first_one()
    {
        var done = await _tasks.CreateAsync(new FollowUpTaskDetails { Title = "Relevé", DueOn = s_monday }, rule: Recurrence.From(s_monday, RecurrenceKind.Weekly) with { Days = Weekdays.Friday });

        Assert.Equal("Tâche « Relevé » créée, première fois le 27/11/2026", done.Sentence);
        Assert.Equal((new DateOnly(2026, 11, 27), new DateOnly(2026, 11, 27)), ((await TaskAsync(done.RecordId)).DueOn, (await TaskAsync(done.RecordId)).SeriesDay));
        Assert.Equal(nameof(FollowUpTaskDetails.DueOn), (await Assert.ThrowsAsync<BusinessRuleException>(() => _tasks.CreateAsync(new FollowUpTaskDetails { Title = "Sans jour" }, rule: Recurrence.From(s_monday, RecurrenceKind.Daily)))).Field);
    }

    [Fact]
    public async Task Finishing_brings_the_next_day_with_the_steps_unticked_and_one_undo_takes_both_back()
    {
        var steps = _world.Get<TaskSteps>();
        var relire = (await steps.ListAsync(_taskId))[0];
        await steps.TickAsync(_taskId, relire.Id, isDone: true);

        var done = await _tasks.CompleteAsync(_taskId, "Fait");

        Assert.Equal("Tâche « Point hebdomadaire » terminée, 1 sous-tâche restait, prochaine fois le 30/11/2026", done.Sentence);
        var next = await OpenAsync();
        Assert.Equal(
            ("Point hebdomadaire", s_monday.AddDays(7), new TimeOnly(9, 0), TaskPriority.High, TaskReminder.HourBefore, _world.Claire.Id),
            (next.Title, next.DueOn!.Value, next.DueTime!.Value, next.Priority, next.Reminder!.Value, next.OwnerId));
        Assert.Equal([("Relire", false), ("Envoyer", false)], (await steps.ListAsync(next.Id)).Select(step => (step.Title, step.IsDone)));

        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);

        Assert.Equal(_taskId, (await OpenAsync()).Id);
        await _tasks.CompleteAsync(_taskId, null);
        Assert.Equal(s_monday.AddDays(7), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task Days_already_past_are_skipped_and_told()
    {
        _world.Time.Advance(TimeSpan.FromDays(18));

        var done = await _tasks.CompleteAsync(_taskId, null);

        Assert.Equal("Tâche « Point hebdomadaire » terminée, 2 sous-tâches restaient, prochaine fois le 14/12/2026 (2 jours passés sont sautés)", done.Sentence);
    }

    [Fact]
    public async Task Every_way_of_closing_a_task_goes_through_the_same_rule()
    {
        var list = _world.Get<TaskList>();

        await list.CompleteAsync(ListSelection.Of([(await OpenAsync()).Id]));
        Assert.Equal(s_monday.AddDays(7), (await OpenAsync()).DueOn);
        await list.EditAsync((await OpenAsync()).Id, "status", nameof(FollowUpStatus.ToDo), nameof(FollowUpStatus.Done));
        Assert.Equal(s_monday.AddDays(14), (await OpenAsync()).DueOn);
        await list.ChangeAsync(ListSelection.Of([(await OpenAsync()).Id]), new BulkChange.Delete());
        Assert.Equal(s_monday.AddDays(21), (await OpenAsync()).DueOn);
        var card = await OpenAsync();
        await _tasks.MoveAsync(card.Id, FollowUpStatus.Cancelled, card.Version);
        Assert.Equal(s_monday.AddDays(28), (await OpenAsync()).DueOn);
        await _tasks.CompleteAsync((await OpenAsync()).Id, null, new NextStep("Suite", s_monday));
        Assert.Equal(s_monday.AddDays(35), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task A_series_that_is_over_says_so()
    {
        var seen = (await _tasks.FindAsync(_taskId))!;
        await _tasks.EditAsync(_taskId, seen.Details, seen.Details, SeriesReach.WholeSeries, seen.Series! with { Ends = RecurrenceEnd.AfterTimes, Times = 2 });

        Assert.EndsWith("prochaine fois le 30/11/2026", (await _tasks.CompleteAsync(_taskId, null)).Sentence, StringComparison.Ordinal);
        Assert.EndsWith(", dernière de la série", (await _tasks.CompleteAsync((await OpenAsync()).Id, null)).Sentence, StringComparison.Ordinal);
        await using var db = _world.Open();
        Assert.False(await db.FollowUpTasks.AnyAsync(task => task.IsOpen));
    }

    [Fact]
    public async Task Two_people_finishing_it_at_once_bring_one_next_day()
    {
        var claire = _world.Get<FollowUpTasks>();
        var paul = ActivatorUtilities.CreateInstance<FollowUpTasks>(_world.Get<IServiceProvider>(), new SignedIn(_world.Paul));

        var ends = await Task.WhenAll(TryAsync(() => claire.CompleteAsync(_taskId, "Claire")), TryAsync(() => paul.CompleteAsync(_taskId, "Paul")));

        Assert.Single(ends, refusal => refusal is null);
        Assert.Equal("« Point hebdomadaire » est déjà terminée.", Assert.Single(ends, refusal => refusal is not null));
        await using var db = _world.Open();
        Assert.Equal(2, await db.FollowUpTasks.CountAsync(task => task.SeriesId != null));
    }

    [Fact]
    public async Task A_time_opened_again_and_finished_once_more_brings_no_second_one()
    {
        await _tasks.CompleteAsync(_taskId, null);
        await _tasks.ReopenAsync(_taskId);

        var done = await _tasks.CompleteAsync(_taskId, null);

        Assert.Equal("Tâche « Point hebdomadaire » terminée, 2 sous-tâches restaient", done.Sentence);
        Assert.Equal(s_monday.AddDays(7), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task Two_open_times_finished_in_one_selection_bring_one_next_day()
    {
        await _tasks.CompleteAsync(_taskId, null);
        await _tasks.ReopenAsync(_taskId);
        await using (var db = _world.Open())
        {
            Assert.Equal(2, await db.FollowUpTasks.CountAsync(task => task.IsOpen));
        }

        await _world.Get<TaskList>().CompleteAsync(ListSelection.All(ListQuery.Everything));

        Assert.Equal(s_monday.AddDays(14), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task An_edit_is_about_this_time_or_about_the_series()
    {
        var seen = (await _tasks.FindAsync(_taskId))!.Details;
        await _tasks.EditAsync(_taskId, seen, seen with { Title = "Point exceptionnel" });
        seen = (await _tasks.FindAsync(_taskId))!.Details;
        await _tasks.EditAsync(_taskId, seen, seen with { DueTime = new TimeOnly(14, 0) }, SeriesReach.WholeSeries);

        Assert.Equal(("Point exceptionnel", new TimeOnly(14, 0)), ((await TaskAsync(_taskId)).Title, (await TaskAsync(_taskId)).DueTime!.Value));
        await _tasks.CompleteAsync(_taskId, null);
        var next = await OpenAsync();
        Assert.Equal(("Point hebdomadaire", new TimeOnly(14, 0)), (next.Title, next.DueTime!.Value));
    }

    [Fact]
    public async Task Putting_off_is_about_this_time_or_about_the_series()
    {
        await _tasks.PutOffAsync(_taskId, s_monday.AddDays(2));
        await _tasks.CompleteAsync(_taskId, null);
        var second = await OpenAsync();
        Assert.Equal(s_monday.AddDays(7), second.DueOn);

        var done = await _tasks.PutOffAsync(second.Id, s_monday.AddDays(8), SeriesReach.WholeSeries);

        Assert.Equal("Série « Point hebdomadaire » reportée au 01/12/2026", done.Sentence);
        await _tasks.CompleteAsync(second.Id, null);
        Assert.Equal(s_monday.AddDays(15), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task Deleting_is_about_this_time_or_about_the_series()
    {
        var done = await _tasks.DeleteAsync(_taskId);
        var next = await OpenAsync();
        Assert.Equal(("Tâche « Point hebdomadaire » supprimée, prochaine fois le 30/11/2026", s_monday.AddDays(7)), (done.Sentence, next.DueOn!.Value));

        var end = await _tasks.DeleteAsync(next.Id, SeriesReach.WholeSeries);
        await using (var db = _world.Open())
        {
            Assert.Equal((0, 0), (await db.FollowUpTasks.CountAsync(), await db.TaskSeries.CountAsync()));
        }

        await _world.Get<Changes>().UndoAsync(end.ChangeSetId!.Value);
        await _tasks.CompleteAsync(next.Id, null);
        Assert.Equal(s_monday.AddDays(14), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task A_series_comes_out_of_the_bin_with_its_task()
    {
        await _tasks.DeleteAsync(_taskId, SeriesReach.WholeSeries);

        await _world.Get<Bin>().RestoreAsync(nameof(FollowUpTask), _taskId);

        await _tasks.CompleteAsync(_taskId, null);
        Assert.Equal(s_monday.AddDays(7), (await OpenAsync()).DueOn);
    }

    [Fact]
    public async Task Another_rule_holds_from_this_time_on_and_can_be_taken_back()
    {
        var seen = (await _tasks.FindAsync(_taskId))!;

        var done = await _tasks.EditAsync(_taskId, seen.Details, seen.Details, SeriesReach.WholeSeries, seen.Series! with { Kind = RecurrenceKind.Monthly, MonthDay = MonthDay.Last });

        Assert.Equal("Série « Point hebdomadaire » modifiée : Tous les mois, le dernier jour, première fois le 30/11/2026", done.Sentence);
        Assert.Equal(new DateOnly(2026, 11, 30), (await TaskAsync(_taskId)).DueOn);
        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        var sheet = (await _tasks.FindAsync(_taskId))!;
        Assert.Equal((s_monday, "Toutes les semaines, le lundi"), (sheet.Details.DueOn!.Value, sheet.Series!.Say(s_monday).ToString()));
    }

    [Fact]
    public async Task A_task_begins_to_come_back_and_stops_and_both_can_be_taken_back()
    {
        var plain = (await _tasks.CreateAsync(new FollowUpTaskDetails { Title = "Relevé", DueOn = s_monday })).RecordId;
        var seen = (await _tasks.FindAsync(plain))!.Details;
        var begun = await _tasks.EditAsync(plain, seen, seen, rule: Recurrence.From(s_monday, RecurrenceKind.Daily));
        Assert.NotNull((await _tasks.FindAsync(plain))!.Series);
        await _world.Get<Changes>().UndoAsync(begun.ChangeSetId!.Value);
        Assert.Null((await _tasks.FindAsync(plain))!.Series);

        seen = (await _tasks.FindAsync(_taskId))!.Details;
        var ended = await _tasks.EditAsync(_taskId, seen, seen, SeriesReach.WholeSeries, new Recurrence());
        Assert.Null((await _tasks.FindAsync(_taskId))!.Series);
        await _world.Get<Changes>().UndoAsync(ended.ChangeSetId!.Value);
        Assert.NotNull((await _tasks.FindAsync(_taskId))!.Series);

        await _tasks.EditAsync(_taskId, seen, seen, SeriesReach.WholeSeries, new Recurrence());
        Assert.Equal("Tâche « Point hebdomadaire » terminée, 2 sous-tâches restaient", (await _tasks.CompleteAsync(_taskId, null)).Sentence);
    }

    [Fact]
    public async Task A_series_of_another_team_goes_on_but_is_not_changed_by_whoever_was_given_one_time()
    {
        var manager = _world.As(_world.Manager).Get<FollowUpTasks>();
        var seen = (await manager.FindAsync(_taskId))!.Details;
        await manager.EditAsync(_taskId, seen, seen with { OwnerId = _world.Lea.Id });
        _world.As(_world.Lea);

        var sheet = (await _tasks.FindAsync(_taskId))!;
        Assert.Null(sheet.Series);
        await Assert.ThrowsAsync<BusinessRuleException>(() => _tasks.EditAsync(_taskId, sheet.Details, sheet.Details with { Title = "À moi" }, SeriesReach.WholeSeries));
        await Assert.ThrowsAsync<BusinessRuleException>(() => _tasks.DeleteAsync(_taskId, SeriesReach.WholeSeries));
        await _tasks.CompleteAsync(_taskId, null);

        Assert.Equal((_world.Claire.Id, s_monday.AddDays(7)), ((await OpenAsync()).OwnerId, (await OpenAsync()).DueOn!.Value));
    }

    [Fact]
    public async Task A_series_is_handed_over_with_the_tasks_of_whoever_leaves()
    {
        await _world.As(_world.Admin).Get<Users>().ReassignAsync(_world.Claire.Id!.Value, _world.Paul.Id!.Value);

        await _tasks.CompleteAsync(_taskId, null);

        Assert.Equal(_world.Paul.Id, (await OpenAsync()).OwnerId);
    }

    private static async Task<string?> TryAsync(Func<Task<Done>> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (BusinessRuleException refusal)
        {
            return refusal.Message;
        }
    }

    private async Task<FollowUpTask> TaskAsync(Guid id)
    {
        await using var db = _world.Open();
        return await db.FollowUpTasks.AsNoTracking().SingleAsync(task => task.Id == id);
    }

    // The one open task of the series.
    private async Task<FollowUpTask> OpenAsync()
    {
        await using var db = _world.Open();
        return await db.FollowUpTasks.AsNoTracking().SingleAsync(task => task.IsOpen && task.SeriesId != null);
    }
}
