namespace MedCrm.Core.Foundation;

/// <summary>The one clock of the product: UTC moments from <see cref="TimeProvider"/>, days and hours in the team's time zone (Europe/Paris unless configured).</summary>
public sealed class BusinessClock(TimeProvider time, TimeZoneInfo zone)
{
    /// <summary>The zone that days and hours are counted in.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>The provider behind, for timers.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Now, UTC.</summary>
    public DateTime UtcNow => Time.GetUtcNow().UtcDateTime;

    /// <summary>Today in the team's time zone.</summary>
    public DateOnly Today => DayOf(UtcNow);

    /// <summary>The local day on which a UTC moment falls.</summary>
    public DateOnly DayOf(DateTime utc) => DateOnly.FromDateTime(ToLocal(utc));

    /// <summary>A UTC moment as local wall-clock time.</summary>
    public DateTime ToLocal(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);

    /// <summary>The UTC moment of a local day and hour. An hour skipped by the spring change moves forward by the gap; an hour lived twice is the first one.</summary>
    public DateTime ToUtc(DateOnly day, TimeOnly hour)
    {
        var local = day.ToDateTime(hour, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(local))
        {
            local = local.AddHours(1);
        }

        if (Zone.IsAmbiguousTime(local))
        {
            return DateTime.SpecifyKind(local - Zone.GetAmbiguousTimeOffsets(local).Max(), DateTimeKind.Utc);
        }

        return TimeZoneInfo.ConvertTimeToUtc(local, Zone);
    }
}
