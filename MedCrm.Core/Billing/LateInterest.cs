namespace MedCrm.Core.Billing;

/// <summary>What was still due of an invoice from a day on. Euros including VAT.</summary>
/// <param name="From">The first day on which this balance was due and unpaid.</param>
/// <param name="Balance">Euros including VAT.</param>
public readonly record struct BalanceSlice(DateOnly From, decimal Balance);

/// <summary>Interest on what was due between two days, at one rate. Euros; percent a year.</summary>
/// <param name="From">The day after which lateness counts.</param>
/// <param name="To">The last day of lateness.</param>
/// <param name="Balance">What was due, including VAT.</param>
/// <param name="Rate">Percent a year.</param>
public sealed record PenaltySlice(DateOnly From, DateOnly To, decimal Balance, decimal Rate)
{
    /// <summary>Days of lateness.</summary>
    public int Days => To.DayNumber - From.DayNumber;

    /// <summary>What these days bring, to the cent, for reading: the total is rounded once.</summary>
    public decimal Interest => Money.Round(Exact);

    internal decimal Exact => Balance * Rate / 100 * Days / 365;
}

/// <summary>Penalties for late payment (C. com. art. L441-10 II and D441-5; CCP art. R2192-31 and following for public buyers).</summary>
public static class LateInterest
{
    /// <summary>The fixed sum for recovery costs, per invoice, without VAT (C. com. art. D441-5). Euros.</summary>
    public const decimal FixedCosts = 40;

    /// <summary>
    /// Interest from the day after the due day to the day of payment: balance × yearly rate × days / 365, the balance changing with each payment and the
    /// rate with each half-year; rounded once, at the end. 0 when nothing was late.
    /// </summary>
    /// <param name="slices">The balances in the order of their days, the first from the due day.</param>
    /// <param name="until">The day of the last payment, or today.</param>
    /// <param name="rateOn">The yearly rate in percent that holds on a day.</param>
    public static decimal Of(IReadOnlyList<BalanceSlice> slices, DateOnly until, Func<DateOnly, decimal> rateOn) => Money.Round(Pieces(slices, until, rateOn).Sum(piece => piece.Exact));

    /// <summary>The same by pieces, each at one balance and one rate, in the order of their days.</summary>
    /// <param name="slices">The balances in the order of their days, the first from the due day.</param>
    /// <param name="until">The day of the last payment, or today.</param>
    /// <param name="rateOn">The yearly rate in percent that holds on a day.</param>
    public static IEnumerable<PenaltySlice> Pieces(IReadOnlyList<BalanceSlice> slices, DateOnly until, Func<DateOnly, decimal> rateOn)
    {
        for (var i = 0; i < slices.Count; i++)
        {
            var end = i + 1 < slices.Count && slices[i + 1].From < until ? slices[i + 1].From : until;
            for (var from = slices[i].From; from < end;)
            {
                // A day of lateness is counted at the rate of the day after which it falls: the half-year changes between 31 December and 1 January.
                var first = from.AddDays(1);
                var next = NextHalfYear(first).AddDays(-1);
                var to = next < end ? next : end;
                yield return new PenaltySlice(from, to, slices[i].Balance, rateOn(first));
                from = to;
            }
        }
    }

    /// <summary>The first day of the half-year of a day.</summary>
    public static DateOnly HalfYearOf(DateOnly day) => new(day.Year, day.Month <= 6 ? 1 : 7, 1);

    private static DateOnly NextHalfYear(DateOnly day) => HalfYearOf(day).AddMonths(6);
}
