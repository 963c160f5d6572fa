using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>
/// Puts in each owner's bell the tasks due and the next actions reached, once per item and day. The unique key of each line makes it safe to
/// send again after a crash; today's line takes the place of yesterday's unread one, so that what stays undone does not pile up. Beside that,
/// a task with a reminder of its own rings at its minute, once for each moment it is due, or as soon as the product runs again.
/// </summary>
public sealed class Reminders(IDbContextFactory<MedCrmDbContext> contexts, Actors actors, NotificationNews news, BusinessClock clock)
{
    private const int AtOnce = 100;

    /// <summary>How long after its moment a reminder still rings, in days: less than a line of the bell is kept, which is what tells that it rang.</summary>
    private const int LateDays = 30;

    /// <summary>The tasks whose reminder is still to ring.</summary>
    internal static Expression<Func<FollowUpTask, bool>> StillToRing(BusinessClock clock)
    {
        var now = clock.ToLocal(clock.UtcNow);
        var (today, hour) = (DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now));
        return task => task.IsOpen && (task.RemindOn > today || (task.RemindOn == today && task.RemindTime > hour));
    }

    /// <summary>Rings for the tasks whose own reminder has come, once for each of their moments; answers how many lines were written. For every minute, and after any stop.</summary>
    public async Task<int> RingAsync(CancellationToken cancellationToken = default)
    {
        var rung = 0;
        foreach (var portion in (await FindDueAsync(cancellationToken)).Chunk(AtOnce))
        {
            rung += await WriteAsync(portion, cancellationToken);
        }

        return rung;
    }

    /// <summary>Sends what a local day asks for and was not sent yet; answers how many lines were written, in French.</summary>
    public async Task<string> SendAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        var sent = 0;
        foreach (var portion in (await FindAsync(day, cancellationToken)).Chunk(AtOnce))
        {
            sent += await WriteAsync(portion, cancellationToken);
        }

        return sent switch
        {
            0 => "Aucun nouveau rappel.",
            1 => "1 rappel envoyé.",
            _ => $"{sent} rappels envoyés.",
        };
    }

    // A disabled account receives nothing; neither does anybody in its place.
    private async Task<List<Reminder>> FindAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tasks = await (
                from task in db.FollowUpTasks
                join owner in db.Users on task.OwnerId equals owner.Id
                where task.IsOpen && task.DueOn <= day && !owner.IsDisabled
                orderby owner.Id, task.DueOn, task.Id
                select new
                {
                    task.Id,
                    task.Title,
                    OwnerId = owner.Id,
                    task.DueOn,
                    task.DueTime,
                    task.InstitutionId,
                })
            .ToListAsync(cancellationToken);
        var deals = await (
                from deal in db.Opportunities
                join owner in db.Users on deal.OwnerId equals owner.Id
                where deal.Outcome == StageOutcome.Open && deal.NextActionOn <= day && !owner.IsDisabled
                orderby owner.Id, deal.NextActionOn, deal.Id
                select new { deal.Id, deal.Name, OwnerId = owner.Id, deal.NextAction, DueOn = deal.NextActionOn })
            .ToListAsync(cancellationToken);

        return
        [
            .. tasks.Select(task => new Reminder(task.OwnerId, KeyOf(task.Id, day), task.Title, When(task.DueOn!.Value, task.DueTime, day), FollowUpTask.LinkTo(task.Id), nameof(FollowUpTask), task.Id, task.InstitutionId)),
            .. deals.Select(deal => new Reminder(deal.OwnerId, KeyOf(deal.Id, day), deal.NextAction ?? "Prochaine action", Joined(When(deal.DueOn!.Value, null, day), deal.Name), $"/opportunities/{deal.Id}", nameof(Opportunity), deal.Id)),
        ];
    }

    private async Task<List<Reminder>> FindDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.ToLocal(clock.UtcNow);
        var (today, hour) = (DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now));
        var since = today.AddDays(-LateDays);
        var tasks = await (
                from task in db.FollowUpTasks
                join owner in db.Users on task.OwnerId equals owner.Id
                where task.IsOpen && task.RemindOn >= since && (task.RemindOn < today || (task.RemindOn == today && task.RemindTime <= hour)) && !owner.IsDisabled
                orderby task.RemindOn, task.RemindTime, task.Id
                select new
                {
                    task.Id,
                    task.Title,
                    OwnerId = owner.Id,
                    task.DueOn,
                    task.DueTime,
                    task.RemindOn,
                    task.RemindTime,
                    task.InstitutionId,
                })
            .ToListAsync(cancellationToken);
        return tasks.ConvertAll(task => new Reminder(
            task.OwnerId,
            $"{KeyOf(task.Id, task.RemindOn!.Value)}T{task.RemindTime:HH:mm}",
            task.Title,
            When(task.DueOn!.Value, task.DueTime, today),
            FollowUpTask.LinkTo(task.Id),
            nameof(FollowUpTask),
            task.Id,
            task.InstitutionId));
    }

    private async Task<int> WriteAsync(Reminder[] portion, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var owners = new Dictionary<Guid, Actor?>();
        foreach (var id in portion.Select(reminder => reminder.UserId).Distinct())
        {
            owners[id] = await actors.FindAsync(id, cancellationToken);
        }

        List<Reminder> written = [];

        // Looked up and written behind the gate: two knocks at the same door ring once.
        await db.InTransactionAsync(async () => written = await WriteAsync(db, portion, owners, cancellationToken), cancellationToken);
        if (written.Count > 0)
        {
            news.Announce(written.Select(reminder => reminder.UserId).ToHashSet());
        }

        return written.Count;
    }

    private async Task<List<Reminder>> WriteAsync(MedCrmDbContext db, Reminder[] portion, Dictionary<Guid, Actor?> owners, CancellationToken cancellationToken)
    {
        var (keys, ids) = (portion.Select(reminder => reminder.OnceKey).ToList(), portion.Select(reminder => reminder.RecordId).ToList());

        // The key names the record and the moment: whoever heard of it, it was told.
        var written = await db.Notifications.Where(line => ids.Contains(line.RecordId) && keys.Contains(line.OnceKey)).Select(line => line.OnceKey).ToHashSetAsync(cancellationToken);
        var missing = portion.Where(reminder => !written.Contains(reminder.OnceKey)).ToList();
        if (missing.Count == 0)
        {
            return missing;
        }

        var replaced = missing.Select(reminder => reminder.RecordId).ToHashSet();
        foreach (var line in await db.Notifications.Where(line => ids.Contains(line.RecordId) && line.ReadAt == null && line.OnceKey.StartsWith("reminder:")).ToListAsync(cancellationToken))
        {
            if (replaced.Contains(line.RecordId))
            {
                line.Read(clock.UtcNow);
            }
        }

        var names = await NamesAsync(db, missing, owners, cancellationToken);
        db.Notifications.AddRange(missing.Select(reminder => new Notification(reminder.UserId, reminder.OnceKey, reminder.Title, Joined(reminder.Body, names.GetValueOrDefault((reminder.UserId, reminder.InstitutionId))), reminder.Link, reminder.RecordType, reminder.RecordId, clock.UtcNow)));
        await db.SaveChangesAsync(cancellationToken);
        return missing;
    }

    // A task may be about an institution that its owner no longer sees: it stays unnamed.
    private static async Task<Dictionary<(Guid UserId, Guid? InstitutionId), string>> NamesAsync(MedCrmDbContext db, List<Reminder> reminders, Dictionary<Guid, Actor?> owners, CancellationToken cancellationToken)
    {
        var names = new Dictionary<(Guid UserId, Guid? InstitutionId), string>();
        foreach (var theirs in reminders.Where(reminder => reminder.InstitutionId is not null).GroupBy(reminder => reminder.UserId))
        {
            var ids = theirs.Select(reminder => reminder.InstitutionId!.Value).Distinct().ToArray();
            if (owners[theirs.Key] is { } owner)
            {
                foreach (var seen in await db.Institutions.VisibleTo(owner).Where(institution => ids.Contains(institution.Id)).Select(institution => new { institution.Id, institution.Name }).ToListAsync(cancellationToken))
                {
                    names[(theirs.Key, seen.Id)] = seen.Name;
                }
            }
        }

        return names;
    }

    private static string KeyOf(Guid recordId, DateOnly day) => $"reminder:{recordId:N}:{day:yyyy-MM-dd}";

    private static string When(DateOnly dueOn, TimeOnly? dueTime, DateOnly day)
        => dueOn < day ? $"En retard depuis le {FrenchText.FormatDay(dueOn)}"
            : (dueOn == day ? "Aujourd'hui" : dueOn == day.AddDays(1) ? "Demain" : $"Le {FrenchText.FormatDay(dueOn)}") + (dueTime is { } hour ? $" à {hour:HH\\:mm}" : "");

    private static string Joined(string when, string? what) => what is null ? when : $"{when} · {what}";

    private sealed record Reminder(Guid UserId, string OnceKey, string Title, string Body, string Link, string RecordType, Guid RecordId, Guid? InstitutionId = null);
}
