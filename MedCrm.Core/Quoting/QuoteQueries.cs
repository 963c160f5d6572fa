using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>Quotes in the database, and the one place that says which wait for an answer and which expired without one: for queries and for rows in hand.</summary>
internal static class QuoteQueries
{
    private static readonly Expression<Func<QuoteStatus, bool>> s_isUnanswered = status => status == QuoteStatus.Sent || status == QuoteStatus.Viewed;
    private static readonly Expression<Func<DateOnly, DateOnly, bool>> s_isPast = (validUntil, today) => validUntil < today;
    private static readonly Func<QuoteStatus, bool> s_unanswered = s_isUnanswered.Compile();
    private static readonly Func<DateOnly, DateOnly, bool> s_past = s_isPast.Compile();
    private static readonly ParameterExpression s_quote = Expression.Parameter(typeof(Quote), "quote");

    /// <summary>Where a quote stands today, in the database: what was sent and not answered expires after its last day. Says the same as <see cref="Quote.StateOn"/>.</summary>
    public static Expression<Func<ListScope, Quote, QuoteStatus?>> State { get; } = Told();

    /// <summary>Whether a quote that stands so, valid until a day, has expired on another.</summary>
    public static bool IsExpired(QuoteStatus status, DateOnly validUntil, DateOnly today) => s_unanswered(status) && s_past(validUntil, today);

    /// <summary>The quotes out of the bin that an actor may see, every version. A quote stays in sight while its institution is in the bin.</summary>
    public static IQueryable<Quote> Quotes(this MedCrmDbContext db, Actor actor)
        => db.Quotes.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Where(quote => quote.DeletedAt == null).VisibleTo(actor);

    /// <summary>What may still be answered on a day.</summary>
    public static IQueryable<Quote> Awaiting(this IQueryable<Quote> quotes, DateOnly today)
        => quotes.Where(Expression.Lambda<Func<Quote, bool>>(Expression.AndAlso(Unanswered(), Expression.Not(Past(Day(today)))), s_quote));

    /// <summary>What was not answered by its last day.</summary>
    public static IQueryable<Quote> Expired(this IQueryable<Quote> quotes, DateOnly today)
        => quotes.Where(Expression.Lambda<Func<Quote, bool>>(Expression.AndAlso(Unanswered(), Past(Day(today))), s_quote));

    // Written as a choice between constants, so that a filter on one state is asked of the rule, which has an index.
    private static Expression<Func<ListScope, Quote, QuoteStatus?>> Told()
    {
        Expression<Func<ListScope, DateOnly>> today = scope => scope.Clock.Today;
        return Expression.Lambda<Func<ListScope, Quote, QuoteStatus?>>(
            Expression.Condition(
                Expression.AndAlso(Unanswered(), Past(today.Body)),
                Expression.Constant(QuoteStatus.Expired, typeof(QuoteStatus?)),
                Expression.Convert(Expression.Property(s_quote, nameof(Quote.Status)), typeof(QuoteStatus?))),
            today.Parameters[0],
            s_quote);
    }

    private static Expression Unanswered()
        => new ListExpressions.Replacer { [s_isUnanswered.Parameters[0]] = Expression.Property(s_quote, nameof(Quote.Status)) }.Visit(s_isUnanswered.Body);

    private static Expression Past(Expression today)
        => new ListExpressions.Replacer { [s_isPast.Parameters[0]] = Expression.Property(s_quote, nameof(Quote.ValidUntil)), [s_isPast.Parameters[1]] = today }.Visit(s_isPast.Body);

    // As a parameter of the query, so that one plan serves every day.
    private static Expression Day(DateOnly today)
    {
        Expression<Func<DateOnly>> day = () => today;
        return day.Body;
    }
}
