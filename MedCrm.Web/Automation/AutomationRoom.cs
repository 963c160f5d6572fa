using MedCrm.Core.Automation;
using MedCrm.Core.FollowUp;
using Quartz;

namespace MedCrm.Web.Automation;

/// <summary>The knocking: Quartz calls the job runner at each hour of the schedule, at the start, and every twenty seconds for what a trigger missed and for the reminders that tasks have of their own.</summary>
public static class AutomationRoom
{
    /// <summary>Registers the scheduler of the server. Commands have none.</summary>
    public static void AddMedCrmScheduler(this IServiceCollection services, TimeZoneInfo zone)
    {
        services.AddQuartz(quartz =>
        {
            // Triggers follow real time whatever clock the business is given; the runner reads that clock and decides.
            quartz.UseTimeProvider(TimeProvider.System);
            foreach (var job in Schedule.Jobs)
            {
                quartz.ScheduleJob<Knock>(trigger => trigger.WithIdentity(job.Name).WithCronSchedule($"0 {job.Hour.Minute} {job.Hour.Hour} * * ?", cron => cron.InTimeZone(zone)));
            }

            quartz.ScheduleJob<Knock>(trigger => trigger.WithIdentity("catch-up").StartNow().WithSimpleSchedule(TimeSpan.FromSeconds(20)));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}

/// <summary>One knock: serves what is due, rings for the tasks whose moment has come, and lets bells hear what another process wrote.</summary>
public sealed class Knock(JobRunner runner, Reminders reminders, BellWatch bells, ILogger<Knock> logger) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await runner.CatchUpAsync(cancellationToken);
            await reminders.RingAsync(cancellationToken);
            await bells.LookAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The next knock comes in twenty seconds; what was not served still counts as due.
            logger.LogError(failure, "The scheduler could not look at its jobs");
        }
    }
}
