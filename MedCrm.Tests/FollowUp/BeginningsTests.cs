using MedCrm.Core.FollowUp;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.FollowUp;

public sealed class BeginningsTests
{
    [Fact]
    public async Task First_steps_stay_until_each_of_them_is_done()
    {
        await using var world = await TestWorld.CreateAsync();
        var door = world.Get<Beginnings>();
        Assert.Equal([BeginningStep.Colleague], await DoneAsync());

        var hospital = await world.InstitutionAsync();
        await world.ContactAsync(hospital);
        Assert.Equal([BeginningStep.Institution, BeginningStep.Contact, BeginningStep.Colleague], await DoneAsync());

        await world.OpportunityAsync(institution: hospital);
        Assert.Equal(5, (await door.ReadAsync()).Count);
        await world.TaskAsync();
        Assert.Empty(await door.ReadAsync());

        async Task<IEnumerable<BeginningStep>> DoneAsync() => (await door.ReadAsync()).Where(step => step.IsDone).Select(step => step.Step);
    }

    [Fact]
    public async Task Somebody_sees_the_steps_they_may_take_until_they_put_them_away()
    {
        await using var world = await TestWorld.CreateAsync();
        var door = world.As(world.Claire).Get<Beginnings>();
        Assert.Equal([BeginningStep.Institution, BeginningStep.Contact, BeginningStep.Deal, BeginningStep.Task], (await door.ReadAsync()).Select(step => step.Step));

        await door.HideAsync();

        Assert.Empty(await door.ReadAsync());
        Assert.Equal(5, (await world.As(world.Admin).Get<Beginnings>().ReadAsync()).Count);
    }
}
