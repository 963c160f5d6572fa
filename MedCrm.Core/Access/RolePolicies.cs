using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>A role as the administration shows it.</summary>
public sealed record RoleRow(Role Role, Visibility Visibility, int People);

/// <summary>The door of what each role sees.</summary>
public sealed class RolePolicies(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>Every role, in the order of the table of rights, with the number of enabled accounts.</summary>
    public async Task<IReadOnlyList<RoleRow>> ListAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await db.Users.Where(user => !user.IsDisabled).GroupBy(user => user.Role).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var policies = await db.RolePolicies.AsNoTracking().OrderBy(policy => policy.Role).ToListAsync(cancellationToken);
        return [.. policies.Select(policy => new RoleRow(policy.Role, policy.Visibility, people.GetValueOrDefault(policy.Role)))];
    }

    /// <summary>Decides how far a role sees, at once for everybody signed in.</summary>
    /// <exception cref="BusinessRuleException">An administrator sees everything.</exception>
    public async Task<Done> SeeAsync(Role role, Visibility visibility, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var policy = await db.RolePolicies.SingleAsync(candidate => candidate.Role == role, cancellationToken);
        var gesture = db.Begin(actor, $"Visibilité du rôle {Labels.Of(role)} : {Labels.Of(visibility).ToLowerInvariant()}");
        policy.See(visibility);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(policy.Id, gesture.Sentence, gesture.Undoable);
    }
}
