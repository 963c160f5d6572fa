using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Dunning;

/// <summary>What was invoiced and received in a month. Euros including VAT; credit notes deducted, deposits counted once.</summary>
public sealed record TreasuryMonth(DateOnly From, decimal Invoiced, decimal Received)
{
    /// <summary>The last day.</summary>
    public DateOnly To => From.AddMonths(1).AddDays(-1);
}

/// <summary>By what a payer's day of payment is foreseen.</summary>
public enum DelaySource
{
    [Display(Name = "délai observé du payeur")] Payer,
    [Display(Name = "moyenne des payeurs de même nature")] Kind,
    [Display(Name = "échéance")] DueDay,
}

/// <summary>What is expected of a payer, and by which delay. Euros including VAT.</summary>
/// <param name="Delay">Days after the due day, negative before it.</param>
/// <param name="Within30">Expected within 30 days.</param>
/// <param name="Within60">Expected from 31 to 60 days.</param>
/// <param name="Within90">Expected from 61 to 90 days.</param>
/// <param name="Later">Expected later.</param>
public sealed record PayerForecast(Guid InstitutionId, string Name, int Delay, DelaySource Source, int PaidInvoices, decimal Within30, decimal Within60, decimal Within90, decimal Later)
{
    /// <summary>All that is due.</summary>
    public decimal Total => Within30 + Within60 + Within90 + Later;
}

/// <summary>When money came and when it is expected. Euros including VAT.</summary>
/// <param name="Months">The last twelve months, the current one last.</param>
/// <param name="Open">What remains to be paid.</param>
/// <param name="Overdue">What is past its due day, disputes apart.</param>
/// <param name="OverdueCount">How many invoices that is.</param>
/// <param name="Disputed">What is disputed, in no forecast.</param>
/// <param name="Payers">What is expected of each, the most first.</param>
public sealed record TreasurySheet(DateOnly Today, IReadOnlyList<TreasuryMonth> Months, decimal Open, decimal Overdue, int OverdueCount, decimal Disputed, int DisputedCount, IReadOnlyList<PayerForecast> Payers);

/// <summary>Money that came. Euros including VAT.</summary>
public sealed record ReceivedLine(Guid Id, DateOnly On, Guid InstitutionId, string InstitutionName, decimal Amount, string? Reference)
{
    /// <summary>The invoices it went to.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];
}

/// <summary>The door of the view on treasury. Sums are made in SQL, of the invoices that the actor sees.</summary>
public sealed class Treasury(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>How many paid invoices tell a payer's delay.</summary>
    public const int ObservedInvoices = 12;

    /// <summary>The most lines that a month shows.</summary>
    public const int MostReceived = 500;

    /// <summary>The view of today.</summary>
    public async Task<TreasurySheet> ReadAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var today = clock.Today;
        var invoices = InvoiceList.Of(db, actor);
        var months = await MonthsAsync(db, actor, invoices, today, cancellationToken);
        var open = invoices.Where(invoice => invoice.Balance > 0 && invoice.DueOn != null);
        var due = await open
            .GroupBy(invoice => new { invoice.InstitutionId, invoice.Buyer, invoice.DueOn, IsDisputed = invoice.DisputedOn != null })
            .Select(group => new { group.Key.InstitutionId, group.Key.Buyer, DueOn = group.Key.DueOn!.Value, group.Key.IsDisputed, Balance = group.Sum(invoice => invoice.Balance), Count = group.Count() })
            .ToListAsync(cancellationToken);
        var expected = due.Where(group => !group.IsDisputed).ToList();
        var payers = expected.Select(group => group.InstitutionId).Distinct().ToList();
        var delays = await DelaysAsync(db, payers, cancellationToken);
        var kinds = await KindDelaysAsync(db, today, cancellationToken);
        var names = new Dictionary<Guid, string>();
        foreach (var portion in payers.Chunk(500))
        {
            foreach (var row in await db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).Where(institution => portion.Contains(institution.Id)).Select(institution => new { institution.Id, institution.Name }).ToListAsync(cancellationToken))
            {
                names[row.Id] = row.Name;
            }
        }

        var forecasts = expected.GroupBy(group => group.InstitutionId).Select(payer =>
        {
            var observed = delays.GetValueOrDefault(payer.Key);
            var (delay, source) = observed is { Count: > 0 } ? (Median(observed), DelaySource.Payer)
                : kinds.TryGetValue(payer.First().Buyer, out var kind) ? (kind, DelaySource.Kind)
                : (0, DelaySource.DueDay);
            decimal Of(int from, int to) => payer.Where(group => Days(group.DueOn) is var days && days >= from && days <= to).Sum(group => group.Balance);
            int Days(DateOnly dueOn) => Math.Max(0, dueOn.AddDays(delay).DayNumber - today.DayNumber);
            return new PayerForecast(payer.Key, names[payer.Key], delay, source, observed?.Count ?? 0, Of(0, 30), Of(31, 60), Of(61, 90), Of(91, int.MaxValue));
        });
        var late = await invoices.Overdue(today).GroupBy(_ => 1).Select(all => new { Balance = all.Sum(invoice => invoice.Balance), Count = all.Count() }).SingleOrDefaultAsync(cancellationToken);
        return new TreasurySheet(
            today,
            months,
            due.Sum(group => group.Balance),
            late?.Balance ?? 0,
            late?.Count ?? 0,
            due.Where(group => group.IsDisputed).Sum(group => group.Balance),
            due.Where(group => group.IsDisputed).Sum(group => group.Count),
            [.. forecasts.OrderByDescending(payer => payer.Total).ThenBy(payer => payer.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The money of a month, the last first: what the figure of received money is made of.</summary>
    public async Task<IReadOnlyList<ReceivedLine>> ReceivedAsync(DateOnly since, DateOnly to, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditInvoices);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var places = db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).VisibleTo(actor);
        return await (
            from payment in db.Payments
            where payment.ReceivedOn >= since && payment.ReceivedOn <= to
            join place in places on payment.InstitutionId equals place.Id
            orderby payment.ReceivedOn descending, payment.JournalNumber descending
            select new ReceivedLine(payment.Id, payment.ReceivedOn, place.Id, place.Name, payment.Amount, payment.Reference)
            {
                Numbers = payment.Allocations.OrderBy(share => share.InvoiceNumber).Select(share => share.InvoiceNumber).ToList(),
            }).Take(MostReceived).ToListAsync(cancellationToken);
    }

    /// <summary>The middle of some delays; of two middles the later, out of prudence.</summary>
    internal static int Median(IReadOnlyList<int> days) => days.Order().ElementAt(days.Count / 2);

    private static async Task<IReadOnlyList<TreasuryMonth>> MonthsAsync(MedCrmDbContext db, Actor actor, IQueryable<Invoice> invoices, DateOnly today, CancellationToken cancellationToken)
    {
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-11);
        var invoiced = await invoices.Where(invoice => invoice.Status != InvoiceStatus.Draft && invoice.IssuedOn >= first)
            .GroupBy(invoice => new { invoice.IssuedOn!.Value.Year, invoice.IssuedOn!.Value.Month, IsCredit = invoice.Kind == InvoiceKind.CreditNote })
            .Select(group => new { group.Key.Year, group.Key.Month, group.Key.IsCredit, Gross = group.Sum(invoice => invoice.Gross), Prepaid = group.Sum(invoice => invoice.Prepaid) })
            .ToListAsync(cancellationToken);
        var places = db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter }).VisibleTo(actor);
        var payments = actor.Visibility is Visibility.All ? db.Payments : db.Payments.Where(payment => places.Any(place => place.Id == payment.InstitutionId));
        var received = await payments.Where(payment => payment.ReceivedOn >= first)
            .GroupBy(payment => new { payment.ReceivedOn.Year, payment.ReceivedOn.Month })
            .Select(group => new { group.Key.Year, group.Key.Month, Amount = group.Sum(payment => payment.Amount) })
            .ToListAsync(cancellationToken);
        return
        [
            .. Enumerable.Range(0, 12).Select(first.AddMonths).Select(month => new TreasuryMonth(
                month,
                invoiced.Where(row => row.Year == month.Year && row.Month == month.Month).Sum(row => (row.Gross - row.Prepaid) * (row.IsCredit ? -1 : 1)),
                received.Where(row => row.Year == month.Year && row.Month == month.Month).Sum(row => row.Amount))),
        ];
    }

    // The last paid invoices of each payer, whoever follows them: how a payer pays is no secret among those who invoice.
    private static async Task<Dictionary<Guid, List<int>>> DelaysAsync(MedCrmDbContext db, List<Guid> payers, CancellationToken cancellationToken)
    {
        var delays = new Dictionary<Guid, List<int>>();
        foreach (var portion in payers.Chunk(500))
        {
            var rows = await db.Institutions.IgnoreQueryFilters(new[] { MedCrmDbContext.BinFilter })
                .Where(institution => portion.Contains(institution.Id))
                .SelectMany(institution => db.Invoices
                    .Where(invoice => invoice.InstitutionId == institution.Id && invoice.Status == InvoiceStatus.Paid && invoice.SettledOn != null && invoice.DueOn != null)
                    .OrderByDescending(invoice => invoice.SettledOn)
                    .Take(ObservedInvoices)
                    .Select(invoice => new { invoice.InstitutionId, invoice.DueOn, invoice.SettledOn }))
                .ToListAsync(cancellationToken);
            foreach (var payer in rows.GroupBy(row => row.InstitutionId))
            {
                delays[payer.Key] = [.. payer.Select(row => row.SettledOn!.Value.DayNumber - row.DueOn!.Value.DayNumber)];
            }
        }

        return delays;
    }

    private static async Task<Dictionary<BuyerKind, int>> KindDelaysAsync(MedCrmDbContext db, DateOnly today, CancellationToken cancellationToken)
    {
        var since = today.AddYears(-1);
        var rows = await db.Invoices
            .Where(invoice => invoice.Status == InvoiceStatus.Paid && invoice.SettledOn >= since && invoice.DueOn != null)
            .GroupBy(invoice => invoice.Buyer)
            .Select(group => new { group.Key, Days = group.Average(invoice => (double)(invoice.SettledOn!.Value.DayNumber - invoice.DueOn!.Value.DayNumber)) })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.Key, row => (int)Math.Round(row.Days, MidpointRounding.AwayFromZero));
    }
}
