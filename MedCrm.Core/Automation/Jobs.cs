using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Automation;

/// <summary>A scheduled job as administrators see it. Moments are UTC.</summary>
/// <param name="LastStartedAt">The last run, whoever asked for it; null when there was none.</param>
/// <param name="LastFinishedAt">Null while the last run is under way, or when it died.</param>
/// <param name="Outcome">What the last run did, in French.</param>
/// <param name="Failure">Why the last run failed, in French.</param>
/// <param name="IsLate">The period that should have been served is not.</param>
public sealed record JobState(string Name, string Title, string Purpose, TimeOnly Hour, DateTime? LastStartedAt, DateTime? LastFinishedAt, string? Outcome, string? Failure, DateTime NextAt, bool IsLate);

/// <summary>How the reminders stand, for everybody: the last time they were sent (UTC), and whether they are late.</summary>
public sealed record RemindersState(DateTime? LastAt, bool AreLate);

/// <summary>The door of scheduled jobs: how each stands, and running one by hand.</summary>
public sealed class Jobs(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, JobRunner runner, BusinessClock clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>Every job of the schedule, in the order of the day.</summary>
    public async Task<IReadOnlyList<JobState>> ListAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var states = new List<JobState>();
        foreach (var job in Schedule.Jobs.OrderBy(job => job.Hour))
        {
            var last = await db.JobRuns.AsNoTracking().Where(run => run.Job == job.Name).OrderByDescending(run => run.StartedAt).FirstOrDefaultAsync(cancellationToken);
            states.Add(new JobState(job.Name, job.Title, job.Purpose, job.Hour, last?.StartedAt, last?.FinishedAt, last?.Outcome, last?.Failure, job.NextAt(clock), await IsLateAsync(db, job, cancellationToken)));
        }

        return states;
    }

    /// <summary>Runs a job now.</summary>
    /// <exception cref="BusinessRuleException">There is no such job, or it is already running.</exception>
    public async Task<JobResult> RunNowAsync(string name, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        var job = Schedule.Find(name) ?? throw new BusinessRuleException("Cette tâche planifiée n'existe pas.");
        var result = await runner.RunByHandAsync(job, cancellationToken);
        return result.End is JobEnd.Busy ? throw new BusinessRuleException($"{(Sentence)job.Title} : {(Sentence)result.Sentence}") : result;
    }

    /// <summary>How the reminders stand.</summary>
    public async Task<RemindersState> RemindersAsync(CancellationToken cancellationToken = default)
    {
        await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.JobRuns.Where(run => run.Job == Schedule.Reminders.Name && run.Failure == null).MaxAsync(run => run.FinishedAt, cancellationToken);
        return new RemindersState(last, await IsLateAsync(db, Schedule.Reminders, cancellationToken));
    }

    // Late is a due period that nobody served: today's once its hour has passed by a quarter of an hour; before that, yesterday's, where the job ever ran.
    private async Task<bool> IsLateAsync(MedCrmDbContext db, ScheduledJob job, CancellationToken cancellationToken)
    {
        var today = job.DueAt(clock.Today, clock);
        var due = today + s_patience <= clock.UtcNow ? today : job.DueAt(clock.Today.AddDays(-1), clock);
        var runs = db.JobRuns.Where(run => run.Job == job.Name);
        return !await runs.AnyAsync(run => run.FinishedAt >= due && run.Failure == null, cancellationToken)
            && (due == today || await runs.AnyAsync(run => run.StartedAt < due, cancellationToken));
    }
}
