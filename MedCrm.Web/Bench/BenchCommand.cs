using System.Diagnostics;
using System.Globalization;
using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using MedCrm.Core.Segments;
using MedCrm.Web.Exports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Bench;

/// <summary>
/// <c>bench [--small DIR] [--only WORD]</c>: the server-side figures of the screens, on an installation filled by <c>seed</c>. With a second, smaller
/// installation it also says how the cost grows between the two; with a word, only the screens that it names are timed. Moves are made for real: run it on measuring data alone.
/// </summary>
public sealed class BenchCommand(DataFolder folder, BusinessClock clock, ILoggerFactory loggers) : IConsoleCommand
{
    private const int ImportTimes = 3;
    private const int PageRows = 50;

    private static readonly string[] s_searches = ["chu lyon", "clinique parc", "06 39 98 12", "irm 3", "martin", "saint jos", "renouvellement 12", "hôpital 99", "dubois claire", "44000"];

    private static readonly SegmentGroup s_segment = SegmentGroup.All(
        new SegmentCondition(new ListFilter("status", FilterOperator.AnyOf, nameof(CustomerStatus.Customer), nameof(CustomerStatus.HotProspect))),
        new SegmentCondition(ListFilter.Between("beds", "50", null)),
        SegmentGroup.Any(
            new SegmentRelated("activities", RelatedCount.None, 1, [new(new ListFilter("exchange", FilterOperator.AnyOf, "true"))], ListFilter.Between("at", "today-90", "today")),
            new SegmentCondition(ListFilter.Between("health", null, "49"))),
        new SegmentRelated("opportunities", RelatedCount.AtLeast, 2, [new(ListFilter.Between("amount", "10000", null))]));

    /// <inheritdoc/>
    public string Name => "bench";

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        await using var large = await Site.OpenAsync(folder, OpenAsync, cancellationToken);
        var only = args is [.., "--only", var word] ? word : null;
        await using var small = args is ["--small", var path, ..] ? await Site.OpenAsync(new DataFolder(path), OpenAsync, cancellationToken) : null;
        await output.WriteLineAsync($"Mesure de {string.Join(" et de ", new[] { small?.Folder.Root, folder.Root }.OfType<string>())}");

        var table = new BenchTable();
        var acts = await ActsAsync(large.Services, cancellationToken);
        var smallActs = small is null ? null : await ActsAsync(small.Services, cancellationToken);
        foreach (var (index, act) in acts.Index().Where(row => only is null || row.Item.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            await table.TimeAsync(act, smallActs?[index]);
        }

        if (only is null)
        {
            await MeasureExportAsync(large.Services, table, cancellationToken);
            await MeasureImportAsync(table, cancellationToken);
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(Row("mesure", "n", "médiane", "p95", "seuil", small is null ? "" : "croissance"));
        foreach (var figure in table.Figures)
        {
            await output.WriteLineAsync(Row(
                figure.Name,
                figure.Runs.ToString(CultureInfo.InvariantCulture),
                Measured(figure, figure.Median),
                Measured(figure, figure.P95),
                figure.Bar == 0 ? "" : $"{figure.Bar:F0}{(figure.IsKept ? " ok" : figure.IsRate ? " MANQUÉ" : " DÉPASSÉ")}",
                figure.Growth == 0 ? "" : $"x {figure.Growth:F2}"));
        }

        return table.Figures.All(figure => figure.IsKept) ? 0 : 1;
    }

    private async Task<ServiceProvider> OpenAsync(DataFolder data, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddLogging();
        services.AddMedCrmCore(data, clock.Time, clock.Zone);
        services.AddScoped<ICurrentUser, SystemUser>();
        services.AddExports();
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Installation>().PrepareAsync(cancellationToken);
        return provider;
    }

    private static async Task<IReadOnlyList<BenchAct>> ActsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var institutionIds = await db.Institutions.OrderBy(institution => institution.Id).Select(institution => institution.Id).Take(500).ToListAsync(cancellationToken);
        var dealIds = await db.Opportunities.Where(deal => deal.Outcome == StageOutcome.Open).OrderBy(deal => deal.Id).Select(deal => deal.Id).Take(500).ToListAsync(cancellationToken);
        var stages = await db.Stages.Where(stage => stage.Outcome == StageOutcome.Open).OrderBy(stage => stage.Position).Select(stage => stage.Id).ToListAsync(cancellationToken);

        var board = services.GetRequiredService<Board>();
        var opportunities = services.GetRequiredService<Opportunities>();
        var searches = services.GetRequiredService<Searches>();
        var institutions = services.GetRequiredService<Institutions>();
        var acts = new List<BenchAct>
        {
            new("tableau des affaires", 150, _ => board.LoadAsync(ListQuery.Everything, cancellationToken: cancellationToken)),
            new("recherche", 50, run => searches.FindAsync(s_searches[run % s_searches.Length], cancellationToken: cancellationToken)),
            new("fiche établissement", 60, run => institutions.GetAsync(institutionIds[run % institutionIds.Count], cancellationToken)),
        };

        foreach (var (name, list, address) in Pages(services))
        {
            var query = ListQuery.Parse(address, list.Definition);
            var columns = query.Columns ?? list.Definition.FirstColumns;

            // Full pages alone, so that a small installation is asked for as many rows as a large one.
            var pages = Math.Clamp((await list.CountAsync(query, cancellationToken)).Total / PageRows, 1, 5);
            // As on screen: a page is read at each scroll, the records are counted when a filter changes.
            acts.Add(new BenchAct($"{name}, page", 60, run => list.RowsAsync(query, columns, run % pages * PageRows, PageRows, cancellationToken)));
            acts.Add(new BenchAct($"{name}, compte", 60, _ => list.CountAsync(query, cancellationToken)));
        }

        var book = services.GetRequiredService<SegmentBook>();
        acts.Add(new BenchAct("segment de cinq conditions, compte et échantillon", 300, _ => book.PreviewAsync(SegmentSubject.Institution, s_segment, cancellationToken)));
        acts.Add(new BenchAct("déplacement d'une affaire", 50, async run =>
        {
            await using var reading = await contexts.CreateDbContextAsync(cancellationToken);
            var id = dealIds[run % dealIds.Count];
            var deal = await reading.Opportunities.Where(o => o.Id == id).Select(o => new { o.Version, o.StageId }).SingleAsync(cancellationToken);
            var next = stages[(stages.IndexOf(deal.StageId) + 1) % stages.Count];
            await opportunities.MoveAsync(id, next, deal.Version, terms: new MoveTerms { ForceReason = "Mesure" }, cancellationToken: cancellationToken);
        }));
        return acts;
    }

    private static IEnumerable<(string Name, IRecordList List, string Address)> Pages(IServiceProvider services)
    {
        var lists = services.GetServices<IRecordList>().ToDictionary(list => list.Definition.Name);
        yield return ("liste des établissements, deux filtres", lists["institutions"], "status=HotProspect,Customer&ownership=Public");
        yield return ("liste des établissements, sans filtre", lists["institutions"], "");
    }

    private static async Task MeasureExportAsync(IServiceProvider services, BenchTable table, CancellationToken cancellationToken)
    {
        var export = services.GetRequiredService<ListExport>();
        if (export.Find("opportunities") is not { } list)
        {
            return;
        }

        // What the export adds to the process while it runs, seen every 10 ms.
        GC.Collect();
        var (before, highest) = (Environment.WorkingSet, 0L);
        await using var watch = new Timer(_ => highest = Math.Max(highest, Environment.WorkingSet), null, 0, 10);
        var times = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var workbook = await export.WriteAsync(list, ListQuery.Everything, picked: null, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var rows = (await list.CountAsync(ListQuery.Everything, cancellationToken)).Total;
        table.Add($"export Excel de {rows} affaires, +{Math.Max(0, highest - before) / (1 << 20)} Mo", times, 3000);
    }

    // In a folder of its own, which goes afterwards: thousands of institutions more would change what the other figures measure.
    private async Task MeasureImportAsync(BenchTable table, CancellationToken cancellationToken)
    {
        var data = new DataFolder(Path.Combine(Path.GetTempPath(), $"medcrm-bench-{Guid.NewGuid():N}"));
        try
        {
            await using var provider = await OpenAsync(data, cancellationToken);
            await using var scope = provider.CreateAsyncScope();
            var imports = scope.ServiceProvider.GetRequiredService<ImportOrders>();
            var runs = scope.ServiceProvider.GetRequiredService<ImportRuns>();
            var longest = TimeSpan.Zero;
            provider.GetRequiredService<WriteGate>().TurnEnded += turn => longest = turn > longest ? turn : longest;
            await RateAsync("import : créations", 2000, run => imports.RunAsync(Order(run, ""), _ => { }, cancellationToken));
            await RateAsync("import : mises à jour", 2000, run => imports.RunAsync(Order(run, " BIS"), _ => { }, cancellationToken));

            // The last import first: a return refuses what a later one changed.
            var changed = (await runs.ListAsync(0, ImportTimes, cancellationToken)).Rows;
            await RateAsync("import : annulation", 0, run => runs.RevertAsync(changed[run].Id, cancellationToken));

            ImportOrder Order(int run, string mark) => new() { File = BenchInstitutions.Write(data.Temporary, run * BenchInstitutions.Rows, mark), Format = ImportFormat.Sae };

            async Task RateAsync(string name, double bar, Func<int, Task> act)
            {
                longest = TimeSpan.Zero;
                var rates = new List<double>();
                for (var run = 0; run < ImportTimes; run++)
                {
                    var start = Stopwatch.GetTimestamp();
                    await act(run);
                    rates.Add(BenchInstitutions.Rows / Stopwatch.GetElapsedTime(start).TotalSeconds);
                }

                table.AddRates($"{name}, verrou {longest.TotalMilliseconds:F0} ms au plus", rates, bar);
            }
        }
        finally
        {
            SqliteConnection.ClearPool(new SqliteConnection(data.ConnectionString));
            Directory.Delete(data.Root, recursive: true);
        }
    }

    private static string Row(string name, string runs, string median, string p95, string bar, string growth)
        => $"{name,-54} {runs,4} {median,10} {p95,10} {bar,14} {growth,10}";

    private static string Measured(Figure figure, double value) => figure.IsRate ? $"{value:F0} l/s" : $"{value:F1} ms";

    private sealed record Site(DataFolder Folder, AsyncServiceScope Scope, ServiceProvider Provider) : IAsyncDisposable
    {
        public IServiceProvider Services => Scope.ServiceProvider;

        public static async Task<Site> OpenAsync(DataFolder folder, Func<DataFolder, CancellationToken, Task<ServiceProvider>> open, CancellationToken cancellationToken)
        {
            var provider = await open(folder, cancellationToken);
            return new Site(folder, provider.CreateAsyncScope(), provider);
        }

        public async ValueTask DisposeAsync()
        {
            await Scope.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }
}
