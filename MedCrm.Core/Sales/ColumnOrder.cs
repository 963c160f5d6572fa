using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>Where a card is put down: right under one card, or right above another when it becomes the first; on top when neither is known.</summary>
public sealed record CardPlace(Guid? UnderId, Guid? AboveId);

internal static class ColumnOrder
{
    /// <summary>The rank of a place in a stage. Numbers the column afresh when its neighbours leave no room; runs inside the transaction of the move.</summary>
    public static async Task<long> RankAsync(MedCrmDbContext db, Guid stageId, Guid movedId, CardPlace? place, CancellationToken cancellationToken)
    {
        var column = db.Opportunities.Where(deal => deal.StageId == stageId && deal.Id != movedId);
        if (await FreeRankAsync(column, place, cancellationToken) is { } rank)
        {
            return rank;
        }

        await RenumberAsync(db, stageId, cancellationToken);
        return await FreeRankAsync(column, place, cancellationToken) ?? 0;
    }

    // A neighbour that left the column meanwhile is as good as none. Null when there is no number left between two cards.
    private static async Task<long?> FreeRankAsync(IQueryable<Opportunity> column, CardPlace? place, CancellationToken cancellationToken)
    {
        if (place?.UnderId is { } underId && await RankOfAsync(column, underId, cancellationToken) is { } upper)
        {
            var next = await column.Where(deal => deal.Rank >= upper && deal.Id != underId).MinAsync(deal => (long?)deal.Rank, cancellationToken);
            return next is null ? upper + Opportunity.RankStep : Between(upper, next.Value);
        }

        if (place?.AboveId is { } aboveId && await RankOfAsync(column, aboveId, cancellationToken) is { } lower)
        {
            var previous = await column.Where(deal => deal.Rank <= lower && deal.Id != aboveId).MaxAsync(deal => (long?)deal.Rank, cancellationToken);
            return previous is null ? lower - Opportunity.RankStep : Between(previous.Value, lower);
        }

        var top = await column.MinAsync(deal => (long?)deal.Rank, cancellationToken);
        return top - Opportunity.RankStep ?? 0;
    }

    private static Task<long?> RankOfAsync(IQueryable<Opportunity> column, Guid id, CancellationToken cancellationToken)
        => column.Where(deal => deal.Id == id).Select(deal => (long?)deal.Rank).SingleOrDefaultAsync(cancellationToken);

    private static long? Between(long upper, long lower) => lower - upper < 2 ? null : upper + ((lower - upper) / 2);

    // One statement, outside the change history: nobody did this, and the order people see stays.
    private static async Task RenumberAsync(MedCrmDbContext db, Guid stageId, CancellationToken cancellationToken)
        => await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE "Opportunities" SET "Rank" = "Numbered"."Place" * {Opportunity.RankStep}
            FROM (SELECT "Id" AS "DealId", ROW_NUMBER() OVER (ORDER BY "Rank", "Id") AS "Place" FROM "Opportunities" WHERE "StageId" = {stageId}) AS "Numbered"
            WHERE "Opportunities"."Id" = "Numbered"."DealId"
            """,
            cancellationToken);
}
