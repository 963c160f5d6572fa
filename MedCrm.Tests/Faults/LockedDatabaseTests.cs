using System.Diagnostics;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Faults;

public sealed class LockedDatabaseTests
{
    [Fact]
    public async Task A_database_locked_from_outside_refuses_the_save_politely_and_goes_on_reading()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Clinique lisible");
        await using var outside = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False");
        await outside.OpenAsync();
        await using (var held = await outside.BeginTransactionAsync())
        {
            var watch = Stopwatch.StartNew();
            var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.InstitutionAsync("Clinique refusée"));

            Assert.Contains("la base est occupée", refusal.Message, StringComparison.Ordinal);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"It took {watch.Elapsed}.");
            await using var db = world.Open();
            Assert.Equal(["Clinique lisible"], await db.Institutions.Select(institution => institution.Name).ToListAsync());
        }

        await world.InstitutionAsync("Clinique refusée");
    }
}
