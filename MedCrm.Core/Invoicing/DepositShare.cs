using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>What an issued deposit invoice takes off another one, at one VAT rate. Euros.</summary>
/// <param name="DepositId">The deposit invoice.</param>
/// <param name="Number">Its number.</param>
/// <param name="Vat">The category, rate and provision.</param>
/// <param name="Net">Excluding VAT.</param>
/// <param name="Tax">The VAT.</param>
internal sealed record DepositShare(Guid DepositId, string Number, Vat Vat, decimal Net, decimal Tax)
{
    /// <summary>Including VAT.</summary>
    public decimal Gross => Net + Tax;

    /// <summary>The share that is stored.</summary>
    public static DepositShare Of(InvoiceDeposit deposit) => new(deposit.DepositId, deposit.DepositNumber, new Vat(deposit.VatCategory, deposit.VatRate, deposit.VatReason), deposit.Net, deposit.Tax);

    /// <summary>What deposits take off an invoice: each by rate, less what credit notes took back of it and what other invoices deduct. For a credit note, what it gives back of those that its invoice deducted.</summary>
    /// <exception cref="BusinessRuleException">One is no issued deposit of this buyer, was taken back whole, or is deducted elsewhere.</exception>
    public static async Task<IReadOnlyList<DepositShare>> OfAsync(MedCrmDbContext db, Invoice invoice, IReadOnlyCollection<Guid> depositIds, CancellationToken cancellationToken)
    {
        if (invoice.Kind is InvoiceKind.CreditNote)
        {
            return await Invoices.Whole(db.Invoices.AsNoTracking()).SingleOrDefaultAsync(i => i.Id == invoice.OriginalId, cancellationToken) is { } original
                ? (await CreditLeft.OfAsync(db, original, cancellationToken)).GivenBack(invoice)
                : [];
        }

        if (depositIds.Count == 0)
        {
            return [];
        }

        var deposits = await db.Invoices.AsNoTracking().Include(i => i.Lines)
            .Where(i => depositIds.Contains(i.Id) && i.Kind == InvoiceKind.Deposit && i.InstitutionId == invoice.InstitutionId && i.Number != null && i.Status != InvoiceStatus.Credited)
            .OrderBy(i => i.Number)
            .ToListAsync(cancellationToken);
        if (deposits.Count != depositIds.Distinct().Count())
        {
            throw new BusinessRuleException("Un acompte choisi n'est pas émis, a été annulé par un avoir, ou est celui d'un autre établissement.", nameof(InvoiceDetails.DepositIds));
        }

        var free = await FreeAsync(db, deposits, invoice.Id, cancellationToken);
        if (deposits.Find(deposit => free.All(share => share.DepositId != deposit.Id)) is { } taken)
        {
            throw new BusinessRuleException($"L'acompte {taken.Number} est déjà déduit d'une autre facture.", nameof(InvoiceDetails.DepositIds));
        }

        return free;
    }

    /// <summary>What of issued deposits, their lines loaded, an invoice may deduct: less what credit notes took back of them and what other invoices deduct.</summary>
    public static async Task<IReadOnlyList<DepositShare>> FreeAsync(MedCrmDbContext db, IReadOnlyCollection<Invoice> deposits, Guid exceptInvoiceId, CancellationToken cancellationToken)
    {
        var (ids, numbers) = (deposits.Select(deposit => deposit.Id).ToList(), deposits.ToDictionary(deposit => deposit.Id, deposit => deposit.Number!));
        var credits = await db.Invoices.AsNoTracking().Include(i => i.Lines)
            .Where(i => i.Kind == InvoiceKind.CreditNote && i.Number != null && i.OriginalId != null && ids.Contains(i.OriginalId.Value))
            .ToListAsync(cancellationToken);
        return Less(
            deposits.SelectMany(deposit => deposit.Totals.Rates.Select(rate => new DepositShare(deposit.Id, deposit.Number!, rate.Vat, rate.Net, rate.Tax))),
            credits.SelectMany(credit => credit.Totals.Rates.Select(rate => new DepositShare(credit.OriginalId!.Value, numbers[credit.OriginalId.Value], rate.Vat, rate.Net, rate.Tax)))
                .Concat(await HeldAsync(db, ids, exceptInvoiceId, cancellationToken)));
    }

    /// <summary>What other invoices deduct of deposits, less what credit notes on these invoices gave back.</summary>
    public static async Task<IReadOnlyList<DepositShare>> HeldAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> depositIds, Guid exceptInvoiceId, CancellationToken cancellationToken)
    {
        var taken = await Taken(db, exceptInvoiceId).AsNoTracking().Where(deposit => depositIds.Contains(deposit.DepositId)).ToListAsync(cancellationToken);
        var back = await db.InvoiceDeposits.AsNoTracking()
            .Where(deposit => depositIds.Contains(deposit.DepositId) && db.Invoices.Any(i => i.Id == deposit.InvoiceId && i.Kind == InvoiceKind.CreditNote && i.Number != null))
            .ToListAsync(cancellationToken);
        return Less(taken.Select(Of), back.Select(Of));
    }

    /// <summary>Shares less others, by deposit, category and rate; nothing for those that come to nothing.</summary>
    public static IReadOnlyList<DepositShare> Less(IEnumerable<DepositShare> shares, IEnumerable<DepositShare> others)
        =>
        [
            .. shares.Concat(others.Select(share => share with { Net = -share.Net, Tax = -share.Tax }))
                .GroupBy(share => (share.DepositId, RateKey.Of(share.Vat)))
                .Select(same => same.First() with { Net = same.Sum(share => share.Net), Tax = same.Sum(share => share.Tax) })
                .Where(share => share.Net != 0 || share.Tax != 0),
        ];

    /// <summary>The deductions that stand in other invoices: those of drafts out of the bin, and of issued ones. What credit notes gave back of them stands in the notes.</summary>
    public static IQueryable<InvoiceDeposit> Taken(MedCrmDbContext db, Guid exceptInvoiceId)
        => db.InvoiceDeposits.Where(deposit => deposit.InvoiceId != exceptInvoiceId && db.Invoices.Any(i => i.Id == deposit.InvoiceId && i.Kind == InvoiceKind.Invoice));
}
