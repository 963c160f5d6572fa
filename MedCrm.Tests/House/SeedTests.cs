using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.House;

public sealed class SeedTests
{
    [Fact]
    public async Task The_same_seed_makes_the_same_world()
    {
        var (first, second) = (await SeededAsync("7"), await SeededAsync("7"));
        var other = await SeededAsync("8");

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal((10, 30, 50, 2), (first.Institutions, first.Contacts, first.Opportunities, first.Open));
    }

    [Fact]
    public async Task The_seeded_world_has_the_shape_of_a_real_one()
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, 0, "--scale", "0.02");
        await using var db = world.Open();
        var (now, today) = (world.Now(), world.Get<BusinessClock>().Today);
        var people = await db.Users.Where(user => user.Email!.EndsWith("@seed.test")).ToListAsync();
        var institutions = await db.Institutions.ToListAsync();
        var contacts = await db.Contacts.Include(contact => contact.Roles).ToListAsync();
        var deals = await db.Opportunities.Include(deal => deal.StageChanges).Include(deal => deal.Stage).ToListAsync();
        var tasks = await db.FollowUpTasks.ToListAsync();

        Assert.Equal((20, 4, 4), (people.Count, people.Select(user => user.TeamId).Distinct().Count(), people.Count(user => user.Role == Role.Manager)));
        Assert.All(people, user => Assert.NotEqual(PasswordVerificationResult.Failed, new PasswordHasher<User>().VerifyHashedPassword(user, user.PasswordHash ?? "", RunningApp.Password)));
        Assert.Equal((200, 600, 1_000, 40, 400), (institutions.Count, contacts.Count, deals.Count, deals.Count(deal => deal.Outcome == StageOutcome.Open), tasks.Count));
        Assert.All(institutions, institution => Assert.True(Finess.IsValid(institution.FinessEt!), institution.FinessEt));
        Assert.All(institutions, institution => Assert.Equal(people.SingleOrDefault(user => user.Id == institution.OwnerId)?.TeamId, institution.TeamId));
        Assert.Equal(200, contacts.Count(contact => contact.Roles.Any(role => role.IsPrimary)));
        Assert.Equal(6, deals.Select(deal => deal.Stage.Code).Distinct().Count());
        Assert.All(deals, deal => Assert.True(deal.StageChanges.All(change => change.At <= now) && deal.CreatedAt <= now && deal.LastInteractionAt <= now, deal.Name));
        Assert.All(deals.Where(deal => deal.Outcome != StageOutcome.Open), deal => Assert.True(deal.ClosedOn <= today && deal.StageChanges.Count >= 5, deal.Name));
        Assert.Equal(80, tasks.Count(task => task.IsOpen));
    }

    [Fact]
    public async Task A_seeded_world_is_not_seeded_again()
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, 0, "--scale", "0.001");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => RunAsync(world, 0, "--scale", "0.001", "--seed", "2"));

        Assert.Contains("déjà là", refusal.Message, StringComparison.Ordinal);
        await using var db = world.Open();
        Assert.Equal(10, await db.Institutions.CountAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("11")]
    [InlineData("beaucoup")]
    public async Task A_scale_that_means_nothing_writes_nothing(string scale)
    {
        await using var world = await TestWorld.CreateAsync();

        await RunAsync(world, 1, "--scale", scale);

        await using var db = world.Open();
        Assert.False(await db.Institutions.AnyAsync());
    }

    private static async Task RunAsync(TestWorld world, int code, params string[] args)
        => Assert.Equal(code, await world.Get<IEnumerable<IConsoleCommand>>().Single(candidate => candidate.Name == "seed").RunAsync(args, TextWriter.Null, CancellationToken.None));

    private static async Task<(int Institutions, int Contacts, int Opportunities, int Open, decimal Amount, string Names)> SeededAsync(string seed)
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, 0, "--scale", "0.001", "--seed", seed);

        await using var db = world.Open();
        return (
            await db.Institutions.CountAsync(),
            await db.Contacts.CountAsync(),
            await db.Opportunities.CountAsync(),
            await db.Opportunities.CountAsync(opportunity => opportunity.Outcome == Core.Sales.StageOutcome.Open),
            await db.Opportunities.SumAsync(opportunity => opportunity.Amount),
            string.Join('|', await db.Institutions.OrderBy(institution => institution.Name).Select(institution => institution.Name).ToListAsync()));
    }
}
