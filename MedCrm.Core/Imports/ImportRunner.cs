using System.Collections.Concurrent;
using System.Text.Json;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Imports;

/// <summary>An import under way in this process, or one that is being taken back.</summary>
/// <param name="Total">Rows expected, when somebody counted them; records to take back.</param>
/// <param name="Counts">How far it is; null when it is being taken back.</param>
/// <param name="Reverted">Records looked after so far, when it is being taken back.</param>
public sealed record ImportProgress(int? Total, ImportCounts? Counts, int Reverted = 0);

/// <summary>
/// Runs imports in the background, and takes them back, one at a time, in small transactions between which others write. What it is at any moment is in the
/// database: a run that is stopped or killed keeps the chunks it finished, and importing the file again, or taking it back again, does the rest.
/// </summary>
public sealed class ImportRunner(IDbContextFactory<MedCrmDbContext> contexts, BusinessClock clock, ILogger<ImportRunner> logger) : IAsyncDisposable
{
    // About 100 ms of write lock on a small server: others wait for less than a blink.
    private const int ChunkSize = 250;
    private const int MostWarningsKept = 5_000;
    private const int MostTries = 5;

    private readonly ConcurrentDictionary<Guid, Job> _jobs = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isStopping;

    /// <summary>Raised when an import of this process advanced or ended; listeners return at once.</summary>
    public event Action<Guid>? Changed;

    /// <summary>How far an import of this process is; null when it is not under way here.</summary>
    public ImportProgress? Find(Guid runId) => _jobs.TryGetValue(runId, out var job) ? job.Progress : null;

    /// <summary>Waits for the end of an import of this process; returns at once when it is not under way here.</summary>
    public Task WaitAsync(Guid runId) => _jobs.TryGetValue(runId, out var job) && job.Work is { } work ? work : Task.CompletedTask;

    /// <summary>Asks an import of this process to stop after the chunk under way. False when it is not under way here.</summary>
    public bool Cancel(Guid runId)
    {
        if (!_jobs.TryGetValue(runId, out var job))
        {
            return false;
        }

        job.Cancellation.Cancel();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        foreach (var job in _jobs.Values)
        {
            await job.Cancellation.CancelAsync();
        }

        await Task.WhenAll(_jobs.Values.Select(job => job.Work).OfType<Task>());
        _turn.Dispose();
    }

    /// <summary>Starts an import whose row is in the database, and returns at once.</summary>
    internal void Start(ImportRun run, ImportOrder order, Gesture gesture, IDisposable beat)
    {
        var job = new Job(new ImportProgress(order.Total, new ImportCounts()));
        _jobs[run.Id] = job;
        Launch(run.Id, job, () => ImportAsync(run.Id, order, gesture, job), End);

        void End()
        {
            order.RemoveFiles();
            beat.Dispose();
        }
    }

    /// <summary>Starts taking an import back, and returns at once. False when it is under way already.</summary>
    internal bool StartRevert(Guid runId, Func<IProgress<RevertProgress>, CancellationToken, Task> revert)
    {
        var job = new Job(new ImportProgress(null, null));
        if (!_jobs.TryAdd(runId, job))
        {
            return false;
        }

        Launch(runId, job, () => revert(new Advance(this, runId, job), job.Cancellation.Token), static () => { });
        return true;
    }

    /// <summary>Does an import whose row is in the database, and says how it ended.</summary>
    internal async Task<(ImportStatus Status, ImportCounts Counts, string? Failure)> RunAsync(Guid runId, ImportOrder order, Gesture gesture, Action<ImportCounts> progress, CancellationToken cancellationToken)
    {
        var counts = new ImportCounts();
        (ImportStatus Status, string? Failure) end;
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var judge = await ImportJudge.OpenAsync(db, gesture.Actor, order, () => clock.UtcNow, cancellationToken);
            foreach (var chunk in order.Read().Chunk(ChunkSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                counts = await WriteAsync(runId, chunk, judge, gesture, counts);
                progress(counts);
            }

            end = (ImportStatus.Finished, null);
        }
        catch (OperationCanceledException)
        {
            end = (ImportStatus.Cancelled, _isStopping ? "Le programme s'est arrêté pendant l'import : importez de nouveau le fichier pour le terminer." : null);
        }
        catch (BusinessRuleException refusal)
        {
            end = (ImportStatus.Failed, refusal.Message);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            logger.LogError(failure, "Import {ImportRunId} failed", runId);
            end = (ImportStatus.Failed, "Une erreur inattendue a arrêté l'import. Les lignes déjà importées sont gardées ; importez de nouveau le fichier pour le terminer.");
        }

        await EndAsync(runId, end.Status, end.Failure);
        return (end.Status, counts, end.Failure);
    }

    private void Launch(Guid runId, Job job, Func<Task> work, Action end)
        => job.Work = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException)
            {
                // What it did until then is in the database, which says that it stopped.
            }
            catch (Exception failure)
            {
                logger.LogError(failure, "The work on import {ImportRunId} stopped", runId);
            }
            finally
            {
                _jobs.TryRemove(runId, out _);
                end();
                Changed?.Invoke(runId);
            }
        });

    private async Task ImportAsync(Guid runId, ImportOrder order, Gesture gesture, Job job)
    {
        try
        {
            await _turn.WaitAsync(job.Cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(runId, ImportStatus.Cancelled, null);
            return;
        }

        try
        {
            await RunAsync(runId, order, gesture, Advance, job.Cancellation.Token);
        }
        finally
        {
            _turn.Release();
        }

        void Advance(ImportCounts counts)
        {
            job.Progress = job.Progress with { Counts = counts };
            Changed?.Invoke(runId);
        }
    }

    // Somebody may save one of the rows between our read and our write: the chunk is judged again on what is there now.
    private async Task<ImportCounts> WriteAsync(Guid runId, ImportLine[] chunk, ImportJudge judge, Gesture gesture, ImportCounts counts)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(runId, chunk, judge, gesture, counts);
            }
            catch (Exception failure) when (attempt < MostTries && failure is BusinessRuleException or SqliteException)
            {
                judge.Forget();
            }
        }
    }

    private async Task<ImportCounts> WriteOnceAsync(Guid runId, ImportLine[] chunk, ImportJudge judge, Gesture gesture, ImportCounts counts)
    {
        await using var db = await contexts.CreateDbContextAsync();
        db.Gesture = gesture;
        // One look for changes per save is enough: SaveChangesAsync asks for it by itself.
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var created = new List<IRecorded>();
        var verdicts = await judge.JudgeAsync(db, chunk, created, CancellationToken.None);
        var after = counts.With(verdicts);
        var run = await db.ImportRuns.SingleAsync(candidate => candidate.Id == runId);
        run.Progress(after, clock.UtcNow);
        db.ImportIssues.AddRange(verdicts.SelectMany(verdict => IssuesOf(runId, verdict, keepsWarnings: counts.Warnings < MostWarningsKept)));
        await db.InTransactionAsync(async () =>
        {
            await db.SaveChangesAsync();
            await db.InsertAsync(created);
        });
        return after;
    }

    private async Task EndAsync(Guid runId, ImportStatus status, string? failure)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var run = await db.ImportRuns.SingleAsync(candidate => candidate.Id == runId);
        run.End(status, clock.UtcNow, failure);
        await db.SaveChangesAsync();
    }

    private static IEnumerable<ImportIssue> IssuesOf(Guid runId, ImportVerdict verdict, bool keepsWarnings)
    {
        var cells = verdict.Row is { } row ? JsonSerializer.Serialize(row.Cells, ImportJson.Options) : null;
        foreach (var notice in verdict.Notices)
        {
            if (notice.Severity is not NoticeSeverity.Warning)
            {
                yield return new ImportIssue(runId, notice.LineNumber, notice.Severity is NoticeSeverity.Error ? ImportIssueKind.Error : ImportIssueKind.Skipped, notice.Column, notice.Message.ToString(), notice.RawValue, cells);
                cells = null;
            }
            else if (keepsWarnings && verdict.Fate is not (ImportFate.Error or ImportFate.Skipped))
            {
                yield return new ImportIssue(runId, notice.LineNumber, ImportIssueKind.Warning, notice.Column, notice.Message.ToString(), notice.RawValue, null);
            }
        }
    }

    // Progress<T> would tell of a step long after it, from another thread.
    private sealed class Advance(ImportRunner runner, Guid runId, Job job) : IProgress<RevertProgress>
    {
        public void Report(RevertProgress value)
        {
            job.Progress = new ImportProgress(value.Total, null, value.Done);
            runner.Changed?.Invoke(runId);
        }
    }

    private sealed class Job(ImportProgress progress)
    {
        public ImportProgress Progress { get; set; } = progress;

        public CancellationTokenSource Cancellation { get; } = new();

        public Task? Work { get; set; }
    }
}
