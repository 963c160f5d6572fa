using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Faults;

public sealed class UpgradeTests
{
    [Fact]
    public async Task A_failed_upgrade_puts_the_old_file_back_and_says_so()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Hôpital d'avant");
        // The first migration looks not applied, so that applying it fails on tables that exist.
        await SqlAsync(world, "DELETE FROM __EFMigrationsHistory");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Installation>().PrepareAsync());

        Assert.Contains("L'ancienne base a été remise en place", refusal.Message, StringComparison.Ordinal);
        var copy = Assert.Single(Directory.GetFiles(world.Folder.Backups));
        Assert.Equal(await File.ReadAllBytesAsync(copy), await File.ReadAllBytesAsync(world.Folder.Database));
        await using var db = world.Open();
        Assert.True(await db.Institutions.AnyAsync(institution => institution.Name == "Hôpital d'avant"));
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused_untouched()
    {
        await using var world = await TestWorld.CreateAsync();
        await SqlAsync(world, "INSERT INTO __EFMigrationsHistory VALUES ('99991231000000_Later', '10.0.14')");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Installation>().PrepareAsync());

        Assert.Contains("version plus récente de MedCRM (99991231000000_Later)", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(world.Folder.Backups));
    }

    [Fact]
    public async Task The_lock_of_a_killed_migration_does_not_hold_up_the_next_start()
    {
        await using var world = await TestWorld.CreateAsync();
        await EmptyAsync(world);
        await SqlAsync(world, "CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-20 09:00:00')");

        await world.Get<Installation>().PrepareAsync().WaitAsync(TimeSpan.FromSeconds(20));

        await using var db = world.Open();
        Assert.Equal(6, await db.Stages.CountAsync());
    }

    [Fact]
    public async Task A_damaged_database_is_refused_untouched()
    {
        await using var world = await TestWorld.CreateAsync();
        await SqlAsync(world, "PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        await using (var file = File.OpenWrite(world.Folder.Database))
        {
            file.Position = file.Length / 2 / 4096 * 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, 8192).ToArray());
        }

        var before = await File.ReadAllBytesAsync(world.Folder.Database);
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Installation>().PrepareAsync());

        Assert.Contains("est endommagée", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(world.Folder.Database));
    }

    [Fact]
    public async Task Every_start_brings_the_write_ahead_log_back()
    {
        await using var world = await TestWorld.CreateAsync();
        SqliteConnection.ClearAllPools();
        await SqlAsync(world, "PRAGMA journal_mode=DELETE");

        await world.Get<Installation>().PrepareAsync();

        Assert.Equal("wal", await SqlAsync(world, "PRAGMA journal_mode"));
    }

    private static async Task EmptyAsync(TestWorld world)
    {
        SqliteConnection.ClearAllPools();
        File.Delete(world.Folder.Database);
        File.Delete(world.Folder.Database + "-wal");
        File.Delete(world.Folder.Database + "-shm");
        await SqlAsync(world, "PRAGMA user_version=0");
    }

    private static async Task<string?> SqlAsync(TestWorld world, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
