using System.Text;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>The column a list is sorted by.</summary>
public sealed record ListSort(string Column, bool Descending)
{
    /// <summary>« beds », or « -beds » for the largest first.</summary>
    public override string ToString() => Descending ? "-" + Column : Column;

    /// <summary>The sort that a text of the address stands for.</summary>
    public static ListSort Parse(string text) => text.StartsWith('-') ? new(text[1..], true) : new(text, false);
}

/// <summary>
/// What a list shows: search, filters, sort, columns. The address is the state: <c>?q=bloc&amp;status=HotProspect,Customer&amp;beds=100..500&amp;sort=-beds&amp;cols=name,city&amp;saved=ID</c>.
/// Parameters that belong to the page rather than to the list are carried along untouched.
/// </summary>
public sealed record ListQuery
{
    private const string SearchKey = "q";
    private const string SortKey = "sort";
    private const string ColumnsKey = "cols";
    private const string ViewKey = "saved";

    /// <summary>Every record, in the list's own order.</summary>
    public static ListQuery Everything { get; } = new();

    /// <summary>Free text; null without any.</summary>
    public string? Search { get; init; }

    /// <summary>The conditions, at most one on each field, all of them required.</summary>
    public IReadOnlyList<ListFilter> Filters { get; init; } = [];

    /// <summary>The sort; null is the list's own.</summary>
    public ListSort? Sort { get; init; }

    /// <summary>The keys of the columns shown, in order; null is the person's usual choice.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The saved view this started from.</summary>
    public Guid? ViewId { get; init; }

    /// <summary>Parameters of the page itself.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Others { get; init; } = [];

    /// <summary>Conditions beside the filters, on any field, that no address carries: those of one group of a list.</summary>
    public IReadOnlyList<ListFilter> Within { get; init; } = [];

    /// <summary>Whether something narrows the list.</summary>
    public bool IsFiltered => Search is not null || Filters.Count > 0 || Within.Count > 0;

    /// <summary>How many things narrow the list: each filter, and the search.</summary>
    public int FilterCount => Filters.Count + (Search is null ? 0 : 1);

    /// <summary>The query that an address carries. Fields unknown to the list are kept among <see cref="Others"/>.</summary>
    public static ListQuery Parse(string? address, ListDefinition list)
    {
        var query = new ListQuery();
        var filters = new List<ListFilter>();
        var others = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in Pairs(address))
        {
            switch (key)
            {
                case SearchKey:
                    query = query with { Search = string.IsNullOrWhiteSpace(value) ? null : value.Trim() };
                    break;
                case SortKey when list.Find(ListSort.Parse(value).Column) is { CanSort: true }:
                    query = query with { Sort = ListSort.Parse(value) };
                    break;
                case ColumnsKey:
                    var columns = value.Split(',').Where(column => list.Find(column) is not null).Distinct().ToList();
                    query = query with { Columns = columns.Count == 0 ? null : columns };
                    break;
                case ViewKey:
                    query = query with { ViewId = Guid.TryParse(value, out var id) ? id : null };
                    break;
                case SortKey:
                    break;
                case var _ when list.Find(key) is { CanFilter: true }:
                    filters.RemoveAll(filter => filter.Field == key);
                    if (ListFilter.Parse(key, value) is { } parsed)
                    {
                        filters.Add(parsed);
                    }

                    break;
                default:
                    others.Add(new(key, value));
                    break;
            }
        }

        return query with { Filters = filters, Others = others };
    }

    /// <summary>The condition on a field, if any.</summary>
    public ListFilter? FilterOn(string field) => Filters.FirstOrDefault(filter => filter.Field == field);

    /// <summary>The same with a condition, in place of the one on the same field.</summary>
    public ListQuery With(ListFilter filter) => this with
    {
        Filters = FilterOn(filter.Field) is null
            ? [.. Filters, filter]
            : [.. Filters.Select(other => other.Field == filter.Field ? filter : other)],
    };

    /// <summary>The same without a condition on a field.</summary>
    public ListQuery Without(string field) => this with { Filters = [.. Filters.Where(filter => filter.Field != field)] };

    /// <summary>The same with columns of one's choice.</summary>
    public ListQuery WithColumns(IReadOnlyList<string>? columns) => this with { Columns = columns };

    /// <summary>The same without search nor filters.</summary>
    public ListQuery Cleared() => this with { Search = null, Filters = [] };

    /// <summary>The part that a saved view keeps: everything but the view itself and the page's own parameters.</summary>
    public ListQuery ForView() => this with { ViewId = null, Others = [] };

    /// <summary>The query string, without the question mark.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Others)
        {
            Add(key, value);
        }

        if (Search is not null)
        {
            Add(SearchKey, Search);
        }

        foreach (var filter in Filters)
        {
            Add(filter.Field, filter.ToString());
        }

        if (Sort is not null)
        {
            Add(SortKey, Sort.ToString());
        }

        if (Columns is not null)
        {
            Add(ColumnsKey, string.Join(',', Columns));
        }

        if (ViewId is { } view)
        {
            Add(ViewKey, view.ToString());
        }

        return text.ToString();

        void Add(string key, string value)
            => text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal));
    }

    /// <summary>The path with this query behind it.</summary>
    public string At(string path) => ToString() is { Length: > 0 } text ? $"{path}?{text}" : path;

    private static IEnumerable<(string Key, string Value)> Pairs(string? address)
    {
        var text = address ?? "";
        text = text[(text.IndexOf('?', StringComparison.Ordinal) + 1)..];
        text = text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? text[..hash] : text;
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                yield return (Read(pair[..equals]), Read(pair[(equals + 1)..]));
            }
        }

        static string Read(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
    }
}
