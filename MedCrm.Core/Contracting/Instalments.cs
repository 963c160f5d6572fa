using MedCrm.Core.Billing;

namespace MedCrm.Core.Contracting;

/// <summary>A stretch that is billed at once. Its days follow from the original start of the contract.</summary>
/// <param name="Index">0 for the first.</param>
/// <param name="From">Its first day.</param>
/// <param name="To">Its last day.</param>
public readonly record struct Instalment(int Index, DateOnly From, DateOnly To)
{
    /// <summary>How many days it has.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;
}

/// <summary>What recurring prices come to: by month, by instalment, by a part of one. Euros excluding VAT.</summary>
public static class Instalments
{
    /// <summary>How many months a price is for; 0 when it is due once.</summary>
    public static int Months(this BillingPeriod period) => period switch
    {
        BillingPeriod.Monthly => 1,
        BillingPeriod.Quarterly => 3,
        BillingPeriod.HalfYearly => 6,
        BillingPeriod.Annual => 12,
        _ => 0,
    };

    /// <summary>The instalment of a rank.</summary>
    /// <param name="startsOn">The first day of the contract.</param>
    /// <param name="months">How many months each has.</param>
    /// <param name="index">0 for the first.</param>
    public static Instalment At(DateOnly startsOn, int months, int index)
        => new(index, startsOn.AddMonths(months * index), startsOn.AddMonths(months * (index + 1)).AddDays(-1));

    /// <summary>The instalment that holds a day; the first one for a day before the start.</summary>
    public static Instalment Holding(DateOnly startsOn, int months, DateOnly day)
    {
        var index = Math.Max(0, ((((day.Year - startsOn.Year) * 12) + day.Month - startsOn.Month) / months) - 1);
        while (At(startsOn, months, index).To < day)
        {
            index++;
        }

        return At(startsOn, months, index);
    }

    /// <summary>The first instalment that starts on a day or after it.</summary>
    internal static Instalment StartingBy(DateOnly startsOn, int months, DateOnly day)
        => Holding(startsOn, months, day) is var holding && holding.From >= day ? holding : At(startsOn, months, holding.Index + 1);

    /// <summary>What prices come to by month: each for its own number of months, once-only ones left out; rounded on the sum.</summary>
    public static decimal Monthly(IEnumerable<(decimal Net, BillingPeriod Period)> prices)
        => Money.Round(prices.Where(price => price.Period is not BillingPeriod.OneOff).Sum(price => price.Net / price.Period.Months()));

    /// <summary>What recurring prices cost by month, euros excluding VAT; null when one of the costs is unknown.</summary>
    public static decimal? MonthlyCost(IReadOnlyCollection<(decimal Quantity, decimal? UnitCost, BillingPeriod Period)> prices)
        => prices.Any(price => price.UnitCost is null) ? null : Monthly(prices.Select(price => (price.Quantity * price.UnitCost!.Value, price.Period)));

    /// <summary>What prices come to over twelve months, once-only ones left out; rounded on the sum.</summary>
    public static decimal Yearly(IEnumerable<(decimal Net, BillingPeriod Period)> prices)
        => Money.Round(prices.Where(price => price.Period is not BillingPeriod.OneOff).Sum(price => 12 * price.Net / price.Period.Months()));

    /// <summary>A price for a whole instalment. The running sum is rounded and not each instalment, so that twelve months of a yearly price make that price.</summary>
    /// <param name="net">The price for its own period.</param>
    /// <param name="priceMonths">The months of that period.</param>
    /// <param name="instalmentMonths">The months of the instalment.</param>
    /// <param name="index">The rank of the instalment, from 0.</param>
    public static decimal Share(decimal net, int priceMonths, int instalmentMonths, int index)
        => Money.Round(net * instalmentMonths * (index + 1) / priceMonths) - Money.Round(net * instalmentMonths * index / priceMonths);

    /// <summary>The part of an instalment's price for the days from one to another, both counted; 310.00 from 12 to 31 January is 200.00.</summary>
    public static decimal Prorated(decimal full, Instalment instalment, DateOnly from, DateOnly to)
    {
        var days = DaysWithin(instalment, from, to);
        return days == instalment.Days ? full : Money.Round(full * days / instalment.Days);
    }

    /// <summary>How many of an instalment's days lie between two days, both counted.</summary>
    public static int DaysWithin(Instalment instalment, DateOnly from, DateOnly to)
    {
        var (first, last) = (from > instalment.From ? from : instalment.From, to < instalment.To ? to : instalment.To);
        return Math.Max(0, last.DayNumber - first.DayNumber + 1);
    }
}
