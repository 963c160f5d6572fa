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
    /// <summary>The share that is stored.</summary>
    public static DepositShare Of(InvoiceDeposit deposit) => new(deposit.DepositId, deposit.DepositNumber, new Vat(deposit.VatCategory, deposit.VatRate, deposit.VatReason), deposit.Net, deposit.Tax);

    /// <summary>What deposits take off an invoice: each by rate, less what credit notes took back of it. A deposit is deducted once.</summary>
    /// <exception cref="BusinessRuleException">One is no issued deposit of this buyer, was taken back whole, or is deducted elsewhere.</exception>
    public static async Task<IReadOnlyList<DepositShare>> OfAsync(MedCrmDbContext db, Invoice invoice, IReadOnlyCollection<Guid> depositIds, CancellationToken cancellationToken)
    {
        if (depositIds.Count == 0)
        {
            return [];
        }

        if (invoice.Kind is InvoiceKind.CreditNote)
        {
            // What the original deducted was never asked for: its credit note leaves it out, exactly.
            var original = await db.InvoiceDeposits.AsNoTracking().Where(deposit => deposit.InvoiceId == invoice.OriginalId && depositIds.Contains(deposit.DepositId)).ToListAsync(cancellationToken);
            return [.. original.Select(Of)];
        }

        var taken = await Taken(db, invoice.Id).Where(deposit => depositIds.Contains(deposit.DepositId)).Select(deposit => deposit.DepositNumber).FirstOrDefaultAsync(cancellationToken);
        if (taken is not null)
        {
            throw new BusinessRuleException($"L'acompte {taken} est déjà déduit d'une autre facture.", nameof(InvoiceDetails.DepositIds));
        }

        var deposits = await db.Invoices.AsNoTracking().Include(i => i.Lines)
            .Where(i => depositIds.Contains(i.Id) && i.Kind == InvoiceKind.Deposit && i.InstitutionId == invoice.InstitutionId && i.Number != null && i.Status != InvoiceStatus.Credited)
            .OrderBy(i => i.Number)
            .ToListAsync(cancellationToken);
        if (deposits.Count != depositIds.Distinct().Count())
        {
            throw new BusinessRuleException("Un acompte choisi n'est pas émis, a été annulé par un avoir, ou est celui d'un autre établissement.", nameof(InvoiceDetails.DepositIds));
        }

        var credits = (await db.Invoices.AsNoTracking().Include(i => i.Lines)
            .Where(i => i.Kind == InvoiceKind.CreditNote && i.Number != null && i.OriginalId != null && depositIds.Contains(i.OriginalId.Value))
            .ToListAsync(cancellationToken)).ToLookup(credit => credit.OriginalId!.Value);
        return
        [
            .. deposits.SelectMany(deposit => deposit.Totals.Rates
                .Select(rate =>
                {
                    var back = credits[deposit.Id].SelectMany(credit => credit.Totals.Rates).Where(part => part.Vat == rate.Vat).ToList();
                    return new DepositShare(deposit.Id, deposit.Number!, rate.Vat, rate.Net - back.Sum(part => part.Net), rate.Tax - back.Sum(part => part.Tax));
                })
                .Where(share => share.Net != 0 || share.Tax != 0)),
        ];
    }

    /// <summary>The deductions that stand in other invoices: those of drafts out of the bin, and of issued ones that no credit note took back whole.</summary>
    public static IQueryable<InvoiceDeposit> Taken(MedCrmDbContext db, Guid exceptInvoiceId)
        => db.InvoiceDeposits.Where(deposit => deposit.InvoiceId != exceptInvoiceId
            && db.Invoices.Any(i => i.Id == deposit.InvoiceId && i.Kind == InvoiceKind.Invoice && i.Status != InvoiceStatus.Credited));
}
