using System.Diagnostics;
using System.Globalization;
using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Search;
using MedCrm.Core.Segments;
using MedCrm.Core.Timeline;
using MedCrm.Web.Exports;
using MedCrm.Web.Printing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Bench;

/// <summary>
/// <c>bench [--small DIR] [--only WORD]</c>: the server-side figures of the screens, on an installation filled by <c>seed</c>. With a second, smaller
/// installation it also says how the cost grows between the two; with a word, only the screens that it names are timed. Moves are made for real: run it on measuring data alone.
/// </summary>
public sealed class BenchCommand(DataFolder folder, BusinessClock clock, IConfiguration configuration, ILoggerFactory loggers) : IConsoleCommand
{
    private const int ImportTimes = 3;
    private const int DuplicateTimes = 3;
    private const int ScoreTimes = 3;
    private const int PageRows = 50;

    private static readonly string[] s_searches =
    [
        "chu lyon", "clinique parc", "06 39 98 12", "irm 3", "martin", "saint jos", "renouvellement 12", "hôpital 99", "dubois claire", "44000",
        "c", "cl", "appel", "visite bloc", "rappeler", "devis", "c: martin", "t: relancer", "n: démonstration", "+33 6 39",
    ];

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
            await MeasureScoresAsync(large.Services, table, cancellationToken);
            await MeasureDuplicatesAsync(large.Services, small?.Services, table, cancellationToken);
            await MeasureImportAsync(table, cancellationToken);
            await BenchBilling.MeasureAsync(large.Services, table, cancellationToken);
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
        services.AddScoped<BenchUser>();
        services.AddScoped<ICurrentUser>(scope => scope.GetRequiredService<BenchUser>());
        services.AddExports();
        services.AddMedCrmPrinting(configuration);
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
        var institutions = services.GetRequiredService<Institutions>();
        var acts = new List<BenchAct>
        {
            new("tableau des affaires", 150, _ => board.LoadAsync(ListQuery.Everything, cancellationToken: cancellationToken)),
            new("fiche établissement", 60, run => institutions.GetAsync(institutionIds[run % institutionIds.Count], cancellationToken)),
        };

        var account = await BenchAccount.EnsureAsync(services, cancellationToken);
        acts.Add(new BenchAct("fiche de 5 000 événements, ouverture", 120, async _ =>
        {
            await institutions.GetAsync(account, cancellationToken);
            await services.GetRequiredService<Suggestions>().OfInstitutionAsync(account, cancellationToken);
            await services.GetRequiredService<Scores>().FindAsync(account, cancellationToken);
            await services.GetRequiredService<Contacts>().OfInstitutionAsync(account, cancellationToken);
        }));
        acts.Add(new BenchAct("fiche de 5 000 événements, activité", 120, _ => services.GetRequiredService<Activities>().OfInstitutionAsync(account, cancellationToken)));
        var timelines = services.GetRequiredService<Timelines>();
        acts.Add(new BenchAct("chronologie de 5 000 événements, première page et comptes", 50, async _ =>
        {
            await timelines.CountAsync(TimelineSubject.Institution(account), new TimelineFilter([]), cancellationToken);
            await timelines.PageAsync(TimelineSubject.Institution(account), new TimelineFilter([]), cancellationToken: cancellationToken);
        }));

        acts.AddRange(await PaletteAsync(services, db, cancellationToken));
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

        acts.AddRange(await BenchBilling.ActsAsync(services, db, cancellationToken));
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

    // Everything that the palette answers at one stop of the typing, as those who do not see the same records; and what it opens on.
    private static async Task<IEnumerable<BenchAct>> PaletteAsync(IServiceProvider services, MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var (user, searches, recents, views) = (services.GetRequiredService<BenchUser>(), services.GetRequiredService<Searches>(), services.GetRequiredService<Recents>(), services.GetRequiredService<SavedViews>());
        var acts = new List<BenchAct>();
        foreach (var (who, role) in new[] { ("manager", Role.Manager), ("commercial", Role.Sales) })
        {
            var userId = await db.Users.Where(one => one.Role == role).OrderBy(one => one.Id).Select(one => one.Id).FirstAsync(cancellationToken);
            var actor = await services.GetRequiredService<Actors>().FindAsync(userId, cancellationToken) ?? throw new InvalidOperationException("Measuring needs active accounts.");
            acts.Add(new BenchAct($"palette, {who}", 50, run => user.ActAsync(actor, () => searches.FindAsync(s_searches[run % s_searches.Length], cancellationToken: cancellationToken))));
            var opened = await db.Institutions.VisibleTo(actor).OrderBy(institution => institution.Id).Take(Recents.Shown).Select(institution => institution.Id).ToListAsync(cancellationToken);
            acts.Add(new BenchAct($"palette, {who}, une fiche ouverte puis Ctrl+K", 50, run => user.ActAsync(actor, async () =>
            {
                await recents.KeepAsync(nameof(Institution), opened[run % opened.Count], cancellationToken);
                await recents.ListAsync(cancellationToken: cancellationToken);
                await views.AllAsync(cancellationToken);
            })));
        }

        return acts;
    }

    private static IEnumerable<(string Name, IRecordList List, string Address)> Pages(IServiceProvider services)
    {
        var lists = services.GetServices<IRecordList>().ToDictionary(list => list.Definition.Name);
        yield return ("liste des établissements, deux filtres", lists["institutions"], "status=HotProspect,Customer&ownership=Public");
        yield return ("liste des établissements, sans filtre", lists["institutions"], "");
        yield return ("liste des devis", lists["quotes"], "");
        yield return ("liste des factures en retard", lists["invoices"], "state=Overdue");
        yield return ("liste des contrats", lists["contracts"], "");
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

    // Every institution is scored anew while somebody keeps opening the board: what the first costs, and how much the second waits for it.
    private static async Task MeasureScoresAsync(IServiceProvider services, BenchTable table, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.Zero;
        services.GetRequiredService<WriteGate>().TurnEnded += turn => longest = turn > longest ? turn : longest;
        var contexts = services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>();
        var (scores, board) = (services.GetRequiredService<Scores>(), services.GetRequiredService<Board>());
        var (alone, beside, times) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < ScoreTimes; run++)
        {
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            {
                await db.InTransactionAsync(() => db.InstitutionScores.ExecuteDeleteAsync(cancellationToken), cancellationToken);
            }

            for (var open = 0; open < 40; open++)
            {
                alone.Add(await OpenAsync());
            }

            longest = TimeSpan.Zero;
            var start = Stopwatch.GetTimestamp();
            var computing = Task.Run(() => scores.ComputeAsync(null, cancellationToken), cancellationToken);
            while (!computing.IsCompleted)
            {
                beside.Add(await OpenAsync());
            }

            await computing;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        table.Add($"scores de tous les établissements, verrou {longest.TotalMilliseconds:F0} ms au plus", times, 30_000);
        var usual = alone.Order().ElementAt(alone.Count / 2);
        table.Add($"tableau pendant les scores (seul : {usual:F1} ms)", beside, 0);

        async Task<double> OpenAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await board.LoadAsync(ListQuery.Everything, cancellationToken: cancellationToken);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    // All records are compared each time; what was found the first time is then known. Two institutions of which one carries 200 rows become one and two again.
    private static async Task MeasureDuplicatesAsync(IServiceProvider services, IServiceProvider? smaller, BenchTable table, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.Zero;
        services.GetRequiredService<WriteGate>().TurnEnded += turn => longest = turn > longest ? turn : longest;
        var search = services.GetRequiredService<DuplicateSearch>();
        if (smaller?.GetRequiredService<DuplicateSearch>() is { } onSmaller)
        {
            table.Add("recherche de doublons, petite installation", await TimesAsync(_ => onSmaller.RunAsync(cancellationToken)), 3_000);
        }

        var times = await TimesAsync(_ => search.RunAsync(cancellationToken));
        table.Add($"recherche de doublons, verrou {longest.TotalMilliseconds:F0} ms au plus", times, 30_000);

        var merges = services.GetRequiredService<Merges>();
        var twins = new List<Guid[]>();
        for (var pair = 0; pair < DuplicateTimes; pair++)
        {
            twins.Add(await BenchTwins.AddAsync(services, cancellationToken));
        }

        longest = TimeSpan.Zero;
        var done = new List<Guid>();
        times = await TimesAsync(async run =>
        {
            var draft = await merges.PrepareAsync(nameof(Institution), twins[run], twins[run][0], cancellationToken);
            done.Add((await merges.MergeAsync(new MergeOrder(draft.Type, draft.KeptId, draft.Sides.ToDictionary(side => side.Id, side => side.Version), new Dictionary<string, Guid>()), cancellationToken)).ChangeSetId!.Value);
        });
        table.Add($"fusion de 2 fiches, 200 rattachées, verrou {longest.TotalMilliseconds:F0} ms au plus", times, 1_000);
        longest = TimeSpan.Zero;
        times = await TimesAsync(run => merges.UndoAsync(done[run], cancellationToken));
        table.Add($"dé-fusion, 200 rattachées, verrou {longest.TotalMilliseconds:F0} ms au plus", times, 1_000);

        static async Task<List<double>> TimesAsync(Func<int, Task> act)
        {
            var times = new List<double>();
            for (var run = 0; run < DuplicateTimes; run++)
            {
                var start = Stopwatch.GetTimestamp();
                await act(run);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return times;
        }
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
