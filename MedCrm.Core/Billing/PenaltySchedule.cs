namespace MedCrm.Core.Billing;

/// <summary>The yearly rates of penalties for late payment, from the published rates and the company's own.</summary>
/// <param name="Rates">The published rates, at least one.</param>
/// <param name="OwnRate">What the company's terms set, percent a year; null when they set none.</param>
public sealed record PenaltySchedule(IReadOnlyList<PenaltyRate> Rates, decimal? OwnRate)
{
    /// <summary>
    /// The rate that holds on a day, percent a year. Towards a private buyer the company's own rate when it reaches three times the legal one, else the rate of the
    /// European Central Bank plus 10 points (C. com. art. L441-10 II); towards a public one that rate plus 8 points (CCP art. R2192-31).
    /// </summary>
    public decimal RateOn(DateOnly day, BuyerKind buyer)
    {
        var published = PublishedOn(day);
        return buyer is not BuyerKind.Private ? published.CentralBank + 8
            : OwnRate is { } own && own >= 3 * published.Legal ? own
            : published.CentralBank + 10;
    }

    /// <summary>The published rates that hold on a day: those of its half-year, else the last known before it.</summary>
    public PenaltyRate PublishedOn(DateOnly day)
        => Rates.Where(rate => rate.From <= day).MaxBy(rate => rate.From) ?? Rates.MinBy(rate => rate.From)!;

    /// <summary>The half-years between the first known and a day whose rates are not known, by their first day.</summary>
    public IReadOnlyList<DateOnly> MissingUntil(DateOnly day)
    {
        var missing = new List<DateOnly>();
        for (var half = Rates.Min(rate => rate.From); half <= day; half = half.AddMonths(6))
        {
            if (!Rates.Any(rate => rate.From == half))
            {
                missing.Add(half);
            }
        }

        return missing;
    }
}
