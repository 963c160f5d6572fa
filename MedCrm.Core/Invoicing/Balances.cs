using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>What was received on invoices and taken back of them, as their rows add up. Invoices repeat it so that lists can filter on it.</summary>
internal static class Balances
{
    /// <summary>Counts invoices again from the rows as saved so far, inside the caller's transaction; the caller saves.</summary>
    public static async Task RecountAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Balances are counted in the transaction that changes them.");
        }

        foreach (var invoice in await db.Invoices.Where(i => invoiceIds.Contains(i.Id)).ToListAsync(cancellationToken))
        {
            var shares = db.PaymentAllocations.Where(allocation => allocation.InvoiceId == invoice.Id);
            var received = await shares.SumAsync(allocation => allocation.Amount, cancellationToken);
            var receivedOn = await db.Payments.Where(payment => shares.Any(share => share.PaymentId == payment.Id)).MaxAsync(payment => (DateOnly?)payment.ReceivedOn, cancellationToken);
            var credits = await db.Invoices.Where(credit => credit.OriginalId == invoice.Id && credit.Kind == InvoiceKind.CreditNote && credit.Number != null)
                .Select(credit => new { credit.Gross, credit.Prepaid, credit.IssuedOn })
                .ToListAsync(cancellationToken);
            var last = credits.Select(credit => credit.IssuedOn).Append(receivedOn).Max();
            invoice.Recount(received, credits.Sum(credit => credit.Gross - credit.Prepaid), credits.Sum(credit => credit.Gross), last);
        }
    }
}
