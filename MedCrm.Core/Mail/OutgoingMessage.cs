using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Mail;

/// <summary>Where a message stands.</summary>
public enum MessageStatus
{
    [Display(Name = "En attente")] Waiting,
    [Display(Name = "En cours d'envoi")] Sending,
    [Display(Name = "Envoyé")] Sent,
    [Display(Name = "À vérifier")] ToCheck,
    [Display(Name = "Échec")] Failed,
    [Display(Name = "Abandonné")] Abandoned,
    [Display(Name = "Annulé")] Cancelled,
}

/// <summary>How somebody receives a message.</summary>
public enum RecipientKind
{
    [Display(Name = "À")] To,
    [Display(Name = "Copie")] Cc,
}

/// <summary>
/// An e-mail on its way: written in the transaction of the act that causes it, sent afterwards. It is never sent twice by the product itself: a
/// message whose end nobody saw waits for somebody to look (<see cref="MessageStatus.ToCheck"/>). Not a record of the business: it is left out of the change history.
/// </summary>
public sealed class OutgoingMessage : IAnnounced
{
    /// <summary>For how long a message is tried.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    // Minutes before each new try; the last one repeats.
    private static readonly int[] s_delays = [1, 2, 5, 15, 30, 60];

    private readonly List<OutgoingRecipient> _recipients = [];
    private readonly List<OutgoingFile> _files = [];
    private readonly List<OutgoingStep> _steps = [];

    private OutgoingMessage()
    {
    }

    /// <summary>A message that waits for its turn.</summary>
    /// <exception cref="BusinessRuleException">It goes to nobody or to too many, an address is wrong, or it is too large.</exception>
    public OutgoingMessage(MessageDetails details, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        Key = Clean.Required(details.Key, 200, nameof(Key), "Un message a une clé.");
        Subject = Clean.Shortened(MailWords.OneLine(details.Subject), 250);
        (Text, Html, SealedSecret) = (details.Text, details.Html, details.Secret);
        (CalendarMethod, CalendarText) = (details.Calendar?.Method.ToString().ToUpperInvariant(), details.Calendar?.Text);
        if (details.ReplyTo is { } replyTo)
        {
            (ReplyToAddress, ReplyToName) = (MailWords.Address(replyTo.Address), Name(replyTo));
        }

        (RecordType, RecordId) = (details.RecordType, details.RecordId);
        (InstitutionId, ContactId, OpportunityId) = (details.InstitutionId, details.ContactId, details.OpportunityId);
        (CausedById, CausedByName) = (by.Id, by.Name);
        (CreatedAt, NextTryAt) = (at, at);
        Address(details);
        Attach(details.Files);
        RecipientText = Clean.Shortened(string.Join(", ", _recipients.Select(recipient => recipient.Name ?? recipient.Address)), 500);
        SearchKey = Foundation.SearchKey.Fold($"{Subject} {string.Join(' ', _recipients.Select(recipient => $"{recipient.Name} {recipient.Address}"))}");
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>What makes the act unique: no two messages have the same.</summary>
    public string Key { get; private set; } = "";

    [Display(Name = "État")] public MessageStatus Status { get; private set; }

    [Display(Name = "Objet")] public string Subject { get; private set; } = "";

    /// <summary>The plain text; null once purged.</summary>
    public string? Text { get; private set; }

    /// <summary>What stands for <see cref="MessageDetails.SecretMark"/> in the text, sealed; null without, or once the message is with its reader.</summary>
    public byte[]? SealedSecret { get; private set; }

    /// <summary>The HTML; null without, or once purged.</summary>
    public string? Html { get; private set; }

    /// <summary>REQUEST, CANCEL or PUBLISH; null without a calendar.</summary>
    public string? CalendarMethod { get; private set; }

    /// <summary>The calendar part; null without, or once purged.</summary>
    public string? CalendarText { get; private set; }

    /// <summary>Whom answers go to; null for the sender.</summary>
    public string? ReplyToAddress { get; private set; }

    /// <summary>Their name.</summary>
    public string? ReplyToName { get; private set; }

    /// <summary>The type name of the record it is about.</summary>
    public string? RecordType { get; private set; }

    /// <summary>The record it is about.</summary>
    public Guid? RecordId { get; private set; }

    /// <summary>The institution in whose timeline it shows.</summary>
    public Guid? InstitutionId { get; private set; }

    /// <summary>The contact in whose timeline it shows.</summary>
    public Guid? ContactId { get; private set; }

    /// <summary>The deal in whose timeline it shows.</summary>
    public Guid? OpportunityId { get; private set; }

    /// <summary>Who caused it; null for the product.</summary>
    public Guid? CausedById { get; private set; }

    [Display(Name = "Par")] public string CausedByName { get; private set; } = "";

    /// <summary>When the act was done, UTC.</summary>
    [Display(Name = "Écrit le")] public DateTime CreatedAt { get; private set; }

    /// <summary>When it is tried next, UTC; null once there is nothing more to try.</summary>
    [Display(Name = "Prochain essai")] public DateTime? NextTryAt { get; private set; }

    /// <summary>When the present series of tries began, UTC.</summary>
    public DateTime? FirstTriedAt { get; private set; }

    /// <summary>When the server was about to be told that the message is complete, UTC: from here on it may have taken it.</summary>
    public DateTime? HandedOverAt { get; private set; }

    /// <summary>When the server took it, UTC.</summary>
    [Display(Name = "Envoyé le")] public DateTime? SentAt { get; private set; }

    /// <summary>When it came to its end, whatever it was, UTC.</summary>
    public DateTime? ClosedAt { get; private set; }

    /// <summary>When its contents were removed, UTC.</summary>
    public DateTime? PurgedAt { get; private set; }

    /// <summary>How often it was tried in all.</summary>
    [Display(Name = "Essais")] public int Attempts { get; private set; }

    /// <summary>How often since it was last put in the queue.</summary>
    public int Tries { get; private set; }

    /// <summary>What the last try met, in French.</summary>
    [Display(Name = "Dernière erreur")] public string? LastError { get; private set; }

    /// <summary>The Message-ID, the same at each try, so that a receiver knows a copy for what it is.</summary>
    public string? MessageId { get; private set; }

    /// <summary>To whom, as lists say it.</summary>
    [Display(Name = "Destinataires")] public string RecipientText { get; private set; } = "";

    /// <summary>Subject and recipients folded, for search.</summary>
    public string SearchKey { get; private set; } = "";

    /// <summary>Everybody it goes to, and what the server said of each.</summary>
    public IReadOnlyList<OutgoingRecipient> Recipients => _recipients;

    /// <summary>The files that travel with it.</summary>
    public IReadOnlyList<OutgoingFile> Files => _files;

    /// <summary>What happened to it, in order.</summary>
    public IReadOnlyList<OutgoingStep> Steps => _steps;

    /// <inheritdoc/>
    public string RecordName => Subject;

    /// <inheritdoc/>
    public IReadOnlyCollection<Guid> Links => [.. new[] { RecordId, InstitutionId, ContactId, OpportunityId }.OfType<Guid>()];

    /// <summary>A sender takes it: nobody else does meanwhile.</summary>
    /// <exception cref="InvalidOperationException">It does not wait.</exception>
    public void Claim(string domain, DateTime at)
    {
        Demand(MessageStatus.Waiting);
        (Status, Attempts, Tries) = (MessageStatus.Sending, Attempts + 1, Tries + 1);
        MessageId ??= $"{Id:N}@{domain}";
        FirstTriedAt ??= at;
        HandedOverAt = null;
    }

    /// <summary>The server is about to be told that the message is complete.</summary>
    public void HandOver(DateTime at)
    {
        Demand(MessageStatus.Sending);
        HandedOverAt = at;
    }

    /// <summary>The program stops before the server was told anything that counts: the try did not take place.</summary>
    public void Release(DateTime at)
    {
        Demand(MessageStatus.Sending);
        (Status, Attempts, Tries, NextTryAt) = (MessageStatus.Waiting, Attempts - 1, Tries - 1, at);
        FirstTriedAt = Tries == 0 ? null : FirstTriedAt;
    }

    /// <summary>The server answered for each recipient: taken, put off or refused.</summary>
    public void Settle(IReadOnlyDictionary<string, SmtpReply> answers, DateTime at)
    {
        Demand(MessageStatus.Sending);
        var offered = _recipients.Where(recipient => recipient.IsPending && answers.ContainsKey(recipient.Address)).ToList();
        foreach (var recipient in offered)
        {
            recipient.Note(answers[recipient.Address], at);
        }

        var failure = Said(offered, answers);
        SentAt = offered.Exists(recipient => recipient.DeliveredAt is not null) ? at : SentAt;
        if (_recipients.Exists(recipient => recipient.IsPending))
        {
            PutOff(failure ?? "Le serveur n'a pas répondu pour tous les destinataires.", at);
        }
        else if (_recipients.Exists(recipient => recipient.DeliveredAt is not null))
        {
            Close(MessageStatus.Sent, at);
            LastError = failure is null ? null : Clean.Shortened(failure, 1000);
            Note(at, failure is null ? "Accepté par le serveur." : $"Accepté par le serveur, sauf pour certains destinataires. {failure}");
        }
        else
        {
            Close(MessageStatus.Failed, at);
            LastError = failure is null ? null : Clean.Shortened(failure, 1000);
            Note(at, failure ?? "Refusé par le serveur.");
        }
    }

    /// <summary>This try did not succeed and the server surely took nothing: another follows later, until <see cref="Patience"/> is at its end.</summary>
    public void PutOff(string reason, DateTime at)
    {
        Demand(MessageStatus.Sending);
        LastError = Clean.Shortened(reason, 1000);
        var next = at.AddMinutes(s_delays[Math.Min(Tries, s_delays.Length) - 1]);
        if (next > FirstTriedAt + Patience)
        {
            Close(MessageStatus.Abandoned, at);
            Note(at, $"{LastError} Abandonné après trois jours d'essais.");
            return;
        }

        (Status, NextTryAt) = (MessageStatus.Waiting, next);
        Note(at, LastError);
    }

    /// <summary>It cannot be sent as it is.</summary>
    public void Fail(string reason, DateTime at)
    {
        Demand(MessageStatus.Sending);
        LastError = Clean.Shortened(reason, 1000);
        Close(MessageStatus.Failed, at);
        Note(at, LastError);
    }

    /// <summary>Nobody saw whether the server took it: somebody has to look before it is sent again.</summary>
    public void Doubt(string reason, DateTime at)
    {
        Demand(MessageStatus.Sending);
        (Status, NextTryAt, LastError) = (MessageStatus.ToCheck, null, Clean.Shortened(reason, 1000));
        Note(at, LastError);
    }

    /// <summary>Puts it first in the queue, with three days of patience anew, for those who did not get it.</summary>
    /// <exception cref="BusinessRuleException">It is being sent, everybody got it, it is in doubt, or its contents are gone.</exception>
    public void RetryNow(Actor by, DateTime at)
    {
        if (!MayRetry(Status, _recipients.Exists(recipient => recipient.RefusedAt is not null)))
        {
            throw Refused();
        }

        Requeue(by, at, "Remis dans la file.");
    }

    /// <summary>Whether a message in this state can be put back in the queue.</summary>
    public static bool MayRetry(MessageStatus status, bool hasRefusals)
        => status is MessageStatus.Waiting or MessageStatus.Failed or MessageStatus.Abandoned or MessageStatus.Cancelled || (status is MessageStatus.Sent && hasRefusals);

    /// <summary>Sends again a message of which nobody knows whether it arrived.</summary>
    /// <exception cref="BusinessRuleException">It is not in doubt, or its contents are gone.</exception>
    public void Resend(Actor by, DateTime at)
    {
        if (Status is not MessageStatus.ToCheck)
        {
            throw Refused();
        }

        Requeue(by, at, "Renvoyé, alors que le premier envoi a pu arriver.");
    }

    /// <summary>Somebody saw that it arrived.</summary>
    /// <exception cref="BusinessRuleException">It is not in doubt.</exception>
    public void MarkSent(Actor by, DateTime at)
    {
        if (Status is not MessageStatus.ToCheck)
        {
            throw Refused();
        }

        foreach (var recipient in _recipients.Where(recipient => recipient.IsPending))
        {
            recipient.Note(new SmtpReply(250, "constaté à la main"), at);
        }

        SentAt = HandedOverAt ?? at;
        Close(MessageStatus.Sent, at);
        LastError = null;
        Note(at, "Marqué comme envoyé.", by);
    }

    /// <summary>It is not to be sent.</summary>
    /// <exception cref="BusinessRuleException">It does not wait.</exception>
    public void Cancel(Actor by, DateTime at)
    {
        if (Status is not (MessageStatus.Waiting or MessageStatus.ToCheck))
        {
            throw Refused();
        }

        Close(MessageStatus.Cancelled, at);
        Note(at, "Annulé.", by);
    }

    private void Address(MessageDetails details)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (kind, who) in details.To.Select(who => (RecipientKind.To, who)).Concat(details.Cc.Select(who => (RecipientKind.Cc, who))))
        {
            var address = MailWords.Address(who.Address);
            if (seen.Add(address))
            {
                _recipients.Add(new OutgoingRecipient(Id, _recipients.Count, kind, address, Name(who)));
            }
        }

        if (!_recipients.Exists(recipient => recipient.Kind is RecipientKind.To))
        {
            throw new BusinessRuleException("Indiquez à qui va le message.");
        }

        if (_recipients.Count > MessageDetails.MostRecipients)
        {
            throw new BusinessRuleException($"Un message va à {MessageDetails.MostRecipients} personnes au plus : celui-ci en compte {_recipients.Count}.");
        }
    }

    private void Attach(IReadOnlyList<MailFile> files)
    {
        var bytes = files.Sum(file => (long)file.Content.Length) + (Text!.Length + (long)(Html?.Length ?? 0)) * 2;
        if (bytes > MessageDetails.MostBytes)
        {
            throw new BusinessRuleException($"Le message est trop gros : {bytes / 1_000_000m:N1} Mo pour {MessageDetails.MostBytes / 1_000_000m:N1} Mo au plus.");
        }

        _files.AddRange(files.Select((file, place) => new OutgoingFile(Id, place, file)));
    }

    private void Requeue(Actor by, DateTime at, string text)
    {
        if (PurgedAt is not null)
        {
            throw new BusinessRuleException("Le contenu de ce message n'est plus gardé : il ne peut plus partir.");
        }

        foreach (var recipient in _recipients.Where(recipient => recipient.DeliveredAt is null))
        {
            recipient.Offer();
        }

        (Status, NextTryAt, Tries, FirstTriedAt, HandedOverAt, ClosedAt) = (MessageStatus.Waiting, at, 0, null, null, null);
        Note(at, text, by);
    }

    private void Close(MessageStatus status, DateTime at)
    {
        (Status, NextTryAt, ClosedAt) = (status, null, at);
        SealedSecret = status is MessageStatus.Sent && !_recipients.Exists(recipient => recipient.DeliveredAt is null) ? null : SealedSecret;
    }

    private void Note(DateTime at, string text, Actor? by = null) => _steps.Add(new OutgoingStep(Id, at, by is null ? Attempts : null, Clean.Shortened(text, 1200), by?.Name));

    private BusinessRuleException Refused() => new($"Ce message a changé d'état entre-temps : {(Sentence)Labels.Of(Status)}.");

    private void Demand(MessageStatus status)
    {
        if (Status != status)
        {
            throw new InvalidOperationException($"Message {Id} is {Status}, not {status}.");
        }
    }

    private static string? Name(Correspondent who) => MailWords.OneLine(who.Name ?? "") is { Length: > 0 } name ? Clean.Shortened(name, 200) : null;

    // One sentence for each answer of the server, with the addresses it concerns when it does not concern them all.
    private static string? Said(List<OutgoingRecipient> offered, IReadOnlyDictionary<string, SmtpReply> answers)
    {
        var failures = offered.Where(recipient => recipient.DeliveredAt is null).GroupBy(recipient => answers[recipient.Address]).ToList();
        return failures.Count == 0 ? null : string.Join(' ', failures.Select(failure =>
            (failure.Count() == offered.Count ? "" : $"{string.Join(", ", failure.Select(recipient => recipient.Address))} : ")
            + $"{(failure.Key.IsPermanent ? "Le serveur de messagerie a refusé le message." : "Le serveur de messagerie demande de réessayer plus tard.")} Sa réponse : « {failure.Key} »."));
    }
}

/// <summary>Somebody a message goes to, and what the server said.</summary>
public sealed class OutgoingRecipient
{
    private OutgoingRecipient()
    {
    }

    internal OutgoingRecipient(Guid messageId, int place, RecipientKind kind, string address, string? name)
    {
        Id = Guid.CreateVersion7();
        (MessageId, Place, Kind, Address, Name) = (messageId, place, kind, address, name);
    }

    public Guid Id { get; private set; }
    public Guid MessageId { get; private set; }

    /// <summary>The order of the header.</summary>
    public int Place { get; private set; }

    public RecipientKind Kind { get; private set; }
    public string Address { get; private set; } = "";
    public string? Name { get; private set; }

    /// <summary>When the server took the message for them, UTC.</summary>
    public DateTime? DeliveredAt { get; private set; }

    /// <summary>When the server refused them for good, UTC.</summary>
    public DateTime? RefusedAt { get; private set; }

    /// <summary>The server's last words about them.</summary>
    public string? Answer { get; private set; }

    /// <summary>Still to be served.</summary>
    public bool IsPending => DeliveredAt is null && RefusedAt is null;

    internal void Note(SmtpReply answer, DateTime at)
    {
        Answer = answer.ToString();
        DeliveredAt = answer.IsPositive ? at : null;
        RefusedAt = answer.IsPermanent ? at : null;
    }

    internal void Offer() => (RefusedAt, Answer) = (null, null);
}

/// <summary>A file of a message.</summary>
public sealed class OutgoingFile
{
    private OutgoingFile()
    {
    }

    internal OutgoingFile(Guid messageId, int place, MailFile file)
    {
        Id = Guid.CreateVersion7();
        (MessageId, Place, Content, Length) = (messageId, place, file.Content, file.Content.Length);
        Name = MailWords.OneLine(file.Name) is { Length: > 0 } name ? Clean.Shortened(name, 200) : "document";
        ContentType = MailFormat.IsMediaType(file.ContentType) ? file.ContentType : "application/octet-stream";
    }

    public Guid Id { get; private set; }
    public Guid MessageId { get; private set; }

    /// <summary>The order in the message.</summary>
    public int Place { get; private set; }

    public string Name { get; private set; } = "";
    public string ContentType { get; private set; } = "";

    /// <summary>The bytes; empty once purged.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>How many bytes it had.</summary>
    public int Length { get; private set; }
}

/// <summary>Something that happened to a message, in French, as it was written then.</summary>
public sealed class OutgoingStep
{
    private OutgoingStep()
    {
    }

    internal OutgoingStep(Guid messageId, DateTime at, int? attempt, string text, string? byName)
    {
        Id = Guid.CreateVersion7();
        (MessageId, At, Attempt, Text, ByName) = (messageId, at, attempt, text, byName);
    }

    public Guid Id { get; private set; }
    public Guid MessageId { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Which try; null for what a person did.</summary>
    public int? Attempt { get; private set; }

    public string Text { get; private set; } = "";

    /// <summary>Who did it; null for the product.</summary>
    public string? ByName { get; private set; }
}

internal sealed class OutgoingMessageConfiguration :
    IEntityTypeConfiguration<OutgoingMessage>,
    IEntityTypeConfiguration<OutgoingRecipient>,
    IEntityTypeConfiguration<OutgoingFile>,
    IEntityTypeConfiguration<OutgoingStep>
{
    public void Configure(EntityTypeBuilder<OutgoingMessage> message)
    {
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Ignore(m => m.RecordName);
        message.Ignore(m => m.Links);
        message.HasMany(m => m.Recipients).WithOne().HasForeignKey(recipient => recipient.MessageId).OnDelete(DeleteBehavior.Cascade);
        message.Navigation(m => m.Recipients).HasField("_recipients").UsePropertyAccessMode(PropertyAccessMode.Field);
        message.HasMany(m => m.Files).WithOne().HasForeignKey(file => file.MessageId).OnDelete(DeleteBehavior.Cascade);
        message.Navigation(m => m.Files).HasField("_files").UsePropertyAccessMode(PropertyAccessMode.Field);
        message.HasMany(m => m.Steps).WithOne().HasForeignKey(step => step.MessageId).OnDelete(DeleteBehavior.Cascade);
        message.Navigation(m => m.Steps).HasField("_steps").UsePropertyAccessMode(PropertyAccessMode.Field);
        message.HasIndex(m => m.Key).IsUnique();
        message.HasIndex(m => new { m.Status, m.NextTryAt });
        message.HasIndex(m => new { m.Status, m.CreatedAt });
        message.HasIndex(m => m.CreatedAt);
        message.HasIndex(m => m.SentAt);
        message.HasIndex(m => m.ClosedAt).HasFilter("\"PurgedAt\" IS NULL");
        message.HasIndex(m => new { m.InstitutionId, m.CreatedAt });
        message.HasIndex(m => new { m.ContactId, m.CreatedAt });
        message.HasIndex(m => new { m.OpportunityId, m.CreatedAt });
        message.HasIndex(m => m.RecordId);
    }

    public void Configure(EntityTypeBuilder<OutgoingRecipient> recipient)
    {
        recipient.ToTable("OutgoingRecipients");
        recipient.Property(r => r.Id).ValueGeneratedNever();
        recipient.Ignore(r => r.IsPending);
        recipient.HasIndex(r => new { r.MessageId, r.Place });
        recipient.HasIndex(r => r.Address);
    }

    public void Configure(EntityTypeBuilder<OutgoingFile> file)
    {
        file.ToTable("OutgoingFiles");
        file.Property(f => f.Id).ValueGeneratedNever();
        file.HasIndex(f => new { f.MessageId, f.Place });
    }

    public void Configure(EntityTypeBuilder<OutgoingStep> step)
    {
        step.ToTable("OutgoingSteps");
        step.Property(s => s.Id).ValueGeneratedNever();
        step.HasIndex(s => new { s.MessageId, s.At });
    }
}
