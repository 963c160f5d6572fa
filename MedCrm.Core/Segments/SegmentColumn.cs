using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Segments;

/// <summary>The column by which a list tells the segments of a record, and is filtered on them: <c>?segment=ID</c>.</summary>
internal static class SegmentColumn
{
    /// <summary>The name in addresses.</summary>
    public const string Key = "segment";

    /// <summary>Gives a list the column « Segment ».</summary>
    public static void AddTo<TEntity>(ListDefinition<TEntity> list, SegmentSubject subject, string group)
        where TEntity : class, INamedRecord
        => list.Belonging(Key, MembershipsOf<TEntity>(), (scope, filter) => Rule<TEntity>(scope, filter, subject), scope => Usable(scope.Db, scope.Actor, subject).OrderBy(segment => segment.Name).Select(segment => new NamedId { Id = segment.Id, Name = segment.Name }))
            .Titled("Segment").In(group).Wide(200).Opens("/segments/{0}");

    /// <summary>The segments that an actor may use on a list.</summary>
    public static IQueryable<Segment> Usable(MedCrmDbContext db, Actor actor, SegmentSubject subject) => db.Segments.SharedWith(actor).Where(segment => segment.Subject == subject);

    // The cell tells what the night found: working out every segment for every line would be asking too much.
    private static Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> MembershipsOf<TEntity>()
        where TEntity : class, INamedRecord
        => (scope, record) =>
            from member in scope.Db.SegmentMembers
            join segment in scope.Db.Segments.SharedWith(scope.Actor) on member.SegmentId equals segment.Id
            where member.RecordId == record.Id && member.LeftOn == null
            orderby segment.Name
            select new NamedId { Id = segment.Id, Name = segment.Name };

    // Segments out of reach are left aside; whoever is left with none sees the whole list, and the page says so.
    private static Expression<Func<TEntity, bool>>? Rule<TEntity>(ListScope scope, ListFilter filter, SegmentSubject subject)
        where TEntity : class, INamedRecord
    {
        var isAny = filter.Operator is FilterOperator.Empty or FilterOperator.NotEmpty;
        var ids = filter.Values.Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty).ToList();

        // A filter is put together at once: SQLite answers at once too, whatever is awaited.
        var segments = Usable(scope.Db, scope.Actor, subject).AsNoTracking().Where(segment => isAny || ids.Contains(segment.Id)).Select(segment => segment.Conditions).ToList();
        if (segments.Count == 0)
        {
            return filter.Operator is FilterOperator.NotEmpty ? _ => false : null;
        }

        // One that is to be corrected holds nobody: leaving it aside would hand a gesture on a selection over to everybody.
        var sound = segments.Select(SegmentText.Read).Where(conditions => SegmentRules.DefectsOf(subject, conditions).Count == 0).ToList();
        var conditions = sound.Count == 0 ? SegmentGroup.Everything.Negated() : SegmentGroup.Any([.. sound]);
        var population = (SegmentPopulation<TEntity>)SegmentPopulation.Of(subject);
        return population.Predicate(scope, filter.Operator is FilterOperator.NoneOf or FilterOperator.Empty ? SegmentGroup.All(conditions).Negated() : conditions);
    }
}
