using System.Linq.Expressions;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Core.Sales;

/// <summary>How the follow-up of one deal stands.</summary>
/// <param name="State">What to show.</param>
/// <param name="IdleDays">Days of 24 hours since a person last dealt with it.</param>
/// <param name="ThresholdDays">The stage's threshold; 0 means never.</param>
public sealed record FollowUpStanding(FollowUpState State, int IdleDays, int ThresholdDays);

/// <summary>
/// A deal is dormant once nobody has dealt with it for as many days as its stage allows, unless something is planned
/// within that same number of days (next action, open task) or it is put to sleep. One rule, for cards in memory and for queries.
/// </summary>
public static class Rotting
{
    /// <summary>Whether a deal is dormant, in the database.</summary>
    public static Expression<Func<ListScope, Opportunity, bool>> IsDormant { get; } = (scope, deal) =>
        deal.Outcome == StageOutcome.Open
        && deal.Stage.RottingDays > 0
        && deal.LastInteractionAt <= scope.Clock.UtcNow.AddDays(-deal.Stage.RottingDays)
        && !(deal.SnoozedUntil > scope.Clock.Today)
        && !(deal.NextActionOn >= scope.Clock.Today && deal.NextActionOn <= scope.Clock.Today.AddDays(deal.Stage.RottingDays))
        && !PlannedTasks(scope.Db, scope.Clock.Today).Any(task => task.OpportunityId == deal.Id && task.DueOn <= scope.Clock.Today.AddDays(deal.Stage.RottingDays));

    /// <summary>The same, for a query in a scope.</summary>
    public static Expression<Func<Opportunity, bool>> DormantIn(ListScope scope)
    {
        var deal = IsDormant.Parameters[1];
        return Expression.Lambda<Func<Opportunity, bool>>(ListExpressions.Bind(IsDormant, scope, deal), deal);
    }

    /// <summary>The open tasks that plan something, of all deals: those due today or later. In a query, name them in a variable first.</summary>
    // Lists of deals read past the filter of the bin, so it is said again.
    public static IQueryable<FollowUpTask> PlannedTasks(MedCrmDbContext db, DateOnly today)
        => db.FollowUpTasks.Where(task => task.DeletedAt == null && task.IsOpen && task.DueOn >= today);

    /// <summary>How the follow-up of a deal stands, in the database; nothing once it is closed.</summary>
    public static Expression<Func<ListScope, Opportunity, FollowUpState?>> State { get; } = Expression.Lambda<Func<ListScope, Opportunity, FollowUpState?>>(
        Expression.Condition(IsDormant.Body, Expression.Constant(FollowUpState.Rotting, typeof(FollowUpState?)), OtherwiseOf(IsDormant.Parameters)),
        IsDormant.Parameters);

    /// <summary>The standing of an open deal in hand. <paramref name="nextActionOn"/> and <paramref name="nextTaskOn"/> are the planned days; past ones plan nothing.</summary>
    public static FollowUpStanding StandingOf(int thresholdDays, DateTime lastInteractionAt, DateOnly? snoozedUntil, DateOnly? nextActionOn, DateOnly? nextTaskOn, BusinessClock clock)
    {
        var today = clock.Today;
        var idle = IdleDays(lastInteractionAt, clock);
        var next = Soonest(nextActionOn >= today ? nextActionOn : null, nextTaskOn >= today ? nextTaskOn : null);
        var state = snoozedUntil > today ? FollowUpState.OnTrack
            : thresholdDays > 0 && idle >= thresholdDays && !(next <= today.AddDays(thresholdDays)) ? FollowUpState.Rotting
            : next is null ? FollowUpState.NoNextAction
            : FollowUpState.OnTrack;
        return new FollowUpStanding(state, idle, thresholdDays);
    }

    /// <summary>The days of 24 hours since a person last dealt with a deal.</summary>
    public static int IdleDays(DateTime lastInteractionAt, BusinessClock clock) => Math.Max(0, (int)(clock.UtcNow - lastInteractionAt).TotalDays);

    private static Expression OtherwiseOf(System.Collections.ObjectModel.ReadOnlyCollection<ParameterExpression> parameters)
    {
        Expression<Func<ListScope, Opportunity, FollowUpState?>> otherwise = (scope, deal) =>
            deal.Outcome != StageOutcome.Open ? null
            : deal.SnoozedUntil > scope.Clock.Today || deal.NextActionOn >= scope.Clock.Today
                || PlannedTasks(scope.Db, scope.Clock.Today).Any(task => task.OpportunityId == deal.Id) ? FollowUpState.OnTrack
            : FollowUpState.NoNextAction;
        return new ListExpressions.Replacer { [otherwise.Parameters[0]] = parameters[0], [otherwise.Parameters[1]] = parameters[1] }.Visit(otherwise.Body);
    }

    private static DateOnly? Soonest(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;
}
