using System.Linq.Expressions;
using System.Reflection;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>What a column holds; the filter, the editor and the writing of a cell follow from it.</summary>
public enum ListKind
{
    Text,
    Number,

    /// <summary>Euros.</summary>
    Money,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A moment, UTC.</summary>
    Moment,

    /// <summary>One of a few values.</summary>
    Choice,

    /// <summary>Somebody of the house.</summary>
    User,

    /// <summary>Another record: a <see cref="NamedId"/>.</summary>
    Reference,

    /// <summary>Several short texts.</summary>
    Tags,
    Bool,
    Phone,
    Finess,
    Email,
    Website,
}

/// <summary>A column of a list, as screens and exports know it.</summary>
public abstract class ListColumn(string key, string label, ListKind kind)
{
    private static readonly FilterOperator[] s_presence = [FilterOperator.Empty, FilterOperator.NotEmpty];

    /// <summary>The name it has in addresses and test ids.</summary>
    public string Key { get; } = key;

    /// <summary>The French title.</summary>
    public string Label { get; protected set; } = label;

    /// <summary>What it holds.</summary>
    public ListKind Kind { get; } = kind;

    /// <summary>The heading it stands under in the column chooser.</summary>
    public string Group { get; protected set; } = "";

    /// <summary>Pixels.</summary>
    public int Width { get; protected set; } = kind switch
    {
        ListKind.Number or ListKind.Bool => 90,
        ListKind.Money or ListKind.Date or ListKind.Finess => 118,
        ListKind.Phone or ListKind.Moment => 140,
        ListKind.Choice or ListKind.User => 150,
        _ => 180,
    };

    /// <summary>Whether somebody who never chose sees it.</summary>
    public bool IsShownAtFirst { get; protected set; }

    /// <summary>Whether its filter is always at hand.</summary>
    public bool IsPinned { get; protected set; }

    /// <summary>Whether the list can be sorted by it.</summary>
    public bool CanSort { get; protected set; } = kind is not ListKind.Tags;

    /// <summary>Whether the list can be filtered on it.</summary>
    public bool CanFilter { get; protected set; } = true;

    /// <summary>Whether it has one value a record, which records can be gathered by.</summary>
    public abstract bool CanGather { get; }

    /// <summary>The values offered when they are known beforehand; null when they are asked of the list or there are none.</summary>
    public IReadOnlyList<Choice>? Choices { get; protected set; }

    /// <summary>Whether values are offered, known beforehand or not.</summary>
    public abstract bool HasChoices { get; }

    /// <summary>The property of the record's details that an edit in the cell or on a selection changes; null when the column is only read.</summary>
    public PropertyInfo? Edited { get; protected set; }

    /// <summary>The address that the cell opens, {0} being the id of the record, or of the other one for a reference.</summary>
    public string? Address { get; protected set; }

    /// <summary>Whether figures align on the right.</summary>
    public bool IsNumeric => Kind is ListKind.Number or ListKind.Money;

    /// <summary>The comparisons that make sense.</summary>
    public IReadOnlyList<FilterOperator> Operators => Kind switch
    {
        ListKind.Number or ListKind.Money or ListKind.Date or ListKind.Moment => [FilterOperator.Between, .. s_presence],
        ListKind.Bool => [FilterOperator.AnyOf],
        ListKind.Choice or ListKind.User or ListKind.Reference or ListKind.Tags => [FilterOperator.AnyOf, FilterOperator.NoneOf, .. s_presence],
        _ => [FilterOperator.Contains, FilterOperator.AnyOf, .. s_presence],
    };
}

/// <summary>A column of a list of <typeparamref name="TEntity"/>: how its value is read, sorted and filtered in the database.</summary>
public sealed class ListColumn<TEntity> : ListColumn
    where TEntity : class
{
    internal ListColumn(string key, string label, ListKind kind, LambdaExpression value)
        : base(key, label, kind)
        => (Value, SortBy, FilterBy) = (value, value, value);

    /// <inheritdoc/>
    public override bool CanGather => CanFilter && Links is null && (Rule is null ? !ListExpressions.IsMany(FilterBy.ReturnType) : Kind is not ListKind.Reference);

    /// <inheritdoc/>
    public override bool HasChoices => Choices is not null || Records is not null || Texts is not null;

    internal LambdaExpression Value { get; }

    internal LambdaExpression SortBy { get; private set; }

    internal LambdaExpression FilterBy { get; private set; }

    internal Func<ListScope, IReadOnlyList<Guid>?, IQueryable<Guid>>? Links { get; private set; }

    internal Func<ListScope, ListFilter, Expression<Func<TEntity, bool>>?>? Rule { get; private set; }

    internal Func<ListScope, IQueryable<NamedId>>? Records { get; private set; }

    internal Func<ListScope, IQueryable<string>>? Texts { get; private set; }

    /// <summary>Another title than the property's.</summary>
    public ListColumn<TEntity> Titled(string label)
    {
        Label = label;
        return this;
    }

    /// <summary>Seen by whoever never chose.</summary>
    public ListColumn<TEntity> Shown()
    {
        IsShownAtFirst = true;
        return this;
    }

    /// <summary>Its filter always at hand.</summary>
    public ListColumn<TEntity> Pinned()
    {
        IsPinned = true;
        return this;
    }

    /// <summary>A width in pixels.</summary>
    public ListColumn<TEntity> Wide(int pixels)
    {
        Width = pixels;
        return this;
    }

    /// <summary>The heading in the column chooser.</summary>
    public ListColumn<TEntity> In(string group)
    {
        Group = group;
        return this;
    }

    /// <summary>Sorted by something else than what is shown: an indexed or folded column.</summary>
    public ListColumn<TEntity> SortedBy<T>(Expression<Func<TEntity, T>> key)
    {
        SortBy = key;
        return this;
    }

    /// <summary>Sorted by something that is read elsewhere.</summary>
    public ListColumn<TEntity> SortedBy<T>(Expression<Func<ListScope, TEntity, T>> key)
    {
        SortBy = key;
        return this;
    }

    /// <summary>Filtered on something else than what is shown.</summary>
    public ListColumn<TEntity> FilteredBy<T>(Expression<Func<TEntity, T>> field)
    {
        FilterBy = field;
        return this;
    }

    /// <summary>Filtered on something that is read elsewhere.</summary>
    public ListColumn<TEntity> FilteredBy<T>(Expression<Func<ListScope, TEntity, T>> field)
    {
        FilterBy = field;
        return this;
    }

    /// <summary>Filtered on records that point to this one from elsewhere: the ids of those that some others point to, or that any points to. Asked once for the whole list, not for each of its lines.</summary>
    public ListColumn<TEntity> FilteredBy(Func<ListScope, IReadOnlyList<Guid>?, IQueryable<Guid>> links)
    {
        Links = links;
        return this;
    }

    /// <summary>Filtered by a rule of its own; null leaves the list as it is.</summary>
    public ListColumn<TEntity> FilteredBy(Func<ListScope, ListFilter, Expression<Func<TEntity, bool>>?> rule)
    {
        Rule = rule;
        return this;
    }

    /// <summary>Not sorted.</summary>
    public ListColumn<TEntity> Unsorted()
    {
        CanSort = false;
        return this;
    }

    /// <summary>Not filtered.</summary>
    public ListColumn<TEntity> Unfiltered()
    {
        CanFilter = false;
        return this;
    }

    /// <summary>The values it takes.</summary>
    public ListColumn<TEntity> Offers(IReadOnlyList<Choice> choices)
    {
        Choices = choices;
        return this;
    }

    /// <summary>The records it points to.</summary>
    public ListColumn<TEntity> Offers(Func<ListScope, IQueryable<NamedId>> records)
    {
        Records = records;
        return this;
    }

    /// <summary>The texts already in use.</summary>
    public ListColumn<TEntity> Offers(Func<ListScope, IQueryable<string>> texts)
    {
        Texts = texts;
        return this;
    }

    /// <summary>Edited in place and on a selection, as a property of the record's details.</summary>
    public ListColumn<TEntity> Edits<TDetails>(Expression<Func<TDetails, object?>> property)
    {
        if (Kind is ListKind.Reference)
        {
            throw new InvalidOperationException($"Column {Key} names another record: it is changed in the form, where it is looked up.");
        }

        var body = property.Body is UnaryExpression { NodeType: ExpressionType.Convert } boxed ? boxed.Operand : property.Body;
        Edited = (PropertyInfo)((MemberExpression)body).Member;
        return this;
    }

    /// <summary>Opens a page: {0} is the id of the record, or of the other one for a reference.</summary>
    public ListColumn<TEntity> Opens(string address)
    {
        Address = address;
        return this;
    }
}
