using MedCrm.Core.Data;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MedCrm.Tests.Faults;

/// <summary>Tests that start programs of their own run alone: they need the processors.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessGroup
{
    public const string Name = "Processes";
}

[Collection(ProcessGroup.Name)]
public sealed class KillTests
{
    private const int Rounds = 5;

    [Fact]
    public async Task Kill_in_the_middle_of_writes_loses_nothing_that_was_told_saved_and_leaves_nothing_half_written()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        var moments = new Random(20261121);
        var saved = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var writer = ProgramRun.Writer(folder.Root);
            await writer.LineAsync("-");
            await Task.Delay(moments.Next(50, 900));
            await writer.KillAsync();
            saved.AddRange(writer.Lines.Where(line => Guid.TryParse(line, out _)));
        }

        await using (var check = ProgramRun.Server("check", "--data", folder.Root))
        {
            Assert.True(await check.ExitAsync() == 0, check.Text);
            Assert.Equal("faults=0", check.Lines[^1]);
        }

        await using (var demo = ProgramRun.Server("--demo", "--port", "0", "--data", folder.Root))
        {
            Assert.Equal(1, await demo.ExitAsync());
            Assert.Contains("ne vont que dans une base vide", demo.Text, StringComparison.Ordinal);
        }

        await using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        await connection.OpenAsync();
        var found = Texts(connection, "SELECT lower(Id) FROM Institutions").ToHashSet();
        Assert.True(saved.Count > 50, $"Only {saved.Count} saves in {Rounds} rounds prove little.");
        Assert.Subset(found, saved.ToHashSet());
        Assert.Empty(Texts(connection, $"SELECT Name FROM Institutions i WHERE {WritingProcess.ContactsEach} <> (SELECT count(*) FROM ContactRoles r WHERE r.InstitutionId = i.Id)"));
        Directory.Delete(folder.Root, recursive: true);
    }

    [Fact]
    public async Task The_server_comes_back_after_a_kill_and_a_second_one_is_refused_beside_it()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        await using (var first = ProgramRun.Server("--demo", "--port", "0", "--data", folder.Root))
        {
            await first.LineAsync("Now listening on");
            await first.KillAsync();
        }

        await using var again = ProgramRun.Server("--demo", "--port", "0", "--data", folder.Root);
        var line = await again.LineAsync("Now listening on");
        using var client = new HttpClient();
        Assert.Contains("ok", await client.GetStringAsync(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim() + "/healthz"), StringComparison.Ordinal);

        await using var second = ProgramRun.Server("--port", "0", "--data", folder.Root);
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("Un autre MedCRM utilise déjà", second.Text, StringComparison.Ordinal);

        await using var backup = ProgramRun.Server("backup", folder.Backups, "--data", folder.Root);
        Assert.True(await backup.ExitAsync() == 0, backup.Text);
        await using var restore = ProgramRun.Server("restore", Directory.GetFiles(folder.Backups, "*.zip")[0], "--data", folder.Root);
        Assert.Equal(1, await restore.ExitAsync());
        Assert.Contains("Un autre MedCRM utilise déjà", restore.Text, StringComparison.Ordinal);
        await again.KillAsync();
        Directory.Delete(folder.Root, recursive: true);
    }

    [Fact]
    public async Task Two_programs_write_at_once_and_each_waits_for_its_turn()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        await using var first = ProgramRun.Writer(folder.Root);
        await first.LineAsync("-");
        await using var second = ProgramRun.Writer(folder.Root);
        await second.LineAsync("-");
        var (before, other) = (first.Lines.Count, second.Lines.Count);
        await Task.Delay(2000);

        Assert.True(first.Lines.Count > before + 10, first.Text);
        Assert.True(second.Lines.Count > other + 10, second.Text);
        await first.KillAsync();
        await second.KillAsync();
        Directory.Delete(folder.Root, recursive: true);
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
