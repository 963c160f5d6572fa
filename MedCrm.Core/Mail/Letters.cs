using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Mail;

/// <summary>An e-mail that somebody writes to contacts.</summary>
public sealed record LetterDetails
{
    /// <summary>Given when the form opens: the same letter leaves once, however often it is sent.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    [Display(Name = "À")] public IReadOnlyList<Guid> ContactIds { get; set; } = [];
    [Display(Name = "Objet")] public string? Subject { get; set; }
    [Display(Name = "Message")] public string? Text { get; set; }
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
}

/// <summary>An e-mail of a feed, whole. Moments are UTC; the text is null once it is kept no more.</summary>
public sealed record SentLetter(Guid Id, string Subject, string FromName, string To, MessageStatus Status, DateTime WrittenAt, DateTime? SentAt, string? Text, bool IsPurged)
{
    /// <summary>The names of what came with it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>The door of e-mails that people write to contacts: each leaves by the outbox, answers go to who wrote, and it stands in the feeds.</summary>
public sealed class Letters(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, Timelines timelines, MailSettings settings, BusinessClock clock)
{
    private const int LongestText = 50_000;

    /// <summary>Whether a mail server is set: without one, messages only wait.</summary>
    public bool MayLeave => settings.Host is not null;

    /// <summary>An e-mail that stands in a feed, for those who see it there; null when it is gone or out of sight.</summary>
    public async Task<SentLetter?> FindAsync(TimelineSubject subject, Guid messageId, CancellationToken cancellationToken = default)
    {
        try
        {
            if (!await timelines.ShowsAsync(subject, MailTimeline.Code, messageId, cancellationToken))
            {
                return null;
            }
        }
        catch (BusinessRuleException)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.OutgoingMessages
            .Where(message => message.Id == messageId)
            .Select(message => new SentLetter(message.Id, message.Subject, message.CausedByName, message.RecipientText, message.Status, message.CreatedAt, message.SentAt, message.Text, message.PurgedAt != null)
            {
                Files = message.Files.OrderBy(file => file.Name).Select(file => file.Name).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Queues a letter, one message to each contact so that none reads the addresses of the others.</summary>
    /// <exception cref="BusinessRuleException">Nobody is named, a contact has no address or is out of sight, or a text is missing.</exception>
    public async Task<Done> SendAsync(LetterDetails details, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var subject = Clean.Required(details.Subject, 200, nameof(details.Subject), "Indiquez l'objet.");
        var text = Clean.Required(details.Text, LongestText, nameof(details.Text), "Écrivez le message.");
        if (details.ContactIds.Count == 0)
        {
            throw new BusinessRuleException("Choisissez au moins un destinataire.", nameof(details.ContactIds));
        }

        var contacts = await VisibleContacts.Of(db, actor).Where(contact => details.ContactIds.Contains(contact.Id)).Select(contact => new { contact.Id, contact.FullName, contact.Email }).ToListAsync(cancellationToken);
        if (contacts.Count != details.ContactIds.Distinct().Count())
        {
            throw new BusinessRuleException("Ce contact n'existe plus, ou n'est pas visible pour vous.", nameof(details.ContactIds));
        }

        if (contacts.Find(contact => contact.Email is null) is { } mute)
        {
            throw new BusinessRuleException($"{mute.FullName} n'a pas d'adresse e-mail.", nameof(details.ContactIds));
        }

        await Links.CheckInstitutionAsync(db, actor, details.InstitutionId, before: null, cancellationToken);
        var deal = details.OpportunityId is { } dealId
            ? await db.Opportunities.VisibleTo(actor).SingleOrDefaultAsync(o => o.Id == dealId, cancellationToken) ?? throw new BusinessRuleException("Cette affaire n'existe plus, ou n'est pas visible pour vous.", nameof(details.OpportunityId))
            : null;
        var email = await db.Users.Where(user => user.Id == actor.Id).Select(user => user.Email).SingleAsync(cancellationToken);
        foreach (var contact in contacts)
        {
            await Outbox.QueueAsync(
                db,
                new MessageDetails
                {
                    Key = $"letter:{details.Id:N}:{contact.Id:N}",
                    To = [new Correspondent(contact.Email!, contact.FullName)],
                    ReplyTo = email is null ? null : new Correspondent(email, actor.Name),
                    Subject = subject,
                    Text = text,
                    RecordType = nameof(Contact),
                    RecordId = contact.Id,
                    InstitutionId = details.InstitutionId ?? deal?.InstitutionId,
                    ContactId = contact.Id,
                    OpportunityId = deal?.Id,
                },
                actor,
                clock.UtcNow,
                cancellationToken);
        }

        var sentence = contacts.Count == 1 ? $"E-mail à {contacts[0].FullName} mis à l'envoi" : $"E-mail à {contacts.Count} contacts mis à l'envoi";
        db.Begin(actor, sentence);
        deal?.Touch(clock.UtcNow);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(contacts[0].Id, sentence, null);
    }
}
