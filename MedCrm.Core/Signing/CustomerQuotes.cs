using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Signing;

/// <summary>
/// The door that customers come in by, with the secret of a link and no account: they read a quote, ask, accept once or refuse. Who holds the secret sees
/// that quote and nothing else.
/// </summary>
public sealed class CustomerQuotes(
    IDbContextFactory<MedCrmDbContext> contexts,
    PrintReader reader,
    PrintedFiles files,
    MailSecrets secrets,
    NotificationNews bells,
    BusinessClock clock,
    ILogger<CustomerQuotes> logger)
{
    private const int LongestQuestion = 4000;
    private const int QuestionsAnHour = 10;

    /// <summary>What stands behind a secret. The first look marks the quote as viewed.</summary>
    public async Task<CustomerQuote> OpenAsync(string secret, Visitor visitor, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, secret, cancellationToken) is not var (link, quote))
        {
            return new CustomerQuote { State = CustomerPageState.Unknown };
        }

        var state = StateOf(link, quote);
        if (state is CustomerPageState.Open && link.OpenedAt is null)
        {
            await NoteOpenedAsync(secret, visitor, cancellationToken);
        }

        if (state is CustomerPageState.Open && (quote.PdfPath is null || !await files.IsIntactAsync(quote.PdfPath, quote.PdfSha256!, cancellationToken)))
        {
            state = CustomerPageState.Altered;
        }

        var company = await Company.ReadAsync(db, cancellationToken);
        var details = quote.Details();
        var print = state is CustomerPageState.Open ? await reader.ReadAsync(PrintedKind.Quote, quote.Id, Actor.System, cancellationToken: cancellationToken) as QuotePrint : null;
        return new CustomerQuote
        {
            State = state,
            SellerName = company.TradeName ?? company.LegalName ?? "",
            QuoteName = quote.RecordName,
            Title = quote.Title,
            Print = print,
            ValidUntil = quote.ValidUntil,
            LinkUntil = clock.ToLocal(link.ExpiresAt),
            ReaderName = link.Name,
            ReaderEmail = Hidden(link.Email),
            ConsentText = Consent.Text(quote.RecordName, quote.Institution.Name),
            AsksCode = company.SignatureAsksCode,
            CodeIsUnderWay = link.CodeHash is not null && link.CodeFailures < SignatureLink.CodeTries && clock.UtcNow <= link.CodeSentAt!.Value.AddMinutes(SignatureLink.CodeMinutes),
            Options = [.. quote.Lines.Where(line => line is { Kind: LineKind.Item, IsOption: true }).OrderBy(line => line.Position).Select(line => new CustomerOption(line.Id, line.Description, line.Net))],
            Lines = details.Lines,
            Discount = new GlobalDiscount(details.DiscountPercent, details.DiscountAmount),
            TakenOptions = state is CustomerPageState.Accepted ? await db.SignatureEvidences.Where(evidence => evidence.QuoteId == quote.Id).Select(evidence => evidence.Options).SingleOrDefaultAsync(cancellationToken) ?? "" : "",
            DecidedBy = quote.AcceptedBy,
            DecidedAt = quote.DecidedAt is { } decided ? clock.ToLocal(decided) : null,
            HasCertificate = state is CustomerPageState.Accepted && await db.SignatureEvidences.AnyAsync(evidence => evidence.LinkId == link.Id, cancellationToken),
            Contact = print?.Contact ?? company.Email,
        };
    }

    /// <summary>The PDF behind a secret, as it was sent; null when the link does not answer.</summary>
    /// <exception cref="BusinessRuleException">The file was altered.</exception>
    public async Task<PrintedFile?> FileAsync(string secret, Visitor visitor, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, secret, cancellationToken) is not var (link, quote) || quote.PdfPath is null || !MayRead(link, quote))
        {
            return null;
        }

        var content = await files.ReadAsync(quote.PdfPath, quote.PdfSha256!, cancellationToken) ?? throw new BusinessRuleException("Ce fichier n'est pas celui qui vous a été envoyé : il ne peut être ni lu ni signé ici. Demandez-le à votre interlocuteur.");
        var since = clock.UtcNow.AddDays(-1);
        if (quote.Status is QuoteStatus.Sent or QuoteStatus.Viewed
            && !await db.SignatureEvents.AnyAsync(step => step.LinkId == link.Id && step.Step == SignatureStep.Downloaded && step.At > since, cancellationToken))
        {
            // Once a day: whoever holds an address does not make the proof of others longer and longer.
            await NoteAsync(quote.Id, link.Id, SignatureStep.Downloaded, visitor, $"PDF {quote.PdfSha256}", cancellationToken);
        }

        return new PrintedFile($"Devis-{quote.RecordName.Replace(' ', '-')}.pdf", content);
    }

    /// <summary>The quote that was signed under a secret; null when it was not.</summary>
    public async Task<Guid?> SignedUnderAsync(string secret, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hash = SignatureLink.HashOf(secret);
        return await db.SignatureLinks.Where(link => link.TokenHash == hash)
            .Join(db.SignatureEvidences, link => link.Id, evidence => evidence.LinkId, (link, evidence) => (Guid?)evidence.QuoteId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>A question: it stands in the feed of the institution, and whoever follows the quote is told.</summary>
    /// <exception cref="BusinessRuleException">It is empty or too long, the link does not answer, or too many came.</exception>
    public async Task AskAsync(string secret, string? question, Visitor visitor, CancellationToken cancellationToken = default)
    {
        var text = Clean.Required(question, LongestQuestion, "Question", "Écrivez votre question.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Guid? told = null;
        await db.InTransactionAsync(
            async () =>
            {
                var (link, quote) = await DemandOpenAsync(db, secret, cancellationToken);
                var since = clock.UtcNow.AddHours(-1);
                if (await db.SignatureEvents.CountAsync(step => step.QuoteId == quote.Id && step.Step == SignatureStep.Asked && step.At > since, cancellationToken) >= QuestionsAnHour)
                {
                    throw new BusinessRuleException("Beaucoup de questions ont été posées en peu de temps. Réessayez dans une heure, ou écrivez à votre interlocuteur.", "Question");
                }

                var asker = link.Name.Length == 0 ? "Le client" : link.Name;
                var actor = Named(asker);
                db.Begin(actor, $"Question sur le devis {quote.RecordName}");
                db.Activities.Add(new Activity(
                    new ActivityDetails
                    {
                        Kind = ActivityKind.Note,
                        Subject = $"Question sur le devis {quote.RecordName}",
                        At = clock.UtcNow,
                        Text = $"{asker} demande :\n\n{text}",
                        OwnerId = quote.OwnerId,
                        TeamId = quote.TeamId,
                        InstitutionId = quote.InstitutionId,
                        OpportunityId = quote.OpportunityId,
                        ContactIds = link.ContactId is { } contact ? [contact] : [],
                    },
                    actor,
                    clock.UtcNow));
                await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.Asked, visitor, null, clock.UtcNow, cancellationToken);
                told = Tell(db, quote, link, $"question:{Guid.NewGuid():N}", $"Question sur le devis {quote.RecordName}", Clean.Shortened(text, 300));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        Announce(told);
    }

    /// <summary>Sends a one-time code to the address of the link.</summary>
    /// <exception cref="BusinessRuleException">The link does not answer, has no address, or too many codes left.</exception>
    public async Task SendCodeAsync(string secret, Visitor visitor, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                var (link, quote) = await DemandOpenAsync(db, secret, cancellationToken);
                var code = link.NewCode(clock.UtcNow);
                var step = await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.CodeSent, visitor, $"À {link.Email}", clock.UtcNow, cancellationToken);
                await Outbox.QueueAsync(
                    db,
                    new MessageDetails
                    {
                        Key = $"signature-code:{step.Id:N}",
                        To = [new Correspondent(link.Email!, link.Name)],
                        Subject = $"Votre code pour signer le devis {quote.RecordName}",
                        Text = $"Bonjour,\n\nVotre code pour signer le devis {quote.RecordName} :\n\n{MessageDetails.SecretMark}\n\nIl se saisit pendant {SignatureLink.CodeMinutes} minutes, sur la page où vous l'avez demandé. Si ce n'était pas vous, ne le communiquez à personne : rien n'est signé sans lui.\n",
                        Secret = secrets.Seal(code),
                        RecordType = nameof(Quote),
                        RecordId = quote.Id,
                        InstitutionId = quote.InstitutionId,
                        ContactId = link.ContactId,
                        OpportunityId = quote.OpportunityId,
                    },
                    Actor.System,
                    clock.UtcNow,
                    cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Accepts the quote, once: its deal is won, the evidence is written, whoever follows it is told. Answers the evidence, whose certificate is still to be printed.</summary>
    /// <exception cref="BusinessRuleException">Something is missing, the code is wrong, the file was altered, or the quote was answered, replaced or is over.</exception>
    public async Task<Guid> AcceptAsync(string secret, SigningDetails details, Visitor visitor, CancellationToken cancellationToken = default)
    {
        var signing = Signing.Of(details);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        if (await FindAsync(db, secret, cancellationToken) is not var (_, seen))
        {
            throw Closed();
        }

        // The very file that is agreed to, read again now: one changed byte and nothing is signed.
        if (seen.PdfPath is null || !await files.IsIntactAsync(seen.PdfPath, seen.PdfSha256!, cancellationToken))
        {
            throw new BusinessRuleException("Le fichier de ce devis a été modifié depuis son envoi : il ne peut pas être signé. Prévenez votre interlocuteur.");
        }

        if (company.SignatureAsksCode)
        {
            await DemandCodeAsync(secret, details.Code, visitor, cancellationToken);
        }

        Guid? told = null;
        var evidenceId = Guid.Empty;
        db.ChangeTracker.Clear();
        await db.InTransactionAsync(
            async () =>
            {
                var (link, quote) = await DemandOpenAsync(db, secret, CancellationToken.None);
                var actor = Named(signing.Name);
                db.Begin(actor, $"Devis {quote.RecordName} accepté en ligne");
                var options = quote.Lines.Where(line => details.OptionIds.Contains(line.Id)).OrderBy(line => line.Position).Select(line => $"{line.Description} : {FrenchText.FormatAmount(line.Net)} HT").ToList();
                await Acceptance.AcceptAsync(new ListScope(db, actor, clock), quote, signing.Name, AcceptanceMeans.Online, CancellationToken.None, [.. details.OptionIds.Distinct()]);

                var at = clock.UtcNow;
                var consent = Consent.Text(quote.RecordName, quote.Institution.Name);
                await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.Consented, visitor, $"Version {Consent.Version}", at, CancellationToken.None);
                var evidence = new SignatureEvidence(quote, link, signing, consent, string.Join('\n', options), company.SignatureAsksCode, at);
                await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.Accepted, visitor, $"{signing.Name}, {signing.Quality}. PDF {quote.PdfSha256}. Preuve {evidence.Fingerprint()}", at, CancellationToken.None);
                db.SignatureEvidences.Add(evidence);
                link.Use(at);
                evidenceId = evidence.Id;
                told = Tell(db, quote, link, "accepted", $"Devis {quote.RecordName} accepté", $"Par {signing.Name}, {signing.Quality} : {FrenchText.FormatAmount(quote.Net)} HT.");
                await db.SaveChangesAsync(CancellationToken.None);
            },
            CancellationToken.None);
        Announce(told);
        logger.LogInformation("Quote accepted on line, evidence {EvidenceId}", evidenceId);
        return evidenceId;
    }

    /// <summary>Refuses the quote, with a reason: whoever follows it is told.</summary>
    /// <exception cref="BusinessRuleException">The reason is missing, or the quote cannot be answered any more.</exception>
    public async Task RefuseAsync(string secret, string? reason, Visitor visitor, CancellationToken cancellationToken = default)
    {
        Guid? told = null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                var (link, quote) = await DemandOpenAsync(db, secret, CancellationToken.None);
                var name = link.Name.Length == 0 ? "Le client" : link.Name;
                db.Begin(Named(name), $"Devis {quote.RecordName} refusé en ligne");
                quote.Refuse(reason, clock.UtcNow, clock.Today);
                await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.Refused, visitor, Clean.Shortened(quote.RefusalReason!, 1000), clock.UtcNow, CancellationToken.None);
                link.Use(clock.UtcNow);
                told = Tell(db, quote, link, "refused", $"Devis {quote.RecordName} refusé", Clean.Shortened($"{name} : {quote.RefusalReason}", 300));
                await db.SaveChangesAsync(CancellationToken.None);
            },
            CancellationToken.None);
        Announce(told);
    }

    private CustomerPageState StateOf(SignatureLink link, Quote quote) => quote.StateOn(clock.Today) switch
    {
        QuoteStatus.Accepted => CustomerPageState.Accepted,
        QuoteStatus.Refused => CustomerPageState.Refused,
        QuoteStatus.Replaced => CustomerPageState.QuoteReplaced,
        _ when !quote.IsLast => CustomerPageState.QuoteReplaced,
        _ when link.ReplacedAt is not null => CustomerPageState.LinkReplaced,
        QuoteStatus.Expired => CustomerPageState.QuoteExpired,
        _ when clock.UtcNow >= link.ExpiresAt => CustomerPageState.LinkExpired,
        QuoteStatus.Sent or QuoteStatus.Viewed => CustomerPageState.Open,
        _ => CustomerPageState.Unknown,
    };

    // Who signed keeps the right to what was signed; the others as long as the quote waits.
    private bool MayRead(SignatureLink link, Quote quote) => link.UsedAt is not null || StateOf(link, quote) is CustomerPageState.Open;

    private static async Task<(SignatureLink Link, Quote Quote)?> FindAsync(MedCrmDbContext db, string secret, CancellationToken cancellationToken)
    {
        var hash = SignatureLink.HashOf(secret);
        return await db.SignatureLinks.SingleOrDefaultAsync(l => l.TokenHash == hash, cancellationToken) is { } link
            && await db.Quotes.Include(q => q.Lines).Include(q => q.Institution).AsSplitQuery().SingleOrDefaultAsync(q => q.Id == link.QuoteId, cancellationToken) is { } quote
                ? (link, quote)
                : null;
    }

    private async Task<(SignatureLink Link, Quote Quote)> DemandOpenAsync(MedCrmDbContext db, string secret, CancellationToken cancellationToken)
        => await FindAsync(db, secret, cancellationToken) is var (link, quote) && StateOf(link, quote) is CustomerPageState.Open ? (link, quote) : throw Closed();

    // A wrong try is kept whatever comes of the rest: it is saved before it is refused.
    private async Task DemandCodeAsync(string secret, string? code, Visitor visitor, CancellationToken cancellationToken)
    {
        var verdict = CodeVerdict.NoneSent;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                var (link, quote) = await DemandOpenAsync(db, secret, CancellationToken.None);
                verdict = link.Try(code, clock.UtcNow);
                if (verdict is not CodeVerdict.NoneSent)
                {
                    await SignatureEvent.AddAsync(db, quote.Id, link.Id, verdict is CodeVerdict.Right ? SignatureStep.CodeEntered : SignatureStep.CodeRefused, visitor, null, clock.UtcNow, CancellationToken.None);
                }

                await db.SaveChangesAsync(CancellationToken.None);
            },
            CancellationToken.None);
        if (verdict is not CodeVerdict.Right)
        {
            throw new BusinessRuleException(
                verdict switch
                {
                    CodeVerdict.Wrong => "Ce code n'est pas le bon. Vérifiez le dernier e-mail reçu.",
                    CodeVerdict.TooMany => "Cinq codes faux : demandez un nouveau code.",
                    CodeVerdict.TooLate => "Ce code a plus de dix minutes : demandez-en un nouveau.",
                    _ => "Demandez d'abord le code : il vous est envoyé par e-mail.",
                },
                nameof(SigningDetails.Code));
        }
    }

    private async Task NoteOpenedAsync(string secret, Visitor visitor, CancellationToken cancellationToken)
    {
        Guid? told = null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                if (await FindAsync(db, secret, cancellationToken) is not var (link, quote) || StateOf(link, quote) is not CustomerPageState.Open || !link.Open(clock.UtcNow))
                {
                    return;
                }

                db.Begin(Named(link.Name.Length == 0 ? "Le client" : link.Name), $"Devis {quote.RecordName} consulté par le client");
                if (quote.Status is QuoteStatus.Sent)
                {
                    quote.MarkViewed(clock.UtcNow);
                    told = Tell(db, quote, link, "viewed", $"Devis {quote.RecordName} consulté", link.Name.Length == 0 ? null : $"Par {link.Name}.");
                }

                await SignatureEvent.AddAsync(db, quote.Id, link.Id, SignatureStep.Opened, visitor, null, clock.UtcNow, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        Announce(told);
    }

    private async Task NoteAsync(Guid quoteId, Guid linkId, SignatureStep step, Visitor visitor, string? detail, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                await SignatureEvent.AddAsync(db, quoteId, linkId, step, visitor, detail, clock.UtcNow, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    private Guid? Tell(MedCrmDbContext db, Quote quote, SignatureLink link, string key, string title, string? body)
    {
        if ((quote.OwnerId ?? link.SentById) is not { } userId)
        {
            return null;
        }

        db.Notifications.Add(new Notification(userId, $"quote:{quote.Id:N}:{key}", title, body, string.Create(CultureInfo.InvariantCulture, $"/quotes/{quote.Id}"), nameof(Quote), quote.Id, clock.UtcNow));
        return userId;
    }

    private void Announce(Guid? userId)
    {
        if (userId is { } told)
        {
            bells.Announce(new HashSet<Guid> { told });
        }
    }

    // What a customer does bears their name in the history; the rights are those of the product, which acts for them.
    private static Actor Named(string name) => Actor.System with { Name = name };

    private static string? Hidden(string? email)
        => email?.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? $"{email[0]}•••{email[at..]}" : null;

    private static BusinessRuleException Closed() => new("Ce devis ne peut plus recevoir de réponse à cette adresse.");
}
