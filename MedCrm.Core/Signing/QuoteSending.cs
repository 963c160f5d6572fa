using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Signing;

/// <summary>The door by which quotes are sent, for the first time or again: printed, then sealed, linked and queued in one transaction.</summary>
public sealed class QuoteSending(
    IDbContextFactory<MedCrmDbContext> contexts,
    ICurrentUser currentUser,
    IDocumentPrinter printer,
    PrintedFiles files,
    MailSecrets secrets,
    MailSettings mail,
    PublicSite site,
    BusinessClock clock,
    ILogger<QuoteSending> logger)
{
    private const int MostRecipients = 10;
    private const int LongestText = 20_000;

    /// <summary>The message of a quote, made ready; null when the quote is gone or out of sight.</summary>
    public async Task<SendingDraft?> DraftAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Quotes.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken) is not { } quote)
        {
            return null;
        }

        var company = await Company.ReadAsync(db, cancellationToken);
        var contacts = await ContactsAsync(db, actor, quote, cancellationToken);
        var isFirst = quote.Status is QuoteStatus.Draft;
        var details = new SendingDetails
        {
            ContactIds = contacts.Find(contact => contact.Id == quote.ContactId) is { } reader ? [reader.Id] : contacts.Count == 1 ? [contacts[0].Id] : [],
            Subject = isFirst ? $"Devis {quote.RecordName} : {quote.Title}" : $"Notre devis {quote.RecordName} : {quote.Title}",
            Text = MessageOf(quote, actor.Name, company.TradeName ?? company.LegalName, isFirst),
            WithLink = site.IsReachable,
        };
        return new SendingDraft(quote.RecordName, quote.Version, isFirst, details, contacts, mail.Host is not null, site.IsReachable, printer.IsAvailable);
    }

    /// <summary>Sends a quote to its readers, one message each. A draft leaves the house: its PDF is printed and kept, its deal follows. Sent again, it goes with the same PDF and new links, which end the former ones.</summary>
    /// <param name="quoteId">The quote.</param>
    /// <param name="seenVersion">The version that was looked at: another one is not sent.</param>
    /// <param name="details">To whom, and the message.</param>
    /// <param name="here">The address people use inside, for links while MedCrm:PublicUrl is not set.</param>
    /// <param name="cancellationToken">Ends the wait for the printer; what is being saved is saved.</param>
    /// <exception cref="BusinessRuleException">Somebody has no address, a text is missing, the quote cannot leave, or it could not be printed; nothing was taken.</exception>
    public async Task<Done> SendAsync(Guid quoteId, Guid seenVersion, SendingDetails details, Uri here, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await db.Quotes.AsNoTracking().Include(q => q.Lines).VisibleTo(actor).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken) ?? throw Gone();
        DemandSendable(seen, seenVersion);
        var subject = Clean.Required(details.Subject, 200, nameof(details.Subject), "Indiquez l'objet.");
        var text = Clean.Required(details.Text, LongestText, nameof(details.Text), "Écrivez le message.");
        var readers = await ReadersAsync(db, actor, seen, details, cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        if (details.WithLink && company.SignatureAsksCode && readers.Exists(reader => reader.Email.Length == 0))
        {
            throw new BusinessRuleException("Le code de signature part par e-mail : indiquez une adresse.", nameof(details.ContactIds));
        }

        // Printed before the transaction: what leaves is the version that was seen, or nothing does.
        var isFirst = seen.Status is QuoteStatus.Draft;
        var printed = isFirst ? await printer.PrintLeavingQuoteAsync(quoteId, cancellationToken) : null;
        var path = printed is null ? seen.PdfPath! : await files.KeepAsync("devis", seen.IssuedOn.Year, seen.RecordName, printed, cancellationToken);
        var content = printed?.Content ?? await files.ReadAsync(path, seen.PdfSha256!, cancellationToken) ?? throw new BusinessRuleException(DocumentPrints.Altered);

        var sender = await db.Users.Where(user => user.Id == actor.Id).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken);
        var gesture = db.Begin(actor, isFirst ? $"Devis {seen.RecordName} envoyé" : $"Devis {seen.RecordName} renvoyé");
        var sentence = gesture.Sentence;
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    var quote = await db.Quotes.Include(q => q.Lines).SingleOrDefaultAsync(q => q.Id == quoteId, CancellationToken.None) ?? throw Gone();
                    DemandSendable(quote, seenVersion);
                    db.Expect(quote, seenVersion);
                    if (printed is not null)
                    {
                        var told = await Departure.SendAsync(new ListScope(db, actor, clock), quote, path, printed.Sha256, CancellationToken.None);
                        sentence = told is null ? sentence : $"{sentence}. {told}";
                    }

                    foreach (var reader in readers)
                    {
                        // The same form sent twice leaves the link that was mailed in force.
                        var key = $"quote:{quoteId:N}:{details.Id:N}:{reader.Email}";
                        if (await db.OutgoingMessages.AnyAsync(message => message.Key == key, CancellationToken.None))
                        {
                            continue;
                        }

                        var url = details.WithLink ? Address(here, await LinkAsync(db, quote, reader, actor, company.SignatureDays)) : null;
                        await Outbox.QueueAsync(
                            db,
                            new MessageDetails
                            {
                                Key = key,
                                To = [new Correspondent(reader.Email, reader.Name)],
                                ReplyTo = sender is null ? null : new Correspondent(sender, actor.Name),
                                Subject = subject,
                                Text = TextFor(text, url is not null),
                                Secret = url is null ? null : secrets.Seal(url.AbsoluteUri),
                                Files = [new MailFile($"Devis-{quote.RecordName.Replace(' ', '-')}.pdf", "application/pdf", content)],
                                RecordType = nameof(Quote),
                                RecordId = quote.Id,
                                InstitutionId = quote.InstitutionId,
                                ContactId = reader.ContactId,
                                OpportunityId = quote.OpportunityId,
                            },
                            actor,
                            clock.UtcNow,
                            CancellationToken.None);
                    }

                    await db.SaveChangesAsync(CancellationToken.None);
                },
                CancellationToken.None);
        }
        catch when (printed is not null)
        {
            await files.GiveUpAsync(db, path);
            throw;
        }

        sentence = mail.Host is null ? $"{sentence}. Le message attend qu'un administrateur indique un serveur d'envoi" : sentence;
        logger.LogInformation("Quote {QuoteId} sent to {Readers} readers", quoteId, readers.Count);
        return new Done(quoteId, sentence, null);
    }

    /// <summary>A new personal address for a quote that was sent, to hand over another way. It ends the former ones of the same reader: only its hash is kept.</summary>
    /// <exception cref="BusinessRuleException">The quote was not sent, or was answered.</exception>
    public async Task<Uri> NewLinkAsync(Guid quoteId, Guid? contactId, Uri here, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditQuotes);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Uri? url = null;
        await db.InTransactionAsync(
            async () =>
            {
                var quote = await db.Quotes.VisibleTo(actor).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken) ?? throw Gone();
                if (quote.StateOn(clock.Today) is not (QuoteStatus.Sent or QuoteStatus.Viewed))
                {
                    throw new BusinessRuleException("Un lien ne se crée que pour un devis envoyé qui attend sa réponse.");
                }

                DemandFile(quote);

                var company = await Company.ReadAsync(db, cancellationToken);
                var contact = contactId is { } id ? (await ContactsAsync(db, actor, quote, cancellationToken)).Find(known => known.Id == id) : null;
                if (company.SignatureAsksCode && contact is null)
                {
                    throw new BusinessRuleException("Le code de signature part par e-mail : choisissez un contact qui a une adresse.");
                }

                var reader = contact is null ? new Reader("", "", null) : new Reader(contact.Name, contact.Email, contact.Id);
                url = Address(here, await LinkAsync(db, quote, reader, actor, company.SignatureDays));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return url!;
    }

    /// <summary>The message that goes with a quote.</summary>
    internal static string MessageOf(Quote quote, string sender, string? company, bool isFirst)
        => $"""
            Bonjour,

            {(isFirst ? "Vous trouverez ci-joint" : "Je reviens vers vous au sujet de")} notre devis {quote.RecordName}, « {quote.Title} », d'un montant de {FrenchText.FormatAmount(quote.Gross)} TTC{(isFirst ? "" : ", que vous trouverez de nouveau ci-joint")}. Il est valable jusqu'au {FrenchText.FormatDay(quote.ValidUntil)}.

            Vous pouvez le lire, poser vos questions et le signer en ligne à cette adresse, qui vous est personnelle :
            {SendingDetails.LinkMark}

            Je reste à votre disposition pour en parler.

            Bien cordialement,
            {sender}{(company is null ? "" : $"\n{company}")}
            """;

    private static string TextFor(string text, bool withLink)
    {
        if (withLink)
        {
            return text.Contains(SendingDetails.LinkMark, StringComparison.Ordinal)
                ? text.Replace(SendingDetails.LinkMark, MessageDetails.SecretMark, StringComparison.Ordinal)
                : $"{text}\n\nPour lire et signer ce devis en ligne :\n{MessageDetails.SecretMark}";
        }

        // The paragraph that announces an address leaves with it.
        return string.Join("\n\n", text.Replace("\r\n", "\n", StringComparison.Ordinal).Split("\n\n").Where(paragraph => !paragraph.Contains(SendingDetails.LinkMark, StringComparison.Ordinal)));
    }

    private async Task<string> LinkAsync(MedCrmDbContext db, Quote quote, Reader reader, Actor actor, int days)
    {
        var email = reader.Email.Length == 0 ? null : reader.Email;
        foreach (var former in await db.SignatureLinks.Where(link => link.QuoteId == quote.Id && link.Email == email && link.ReplacedAt == null && link.UsedAt == null).ToListAsync())
        {
            former.Replace(clock.UtcNow);
        }

        var secret = SignatureLink.NewSecret();
        var made = new SignatureLink(quote.Id, secret, reader.Name, email, reader.ContactId, actor.Id, actor.Name, clock.UtcNow, days);
        db.SignatureLinks.Add(made);
        await SignatureEvent.AddAsync(db, quote.Id, made.Id, SignatureStep.Invited, Visitor.Inside, $"{(email is null ? "Lien remis" : reader.Name == email ? $"À {email}" : $"À {reader.Name} <{email}>")}, par {actor.Name}. PDF {quote.PdfSha256}", clock.UtcNow, CancellationToken.None);
        return secret;
    }

    private void DemandSendable(Quote quote, Guid seenVersion)
    {
        if (quote.Version != seenVersion)
        {
            throw new StaleRecordException();
        }

        switch (quote.StateOn(clock.Today))
        {
            case QuoteStatus.Accepted or QuoteStatus.Refused:
                throw new BusinessRuleException("Ce devis a déjà reçu sa réponse.");
            case QuoteStatus.Replaced:
                throw new BusinessRuleException("Ce devis a été remplacé par une nouvelle version : envoyez celle-ci.");
            case QuoteStatus.Expired:
                throw new BusinessRuleException("La validité de ce devis est passée : prolongez-la avant de l'envoyer.");
            case not QuoteStatus.Draft:
                DemandFile(quote);
                break;
        }
    }

    // What was recorded as sent without a print of ours has nothing to read or sign on line.
    private static void DemandFile(Quote quote)
    {
        if (quote.PdfPath is null)
        {
            throw new BusinessRuleException("Ce devis a été marqué comme envoyé sans son PDF : il ne peut être ni renvoyé ni signé en ligne. Commencez une nouvelle version.");
        }
    }

    private static async Task<List<SendingContact>> ContactsAsync(MedCrmDbContext db, Actor actor, Quote quote, CancellationToken cancellationToken)
    {
        var visible = VisibleContacts.Of(db, actor);
        var placed = await db.ContactRoles.Where(role => role.InstitutionId == quote.InstitutionId && role.EndedOn == null && role.Contact.Email != null && visible.Any(contact => contact.Id == role.ContactId))
            .OrderByDescending(role => role.IsPrimary).ThenBy(role => role.Contact.LastName)
            .Select(role => new SendingContact(role.ContactId, role.Contact.FullName, role.Title, role.Contact.Email!))
            .Take(100)
            .ToListAsync(cancellationToken);
        if (quote.ContactId is { } id && placed.TrueForAll(contact => contact.Id != id)
            && await visible.Where(contact => contact.Id == id && contact.Email != null).Select(contact => new SendingContact(contact.Id, contact.FullName, contact.JobTitle, contact.Email!)).SingleOrDefaultAsync(cancellationToken) is { } named)
        {
            placed.Insert(0, named);
        }

        return [.. placed.DistinctBy(contact => contact.Id)];
    }

    private static async Task<List<Reader>> ReadersAsync(MedCrmDbContext db, Actor actor, Quote quote, SendingDetails details, CancellationToken cancellationToken)
    {
        var known = await ContactsAsync(db, actor, quote, cancellationToken);
        var readers = known.Where(contact => details.ContactIds.Contains(contact.Id)).Select(contact => new Reader(contact.Name, contact.Email, contact.Id)).ToList();
        if (readers.Count != details.ContactIds.Distinct().Count())
        {
            throw new BusinessRuleException("Un destinataire n'a plus de poste dans cet établissement, ou plus d'adresse e-mail.", nameof(details.ContactIds));
        }

        if (Clean.Email(details.OtherEmail, nameof(details.OtherEmail)) is { } other && readers.TrueForAll(reader => reader.Email != other))
        {
            readers.Add(new Reader(other, other, null));
        }

        return readers.Count switch
        {
            0 => throw new BusinessRuleException("Choisissez au moins un destinataire.", nameof(details.ContactIds)),
            > MostRecipients => throw new BusinessRuleException($"Un devis part à {MostRecipients} destinataires au plus.", nameof(details.ContactIds)),
            _ => readers,
        };
    }

    private Uri Address(Uri here, string secret) => new(site.Url ?? here, $"p/{secret}");

    private static BusinessRuleException Gone() => new("Ce devis n'existe plus, ou n'est pas visible pour vous.");

    private sealed record Reader(string Name, string Email, Guid? ContactId);
}
