using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Dunning;

/// <summary>What is owed for the lateness of an invoice. Euros.</summary>
/// <param name="DueOn">The day it was to be paid.</param>
/// <param name="Until">The day it was paid, or the day that was asked for.</param>
/// <param name="IsSettled">Whether it is paid.</param>
/// <param name="Slices">What was due, between payments and half-years.</param>
/// <param name="Interest">The sum, rounded once.</param>
/// <param name="FixedCosts">40 €, without VAT.</param>
public sealed record PenaltySheet(DateOnly DueOn, DateOnly Until, bool IsSettled, BuyerKind Buyer, IReadOnlyList<PenaltySlice> Slices, decimal Interest, decimal FixedCosts)
{
    /// <summary>Interest and fixed costs.</summary>
    public decimal Total => Interest + FixedCosts;

    /// <summary>Days of lateness.</summary>
    public int Days => Until.DayNumber - DueOn.DayNumber;
}

/// <summary>The door of penalties for late payment: what an invoice that is late, or was paid late, brings (C. com. art. L441-10 II, D441-5; CCP art. R2192-31 and following).</summary>
public sealed class Penalties(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>The penalties of an invoice; null when it is not late, was paid in time, or is out of sight.</summary>
    public async Task<PenaltySheet?> FindAsync(Guid invoiceId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Invoices.VisibleTo(actor).AnyAsync(invoice => invoice.Id == invoiceId, cancellationToken)
            ? (await OfAsync(db, [invoiceId], clock.Today, cancellationToken)).GetValueOrDefault(invoiceId)
            : null;
    }

    /// <summary>The penalties of invoices to a day, those that are not late left out.</summary>
    internal static async Task<Dictionary<Guid, PenaltySheet>> OfAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> invoiceIds, DateOnly today, CancellationToken cancellationToken)
    {
        var invoices = await db.Invoices.AsNoTracking()
            .Where(invoice => invoiceIds.Contains(invoice.Id) && invoice.Status != InvoiceStatus.Draft && invoice.Kind != InvoiceKind.CreditNote && invoice.DueOn != null)
            .Select(invoice => new { invoice.Id, invoice.Buyer, DueOn = invoice.DueOn!.Value, Asked = invoice.Gross - invoice.Prepaid - invoice.Credited })
            .ToListAsync(cancellationToken);
        var payments = (await (
            from allocation in db.PaymentAllocations
            join payment in db.Payments on allocation.PaymentId equals payment.Id
            where invoiceIds.Contains(allocation.InvoiceId)
            select new { allocation.InvoiceId, payment.ReceivedOn, allocation.Amount }).ToListAsync(cancellationToken)).ToLookup(share => share.InvoiceId, share => (On: share.ReceivedOn, share.Amount));
        var schedule = await PenaltyRates.ReadAsync(db, cancellationToken);
        var sheets = new Dictionary<Guid, PenaltySheet>();
        foreach (var invoice in invoices)
        {
            if (Of(invoice.DueOn, invoice.Asked, [.. payments[invoice.Id]], today, invoice.Buyer, schedule) is { } sheet)
            {
                sheets[invoice.Id] = sheet;
            }
        }

        return sheets;
    }

    /// <summary>
    /// The penalties of a debt. What credit notes took back was never due; each payment lowers the balance from its day on; a half-year changes the rate.
    /// </summary>
    public static PenaltySheet? Of(DateOnly dueOn, decimal asked, IReadOnlyList<(DateOnly On, decimal Amount)> payments, DateOnly today, BuyerKind buyer, PenaltySchedule schedule)
    {
        var slices = new List<BalanceSlice> { new(dueOn, asked - payments.Where(payment => payment.On <= dueOn).Sum(payment => payment.Amount)) };
        foreach (var day in payments.Where(payment => payment.On > dueOn && payment.On <= today).GroupBy(payment => payment.On).OrderBy(day => day.Key))
        {
            slices.Add(new BalanceSlice(day.Key, slices[^1].Balance - day.Sum(payment => payment.Amount)));
        }

        var settled = slices.FindIndex(slice => slice.Balance <= 0);
        var until = settled >= 0 ? slices[settled].From : today;
        if (until <= dueOn)
        {
            return null;
        }

        slices = settled > 0 ? slices[..settled] : slices;
        decimal RateOn(DateOnly day) => schedule.RateOn(day, buyer);
        return new PenaltySheet(dueOn, until, settled >= 0, buyer, [.. LateInterest.Pieces(slices, until, RateOn)], LateInterest.Of(slices, until, RateOn), LateInterest.FixedCosts);
    }
}
