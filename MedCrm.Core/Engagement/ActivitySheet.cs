namespace MedCrm.Core.Engagement;

/// <summary>A participant, by name.</summary>
public sealed record Participant(Guid Id, string Name);

/// <summary>An activity as its panel and its page open it: what people edit, and the names of what it is tied to, as far as the actor sees.</summary>
public sealed record ActivitySheet(Guid Id, ActivityDetails Details, string? InstitutionName, string? OpportunityName)
{
    /// <summary>The contacts who took part.</summary>
    public IReadOnlyList<Participant> Contacts { get; init; } = [];

    /// <summary>The colleagues who took part.</summary>
    public IReadOnlyList<Participant> Colleagues { get; init; } = [];

    /// <summary>When invitations last left, UTC.</summary>
    public DateTime? InvitedAt { get; init; }

    /// <summary>Guests know another hour, another place, or do not know that it is cancelled.</summary>
    public bool GuestsAreBehind { get; init; }
}

/// <summary>An activity in a short list: on the page of an institution, in a day of the calendar. The moment is UTC.</summary>
public sealed record ActivityLine
{
    public required Guid Id { get; init; }
    public required ActivityKind Kind { get; init; }
    public required string Subject { get; init; }
    public required DateTime At { get; init; }
    public int? DurationMinutes { get; init; }
    public CallDirection? Direction { get; init; }
    public MeetingStatus? Status { get; init; }
    public string? Result { get; init; }
    public string? Text { get; init; }
    public string? Place { get; init; }
    public Sharing Sharing { get; init; }
    public Guid? OwnerId { get; init; }

    /// <summary>The first contact who took part, and how many there are.</summary>
    public string? ContactName { get; init; }

    /// <summary>How many contacts took part.</summary>
    public int ContactCount { get; init; }
}

/// <summary>The activity of an institution: how much of each kind, what comes, what was last.</summary>
public sealed record ActivityBoard
{
    public required int Calls { get; init; }
    public required int Meetings { get; init; }
    public required int Notes { get; init; }
    public required int Tasks { get; init; }
    public required int UpcomingMeetings { get; init; }
    public required int OpenTasks { get; init; }

    /// <summary>Open tasks with a reminder still to come.</summary>
    public required int PendingReminders { get; init; }

    /// <summary>Meetings to come, the next first.</summary>
    public required IReadOnlyList<ActivityLine> Upcoming { get; init; }

    /// <summary>Meetings whose hour has passed and of which nobody said whether they were held.</summary>
    public required IReadOnlyList<ActivityLine> ToConfirm { get; init; }

    /// <summary>The last calls.</summary>
    public required IReadOnlyList<ActivityLine> LastCalls { get; init; }

    /// <summary>The last notes.</summary>
    public required IReadOnlyList<ActivityLine> LastNotes { get; init; }

    /// <summary>The last meetings held.</summary>
    public required IReadOnlyList<ActivityLine> LastMeetings { get; init; }

    /// <summary>What is to be done, the most pressing first.</summary>
    public required IReadOnlyList<FollowUp.TaskLine> ToDo { get; init; }
}
