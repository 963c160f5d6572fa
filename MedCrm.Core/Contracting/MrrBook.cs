using System.Linq.Expressions;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>What the contracts of a customer bring by month before a first day, and after a last one. Euros excluding VAT.</summary>
internal sealed record CustomerRevenue
{
    public Guid InstitutionId { get; init; }

    public decimal Before { get; init; }

    public decimal After { get; init; }
}

/// <summary>
/// Says of each movement what it is for the customer: all that a customer's contracts move in a month is one thing. Nothing before, it is new; nothing after, it is
/// lost; more than before is expansion, less contraction. So a contract that starts and stops within a month counts at neither end, and one that replaces another
/// counts for the difference.
/// </summary>
internal static class MrrBook
{
    /// <summary>Judges again the movements of an institution, which were saved: for the same transaction.</summary>
    public static async Task SettleAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
        => Judge(await db.MrrMovements.Where(movement => movement.Contract.InstitutionId == institutionId).ToListAsync(cancellationToken));

    /// <summary>Judges all the movements of one customer.</summary>
    public static void Judge(IReadOnlyCollection<MrrMovement> movements)
    {
        var balance = 0m;
        foreach (var month in movements.GroupBy(movement => (movement.On.Year, movement.On.Month)).OrderBy(month => month.Key))
        {
            var before = balance;
            balance += month.Sum(movement => movement.Amount);
            var kind = KindOf(before, balance);
            foreach (var movement in month)
            {
                movement.Is(kind);
            }
        }
    }

    /// <summary>What movements make of each customer that has any up to a day.</summary>
    /// <param name="movements">The movements that count.</param>
    /// <param name="from">The first day whose movements are no longer before.</param>
    /// <param name="to">The last day whose movements count.</param>
    public static IQueryable<CustomerRevenue> Balances(IQueryable<MrrMovement> movements, DateOnly from, DateOnly to)
        => movements.Where(movement => movement.On <= to).GroupBy(movement => movement.Contract.InstitutionId).Select(customer => new CustomerRevenue
        {
            InstitutionId = customer.Key,
            Before = customer.Where(movement => movement.On < from).Sum(movement => movement.Amount),
            After = customer.Sum(movement => movement.Amount),
        });

    /// <summary>What each customer that moved between two days is, judged on those days alone: what is to come later in the month does not count yet.</summary>
    public static async Task<Dictionary<Guid, MrrMovementKind>> KindsAsync(MedCrmDbContext db, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var moved = db.MrrMovements.Where(movement => movement.On >= from && movement.On <= to).Select(movement => movement.Contract.InstitutionId);
        return (await Balances(db.MrrMovements.Where(movement => moved.Contains(movement.Contract.InstitutionId)), from, to).ToListAsync(cancellationToken))
            .ToDictionary(customer => customer.InstitutionId, customer => KindOf(customer.Before, customer.After));
    }

    /// <summary>The contracts that moved between two days and whose customer is of a kind, judged on those days alone.</summary>
    public static Expression<Func<Contract, bool>> MovedAs(MedCrmDbContext db, MrrMovementKind kind, DateOnly from, DateOnly to)
    {
        var balances = Balances(db.MrrMovements, from, to);
        var customers = (kind switch
        {
            MrrMovementKind.New => balances.Where(customer => customer.Before == 0),
            MrrMovementKind.Churn => balances.Where(customer => customer.Before != 0 && customer.After == 0),
            MrrMovementKind.Expansion => balances.Where(customer => customer.Before != 0 && customer.After != 0 && customer.After >= customer.Before),
            _ => balances.Where(customer => customer.Before != 0 && customer.After != 0 && customer.After < customer.Before),
        }).Select(customer => customer.InstitutionId);
        return contract => contract.Movements.Any(movement => movement.On >= from && movement.On <= to) && customers.Contains(contract.InstitutionId);
    }

    private static MrrMovementKind KindOf(decimal before, decimal after)
        => before == 0 ? MrrMovementKind.New
            : after == 0 ? MrrMovementKind.Churn
            : after >= before ? MrrMovementKind.Expansion
            : MrrMovementKind.Contraction;
}
