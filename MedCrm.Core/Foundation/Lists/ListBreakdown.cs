using System.Globalization;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>The stretch of time that days and moments are gathered by, in the house's time zone.</summary>
public enum DatePart
{
    Day,

    /// <summary>From Monday to Sunday.</summary>
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>What is worked out of the records of a list.</summary>
public enum MeasureKind
{
    Count,
    Sum,

    /// <summary>Of the records that have a value.</summary>
    Average,
    Minimum,
    Maximum,
}

/// <summary>One figure about the records of a list: how many, or what is worked out of a numeric column.</summary>
public sealed record ListMeasure(MeasureKind Kind, string? Column = null)
{
    /// <summary>How many records.</summary>
    public static ListMeasure Count { get; } = new(MeasureKind.Count);

    /// <summary>The sum of a column.</summary>
    public static ListMeasure Sum(string column) => new(MeasureKind.Sum, column);
}

/// <summary>What the records of a list are gathered by: a column, and for days and moments the stretch of time.</summary>
public sealed record ListDimension(string Column, DatePart? Part = null)
{
    /// <summary>Whether a column can gather records: it has one value a record, and a filter that opens exactly those of a value.</summary>
    public static bool Takes(ListColumn column) => column.CanGather && column.Kind switch
    {
        ListKind.Choice or ListKind.User or ListKind.Reference or ListKind.Bool or ListKind.Date or ListKind.Moment => true,
        _ => false,
    };

    /// <summary>The first day of the stretch that a day falls in.</summary>
    public static DateOnly StartOf(DateOnly day, DatePart part) => part switch
    {
        DatePart.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        DatePart.Month => new DateOnly(day.Year, day.Month, 1),
        DatePart.Quarter => new DateOnly(day.Year, (((day.Month - 1) / 3) * 3) + 1, 1),
        DatePart.Year => new DateOnly(day.Year, 1, 1),
        _ => day,
    };

    /// <summary>The last day of the stretch that begins on a day.</summary>
    public static DateOnly EndOf(DateOnly start, DatePart part) => part switch
    {
        DatePart.Week => start.AddDays(6),
        DatePart.Month => start.AddMonths(1).AddDays(-1),
        DatePart.Quarter => start.AddMonths(3).AddDays(-1),
        DatePart.Year => start.AddYears(1).AddDays(-1),
        _ => start,
    };

    /// <summary>The condition that only the records of a key meet; null stands for those without a value.</summary>
    public ListFilter FilterOf(string? key)
    {
        if (key is null)
        {
            return new ListFilter(Column, FilterOperator.Empty);
        }

        if (Part is not { } part)
        {
            return new ListFilter(Column, FilterOperator.AnyOf, key);
        }

        var start = DateOnly.ParseExact(key, "O", CultureInfo.InvariantCulture);
        return ListFilter.Between(Column, key, EndOf(start, part).ToString("O", CultureInfo.InvariantCulture));
    }
}

/// <summary>The records of one group: its key on each dimension (ids, names of values, first days as yyyy-MM-dd, null without a value) and its figures, null where no record has one.</summary>
public sealed record ListFigures(IReadOnlyList<string?> Keys, IReadOnlyList<decimal?> Values);

/// <summary>How the records of a list are added up: by what, and which figures. Without a dimension there is one group, of all of them.</summary>
public sealed record ListBreakdown(IReadOnlyList<ListDimension> By, IReadOnlyList<ListMeasure> Of)
{
    /// <summary>How many dimensions a breakdown may have.</summary>
    public const int MostDimensions = 2;

    /// <summary>One figure about all the records.</summary>
    public static ListBreakdown Whole(params IReadOnlyList<ListMeasure> of) => new([], of);
}
