using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>The movements of the monthly recurring revenue over a month. Euros excluding VAT, by month; contraction and churn are positive and taken off.</summary>
public sealed record MrrBridge(decimal Start, decimal New, decimal Expansion, decimal Contraction, decimal Churn)
{
    /// <summary>What is left at the end.</summary>
    public decimal End => Start + New + Expansion - Contraction - Churn;

    /// <summary>Net revenue retention, percent, new customers left out; null when there was nothing at the start.</summary>
    public decimal? Nrr => Figures.Percent(Start + Expansion - Contraction - Churn, Start);

    /// <summary>Gross revenue retention, percent; null when there was nothing at the start.</summary>
    public decimal? Grr => Figures.Percent(Start - Contraction - Churn, Start);

    /// <summary>Annual recurring revenue: twelve months of what is left.</summary>
    public decimal Arr => 12 * End;
}

/// <summary>Ratios of subscription businesses. A denominator of zero gives null, which reads « n/a », and never 0 or 100 %.</summary>
public static class Figures
{
    /// <summary>A share in percent.</summary>
    public static decimal? Percent(decimal part, decimal whole) => whole == 0 ? null : 100 * part / whole;

    /// <summary>The yearly churn that a monthly one makes, percent: 1 − (1 − m)^12, so that 2 % a month is 21.53 % a year and not 24.</summary>
    public static decimal? Yearly(decimal? monthlyPercent) => monthlyPercent is { } monthly ? 100 * (1 - (decimal)Math.Pow(1 - ((double)monthly / 100), 12)) : null;

    /// <summary>What a customer is worth over its life: the average contract times how long contracts last.</summary>
    /// <param name="monthly">The average contract, by month, euros excluding VAT.</param>
    /// <param name="months">The average duration, months.</param>
    public static decimal? LifetimeValue(decimal? monthly, decimal? months) => monthly * months is { } value ? Money.Round(value) : null;

    /// <summary>The same from the margin: revenue of a customer times margin, over churn.</summary>
    /// <param name="arpa">The average revenue of a customer, by month, euros excluding VAT.</param>
    /// <param name="marginPercent">The margin, percent.</param>
    /// <param name="monthlyChurnPercent">The customers lost in a month, percent.</param>
    public static decimal? LifetimeMargin(decimal? arpa, decimal? marginPercent, decimal? monthlyChurnPercent)
        => monthlyChurnPercent is null or 0 ? null : arpa * marginPercent / monthlyChurnPercent is { } value ? Money.Round(value) : null;
}

/// <summary>What the contracts that the actor sees bring, over one month. Amounts in euros excluding VAT; ratios in percent, null for « n/a ».</summary>
public sealed record ContractFigures
{
    /// <summary>The first day of the month.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The day the figures stand for: today within the present month, else its last day.</summary>
    public required DateOnly AsOf { get; init; }

    public required MrrBridge Bridge { get; init; }

    /// <summary>Contracts that count at the end.</summary>
    public required int Contracts { get; init; }

    /// <summary>Customers that count at the start and at the end, and those lost.</summary>
    public required int CustomersAtStart { get; init; }
    public required int CustomersAtEnd { get; init; }
    public required int CustomersLost { get; init; }

    /// <summary>Terms that came to their end over the last twelve months, and those followed by another.</summary>
    public required int Expired { get; init; }
    public required int Renewed { get; init; }

    /// <summary>How long contracts run, months on average: what was opened, or what ran for those that stopped.</summary>
    public required decimal? AverageMonths { get; init; }

    /// <summary>What is earned on the recurring prices whose costs are known; null when none is, or when the actor may not see it.</summary>
    public required decimal? MarginPercent { get; init; }

    /// <summary>Contracts in force whose term ends within 30, 60, 90 days of today.</summary>
    public required int EndingIn30 { get; init; }
    public required int EndingIn60 { get; init; }
    public required int EndingIn90 { get; init; }

    /// <summary>Customers lost over customers at the start.</summary>
    public decimal? LogoChurn => Figures.Percent(CustomersLost, CustomersAtStart);

    /// <summary>The same over a year.</summary>
    public decimal? YearlyLogoChurn => Figures.Yearly(LogoChurn);

    /// <summary>Terms followed by another over those that ended.</summary>
    public decimal? RenewalRate => Figures.Percent(Renewed, Expired);

    /// <summary>Average revenue of a customer, by month.</summary>
    public decimal? Arpa => CustomersAtEnd == 0 ? null : Money.Round(Bridge.End / CustomersAtEnd);

    /// <summary>The average contract times its average duration.</summary>
    public decimal? LifetimeValue => Figures.LifetimeValue(Contracts == 0 ? null : Bridge.End / Contracts, AverageMonths);

    /// <summary>The form by the margin.</summary>
    public decimal? LifetimeMargin => Figures.LifetimeMargin(Arpa, MarginPercent, LogoChurn);
}

/// <summary>The door of what contracts bring: sums of the movements that their verbs wrote.</summary>
public sealed class ContractMetrics(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>The day that the figures of a month stand for: its last, or today while it runs.</summary>
    public static DateOnly AsOf(DateOnly month, DateOnly today)
    {
        var last = new DateOnly(month.Year, month.Month, 1).AddMonths(1).AddDays(-1);
        return last > today && today >= new DateOnly(month.Year, month.Month, 1) ? today : last;
    }

    /// <summary>The figures of a month.</summary>
    /// <param name="month">Any day of it.</param>
    /// <param name="cancellationToken">Gives the read up.</param>
    public async Task<ContractFigures> ReadAsync(DateOnly month, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var from = new DateOnly(month.Year, month.Month, 1);
        var to = AsOf(month, clock.Today);
        var contracts = db.Contracts.VisibleTo(actor);
        var movements = contracts.SelectMany(contract => contract.Movements);

        // Both ends of the bridge and what lies between come from one read: nothing that is saved meanwhile parts them.
        var customers = await MrrBook.Balances(movements, from, to).ToListAsync(cancellationToken);
        var kinds = await MrrBook.KindsAsync(db, from, to, cancellationToken);
        var moved = customers.Where(customer => customer.Before != customer.After).ToLookup(customer => kinds.GetValueOrDefault(customer.InstitutionId), customer => customer.After - customer.Before);
        var bridge = new MrrBridge(
            customers.Sum(customer => customer.Before),
            moved[MrrMovementKind.New].Sum(),
            moved[MrrMovementKind.Expansion].Sum(),
            -moved[MrrMovementKind.Contraction].Sum(),
            -moved[MrrMovementKind.Churn].Sum());
        var expired = db.ContractEvents.Join(contracts, e => e.ContractId, contract => contract.Id, (e, _) => e).Where(e => e.On > to.AddYears(-1) && e.On <= to);
        var (sold, cost) = !actor.May(Right.SeeMargins) ? default : to == clock.Today ? await PricedTodayAsync(contracts.Where(InForceOn(to)), cancellationToken) : await PricedAsync(contracts.Where(InForceOn(to)), to, cancellationToken);
        return new ContractFigures
        {
            From = from,
            AsOf = to,
            Bridge = bridge,
            Contracts = await movements.Where(m => m.On <= to).GroupBy(m => m.ContractId).Where(group => group.Sum(m => m.Amount) != 0).CountAsync(cancellationToken),
            CustomersAtStart = customers.Count(customer => customer.Before != 0),
            CustomersAtEnd = customers.Count(customer => customer.After != 0),
            CustomersLost = moved[MrrMovementKind.Churn].Count(),
            Expired = await expired.CountAsync(e => e.Kind == ContractEventKind.Renewed || e.Kind == ContractEventKind.Ended, cancellationToken),
            Renewed = await expired.CountAsync(e => e.Kind == ContractEventKind.Renewed, cancellationToken),
            AverageMonths = (decimal?)await contracts.Where(contract => contract.Status != ContractStatus.Draft).AverageAsync(contract => (double?)contract.DurationMonths, cancellationToken),
            MarginPercent = Figures.Percent(sold - cost, sold),
            EndingIn30 = await contracts.CountAsync(ContractList.EndingBy(clock.Today, 30), cancellationToken),
            EndingIn60 = await contracts.CountAsync(ContractList.EndingBy(clock.Today, 60), cancellationToken),
            EndingIn90 = await contracts.CountAsync(ContractList.EndingBy(clock.Today, 90), cancellationToken),
        };
    }

    // Whatever it is called since: a contract stopped for a day to come still counts, and one to come does not yet.
    private static Expression<Func<Contract, bool>> InForceOn(DateOnly day)
        => contract => contract.Status != ContractStatus.Draft && contract.StartsOn <= day && (contract.LastDay == null || contract.LastDay >= day);

    // Today's sums are kept by the contracts, so that the present month is read without their lines.
    private static async Task<(decimal Sold, decimal Cost)> PricedTodayAsync(IQueryable<Contract> contracts, CancellationToken cancellationToken)
    {
        var known = contracts.Where(contract => contract.MonthlyCost != null);
        return (await known.SumAsync(contract => contract.Monthly, cancellationToken), await known.SumAsync(contract => contract.MonthlyCost!.Value, cancellationToken));
    }

    // On another day, the prices and costs that the contracts had then.
    private static async Task<(decimal Sold, decimal Cost)> PricedAsync(IQueryable<Contract> contracts, DateOnly day, CancellationToken cancellationToken)
    {
        var lines = await contracts
            .SelectMany(contract => contract.Lines)
            .Where(line => line.Kind == LineKind.Item && line.Period != BillingPeriod.OneOff && !line.IsOption && line.From <= day && (line.Until == null || line.Until >= day))
            .Select(line => new { line.ContractId, line.Net, line.Quantity, line.UnitCost, line.Period })
            .ToListAsync(cancellationToken);
        var (sold, cost) = (0m, 0m);
        foreach (var contract in lines.GroupBy(line => line.ContractId))
        {
            if (Instalments.MonthlyCost([.. contract.Select(line => (line.Quantity, line.UnitCost, line.Period))]) is { } known)
            {
                (sold, cost) = (sold + Instalments.Monthly(contract.Select(line => (line.Net, line.Period))), cost + known);
            }
        }

        return (sold, cost);
    }
}
