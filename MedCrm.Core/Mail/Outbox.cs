using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Mail;

/// <summary>The door of outgoing e-mails: queued with the act that causes them, looked at and taken in hand by administrators.</summary>
public sealed class Outbox(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, MailSettings settings, OutboxSender sender, BusinessClock clock)
{
    /// <summary>How long the contents of a message are kept once it came to its end, in days.</summary>
    public const int KeptDays = 90;

    /// <summary>What stands in the place of the subject of a message about a private meeting.</summary>
    internal const string Closed = "Message à titre privé";

    private const int PurgedAtOnce = 200;

    /// <summary>
    /// Adds a message to the caller's context: it is saved, or given up, with the act itself, and leaves after the commit. Null when a message of this
    /// key is already queued: an act that is run again sends nothing more.
    /// </summary>
    /// <exception cref="BusinessRuleException">It goes to nobody or to too many, an address is wrong, or it is too large.</exception>
    public static async Task<OutgoingMessage?> QueueAsync(MedCrmDbContext db, MessageDetails details, Actor by, DateTime at, CancellationToken cancellationToken = default)
    {
        if (db.OutgoingMessages.Local.Any(message => message.Key == details.Key) || await db.OutgoingMessages.AnyAsync(message => message.Key == details.Key, cancellationToken))
        {
            return null;
        }

        var queued = new OutgoingMessage(details, by, at);
        db.OutgoingMessages.Add(queued);
        return queued;
    }

    /// <summary>How the outbox stands.</summary>
    public async Task<OutboxState> StateAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await db.OutgoingMessages.GroupBy(message => message.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return new OutboxState(
            settings.Host is null ? null : settings.ToString(),
            settings.Security,
            settings.From.ToString(),
            settings.Fault,
            await db.OutgoingMessages.MaxAsync(message => message.SentAt, cancellationToken),
            await db.OutgoingMessages.Where(message => message.Status == MessageStatus.Waiting).MinAsync(message => (DateTime?)message.CreatedAt, cancellationToken),
            sender.Trouble,
            counts);
    }

    /// <summary>One message; null when there is none.</summary>
    public async Task<MessageSheet?> FindAsync(Guid messageId, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.OutgoingMessages.AsNoTracking().Include(m => m.Recipients).SingleOrDefaultAsync(m => m.Id == messageId, cancellationToken) is not { } message)
        {
            return null;
        }

        // What is private is not read by who sees that it left.
        var isClosed = message is { RecordType: nameof(Activity), RecordId: { } about } && !await VisibleActivities.Of(db, await currentUser.GetAsync(cancellationToken)).AnyAsync(activity => activity.Id == about, cancellationToken);
        var link = isClosed ? null : message is { RecordType: { } type, RecordId: { } recordId } ? RecordTypes.AddressOf(type, recordId) : null;
        var name = link is null ? null : (await db.NamesOfAsync([message.RecordId!.Value], cancellationToken)).Values.FirstOrDefault();
        return new MessageSheet(
            message.Id,
            message.Status,
            isClosed ? Closed : message.Subject,
            isClosed ? null : message.Text,
            message.ReplyToAddress is { } address ? new Correspondent(address, message.ReplyToName).ToString() : null,
            message.CalendarMethod,
            message.MessageId,
            message.CausedByName,
            message.CreatedAt,
            message.NextTryAt,
            message.SentAt,
            message.PurgedAt,
            message.Attempts,
            message.LastError,
            link,
            name)
        {
            Recipients = [.. message.Recipients.OrderBy(recipient => recipient.Place).Select(recipient => new SheetRecipient(recipient.Kind, recipient.Address, recipient.Name, recipient.DeliveredAt, recipient.RefusedAt, recipient.Answer))],
            Files = await db.Set<OutgoingFile>().Where(file => file.MessageId == messageId).OrderBy(file => file.Place).Select(file => new SheetFile(file.Name, file.ContentType, file.Length)).ToListAsync(cancellationToken),
            Steps = await db.Set<OutgoingStep>().Where(step => step.MessageId == messageId).OrderByDescending(step => step.At).ThenByDescending(step => step.Id).Select(step => new SheetStep(step.At, step.Attempt, step.Text, step.ByName)).ToListAsync(cancellationToken),
        };
    }

    /// <summary>Tries a message at once, or again after a failure.</summary>
    /// <exception cref="BusinessRuleException">It moved on meanwhile, or its contents are gone.</exception>
    public Task<Done> RetryNowAsync(Guid messageId, CancellationToken cancellationToken = default)
        => RequeueAsync(messageId, (message, actor) => message.RetryNow(actor, clock.UtcNow), cancellationToken);

    /// <summary>Sends again a message of which nobody knows whether it arrived.</summary>
    /// <exception cref="BusinessRuleException">It moved on meanwhile, or its contents are gone.</exception>
    public Task<Done> ResendAsync(Guid messageId, CancellationToken cancellationToken = default)
        => RequeueAsync(messageId, (message, actor) => message.Resend(actor, clock.UtcNow), cancellationToken);

    /// <summary>Notes that a message in doubt did arrive.</summary>
    /// <exception cref="BusinessRuleException">It moved on meanwhile.</exception>
    public Task<Done> MarkSentAsync(Guid messageId, CancellationToken cancellationToken = default)
        => ChangeAsync(messageId, (message, actor) => message.MarkSent(actor, clock.UtcNow), _ => "Message marqué comme envoyé", cancellationToken);

    /// <summary>Keeps a message from leaving.</summary>
    /// <exception cref="BusinessRuleException">It moved on meanwhile.</exception>
    public Task<Done> CancelAsync(Guid messageId, CancellationToken cancellationToken = default)
        => ChangeAsync(messageId, (message, actor) => message.Cancel(actor, clock.UtcNow), _ => "Le message ne partira pas", cancellationToken);

    /// <summary>Queues a message to the person who asks, to see that the settings are right.</summary>
    public async Task<Done> SendTrialAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var email = await db.Users.Where(user => user.Id == actor.Id).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken)
            ?? throw new BusinessRuleException("Votre compte n'a pas d'adresse e-mail.");
        var at = clock.ToLocal(clock.UtcNow);
        var trial = await QueueAsync(
            db,
            new MessageDetails
            {
                Key = $"trial:{Guid.NewGuid():N}",
                To = [new Correspondent(email, actor.Name)],
                Subject = "Message d'essai de MedCRM",
                Text = string.Create(FrenchText.Culture, $"Bonjour,\n\nCe message d'essai a été demandé le {at:d MMMM yyyy} à {at:HH:mm} par {actor.Name}.\nSi vous le lisez, l'envoi des e-mails fonctionne.\n\nMedCRM\n"),
            },
            actor,
            clock.UtcNow,
            cancellationToken);
        sender.Resume();
        await db.SaveChangesAsync(cancellationToken);
        return new Done(trial!.Id, string.Create(CultureInfo.InvariantCulture, $"Message d'essai mis dans la file pour {email}"), null);
    }

    /// <summary>Removes the contents of messages that came to their end more than <see cref="KeptDays"/> days ago; answers how many.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        var before = clock.UtcNow.AddDays(-KeptDays);
        for (var purged = 0; ;)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var old = await db.OutgoingMessages.Where(message => message.PurgedAt == null && message.ClosedAt < before).Select(message => message.Id).Take(PurgedAtOnce).ToListAsync(cancellationToken);
            if (old.Count == 0)
            {
                return purged;
            }

            // No rule applies, and the files are not read to be emptied. A message put back in the queue meanwhile keeps what it says.
            var now = clock.UtcNow;
            await db.InTransactionAsync(
                async () =>
                {
                    var still = db.OutgoingMessages.Where(message => old.Contains(message.Id) && message.ClosedAt < before);
                    await db.Set<OutgoingFile>().Where(file => still.Any(message => message.Id == file.MessageId)).ExecuteUpdateAsync(set => set.SetProperty(file => file.Content, Array.Empty<byte>()), cancellationToken);
                    purged += await still.ExecuteUpdateAsync(
                        set => set
                            .SetProperty(message => message.Text, (string?)null)
                            .SetProperty(message => message.Html, (string?)null)
                            .SetProperty(message => message.SealedSecret, (byte[]?)null)
                            .SetProperty(message => message.CalendarText, (string?)null)
                            .SetProperty(message => message.PurgedAt, now),
                        cancellationToken);
                },
                cancellationToken);
        }
    }

    // Somebody asks for it: a server that was left in peace is tried at once.
    private Task<Done> RequeueAsync(Guid messageId, Action<OutgoingMessage, Actor> change, CancellationToken cancellationToken)
        => ChangeAsync(
            messageId,
            (message, actor) =>
            {
                change(message, actor);
                sender.Resume();
            },
            _ => "Message remis dans la file",
            cancellationToken);

    private async Task<Done> ChangeAsync(Guid messageId, Action<OutgoingMessage, Actor> change, Func<OutgoingMessage, string> sentence, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Done? done = null;
        await db.InTransactionAsync(
            async () =>
            {
                var message = await db.OutgoingMessages.Include(m => m.Recipients).SingleOrDefaultAsync(m => m.Id == messageId, cancellationToken)
                    ?? throw new BusinessRuleException("Ce message n'existe plus.");
                change(message, actor);
                await db.SaveChangesAsync(cancellationToken);
                done = new Done(message.Id, sentence(message), null);
            },
            cancellationToken);
        return done!;
    }
}
