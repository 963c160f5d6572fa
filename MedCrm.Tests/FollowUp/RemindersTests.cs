using MedCrm.Core.Automation;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.FollowUp;

public sealed class RemindersTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public async Task Each_owner_hears_of_tasks_due_and_next_actions_reached()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var task = await world.TaskAsync(with: details => details with { DueTime = new TimeOnly(14, 0), InstitutionId = hospital.Id });
        await world.TaskAsync(with: details => details with { Title = "Demain", DueOn = s_today.AddDays(1) });
        await world.TaskAsync(with: details => details with { Title = "Faite", Status = FollowUpStatus.Done });
        var deal = await world.OpportunityAsync(owner: world.Lea, with: details => details with { NextAction = "Envoyer le devis", NextActionOn = s_today.AddDays(-3) });
        await world.OpportunityAsync(owner: world.Lea, with: details => details with { NextAction = "Plus tard", NextActionOn = s_today.AddDays(2) });

        Assert.Equal("2 rappels envoyés.", await SendAsync(world, s_today));

        Assert.Equal(
            [
                (world.Claire.Id, "Rappeler Dr Renaud", "Aujourd'hui à 14:00 · CHU de Nantes", $"/tasks?open={task.Id}"),
                (world.Lea.Id, "Envoyer le devis", "En retard depuis le 18/11/2026 · IRM du CHU de Nantes", $"/opportunities/{deal.Id}"),
            ],
            (await LinesAsync(world)).OrderBy(line => line.Title == "Envoyer le devis").Select(line => ((Guid?)line.UserId, line.Title, line.Body ?? "", line.Link)));
    }

    [Fact]
    public async Task An_institution_that_the_owner_does_not_see_stays_unnamed()
    {
        await using var world = await TestWorld.CreateAsync();
        var hidden = await world.InstitutionAsync("Clinique cachée", world.Lea);
        await world.TaskAsync(with: details => details with { InstitutionId = hidden.Id });
        await world.TaskAsync(with: details => details with { Title = "Sonner", InstitutionId = hidden.Id, DueTime = new TimeOnly(9, 0), Reminder = TaskReminder.AtTime });
        await world.TaskAsync(world.Lea, details => details with { Title = "De Léa", InstitutionId = hidden.Id });

        Assert.Equal(1, await NewReminders(world).RingAsync());
        await SendAsync(world, s_today);

        Assert.Equal(
            [("De Léa", "Aujourd'hui · Clinique cachée"), ("Rappeler Dr Renaud", "Aujourd'hui"), ("Sonner", "Aujourd'hui à 09:00"), ("Sonner", "Aujourd'hui à 09:00")],
            (await LinesAsync(world)).Select(line => (line.Title, line.Body ?? "")).Order());
    }

    [Fact]
    public async Task A_disabled_owner_and_a_task_of_nobody_send_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync(world.Paul);
        await world.TaskAsync(with: details => details with { OwnerId = null });
        await using (var db = world.Open())
        {
            db.Begin(world.Admin, "Compte désactivé");
            (await db.Users.SingleAsync(user => user.Id == world.Paul.Id)).Disable();
            await db.SaveChangesAsync();
        }

        Assert.Equal("Aucun nouveau rappel.", await SendAsync(world, s_today));
    }

    [Fact]
    public async Task A_task_or_deal_in_the_bin_sends_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var deal = await world.OpportunityAsync(with: details => details with { NextActionOn = s_today });
        await world.SaveAsync(db =>
        {
            db.FollowUpTasks.Single(t => t.Id == task.Id).DeletedAt = world.Now();
            db.Opportunities.Single(o => o.Id == deal.Id).DeletedAt = world.Now();
        });

        Assert.Equal("Aucun nouveau rappel.", await SendAsync(world, s_today));
    }

    [Fact]
    public async Task What_stays_undone_is_told_once_a_day_and_never_piles_up()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync();

        await SendAsync(world, s_today);
        await SendAsync(world, s_today);
        Assert.Single(await LinesAsync(world));

        await SendAsync(world, s_today.AddDays(1));
        var lines = await LinesAsync(world);
        Assert.Equal([("Aujourd'hui", false), ("En retard depuis le 21/11/2026", true)], lines.OrderBy(line => line.Id).Select(line => (line.Body ?? "", line.ReadAt is null)));
        Assert.Equal(1, await world.As(world.Claire).Get<Notifications>().CountUnreadAsync());
    }

    [Fact]
    public async Task A_run_that_dies_in_the_middle_is_resumed_and_everybody_hears_once()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.SaveAsync(db =>
        {
            for (var i = 0; i < 250; i++)
            {
                db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = $"Appel {i}", DueOn = s_today, OwnerId = world.Claire.Id }, world.Claire, world.Now()));
            }
        });
        var runner = world.Get<JobRunner>();
        using var power = new CancellationTokenSource();
        using (world.Get<NotificationNews>().Subscribe(_ => power.Cancel()))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(Schedule.Reminders, s_today, power.Token));
        }

        Assert.Equal(100, (await LinesAsync(world)).Count);
        Assert.Equal(new JobResult(JobEnd.Done, "150 rappels envoyés."), await runner.RunAsync(Schedule.Reminders, s_today));
        Assert.Equal(250, (await LinesAsync(world)).DistinctBy(line => line.RecordId).Count());
        Assert.Equal(250, (await LinesAsync(world)).Count);
    }

    [Theory]
    [InlineData(TaskReminder.AtTime, "2026-11-23 14:00")]
    [InlineData(TaskReminder.QuarterBefore, "2026-11-23 13:45")]
    [InlineData(TaskReminder.HourBefore, "2026-11-23 13:00")]
    [InlineData(TaskReminder.DayBefore, "2026-11-22 14:00")]
    [InlineData(TaskReminder.TwoDaysBefore, "2026-11-21 14:00")]
    public async Task A_task_rings_at_the_minute_that_was_asked_for(TaskReminder reminder, string at)
    {
        await using var world = await TestWorld.CreateAsync();
        var clock = world.Get<Core.Foundation.BusinessClock>();
        await world.TaskAsync(with: details => details with { DueOn = new DateOnly(2026, 11, 23), DueTime = new TimeOnly(14, 0), Reminder = reminder });
        var moment = DateTime.ParseExact(at, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        var utc = clock.ToUtc(DateOnly.FromDateTime(moment), TimeOnly.FromDateTime(moment));

        world.Time.MoveTo(utc.AddMinutes(-1));
        Assert.Equal(0, await world.Get<Reminders>().RingAsync());
        world.Time.MoveTo(utc);
        Assert.Equal(1, await world.Get<Reminders>().RingAsync());
        Assert.Equal(0, await world.Get<Reminders>().RingAsync());
    }

    [Fact]
    public async Task A_task_without_an_hour_rings_in_the_morning()
    {
        Assert.Equal((new DateOnly(2026, 11, 23), new TimeOnly(9, 0)), ReminderTimes.Of(new DateOnly(2026, 11, 23), null, TaskReminder.HourBefore));
        Assert.Equal((new DateOnly(2026, 11, 22), new TimeOnly(9, 0)), ReminderTimes.Of(new DateOnly(2026, 11, 23), null, TaskReminder.DayBefore));
        Assert.Equal((new DateOnly(2026, 11, 22), new TimeOnly(23, 50)), ReminderTimes.Of(new DateOnly(2026, 11, 23), new TimeOnly(0, 5), TaskReminder.QuarterBefore));

        await using var world = await TestWorld.CreateAsync();
        var refusal = await Assert.ThrowsAsync<Core.Foundation.BusinessRuleException>(() => world.TaskAsync(with: details => details with { DueOn = null, Reminder = TaskReminder.AtTime }));
        Assert.Equal(nameof(FollowUpTaskDetails.DueOn), refusal.Field);
    }

    [Fact]
    public async Task After_hours_of_downtime_each_moment_rings_once_whatever_restarts()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync(with: details => details with { DueTime = new TimeOnly(11, 0), Reminder = TaskReminder.HourBefore, Priority = TaskPriority.High });
        world.Time.Advance(TimeSpan.FromHours(9));

        Assert.Equal(1, await NewReminders(world).RingAsync());
        Assert.Equal(0, await NewReminders(world).RingAsync());
        var line = Assert.Single(await world.As(world.Claire).Get<Notifications>().ListAsync());
        Assert.Equal(("Rappeler Dr Renaud", "Aujourd'hui à 11:00", TaskPriority.High, $"/tasks?open={task.Id}"), (line.Title, line.Body!, line.Priority!.Value, line.Link));

        // Put off, it has another moment; given to somebody else after it rang, it does not ring again.
        var seen = (await world.Get<FollowUpTasks>().FindAsync(task.Id))!.Details;
        await world.Get<FollowUpTasks>().EditAsync(task.Id, seen, seen with { OwnerId = world.Paul.Id });
        Assert.Equal(0, await NewReminders(world).RingAsync());
        await world.Get<FollowUpTasks>().PutOffAsync(task.Id, s_today.AddDays(1));
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await NewReminders(world).RingAsync());
        Assert.Equal(world.Paul.Id, (await LinesAsync(world)).OrderBy(notification => notification.Id).Last().UserId);
    }

    [Fact]
    public async Task Two_knocks_at_once_ring_once()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync(with: details => details with { DueTime = new TimeOnly(9, 15), Reminder = TaskReminder.AtTime });

        var rung = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => NewReminders(world).RingAsync())));

        Assert.Equal(1, rung.Sum());
        Assert.Single(await LinesAsync(world));
    }

    [Fact]
    public async Task What_is_done_deleted_or_long_past_does_not_ring()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync(with: details => details with { Reminder = TaskReminder.AtTime, Status = FollowUpStatus.Done });
        await world.TaskAsync(with: details => details with { Reminder = TaskReminder.AtTime, OwnerId = null });
        await world.TaskAsync(with: details => details with { Reminder = TaskReminder.AtTime, DueOn = s_today.AddDays(-31) });
        var deleted = await world.TaskAsync(with: details => details with { Reminder = TaskReminder.AtTime });
        await world.As(world.Claire).Get<FollowUpTasks>().DeleteAsync(deleted.Id);

        Assert.Equal(0, await world.Get<Reminders>().RingAsync());
    }

    [Fact]
    public async Task The_reminders_still_to_come_of_an_institution_are_counted()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id, DueTime = new TimeOnly(10, 0) });
        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id, DueTime = new TimeOnly(10, 0), Reminder = TaskReminder.QuarterBefore });
        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id, DueTime = new TimeOnly(10, 0), Reminder = TaskReminder.HourBefore });
        await world.TaskAsync(with: details => details with { InstitutionId = hospital.Id, DueOn = s_today.AddDays(3), Reminder = TaskReminder.DayBefore });

        Assert.Equal(2, (await world.As(world.Claire).Get<Core.Engagement.Activities>().OfInstitutionAsync(hospital.Id))!.PendingReminders);
    }

    // A process of its own: nothing but the database remembers what rang.
    private static Reminders NewReminders(TestWorld world)
        => new(world.Get<IDbContextFactory<Core.Data.MedCrmDbContext>>(), world.Get<Core.Access.Actors>(), world.Get<NotificationNews>(), world.Get<Core.Foundation.BusinessClock>());

    private static Task<string> SendAsync(TestWorld world, DateOnly day)
        => new Reminders(world.Get<IDbContextFactory<Core.Data.MedCrmDbContext>>(), world.Get<Core.Access.Actors>(), world.Get<NotificationNews>(), world.Get<Core.Foundation.BusinessClock>()).SendAsync(day);

    private static async Task<List<Notification>> LinesAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.Notifications.AsNoTracking().ToListAsync();
    }
}
