using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>A discount on a whole document: a share of it, or an amount. Euros excluding VAT.</summary>
/// <param name="Percent">Percent, 0 for none.</param>
/// <param name="Amount">Euros excluding VAT, 0 for none; counts when there is no percentage.</param>
public readonly record struct GlobalDiscount(decimal Percent, decimal Amount)
{
    /// <summary>What it takes off a sum, to the cent; nothing off nothing.</summary>
    public decimal Of(decimal net) => net == 0 ? 0 : Percent != 0 ? Money.Round(net * Percent / 100) : Money.Round(Amount);

    /// <summary>The discount as typed, once checked against the sum of the lines, euros excluding VAT.</summary>
    /// <exception cref="BusinessRuleException">It is not between 0 and 100 %, or takes off more than the lines add up to.</exception>
    public static GlobalDiscount Checked(decimal percent, decimal amount, decimal lines)
    {
        if (percent is < 0 or > 100)
        {
            throw new BusinessRuleException("La remise va de 0 à 100 %.", "DiscountPercent");
        }

        var discount = new GlobalDiscount(percent, Money.Round(amount));
        return amount >= 0 && discount.Of(lines) <= Math.Max(0, lines)
            ? discount
            : throw new BusinessRuleException("La remise ne peut pas dépasser le total des lignes.", "DiscountAmount");
    }
}

/// <summary>The base and the VAT of one rate. Euros.</summary>
/// <param name="Vat">The category, rate and provision.</param>
/// <param name="Net">The base, global discount deducted, excluding VAT.</param>
/// <param name="Tax">The VAT.</param>
public sealed record RateTotal(Vat Vat, decimal Net, decimal Tax);

/// <summary>
/// The totals of a document, to the cent: lines are rounded, then added; VAT is worked out by rate on the sum of its bases; the total including VAT
/// is their sum exactly (EN 16931, BR-CO-10 to BR-CO-17). Euros.
/// </summary>
/// <param name="Lines">The sum of the lines, excluding VAT, before the global discount.</param>
/// <param name="Discount">What the global discount takes off, excluding VAT.</param>
/// <param name="Net">Excluding VAT.</param>
/// <param name="Tax">The VAT.</param>
/// <param name="Gross">Including VAT.</param>
/// <param name="Rates">By rate, the highest first.</param>
/// <param name="Options">The sum of the options left out, excluding VAT.</param>
/// <param name="Margin">Net less the known costs, excluding VAT; null when a cost is unknown.</param>
public sealed record DocumentTotals(decimal Lines, decimal Discount, decimal Net, decimal Tax, decimal Gross, IReadOnlyList<RateTotal> Rates, decimal Options, decimal? Margin)
{
    /// <summary>Adds lines up. The global discount is shared among the rates by their bases; the last takes what rounding leaves.</summary>
    public static DocumentTotals Of(IEnumerable<IPricedLine> lines, GlobalDiscount discount = default)
    {
        var priced = lines.Where(line => line.Kind is LineKind.Item).ToList();
        var counted = priced.Where(line => !line.IsOption).ToList();
        var bases = counted.GroupBy(line => line.Vat).OrderByDescending(group => group.Key.Rate).ThenBy(group => group.Key.Category).ThenBy(group => group.Key.Reason, StringComparer.Ordinal)
            .Select(group => (Vat: group.Key, Net: group.Sum(line => line.Net))).ToList();
        var sum = bases.Sum(part => part.Net);
        var taken = discount.Of(sum);
        var rates = Share(bases, sum, taken);
        var net = rates.Sum(rate => rate.Net);
        var tax = rates.Sum(rate => rate.Tax);
        decimal? margin = counted.TrueForAll(line => line.UnitCost is not null) ? net - counted.Sum(line => Money.Round(line.Quantity * line.UnitCost!.Value)) : null;
        return new DocumentTotals(sum, taken, net, tax, net + tax, rates, priced.Where(line => line.IsOption).Sum(line => line.Net), margin);
    }

    // Rounding the running sum, and not each part, leaves no cent over and never makes a part pass its base by more than one.
    private static List<RateTotal> Share(List<(Vat Vat, decimal Net)> bases, decimal sum, decimal discount)
    {
        var rates = new List<RateTotal>();
        var (seen, given) = (0m, 0m);
        foreach (var (vat, net) in bases)
        {
            seen += net;
            var due = discount == 0 ? 0 : Money.Round(discount * seen / sum);
            var left = net - (due - given);
            given = due;
            rates.Add(new RateTotal(vat, left, vat.Of(left)));
        }

        return rates;
    }
}
