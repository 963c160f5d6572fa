namespace MedCrm.Core.Mail;

/// <summary>How the outbox stands as a whole. Moments are UTC.</summary>
/// <param name="Server">The mail server, « smtp.example.org:587 »; null when none is named.</param>
/// <param name="Fault">What is wrong in the settings, in French.</param>
/// <param name="LastSentAt">The last time the server took a message.</param>
/// <param name="OldestWaitingAt">Since when the oldest waiting message waits.</param>
/// <param name="Trouble">What keeps messages from leaving.</param>
public sealed record OutboxState(
    string? Server,
    MailSecurity Security,
    string From,
    Foundation.Sentence? Fault,
    DateTime? LastSentAt,
    DateTime? OldestWaitingAt,
    ServerTrouble? Trouble,
    IReadOnlyDictionary<MessageStatus, int> Counts)
{
    /// <summary>Messages can leave.</summary>
    public bool IsUsable => Server is not null && Fault is null;

    /// <summary>How many messages stand there.</summary>
    public int CountOf(MessageStatus status) => Counts.GetValueOrDefault(status);
}

/// <summary>A message as its page shows it. Moments are UTC.</summary>
public sealed record MessageSheet(
    Guid Id,
    MessageStatus Status,
    string Subject,
    string? Text,
    string? ReplyTo,
    string? CalendarMethod,
    string? MessageId,
    string CausedByName,
    DateTime CreatedAt,
    DateTime? NextTryAt,
    DateTime? SentAt,
    DateTime? PurgedAt,
    int Attempts,
    string? LastError,
    string? RecordLink,
    string? RecordName)
{
    /// <summary>To whom, and what the server said of each.</summary>
    public IReadOnlyList<SheetRecipient> Recipients { get; init; } = [];

    /// <summary>The files it carries.</summary>
    public IReadOnlyList<SheetFile> Files { get; init; } = [];

    /// <summary>What happened to it, the last first.</summary>
    public IReadOnlyList<SheetStep> Steps { get; init; } = [];

    /// <summary>It can be put back in the queue.</summary>
    public bool MayRetry => PurgedAt is null && OutgoingMessage.MayRetry(Status, Recipients.Any(recipient => recipient.RefusedAt is not null));

    /// <summary>Somebody has to say whether it arrived.</summary>
    public bool IsInDoubt => Status is MessageStatus.ToCheck;

    /// <summary>It can be kept from leaving.</summary>
    public bool MayCancel => Status is MessageStatus.Waiting or MessageStatus.ToCheck;
}

/// <summary>Somebody a message goes to.</summary>
public sealed record SheetRecipient(RecipientKind Kind, string Address, string? Name, DateTime? DeliveredAt, DateTime? RefusedAt, string? Answer);

/// <summary>A file of a message.</summary>
public sealed record SheetFile(string Name, string ContentType, int Length);

/// <summary>Something that happened to a message, in French.</summary>
public sealed record SheetStep(DateTime At, int? Attempt, string Text, string? ByName);
