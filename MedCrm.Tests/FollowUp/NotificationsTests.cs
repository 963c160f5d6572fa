using MedCrm.Core.Automation;
using MedCrm.Core.FollowUp;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.FollowUp;

public sealed class NotificationsTests
{
    [Fact]
    public async Task A_bell_is_one_s_own_grouped_by_record_and_marked_read_one_by_one_or_all()
    {
        await using var world = await TestWorld.CreateAsync();
        var call = await world.TaskAsync();
        var visit = await world.TaskAsync(with: details => details with { Title = "Visite" });
        await world.TaskAsync(world.Lea);
        await RemindAsync(world);
        world.Time.Advance(TimeSpan.FromDays(1));
        await RemindAsync(world);

        var bell = world.As(world.Claire).Get<Notifications>();
        Assert.Equal(2, await bell.CountUnreadAsync());
        Assert.Equal([(call.Id, 2, 1), (visit.Id, 2, 1)], (await bell.ListAsync()).OrderBy(group => group.Title).Select(group => (group.RecordId, group.Lines, group.Unread)));

        await bell.ReadAsync(call.Id);
        Assert.Equal(1, await bell.CountUnreadAsync());
        Assert.Equal([visit.Id, call.Id], (await bell.ListAsync()).Select(group => group.RecordId));

        await bell.ReadAllAsync();
        Assert.Equal(0, await bell.CountUnreadAsync());
        Assert.Equal(1, await world.As(world.Lea).Get<Notifications>().CountUnreadAsync());
    }

    [Fact]
    public async Task Open_bells_hear_at_once_whose_they_are()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.TaskAsync();
        var heard = new List<IReadOnlySet<Guid>?>();
        using (world.Get<NotificationNews>().Subscribe(heard.Add))
        {
            await RemindAsync(world);
            await world.As(world.Claire).Get<Notifications>().ReadAllAsync();
        }

        Assert.Equal([[world.Claire.Id!.Value], [world.Claire.Id!.Value]], heard.Select(ids => ids!.ToArray()));
    }

    [Fact]
    public async Task Finishing_a_task_empties_its_place_in_the_bell()
    {
        await using var world = await TestWorld.CreateAsync();
        var task = await world.TaskAsync();
        await RemindAsync(world);

        await world.As(world.Claire).Get<FollowUpTasks>().CompleteAsync(task.Id, "Fait");

        Assert.Equal(0, await world.Get<Notifications>().CountUnreadAsync());
    }

    private static Task RemindAsync(TestWorld world) => world.Get<JobRunner>().CatchUpAsync();
}
