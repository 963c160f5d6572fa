using System.Runtime.CompilerServices;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Accounting;

/// <summary>
/// Reads issued documents and payments as entries, in the order in which they were recorded, a few hundred at a time (LPF art. A47 A-1: in the order of validation).
/// Numbers and letters follow that order in the fiscal year: what is recorded later, of whatever day, comes after, and what was exported keeps its own.
/// The reader of documents stays open to the end: SQLite then shows everything as it stood when it began.
/// </summary>
internal sealed class LedgerReader(MedCrmDbContext db, AccountPlan plan, LedgerScope scope, BusinessClock clock)
{
    private const int AtOnce = 500;

    /// <summary>The documents that are booked: all but drafts.</summary>
    public static IQueryable<Invoice> Booked(MedCrmDbContext db) => db.Invoices.Where(invoice => invoice.Status != InvoiceStatus.Draft && invoice.Number != null && invoice.IssuedOn != null);

    /// <summary>Every line, journal after journal within a day of recording.</summary>
    /// <exception cref="BusinessRuleException">A document cannot be booked; the sentence names it.</exception>
    public async IAsyncEnumerable<LedgerLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var year = scope.YearIn(plan);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var heads = Heads().GetAsyncEnumerator(cancellationToken);
        var more = await heads.MoveNextAsync();
        var salePlaces = await PlacesAsync(
            Recorded(Booked(db).Where(invoice => invoice.IssuedOn >= year.From && invoice.IssuedOn <= year.To)).Select(invoice => invoice.Id),
            cancellationToken);
        var paymentPlaces = await PlacesAsync(
            Recorded(db.Payments.Where(payment => payment.ReceivedOn >= year.From && payment.ReceivedOn <= year.To)).Select(payment => payment.Id),
            cancellationToken);
        var letterings = await LetteringsAsync(salePlaces, cancellationToken);

        await using var sales = SalesAsync(heads, more && scope.Journals.HasFlag(LedgerJournals.Sales), salePlaces, letterings, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var payments = PaymentsAsync(scope.Journals.HasFlag(LedgerJournals.Bank), paymentPlaces, letterings, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (hasSale, hasPayment) = (await sales.MoveNextAsync(), await payments.MoveNextAsync());
        while (hasSale || hasPayment)
        {
            var isSale = hasSale && (!hasPayment || sales.Current.ValidatedOn <= payments.Current.ValidatedOn);
            foreach (var line in isSale ? sales.Current.Lines : payments.Current.Lines)
            {
                yield return line;
            }

            (hasSale, hasPayment) = isSale ? (await sales.MoveNextAsync(), hasPayment) : (hasSale, await payments.MoveNextAsync());
        }
    }

    /// <summary>The account and the name of customers: those of their billing profile, else made from the FINESS number or the id.</summary>
    internal static async Task<Dictionary<Guid, Customer>> CustomersAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> institutionIds, CancellationToken cancellationToken)
    {
        var found = await (
            from institution in db.Institutions.IgnoreQueryFilters([MedCrmDbContext.BinFilter])
            where institutionIds.Contains(institution.Id)
            join profile in db.BillingProfiles on institution.Id equals profile.InstitutionId into profiles
            from profile in profiles.DefaultIfEmpty()
            select new { institution.Id, institution.Name, institution.FinessEt, Billed = profile.Name, profile.AccountCode }).ToListAsync(cancellationToken);
        return found.ToDictionary(row => row.Id, row => new Customer(row.AccountCode ?? $"C{row.FinessEt ?? row.Id.ToString("N")[^10..].ToUpperInvariant()}", row.Billed ?? row.Name));
    }

    // The order of an invoice or a payment is the moment it was recorded, which nobody chooses nor changes.
    private static IQueryable<Invoice> Recorded(IQueryable<Invoice> invoices) => invoices.OrderBy(invoice => invoice.IssuedAt).ThenBy(invoice => invoice.Number);

    private static IQueryable<Payment> Recorded(IQueryable<Payment> payments) => payments.OrderBy(payment => payment.CreatedAt).ThenBy(payment => payment.JournalNumber);

    // 1, 2, 3…: the numbers of entries of a journal in the fiscal year.
    private static async Task<Dictionary<Guid, int>> PlacesAsync(IQueryable<Guid> ids, CancellationToken cancellationToken)
        => (await ids.ToListAsync(cancellationToken)).Index().ToDictionary(row => row.Item, row => row.Index + 1);

    private IAsyncEnumerable<Head> Heads()
    {
        var (from, to) = (scope.From, scope.To);
        return Recorded(Booked(db).Where(invoice => invoice.IssuedOn >= from && invoice.IssuedOn <= to))
            .Select(invoice => new Head(invoice.Id, invoice.InstitutionId, invoice.Number!, invoice.Kind, invoice.IssuedOn!.Value, invoice.IssuedAt!.Value, invoice.OriginalId, invoice.Gross, invoice.DiscountPercent, invoice.DiscountAmount))
            .AsAsyncEnumerable();
    }

    private async IAsyncEnumerable<Entry> SalesAsync(IAsyncEnumerator<Head> heads, bool more, Dictionary<Guid, int> places, Dictionary<Guid, Lettering> letterings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (more)
        {
            var chunk = new List<Head>();
            for (; more && chunk.Count < AtOnce; more = await heads.MoveNextAsync())
            {
                chunk.Add(heads.Current);
            }

            var ids = chunk.ConvertAll(head => head.Id);
            var originalIds = chunk.Where(head => head.OriginalId is not null).Select(head => head.OriginalId!.Value).Distinct().ToList();
            var lines = (await db.InvoiceLines.Where(line => ids.Contains(line.InvoiceId) && line.Kind == LineKind.Item)
                .Select(line => new { line.InvoiceId, line.VatCategory, line.VatRate, line.VatReason, line.Nature, line.Net, line.IsOption })
                .ToListAsync(cancellationToken)).ToLookup(line => line.InvoiceId, line => new SaleLine(new Vat(line.VatCategory, line.VatRate, line.VatReason), line.Nature, line.Net, line.IsOption));
            var deposits = (await db.InvoiceDeposits.Where(deposit => ids.Contains(deposit.InvoiceId))
                .Select(deposit => new { deposit.InvoiceId, deposit.VatRate, deposit.Net, deposit.Tax })
                .ToListAsync(cancellationToken)).ToLookup(deposit => deposit.InvoiceId, deposit => new DeductedDeposit(deposit.VatRate, deposit.Net, deposit.Tax));
            var originals = await db.Invoices.Where(invoice => originalIds.Contains(invoice.Id)).Select(invoice => new { invoice.Id, invoice.Number, invoice.Kind }).ToDictionaryAsync(invoice => invoice.Id, cancellationToken);
            var customers = await CustomersAsync(db, chunk.Select(head => head.InstitutionId).Distinct().ToList(), cancellationToken);
            foreach (var head in chunk)
            {
                var original = originals.GetValueOrDefault(head.OriginalId ?? Guid.Empty);
                var facts = new SaleFacts(
                    head.Number,
                    head.Kind,
                    head.IssuedOn,
                    clock.DayOf(head.IssuedAt),
                    customers[head.InstitutionId],
                    original?.Number,
                    original?.Kind is InvoiceKind.Deposit,
                    head.Gross,
                    new GlobalDiscount(head.DiscountPercent, head.DiscountAmount),
                    [.. lines[head.Id]],
                    [.. deposits[head.Id]]);
                yield return new Entry(facts.ValidatedOn, Entries.Of(facts, plan, places[head.Id], letterings.GetValueOrDefault(head.Id)));
            }
        }
    }

    private async IAsyncEnumerable<Entry> PaymentsAsync(bool isAsked, Dictionary<Guid, int> places, Dictionary<Guid, Lettering> letterings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!isAsked)
        {
            yield break;
        }

        var (from, to) = (scope.From, scope.To);
        var heads = Recorded(db.Payments.Where(payment => payment.ReceivedOn >= from && payment.ReceivedOn <= to))
            .Select(payment => new { payment.Id, payment.InstitutionId, payment.ReceivedOn, payment.CreatedAt, payment.Amount, payment.Reference, payment.JournalNumber })
            .AsAsyncEnumerable();
        await foreach (var chunk in heads.Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var ids = chunk.Select(head => head.Id).ToList();
            var shares = (await (
                from allocation in db.PaymentAllocations
                where ids.Contains(allocation.PaymentId)
                join invoice in db.Invoices on allocation.InvoiceId equals invoice.Id
                orderby invoice.IssuedOn, invoice.Number
                select new { allocation.PaymentId, allocation.InvoiceId, invoice.Number, invoice.InstitutionId, allocation.Amount }).ToListAsync(cancellationToken)).ToLookup(share => share.PaymentId);
            var customers = await CustomersAsync(db, chunk.Select(head => head.InstitutionId).Concat(shares.SelectMany(group => group).Select(share => share.InstitutionId)).Distinct().ToList(), cancellationToken);
            foreach (var head in chunk)
            {
                var facts = new PaymentFacts(
                    Payment.NameOf(head.Reference, head.JournalNumber),
                    head.ReceivedOn,
                    clock.DayOf(head.CreatedAt),
                    customers[head.InstitutionId],
                    head.Amount,
                    [.. shares[head.Id].Select(share => new PaidShare(share.Number!, customers[share.InstitutionId], share.Amount, letterings.GetValueOrDefault(share.InvoiceId)))]);
                yield return new Entry(facts.ValidatedOn, Entries.Of(facts, plan, places[head.Id]));
            }
        }
    }

    // A letter ties what these days hold: an invoice settled by a payment that comes later gets none yet, else the letter would not sum to zero.
    // Its code is that of the place of the invoice in its journal: the same in every export, whatever is settled before or after.
    private async Task<Dictionary<Guid, Lettering>> LetteringsAsync(Dictionary<Guid, int> places, CancellationToken cancellationToken)
    {
        var letterings = new Dictionary<Guid, Lettering>();
        if (!scope.Journals.HasFlag(LedgerJournals.Sales))
        {
            return letterings;
        }

        var (first, to, withBank) = (scope.From, scope.To, scope.Journals.HasFlag(LedgerJournals.Bank));
        var settled = await Booked(db)
            .Where(invoice => invoice.Kind != InvoiceKind.CreditNote && invoice.Balance == 0 && invoice.IssuedOn >= first && invoice.IssuedOn <= to)
            .Select(invoice => new { invoice.Id, invoice.Gross, invoice.Prepaid, IssuedOn = invoice.IssuedOn!.Value })
            .ToListAsync(cancellationToken);
        var paid = await (
            from allocation in db.PaymentAllocations
            join payment in db.Payments on allocation.PaymentId equals payment.Id
            where withBank && payment.ReceivedOn >= first && payment.ReceivedOn <= to
            group new { allocation.Amount, payment.ReceivedOn } by allocation.InvoiceId into shares
            select new { InvoiceId = shares.Key, Amount = shares.Sum(share => share.Amount), On = shares.Max(share => share.ReceivedOn) }).ToDictionaryAsync(share => share.InvoiceId, cancellationToken);
        var credits = (await Booked(db)
            .Where(note => note.Kind == InvoiceKind.CreditNote && note.OriginalId != null && note.IssuedOn >= first && note.IssuedOn <= to)
            .Select(note => new { note.Id, OriginalId = note.OriginalId!.Value, Gross = note.Gross - note.Prepaid, IssuedOn = note.IssuedOn!.Value })
            .ToListAsync(cancellationToken)).ToLookup(note => note.OriginalId);
        foreach (var invoice in settled)
        {
            var due = invoice.Gross - invoice.Prepaid;
            var (received, receivedOn) = paid.TryGetValue(invoice.Id, out var share) ? (share.Amount, share.On) : (0, invoice.IssuedOn);
            var notes = received == due ? [] : credits[invoice.Id].ToList();
            if (due == 0 || received + notes.Sum(note => note.Gross) != due)
            {
                continue;
            }

            var on = notes.Select(note => note.IssuedOn).Append(receivedOn).Append(invoice.IssuedOn).Max();
            var lettering = new Lettering(Lettering.CodeOf(places[invoice.Id] - 1), on);
            letterings[invoice.Id] = lettering;
            notes.ForEach(note => letterings[note.Id] = lettering);
        }

        return letterings;
    }

    private sealed record Head(Guid Id, Guid InstitutionId, string Number, InvoiceKind Kind, DateOnly IssuedOn, DateTime IssuedAt, Guid? OriginalId, decimal Gross, decimal DiscountPercent, decimal DiscountAmount);

    private sealed record Entry(DateOnly ValidatedOn, IReadOnlyList<LedgerLine> Lines);
}
