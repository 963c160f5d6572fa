using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Faults;

[Collection(ProcessGroup.Name)]
public sealed class KilledImportTests
{
    private const int Rounds = 5;
    private const int Rows = 6_000;

    [Fact]
    public async Task An_import_killed_again_and_again_ends_as_one_that_was_not()
    {
        var moments = new Random(20261121);
        await using var calm = new Site();
        await using var killed = new Site();
        Assert.Equal(0, await ImportAsync(calm));
        for (var round = 0; round < Rounds; round++)
        {
            await using var import = Start(killed);
            await import.LineAsync(" lignes");
            await Task.Delay(moments.Next(0, 500));
            await import.KillAsync();
            await AssertWholeAsync(killed);
        }

        Assert.Equal(0, await ImportAsync(killed));

        await AssertWholeAsync(killed);
        Assert.Equal(await calm.SetAsync(), await killed.SetAsync());
        var runs = (await killed.Get<ImportRuns>().ListAsync(0, 10)).Rows;
        Assert.Equal(ImportStatus.Finished, runs[0].Status);
        var interrupted = runs.Where(run => run.Status is ImportStatus.Cancelled).ToList();
        Assert.All(interrupted, run => Assert.Contains("importez de nouveau", run.Failure, StringComparison.Ordinal));
        Assert.Contains(interrupted, run => run.Counts.Rows is > 0 and < Rows);
        Assert.Equal(Rows, runs.Sum(run => run.Counts.Created));
    }

    [Fact]
    public async Task A_return_killed_again_and_again_is_finished_and_leaves_what_somebody_changed()
    {
        var moments = new Random(20261121);
        await using var site = new Site();
        Assert.Equal(0, await ImportAsync(site));
        var run = Assert.Single((await site.Get<ImportRuns>().ListAsync(0, 10)).Rows);
        var touched = await site.TouchAsync("Clinique 77");
        var seen = new List<ImportStatus>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var revert = ProgramRun.Reverter(site.Folder.Root, run.Id);
            await revert.LineAsync(" fiches");
            await Task.Delay(moments.Next(0, 300));
            await revert.KillAsync();
            seen.Add((await site.Get<ImportRuns>().FindAsync(run.Id))!.Status);
            if (seen[^1] is ImportStatus.Reverted)
            {
                break;
            }
        }

        Assert.Contains(ImportStatus.HalfReverted, seen);
        if (seen[^1] is not ImportStatus.Reverted)
        {
            await site.Get<ImportRuns>().RevertAsync(run.Id);
        }

        var kept = Assert.Single((await site.Get<ImportRuns>().KeptAsync(run.Id, 0, 10)).Rows);
        Assert.Equal((touched, "Clinique 77"), (kept.Id, kept.Name));
        Assert.Equal(["Clinique 77"], await site.TextsAsync("SELECT Name FROM Institutions WHERE DeletedAt IS NULL"));
        Assert.Equal(ImportStatus.Reverted, (await site.Get<ImportRuns>().FindAsync(run.Id))!.Status);
        Assert.Equal([$"{Rows - 1}"], await site.TextsAsync("SELECT count(*) FROM RecordChanges c JOIN ChangeSets s ON s.Id = c.ChangeSetId WHERE s.RevertsId IS NOT NULL"));
        Assert.Single(await site.TextsAsync("SELECT Id FROM ChangeSets WHERE RevertsId IS NOT NULL"));
    }

    // What a run says it created is what is there, each with its line of history: a chunk is written whole or not at all.
    private static async Task AssertWholeAsync(Site site)
    {
        Assert.Equal(await site.TextsAsync("SELECT coalesce(sum(Created), 0) FROM ImportRuns"), await site.TextsAsync("SELECT count(*) FROM Institutions"));
        Assert.Equal(await site.TextsAsync("SELECT count(*) FROM Institutions"), await site.TextsAsync("SELECT count(*) FROM RecordChanges c JOIN Institutions i ON i.Id = c.RecordId WHERE c.Kind = 0"));
        Assert.Equal(["ok"], await site.TextsAsync("PRAGMA integrity_check"));
    }

    private static ProgramRun Start(Site site) => ProgramRun.Server("import", "institutions", site.File, "--data", site.Folder.Root);

    private static async Task<int> ImportAsync(Site site)
    {
        await using var import = Start(site);
        return await import.ExitAsync();
    }

    /// <summary>A data folder with a file to import beside it, looked at from this process.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly AsyncServiceScope _scope;

        public Site()
        {
            Folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
            File = Path.Combine(Folder.Root, "cliniques.csv");
            System.IO.File.WriteAllLines(File, Enumerable.Range(1, Rows).Select(number => $"Clinique {number};Ville {number % 90};VIP").Prepend("Nom;Ville;Étiquettes"));
            _services = new ServiceCollection()
                .AddLogging()
                .AddMedCrmCore(Folder, TimeProvider.System, TimeZoneInfo.Utc)
                .AddScoped<ICurrentUser, SystemUser>()
                .BuildServiceProvider();
            _scope = _services.CreateAsyncScope();
        }

        public DataFolder Folder { get; }

        public string File { get; }

        public T Get<T>()
            where T : notnull
            => _scope.ServiceProvider.GetRequiredService<T>();

        public Task<List<string>> SetAsync() => TextsAsync("SELECT i.Name || '|' || i.City || '|' || (SELECT group_concat(Text) FROM InstitutionLabels l WHERE l.InstitutionId = i.Id) FROM Institutions i ORDER BY 1");

        public async Task<Guid> TouchAsync(string name)
        {
            await using var db = await Get<IDbContextFactory<MedCrmDbContext>>().CreateDbContextAsync();
            var institution = await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Name == name);
            db.Begin(Actor.System, "Geste", ChangeOrigin.Screen);
            institution.Edit(institution.Details() with { Notes = "Vue en juin" }, DateTime.UtcNow);
            await db.SaveChangesAsync();
            return institution.Id;
        }

        public async Task<List<string>> TextsAsync(string sql)
        {
            await using var connection = new SqliteConnection($"Data Source={Folder.Database};Pooling=False");
            await connection.OpenAsync();
            var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the test's own.
            command.CommandText = sql;
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            var texts = new List<string>();
            while (await reader.ReadAsync())
            {
                texts.Add(reader.GetValue(0).ToString()!);
            }

            return texts;
        }

        public async ValueTask DisposeAsync()
        {
            await _scope.DisposeAsync();
            await _services.DisposeAsync();
            SqliteConnection.ClearPool(new SqliteConnection(Folder.ConnectionString));
            Directory.Delete(Folder.Root, recursive: true);
        }
    }
}
