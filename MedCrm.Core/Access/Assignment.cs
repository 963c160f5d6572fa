using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>Who may follow a record, and the team that then shares it: one rule for forms, cells, selections and commands.</summary>
internal static class Assignment
{
    /// <summary>
    /// The team of a record once its owner and team are chosen: a new owner brings it into their team unless another team was chosen too;
    /// without an owner it stays with the team that had it.
    /// </summary>
    /// <exception cref="BusinessRuleException">The account is gone or closed.</exception>
    public static async Task<Guid?> TeamAsync(MedCrmDbContext db, IOwned? before, Guid? ownerId, Guid? teamId, CancellationToken cancellationToken)
    {
        if (ownerId is null || ownerId == before?.OwnerId)
        {
            return teamId;
        }

        var account = await db.Users.Where(user => user.Id == ownerId && !user.IsDisabled).Select(user => new { user.TeamId }).SingleOrDefaultAsync(cancellationToken)
            ?? throw new BusinessRuleException("Ce compte n'existe plus ou est désactivé.", nameof(IOwned.OwnerId));
        return teamId == before?.TeamId ? account.TeamId : teamId;
    }
}
