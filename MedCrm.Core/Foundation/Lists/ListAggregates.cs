using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>Adds up the records of a list in the database: one line a group comes back, never the records.</summary>
internal static class ListAggregates
{
    private static readonly MethodInfo s_group = typeof(ListAggregates).GetMethod(nameof(GroupAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo s_day = typeof(SqlFunctions).GetMethod(nameof(SqlFunctions.DayOf))!;

    /// <summary>The figures of each group that has records, in no order.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or cannot be gathered or measured so.</exception>
    public static async Task<IReadOnlyList<ListFigures>> ReadAsync<TEntity>(IQueryable<TEntity> records, ListDefinition<TEntity> definition, ListBreakdown breakdown, ListScope scope, CancellationToken cancellationToken)
        where TEntity : class, INamedRecord
    {
        var record = Expression.Parameter(typeof(TEntity), "record");
        var keys = breakdown.By.Select(dimension => KeyOf(definition, dimension, scope, record)).ToList();
        var key = keys switch
        {
            [] => Expression.Constant(1),
            [var one] => one,
            [var one, var two] => (Expression)Expression.MemberInit(
                Expression.New(PairOf(one, two)),
                Expression.Bind(PairOf(one, two).GetProperty(nameof(Pair<int, int>.First))!, one),
                Expression.Bind(PairOf(one, two).GetProperty(nameof(Pair<int, int>.Second))!, two)),
            _ => throw new ArgumentException($"At most {ListBreakdown.MostDimensions} dimensions.", nameof(breakdown)),
        };
        var columns = breakdown.Of.Select(measure => measure.Kind is MeasureKind.Count ? null : Expression.Lambda(Amount(definition, measure, scope, record), record)).ToList();
        var rows = await (Task<List<object?[]>>)s_group.MakeGenericMethod(typeof(TEntity), key.Type).Invoke(null, [records, Expression.Lambda(key, record), keys.Count, breakdown.Of, columns, cancellationToken])!;
        return Merged(rows, breakdown);

        static Type PairOf(Expression one, Expression two) => typeof(Pair<,>).MakeGenericType(one.Type, two.Type);
    }

    // Each measure is read as parts that can be added up again: weeks are gathered from their days afterwards.
    private static Task<List<object?[]>> GroupAsync<TEntity, TKey>(IQueryable<TEntity> records, LambdaExpression key, int keys, IReadOnlyList<ListMeasure> measures, IReadOnlyList<LambdaExpression?> columns, CancellationToken cancellationToken)
    {
        var group = Expression.Parameter(typeof(IGrouping<TKey, TEntity>), "group");
        var itself = Expression.Property(group, nameof(IGrouping<int, int>.Key));
        List<Expression> cells = keys switch
        {
            0 => [],
            1 => [itself],
            _ => [Expression.Property(itself, nameof(Pair<int, int>.First)), Expression.Property(itself, nameof(Pair<int, int>.Second))],
        };
        foreach (var (measure, column) in measures.Zip(columns))
        {
            cells.Add(column is null ? Call(nameof(Enumerable.Count)) : Call(
                measure.Kind switch
                {
                    MeasureKind.Minimum => nameof(Enumerable.Min),
                    MeasureKind.Maximum => nameof(Enumerable.Max),
                    _ => nameof(Enumerable.Sum),
                },
                column));
            if (measure.Kind is MeasureKind.Average)
            {
                cells.Add(Call(nameof(Enumerable.Count), Expression.Lambda<Func<TEntity, bool>>(Expression.NotEqual(column!.Body, Expression.Constant(null, column.Body.Type)), column.Parameters)));
            }
        }

        var row = Expression.NewArrayInit(typeof(object), cells.Select(cell => Expression.Convert(cell, typeof(object))));
        return records.GroupBy((Expression<Func<TEntity, TKey>>)key).Select(Expression.Lambda<Func<IGrouping<TKey, TEntity>, object?[]>>(row, group)).ToListAsync(cancellationToken);

        MethodCallExpression Call(string name, LambdaExpression? selector = null)
            => Expression.Call(typeof(Enumerable), name, [typeof(TEntity)], selector is null ? [group] : [group, selector]);
    }

    private static Expression KeyOf<TEntity>(ListDefinition<TEntity> definition, ListDimension dimension, ListScope scope, ParameterExpression record)
        where TEntity : class, INamedRecord
    {
        if (definition.Column(dimension.Column) is not { } column || !ListDimension.Takes(column) || (column.Kind is ListKind.Date or ListKind.Moment) != (dimension.Part is not null))
        {
            throw new ArgumentException($"Column {dimension.Column} of {definition.Name} gathers nothing so.", nameof(dimension));
        }

        // By what the filter compares: a group opens exactly its records.
        var value = ListExpressions.Bind(column.Rule is null ? column.FilterBy : column.Value, scope, record);
        if (dimension.Part is not { } part)
        {
            return value;
        }

        var day = column.Kind is ListKind.Moment ? DayOf(value, scope) : Nullable(value, value.Type == typeof(DateOnly) ? typeof(DateOnly?) : value.Type);
        return part is DatePart.Day or DatePart.Week ? day : Numbered(day, part);
    }

    private static Expression DayOf(Expression moment, ListScope scope)
    {
        var zone = Expression.Constant(scope.Clock.Zone.Id);
        return System.Nullable.GetUnderlyingType(moment.Type) is null
            ? Nullable(Expression.Call(s_day, moment, zone), typeof(DateOnly?))
            : Expression.Condition(
                Expression.Equal(moment, Expression.Constant(null, moment.Type)),
                Expression.Constant(null, typeof(DateOnly?)),
                Nullable(Expression.Call(s_day, Expression.Property(moment, "Value"), zone), typeof(DateOnly?)));
    }

    // The rank of the stretch since the year 0: a number, which the database groups by without a format.
    private static ConditionalExpression Numbered(Expression day, DatePart part)
    {
        var known = Expression.Property(day, "Value");
        Expression year = Expression.Property(known, nameof(DateOnly.Year));
        var month = Expression.Subtract(Expression.Property(known, nameof(DateOnly.Month)), Expression.Constant(1));
        var rank = part switch
        {
            DatePart.Month => Expression.Add(Expression.Multiply(year, Expression.Constant(12)), month),
            DatePart.Quarter => Expression.Add(Expression.Multiply(year, Expression.Constant(4)), Expression.Divide(month, Expression.Constant(3))),
            _ => year,
        };
        return Expression.Condition(Expression.Equal(day, Expression.Constant(null, day.Type)), Expression.Constant(null, typeof(int?)), Nullable(rank, typeof(int?)));
    }

    private static Expression Amount<TEntity>(ListDefinition<TEntity> definition, ListMeasure measure, ListScope scope, ParameterExpression record)
        where TEntity : class, INamedRecord
    {
        if (definition.Column(measure.Column) is not { IsNumeric: true } column)
        {
            throw new ArgumentException($"Column {measure.Column} of {definition.Name} is not measured.", nameof(measure));
        }

        var value = ListExpressions.Bind(column.Value, scope, record);
        return value.Type == typeof(int) ? Nullable(value, typeof(int?)) : value.Type == typeof(decimal) ? Nullable(value, typeof(decimal?)) : value;
    }

    private static Expression Nullable(Expression value, Type type) => value.Type == type ? value : Expression.Convert(value, type);

    private static List<ListFigures> Merged(List<object?[]> rows, ListBreakdown breakdown)
        => [
            .. rows.Select(row => (Keys: breakdown.By.Select((dimension, place) => TextOf(row[place], dimension.Part)).ToList(), Cells: row[breakdown.By.Count..]))
                .GroupBy(row => (row.Keys.ElementAtOrDefault(0), row.Keys.ElementAtOrDefault(1)))
                .Select(same => new ListFigures(same.First().Keys, ValuesOf([.. same.Select(row => row.Cells)], breakdown.Of))),
        ];

    private static List<decimal?> ValuesOf(IReadOnlyList<object?[]> parts, IReadOnlyList<ListMeasure> measures)
    {
        var values = new List<decimal?>(measures.Count);
        var place = 0;
        foreach (var measure in measures)
        {
            var cells = Column(place++);
            values.Add(measure.Kind switch
            {
                MeasureKind.Minimum => cells.Min(),
                MeasureKind.Maximum => cells.Max(),
                MeasureKind.Average => Column(place++).Sum() is > 0 and var count ? cells.Sum() / count : null,
                _ => cells.Sum(),
            });
        }

        return values;

        List<decimal?> Column(int at) => [.. parts.Select(part => part[at] is { } cell ? Convert.ToDecimal(cell, CultureInfo.InvariantCulture) : (decimal?)null)];
    }

    private static string? TextOf(object? key, DatePart? part) => (key, part) switch
    {
        (null, _) => null,
        (DateOnly day, { } stretch) => Day(ListDimension.StartOf(day, stretch)),
        (int rank, DatePart.Month) => Day(new DateOnly(rank / 12, (rank % 12) + 1, 1)),
        (int rank, DatePart.Quarter) => Day(new DateOnly(rank / 4, ((rank % 4) * 3) + 1, 1)),
        (int year, DatePart.Year) => Day(new DateOnly(year, 1, 1)),
        (bool flag, _) => flag ? "true" : "false",
        _ => key.ToString(),
    };

    private static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    // Two keys that the database groups by together.
    private sealed class Pair<TFirst, TSecond>
    {
        public TFirst First { get; init; } = default!;

        public TSecond Second { get; init; } = default!;
    }
}
