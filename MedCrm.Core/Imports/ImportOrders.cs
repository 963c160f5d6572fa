using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>The door of files to import: looks at files, says what importing them would do, and does it.</summary>
public sealed class ImportOrders(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ImportRunner runner, ImportPulse pulse)
{
    private const int ChunkSize = 500;
    private const int SampleRows = 50;
    private const int MostUnknownValues = 200;

    // Reading a file keeps a core busy: two people may look at theirs at the same time, the next one waits.
    private static readonly SemaphoreSlim s_readers = new(2, 2);

    /// <summary>What a file is, and what its columns probably mean for <paramref name="subject"/>; without one its columns tell what the rows describe.</summary>
    /// <exception cref="ImportFileException">It cannot be imported; the message says why.</exception>
    public Task<ImportInspection> InspectAsync(ImportFile file, ImportLimits? limits = null, ImportSubject? subject = null, CancellationToken cancellationToken = default) => AsReaderAsync(
        async actor =>
        {
            limits ??= ImportLimits.Screen;
            await using var stream = file.Open();
            var format = ImportFormats.Detect(stream, limits);
            if (format is ImportFormat.FinessJson)
            {
                return new ImportInspection(file, format, ImportSubject.Institutions, "JSON", null, [], [], [], null);
            }

            var table = ImportTable.Open(stream, limits);
            var (sample, rows) = Look(table, cancellationToken);
            if (ImportFormats.IsOfficial(format) || ImportFormats.IsCompanion(format))
            {
                return new ImportInspection(file, format, ImportSubject.Institutions, table.Reading, rows, table.Headers, sample, [], null);
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var told = subject ?? ColumnGuesser.SubjectOf(table.Headers, sample);
            var described = told is ImportSubject.Catalog && !actor.May(Right.EditCatalog) ? ImportSubject.Institutions : told;
            var remembered = await RememberedMappings.FindAsync(db, actor, described, table.Headers, cancellationToken);
            return new ImportInspection(file, format, described, table.Reading, rows, table.Headers, sample, ColumnGuesser.Guess(table.Headers, sample, described), remembered);
        },
        cancellationToken);

    /// <summary>The texts of a free file that its mapping does not explain, with how often each occurs; two hundred at most per column.</summary>
    public Task<IReadOnlyList<UnknownValue>> UnknownValuesAsync(ImportOrder order, CancellationToken cancellationToken = default) => AsReaderAsync<IReadOnlyList<UnknownValue>>(
        async actor =>
        {
            if (order.Mapping is not { } mapping)
            {
                return [];
            }

            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var owners = await ImportOwners.KnownAsync(db, cancellationToken);
            var columns = mapping.Columns.Where(pair => ImportValues.Explained.Contains(pair.Value)).ToList();
            var counts = columns.ToDictionary(column => column.Key, _ => new Dictionary<string, int>());
            await using var stream = order.File.Open();
            foreach (var row in columns.Count == 0 ? [] : ImportTable.Open(stream, order.Limits).Rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var (column, field) in columns)
                {
                    if (CellText.Clean(row[column]) is { } text && !IsKnown(field, text, owners) && (counts[column].ContainsKey(text) || counts[column].Count < MostUnknownValues))
                    {
                        counts[column][text] = counts[column].GetValueOrDefault(text) + 1;
                    }
                }
            }

            return [.. columns.SelectMany(column => counts[column.Key].OrderByDescending(pair => pair.Value).Select(pair => new UnknownValue(column.Value, column.Key, pair.Key, pair.Value)))];
        },
        cancellationToken);

    /// <summary>The accounts that may be named as owners.</summary>
    public async Task<IReadOnlyList<ImportChoice>> OwnersAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Import);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(user => !user.IsDisabled).OrderBy(user => user.DisplayName).Select(user => new ImportChoice(user.Email!, user.DisplayName)).ToListAsync(cancellationToken);
    }

    /// <summary>What the import would do, row by row; nothing is written.</summary>
    /// <exception cref="ImportFileException">The file cannot be read to its end.</exception>
    public Task<ImportPlan> PlanAsync(ImportOrder order, IProgress<int>? progress = null, CancellationToken cancellationToken = default) => AsReaderAsync(
        async actor =>
        {
            DemandSubject(actor, order);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var judge = await ImportJudge.OpenAsync(db, actor, order, () => clock.UtcNow, cancellationToken);
            var plan = new ImportPlan(order, judge, order.Headers());
            foreach (var chunk in order.Read().Chunk(ChunkSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                plan.Add(await judge.JudgeAsync(db, chunk, created: null, cancellationToken));
                progress?.Report(plan.Counts.Rows);
            }

            plan.Order = order with { Total = plan.Counts.Rows };
            return plan;
        },
        cancellationToken);

    /// <summary>Corrects a cell of a row in error and judges the row again.</summary>
    /// <exception cref="BusinessRuleException">The row is no longer in error.</exception>
    public Task<ImportVerdict> CorrectAsync(ImportPlan plan, int line, int column, string text, CancellationToken cancellationToken = default) => AsReaderAsync(
        async actor =>
        {
            if (plan.RowInError(line) is null)
            {
                throw new BusinessRuleException("Cette ligne n'est plus en erreur.");
            }

            plan.Order = plan.Order with { Corrections = new Dictionary<(int, int), string>(plan.Order.Corrections) { [(line, column)] = text } };
            var corrected = plan.Order.Read().First(candidate => candidate.LineNumber == line);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var verdict = (await plan.Judge.JudgeAsync(db, [corrected], created: null, cancellationToken))[0];
            plan.Replace(verdict);
            return verdict;
        },
        cancellationToken);

    /// <summary>Starts the import in the background and returns its id at once. The files belong to it from here on.</summary>
    public async Task<Guid> StartAsync(ImportOrder order, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Import);
        DemandSubject(actor, order);
        var (run, gesture, beat) = await OpenAsync(order, actor, cancellationToken);
        runner.Start(run, order, gesture, beat);
        return run.Id;
    }

    /// <summary>Does the import and returns its counts.</summary>
    /// <exception cref="BusinessRuleException">The file cannot be read to its end; what was imported before is kept.</exception>
    public async Task<ImportCounts> RunAsync(ImportOrder order, Action<ImportCounts> progress, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Import);
        DemandSubject(actor, order);
        var (run, gesture, beat) = await OpenAsync(order, actor, cancellationToken);
        using var held = beat;
        var (status, counts, failure) = await runner.RunAsync(run.Id, order, gesture, progress, cancellationToken);
        return status is ImportStatus.Finished ? counts : throw new BusinessRuleException(failure ?? "L'import a été interrompu.");
    }

    // Institutions and contacts are judged row by row, by who follows them; the catalogue is one thing.
    private static void DemandSubject(Actor actor, ImportOrder order)
    {
        if (order.Subject is ImportSubject.Catalog)
        {
            actor.Demand(Right.EditCatalog);
        }
    }

    // To its end: what is too long or damaged is told at once, not after somebody matched its columns.
    private static (List<ImportRow> Sample, int Rows) Look(ImportTable table, CancellationToken cancellationToken)
    {
        var sample = new List<ImportRow>();
        var rows = 0;
        foreach (var row in table.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows++;
            if (sample.Count < SampleRows)
            {
                sample.Add(row);
            }
        }

        return rows > 0 ? (sample, rows) : throw new ImportFileException("Le fichier n'a aucune ligne sous celle des noms de colonnes.");
    }

    private async Task<(ImportRun Run, Gesture Gesture, IDisposable Beat)> OpenAsync(ImportOrder order, Actor actor, CancellationToken cancellationToken)
    {
        var gesture = new Gesture(actor, $"Import de {order.File.Name}", ChangeOrigin.Import);
        var run = new ImportRun(order.File.Name, order.Subject, ImportFormats.Label(order.Format), order.Hash(), order.HeadersJson(), order.Total, actor.Id, actor.Name, gesture.ChangeSetId, clock.UtcNow);
        // Before others can read that it runs.
        var beat = pulse.Hold(run.Id);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.ImportRuns.Add(run);
            await RememberedMappings.RememberAsync(db, actor, order, clock.UtcNow, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return (run, gesture, beat);
        }
        catch
        {
            beat.Dispose();
            throw;
        }
    }

    private static bool IsKnown(ImportField field, string text, IReadOnlyDictionary<string, Actor?> owners)
        => field is ImportField.Owner ? owners.GetValueOrDefault(ImportOwners.KeyOf(text)) is not null : ImportValues.Meaning(field, text) is not null;

    // Parsing is long and synchronous: it leaves the caller's thread, which may be a screen.
    private async Task<T> AsReaderAsync<T>(Func<Actor, Task<T>> read, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Import);
        await s_readers.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => read(actor), cancellationToken);
        }
        finally
        {
            s_readers.Release();
        }
    }
}
