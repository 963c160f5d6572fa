using MedCrm.Core.Foundation;

namespace MedCrm.Core.Automation;

/// <summary>« run-job NAME [--now 2026-11-21T09:00+01:00] » runs one scheduled job by hand, as if it were the given moment.</summary>
public sealed class RunJobCommand(JobRunner runner, BusinessClock clock) : IConsoleCommand
{
    /// <inheritdoc/>
    public string Name => "run-job";

    /// <inheritdoc/>
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var name] || Schedule.Find(name) is not { } job)
        {
            throw new BusinessRuleException($"Usage : run-job NOM [--now 2026-11-21T09:00+01:00]. Noms : {string.Join(", ", Schedule.Jobs.Select(known => known.Name))}.");
        }

        var result = await runner.RunByHandAsync(job, cancellationToken);
        await output.WriteLineAsync($"job={job.Name} day={ScheduledJob.PeriodOf(clock.Today)} result={Words(result.End)} : {result.Sentence}");
        return result.End is JobEnd.Done or JobEnd.AlreadyDone ? 0 : 1;
    }

    private static string Words(JobEnd end) => end switch
    {
        JobEnd.Done => "done",
        JobEnd.AlreadyDone => "already-done",
        JobEnd.Busy => "busy",
        _ => "failed",
    };
}
