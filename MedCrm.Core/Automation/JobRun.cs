using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Automation;

/// <summary>One run of a scheduled job for one period; the pair is unique, so a period is served once.</summary>
public sealed class JobRun
{
    private JobRun()
    {
    }

    /// <summary>A run that starts.</summary>
    public JobRun(string job, string period, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (Job, Period, StartedAt) = (job, period, at);
    }

    public Guid Id { get; private set; }

    /// <summary>The job's name.</summary>
    public string Job { get; private set; } = "";

    /// <summary>What it serves: a local day (2026-11-21), followed by the moment of the request when a person asked for it.</summary>
    public string Period { get; private set; } = "";

    /// <summary>When it started, UTC.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>When it ended, UTC; null while it runs or when the process died.</summary>
    public DateTime? FinishedAt { get; private set; }

    /// <summary>What it did, in French.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Why it failed, in French; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>It ended well: the period is served.</summary>
    public bool HasSucceeded => FinishedAt is not null && Failure is null;

    /// <summary>The run ended well.</summary>
    public void Finish(string outcome, DateTime at) => (Outcome, Failure, FinishedAt) = (outcome, null, at);

    /// <summary>The run failed.</summary>
    public void Fail(string failure, DateTime at) => (Failure, FinishedAt) = (failure, at);

    /// <summary>The run starts over after a failure or a crash.</summary>
    public void Restart(DateTime at) => (StartedAt, FinishedAt, Failure, Outcome) = (at, null, null, null);
}

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> run)
    {
        run.Property(r => r.Id).ValueGeneratedNever();
        run.Ignore(r => r.HasSucceeded);
        run.HasIndex(r => new { r.Job, r.Period }).IsUnique();
        run.HasIndex(r => new { r.Job, r.StartedAt });
    }
}
