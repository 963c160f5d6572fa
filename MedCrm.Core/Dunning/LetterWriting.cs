using System.Globalization;
using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Dunning;

/// <summary>Writes reminders from what is due, and keeps those that wait true to it. Everything here runs inside the caller's transaction.</summary>
internal static class LetterWriting
{
    // What is demanded of an invoice to be asked for, and what is told when it fails.
    private static readonly (Expression<Func<Invoice, bool>> Demand, string Reason)[] s_demands =
    [
        (invoice => invoice.Status != InvoiceStatus.Draft && invoice.Kind != InvoiceKind.CreditNote && invoice.DeletedAt == null && invoice.IssuedOn != null && invoice.DueOn != null, "Plus à régler."),
        (invoice => invoice.Status != InvoiceStatus.Credited, "Annulée par un avoir."),
        (invoice => invoice.Balance > 0, "Réglée avant l'envoi."),
        (invoice => invoice.DisputedOn == null, "En litige."),
    ];

    private static readonly (Func<Invoice, bool> Demand, string Reason)[] s_tests = Array.ConvertAll(s_demands, one => (one.Demand.Compile(), one.Reason));

    /// <summary>The invoices to be asked for, whoever pays them.</summary>
    public static IQueryable<Invoice> Askable(IQueryable<Invoice> invoices) => s_demands.Aggregate(invoices, (left, one) => left.Where(one.Demand));

    /// <summary>Why an invoice is not to be asked for; null when it is.</summary>
    public static string? WhyNot(Invoice invoice) => Array.Find(s_tests, one => !one.Demand(invoice)).Reason;

    /// <summary>Gives up, or writes again, the reminders about some invoices that have not left; holds back an e-mail that waits in the outbox.</summary>
    public static async Task ReviseAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        var letterIds = await db.DunningNotices
            .Where(notice => invoiceIds.Contains(notice.InvoiceId) && (notice.State == LetterState.Waiting || notice.State == LetterState.Sent))
            .Select(notice => notice.LetterId)
            .Distinct()
            .ToListAsync(cancellationToken);
        foreach (var letterId in letterIds)
        {
            var letter = await db.DunningLetters.SingleAsync(letter => letter.Id == letterId, cancellationToken);
            if (letter.State is LetterState.Waiting)
            {
                await ReviseAsync(db, letter, message: null, cancellationToken);
            }
            else if (letter.MessageId is { } messageId
                && await db.OutgoingMessages.Include(message => message.Recipients).SingleOrDefaultAsync(message => message.Id == messageId && message.Status == MessageStatus.Waiting, cancellationToken) is { } message)
            {
                await ReviseAsync(db, letter, message, cancellationToken);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// A formal notice leaves its days from the day on which it leaves, however long it waited: what it says is written again when its last day moved, and somebody's own
    /// words keep all but that day. Answers the version of what leaves; nothing is written when it changed since it was looked at.
    /// </summary>
    public static async Task<Guid> RenewAsync(MedCrmDbContext db, Guid letterId, Guid seenVersion, CancellationToken cancellationToken)
    {
        var letter = await db.DunningLetters.SingleAsync(letter => letter.Id == letterId, cancellationToken);
        if (letter.State is not LetterState.Waiting || letter.Level is not DunningLevel.Formal || letter.Version != seenVersion)
        {
            return seenVersion;
        }

        var finalOn = FinalOf(await DunningPolicy.ReadAsync(db, letter.Profile, cancellationToken), db.Clock.Today);
        if (finalOn == letter.FinalOn)
        {
            return seenVersion;
        }

        if (letter.IsEdited)
        {
            letter.Postpone(finalOn);
        }
        else
        {
            await WriteAsync(db, letter, await db.DunningNotices.Where(notice => notice.LetterId == letterId && notice.State == LetterState.Waiting).ToListAsync(cancellationToken), cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return letter.Version;
    }

    /// <summary>Writes a reminder from the invoices that wait in it. It goes where it went, for somebody may have typed that; to the payer's address when none is known yet.</summary>
    public static async Task WriteAsync(MedCrmDbContext db, DunningLetter letter, IReadOnlyList<DunningNotice> notices, CancellationToken cancellationToken)
    {
        var ids = notices.Select(notice => notice.InvoiceId).ToList();
        var invoices = (await db.Invoices.Where(invoice => ids.Contains(invoice.Id)).ToListAsync(cancellationToken)).ToDictionary(invoice => invoice.Id);
        var level = notices.Max(notice => notice.Level);
        var policy = await DunningPolicy.ReadAsync(db, letter.Profile, cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        var billing = await BillingProfiles.EffectiveAsync(db, letter.InstitutionId, cancellationToken);
        var address = letter.Email ?? billing.Email ?? await db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).Where(institution => institution.Id == letter.InstitutionId).Select(institution => institution.Email).SingleOrDefaultAsync(cancellationToken);
        var today = db.Clock.Today;
        var asked = notices.Where(notice => notice.Level == level).Select(notice => invoices[notice.InvoiceId]).OrderBy(invoice => invoice.DueOn).ThenBy(invoice => invoice.Number).ToList();
        var others = notices.Where(notice => notice.Level != level).Select(notice => invoices[notice.InvoiceId]).OrderBy(invoice => invoice.DueOn).ThenBy(invoice => invoice.Number).ToList();
        var claims = policy.ClaimsPenalties && level is not DunningLevel.Courtesy;
        var penalties = claims ? await Penalties.OfAsync(db, asked.ConvertAll(invoice => invoice.Id), today, cancellationToken) : [];
        var (interest, costs) = (penalties.Values.Sum(sheet => sheet.Interest), penalties.Values.Sum(sheet => sheet.FixedCosts));
        var total = asked.Sum(invoice => invoice.Balance);
        var oldest = asked[0].DueOn!.Value;
        var finalOn = level is DunningLevel.Formal ? FinalOf(policy, today) : (DateOnly?)null;
        var values = new Dictionary<string, string>
        {
            ["client"] = billing.Name,
            ["factures"] = string.Join('\n', asked.Select(invoice => LineOf(invoice, today))),
            ["autres_factures"] = others.Count == 0 ? "" : $"Pour mémoire, restent aussi à régler :\n{string.Join('\n', others.Select(invoice => LineOf(invoice, today)))}",
            ["total"] = FrenchText.FormatAmount(total),
            ["echeance"] = FrenchText.FormatDay(oldest),
            ["retard"] = Math.Max(0, today.DayNumber - oldest.DayNumber).ToString(CultureInfo.InvariantCulture),
            ["penalites"] = interest + costs == 0 ? "" : $"Au {FrenchText.FormatDay(today)}, pénalités de retard : {FrenchText.FormatAmount(interest)} ; indemnité forfaitaire de recouvrement : {FrenchText.FormatAmount(costs)}. Total avec pénalités : {FrenchText.FormatAmount(total + interest + costs)}.",
            ["total_avec_penalites"] = FrenchText.FormatAmount(total + interest + costs),
            ["date_limite"] = finalOn is { } final ? FrenchText.FormatDay(final) : "",
            ["banque"] = company.Iban is null ? "" : company.Bic is null ? $"IBAN : {company.Iban}" : $"IBAN : {company.Iban} - BIC : {company.Bic}",
            ["societe"] = company.TradeName ?? company.LegalName ?? "",
        };
        var (subject, body) = policy.TextsOf(level);
        letter.Write(new LetterContents(level, address, DunningTexts.Fill(subject, values).ReplaceLineEndings(" "), DunningTexts.Fill(DunningTexts.WithOthers(body), values), total, interest, costs, finalOn));
    }

    /// <summary>The e-mail of a reminder; a formal notice carries its letter when it could be printed.</summary>
    public static async Task<MessageDetails> MessageAsync(MedCrmDbContext db, DunningLetter letter, Actor by, PrintedDocument? paper, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        var answers = by.Id is { } id ? await db.Users.Where(user => user.Id == id).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken) : company.Email;
        return new MessageDetails
        {
            Key = letter.NextKey(),
            To = [new Correspondent(letter.Email ?? throw DunningLetter.NoAddress(), letter.InstitutionName)],
            ReplyTo = answers is null ? null : new Correspondent(answers, by.Id is null ? company.TradeName ?? company.LegalName : by.Name),
            Subject = letter.Subject,
            Text = letter.Body,
            Files = paper is null ? [] : [new MailFile("mise-en-demeure.pdf", "application/pdf", paper.Content)],
            RecordType = nameof(DunningLetter),
            RecordId = letter.Id,
        };
    }

    /// <summary>The invoices of a reminder, those that were given up while it waited left out.</summary>
    public static async Task<IReadOnlyList<LetterInvoice>> InvoicesAsync(MedCrmDbContext db, DunningLetter letter, CancellationToken cancellationToken)
    {
        var state = letter.State;
        return await (
            from notice in db.DunningNotices
            where notice.LetterId == letter.Id && notice.State == state
            join invoice in db.Invoices on notice.InvoiceId equals invoice.Id
            orderby notice.Level descending, invoice.DueOn, invoice.Number
            select new LetterInvoice(invoice.Id, notice.InvoiceNumber, notice.Level, invoice.IssuedOn!.Value, invoice.DueOn!.Value, invoice.Gross - invoice.Prepaid, notice.Balance)).ToListAsync(cancellationToken);
    }

    private static async Task ReviseAsync(MedCrmDbContext db, DunningLetter letter, OutgoingMessage? message, CancellationToken cancellationToken)
    {
        var state = letter.State;
        var notices = await db.DunningNotices.Where(notice => notice.LetterId == letter.Id && notice.State == state).ToListAsync(cancellationToken);
        var ids = notices.ConvertAll(notice => notice.InvoiceId);
        var invoices = (await db.Invoices.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).Where(invoice => ids.Contains(invoice.Id)).ToListAsync(cancellationToken)).ToDictionary(invoice => invoice.Id);
        var isNever = await db.BillingProfiles.AnyAsync(profile => profile.InstitutionId == letter.InstitutionId && profile.IsNeverDunned, cancellationToken);
        var reasons = notices.ToDictionary(notice => notice.Id, notice => isNever ? "Payeur sans relance." : WhyNot(invoices[notice.InvoiceId]));
        if (notices.TrueForAll(notice => reasons[notice.Id] is null && invoices[notice.InvoiceId].Balance == notice.Balance))
        {
            return;
        }

        if (message is not null)
        {
            message.Cancel(db.Gesture?.Actor ?? Actor.System, db.Clock.UtcNow);
            letter.TakeBack();
        }

        var left = new List<DunningNotice>();
        foreach (var notice in notices)
        {
            if (reasons[notice.Id] is { } reason)
            {
                notice.Follow(LetterState.Cancelled, reason);
            }
            else
            {
                notice.Enter(letter.Id, invoices[notice.InvoiceId].Balance);
                left.Add(notice);
            }
        }

        if (left.Count == 0)
        {
            letter.Cancel(reasons.Values.First(reason => reason is not null)!);
        }
        else
        {
            await WriteAsync(db, letter, left, cancellationToken);
        }
    }

    // The last of the days left, put off to a worked one within the fortnight.
    private static DateOnly FinalOf(DunningPolicy policy, DateOnly today)
        => FrenchCalendar.NextWorkingDay(today.AddDays(policy.FinalDays)) is var day && day <= today.AddDays(15) ? day : today.AddDays(policy.FinalDays);

    private static string LineOf(Invoice invoice, DateOnly today)
    {
        var due = invoice.DueOn!.Value;
        var late = today.DayNumber - due.DayNumber;
        return $"- {invoice.Number} du {FrenchText.FormatDay(invoice.IssuedOn!.Value)}, {(late > 0 ? "échue" : "à échéance")} le {FrenchText.FormatDay(due)} : {FrenchText.FormatAmount(invoice.Balance)}{(late switch { > 1 => $" ({late} jours de retard)", 1 => " (1 jour de retard)", _ => "" })}";
    }
}
