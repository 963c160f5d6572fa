using System.Numerics;
using MedCrm.Core.Billing;

namespace MedCrm.Tests.Billing;

/// <summary>The worked documents of EN 16931 and BOFiP rounding, and ten thousand random ones worked out again in whole numbers.</summary>
public sealed class DocumentTotalsTests
{
    private static readonly Vat s_exempt = new(VatCategory.Exempt, 0, "art. 261-4-4° a du CGI");

    [Fact]
    public void VAT_is_worked_out_on_the_sum_of_a_rate_and_not_by_line()
    {
        var totals = DocumentTotals.Of([Line(1, 10.03m), Line(1, 10.03m), Line(1, 10.03m)]);

        Assert.Equal((30.09m, 6.02m, 36.11m), (totals.Net, totals.Tax, totals.Gross));
    }

    [Fact]
    public void A_document_of_four_rates_of_VAT()
    {
        LineDetails[] lines = [Line(12, 149.90m), Line(1.5m, 980, discount: 10), Line(3, 24.17m, 5.5m), Line(1, 1200) with { VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = s_exempt.Reason }];

        var totals = DocumentTotals.Of(lines);

        Assert.Equal([1798.80m, 1323.00m, 72.51m, 1200.00m], lines.Select(line => line.Net));
        Assert.Equal((4394.31m, 628.35m, 5022.66m), (totals.Net, totals.Tax, totals.Gross));
        Assert.Equal(
            [new RateTotal(Vat.Normal, 3121.80m, 624.36m), new RateTotal(new Vat(VatCategory.Standard, 5.5m, null), 72.51m, 3.99m), new RateTotal(s_exempt, 1200, 0)],
            totals.Rates);
    }

    [Fact]
    public void A_global_discount_is_shared_by_rate_and_the_last_takes_the_rest()
    {
        var totals = DocumentTotals.Of([Line(1, 333.33m), Line(1, 66.67m, 5.5m)], new GlobalDiscount(5, 0));

        Assert.Equal((400m, 20m, 380m), (totals.Lines, totals.Discount, totals.Net));
        Assert.Equal([(316.66m, 63.33m), (63.34m, 3.48m)], totals.Rates.Select(rate => (rate.Net, rate.Tax)));
        Assert.Equal(380 + 66.81m, totals.Gross);
    }

    [Fact]
    public void Titles_texts_and_options_stay_out_of_the_totals()
    {
        var totals = DocumentTotals.Of([Line(1, 100), Line(1, 40) with { IsOption = true }, new LineDetails { Kind = LineKind.Section, Description = "Matériel", UnitPrice = 7 }, new LineDetails { Kind = LineKind.Note, Description = "Voir annexe", UnitPrice = 7 }]);

        Assert.Equal((100m, 20m, 120m, 40m), (totals.Net, totals.Tax, totals.Gross, totals.Options));
    }

    [Fact]
    public void The_margin_is_what_is_left_of_the_known_costs_and_unknown_with_one_missing()
    {
        var known = Line(2, 100) with { UnitCost = 30 };

        Assert.Equal(130, DocumentTotals.Of([known], new GlobalDiscount(5, 0)).Margin);
        Assert.Null(DocumentTotals.Of([known, Line(1, 10)]).Margin);
    }

    [Fact]
    public void A_discount_on_nothing_takes_nothing_and_the_sums_agree()
    {
        var totals = DocumentTotals.Of([Line(1, 40) with { IsOption = true }], new GlobalDiscount(0, 25));

        Assert.Equal((0m, 0m, 0m, 0m), (totals.Lines, totals.Discount, totals.Net, totals.Gross));
    }

    [Fact]
    public void A_reason_left_from_before_makes_no_second_total_of_a_rate()
        => Assert.Single(DocumentTotals.Of([Line(1, 10), Line(1, 10) with { VatReason = "Autoliquidation, art. 283-2 du CGI" }]).Rates);

    [Fact]
    public void Ten_thousand_random_documents_agree_with_whole_numbers()
    {
        var random = new Random(20261121);
        for (var document = 0; document < 10_000; document++)
        {
            var lines = Enumerable.Range(0, random.Next(0, 25)).Select(_ => RandomLine(random)).ToList();
            var discount = random.Next(3) switch { 0 => new GlobalDiscount(random.Next(1, 10_000) / 100m, 0), 1 => new GlobalDiscount(0, random.Next(1, 50_000) / 100m), _ => default };

            var totals = DocumentTotals.Of(lines, discount);
            var expected = InWholeNumbers(lines, discount);

            var told = $"document {document}: {string.Join(", ", lines)} less {discount}";
            Assert.True(expected.SequenceEqual(totals.Rates.Select(rate => (Cents(rate.Net), Cents(rate.Tax)))), told);
            Assert.True(totals.Net == totals.Rates.Sum(rate => rate.Net) && totals.Net == totals.Lines - totals.Discount && totals.Gross == totals.Net + totals.Tax, told);
            Assert.True(Cents(totals.Tax) == expected.Aggregate(BigInteger.Zero, (sum, rate) => sum + rate.Tax), told);
        }
    }

    // Quantities in ten-thousandths, prices in millionths, percents in hundredths: every product is a whole number, and each rounding one division.
    private static List<(BigInteger Net, BigInteger Tax)> InWholeNumbers(List<LineDetails> lines, GlobalDiscount discount)
    {
        var bases = new SortedDictionary<int, BigInteger>(Comparer<int>.Create((one, other) => other.CompareTo(one)));
        foreach (var line in lines.Where(line => line is { Kind: LineKind.Item, IsOption: false }))
        {
            var exact = Whole(line.Quantity, 10_000) * Whole(line.UnitPrice, 1_000_000) * (10_000 - Whole(line.DiscountPercent, 100));
            var rate = (int)Whole(line.VatRate, 100);
            bases[rate] = bases.GetValueOrDefault(rate) + Divided(exact, BigInteger.Pow(10, 12));
        }

        var sum = bases.Values.Aggregate(BigInteger.Zero, (total, part) => total + part);
        var taken = sum == 0 ? 0 : discount.Percent != 0 ? Divided(sum * Whole(discount.Percent, 100), 10_000) : Whole(discount.Amount, 100);
        var (rates, seen, given) = (new List<(BigInteger, BigInteger)>(), BigInteger.Zero, BigInteger.Zero);
        foreach (var (rate, part) in bases)
        {
            seen += part;
            var due = taken == 0 ? 0 : Divided(taken * seen, sum);
            var net = part - (due - given);
            given = due;
            rates.Add((net, Divided(net * rate, 10_000)));
        }

        return rates;
    }

    // Half away from zero, without any decimal.
    private static BigInteger Divided(BigInteger value, BigInteger by)
    {
        var sign = value.Sign * by.Sign;
        var (whole, rest) = BigInteger.DivRem(BigInteger.Abs(value), BigInteger.Abs(by));
        return sign * (2 * rest >= BigInteger.Abs(by) ? whole + 1 : whole);
    }

    private static BigInteger Whole(decimal value, int unit) => new(value * unit);

    private static BigInteger Cents(decimal amount)
    {
        Assert.Equal(decimal.Round(amount, 2), amount);
        return Whole(amount, 100);
    }

    private static LineDetails RandomLine(Random random)
    {
        decimal[] rates = [20, 10, 5.5m, 2.1m, 0];
        var rate = rates[random.Next(rates.Length)];
        var decimals = random.Next(7);
        return new LineDetails
        {
            Kind = random.Next(20) == 0 ? LineKind.Section : LineKind.Item,
            Description = "x",
            Quantity = random.Next(8) == 0 ? -random.Next(1, 50_000) / 10_000m : random.Next(3) == 0 ? random.Next(1, 20) : random.Next(1, 2_000_000) / 10_000m,
            UnitPrice = decimal.Round(random.NextInt64(0, 5_000_000_000) / 1_000_000m, decimals),
            DiscountPercent = random.Next(2) == 0 ? 0 : random.Next(0, 10_001) / 100m,
            VatCategory = rate == 0 ? VatCategory.Exempt : VatCategory.Standard,
            VatRate = rate,
            VatReason = rate == 0 ? s_exempt.Reason : null,
            IsOption = random.Next(10) == 0,
        };
    }

    private static LineDetails Line(decimal quantity, decimal price, decimal rate = 20, decimal discount = 0)
        => new() { Description = "x", Quantity = quantity, UnitPrice = price, VatRate = rate, DiscountPercent = discount };
}
