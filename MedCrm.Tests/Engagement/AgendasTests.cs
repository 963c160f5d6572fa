using MedCrm.Core.Calendars;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Engagement;

public sealed class AgendasTests
{
    private static readonly DateOnly s_tuesday = new(2026, 11, 24);

    [Fact]
    public async Task Meetings_tasks_and_next_actions_stand_on_their_day_and_hour_in_paris()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        // 23:30 UTC on the 23rd is half past midnight on the 24th in Paris.
        await activities.CreateAsync(ActivitiesTests.Meeting(hospital) with { At = new DateTime(2026, 11, 23, 23, 30, 0, DateTimeKind.Utc), DurationMinutes = 45 });
        await world.TaskAsync(with: details => details with { DueOn = s_tuesday, DueTime = new TimeOnly(14, 0) });
        await world.OpportunityAsync(institution: hospital, with: details => details with { NextAction = "Relancer", NextActionOn = s_tuesday });
        await activities.CreateAsync(ActivitiesTests.Meeting(hospital) with { At = new DateTime(2026, 11, 25, 9, 0, 0, DateTimeKind.Utc) });

        var items = await ReadAsync(world, s_tuesday, s_tuesday);

        Assert.Equal(
            [(AgendaKind.Meeting, new TimeOnly(0, 30), 45), (AgendaKind.NextAction, null, 0), (AgendaKind.Task, new TimeOnly(14, 0), 30)],
            items.OrderBy(item => item.Kind.ToString(), StringComparer.Ordinal).Select(item => (item.Kind, item.From, item.Minutes)));
        Assert.All(items, item => Assert.Equal(s_tuesday, item.Day));
    }

    [Fact]
    public async Task A_meeting_over_midnight_stands_on_both_days_and_one_of_days_fills_those_between()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Meeting(hospital) with { At = new DateTime(2026, 11, 24, 21, 0, 0, DateTimeKind.Utc), DurationMinutes = 30 * 60 });

        var items = await ReadAsync(world, s_tuesday, s_tuesday.AddDays(6));

        Assert.Equal([(s_tuesday, 120), (s_tuesday.AddDays(1), 0), (s_tuesday.AddDays(2), 240)], items.OrderBy(item => item.Day).Select(item => (item.Day, item.Minutes)));
        Assert.All(items, item => Assert.False(item.Moves));
        Assert.Equal(2, (await ReadAsync(world, s_tuesday.AddDays(1), s_tuesday.AddDays(2))).Count);
    }

    [Fact]
    public async Task Somebody_invited_has_the_meeting_in_their_calendar_too()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Meeting(hospital) with { ColleagueIds = [world.Paul.Id!.Value] });
        Assert.Single(await world.As(world.Paul).Get<Agendas>().ReadAsync([world.Paul.Id!.Value], s_tuesday, s_tuesday));
    }

    [Fact]
    public async Task A_private_meeting_keeps_its_hour_in_the_calendars_of_the_team_and_nothing_else()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Meeting(hospital) with { Sharing = Sharing.Private, Place = "Chez l'avocat" });

        var agendas = world.As(world.Paul).Get<Agendas>();
        var hidden = Assert.Single(await agendas.ReadAsync([world.Claire.Id!.Value, world.Paul.Id!.Value], s_tuesday, s_tuesday));
        Assert.Equal((true, "Occupé", new TimeOnly(10, 0), 60), (hidden.IsHidden, hidden.Title, hidden.From, hidden.Minutes));
        Assert.Equal((null, null, false, false), (hidden.InstitutionName, hidden.Place, hidden.Moves, hidden.Stretches));
        Assert.Equal([world.Claire.Id!.Value], hidden.People);
        var mine = Assert.Single(await world.As(world.Claire).Get<Agendas>().ReadAsync([world.Claire.Id!.Value], s_tuesday, s_tuesday));
        Assert.Equal((false, "Chez l'avocat"), (mine.IsHidden, mine.Place));

        // Neither what Paul subscribes to, nor what he exports, nor a calendar that is not open to who reads: only the hour is told, and only there.
        world.As(world.Paul);
        await using (var db = world.Open())
        {
            Assert.Empty(await world.Get<IEnumerable<ICalendarSource>>().OfType<MeetingCalendar>().Single().EventsOfAsync(db, world.Paul.Id!.Value, s_tuesday, s_tuesday, default));
        }

        Assert.Equal(0, (await world.Get<ActivityList>().CountAsync(ListQuery.Everything)).Total);
        Assert.Empty(await world.As(world.Lea).Get<Agendas>().ReadAsync([world.Claire.Id!.Value], s_tuesday, s_tuesday));
        world.As(world.Paul);
        var busy = Assert.Single(await agendas.BusyAsync([world.Claire.Id!.Value], new DateTime(2026, 11, 24, 9, 30, 0, DateTimeKind.Utc), 30));
        Assert.Equal(("Claire Martin", null), (busy.Name, busy.Subject));
        Assert.Empty(await agendas.BusyAsync([world.Claire.Id!.Value], new DateTime(2026, 11, 24, 10, 0, 0, DateTimeKind.Utc), 30));
    }

    [Fact]
    public async Task A_cancelled_meeting_out_of_sight_leaves_no_trace()
    {
        await using var world = await TestWorld.CreateAsync();
        var meeting = await world.As(world.Claire).Get<Activities>().CreateAsync(ActivitiesTests.Meeting(await world.InstitutionAsync()) with { Sharing = Sharing.Private });
        await world.Get<Activities>().SettleAsync(meeting.RecordId, MeetingStatus.Cancelled);

        Assert.Empty(await world.As(world.Paul).Get<Agendas>().ReadAsync([world.Claire.Id!.Value], s_tuesday, s_tuesday));
    }

    [Fact]
    public async Task Somebody_is_busy_from_the_first_minute_of_a_planned_meeting_to_the_last_and_not_after()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var (activities, agendas) = (world.As(world.Claire).Get<Activities>(), world.Get<Agendas>());
        // From 10 to 11 in Paris.
        var meeting = (await activities.CreateAsync(ActivitiesTests.Meeting(hospital))).RecordId;

        Assert.Equal((0, 1, 1, 1, 0), (await CountAsync(9, 30, 30), await CountAsync(9, 30, 31), await CountAsync(10, 20, 5), await CountAsync(10, 59, 60), await CountAsync(11, 0, 60)));
        Assert.Equal(0, await CountAsync(10, 0, 60, meeting));

        await activities.SettleAsync(meeting, MeetingStatus.Cancelled);
        Assert.Equal(0, await CountAsync(10, 0, 60));

        async Task<int> CountAsync(int hour, int minute, int minutes, Guid? exceptId = null)
            => (await agendas.BusyAsync([world.Claire.Id!.Value], new DateTime(2026, 11, 24, hour - 1, minute, 0, DateTimeKind.Utc), minutes, exceptId)).Count;
    }

    [Fact]
    public async Task A_salesperson_opens_the_calendars_of_the_team_and_no_others()
    {
        await using var world = await TestWorld.CreateAsync();
        Assert.Equal(["Claire Martin", "Marc Manager", "Paul Bernard"], (await world.As(world.Claire).Get<Agendas>().PeopleAsync()).Select(person => person.Name));
        Assert.Equal(5, (await world.As(world.Admin).Get<Agendas>().PeopleAsync()).Count);
    }

    [Fact]
    public async Task A_task_placed_on_an_hour_leaves_the_list_of_those_to_place()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        var agendas = world.As(world.Claire).Get<Agendas>();
        Assert.Single(await agendas.UnplacedAsync());

        var done = await world.Get<FollowUpTasks>().PlaceAsync(task.Id, s_tuesday, new TimeOnly(9, 15));

        Assert.Empty(await agendas.UnplacedAsync());
        Assert.Equal("Tâche « Rappeler Dr Renaud » placée le 24/11/2026 à 09:15", done.Sentence);
        Assert.Equal(new TimeOnly(9, 15), Assert.Single(await ReadAsync(world, s_tuesday, s_tuesday)).From);
    }

    private static Task<IReadOnlyList<AgendaItem>> ReadAsync(TestWorld world, DateOnly from, DateOnly to)
        => world.As(world.Claire).Get<Agendas>().ReadAsync([world.Claire.Id!.Value], from, to);
}
