using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Invoicing;

/// <summary>The e-mail that takes an invoice to its payer.</summary>
public sealed record InvoiceLetter
{
    /// <summary>Given when the form opens: the same letter leaves once, however often it is sent.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    [Display(Name = "À")] public string? To { get; set; }
    [Display(Name = "Objet")] public string? Subject { get; set; }
    [Display(Name = "Message")] public string? Text { get; set; }
}

/// <summary>The door of invoices on paper: prints what was issued once and for good, and mails it. Never inside the transaction that issues: a failed print undoes nothing.</summary>
public sealed class InvoicePrints(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, IDocumentPrinter printer, PrintedFiles files, BusinessClock clock, ILogger<InvoicePrints> logger)
{
    private const string Shelf = "factures";
    private const int MostAtOnce = 100;

    /// <summary>Prints an issued invoice and keeps the file, unless one is kept already. False when it is a draft, out of sight, or nothing here can print.</summary>
    /// <exception cref="BusinessRuleException">Printing failed; the sentence says what to do.</exception>
    public async Task<bool> KeepAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var invoice = await InvoiceList.Of(db, actor).Where(i => i.Id == invoiceId && i.Number != null).Select(i => new { i.Number, i.IssuedOn, i.PdfPath }).SingleOrDefaultAsync(cancellationToken);
        if (invoice is null || invoice.PdfPath is not null || !printer.IsAvailable)
        {
            return invoice?.PdfPath is not null;
        }

        var printed = await printer.PrintAsync(PrintedKind.Invoice, invoiceId, cancellationToken);
        var path = await files.KeepAsync(Shelf, invoice.IssuedOn!.Value.Year, invoice.Number!, printed, cancellationToken);

        // The first print is the one: a second that came meanwhile changes nothing. What people edit stays as it was, so its version does too.
        var isFirst = false;
        await db.InTransactionAsync(
            async () => isFirst = await db.Invoices.Where(i => i.Id == invoiceId && i.PdfPath == null)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.PdfPath, path).SetProperty(i => i.PdfSha256, printed.Sha256), cancellationToken) > 0,
            cancellationToken);
        if (!isFirst)
        {
            await files.GiveUpAsync(db, path);
        }

        return true;
    }

    /// <summary>Prints the issued invoices of the last month that have no file yet; answers how many now have one.</summary>
    public async Task<int> KeepMissingAsync(CancellationToken cancellationToken = default)
    {
        if (!printer.IsAvailable)
        {
            return 0;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = clock.Today.AddDays(-31);
        var missing = await db.Invoices.Where(i => i.Number != null && i.PdfPath == null && i.IssuedOn >= since).OrderBy(i => i.IssuedOn).Select(i => i.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        var kept = 0;
        foreach (var id in missing)
        {
            try
            {
                kept += await KeepAsync(id, cancellationToken) ? 1 : 0;
            }
            catch (Exception failure) when (failure is BusinessRuleException or IOException or UnauthorizedAccessException)
            {
                // One file that cannot be written keeps the others from nothing.
                logger.LogWarning(failure, "Invoice {InvoiceId} was not printed", id);
            }
        }

        return kept;
    }

    /// <summary>The e-mail as somebody finds it: to whom invoices are sent, and what it says.</summary>
    /// <exception cref="BusinessRuleException">It is a draft, gone or out of sight.</exception>
    public async Task<InvoiceLetter> LetterAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var invoice = await InvoiceList.Of(db, actor).AsNoTracking().SingleOrDefaultAsync(i => i.Id == invoiceId && i.Number != null, cancellationToken) ?? throw new BusinessRuleException(Invoices.Gone);
        var (buyer, company) = (await BillingProfiles.EffectiveAsync(db, invoice.InstitutionId, cancellationToken), await Company.ReadAsync(db, cancellationToken));
        var fallback = await db.Contacts.Where(contact => contact.Id == invoice.ContactId).Select(contact => contact.Email).SingleOrDefaultAsync(cancellationToken)
            ?? await db.Institutions.Where(i => i.Id == invoice.InstitutionId).Select(i => i.Email).SingleOrDefaultAsync(cancellationToken);
        var isNote = invoice.Kind is InvoiceKind.CreditNote;
        var what = isNote ? $"notre avoir {invoice.Number}" : $"notre facture {invoice.Number}";
        var left = invoice.Balance < invoice.Due ? $", dont {FrenchText.FormatAmount(invoice.Balance)} restent" : ",";
        var due = isNote || invoice.Balance <= 0 ? "" : $"{left} à régler au plus tard le {FrenchText.FormatDay(invoice.DueOn!.Value)}";
        return new InvoiceLetter
        {
            To = buyer.Email ?? fallback,
            Subject = $"{(isNote ? "Avoir" : "Facture")} {invoice.Number} · {company.RecordName}",
            Text = $"Bonjour,\n\nVeuillez trouver ci-joint {what} du {FrenchText.FormatDay(invoice.IssuedOn!.Value)}, d'un montant de {FrenchText.FormatAmount(invoice.Due)} TTC{due}.\n\nBien cordialement,\n{actor.Name}\n{company.RecordName}\n",
        };
    }

    /// <summary>Queues an issued invoice for its payer, its PDF attached.</summary>
    /// <exception cref="BusinessRuleException">An address or a text is missing, the invoice is a draft, or its PDF cannot be printed here.</exception>
    public async Task<Done> SendAsync(Guid invoiceId, InvoiceLetter letter, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        var to = (Clean.Required(letter.To, 1000, nameof(InvoiceLetter.To), "Indiquez l'adresse du destinataire.")).Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Array.Find(to, address => !EmailAddress.IsValid(address)) is { } wrong)
        {
            throw new BusinessRuleException($"« {wrong} » n'est pas une adresse e-mail.", nameof(InvoiceLetter.To));
        }

        var subject = Clean.Required(letter.Subject, 200, nameof(InvoiceLetter.Subject), "Indiquez l'objet.");
        var text = Clean.Required(letter.Text, 50_000, nameof(InvoiceLetter.Text), "Écrivez le message.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await InvoiceList.Of(db, actor).AnyAsync(i => i.Id == invoiceId && i.Number != null, cancellationToken))
        {
            throw new BusinessRuleException(Invoices.Gone);
        }

        if (!await KeepAsync(invoiceId, cancellationToken))
        {
            throw new BusinessRuleException("Aucun navigateur n'est installé sur le serveur pour fabriquer le PDF : imprimez la facture depuis le vôtre.");
        }

        var invoice = await InvoiceList.Of(db, actor).AsNoTracking().SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken) ?? throw new BusinessRuleException(Invoices.Gone);
        var content = await files.ReadAsync(invoice.PdfPath!, invoice.PdfSha256!, cancellationToken) ?? throw new BusinessRuleException(DocumentPrints.Altered);
        var email = await db.Users.Where(user => user.Id == actor.Id).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken);
        await Outbox.QueueAsync(
            db,
            new MessageDetails
            {
                Key = $"invoice:{invoiceId:N}:{letter.Id:N}",
                To = [.. to.Select(address => new Correspondent(address))],
                ReplyTo = email is null ? null : new Correspondent(email, actor.Name),
                Subject = subject,
                Text = text,
                Files = [new MailFile($"{invoice.Number}.pdf", "application/pdf", content)],
                RecordType = nameof(Invoice),
                RecordId = invoiceId,
                InstitutionId = invoice.InstitutionId,
                ContactId = invoice.ContactId,
                OpportunityId = invoice.OpportunityId,
            },
            actor,
            clock.UtcNow,
            cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(invoiceId, $"{invoice.Number} mise à l'envoi pour {string.Join(", ", to)}", null);
    }
}
