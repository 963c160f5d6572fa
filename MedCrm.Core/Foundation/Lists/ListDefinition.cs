using System.Linq.Expressions;
using MedCrm.Core.History;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>The columns of a list and how people call what it holds.</summary>
public abstract class ListDefinition(string name, string singular, string plural)
{
    /// <summary>The name in addresses and preferences: institutions, contacts.</summary>
    public string Name { get; } = name;

    /// <summary>« établissement ».</summary>
    public string Singular { get; } = singular;

    /// <summary>« établissements ».</summary>
    public string Plural { get; } = plural;

    /// <summary>The type name of its records, as the change news say it.</summary>
    public abstract string RecordType { get; }

    /// <summary>Every column, in the order of the chooser.</summary>
    public abstract IReadOnlyList<ListColumn> Columns { get; }

    /// <summary>The order of a list nobody sorted.</summary>
    public ListSort DefaultSort { get; protected set; } = new("", false);

    /// <summary>The columns that somebody who never chose sees.</summary>
    public IReadOnlyList<string> FirstColumns => [.. Columns.Where(column => column.IsShownAtFirst).Select(column => column.Key)];

    /// <summary>The column of a key, if any.</summary>
    public abstract ListColumn? Find(string? key);

    /// <summary>« 3 établissements », « 1 établissement ».</summary>
    public Sentence Counted(int count) => $"{count:N0} {(Sentence)(count < 2 ? Singular : Plural)}";
}

/// <summary>
/// How a list of <typeparamref name="TEntity"/> is shown, searched, filtered and sorted, all of it in the database. Built once, column by
/// column; the screen, the export, the bulk edit and the record's « 3 / 48 » read the same one.
/// </summary>
public sealed class ListDefinition<TEntity>(string name, string singular, string plural, Expression<Func<TEntity, string>> searchKey) : ListDefinition(name, singular, plural)
    where TEntity : class, INamedRecord
{
    private readonly List<ListColumn<TEntity>> _columns = [];
    private readonly Dictionary<string, ListColumn<TEntity>> _byKey = [];

    /// <inheritdoc/>
    public override string RecordType => typeof(TEntity).Name;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn> Columns => _columns;

    /// <summary>A short text, or a text of a given kind (phone, FINESS, e-mail, website).</summary>
    public ListColumn<TEntity> Text(string key, Expression<Func<TEntity, string?>> value, ListKind kind = ListKind.Text) => Add(key, kind, value);

    /// <summary>A short text that is read elsewhere.</summary>
    public ListColumn<TEntity> Text(string key, Expression<Func<ListScope, TEntity, string?>> value) => Add(key, ListKind.Text, value);

    /// <summary>A count or a percentage.</summary>
    public ListColumn<TEntity> Number(string key, Expression<Func<TEntity, int?>> value) => Add(key, ListKind.Number, value);

    /// <summary>A count that is read elsewhere.</summary>
    public ListColumn<TEntity> Number(string key, Expression<Func<ListScope, TEntity, int?>> value) => Add(key, ListKind.Number, value);

    /// <summary>Euros.</summary>
    public ListColumn<TEntity> Money(string key, Expression<Func<TEntity, decimal>> value) => Add(key, ListKind.Money, value);

    /// <summary>Euros, or nothing.</summary>
    public ListColumn<TEntity> Money(string key, Expression<Func<TEntity, decimal?>> value) => Add(key, ListKind.Money, value);

    /// <summary>Euros that are read elsewhere.</summary>
    public ListColumn<TEntity> Money(string key, Expression<Func<ListScope, TEntity, decimal>> value) => Add(key, ListKind.Money, value);

    /// <summary>A day.</summary>
    public ListColumn<TEntity> Date(string key, Expression<Func<TEntity, DateOnly?>> value) => Add(key, ListKind.Date, value);

    /// <summary>A day that is read elsewhere.</summary>
    public ListColumn<TEntity> Date(string key, Expression<Func<ListScope, TEntity, DateOnly?>> value) => Add(key, ListKind.Date, value);

    /// <summary>A moment, UTC.</summary>
    public ListColumn<TEntity> Moment(string key, Expression<Func<TEntity, DateTime?>> value) => Add(key, ListKind.Moment, value);

    /// <summary>A moment that is read elsewhere, UTC.</summary>
    public ListColumn<TEntity> Moment(string key, Expression<Func<ListScope, TEntity, DateTime?>> value) => Add(key, ListKind.Moment, value);

    /// <summary>One of an enum's values, with the tone of each.</summary>
    public ListColumn<TEntity> Choice<TEnum>(string key, Expression<Func<TEntity, TEnum>> value, Func<TEnum, string?>? tone = null)
        where TEnum : struct, Enum
        => Add(key, ListKind.Choice, value).Offers(Lists.Choice.Of(tone));

    /// <summary>One of an enum's values, or none.</summary>
    public ListColumn<TEntity> Choice<TEnum>(string key, Expression<Func<TEntity, TEnum?>> value, Func<TEnum, string?>? tone = null)
        where TEnum : struct, Enum
        => Add(key, ListKind.Choice, value).Offers(Lists.Choice.Of(tone));

    /// <summary>One of an enum's values, or none, read elsewhere.</summary>
    public ListColumn<TEntity> Choice<TEnum>(string key, Expression<Func<ListScope, TEntity, TEnum?>> value, Func<TEnum, string?>? tone = null)
        where TEnum : struct, Enum
        => Add(key, ListKind.Choice, value).Offers(Lists.Choice.Of(tone));

    /// <summary>A code of a nomenclature.</summary>
    public ListColumn<TEntity> Choice(string key, Expression<Func<TEntity, string?>> value, IReadOnlyList<Choice> choices) => Add(key, ListKind.Choice, value).Offers(choices);

    /// <summary>The id of a record of a short list (a team, a stage), shown by its name.</summary>
    public ListColumn<TEntity> Choice(string key, Expression<Func<TEntity, Guid?>> value, Func<ListScope, IQueryable<NamedId>> records) => Add(key, ListKind.Choice, value).Offers(records);

    /// <summary>Somebody of the house, by id.</summary>
    public ListColumn<TEntity> User(string key, Expression<Func<TEntity, Guid?>> value)
        => Add(key, ListKind.User, value)
            .Offers(scope => scope.Db.Users.OrderBy(user => user.DisplayName).Select(user => new NamedId { Id = user.Id, Name = user.DisplayName }));

    /// <summary>Another record: what the cell names, the id that filters compare, and the records offered.</summary>
    public ListColumn<TEntity> Reference(
        string key,
        Expression<Func<TEntity, NamedId?>> value,
        Expression<Func<TEntity, Guid?>> id,
        Expression<Func<TEntity, string?>> sortBy,
        Func<ListScope, IQueryable<NamedId>> records)
        => Add(key, ListKind.Reference, value).FilteredBy(id).SortedBy(sortBy).Offers(records);

    /// <summary>Another record, named by what is read elsewhere.</summary>
    public ListColumn<TEntity> Reference(
        string key,
        Expression<Func<ListScope, TEntity, NamedId?>> value,
        Expression<Func<TEntity, Guid?>> id,
        Expression<Func<ListScope, TEntity, string?>> sortBy,
        Func<ListScope, IQueryable<NamedId>> records)
        => Add(key, ListKind.Reference, value).FilteredBy(id).SortedBy(sortBy).Offers(records);

    /// <summary>Other records that point to this one, the cell naming the first: those of a record, the ids of the records that some of them (or any) point to, and those offered.</summary>
    public ListColumn<TEntity> Origin(
        string key,
        Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> origins,
        Func<ListScope, IReadOnlyList<Guid>?, IQueryable<Guid>> links,
        Func<ListScope, IQueryable<NamedId>> records)
        => Add(key, ListKind.Reference, ListExpressions.First(origins)).FilteredBy(links).Unsorted().Offers(records);

    /// <summary>Other records that this one belongs to by a rule of theirs, the cell naming the first: those of a record, the rule of a filter on some of them, and those offered.</summary>
    public ListColumn<TEntity> Belonging(
        string key,
        Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> wholes,
        Func<ListScope, ListFilter, Expression<Func<TEntity, bool>>?> rule,
        Func<ListScope, IQueryable<NamedId>> records)
        => Add(key, ListKind.Reference, ListExpressions.First(wholes)).FilteredBy(rule).Unsorted().Offers(records);

    /// <summary>Several short texts kept as rows of their own: the rows, the text of one, and its folded form that filters compare.</summary>
    public ListColumn<TEntity> Tags<TLabel>(string key, Expression<Func<TEntity, IEnumerable<TLabel>>> labels, Expression<Func<TLabel, string>> text, Expression<Func<TLabel, string>> folded)
        => Add(key, ListKind.Tags, ListExpressions.JoinedTexts(labels, text)).FilteredBy(ListExpressions.Texts(labels, folded));

    /// <summary>Several short texts worked out otherwise: those shown, and their folded form that filters compare. They are joined to the line: one such column in a list.</summary>
    public ListColumn<TEntity> Tags(string key, Expression<Func<TEntity, IEnumerable<string>>> texts, Expression<Func<TEntity, IEnumerable<string>>> folded)
        => Add(key, ListKind.Tags, texts).FilteredBy(folded);

    /// <summary>Yes or no.</summary>
    public ListColumn<TEntity> Bool(string key, Expression<Func<TEntity, bool>> value)
        => Add(key, ListKind.Bool, value).Offers([new Choice("true", "Oui"), new Choice("false", "Non")]);

    /// <summary>Yes or no, read elsewhere.</summary>
    public ListColumn<TEntity> Bool(string key, Expression<Func<ListScope, TEntity, bool>> value)
        => Add(key, ListKind.Bool, value).Offers([new Choice("true", "Oui"), new Choice("false", "Non")]);

    /// <summary>The order of a list nobody sorted.</summary>
    public ListDefinition<TEntity> SortedBy(string column, bool descending = false)
    {
        DefaultSort = new ListSort(column, descending);
        return this;
    }

    /// <inheritdoc/>
    public override ListColumn? Find(string? key) => Column(key);

    /// <summary>The column of a key, if any.</summary>
    public ListColumn<TEntity>? Column(string? key) => key is not null && _byKey.TryGetValue(key, out var column) ? column : null;

    /// <summary>The records that match the search and every filter.</summary>
    public IQueryable<TEntity> Filter(IQueryable<TEntity> records, ListQuery query, ListScope scope)
    {
        if (query.Search is { } search)
        {
            foreach (var token in Foundation.SearchKey.Fold(search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                records = records.Where(ListExpressions.ContainsToken(searchKey, token));
            }
        }

        foreach (var filter in query.Filters.Concat(query.Within))
        {
            records = Condition(filter, scope) is { } condition ? records.Where(condition) : records;
        }

        return records;
    }

    /// <summary>Whether a record meets a condition; null when the condition says nothing about this list.</summary>
    public Expression<Func<TEntity, bool>>? Condition(ListFilter filter, ListScope scope)
    {
        switch (Column(filter.Field))
        {
            case { Rule: { } rule }:
                return rule(scope, filter);
            case { Links: { } links }:
                return Linked(filter, links, scope);
            case { CanFilter: true } column:
                var record = Expression.Parameter(typeof(TEntity), "record");
                var field = ListExpressions.Bind(column.FilterBy, scope, record);
                return Expression.Lambda<Func<TEntity, bool>>(ListExpressions.Condition(field, column, filter, scope), record);
            default:
                return null;
        }
    }

    /// <summary>The records in the order asked for; equal ones by id, so that pages neither repeat nor skip a record.</summary>
    public IOrderedQueryable<TEntity> Sort(IQueryable<TEntity> records, ListQuery query, ListScope scope)
    {
        var sort = query.Sort ?? DefaultSort;
        return Column(sort.Column) is { CanSort: true } column
            ? ListExpressions.OrderBy(records, column.SortBy, sort.Descending, scope).ThenBy(record => record.Id)
            : records.OrderBy(record => record.Id);
    }

    /// <summary>The lines of the records: only the columns asked for are read.</summary>
    public IQueryable<ListRow> Rows(IQueryable<TEntity> records, IReadOnlyList<string> columns, ListScope scope)
    {
        var record = Expression.Parameter(typeof(TEntity), "record");
        var values = columns.Select(key => Column(key) ?? throw new ArgumentException($"No column {key} in {Name}.", nameof(columns)))
            .Select(column => Expression.Convert(ListExpressions.Bind(column.Value, scope, record), typeof(object)));
        Expression version = typeof(TEntity).IsAssignableTo(typeof(IVersioned))
            ? Expression.Property(record, nameof(IVersioned.Version))
            : Expression.Constant(Guid.Empty);
        var row = Expression.New(
            typeof(ListRow).GetConstructor([typeof(Guid), typeof(Guid), typeof(IReadOnlyList<object?>)])!,
            Expression.Property(record, nameof(INamedRecord.Id)),
            version,
            Expression.NewArrayInit(typeof(object), values));
        return records.Select(Expression.Lambda<Func<TEntity, ListRow>>(row, record));
    }

    private static Expression<Func<TEntity, bool>> Linked(ListFilter filter, Func<ListScope, IReadOnlyList<Guid>?, IQueryable<Guid>> links, ListScope scope)
    {
        var isAny = filter.Operator is FilterOperator.Empty or FilterOperator.NotEmpty;
        var linked = links(scope, isAny ? null : [.. filter.Values.Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty)]);
        return filter.Operator is FilterOperator.Empty or FilterOperator.NoneOf
            ? record => !linked.Contains(record.Id)
            : record => linked.Contains(record.Id);
    }

    private ListColumn<TEntity> Add(string key, ListKind kind, LambdaExpression value)
    {
        var body = value.Body is UnaryExpression { NodeType: ExpressionType.Convert } converted ? converted.Operand : value.Body;
        var label = body is MemberExpression member ? Labels.Of(typeof(TEntity), member.Member.Name) : key;
        var column = new ListColumn<TEntity>(key, label, kind, value);
        _columns.Add(column);
        _byKey.Add(key, column);
        return column;
    }
}
