using System.Globalization;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Automation;

/// <summary>How a call of the runner ended.</summary>
public enum JobEnd
{
    Done,
    AlreadyDone,
    Busy,
    Failed,
}

/// <summary>How a call of the runner ended, and what to say about it in French.</summary>
public sealed record JobResult(JobEnd End, string Sentence);

/// <summary>
/// Runs scheduled jobs. Triggers only knock: the row of <see cref="JobRun"/> decides whether a period is still to be served, and a file lock that
/// dies with its process decides who serves it. So a job fired fifty times, late, or again after a crash has one effect.
/// </summary>
public sealed class JobRunner(IDbContextFactory<MedCrmDbContext> contexts, IServiceScopeFactory scopes, BusinessClock clock, DataFolder folder, ILogger<JobRunner> logger)
{
    // A failed job is tried again the same day, but not at every knock.
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromMinutes(10);

    /// <summary>Serves what is due today and not yet served: at the hour itself, after a start, a sleep or a step of the clock. Each job is on its own.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        foreach (var job in Schedule.Jobs.Where(job => job.DueAt(clock.Today, clock) <= clock.UtcNow).OrderBy(job => job.Hour))
        {
            if (await IsToBeServedAsync(job, clock.Today, cancellationToken))
            {
                await RunAsync(job, clock.Today, cancellationToken);
            }
        }
    }

    /// <summary>Serves a day once. A second call answers that it is done, or under way.</summary>
    public Task<JobResult> RunAsync(ScheduledJob job, DateOnly day, CancellationToken cancellationToken = default)
        => RunAsync(job, day, ScheduledJob.PeriodOf(day), cancellationToken);

    /// <summary>Runs a job because somebody asks, today's period when it is due and still to be served, else once more.</summary>
    public async Task<JobResult> RunByHandAsync(ScheduledJob job, CancellationToken cancellationToken = default)
    {
        var day = clock.Today;
        var isScheduled = job.DueAt(day, clock) <= clock.UtcNow && await RunOfAsync(job, ScheduledJob.PeriodOf(day), cancellationToken) is not { HasSucceeded: true };
        var period = isScheduled ? ScheduledJob.PeriodOf(day) : string.Create(CultureInfo.InvariantCulture, $"{ScheduledJob.PeriodOf(day)} {clock.UtcNow:HH:mm:ss.fffffff}Z");
        return await RunAsync(job, day, period, cancellationToken);
    }

    private async Task<bool> IsToBeServedAsync(ScheduledJob job, DateOnly day, CancellationToken cancellationToken)
        => await RunOfAsync(job, ScheduledJob.PeriodOf(day), cancellationToken) switch
        {
            null => true,
            { Failure: not null } run => run.FinishedAt + s_afterFailure <= clock.UtcNow,
            var run => run.FinishedAt is null,
        };

    private async Task<JobRun?> RunOfAsync(ScheduledJob job, string period, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.JobRuns.AsNoTracking().SingleOrDefaultAsync(run => run.Job == job.Name && run.Period == period, cancellationToken);
    }

    private async Task<JobResult> RunAsync(ScheduledJob job, DateOnly day, string period, CancellationToken cancellationToken)
    {
        // The system gives the lock back whatever ends the process, which no row in a table does.
        using var turn = FileLock.TryTake(Path.Combine(folder.Temporary, $"job-{job.Name}.lock"));
        if (turn is null)
        {
            logger.LogInformation("Job {Job} for {Period} is already under way", job.Name, period);
            return new JobResult(JobEnd.Busy, "Déjà en cours.");
        }

        if (await StartAsync(job, period, cancellationToken) is { } served)
        {
            logger.LogInformation("Job {Job} for {Period} was already done", job.Name, period);
            return new JobResult(JobEnd.AlreadyDone, $"Déjà fait : {served}");
        }

        JobResult result;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            result = new JobResult(JobEnd.Done, await job.RunAsync(new JobTurn(scope.ServiceProvider, day), cancellationToken));
            logger.LogInformation("Job {Job} for {Period} done: {Outcome}", job.Name, period, result.Sentence);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Stopping the program is no failure: the row stays open and the next start resumes.
            logger.LogError(failure, "Job {Job} for {Period} failed", job.Name, period);
            result = new JobResult(JobEnd.Failed, failure is BusinessRuleException ? failure.Message : $"Erreur inattendue ({failure.GetType().Name}) : voir le journal du serveur.");
        }

        await EndAsync(job, period, result);
        return result;
    }

    // Under the lock: a row without an end belongs to a run that died.
    private async Task<string?> StartAsync(ScheduledJob job, string period, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await db.JobRuns.SingleOrDefaultAsync(r => r.Job == job.Name && r.Period == period, cancellationToken);
        if (run is { HasSucceeded: true })
        {
            return run.Outcome;
        }

        if (run is null)
        {
            db.JobRuns.Add(new JobRun(job.Name, period, clock.UtcNow));
        }
        else
        {
            run.Restart(clock.UtcNow);
        }

        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task EndAsync(ScheduledJob job, string period, JobResult result)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var run = await db.JobRuns.SingleAsync(r => r.Job == job.Name && r.Period == period);
        if (result.End is JobEnd.Failed)
        {
            run.Fail(result.Sentence, clock.UtcNow);
        }
        else
        {
            run.Finish(result.Sentence, clock.UtcNow);
        }

        await db.SaveChangesAsync();
    }
}
