using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>
/// Puts in each owner's bell the tasks due and the next actions reached, once per item and day. The unique key of each line makes it safe to
/// send again after a crash; today's line takes the place of yesterday's unread one, so that what stays undone does not pile up.
/// </summary>
public sealed class Reminders(IDbContextFactory<MedCrmDbContext> contexts, NotificationNews news, BusinessClock clock)
{
    private const int AtOnce = 100;

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
                    Institution = db.Institutions.Where(institution => institution.Id == task.InstitutionId).Select(institution => institution.Name).FirstOrDefault(),
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
            .. tasks.Select(task => new Reminder(task.OwnerId, KeyOf(task.Id, day), task.Title, Joined(When(task.DueOn!.Value, task.DueTime, day), task.Institution), FollowUpTask.LinkTo(task.Id), nameof(FollowUpTask), task.Id)),
            .. deals.Select(deal => new Reminder(deal.OwnerId, KeyOf(deal.Id, day), deal.NextAction ?? "Prochaine action", Joined(When(deal.DueOn!.Value, null, day), deal.Name), $"/opportunities/{deal.Id}", nameof(Opportunity), deal.Id)),
        ];
    }

    private async Task<int> WriteAsync(Reminder[] portion, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (keys, ids) = (portion.Select(reminder => reminder.OnceKey).ToList(), portion.Select(reminder => reminder.RecordId).ToList());
        var written = (await db.Notifications.Where(line => keys.Contains(line.OnceKey)).Select(line => new { line.UserId, line.OnceKey }).ToListAsync(cancellationToken))
            .Select(line => (line.UserId, line.OnceKey))
            .ToHashSet();
        var missing = portion.Where(reminder => !written.Contains((reminder.UserId, reminder.OnceKey))).ToList();
        if (missing.Count == 0)
        {
            return 0;
        }

        var replaced = missing.Select(reminder => reminder.RecordId).ToHashSet();
        foreach (var line in await db.Notifications.Where(line => ids.Contains(line.RecordId) && line.ReadAt == null && line.OnceKey.StartsWith("reminder:")).ToListAsync(cancellationToken))
        {
            if (replaced.Contains(line.RecordId))
            {
                line.Read(clock.UtcNow);
            }
        }

        db.Notifications.AddRange(missing.Select(reminder => new Notification(reminder.UserId, reminder.OnceKey, reminder.Title, reminder.Body, reminder.Link, reminder.RecordType, reminder.RecordId, clock.UtcNow)));
        await db.SaveChangesAsync(cancellationToken);
        news.Announce(missing.Select(reminder => reminder.UserId).ToHashSet());
        return missing.Count;
    }

    private static string KeyOf(Guid recordId, DateOnly day) => $"reminder:{recordId:N}:{day:yyyy-MM-dd}";

    private static string When(DateOnly dueOn, TimeOnly? dueTime, DateOnly day)
        => dueOn < day ? $"En retard depuis le {FrenchText.FormatDay(dueOn)}"
            : dueTime is { } hour ? $"Aujourd'hui à {hour:HH\\:mm}"
            : "Aujourd'hui";

    private static string Joined(string when, string? what) => what is null ? when : $"{when} · {what}";

    private sealed record Reminder(Guid UserId, string OnceKey, string Title, string Body, string Link, string RecordType, Guid RecordId);
}
