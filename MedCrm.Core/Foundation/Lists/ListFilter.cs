using System.Text;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>How a filter compares a field with its values.</summary>
public enum FilterOperator
{
    /// <summary>The field is one of the values. On an owner, the value « me » is whoever looks.</summary>
    AnyOf,

    /// <summary>The field is none of the values; an empty field is none of them.</summary>
    NoneOf,

    /// <summary>The field contains the text, case and accents apart.</summary>
    Contains,

    /// <summary>The field lies between two bounds, both included; an empty bound is open.</summary>
    Between,

    /// <summary>The field is not filled in.</summary>
    Empty,

    /// <summary>The field is filled in.</summary>
    NotEmpty,
}

/// <summary>
/// One condition on one field of a list, and the text it has in the address: <c>a,b</c> any of, <c>!a,b</c> none of, <c>~a</c> contains,
/// <c>1..5</c> between, <c>-</c> empty, <c>*</c> not empty. A backslash takes the meaning away from the sign that follows it.
/// </summary>
public sealed record ListFilter
{
    /// <summary>The value that stands for whoever looks at the list.</summary>
    public const string Me = "me";

    private const int MostValues = 200;

    /// <summary>A condition on a field.</summary>
    public ListFilter(string field, FilterOperator @operator, params IEnumerable<string> values)
    {
        Field = field;
        Operator = @operator;
        Values = [.. values.Take(MostValues)];
    }

    /// <summary>The key of the column.</summary>
    public string Field { get; }

    /// <summary>How it compares.</summary>
    public FilterOperator Operator { get; }

    /// <summary>The values as invariant text; two bounds for <see cref="FilterOperator.Between"/>, empty when open.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>A field between two bounds; null leaves a side open.</summary>
    public static ListFilter Between(string field, string? from, string? to) => new(field, FilterOperator.Between, from ?? "", to ?? "");

    /// <summary>The condition that a text of the address stands for; null when it says nothing.</summary>
    public static ListFilter? Parse(string field, string text)
    {
        switch (text)
        {
            case "" or "!" or "~" or "..":
                return null;
            case "-":
                return new(field, FilterOperator.Empty);
            case "*":
                return new(field, FilterOperator.NotEmpty);
        }

        if (text[0] is '~')
        {
            return new(field, FilterOperator.Contains, text[1..]);
        }

        if (text.IndexOf("..", StringComparison.Ordinal) is >= 0 and var dots)
        {
            return Between(field, text[..dots], text[(dots + 2)..]);
        }

        var excludes = text[0] is '!';
        var values = Split(excludes ? text[1..] : text);
        return values.Count == 0 ? null : new(field, excludes ? FilterOperator.NoneOf : FilterOperator.AnyOf, values);
    }

    /// <summary>The condition as the address writes it.</summary>
    public override string ToString() => Operator switch
    {
        FilterOperator.Empty => "-",
        FilterOperator.NotEmpty => "*",
        FilterOperator.Contains => "~" + Values[0],
        FilterOperator.Between => $"{Values[0]}..{Values[1]}",
        FilterOperator.NoneOf => "!" + string.Join(',', Values.Select(Escaped)),
        _ => string.Join(',', Values.Select(Escaped)),
    };

    /// <inheritdoc/>
    public bool Equals(ListFilter? other) => other is not null && Field == other.Field && Operator == other.Operator && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Field, Operator, Values.Count);

    private static string Escaped(string value)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .Replace(".", "\\.", StringComparison.Ordinal);
        escaped = value.Contains("..", StringComparison.Ordinal) ? escaped : escaped.Replace("\\.", ".", StringComparison.Ordinal);
        return escaped is "-" or "*" || escaped.StartsWith('~') || escaped.StartsWith('!') ? "\\" + escaped : escaped;
    }

    private static List<string> Split(string text)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when at + 1 < text.Length:
                    value.Append(text[++at]);
                    break;
                case ',':
                    Take();
                    break;
                default:
                    value.Append(text[at]);
                    break;
            }
        }

        Take();
        return values;

        void Take()
        {
            if (value.Length > 0)
            {
                values.Add(value.ToString());
                value.Clear();
            }
        }
    }
}
