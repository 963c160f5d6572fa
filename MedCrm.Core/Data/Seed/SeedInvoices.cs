using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data.Seed;

/// <summary>
/// Invented invoices over three years, most of them paid, through the entities' own verbs and in the order of their days: numbers without a gap, sums that
/// agree. The same for the same seed and day.
/// </summary>
internal sealed class SeedInvoices(IDbContextFactory<MedCrmDbContext> contexts, BusinessClock clock, int seed)
{
    private const int Chunk = 500;
    private const int Days = 1095;

    private readonly Random _random = new(seed);
    private int _journal;

    /// <summary>Adds so many invoices for some of these institutions, a few drafts and credit notes among them; answers how many payments came with them.</summary>
    public async Task<int> FillAsync(int count, IReadOnlyList<(Guid Id, User? Owner)> institutions, CancellationToken cancellationToken)
    {
        if (count == 0 || institutions.Count == 0)
        {
            return 0;
        }

        var buyers = institutions.Where((_, place) => place % 3 == 0).ToList();
        var gesture = new Gesture(Actor.System, "Données de mesure", ChangeOrigin.Command);
        var payments = 0;
        for (var start = 0; start < count; start += Chunk)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var some = Enumerable.Range(start, Math.Min(Chunk, count - start)).Select(index => (Index: index, Buyer: buyers[_random.Next(buyers.Count)])).ToList();
            var known = await BillingProfiles.EffectiveAsync(db, [.. some.Select(row => row.Buyer.Id).Distinct()], cancellationToken);
            db.Gesture = gesture;
            await db.InTransactionAsync(
                async () =>
                {
                    _journal = _journal == 0 ? await Payments.NextNumberAsync(db, cancellationToken) - 1 : _journal;
                    var made = new List<(Invoice Invoice, Payment? Payment)>();
                    foreach (var (index, buyer) in some)
                    {
                        made.AddRange(await NewAsync(db, known[buyer.Id], buyer.Owner, clock.Today.AddDays((int)((long)index * Days / count) - Days), cancellationToken));
                    }

                    await db.SaveChangesAsync(cancellationToken);
                    await db.InsertAsync([.. made.Select(row => row.Invoice)], cancellationToken);
                    await db.InsertAsync([.. made.SelectMany(row => row.Invoice.Lines)], cancellationToken);
                    await db.InsertAsync([.. made.Select(row => row.Payment).OfType<Payment>()], cancellationToken);
                    await db.InsertAsync([.. made.Select(row => row.Payment).OfType<Payment>().SelectMany(payment => payment.Allocations)], cancellationToken);
                    payments += made.Count(row => row.Payment is not null);
                },
                cancellationToken);
        }

        return payments;
    }

    private async Task<IReadOnlyList<(Invoice Invoice, Payment? Payment)>> NewAsync(MedCrmDbContext db, EffectiveBilling buyer, User? owner, DateOnly day, CancellationToken cancellationToken)
    {
        var at = clock.ToUtc(day, new TimeOnly(_random.Next(8, 18), _random.Next(60)));
        var invoice = new Invoice(
            new InvoiceDetails
            {
                Title = SeedNames.Deals[_random.Next(SeedNames.Deals.Length)],
                InstitutionId = buyer.InstitutionId,
                OwnerId = owner?.Id,
                TeamId = owner?.TeamId,
                TermKind = buyer.Term.Kind,
                TermDays = buyer.Term.Days,
                Lines = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => NewLine())],
            },
            at);
        // The last weeks have a few drafts to review.
        if (day > clock.Today.AddDays(-30) && _random.Next(10) == 0)
        {
            return [(invoice, null)];
        }

        invoice.Issue(await NumberSeries.TakeAsync(db, DocumentSeries.Invoice, day, "FA", cancellationToken), day, buyer, at);
        var (paidOn, share) = Fate(invoice);
        if (paidOn > clock.Today)
        {
            if (invoice.DueOn < clock.Today && _random.Next(12) == 0)
            {
                invoice.Dispute("Quantités contestées par le service", clock.Today.AddDays(-_random.Next(1, 20)), at);
            }

            return [(invoice, null)];
        }

        if (share == 0)
        {
            return await TakenBackAsync(db, invoice, buyer, day, at, cancellationToken);
        }

        var amount = Money.Round(invoice.Balance * share);
        var payment = new Payment(
            new PaymentDetails { InstitutionId = buyer.InstitutionId, ReceivedOn = paidOn, Amount = amount, Means = buyer.Buyer is BuyerKind.Private ? PaymentMeans.Transfer : PaymentMeans.PublicMandate, Reference = $"VIR {invoice.Number}" },
            ++_journal,
            clock.ToUtc(paidOn, new TimeOnly(7, 30)),
            clock.Today);
        payment.Allocate(invoice, amount);
        invoice.Recount(amount, 0, 0, paidOn);
        return [(invoice, payment)];
    }

    // Public payers around their delay, private ones some weeks late; one in thirty in part, one in fifty taken back by a credit note.
    private (DateOnly On, decimal Share) Fate(Invoice invoice)
    {
        var late = _random.Next(10) switch { < 5 => -_random.Next(0, 12), < 9 => _random.Next(0, 35), _ => _random.Next(35, 160) };
        var on = invoice.DueOn!.Value.AddDays(late);
        return (on < invoice.IssuedOn ? invoice.IssuedOn!.Value : on, _random.Next(150) switch { < 5 => 0.4m, < 8 => 0, _ => 1 });
    }

    private static async Task<IReadOnlyList<(Invoice Invoice, Payment? Payment)>> TakenBackAsync(MedCrmDbContext db, Invoice invoice, EffectiveBilling buyer, DateOnly day, DateTime at, CancellationToken cancellationToken)
    {
        var note = new Invoice(invoice.Details() with { Kind = InvoiceKind.CreditNote, Title = $"Avoir sur {invoice.Number}", OriginalId = invoice.Id }, at);
        note.Issue(await NumberSeries.TakeAsync(db, DocumentSeries.CreditNote, day, "AV", cancellationToken), day, buyer, at);
        invoice.Recount(0, note.Due, note.Gross, day);
        return [(invoice, null), (note, null)];
    }

    private LineDetails NewLine() => new()
    {
        Description = SeedNames.Deals[_random.Next(SeedNames.Deals.Length)],
        Quantity = _random.Next(1, 20),
        UnitPrice = _random.Next(1_500, 150_000) / 100m,
        DiscountPercent = _random.Next(6) == 0 ? 5 : 0,
        VatRate = _random.Next(12) == 0 ? 5.5m : 20,
    };
}
