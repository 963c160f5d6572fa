using MedCrm.Core.Data;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace MedCrm.Tests.Faults;

[Collection(ProcessGroup.Name)]
public sealed class KilledIssueTests
{
    [Fact]
    public async Task A_kill_between_the_number_and_the_commit_leaves_the_number_to_the_next()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        await using (var issuer = ProgramRun.Issuer(folder.Root))
        {
            await issuer.LineAsync("prêt à valider");
            await issuer.KillAsync();
        }

        await using (var check = ProgramRun.Server("check", "--data", folder.Root))
        {
            Assert.True(await check.ExitAsync() == 0, check.Text);
            Assert.Equal("faults=0", check.Lines[^1]);
        }

        await using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = new SqliteCommand("SELECT (SELECT count(*) FROM Invoices), (SELECT count(*) FROM Invoices WHERE Number IS NOT NULL), (SELECT count(*) FROM NumberSeries WHERE Last > 0)", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((1, 0, 0), (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)));
        await connection.CloseAsync();
        Directory.Delete(folder.Root, recursive: true);
    }
}
