using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Access;

/// <summary>An account as the administration lists it. Moments are UTC.</summary>
public sealed record UserRow(
    Guid Id,
    string Name,
    string Email,
    Role Role,
    Guid? TeamId,
    string? Team,
    bool IsDisabled,
    bool IsLocked,
    bool MustChangePassword,
    DateTime? SecondFactorSince,
    DateTime? LastSignInAt,
    DateTime CreatedAt);

/// <summary>Which accounts to list.</summary>
public sealed record UserFilter(string? Text = null, Role? Role = null, Guid? TeamId = null, UserState? State = null);

/// <summary>Whether an account can be used: it signs in, it waits after too many wrong passwords, or an administrator closed it.</summary>
public enum UserState
{
    [Display(Name = "Actif")] Enabled,
    [Display(Name = "Verrouillé")] Locked,
    [Display(Name = "Désactivé")] Disabled,
}

/// <summary>How many records somebody follows.</summary>
public sealed record Holdings(int Institutions, int Contacts, int Opportunities, int Tasks, int Series, int Meetings, int Documents)
{
    /// <summary>The last versions of quotes.</summary>
    public int Quotes { get; init; }

    /// <summary>Invoices, deposits and credit notes, drafts included.</summary>
    public int Invoices { get; init; }

    /// <summary>Contracts, those that are over included.</summary>
    public int Contracts { get; init; }

    /// <summary>All of them.</summary>
    public int Total => Institutions + Contacts + Opportunities + Tasks + Series + Meetings + Documents + Quotes + Invoices + Contracts;
}

/// <summary>The door of the accounts: who works here, under which role, in which team. Passwords and second factors are the web's business.</summary>
public sealed class Users(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int ReassignedAtOnce = 200;

    /// <summary>The accounts that match, by name. A product for a few hundred people: names are matched here, accents and case aside.</summary>
    public async Task<IReadOnlyList<UserRow>> ListAsync(UserFilter filter, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(db, db.Users, cancellationToken);
        var words = SearchKey.Fold(filter.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. rows
                .Where(row => filter.Role is null || row.Role == filter.Role)
                .Where(row => filter.TeamId is null || row.TeamId == filter.TeamId)
                .Where(row => filter.State is null || StateOf(row) == filter.State)
                .Where(row => SearchKey.Fold($"{row.Name} {row.Email}") is var key && words.All(word => key.Contains(word, StringComparison.Ordinal)))
                .OrderBy(row => row.Name, StringComparer.CurrentCultureIgnoreCase),
        ];
    }

    /// <summary>One account, or null.</summary>
    public async Task<UserRow?> FindAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await RowsAsync(db, db.Users.Where(user => user.Id == userId), cancellationToken)).SingleOrDefault();
    }

    /// <summary>What somebody follows, closed deals and finished tasks included; of their activities, the meetings that are still to be held.</summary>
    public async Task<Holdings> HoldingsAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return new Holdings(
            await db.Institutions.CountAsync(i => i.OwnerId == userId, cancellationToken),
            await db.Contacts.CountAsync(c => c.OwnerId == userId, cancellationToken),
            await db.Opportunities.CountAsync(o => o.OwnerId == userId, cancellationToken),
            await db.FollowUpTasks.CountAsync(t => t.OwnerId == userId, cancellationToken),
            await db.TaskSeries.CountAsync(s => s.OwnerId == userId, cancellationToken),
            await MeetingsAhead(db, userId).CountAsync(cancellationToken),
            await db.Documents.CountAsync(d => d.OwnerId == userId, cancellationToken))
        {
            Quotes = await db.Quotes.CountAsync(q => q.OwnerId == userId && q.IsLast, cancellationToken),
            Invoices = await db.Invoices.CountAsync(i => i.OwnerId == userId, cancellationToken),
            Contracts = await db.Contracts.CountAsync(c => c.OwnerId == userId, cancellationToken),
        };
    }

    /// <summary>Changes name, address, role and team. Fields that only somebody else changed meanwhile keep their change.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields.</exception>
    /// <exception cref="BusinessRuleException">A value is refused, the address is taken, or no administrator would remain.</exception>
    public Task<Done> EditAsync(Guid userId, UserDetails seen, UserDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(() => ChangeAsync(
            userId,
            user => $"Compte de {user.DisplayName} modifié",
            async (db, user) =>
            {
                user.Edit(await db.MergeAsync(user, seen, mine, user.Details(), cancellationToken));
                await CheckEmailAsync(db, user, cancellationToken);
            },
            cancellationToken));

    /// <summary>Closes an account: its sessions end within a minute, its records stay.</summary>
    /// <exception cref="BusinessRuleException">It is the actor's own, or the last administrator's.</exception>
    public async Task<Done> DisableAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        if ((await currentUser.GetAsync(cancellationToken)).Id == userId)
        {
            throw new BusinessRuleException("Vous ne pouvez pas désactiver votre propre compte.");
        }

        return await ChangeAsync(userId, user => $"Compte de {user.DisplayName} désactivé", user => user.Disable(), cancellationToken);
    }

    /// <summary>Opens an account again.</summary>
    public Task<Done> EnableAsync(Guid userId, CancellationToken cancellationToken = default)
        => ChangeAsync(userId, user => $"Compte de {user.DisplayName} réactivé", user => user.Enable(), cancellationToken);

    /// <summary>Lets somebody try again at once who failed too often.</summary>
    public Task<Done> UnlockAsync(Guid userId, CancellationToken cancellationToken = default)
        => ChangeAsync(userId, user => $"Compte de {user.DisplayName} déverrouillé", user => user.Unlock(), cancellationToken);

    /// <summary>Ends every open session of an account.</summary>
    public Task<Done> EndSessionsAsync(Guid userId, CancellationToken cancellationToken = default)
        => ChangeAsync(userId, user => $"Sessions de {user.DisplayName} fermées", user => user.EndSessions(clock.UtcNow), cancellationToken);

    /// <summary>Changes the name that colleagues read, for oneself.</summary>
    /// <exception cref="BusinessRuleException">The name is missing or too long.</exception>
    public async Task<Done> RenameMyselfAsync(string displayName, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await GetAsync(db, actor.Id ?? Guid.Empty, cancellationToken);
        var gesture = db.Begin(actor, "Nom affiché modifié");
        user.Rename(displayName);
        await db.SaveChangesAsync(cancellationToken);
        return new Done(user.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>One's own account.</summary>
    public async Task<UserRow> MyselfAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await RowsAsync(db, db.Users.Where(user => user.Id == actor.Id), cancellationToken)).Single();
    }

    /// <summary>Gives everything that somebody follows to somebody else and their team, as one gesture. What they did and wrote stays theirs, and so does what is private.</summary>
    /// <exception cref="BusinessRuleException">The receiver is the same person or is disabled.</exception>
    public async Task<Done> ReassignAsync(Guid fromUserId, Guid toUserId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var from = await GetAsync(db, fromUserId, cancellationToken);
        var to = await GetAsync(db, toUserId, cancellationToken);
        if (from.Id == to.Id || to.IsDisabled)
        {
            throw new BusinessRuleException("Choisissez une autre personne, dont le compte est actif.", "ToUserId");
        }

        var (name, receiver, team) = (from.DisplayName, to.Id, to.TeamId);
        var gesture = db.Begin(actor, $"Fiches de {name} réattribuées à {to.DisplayName}", ChangeOrigin.Bulk);
        var count = 0;
        count += await HandOverAsync(db, db.Institutions.Where(i => i.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Contacts.Where(c => c.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Opportunities.Where(o => o.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.FollowUpTasks.Where(t => t.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.TaskSeries.Where(s => s.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, MeetingsAhead(db, fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Documents.Where(d => d.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Quotes.Where(q => q.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Invoices.Where(i => i.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        count += await HandOverAsync(db, db.Contracts.Where(c => c.OwnerId == fromUserId), gesture, receiver, team, cancellationToken);
        return new Done(fromUserId, $"{gesture.Sentence} ({count})", gesture.Undoable);
    }

    /// <summary>Whether an account signs in, waits, or is closed.</summary>
    public static UserState StateOf(UserRow row) => row.IsDisabled ? UserState.Disabled : row.IsLocked ? UserState.Locked : UserState.Enabled;

    // The owner of an activity is its author: a call that was made and a note that was written are never somebody else's.
    private static IQueryable<Activity> MeetingsAhead(MedCrmDbContext db, Guid userId)
        => db.Activities.Where(a => a.OwnerId == userId && a.Status == MeetingStatus.Planned && a.Sharing != Sharing.Private);

    // A few hundred rows per save: the gate is never held long, and all saves of one gesture are undone together.
    private async Task<int> HandOverAsync<T>(MedCrmDbContext db, IQueryable<T> records, Gesture gesture, Guid ownerId, Guid? teamId, CancellationToken cancellationToken)
        where T : class, IOwned
    {
        for (var count = 0; ;)
        {
            var some = await records.Take(ReassignedAtOnce).ToListAsync(cancellationToken);
            foreach (var record in some)
            {
                record.AssignTo(ownerId, teamId, clock.UtcNow);
            }

            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
            db.Gesture = gesture;
            count += some.Count;
            if (some.Count < ReassignedAtOnce)
            {
                return count;
            }
        }
    }

    private Task<Done> ChangeAsync(Guid userId, Func<User, string> sentence, Action<User> change, CancellationToken cancellationToken)
        => ChangeAsync(
            userId,
            sentence,
            (_, user) =>
            {
                change(user);
                return Task.CompletedTask;
            },
            cancellationToken);

    private async Task<Done> ChangeAsync(Guid userId, Func<User, string> sentence, Func<MedCrmDbContext, User, Task> change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var user = await GetAsync(db, userId, cancellationToken);
        await change(db, user);
        var gesture = db.Begin(actor, sentence(user));
        await db.SaveChangesAsync(cancellationToken);
        return new Done(user.Id, gesture.Sentence, gesture.Undoable);
    }

    private async Task<List<UserRow>> RowsAsync(MedCrmDbContext db, IQueryable<User> users, CancellationToken cancellationToken)
    {
        var now = clock.Time.GetUtcNow();
        var rows = await users
            .Select(user => new
            {
                user.Id,
                user.DisplayName,
                user.Email,
                user.Role,
                user.TeamId,
                Team = db.Teams.Where(team => team.Id == user.TeamId).Select(team => team.Name).FirstOrDefault(),
                user.IsDisabled,
                user.LockoutEnd,
                user.MustChangePassword,
                user.SecondFactorSince,
                user.LastSignInAt,
                user.CreatedAt,
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new UserRow(
                row.Id,
                row.DisplayName,
                row.Email ?? "",
                row.Role,
                row.TeamId,
                row.Team,
                row.IsDisabled,
                row.LockoutEnd > now,
                row.MustChangePassword,
                row.SecondFactorSince,
                row.LastSignInAt,
                row.CreatedAt)),
        ];
    }

    private static async Task<User> GetAsync(MedCrmDbContext db, Guid userId, CancellationToken cancellationToken)
        => await db.Users.SingleOrDefaultAsync(user => user.Id == userId, cancellationToken)
            ?? throw new BusinessRuleException("Ce compte n'existe pas.");

    private static async Task CheckEmailAsync(MedCrmDbContext db, User user, CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(other => other.Id != user.Id && other.NormalizedEmail == user.NormalizedEmail, cancellationToken))
        {
            throw new BusinessRuleException("Un compte utilise déjà cette adresse.", nameof(User.Email));
        }
    }
}
