using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>A deal as a card shows it. Amounts in euros excluding VAT.</summary>
public sealed record BoardCard
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required Guid StageId { get; init; }
    public required Guid InstitutionId { get; init; }
    public required string InstitutionName { get; init; }
    public required decimal Amount { get; init; }
    public required int ProbabilityPercent { get; init; }

    /// <summary>The probability was set by hand and stays through moves.</summary>
    public required bool HasManualProbability { get; init; }

    public required Guid? OwnerId { get; init; }
    public required DateOnly? ExpectedCloseOn { get; init; }
    public required string? NextAction { get; init; }
    public required DateOnly? NextActionOn { get; init; }

    /// <summary>The first open task due from today on.</summary>
    public required DateOnly? NextTaskOn { get; init; }

    public required DateOnly? SnoozedUntil { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime LastInteractionAt { get; init; }

    /// <summary>The version the person is looking at.</summary>
    public required Guid Version { get; init; }

    /// <summary>How its follow-up stands.</summary>
    public FollowUpStanding FollowUp { get; init; } = new(FollowUpState.OnTrack, 0, 0);
}

/// <summary>Count and sums of deals, in euros excluding VAT.</summary>
public sealed record DealTotals(int Count, decimal Amount, decimal Weighted)
{
    /// <summary>No deal.</summary>
    public static DealTotals None { get; } = new(0, 0, 0);
}

/// <summary>A stage on the board: its first cards, and the totals of all that match.</summary>
public sealed record BoardColumn(Guid StageId, string Code, string Name, int ProbabilityPercent, DealTotals Totals, IReadOnlyList<BoardCard> Cards);

/// <summary>The board as one person sees it under a filter.</summary>
/// <param name="Columns">The open stages asked for, in order.</param>
/// <param name="Totals">All columns together.</param>
/// <param name="Dormant">How many dormant deals the filter leaves, whatever it says of the follow-up.</param>
public sealed record BoardView(IReadOnlyList<BoardColumn> Columns, DealTotals Totals, int Dormant)
{
    /// <summary>A card on show, or null.</summary>
    public BoardCard? Find(Guid opportunityId) => Columns.SelectMany(column => column.Cards).FirstOrDefault(card => card.Id == opportunityId);
}

/// <summary>Reads the pipeline for the board: cards, totals, dormant deals.</summary>
public sealed class Board(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>How many cards a column shows before more are asked for.</summary>
    public const int CardsAtFirst = 60;

    /// <summary>The filter of dormant deals.</summary>
    public static ListFilter Dormant { get; } = new("followup", FilterOperator.AnyOf, nameof(FollowUpState.Rotting));

    /// <summary>The open deals that a query asks for, by stage. <paramref name="shown"/> says how many cards each stage shows, by its id.</summary>
    public async Task<BoardView> LoadAsync(ListQuery query, IReadOnlyDictionary<Guid, int>? shown = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, await currentUser.GetAsync(cancellationToken), clock);

        var deals = Open(scope, query);
        var sums = await deals
            .GroupBy(deal => deal.StageId)
            .Select(group => new { StageId = group.Key, Totals = new DealTotals(group.Count(), group.Sum(deal => deal.Amount), group.Sum(deal => deal.WeightedAmount)) })
            .ToDictionaryAsync(row => row.StageId, row => row.Totals, cancellationToken);

        var stages = await db.Stages.AsNoTracking().Where(stage => stage.Outcome == StageOutcome.Open).OrderBy(stage => stage.Position).ToListAsync(cancellationToken);
        var columns = new List<BoardColumn>();
        foreach (var stage in stages.Where(stage => Asks(query.FilterOn("stage"), stage)))
        {
            var totals = sums.GetValueOrDefault(stage.Id, DealTotals.None);
            var cards = totals.Count == 0 ? [] : await CardsAsync(db, deals, stage, shown?.GetValueOrDefault(stage.Id) ?? 0, cancellationToken);
            columns.Add(new BoardColumn(stage.Id, stage.Code, stage.Name, stage.ProbabilityPercent, totals, cards));
        }

        var dormant = await Open(scope, query.Without("followup").With(Dormant)).CountAsync(cancellationToken);
        return new BoardView(columns, new DealTotals(sums.Values.Sum(t => t.Count), sums.Values.Sum(t => t.Amount), sums.Values.Sum(t => t.Weighted)), dormant);
    }

    /// <summary>Whether an open deal is among those a query asks for.</summary>
    public async Task<bool> ShowsAsync(Guid opportunityId, ListQuery query, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scope = new ListScope(db, await currentUser.GetAsync(cancellationToken), clock);
        return await Open(scope, query).AnyAsync(deal => deal.Id == opportunityId, cancellationToken);
    }

    // The board is about open deals, whatever a list of the same address also shows.
    private static IQueryable<Opportunity> Open(ListScope scope, ListQuery query)
        => OpportunityList.Matching(scope, query.Without("outcome")).Where(deal => deal.Outcome == StageOutcome.Open);

    private static bool Asks(ListFilter? filter, Stage stage) => filter switch
    {
        { Operator: FilterOperator.AnyOf } => filter.Values.Contains(stage.Id.ToString()),
        { Operator: FilterOperator.NoneOf } => !filter.Values.Contains(stage.Id.ToString()),
        _ => true,
    };

    private async Task<IReadOnlyList<BoardCard>> CardsAsync(MedCrmDbContext db, IQueryable<Opportunity> deals, Stage stage, int shown, CancellationToken cancellationToken)
    {
        var stageId = stage.Id;
        var cards = await Cards(db, deals.Where(deal => deal.StageId == stageId).OrderBy(deal => deal.Rank).ThenBy(deal => deal.Id).Take(Math.Max(shown, CardsAtFirst)), clock.Today)
            .ToListAsync(cancellationToken);
        return [.. cards.Select(card => card with
        {
            FollowUp = Rotting.StandingOf(stage.RottingDays, card.LastInteractionAt, card.SnoozedUntil, card.NextActionOn, card.NextTaskOn, clock),
        })];
    }

    private static IQueryable<BoardCard> Cards(MedCrmDbContext db, IQueryable<Opportunity> deals, DateOnly today)
    {
        var planned = Rotting.PlannedTasks(db, today);
        return deals.Select(deal => new BoardCard
        {
            Id = deal.Id,
            Name = deal.Name,
            StageId = deal.StageId,
            InstitutionId = deal.InstitutionId,
            InstitutionName = deal.Institution.Name,
            Amount = deal.Amount,
            ProbabilityPercent = deal.ProbabilityPercent,
            HasManualProbability = deal.ManualProbabilityPercent != null,
            OwnerId = deal.OwnerId,
            ExpectedCloseOn = deal.ExpectedCloseOn,
            NextAction = deal.NextAction,
            NextActionOn = deal.NextActionOn,
            NextTaskOn = planned.Where(task => task.OpportunityId == deal.Id).Min(task => task.DueOn),
            SnoozedUntil = deal.SnoozedUntil,
            LastInteractionAt = deal.LastInteractionAt,
            Version = deal.Version,
        });
    }
}
