using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MedCrm.Tests.Faults;

/// <summary>The write-ahead log: watched while a reader keeps it from being emptied, emptied in the night, never while somebody writes.</summary>
public sealed class WriteLogTests
{
    [Fact]
    public async Task A_reader_that_never_ends_lets_the_log_grow_until_the_alarm_and_the_night_empties_it_once_it_has_ended()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var reader = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False");
        await reader.OpenAsync();
        await ExecuteAsync(reader, "BEGIN; SELECT count(*) FROM Institutions");
        for (var round = 0; round < 20; round++)
        {
            await world.InstitutionAsync($"Clinique {round}");
        }

        var grown = LengthOf(LogOf(world));
        await world.Get<Backups>().NightlyAsync();
        Assert.InRange(LengthOf(LogOf(world)), grown, long.MaxValue);
        Assert.False((await world.Get<Backups>().StateAsync()).LogIsLong);

        // 256 MB of changes take a while: the file is given the length, its end holding nothing.
        await using (var log = new FileStream(LogOf(world), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            log.SetLength((256L << 20) + 1);
        }

        var state = await world.Get<Backups>().StateAsync();
        Assert.Equal((true, (256L << 20) + 1), (state.LogIsLong, state.LogLength));
        await world.Get<Backups>().NightlyAsync();
        Assert.True((await world.Get<Backups>().StateAsync()).LogIsLong);

        await ExecuteAsync(reader, "COMMIT");
        await world.Get<Backups>().NightlyAsync();

        Assert.Equal((false, 0L), ((await world.Get<Backups>().StateAsync()).LogIsLong, LengthOf(LogOf(world))));
        await world.InstitutionAsync("Clinique d'après");
    }

    [Fact]
    public async Task The_night_waits_for_a_writer_before_it_empties_the_log()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync();
        var turn = await world.Get<WriteGate>().EnterAsync();

        var night = world.Get<Backups>().NightlyAsync();
        while (Directory.GetFiles(world.Folder.Backups, "*.zip").Length == 0)
        {
            await Task.Delay(20);
        }

        // The archive stands; what is left to do would take some milliseconds.
        await Task.WhenAny(night, Task.Delay(1000));
        Assert.False(night.IsCompleted);
        turn.Dispose();
        await night;

        Assert.Equal(0, LengthOf(LogOf(world)));
    }

    private static string LogOf(TestWorld world) => world.Folder.Database + "-wal";

    // Where nobody has the database open, the log goes altogether.
    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
