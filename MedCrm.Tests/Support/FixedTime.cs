namespace MedCrm.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
public sealed class FixedTime(DateTime utcNow) : TimeProvider
{
    private DateTimeOffset _now = new(DateTime.SpecifyKind(utcNow, DateTimeKind.Utc));

    /// <summary>Called each time somebody looks at the clock: to change something between two steps of an act.</summary>
    public Action? OnLook { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        OnLook?.Invoke();
        return _now;
    }

    public void MoveTo(DateTime utc) => _now = new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    public void Advance(TimeSpan by) => _now += by;
}
