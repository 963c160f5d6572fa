using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The lines of one record in somebody's bell: the newest, and how many wait. The moment is UTC.</summary>
public sealed record BellGroup(string RecordType, Guid RecordId, string Title, string? Body, string Link, DateTime At, int Lines, int Unread)
{
    /// <summary>How pressing the task is that the line is about, as it stands; null for anything else.</summary>
    public TaskPriority? Priority { get; init; }
}

/// <summary>The door of one's own bell.</summary>
public sealed class Notifications(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, NotificationNews news, BusinessClock clock)
{
    /// <summary>How long a line that was read stays, in days.</summary>
    public const int KeptDays = 90;

    /// <summary>How many records have something unread.</summary>
    public async Task<int> CountUnreadAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Notifications.Where(line => line.UserId == actor.Id && line.ReadAt == null).Select(line => line.RecordId).Distinct().CountAsync(cancellationToken);
    }

    /// <summary>The newest records, unread ones first.</summary>
    public async Task<IReadOnlyList<BellGroup>> ListAsync(int count = 30, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var groups = await db.Notifications
            .Where(line => line.UserId == actor.Id)
            .GroupBy(line => new { line.RecordType, line.RecordId })
            .Select(group => new { group.Key.RecordId, At = group.Max(line => line.At), Lines = group.Count(), Unread = group.Count(line => line.ReadAt == null) })
            .OrderByDescending(group => group.Unread > 0)
            .ThenByDescending(group => group.At)
            .ThenBy(group => group.RecordId)
            .Take(count)
            .ToListAsync(cancellationToken);

        var ids = groups.ConvertAll(group => group.RecordId);
        var mine = db.Notifications.Where(line => line.UserId == actor.Id);
        var newest = (await mine.AsNoTracking()
                .Where(line => ids.Contains(line.RecordId) && !mine.Any(later => later.RecordId == line.RecordId && later.At > line.At))
                .OrderByDescending(line => line.Id)
                .ToListAsync(cancellationToken))
            .GroupBy(line => line.RecordId)
            .ToDictionary(lines => lines.Key, lines => lines.First());
        var priorities = await db.FollowUpTasks.Where(task => ids.Contains(task.Id)).Select(task => new { task.Id, task.Priority }).ToDictionaryAsync(task => task.Id, task => task.Priority, cancellationToken);
        return groups.ConvertAll(group => Shown(newest[group.RecordId], group.Lines, group.Unread) with { Priority = priorities.TryGetValue(group.RecordId, out var priority) ? priority : null });
    }

    /// <summary>Marks the lines of a record read.</summary>
    public Task ReadAsync(Guid recordId, CancellationToken cancellationToken = default) => ReadAsync(line => line.RecordId == recordId, cancellationToken);

    /// <summary>Marks every line read.</summary>
    public Task ReadAllAsync(CancellationToken cancellationToken = default) => ReadAsync(_ => true, cancellationToken);

    /// <summary>Deletes the lines read more than <see cref="KeptDays"/> days ago, whoever they were for; answers how many.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken = default)
    {
        var before = clock.UtcNow.AddDays(-KeptDays);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gone = 0;
        await db.InTransactionAsync(async () => gone = await db.Notifications.Where(line => line.ReadAt < before).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        return gone;
    }

    private static BellGroup Shown(Notification newest, int lines, int unread)
        => new(newest.RecordType, newest.RecordId, newest.Title, newest.Body, newest.Link, newest.At, lines, unread);

    private async Task ReadAsync(Expression<Func<Notification, bool>> which, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var line in await db.Notifications.Where(line => line.UserId == actor.Id && line.ReadAt == null).Where(which).ToListAsync(cancellationToken))
        {
            line.Read(clock.UtcNow);
        }

        if (await db.SaveChangesAsync(cancellationToken) > 0 && actor.Id is { } id)
        {
            news.Announce(new HashSet<Guid> { id });
        }
    }
}
