using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>A category of VAT and its rate in percent: what credit notes and deposits are held to. Two provisions that exempt are one.</summary>
internal readonly record struct RateKey(VatCategory Category, decimal Rate)
{
    /// <summary>The key of a VAT.</summary>
    public static RateKey Of(Vat vat) => new(vat.Category, vat.Rate);

    /// <summary>Amounts by key, the first of each giving its provision.</summary>
    public static IReadOnlyList<RateTotal> Fold(IEnumerable<RateTotal> rates)
        => [.. rates.GroupBy(rate => Of(rate.Vat)).Select(same => new RateTotal(same.First().Vat, same.Sum(rate => rate.Net), same.Sum(rate => rate.Tax)))];
}

/// <summary>
/// What credit notes may still take back of an issued invoice: its own total less the notes already issued, by category and rate, whatever was paid or deducted. A note first
/// takes back what the invoice itself asked for; beyond that it takes back what deposits had asked for, and gives these deposits back: a credit note on the deposit itself
/// returns their money, or another invoice deducts them. What another invoice deducts of a deposit cannot be taken back of the deposit meanwhile. Euros.
/// </summary>
internal sealed class CreditLeft
{
    private readonly Invoice _original;
    private readonly IReadOnlyList<RateTotal> _rates;
    private readonly IReadOnlyList<DepositShare> _deposits;
    private readonly Holder? _holder;

    private CreditLeft(Invoice original, decimal gross, bool isBegun, IReadOnlyList<RateTotal> rates, IReadOnlyList<DepositShare> deposits, Holder? holder)
        => (_original, Gross, IsBegun, _rates, _deposits, _holder) = (original, gross, isBegun, rates, deposits, holder);

    /// <summary>Its total less the notes, including VAT.</summary>
    public decimal Gross { get; }

    /// <summary>Something of it was taken back or is held elsewhere.</summary>
    public bool IsBegun { get; }

    /// <summary>What is left of an issued invoice, its lines and deposits loaded.</summary>
    public static async Task<CreditLeft> OfAsync(MedCrmDbContext db, Invoice original, CancellationToken cancellationToken)
    {
        var notes = await Invoices.Whole(db.Invoices.AsNoTracking().Where(note => note.OriginalId == original.Id && note.Kind == InvoiceKind.CreditNote && note.Number != null)).ToListAsync(cancellationToken);
        var held = original.Kind is InvoiceKind.Deposit ? await DepositShare.HeldAsync(db, [original.Id], original.Id, cancellationToken) : [];
        var taken = notes.SelectMany(note => note.Totals.Rates).Concat(held.Select(share => new RateTotal(share.Vat, share.Net, share.Tax)));
        var rates = RateKey.Fold([.. original.Totals.Rates, .. taken.Select(rate => rate with { Net = -rate.Net, Tax = -rate.Tax })]);
        var back = notes.SelectMany(note => note.Deposits).Select(DepositShare.Of);
        var deposits = DepositShare.Less(original.Deposits.Select(DepositShare.Of), back);
        return new CreditLeft(
            original,
            original.Gross - notes.Sum(note => note.Gross),
            notes.Count > 0 || held.Count > 0,
            rates,
            deposits,
            held.Count == 0 ? null : await HolderAsync(db, original.Id, cancellationToken));
    }

    /// <summary>
    /// The lines that take all of it back: those of the invoice, or what earlier notes left at each rate. The VAT of several notes, each rounded, may pass that of the whole by a
    /// cent: the lines then leave a cent of the base for another note.
    /// </summary>
    public IReadOnlyList<LineDetails> Lines()
    {
        var lines = _original.Details().Lines;
        return !IsBegun ? lines : [.. _rates.Select(rate => rate with { Net = Fitting(rate) }).Where(rate => rate.Net != 0).Select(rate => new LineDetails
        {
            Description = $"Reste de {_original.Number}",
            Quantity = Math.Sign(rate.Net),
            UnitPrice = Math.Abs(rate.Net),
            VatCategory = rate.Vat.Category,
            VatRate = rate.Vat.Rate,
            VatReason = rate.Vat.Reason,
            Nature = lines.Where(line => line.Kind is LineKind.Item && RateKey.Of(line.Vat) == RateKey.Of(rate.Vat)).Select(line => line.Nature).FirstOrDefault(),
        })];
    }

    /// <summary>Nothing is left, or another invoice holds it.</summary>
    /// <exception cref="BusinessRuleException">So it is.</exception>
    public void DemandSome()
    {
        if (Gross <= 0)
        {
            throw new BusinessRuleException($"{_original.Number} a déjà été reprise en entier par des avoirs.");
        }

        if (_holder is not null && _rates.All(rate => rate.Net == 0 && rate.Tax == 0))
        {
            throw Held();
        }
    }

    /// <summary>A note stays within what is left, in all and at each rate.</summary>
    /// <exception cref="BusinessRuleException">It passes it, or takes back of a deposit what another invoice deducts.</exception>
    public void Demand(Invoice note)
    {
        if (note.Gross > Gross)
        {
            throw new BusinessRuleException($"L'avoir dépasse ce qui reste de {_original.Number} : {FrenchText.FormatAmount(Gross)} TTC au plus.", nameof(Invoice.Lines));
        }

        foreach (var rate in RateKey.Fold(note.Totals.Rates))
        {
            var left = At(rate.Vat);
            if (!Within(rate.Net, left.Net) || !Within(rate.Tax, left.Tax))
            {
                throw _holder is not null ? Held() : new BusinessRuleException(
                    $"L'avoir dépasse ce qui reste de {_original.Number} à la TVA « {(Sentence)rate.Vat.ToString()} » : {FrenchText.FormatAmount(left.Net)} HT et {FrenchText.FormatAmount(left.Tax)} de TVA au plus.",
                    nameof(Invoice.Lines));
            }
        }
    }

    /// <summary>The deposits that a note gives back: what it takes beyond what the invoice itself asked for, rate by rate, to the cent.</summary>
    public IReadOnlyList<DepositShare> GivenBack(Invoice note)
    {
        var rates = RateKey.Fold(note.Totals.Rates);
        if (_deposits.Count == 0 || _rates.All(left => rates.Where(rate => RateKey.Of(rate.Vat) == RateKey.Of(left.Vat)).Sum(rate => rate.Net) == left.Net))
        {
            return _deposits;
        }

        var given = new List<DepositShare>();
        foreach (var rate in rates)
        {
            var at = _deposits.Where(share => RateKey.Of(share.Vat) == RateKey.Of(rate.Vat)).ToList();
            var (net, tax) = (rate.Net - Math.Max(0, At(rate.Vat).Net - at.Sum(share => share.Net)), rate.Tax - Math.Max(0, At(rate.Vat).Tax - at.Sum(share => share.Tax)));
            foreach (var share in at)
            {
                var part = share with { Net = Math.Clamp(net, 0, Math.Max(0, share.Net)), Tax = Math.Clamp(tax, 0, Math.Max(0, share.Tax)) };
                (net, tax) = (net - part.Net, tax - part.Tax);
                given.Add(part);
            }
        }

        // Deposits may pass the invoice at one rate and be made up for at another: the sum holds all the same.
        var over = note.Gross - given.Sum(share => share.Gross) - (Gross - _deposits.Sum(share => share.Gross));
        foreach (var share in DepositShare.Less(_deposits, given).Where(share => share.Gross > 0))
        {
            var part = Math.Clamp(over, 0, share.Gross);
            var net = part == share.Gross ? share.Net : Money.Round(part * share.Net / share.Gross);
            given.Add(share with { Net = net, Tax = part - net });
            over -= part;
        }

        return DepositShare.Less(given, []);
    }

    private static decimal Fitting(RateTotal left)
    {
        var net = left.Net;
        while (Math.Abs(left.Vat.Of(net)) > Math.Abs(left.Tax))
        {
            net -= Math.Sign(net) * 0.01m;
        }

        return net;
    }

    private static bool Within(decimal value, decimal left) => left >= 0 ? value >= 0 && value <= left : value <= 0 && value >= left;

    private static async Task<Holder> HolderAsync(MedCrmDbContext db, Guid depositId, CancellationToken cancellationToken)
        => await DepositShare.Taken(db, depositId).Where(share => share.DepositId == depositId)
            .Join(db.Invoices, share => share.InvoiceId, invoice => invoice.Id, (_, invoice) => new { invoice.Number, invoice.Title, invoice.Status })
            .OrderBy(invoice => invoice.Status == InvoiceStatus.Credited).ThenBy(invoice => invoice.Number)
            .Select(invoice => new Holder(invoice.Number, invoice.Title))
            .FirstAsync(cancellationToken);

    private RateTotal At(Vat vat) => _rates.FirstOrDefault(rate => RateKey.Of(rate.Vat) == RateKey.Of(vat)) ?? new RateTotal(vat, 0, 0);

    private BusinessRuleException Held() => new(
        _holder!.Number is { } number
            ? $"L'acompte {_original.Number} est déduit de {number} : faites d'abord un avoir sur {number}, il rendra l'acompte disponible."
            : (Sentence)$"L'acompte {_original.Number} est déduit du brouillon « {_holder.Title} » : retirez-le d'abord de ce brouillon.",
        nameof(Invoice.OriginalId));

    // Who deducts a deposit.
    private sealed record Holder(string? Number, string Title);
}
