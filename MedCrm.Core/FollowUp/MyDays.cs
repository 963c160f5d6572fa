using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.FollowUp;

/// <summary>The door of « Ma journée »: what the actor owns and has to deal with, most pressing first.</summary>
public sealed class MyDays(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>The day of the actor, at most <paramref name="perSection"/> lines a section.</summary>
    public async Task<MyDay> ReadAsync(int perSection = 20, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (today, weekEndsOn) = (clock.Today, EndOfWeek(clock.Today));
        var overdue = await TasksAsync(db, actor, task => task.DueOn < today, perSection, cancellationToken);
        var dueToday = await TasksAsync(db, actor, task => task.DueOn == today, perSection, cancellationToken);
        var nextActions = await DealsAsync(db, actor, DayItemKind.NextAction, deal => deal.NextActionOn <= today, perSection, cancellationToken);
        var thisWeek = await TasksAsync(db, actor, task => task.DueOn > today && task.DueOn <= weekEndsOn, perSection, cancellationToken);
        var dormant = await DealsAsync(db, actor, DayItemKind.Dormant, Rotting.DormantIn(new ListScope(db, actor, clock)), perSection, cancellationToken);

        var names = await NamesAsync(db, actor, [.. overdue.Rows, .. dueToday.Rows, .. nextActions.Rows, .. thisWeek.Rows, .. dormant.Rows], cancellationToken);
        return new MyDay(today, weekEndsOn, Named(overdue, names), Named(dueToday, names), Named(nextActions, names), Named(thisWeek, names), Named(dormant, names));
    }

    /// <summary>The last day of the section of the week: Sunday, or the Sunday after once the weekend has begun.</summary>
    public static DateOnly EndOfWeek(DateOnly today)
    {
        var sunday = today.AddDays((7 - (int)today.DayOfWeek) % 7);
        return today.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? sunday.AddDays(7) : sunday;
    }

    private static async Task<(List<Row> Rows, int Total)> TasksAsync(MedCrmDbContext db, Actor actor, Expression<Func<FollowUpTask, bool>> which, int count, CancellationToken cancellationToken)
    {
        var tasks = db.FollowUpTasks.Where(task => task.OwnerId == actor.Id && task.IsOpen).Where(which);
        var rows = await tasks
            .OrderBy(task => task.DueOn)
            .ThenBy(task => task.DueTime == null)
            .ThenBy(task => task.DueTime)
            .ThenByDescending(task => task.Priority)
            .ThenBy(task => task.Id)
            .Take(count)
            .Select(task => new Row(DayItemKind.Task, task.Id, task.Title, task.InstitutionId, task.ContactId, task.OpportunityId, task.DueOn, task.DueTime, task.Priority, null, null, task.Version)
            {
                StepsDone = task.Steps.Count(step => step.IsDone),
                Steps = task.Steps.Count,
                IsRecurring = task.SeriesId != null,
            })
            .ToListAsync(cancellationToken);
        return (rows, rows.Count < count ? rows.Count : await tasks.CountAsync(cancellationToken));
    }

    private async Task<(List<Row> Rows, int Total)> DealsAsync(MedCrmDbContext db, Actor actor, DayItemKind kind, Expression<Func<Opportunity, bool>> which, int count, CancellationToken cancellationToken)
    {
        var deals = db.Deals(actor).Where(deal => deal.OwnerId == actor.Id && deal.Outcome == StageOutcome.Open).Where(which);
        var isDormant = kind is DayItemKind.Dormant;
        var sorted = isDormant ? deals.OrderBy(deal => deal.LastInteractionAt) : deals.OrderBy(deal => deal.NextActionOn).ThenByDescending(deal => deal.Amount);
        var found = await sorted
            .ThenBy(deal => deal.Id)
            .Take(count)
            .Select(deal => new { deal.Id, deal.Name, deal.NextAction, deal.NextActionOn, deal.InstitutionId, deal.ContactId, deal.Amount, deal.LastInteractionAt, deal.Version })
            .ToListAsync(cancellationToken);
        var rows = found.ConvertAll(deal => new Row(
            kind,
            deal.Id,
            isDormant ? deal.Name : deal.NextAction ?? "",
            deal.InstitutionId,
            deal.ContactId,
            deal.Id,
            isDormant ? null : deal.NextActionOn,
            null,
            TaskPriority.Normal,
            deal.Amount,
            isDormant ? Rotting.IdleDays(deal.LastInteractionAt, clock) : null,
            deal.Version));
        return (rows, rows.Count < count ? rows.Count : await deals.CountAsync(cancellationToken));
    }

    // Read apart, for these lines alone and as far as the actor sees.
    private static async Task<Names> NamesAsync(MedCrmDbContext db, Actor actor, IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var (institutionIds, contactIds, dealIds) = (Ids(row => row.InstitutionId), Ids(row => row.ContactId), Ids(row => row.OpportunityId));
        return new Names(
            await db.Institutions.VisibleTo(actor).Where(i => institutionIds.Contains(i.Id)).Select(i => new Party(i.Id, i.Name, i.Phone)).ToDictionaryAsync(i => i.Id, cancellationToken),
            await VisibleContacts.Of(db, actor).Where(c => contactIds.Contains(c.Id)).Select(c => new Party(c.Id, c.FullName, c.Mobile ?? c.Phone)).ToDictionaryAsync(c => c.Id, cancellationToken),
            await db.Opportunities.VisibleTo(actor).Where(o => dealIds.Contains(o.Id)).Select(o => new Party(o.Id, o.Name, null)).ToDictionaryAsync(o => o.Id, cancellationToken));

        List<Guid> Ids(Func<Row, Guid?> idOf) => [.. rows.Select(idOf).OfType<Guid>().Distinct()];
    }

    private static DaySection Named((List<Row> Rows, int Total) section, Names names) => new(section.Rows.ConvertAll(names.Give), section.Total);

    private sealed record Row(
        DayItemKind Kind,
        Guid Id,
        string Title,
        Guid? InstitutionId,
        Guid? ContactId,
        Guid? OpportunityId,
        DateOnly? On,
        TimeOnly? At,
        TaskPriority Priority,
        decimal? Amount,
        int? IdleDays,
        Guid Version)
    {
        public int StepsDone { get; init; }

        public int Steps { get; init; }

        public bool IsRecurring { get; init; }
    }

    private sealed record Party(Guid Id, string Name, string? Phone);

    private sealed record Names(Dictionary<Guid, Party> Institutions, Dictionary<Guid, Party> Contacts, Dictionary<Guid, Party> Deals)
    {
        public DayItem Give(Row row)
        {
            var institution = Institutions.GetValueOrDefault(row.InstitutionId ?? Guid.Empty);
            var contact = Contacts.GetValueOrDefault(row.ContactId ?? Guid.Empty);
            var deal = Deals.GetValueOrDefault(row.OpportunityId ?? Guid.Empty);
            return new DayItem(row.Kind, row.Id, row.Title, institution?.Name, contact?.Name, deal?.Name, row.On, row.At, row.Priority, row.Amount, row.IdleDays, contact?.Phone ?? institution?.Phone, row.Version)
            {
                Steps = row.Steps == 0 ? null : new StepCount(row.StepsDone, row.Steps),
                IsRecurring = row.IsRecurring,
            };
        }
    }
}
