using System.Globalization;

namespace MedCrm.Core.Foundation;

/// <summary>The system's clock, set to a stated moment at the start and running on from there: « --now » of the command line.</summary>
public sealed class StatedTime(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan _shift = start - System.GetUtcNow();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    /// <summary>Takes « --now MOMENT » out of a command line; the system's clock without it, a local moment where no offset is said. False when the moment cannot be read.</summary>
    public static bool TryTakeFrom(ref string[] args, TimeZoneInfo zone, out TimeProvider time)
    {
        time = System;
        var position = Array.IndexOf(args, "--now");
        if (position < 0)
        {
            return true;
        }

        var text = position + 1 < args.Length ? args[position + 1] : "";
        args = [.. args[..position], .. args.Skip(position + 2)];
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return false;
        }

        time = new StatedTime(moment.Kind is DateTimeKind.Utc ? moment : new BusinessClock(System, zone).ToUtc(DateOnly.FromDateTime(moment), TimeOnly.FromDateTime(moment)));
        return true;
    }
}
