using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

internal static class QuoteQueries
{
    /// <summary>Where a quote stands today, in the database: what was sent and not answered expires after its last day. Says the same as <see cref="Quote.StateOn"/>.</summary>
    public static Expression<Func<ListScope, Quote, QuoteStatus?>> State { get; } = Told();

    /// <summary>The quotes out of the bin that an actor may see, every version. A quote stays in sight while its institution is in the bin.</summary>
    public static IQueryable<Quote> Quotes(this MedCrmDbContext db, Actor actor)
        => db.Quotes.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Where(quote => quote.DeletedAt == null).VisibleTo(actor);

    // Written as a choice between constants, so that a filter on one state is asked of the rule, which has an index.
    private static Expression<Func<ListScope, Quote, QuoteStatus?>> Told()
    {
        Expression<Func<ListScope, Quote, bool>> isExpired = (scope, quote) => (quote.Status == QuoteStatus.Sent || quote.Status == QuoteStatus.Viewed) && quote.ValidUntil < scope.Clock.Today;
        Expression<Func<ListScope, Quote, QuoteStatus?>> otherwise = (scope, quote) => quote.Status;
        var same = new ListExpressions.Replacer { [otherwise.Parameters[0]] = isExpired.Parameters[0], [otherwise.Parameters[1]] = isExpired.Parameters[1] };
        return Expression.Lambda<Func<ListScope, Quote, QuoteStatus?>>(
            Expression.Condition(isExpired.Body, Expression.Constant(QuoteStatus.Expired, typeof(QuoteStatus?)), same.Visit(otherwise.Body)),
            isExpired.Parameters);
    }
}
