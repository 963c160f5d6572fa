using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>Reads invoices for their own page and for the pages of what they belong to.</summary>
public sealed class InvoiceSheets(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int Settled = 20;

    /// <summary>An invoice with all that its page shows; null when it is gone or out of sight.</summary>
    public async Task<InvoiceSheet?> FindAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var invoice = await Invoices.Whole(InvoiceList.Of(db, actor)).AsNoTracking().Include(i => i.Institution).SingleOrDefaultAsync(i => i.Id == invoiceId, cancellationToken);
        if (invoice is null)
        {
            return null;
        }

        var original = invoice.OriginalId is null ? null : await InvoiceList.Of(db, actor).Where(i => i.Id == invoice.OriginalId).Select(i => new { i.Id, i.Number, i.IssuedOn }).SingleOrDefaultAsync(cancellationToken);
        var buyer = await BuyerAsync(db, invoice, cancellationToken);
        var mayTakeBack = invoice.Number is not null && invoice.Kind is not InvoiceKind.CreditNote;
        return new InvoiceSheet(invoice.Id, invoice.Details(), invoice.Version)
        {
            Number = invoice.Number,
            State = invoice.StateOn(clock.Today),
            IssuedOn = invoice.IssuedOn,
            DueOn = invoice.DueOn,
            SettledOn = invoice.SettledOn,
            DisputedOn = invoice.DisputedOn,
            DisputeReason = invoice.DisputeReason,
            CreatedAt = invoice.CreatedAt,
            Totals = invoice.Totals,
            Prepaid = invoice.Prepaid,
            Due = invoice.Due,
            Received = invoice.Received,
            Credited = invoice.Credited,
            Balance = invoice.Balance,
            HasPdf = invoice.PdfPath is not null,
            InstitutionName = invoice.Institution.Name,
            Buyer = buyer,
            BuyerMissing = invoice.Number is null ? Buyers.Missing(buyer) : [],
            Contact = await VisibleContacts.Of(db, actor).Where(contact => contact.Id == invoice.ContactId).Select(contact => new SheetLink(contact.Id, contact.FullName)).SingleOrDefaultAsync(cancellationToken),
            Opportunity = await db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == invoice.OpportunityId).Select(deal => new SheetLink(deal.Id, deal.Name)).SingleOrDefaultAsync(cancellationToken),
            Quote = await db.Quotes.VisibleTo(actor).Where(quote => quote.Id == invoice.QuoteId).Select(quote => new SheetLink(quote.Id, quote.Number)).SingleOrDefaultAsync(cancellationToken),
            Original = original is null ? null : new SheetLink(original.Id, original.Number ?? ""),
            OriginalOn = original?.IssuedOn,
            Creditable = mayTakeBack ? (await CreditLeft.OfAsync(db, invoice, cancellationToken)).Gross : 0,
            Deposits = [.. invoice.Deposits.OrderBy(deposit => deposit.DepositNumber, StringComparer.Ordinal).Select(DepositShare.Of).Select(share => new SheetDeposit(share.DepositId, share.Number, share.Vat, share.Net, share.Tax))],
            Offered = invoice.Number is null ? await OfferedAsync(db, invoice, cancellationToken) : [],
            Payments = await PaymentsAsync(db, invoiceId, cancellationToken),
            Credits = await InvoiceList.Of(db, actor).Where(i => i.OriginalId == invoiceId).OrderBy(i => i.CreatedAt)
                .Select(i => new SheetCredit(i.Id, i.Number, i.Title, i.IssuedOn, i.Gross - i.Prepaid)).ToListAsync(cancellationToken),
            UsualDays = await UsualDaysAsync(db, invoice.InstitutionId, cancellationToken),
        };
    }

    /// <summary>What of a quote was invoiced; null when it is gone or out of sight.</summary>
    public async Task<QuoteBillingState?> OfQuoteAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, await currentUser.GetAsync(cancellationToken), clock);
        var quote = await db.Quotes.VisibleTo(scope.Actor).Where(q => q.Id == quoteId && q.Status == QuoteStatus.Accepted).Select(q => new { q.Net, q.DepositPercent }).SingleOrDefaultAsync(cancellationToken);
        if (quote is null)
        {
            return null;
        }

        var all = InvoiceList.Of(db, scope.Actor).Where(i => i.QuoteId == quoteId);
        var standing = all.Where(i => i.Kind != InvoiceKind.CreditNote && i.Status != InvoiceStatus.Credited);
        return new QuoteBillingState(
            await all.OrderBy(i => i.CreatedAt).Select(RowIn(scope)).ToListAsync(cancellationToken),
            quote.Net,
            await QuoteShare.AskedAsync(db, standing.Where(i => i.Kind == InvoiceKind.Deposit), cancellationToken),
            quote.DepositPercent,
            await standing.AnyAsync(i => i.Kind == InvoiceKind.Invoice, cancellationToken));
    }

    /// <summary>What an institution owes past its due day; null when it owes nothing, or is out of sight.</summary>
    public async Task<OverdueState?> OverdueAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var today = clock.Today;
        return await InvoiceList.Of(db, actor).Where(i => i.InstitutionId == institutionId).Overdue(today)
            .GroupBy(_ => 1).Select(all => new OverdueState(all.Count(), all.Sum(i => i.Balance), all.Min(i => i.DueOn)!.Value)).SingleOrDefaultAsync(cancellationToken);
    }

    private static async Task<EffectiveBilling> BuyerAsync(MedCrmDbContext db, Invoice invoice, CancellationToken cancellationToken)
    {
        var now = await BillingProfiles.EffectiveAsync(db, invoice.InstitutionId, cancellationToken);
        return invoice.BuyerName is null ? now : now with
        {
            Name = invoice.BuyerName,
            Street = invoice.BuyerStreet,
            AddressLine2 = invoice.BuyerAddressLine2,
            Postcode = invoice.BuyerPostcode,
            City = invoice.BuyerCity,
            Siren = invoice.BuyerSiren,
            Siret = invoice.BuyerSiret,
            VatNumber = invoice.BuyerVatNumber,
            Buyer = invoice.Buyer,
        };
    }

    private static async Task<IReadOnlyList<OfferedDeposit>> OfferedAsync(MedCrmDbContext db, Invoice invoice, CancellationToken cancellationToken)
    {
        if (invoice.Kind is not InvoiceKind.Invoice)
        {
            return [];
        }

        var deposits = await db.Invoices.AsNoTracking().Include(i => i.Lines)
            .Where(i => i.InstitutionId == invoice.InstitutionId && i.Kind == InvoiceKind.Deposit && i.Number != null && i.Status != InvoiceStatus.Credited)
            .OrderBy(i => i.Number)
            .ToListAsync(cancellationToken);
        var free = deposits.Count == 0 ? [] : await DepositShare.FreeAsync(db, deposits, invoice.Id, cancellationToken);
        return [.. deposits.Select(i => new OfferedDeposit(i.Id, i.Number!, i.IssuedOn!.Value, i.Title, free.Where(share => share.DepositId == i.Id).Sum(share => share.Gross))).Where(offered => offered.Gross != 0)];
    }

    private static async Task<IReadOnlyList<SheetPayment>> PaymentsAsync(MedCrmDbContext db, Guid invoiceId, CancellationToken cancellationToken)
        => await db.PaymentAllocations.Where(share => share.InvoiceId == invoiceId)
            .Join(db.Payments, share => share.PaymentId, payment => payment.Id, (share, payment) => new { share, payment })
            .OrderByDescending(row => row.payment.ReceivedOn).ThenByDescending(row => row.payment.JournalNumber)
            .Select(row => new SheetPayment(row.payment.Id, row.payment.Version, row.payment.ReceivedOn, row.share.Amount, row.payment.Amount, row.payment.Left, row.payment.Withdrawn, row.payment.Means, row.payment.Reference, row.payment.Note))
            .ToListAsync(cancellationToken);

    private static async Task<int?> UsualDaysAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        var days = await db.Invoices.Where(i => i.InstitutionId == institutionId && i.Status == InvoiceStatus.Paid && i.Received > 0 && i.SettledOn != null)
            .OrderByDescending(i => i.IssuedOn).Take(Settled)
            .Select(i => new { i.IssuedOn, i.SettledOn })
            .ToListAsync(cancellationToken);
        return days.Count == 0 ? null : (int)Math.Round(days.Average(one => (double)(one.SettledOn!.Value.DayNumber - one.IssuedOn!.Value.DayNumber)), MidpointRounding.AwayFromZero);
    }

    private static Expression<Func<Invoice, InvoiceLineRow>> RowIn(ListScope scope)
        => Ageing.Row(scope, (i, state) => new InvoiceLineRow(i.Id, i.Kind, i.Number, i.Title, state ?? i.Status, i.IssuedOn, i.DueOn, i.Gross - i.Prepaid, i.Balance));
}
