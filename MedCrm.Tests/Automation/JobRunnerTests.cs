using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Automation;

public sealed class JobRunnerTests
{
    [Theory]
    [InlineData("2026-11-21T07:59:00Z", 0)]
    [InlineData("2026-11-21T07:59:59Z", 0)]
    [InlineData("2026-11-21T08:00:00Z", 1)]
    [InlineData("2026-11-21T08:01:00Z", 1)]
    [InlineData("2026-11-21T20:00:00Z", 1)]
    [InlineData("2026-11-21T23:30:00Z", 0)]
    public async Task A_server_started_after_nine_serves_the_day_and_before_nine_waits(string now, int expected)
    {
        await using var world = await WorldAtAsync(now);

        await CatchUpAsync(world);

        Assert.Equal(expected, await LinesAsync(world));
    }

    [Fact]
    public async Task Restarts_around_nine_serve_the_day_once()
    {
        await using var world = await WorldAtAsync("2026-11-21T07:59:00Z");

        foreach (var now in new[] { "2026-11-21T07:59:58Z", "2026-11-21T08:00:01Z", "2026-11-21T08:00:21Z", "2026-11-21T08:20:00Z", "2026-11-21T17:00:00Z" })
        {
            world.Time.MoveTo(At(now));
            await CatchUpAsync(world);
            await CatchUpAsync(world);
        }

        Assert.Equal(1, await LinesAsync(world));
        await using var db = world.Open();
        Assert.Equal([("2026-11-21", At("2026-11-21T08:00:01Z"))], (await db.JobRuns.Where(run => run.Job == "reminders").ToListAsync()).Select(run => (run.Period, run.StartedAt)));
    }

    [Theory]
    [InlineData("2027-03-28T06:59:59Z", "2027-03-28T07:00:00Z")]
    [InlineData("2027-10-31T07:59:59Z", "2027-10-31T08:00:00Z")]
    public async Task Nine_o_clock_is_nine_o_clock_on_the_days_the_clock_changes(string before, string at)
    {
        await using var world = await WorldAtAsync(before);
        await CatchUpAsync(world);
        Assert.Equal(0, await LinesAsync(world));

        world.Time.MoveTo(At(at));
        await CatchUpAsync(world);
        await CatchUpAsync(world);
        Assert.Equal(1, await LinesAsync(world));
    }

    [Theory]
    [InlineData(2027, 3, 26)]
    [InlineData(2027, 10, 29)]
    public async Task Every_day_around_a_clock_change_is_served_once(int year, int month, int day)
    {
        var first = new DateOnly(year, month, day);
        await using var world = await WorldAtAsync($"{first:yyyy-MM-dd}T00:00:00Z");
        for (var hour = 0; hour < 24 * 5; hour++)
        {
            await CatchUpAsync(world);
            world.Time.Advance(TimeSpan.FromHours(1));
        }

        await using var db = world.Open();
        var runs = await db.JobRuns.Where(run => run.Job == "reminders").OrderBy(run => run.Period).ToListAsync();
        var clock = world.Get<BusinessClock>();
        Assert.Equal(Enumerable.Range(0, 5).Select(later => first.AddDays(later).ToDateTime(new TimeOnly(9, 0))), runs.Select(run => clock.ToLocal(run.StartedAt)));
    }

    [Fact]
    public async Task A_clock_set_back_an_hour_serves_nothing_twice()
    {
        await using var world = await WorldAtAsync("2026-11-21T08:10:00Z");
        await CatchUpAsync(world);
        world.Time.Advance(TimeSpan.FromHours(-1));
        await CatchUpAsync(world);
        world.Time.Advance(TimeSpan.FromHours(1));
        await CatchUpAsync(world);

        Assert.Equal(1, await LinesAsync(world));
    }

    [Fact]
    public async Task Fifty_starts_at_once_have_one_effect()
    {
        await using var world = await WorldAtAsync("2026-11-21T08:00:00Z");
        var runner = world.Get<JobRunner>();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => runner.RunAsync(Schedule.Reminders, new DateOnly(2026, 11, 21)))));

        Assert.Equal(1, await LinesAsync(world));
        Assert.Single(results, result => result.End is JobEnd.Done);
        Assert.All(results, result => Assert.True(result.End is JobEnd.Done or JobEnd.AlreadyDone or JobEnd.Busy));
    }

    [Fact]
    public async Task A_job_asked_for_before_its_hour_does_not_take_the_place_of_the_day()
    {
        await using var world = await WorldAtAsync("2026-11-21T07:00:00Z");
        var runner = world.Get<JobRunner>();
        Assert.Equal("1 rappel envoyé.", (await runner.RunByHandAsync(Schedule.Reminders)).Sentence);
        await world.TaskAsync(with: details => details with { Title = "Écrite entre-temps" });

        world.Time.MoveTo(At("2026-11-21T08:00:00Z"));
        await CatchUpAsync(world);

        Assert.Equal(2, await LinesAsync(world));
    }

    [Fact]
    public async Task A_failure_is_told_and_tried_again_later_the_same_day()
    {
        await using var world = await WorldAtAsync("2026-11-21T08:00:00Z");
        var runner = world.Get<JobRunner>();
        var tries = 0;
        var job = new ScheduledJob("fragile", new TimeOnly(9, 0), "Fragile", "Échoue une fois.", (_, _) => ++tries == 1 ? throw new BusinessRuleException("Le disque est plein.") : Task.FromResult("Fait."));
        var day = new DateOnly(2026, 11, 21);

        Assert.Equal(new JobResult(JobEnd.Failed, "Le disque est plein."), await runner.RunAsync(job, day));
        Assert.Equal(new JobResult(JobEnd.Done, "Fait."), await runner.RunAsync(job, day));
        Assert.Equal(new JobResult(JobEnd.AlreadyDone, "Déjà fait : Fait."), await runner.RunAsync(job, day));
    }

    [Fact]
    public async Task A_day_without_its_run_shows_red_a_quarter_of_an_hour_later()
    {
        await using var world = await WorldAtAsync("2026-11-21T08:10:00Z");
        var jobs = world.As(world.Admin).Get<Jobs>();
        Assert.False((await jobs.RemindersAsync()).AreLate);

        world.Time.MoveTo(At("2026-11-21T08:16:00Z"));
        Assert.True((await jobs.RemindersAsync()).AreLate);

        await jobs.RunNowAsync("reminders");
        Assert.Equal(new RemindersState(At("2026-11-21T08:16:00Z"), false), await jobs.RemindersAsync());
        var state = Assert.Single(await jobs.ListAsync(), job => job.Name == "reminders");
        Assert.Equal(("1 rappel envoyé.", At("2026-11-22T08:00:00Z"), false), (state.Outcome, state.NextAt, state.IsLate));

        world.Time.MoveTo(At("2026-11-23T07:00:00Z"));
        Assert.True((await jobs.RemindersAsync()).AreLate);
    }

    [Fact]
    public async Task Only_administrators_see_and_run_jobs()
    {
        await using var world = await WorldAtAsync("2026-11-21T08:10:00Z");
        var jobs = world.As(world.Manager).Get<Jobs>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => jobs.ListAsync());
        await Assert.ThrowsAsync<BusinessRuleException>(() => jobs.RunNowAsync("reminders"));
    }

    [Fact]
    public async Task The_command_runs_a_job_at_the_moment_it_is_given()
    {
        string[] args = ["run-job", "reminders", "--now", "2027-03-28T09:00+02:00"];

        Assert.True(StatedTime.TryTakeFrom(ref args, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"), out var time));
        Assert.Equal(["run-job", "reminders"], args);
        Assert.InRange(time.GetUtcNow().UtcDateTime, At("2027-03-28T07:00:00Z"), At("2027-03-28T07:01:00Z"));

        await using var world = await WorldAtAsync("2027-03-28T07:00:00Z");
        using var output = new StringWriter();
        var command = new RunJobCommand(world.Get<JobRunner>(), world.Get<BusinessClock>());
        Assert.Equal(0, await command.RunAsync(["reminders"], output, CancellationToken.None));
        Assert.Equal(0, await command.RunAsync(["reminders"], output, CancellationToken.None));
        Assert.Equal(["job=reminders day=2027-03-28 result=done : 1 rappel envoyé.", "job=reminders day=2027-03-28 result=done : Aucun nouveau rappel."], output.ToString().Trim().Split(Environment.NewLine));
        Assert.Equal(1, await LinesAsync(world));
    }

    [Fact]
    public async Task Every_job_of_the_schedule_runs_as_the_product_away_from_the_hour_the_clock_changes_touch()
    {
        await using var world = await WorldAtAsync("2026-11-21T12:00:00Z");
        world.As(world.Lea);

        await CatchUpAsync(world);

        await using var db = world.Open();
        var runs = await db.JobRuns.ToListAsync();
        Assert.Equal(Schedule.Jobs.Select(job => job.Name).Order(), runs.Select(run => run.Job).Order());
        Assert.All(runs, run => Assert.Equal((null, true), (run.Failure, run.HasSucceeded)));
        Assert.All(Schedule.Jobs, job => Assert.NotEqual(2, job.Hour.Hour));
    }

    // A task of Claire's that is due on the day of the clock, from the first of the days on.
    private static async Task<TestWorld> WorldAtAsync(string now)
    {
        var world = await TestWorld.CreateAsync();
        world.Time.MoveTo(At(now));
        await world.TaskAsync();
        return world;
    }

    private static Task CatchUpAsync(TestWorld world) => world.Get<JobRunner>().CatchUpAsync();

    private static async Task<int> LinesAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.Notifications.CountAsync();
    }

    private static DateTime At(string moment) => DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
}
