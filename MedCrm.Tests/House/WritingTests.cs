using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.House;

/// <summary>How the database is written: one writer at a time, who holds the file from the first line of a transaction.</summary>
public sealed partial class WritingTests
{
    [Fact]
    public void No_transaction_waits_for_its_first_write_to_take_the_file()
    {
        var sources = new[] { "MedCrm.Core", "MedCrm.Web" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository(), project), "*", SearchOption.AllDirectories))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToList();
        Assert.True(sources.Count > 300, $"Only {sources.Count} sources found under {Repository()}.");

        Assert.Empty(sources.Where(path => Deferring().IsMatch(File.ReadAllText(path))).Select(path => Path.GetRelativePath(Repository(), path)));
    }

    [Fact]
    public async Task What_a_transaction_has_read_still_stands_when_it_writes()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await using var outside = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False;Default Timeout=1");
        await outside.OpenAsync();

        await using var db = world.Open();
        db.Begin(world.Claire, "Test");
        await db.InTransactionAsync(async () =>
        {
            var read = await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
            var refused = await Assert.ThrowsAsync<SqliteException>(() => WriteAsync(outside));
            Assert.Equal(5, refused.SqliteErrorCode);
            read.Edit(read.Details() with { City = "Rezé" }, world.Now());
            await db.SaveChangesAsync();
        });

        // Begun the other way, the same transaction loses what it was about to write: SQLITE_BUSY_SNAPSHOT.
        await using var deferred = new SqliteConnection($"Data Source={world.Folder.Database};Pooling=False;Default Timeout=1");
        await deferred.OpenAsync();
        await using var transaction = deferred.BeginTransaction(deferred: true);
        await ExecuteAsync(deferred, "SELECT count(*) FROM Institutions", transaction);
        await WriteAsync(outside);
        var lost = await Assert.ThrowsAsync<SqliteException>(() => ExecuteAsync(deferred, "UPDATE Institutions SET City = 'Bouguenais'", transaction));
        Assert.Equal(517, lost.SqliteExtendedErrorCode);
    }

    [Fact]
    public async Task Every_write_passes_the_gate()
    {
        var watch = new GateWatch();
        await using var world = await TestWorld.CreateAsync(services => services.ConfigureDbContext<MedCrmDbContext>(options => options.AddInterceptors(watch)));
        watch.Folder = world.Folder;

        // From an empty folder: migrations, triggers, first rows, thousands of rows at once.
        SqliteConnection.ClearPool(new SqliteConnection(world.Folder.ConnectionString));
        Directory.EnumerateFiles(world.Folder.Root, "medcrm.db*").ToList().ForEach(File.Delete);
        await world.Get<Installation>().PrepareAsync();
        await CommandAsync(world, "seed", "--scale", "0.002");

        // What a day brings.
        var actor = world.As(Core.Access.Actor.System).Me.Actor;
        await using (var db = world.Open())
        {
            var user = await db.Users.FirstAsync(user => user.Role == Core.Access.Role.Manager);
            actor = new Core.Access.Actor(user.Id, user.DisplayName, user.Role, user.TeamId, Core.Access.RolePolicy.DefaultOf(user.Role));
        }

        world.As(actor);
        var deal = await world.OpportunityAsync(owner: actor, rank: 0);
        var below = await world.OpportunityAsync("Qualification", owner: actor, rank: 1);
        await world.OpportunityAsync("Qualification", owner: actor, rank: 2);
        var stages = await world.Get<Stages>().ListAsync();
        var move = await world.Get<Opportunities>().MoveAsync(deal.Id, stages.Single(stage => stage.Code == "Qualification").Id, deal.Version, new CardPlace(below.Id, null));
        await world.Get<Changes>().UndoAsync(move.ChangeSetId!.Value);
        await world.Get<InstitutionList>().ChangeAsync(ListSelection.All(ListQuery.Everything), new BulkChange.Set("conformity", nameof(Conformity.Expired)));
        await world.Get<InstitutionList>().ChangeAsync(ListSelection.Of([(await world.InstitutionAsync("À jeter", actor)).Id]), new BulkChange.Delete());
        var file = Path.Combine(world.Folder.Temporary, "liste.csv");
        await File.WriteAllTextAsync(file, "FINESS;Nom;Ville\n010000024;CH de Bourg;Bourg\n010000065;CH de Trévoux;Trévoux\n");
        await CommandAsync(world.As(Core.Access.Actor.System), "import", "institutions", file);
        world.Time.Advance(TimeSpan.FromDays(40));
        foreach (var job in Schedule.Jobs)
        {
            await world.Get<Jobs>().RunNowAsync(job.Name);
        }

        Assert.True(watch.Gated > 300, $"Only {watch.Gated} writes were seen: too few to prove anything.");
        Assert.True(watch.Ungated.Count == 0, string.Join("\n\n", watch.Ungated.Distinct().Take(5)));
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));

    private static Task WriteAsync(SqliteConnection connection) => ExecuteAsync(connection, "UPDATE Institutions SET City = 'Orvault'");

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        await using var command = new SqliteCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task CommandAsync(TestWorld world, string name, params string[] args)
    {
        var output = new StringWriter();
        var code = await world.Get<IEnumerable<IConsoleCommand>>().Single(command => command.Name == name).RunAsync(args, output, CancellationToken.None);
        Assert.True(code == 0, output.ToString());
    }

    [GeneratedRegex(@"\bdeferred\s*:\s*true|BEGIN\s+DEFERRED|""\s*BEGIN\s*;|IsolationLevel\.ReadUncommitted", RegexOptions.IgnoreCase)]
    private static partial Regex Deferring();

    /// <summary>Looks, at each statement that writes, whether somebody stands in the gate: its file can then not be taken.</summary>
    private sealed partial class GateWatch : DbCommandInterceptor
    {
        public DataFolder? Folder { get; set; }

        public int Gated { get; private set; }

        public List<string> Ungated { get; } = [];

        public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Look(command, result);

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
            => ValueTask.FromResult(Look(command, result));

        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Look(command, result);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
            => ValueTask.FromResult(Look(command, result));

        private T Look<T>(DbCommand command, T result)
        {
            if (Folder is null || !Writing().IsMatch(command.CommandText))
            {
                return result;
            }

            try
            {
                using var file = new FileStream(Path.Combine(Folder.Root, "write.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                Ungated.Add(command.CommandText);
            }
            catch (IOException)
            {
                Gated++;
            }

            return result;
        }

        [GeneratedRegex(@"(^|;)\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|ANALYZE|VACUUM)\b", RegexOptions.IgnoreCase)]
        private static partial Regex Writing();
    }
}
