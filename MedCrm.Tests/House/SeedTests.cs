using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
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

    private static async Task<(int Institutions, int Contacts, int Opportunities, int Open, decimal Amount, string Names)> SeededAsync(string seed)
    {
        await using var world = await TestWorld.CreateAsync();
        var command = world.Get<IEnumerable<IConsoleCommand>>().Single(candidate => candidate.Name == "seed");

        Assert.Equal(0, await command.RunAsync(["--scale", "0.001", "--seed", seed], TextWriter.Null, CancellationToken.None));

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
