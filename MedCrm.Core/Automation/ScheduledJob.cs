using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Automation;

/// <summary>A line of the <see cref="Schedule"/>: every day at an hour, one call of a door. The call answers what it did, in French, and may be made again for the same day.</summary>
public sealed record ScheduledJob(string Name, TimeOnly Hour, string Title, string Purpose, Func<JobTurn, CancellationToken, Task<string>> RunAsync)
{
    /// <summary>The period that a local day is.</summary>
    public static string PeriodOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The moment, UTC, from which a day's period may be served.</summary>
    public DateTime DueAt(DateOnly day, BusinessClock clock) => clock.ToUtc(day, Hour);

    /// <summary>The next moment, UTC, after now.</summary>
    public DateTime NextAt(BusinessClock clock)
    {
        var today = DueAt(clock.Today, clock);
        return today > clock.UtcNow ? today : DueAt(clock.Today.AddDays(1), clock);
    }
}

/// <summary>What a job works with: the local day it serves, and doors opened as the product itself.</summary>
public sealed class JobTurn(IServiceProvider services, DateOnly day)
{
    /// <summary>The local day served.</summary>
    public DateOnly Day { get; } = day;

    /// <summary>A door whose current user is the product.</summary>
    public T Door<T>() => ActivatorUtilities.CreateInstance<T>(services, [.. AsTheProduct<T>()]);

    // A door that asks nobody who acts takes no user either.
    private static IEnumerable<object> AsTheProduct<T>()
        => typeof(T).GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(ICurrentUser))) ? [new SystemUser()] : [];
}
