using MedCrm.Core.Access;
using MedCrm.Core.Data.Demo;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Support;

/// <summary>Worlds that hold what the demonstration shows.</summary>
internal static class Demonstration
{
    /// <summary>A world with nobody in it yet.</summary>
    public static async Task<TestWorld> EmptyWorldAsync()
    {
        var world = await TestWorld.CreateAsync();
        await using var db = world.Open();
        await db.Users.ExecuteDeleteAsync();
        await db.Teams.ExecuteDeleteAsync();
        return world;
    }

    /// <summary>A world that was filled with the demonstration.</summary>
    public static async Task<TestWorld> WorldAsync()
    {
        var world = await EmptyWorldAsync();
        await world.FillWithDemonstrationAsync();
        return world;
    }

    /// <summary>Fills an empty world.</summary>
    public static async Task FillWithDemonstrationAsync(this TestWorld world)
    {
        var demo = world.Get<DemoWorld>();
        await demo.DemandEmptyAsync();
        var accounts = await demo.AccountsAsync();
        await world.SaveAsync(db => db.Users.AddRange(accounts.Select(account => new User(account.Name, account.Email, account.Role, account.TeamId, world.Now()))));
        await demo.FillAsync();
    }

    /// <summary>Acts as somebody of the demonstration from now on.</summary>
    public static async Task<TestWorld> AsAsync(this TestWorld world, string email)
    {
        await using var db = world.Open();
        var id = await db.Users.Where(user => user.Email == email).Select(user => user.Id).SingleAsync();
        return world.As((await world.Get<Actors>().FindAsync(id))!);
    }
}
