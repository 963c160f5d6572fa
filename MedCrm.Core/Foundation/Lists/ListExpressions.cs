using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using MedCrm.Core.Data;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>Turns the conditions and orders of a list into expressions that the database evaluates. Values travel as parameters, so that a query is compiled once.</summary>
internal static class ListExpressions
{
    private static readonly MethodInfo s_contains = typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!;
    private static readonly MethodInfo s_fold = typeof(SqlFunctions).GetMethod(nameof(SqlFunctions.Fold))!;
    private static readonly Expression s_never = Expression.Constant(false);

    private static readonly MethodInfo s_any = typeof(Enumerable).GetMethods()
        .Single(method => method.Name == nameof(Enumerable.Any) && method.GetParameters().Length == 1)
        .MakeGenericMethod(typeof(string));

    private static readonly MethodInfo s_anyThat = typeof(Enumerable).GetMethods()
        .Single(method => method.Name == nameof(Enumerable.Any) && method.GetParameters().Length == 2)
        .MakeGenericMethod(typeof(string));

    /// <summary>The body of a column's lambda, about a record, in a scope.</summary>
    public static Expression Bind(LambdaExpression lambda, ListScope scope, ParameterExpression record)
        => lambda.Parameters.Count == 1
            ? new Replacer { [lambda.Parameters[0]] = record }.Visit(lambda.Body)
            : new Replacer { [lambda.Parameters[0]] = Expression.Constant(scope), [lambda.Parameters[1]] = record }.Visit(lambda.Body);

    /// <summary>The texts of a record's labels, gathered by the database: joining several lists of labels would multiply them with one another.</summary>
    public static Expression<Func<TEntity, IReadOnlyList<string>>> JoinedTexts<TEntity, TLabel>(Expression<Func<TEntity, IEnumerable<TLabel>>> labels, Expression<Func<TLabel, string>> text)
    {
        Expression<Func<IEnumerable<TLabel>, Func<TLabel, string>, IReadOnlyList<string>>> joined =
            (all, read) => Split(all.GroupBy(_ => 1).Select(group => string.Join("\n", group.Select(read))).FirstOrDefault());
        var body = new Replacer { [joined.Parameters[0]] = labels.Body, [joined.Parameters[1]] = text }.Visit(joined.Body);
        return Expression.Lambda<Func<TEntity, IReadOnlyList<string>>>(body, labels.Parameters);
    }

    /// <summary>The texts of a record's labels one by one, for conditions on them.</summary>
    public static Expression<Func<TEntity, IEnumerable<string>>> Texts<TEntity, TLabel>(Expression<Func<TEntity, IEnumerable<TLabel>>> labels, Expression<Func<TLabel, string>> text)
    {
        Expression<Func<IEnumerable<TLabel>, Func<TLabel, string>, IEnumerable<string>>> texts = (all, read) => all.Select(read);
        var body = new Replacer { [texts.Parameters[0]] = labels.Body, [texts.Parameters[1]] = text }.Visit(texts.Body);
        return Expression.Lambda<Func<TEntity, IEnumerable<string>>>(body, labels.Parameters);
    }

    /// <summary>The first of some records, or null. Value by value: a whole one would make the database number all of them for every line.</summary>
    public static Expression<Func<ListScope, TEntity, NamedId?>> First<TEntity>(Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> records)
    {
        Expression<Func<IQueryable<NamedId>, NamedId?>> first = all => all.Any()
            ? new NamedId { Id = all.Select(record => record.Id).FirstOrDefault(), Name = all.Select(record => record.Name).FirstOrDefault() ?? "" }
            : null;
        return Expression.Lambda<Func<ListScope, TEntity, NamedId?>>(new Replacer { [first.Parameters[0]] = records.Body }.Visit(first.Body), records.Parameters);
    }

    /// <summary>Whether a search key contains a folded word.</summary>
    public static Expression<Func<TEntity, bool>> ContainsToken<TEntity>(Expression<Func<TEntity, string>> searchKey, string token)
        => Expression.Lambda<Func<TEntity, bool>>(Expression.Call(searchKey.Body, s_contains, Parameter(token, typeof(string))), searchKey.Parameters);

    /// <summary>The records by a key.</summary>
    public static IOrderedQueryable<TEntity> OrderBy<TEntity>(IQueryable<TEntity> records, LambdaExpression key, bool descending, ListScope scope)
    {
        var record = Expression.Parameter(typeof(TEntity), "record");
        var body = Bind(key, scope, record);
        var call = Expression.Call(
            typeof(Queryable),
            descending ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy),
            [typeof(TEntity), body.Type],
            records.Expression,
            Expression.Quote(Expression.Lambda(body, record)));
        return (IOrderedQueryable<TEntity>)records.Provider.CreateQuery<TEntity>(call);
    }

    /// <summary>Whether a field meets a condition.</summary>
    public static Expression Condition(Expression field, ListColumn column, ListFilter filter, ListScope scope) => filter.Operator switch
    {
        FilterOperator.Empty => IsEmpty(field),
        FilterOperator.NotEmpty => Expression.Not(IsEmpty(field)),
        FilterOperator.NoneOf => Expression.Not(IsAnyOf(field, column, filter.Values, scope)),
        FilterOperator.AnyOf => IsAnyOf(field, column, filter.Values, scope),
        FilterOperator.Contains => Contains(field, filter.Values[0]),
        FilterOperator.Between => IsBetween(field, column, filter.Values[0], filter.Values[1], scope),
        _ => throw new InvalidOperationException($"Unknown operator {filter.Operator}"),
    };

    /// <summary>Whether a field of a type holds several texts.</summary>
    public static bool IsMany(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable<string>));

    private static IReadOnlyList<string> Split(string? joined)
        => joined is null ? [] : [.. joined.Split('\n').Order(StringComparer.CurrentCultureIgnoreCase)];

    private static Expression IsEmpty(Expression field)
    {
        if (IsMany(field))
        {
            return Expression.Not(Expression.Call(s_any, field));
        }

        if (field.Type == typeof(string))
        {
            return Expression.OrElse(Expression.Equal(field, Expression.Constant(null, typeof(string))), Expression.Equal(field, Expression.Constant("")));
        }

        return Nullable.GetUnderlyingType(field.Type) is null ? s_never : Expression.Equal(field, Expression.Constant(null, field.Type));
    }

    private static Expression IsAnyOf(Expression field, ListColumn column, IReadOnlyList<string> values, ListScope scope)
    {
        if (IsMany(field))
        {
            var one = Expression.Parameter(typeof(string), "text");
            var matches = values.Select(value => Expression.Equal(one, Parameter(SearchKey.Fold(value), typeof(string)))).Aggregate<Expression>(Expression.OrElse);
            return Expression.Call(s_anyThat, field, Expression.Lambda<Func<string, bool>>(matches, one));
        }

        return values.Select(value => Is(field, column, value, scope)).Aggregate(Expression.OrElse);
    }

    private static Expression Is(Expression field, ListColumn column, string value, ListScope scope)
    {
        if (column.Kind is ListKind.Moment)
        {
            return IsBetween(field, column, value, value, scope);
        }

        if (column.Kind is ListKind.Text)
        {
            return Expression.Equal(Expression.Call(s_fold, field), Parameter(SearchKey.Fold(value), typeof(string)));
        }

        return Read(value, field.Type, scope) is { } read ? IsValue(field, read) : s_never;
    }

    // A value that a rule gives is asked of the rule itself: the database can then use its indexes, which it cannot through a CASE.
    private static Expression IsValue(Expression field, object value)
        => field is ConditionalExpression { IfTrue: ConstantExpression constant } rule
            ? constant.Value?.Equals(value) is true
                ? rule.Test
                : Expression.AndAlso(Expression.Not(rule.Test), IsValue(rule.IfFalse, value))
            : Expression.Equal(field, Parameter(value, field.Type));

    private static MethodCallExpression Contains(Expression field, string text)
    {
        var folded = Parameter(SearchKey.Fold(text), typeof(string));
        if (!IsMany(field))
        {
            return Expression.Call(Expression.Call(s_fold, field), s_contains, folded);
        }

        var one = Expression.Parameter(typeof(string), "text");
        return Expression.Call(s_anyThat, field, Expression.Lambda<Func<string, bool>>(Expression.Call(one, s_contains, folded), one));
    }

    private static Expression IsBetween(Expression field, ListColumn column, string from, string to, ListScope scope)
    {
        Expression? condition = null;
        if (from.Length > 0)
        {
            condition = Bound(column.Kind is ListKind.Moment ? Midnight(RelativeDay.Read(from, scope.Clock.Today), scope) : Read(from, field.Type, scope), Expression.GreaterThanOrEqual);
        }

        if (to.Length > 0)
        {
            var upper = column.Kind is ListKind.Moment
                ? Bound(Midnight(RelativeDay.Read(to, scope.Clock.Today, isEnd: true)?.AddDays(1), scope), Expression.LessThan)
                : Bound(Read(to, field.Type, scope, isEnd: true), Expression.LessThanOrEqual);
            condition = condition is null ? upper : Expression.AndAlso(condition, upper);
        }

        return condition ?? Expression.Constant(true);

        Expression Bound(object? bound, Func<Expression, Expression, Expression> compare)
            => bound is null ? s_never : compare(field, Parameter(bound, field.Type));
    }

    private static DateTime? Midnight(DateOnly? day, ListScope scope)
        => day is { } known ? scope.Clock.ToUtc(known, TimeOnly.MinValue) : null;

    private static object? Read(string text, Type type, ListScope scope, bool isEnd = false)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (kind == typeof(string))
        {
            return text;
        }

        if (kind == typeof(Guid))
        {
            return text == ListFilter.Me ? scope.Actor.Id : Guid.TryParse(text, out var id) ? id : null;
        }

        if (kind.IsEnum)
        {
            return Enum.TryParse(kind, text, ignoreCase: true, out var value) && Enum.IsDefined(kind, value!) ? value : null;
        }

        if (kind == typeof(DateOnly))
        {
            return RelativeDay.Read(text, scope.Clock.Today, isEnd);
        }

        if (kind == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : null;
        }

        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        if (kind == typeof(decimal))
        {
            return number;
        }

        return number is >= int.MinValue and <= int.MaxValue ? (int)decimal.Round(number) : null;
    }

    private static bool IsMany(Expression field) => IsMany(field.Type);

    private static MemberExpression Parameter(object value, Type type)
    {
        var holder = typeof(Holder<>).MakeGenericType(type);
        return Expression.Property(Expression.Constant(Activator.CreateInstance(holder, value)), nameof(Holder<>.Value));
    }

    // A value behind a property of a constant becomes a parameter of the SQL; a bare constant would be written into it.
    private sealed class Holder<T>(T value)
    {
        public T Value { get; } = value;
    }

    /// <summary>Puts expressions in the place of parameters.</summary>
    internal sealed class Replacer : ExpressionVisitor
    {
        private readonly Dictionary<ParameterExpression, Expression> _replacements = [];

        public Expression this[ParameterExpression parameter]
        {
            set => _replacements[parameter] = value;
        }

        protected override Expression VisitParameter(ParameterExpression node) => _replacements.GetValueOrDefault(node, node);
    }
}
