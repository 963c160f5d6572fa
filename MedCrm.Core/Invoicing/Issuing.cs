using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Dunning;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>The one way an invoice leaves the house: its number, what follows for the invoice it takes back, all in one transaction.</summary>
internal static class Issuing
{
    /// <summary>The field of the day of issue, in refusals and forms.</summary>
    public const string DayField = nameof(Invoice.IssuedOn);

    /// <summary>Issues a draft loaded with its lines and deposits, inside the caller's transaction and gesture, which takes its sentence, and saves it. The moment is now unless given, by who invents a past.</summary>
    /// <exception cref="BusinessRuleException">Something that the law or the buyer asks for is missing, or the day is out of order; the field says where.</exception>
    public static async Task IssueAsync(ListScope scope, Invoice invoice, DateOnly? on, CancellationToken cancellationToken, DateTime? at = null)
    {
        var (db, clock) = (scope.Db, scope.Clock);
        var day = on ?? clock.Today;
        if (invoice.Kind is InvoiceKind.CreditNote || invoice.Deposits.Count > 0)
        {
            // A deposit may have been taken back, or deducted elsewhere, since the draft was written; another note may have taken part of the original.
            invoice.Deduct(await DepositShare.OfAsync(db, invoice, [.. invoice.Deposits.Select(deposit => deposit.DepositId).Distinct()], cancellationToken));
        }

        invoice.DemandWhole();
        var company = await Company.ReadAsync(db, cancellationToken);
        DemandSeller(company, invoice);
        var buyer = await BillingProfiles.EffectiveAsync(db, invoice.InstitutionId, cancellationToken);
        Buyers.Demand(buyer, invoice);
        await DemandQuoteOnceAsync(db, invoice, cancellationToken);
        var original = invoice.Kind is InvoiceKind.CreditNote ? await OriginalAsync(scope, invoice, day, cancellationToken) : null;

        var number = await NumberAsync(scope, invoice, day, company, cancellationToken);
        invoice.Issue(number, day, buyer, at ?? clock.UtcNow);
        db.Gesture!.Sentence = original is null ? $"Facture {number} émise" : $"Avoir {number} émis sur {original.Number}";
        if (original is not null)
        {
            await FreeAsync(scope, original, invoice.Due - original.Balance, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        if (original is not null)
        {
            await Balances.RecountAsync(db, [original.Id], cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await Dunnings.AfterPaymentAsync(db, [original.Id], cancellationToken);
        }
    }

    // Two drafts of one quote, or one that came back from the bin, are seen here: only what is issued counts.
    private static async Task DemandQuoteOnceAsync(MedCrmDbContext db, Invoice invoice, CancellationToken cancellationToken)
    {
        if (invoice.QuoteId is not { } quoteId || invoice.Kind is InvoiceKind.CreditNote)
        {
            return;
        }

        var others = db.Invoices.Where(i => i.QuoteId == quoteId && i.Id != invoice.Id && i.Number != null && i.Status != InvoiceStatus.Credited);
        if (await others.Where(i => i.Kind == InvoiceKind.Invoice).Select(i => i.Number).FirstOrDefaultAsync(cancellationToken) is { } billed)
        {
            throw new BusinessRuleException($"Ce devis est déjà facturé par {billed} : supprimez ce brouillon, ou faites d'abord un avoir sur {billed}.");
        }

        // A deposit that came back from the bin after the balance was written would be asked for twice.
        var deposits = others.Where(i => i.Kind == InvoiceKind.Deposit);
        if (invoice.Kind is InvoiceKind.Invoice
            && (await DepositShare.FreeAsync(db, await deposits.AsNoTracking().Include(i => i.Lines).ToListAsync(cancellationToken), invoice.Id, cancellationToken))
                .FirstOrDefault(free => invoice.Deposits.All(deducted => deducted.DepositId != free.DepositId)) is { } forgotten)
        {
            throw new BusinessRuleException($"L'acompte {forgotten.Number} de ce devis n'est pas déduit : cochez-le avant d'émettre.", nameof(InvoiceDetails.DepositIds));
        }

        if (invoice.Kind is InvoiceKind.Deposit)
        {
            QuoteShare.DemandRoom(
                await db.Quotes.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Where(quote => quote.Id == quoteId).Select(quote => quote.Net).SingleAsync(cancellationToken),
                await QuoteShare.AskedAsync(db, deposits, cancellationToken),
                invoice.Net,
                nameof(Invoice.Lines));
        }
    }

    private static void DemandSeller(Company company, Invoice invoice)
    {
        LegalMentions.Demand(company);
        // A credit note returns the VAT that its invoice asked for, whatever the company became since.
        if (company.IsVatExempt && invoice.Kind is not InvoiceKind.CreditNote && invoice.Lines.Any(line => line.Kind is LineKind.Item && line.VatCategory is VatCategory.Standard))
        {
            throw new BusinessRuleException("Votre société est en franchise de TVA : aucune ligne ne porte de TVA.", nameof(Invoice.Lines));
        }
    }

    // Across years too: the first number of a year comes after the last of the year before.
    private static async Task<string> NumberAsync(ListScope scope, Invoice invoice, DateOnly day, Company company, CancellationToken cancellationToken)
    {
        if (day > scope.Clock.Today)
        {
            throw new BusinessRuleException("La date d'émission ne peut pas être à venir.", DayField);
        }

        var series = invoice.Kind is InvoiceKind.CreditNote ? DocumentSeries.CreditNote : DocumentSeries.Invoice;
        var last = await scope.Db.NumberSeries.Where(row => row.Series == series && row.Year > day.Year).MaxAsync(row => row.LastOn, cancellationToken);
        if (last is { } later)
        {
            throw new BusinessRuleException($"La date ne peut pas précéder le {FrenchText.FormatDay(later)}, date du dernier document émis : les numéros suivent l'ordre du temps.", DayField);
        }

        return await NumberSeries.TakeAsync(scope.Db, series, day, company.PrefixOf(series), cancellationToken);
    }

    private static async Task<Invoice> OriginalAsync(ListScope scope, Invoice note, DateOnly day, CancellationToken cancellationToken)
    {
        var db = scope.Db;
        var original = await Invoices.Whole(db.Invoices).SingleOrDefaultAsync(i => i.Id == note.OriginalId, cancellationToken);
        if (original is not { Number: not null } || original.Kind is InvoiceKind.CreditNote || original.InstitutionId != note.InstitutionId)
        {
            throw new BusinessRuleException("Un avoir se rapporte à une facture émise du même établissement.", nameof(Invoice.OriginalId));
        }

        if (day < original.IssuedOn)
        {
            throw new BusinessRuleException($"L'avoir ne peut pas précéder {original.Number}, émise le {FrenchText.FormatDay(original.IssuedOn!.Value)}.", DayField);
        }

        (await CreditLeft.OfAsync(db, original, cancellationToken)).Demand(note);
        return original;
    }

    // What was already paid of what is taken back returns to the payer as a credit, the last payment first.
    private static async Task FreeAsync(ListScope scope, Invoice original, decimal excess, CancellationToken cancellationToken)
    {
        if (excess <= 0)
        {
            return;
        }

        var payments = await scope.Db.Payments.Include(payment => payment.Allocations)
            .Where(payment => payment.Allocations.Any(share => share.InvoiceId == original.Id))
            .OrderByDescending(payment => payment.ReceivedOn).ThenByDescending(payment => payment.JournalNumber)
            .ToListAsync(cancellationToken);
        foreach (var payment in payments.TakeWhile(_ => excess > 0))
        {
            excess -= payment.Release(original.Id, excess);
        }
    }
}
