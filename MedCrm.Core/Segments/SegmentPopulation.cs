using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;

namespace MedCrm.Core.Segments;

/// <summary>Somebody in a segment: whom to name, and what tells two of the same name apart.</summary>
public sealed record SegmentRecord
{
    // Set by name, so that a query still knows which column each value is.
    /// <summary>The institution or the contact.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The town of an institution, the job of a contact.</summary>
    public required string? Detail { get; init; }

    internal string SortKey { get; init; } = "";
}

/// <summary>Whom a segment may gather, and its conditions as one question to the database.</summary>
internal abstract class SegmentPopulation
{
    private static readonly SegmentPopulation<Institution> s_institutions = new(
        InstitutionList.Columns,
        scope => scope.Db.Institutions.VisibleTo(scope.Actor),
        institution => new SegmentRecord { Id = institution.Id, Name = institution.Name, Detail = institution.City, SortKey = institution.SearchKey },
        SegmentSubject.Institution);

    private static readonly SegmentPopulation<Contact> s_contacts = new(
        ContactList.Columns,
        scope => VisibleContacts.Of(scope.Db, scope.Actor),
        contact => new SegmentRecord { Id = contact.Id, Name = contact.FullName, Detail = contact.JobTitle, SortKey = contact.SearchKey },
        SegmentSubject.Contact);

    public static SegmentPopulation Of(SegmentSubject subject) => subject is SegmentSubject.Institution ? s_institutions : s_contacts;

    /// <summary>All that the actor of the scope sees.</summary>
    public abstract IQueryable<SegmentRecord> Visible(ListScope scope);

    /// <summary>Those of them that meet conditions.</summary>
    public abstract IQueryable<SegmentRecord> Members(ListScope scope, SegmentGroup conditions);

    /// <summary>The conditions with somebody in the place of « moi »: what everybody sees of a segment does not depend on who looks.</summary>
    public static SegmentGroup With(SegmentGroup group, Guid me) => group with
    {
        Parts =
        [
            .. group.Parts.Select(part => part switch
            {
                SegmentGroup inner => With(inner, me),
                SegmentCondition condition => With(condition, me),
                SegmentRelated related => related with { Filters = [.. related.Filters.Select(filter => With(filter, me))] },
                _ => part,
            }),
        ],
    };

    private static SegmentCondition With(SegmentCondition condition, Guid me)
        => condition.Filter is { } filter && filter.Values.Contains(ListFilter.Me)
            ? condition with { Filter = new ListFilter(filter.Field, filter.Operator, filter.Values.Select(value => value == ListFilter.Me ? me.ToString() : value)) }
            : condition;
}

internal sealed class SegmentPopulation<TEntity>(
    ListDefinition<TEntity> columns,
    Func<ListScope, IQueryable<TEntity>> visible,
    Expression<Func<TEntity, SegmentRecord>> shape,
    SegmentSubject subject) : SegmentPopulation
    where TEntity : class, INamedRecord
{
    /// <inheritdoc/>
    public override IQueryable<SegmentRecord> Visible(ListScope scope) => visible(scope).Select(shape);

    /// <inheritdoc/>
    public override IQueryable<SegmentRecord> Members(ListScope scope, SegmentGroup conditions) => visible(scope).Where(Predicate(scope, conditions)).Select(shape);

    /// <summary>Whether a record meets conditions. They are sound: see <see cref="SegmentRules"/>.</summary>
    public Expression<Func<TEntity, bool>> Predicate(ListScope scope, SegmentGroup conditions)
    {
        var record = Expression.Parameter(typeof(TEntity), "record");
        return Expression.Lambda<Func<TEntity, bool>>(Group(scope, conditions, isOpposite: false, record), record);
    }

    // An opposite is carried down to the single conditions: a query inside a query for each would soon be too deep for SQLite to read.
    private Expression Group(ListScope scope, SegmentGroup group, bool isOpposite, ParameterExpression record)
    {
        isOpposite ^= group.IsNegated;
        var parts = group.Parts.Select(part => Part(scope, part, isOpposite, record)).ToList();
        return parts.Count == 0 ? Expression.Constant(!isOpposite) : parts.Aggregate(group.IsAny != isOpposite ? Expression.OrElse : Expression.AndAlso);
    }

    private Expression Part(ListScope scope, SegmentPart part, bool isOpposite, ParameterExpression record) => part switch
    {
        SegmentGroup group => Group(scope, group, isOpposite, record),
        SegmentCondition { Filter: { } filter } when columns.Condition(filter, scope) is { } condition => isOpposite ? Opposite(Bind(condition, record)) : Bind(condition, record),
        SegmentRelated related => Bind(Related(scope, related, isOpposite), record),
        _ => throw new InvalidOperationException($"Not a sound part: {part}"),
    };

    // Turning a comparison round would lose whoever has no value to compare: what is not known to be true is not true.
    private static BinaryExpression Opposite(Expression condition)
        => Expression.Equal(Expression.Condition(condition, Expression.Constant(1), Expression.Constant(0)), Expression.Constant(0));

    private Expression<Func<TEntity, bool>> Related(ListScope scope, SegmentRelated related, bool isOpposite)
    {
        var relation = SegmentFields.Relation(subject, related.Relation) ?? throw new InvalidOperationException($"No relation {related.Relation}.");
        var filters = related.Filters.Select(filter => filter.Filter!).Concat(related.Period is { } period ? [period] : []);
        var subjects = relation.Subjects(scope, filters);
        return related switch
        {
            { Count: RelatedCount.AtLeast } => Among(AtLeast(subjects, related.Number), !isOpposite),
            { Count: RelatedCount.AtMost, Number: > 0 and var most } => Among(AtLeast(subjects, most + 1), isOpposite),
            _ => Among(subjects, isOpposite),
        };

        static IQueryable<Guid> AtLeast(IQueryable<Guid> ids, int number)
            => number <= 1 ? ids : ids.GroupBy(id => id).Where(same => same.Count() >= number).Select(same => same.Key);

        static Expression<Func<TEntity, bool>> Among(IQueryable<Guid> ids, bool isAmong)
            => isAmong ? record => ids.Contains(record.Id) : record => !ids.Contains(record.Id);
    }

    private static Expression Bind(Expression<Func<TEntity, bool>> condition, ParameterExpression record)
        => new ListExpressions.Replacer { [condition.Parameters[0]] = record }.Visit(condition.Body);
}
