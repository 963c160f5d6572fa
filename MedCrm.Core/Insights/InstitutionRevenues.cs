using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Insights;

/// <summary>The door of what an institution brings: sums and short lists over its quotes, invoices and payments.</summary>
public sealed class InstitutionRevenues(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int Months = 12;
    private const int Top = 5;
    private const int MostOverdue = 20;
    private const int MostPayments = 10;

    /// <summary>What an institution brings; null when it is out of sight.</summary>
    public async Task<RevenueSheet?> FindAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Institutions.VisibleTo(actor).AnyAsync(institution => institution.Id == institutionId, cancellationToken))
        {
            return null;
        }

        var today = clock.Today;
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1 - Months);
        var issued = db.Invoices.VisibleTo(actor).Where(invoice => invoice.InstitutionId == institutionId && invoice.Status != InvoiceStatus.Draft);
        var quotes = db.Quotes.VisibleTo(actor).Where(quote => quote.InstitutionId == institutionId && quote.IsLast);
        var shares = db.PaymentAllocations.Join(issued, share => share.InvoiceId, invoice => invoice.Id, (share, invoice) => new { share.Amount, share.PaymentId, share.InvoiceId, invoice.Number })
            .Join(db.Payments, share => share.PaymentId, payment => payment.Id, (share, payment) => new { payment.Id, payment.ReceivedOn, payment.Means, payment.Reference, share.Amount, share.InvoiceId, share.Number });

        // An invoice that deducts its deposits asks for the rest alone: they were counted when they were asked for.
        var sums = (await issued.GroupBy(invoice => new { IsCredit = invoice.Kind == InvoiceKind.CreditNote, invoice.IssuedOn!.Value.Year, invoice.IssuedOn!.Value.Month })
            .Select(group => new { group.Key.IsCredit, group.Key.Year, group.Key.Month, Net = group.Sum(invoice => invoice.Net), Prepaid = group.Sum(invoice => invoice.PrepaidNet) })
            .ToListAsync(cancellationToken)).ConvertAll(sum => (sum.Year, sum.Month, Net: (sum.Net - sum.Prepaid) * (sum.IsCredit ? -1 : 1)));
        var receipts = await shares.Where(share => share.ReceivedOn >= first).GroupBy(share => new { share.ReceivedOn.Year, share.ReceivedOn.Month })
            .Select(group => new { group.Key.Year, group.Key.Month, Amount = group.Sum(share => share.Amount) })
            .ToListAsync(cancellationToken);
        var months = Enumerable.Range(0, Months).Select(first.AddMonths).Select(month => new RevenueMonth(
            month,
            sums.Where(sum => sum.Year == month.Year && sum.Month == month.Month).Sum(sum => sum.Net),
            receipts.Where(sum => sum.Year == month.Year && sum.Month == month.Month).Sum(sum => sum.Amount))).ToList();

        var due = issued.Where(invoice => invoice.Balance > 0);
        var late = issued.Overdue(today);
        var outstanding = await due.GroupBy(_ => 1).Select(all => new { Count = all.Count(), Sum = all.Sum(invoice => invoice.Balance) }).SingleOrDefaultAsync(cancellationToken);
        var overdue = await late.GroupBy(_ => 1).Select(all => new { Count = all.Count(), Sum = all.Sum(invoice => invoice.Balance) }).SingleOrDefaultAsync(cancellationToken);
        var daysToPay = await issued.Where(invoice => invoice.Kind != InvoiceKind.CreditNote && invoice.SettledOn >= first)
            .AverageAsync(invoice => (double?)(invoice.SettledOn!.Value.DayNumber - invoice.IssuedOn!.Value.DayNumber), cancellationToken);
        var since = clock.ToUtc(first, TimeOnly.MinValue);
        var accepted = await quotes.CountAsync(quote => quote.Status == QuoteStatus.Accepted && quote.DecidedAt >= since, cancellationToken);
        var lost = await quotes.CountAsync(quote => quote.Status == QuoteStatus.Refused && quote.DecidedAt >= since, cancellationToken)
            + await quotes.Expired(today).CountAsync(quote => quote.ValidUntil >= first, cancellationToken);
        var topQuotes = await quotes.Where(quote => quote.Status == QuoteStatus.Sent || quote.Status == QuoteStatus.Viewed || quote.Status == QuoteStatus.Accepted)
            .OrderByDescending(quote => quote.Net).ThenBy(quote => quote.Number).Take(Top)
            .Select(quote => new { quote.Id, quote.Number, quote.Title, quote.Status, quote.ValidUntil, quote.IssuedOn, quote.Net })
            .ToListAsync(cancellationToken);

        var figure = Ageing.Row(new ListScope(db, actor, clock), (invoice, state) => new InvoiceFigure(
            invoice.Id,
            invoice.Number!,
            invoice.Title,
            state ?? invoice.Status,
            invoice.IssuedOn!.Value,
            invoice.DueOn,
            invoice.Gross,
            invoice.Balance,
            invoice.Balance > 0 && invoice.DueOn < today ? today.DayNumber - invoice.DueOn!.Value.DayNumber : 0));

        return new RevenueSheet
        {
            Invoiced = months.Sum(month => month.Invoiced),
            Received = months.Sum(month => month.Received),
            Outstanding = outstanding?.Sum ?? 0,
            OutstandingCount = outstanding?.Count ?? 0,
            Overdue = overdue?.Sum ?? 0,
            OverdueCount = overdue?.Count ?? 0,
            Lifetime = sums.Sum(sum => sum.Net),
            Months = months,
            QuotesAccepted = accepted,
            QuotesDecided = accepted + lost,
            DaysToPay = daysToPay is { } days ? (int)Math.Round(days, MidpointRounding.AwayFromZero) : null,
            TopQuotes = topQuotes.ConvertAll(quote => new QuoteFigure(quote.Id, quote.Number, quote.Title, Quote.StateOf(quote.Status, quote.ValidUntil, today), quote.IssuedOn, quote.Net)),
            TopInvoices = await issued.Where(invoice => invoice.Kind != InvoiceKind.CreditNote).OrderByDescending(invoice => invoice.Gross).ThenBy(invoice => invoice.Number).Take(Top).Select(figure).ToListAsync(cancellationToken),
            OverdueInvoices = await late.OrderBy(invoice => invoice.DueOn).ThenBy(invoice => invoice.Number).Take(MostOverdue).Select(figure).ToListAsync(cancellationToken),
            Payments = await shares.OrderByDescending(share => share.ReceivedOn).ThenBy(share => share.Number).Take(MostPayments)
                .Select(share => new PaymentFigure(share.Id, share.ReceivedOn, share.Means, share.Reference, share.Amount, share.InvoiceId, share.Number!))
                .ToListAsync(cancellationToken),
        };
    }

    /// <summary>What is overdue of an institution, as its header tells it: the sum including VAT and how many invoices.</summary>
    internal static async Task<(decimal Sum, int Count)> OverdueAsync(MedCrmDbContext db, Actor actor, Guid institutionId, DateOnly today, CancellationToken cancellationToken)
    {
        var late = await db.Invoices.VisibleTo(actor).Where(invoice => invoice.InstitutionId == institutionId).Overdue(today)
            .GroupBy(_ => 1).Select(all => new { Count = all.Count(), Sum = all.Sum(invoice => invoice.Balance) }).SingleOrDefaultAsync(cancellationToken);
        return (late?.Sum ?? 0, late?.Count ?? 0);
    }
}
