namespace MedCrm.Core.Calendars;

/// <summary>What a calendar asks of whoever receives it (RFC 5546).</summary>
public enum CalendarMethod
{
    Publish,
    Request,
    Cancel,
}

/// <summary>Whether an event takes place.</summary>
public enum CalendarStatus
{
    Confirmed,
    Tentative,
    Cancelled,
}

/// <summary>What somebody invited answered.</summary>
public enum Participation
{
    NeedsAction,
    Accepted,
    Declined,
    Tentative,
}

/// <summary>Somebody in a calendar.</summary>
public sealed record CalendarPerson(string Address, string? Name = null);

/// <summary>Somebody invited, and what they answered.</summary>
public sealed record CalendarAttendee(string Address, string? Name = null, Participation Participation = Participation.NeedsAction);

/// <summary>An event of a calendar: at an hour, or on whole days.</summary>
public sealed record CalendarEvent
{
    private CalendarEvent()
    {
    }

    /// <summary>What identifies the event for its whole life, whatever changes: « meeting-ID@medcrm ».</summary>
    public string Uid { get; private init; } = "";

    public string Summary { get; private init; } = "";

    /// <summary>When it begins, UTC; null for whole days.</summary>
    public DateTime? StartAt { get; private init; }

    /// <summary>When it ends, UTC; null for whole days.</summary>
    public DateTime? EndAt { get; private init; }

    /// <summary>Its first day; null for an event at an hour.</summary>
    public DateOnly? FirstOn { get; private init; }

    /// <summary>Its last day, included; null for an event at an hour.</summary>
    public DateOnly? LastOn { get; private init; }

    /// <summary>0, and one more at each change of time or place and at its cancellation.</summary>
    public int Sequence { get; init; }

    public string? Description { get; init; }
    public string? Location { get; init; }
    public CalendarPerson? Organizer { get; init; }
    public IReadOnlyList<CalendarAttendee> Attendees { get; init; } = [];
    public CalendarStatus Status { get; init; }

    /// <summary>It does not keep anybody busy.</summary>
    public bool IsFree { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTime? UpdatedAt { get; init; }

    /// <summary>Where it is opened; a feed completes an address inside the product.</summary>
    public string? Url { get; init; }

    /// <summary>An event at an hour, UTC.</summary>
    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    public static CalendarEvent At(string uid, string summary, DateTime startAt, DateTime endAt)
        => endAt >= startAt
            ? new() { Uid = uid, Summary = summary, StartAt = startAt, EndAt = endAt }
            : throw new ArgumentException("An event ends after it begins.", nameof(endAt));

    /// <summary>An event of whole days; the last one is included.</summary>
    /// <exception cref="ArgumentException">The last day comes before the first.</exception>
    public static CalendarEvent On(string uid, string summary, DateOnly firstOn, DateOnly? lastOn = null)
        => (lastOn ?? firstOn) >= firstOn
            ? new() { Uid = uid, Summary = summary, FirstOn = firstOn, LastOn = lastOn ?? firstOn }
            : throw new ArgumentException("An event ends after it begins.", nameof(lastOn));
}
