using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

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
            var kind = before == 0 ? MrrMovementKind.New
                : balance == 0 ? MrrMovementKind.Churn
                : balance >= before ? MrrMovementKind.Expansion
                : MrrMovementKind.Contraction;
            foreach (var movement in month)
            {
                movement.Is(kind);
            }
        }
    }
}
