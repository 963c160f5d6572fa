using System.Collections.Concurrent;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>An enabled account as it stands: who acts, the stamp its sessions must carry, and whether a new password is due first.</summary>
public sealed record Account(Actor Actor, string SecurityStamp, bool MustChangePassword);

/// <summary>Who each account is at this moment: name, role, team, visibility. Remembered until an account or a policy changes.</summary>
public sealed class Actors : IDisposable
{
    private readonly IDbContextFactory<MedCrmDbContext> _contexts;
    private readonly IDisposable _subscription;
    private ConcurrentDictionary<Guid, Account> _known = new();

    /// <summary>Starts empty and listens to the changes that matter.</summary>
    public Actors(IDbContextFactory<MedCrmDbContext> contexts, ChangeNews news)
    {
        _contexts = contexts;
        _subscription = news.Subscribe(change =>
        {
            if (change.Touches(nameof(User)) || change.Touches(nameof(RolePolicy)))
            {
                Volatile.Write(ref _known, new());
            }
        });
    }

    /// <summary>The actor behind an account; null when it is unknown or disabled.</summary>
    public async ValueTask<Actor?> FindAsync(Guid userId, CancellationToken cancellationToken = default)
        => (await FindAccountAsync(userId, cancellationToken))?.Actor;

    /// <summary>The account itself; null when it is unknown or disabled.</summary>
    public async ValueTask<Account?> FindAccountAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        // Taken before the read: an answer read before a change then lands in the memory that this change discarded.
        var known = Volatile.Read(ref _known);
        if (known.TryGetValue(userId, out var account))
        {
            return account;
        }

        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId && !u.IsDisabled, cancellationToken);
        if (user is null)
        {
            return null;
        }

        var visibility = await db.RolePolicies.Where(policy => policy.Role == user.Role).Select(policy => (Visibility?)policy.Visibility).SingleOrDefaultAsync(cancellationToken);
        var actor = new Actor(user.Id, user.DisplayName, user.Role, user.TeamId, visibility ?? RolePolicy.DefaultOf(user.Role));
        return known[userId] = new Account(actor, user.SecurityStamp ?? "", user.MustChangePassword);
    }

    /// <summary>Whether a session opened under a stamp may go on: the account is enabled and nothing ended its sessions.</summary>
    public async ValueTask<bool> AdmitsAsync(Guid userId, string? stamp, CancellationToken cancellationToken = default)
        => await FindAccountAsync(userId, cancellationToken) is { } account && account.SecurityStamp == stamp;

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();
}
