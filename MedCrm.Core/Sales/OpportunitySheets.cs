using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>Reads deals for their own page and for the page of their institution.</summary>
public sealed class OpportunitySheets(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>A deal with all that its page shows; null when it is gone or out of sight.</summary>
    public async Task<OpportunitySheet?> FindAsync(Guid opportunityId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deal = await db.Deals(actor).AsNoTracking()
            .Include(o => o.Institution).Include(o => o.Stage.Requirements).Include(o => o.Lines).Include(o => o.Contacts).Include(o => o.Labels).Include(o => o.StageChanges)
            .AsSplitQuery()
            .SingleOrDefaultAsync(o => o.Id == opportunityId, cancellationToken);
        if (deal is null)
        {
            return null;
        }

        var involved = deal.Contacts.Select(row => row.ContactId).ToList();
        var contacts = await VisibleContacts.Of(db, actor)
            .Where(contact => contact.Id == deal.ContactId || involved.Contains(contact.Id))
            .OrderByDescending(contact => contact.Id == deal.ContactId).ThenBy(contact => contact.FullName)
            .Select(contact => new DealContact(contact.Id, contact.FullName, contact.JobTitle, contact.Id == deal.ContactId))
            .ToListAsync(cancellationToken);
        var tasks = await TaskLine.Lines(db.FollowUpTasks.VisibleTo(actor).Where(task => task.OpportunityId == opportunityId)).ToListAsync(cancellationToken);
        var nextTaskOn = await Rotting.PlannedTasks(db, clock.Today).Where(task => task.OpportunityId == opportunityId).MinAsync(task => task.DueOn, cancellationToken);

        return new OpportunitySheet(deal.Id, deal.Details(), deal.Version)
        {
            InstitutionName = deal.Institution.Name,
            Stage = StageRow.Of(deal.Stage),
            StageEnteredAt = deal.StageEnteredAt,
            ProbabilityPercent = deal.ProbabilityPercent,
            Weighted = deal.WeightedAmount,
            ClosedOn = deal.ClosedOn,
            LossReason = deal.LossReason,
            LossNote = deal.LossNote,
            LostTo = deal.LostTo,
            SnoozedUntil = deal.SnoozedUntil,
            IsAsleep = deal.SnoozedUntil > clock.Today,
            SnoozeReason = deal.SnoozeReason,
            LastInteractionAt = deal.LastInteractionAt,
            CreatedAt = deal.CreatedAt,
            NextTaskOn = nextTaskOn,
            FollowUp = Rotting.StandingOf(deal.Stage.RottingDays, deal.LastInteractionAt, deal.SnoozedUntil, deal.NextActionOn, nextTaskOn, clock),
            Lines = [.. deal.Lines.OrderBy(line => line.Position).Select(line => line.Details())],
            Contacts = contacts,
            InvolvedIds = involved,
            Passages = PassagesOf(deal),
            Tasks = tasks,
        };
    }

    /// <summary>The deals of an institution that the person may see, or its open ones alone: open ones first, the largest on top.</summary>
    public async Task<IReadOnlyList<DealRow>> OfInstitutionAsync(Guid institutionId, bool openOnly = false, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, await currentUser.GetAsync(cancellationToken), clock);
        var deals = db.Deals(scope.Actor).Where(deal => deal.InstitutionId == institutionId && (!openOnly || deal.Outcome == StageOutcome.Open));
        return await deals
            .OrderBy(deal => deal.Outcome).ThenByDescending(deal => deal.ClosedOn).ThenByDescending(deal => deal.Amount).ThenBy(deal => deal.Id)
            .Select(RowIn(scope))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The won deals of an institution that the person may see, the last signed first, with how far their tasks are; <see cref="WonDeal.PageSize"/> of them from <paramref name="skip"/> on.</summary>
    public async Task<Page<WonDeal>> WonAsync(Guid institutionId, int skip = 0, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var today = clock.Today;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var won = db.Deals(actor).Where(deal => deal.InstitutionId == institutionId && deal.Outcome == StageOutcome.Won);
        var tasks = db.FollowUpTasks.VisibleTo(actor);
        var total = await won.CountAsync(cancellationToken);
        var rows = await won
            .OrderByDescending(deal => deal.ClosedOn).ThenByDescending(deal => deal.Id)
            .Skip(skip).Take(WonDeal.PageSize)
            .Select(deal => new WonDeal(deal.Id, deal.Name, deal.Amount, deal.ClosedOn)
            {
                Tasks = tasks.Count(task => task.OpportunityId == deal.Id && task.Status != FollowUpStatus.Cancelled),
                Open = tasks.Count(task => task.OpportunityId == deal.Id && task.IsOpen),
                Late = tasks.Count(task => task.OpportunityId == deal.Id && task.IsOpen && task.DueOn < today),
            })
            .ToListAsync(cancellationToken);
        var coming = await ComingAsync(tasks, [.. rows.Where(deal => deal.Open > 0).Select(deal => (Guid?)deal.Id)], cancellationToken);
        return new Page<WonDeal>(rows.ConvertAll(deal => deal with { Next = [.. coming[deal.Id].Take(WonDeal.TasksShown)] }), total);
    }

    private static async Task<ILookup<Guid, TaskLine>> ComingAsync(IQueryable<FollowUpTask> tasks, IReadOnlyList<Guid?> dealIds, CancellationToken cancellationToken)
    {
        var found = await tasks
            .Where(task => task.IsOpen && dealIds.Contains(task.OpportunityId))
            .OrderBy(task => task.DueOn == null).ThenBy(task => task.DueOn).ThenBy(task => task.Id)
            .Take(500)
            .Select(task => new { DealId = task.OpportunityId!.Value, Line = new TaskLine(task.Id, task.Title, task.DueOn, task.OwnerId, task.IsOpen, task.Steps.Count(step => step.IsDone), task.Steps.Count) })
            .ToListAsync(cancellationToken);
        return found.ToLookup(task => task.DealId, task => task.Line);
    }

    private static Expression<Func<Opportunity, DealRow>> RowIn(ListScope scope)
    {
        Expression<Func<Opportunity, FollowUpState?, DealRow>> row = (deal, state)
            => new DealRow(deal.Id, deal.Name, deal.Stage.Name, deal.Outcome, deal.Amount, deal.ProbabilityPercent, deal.ExpectedCloseOn, deal.ClosedOn, deal.OwnerId, state);
        var deal = row.Parameters[0];
        return Expression.Lambda<Func<Opportunity, DealRow>>(new ListExpressions.Replacer { [row.Parameters[1]] = ListExpressions.Bind(Rotting.State, scope, deal) }.Visit(row.Body), deal);
    }

    private List<StagePassage> PassagesOf(Opportunity deal)
    {
        var changes = deal.StageChanges.OrderBy(change => change.At).ThenBy(change => change.Id).ToList();
        return [.. changes.Select((change, place) =>
        {
            var isLast = place == changes.Count - 1;
            var until = isLast ? clock.UtcNow : changes[place + 1].At;
            return new StagePassage(change.ToStageId, change.ToName, change.ByName, change.At, Math.Max(0, (int)(until - change.At).TotalDays), change.ForceReason, isLast);
        }).Reverse()];
    }
}
