using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Core.Segments;

/// <summary>How many related records a condition asks for.</summary>
public enum RelatedCount
{
    AtLeast,
    AtMost,
    None,
}

/// <summary>A part of what a segment asks for.</summary>
public abstract record SegmentPart;

/// <summary>Conditions of which all must hold (ET), or one (OU); negated, the others are meant. Without any it holds for everybody.</summary>
public sealed record SegmentGroup(bool IsAny, bool IsNegated, IReadOnlyList<SegmentPart> Parts) : SegmentPart
{
    /// <summary>Everybody.</summary>
    public static SegmentGroup Everything { get; } = new(false, false, []);

    /// <summary>All of some parts.</summary>
    public static SegmentGroup All(params IReadOnlyList<SegmentPart> parts) => new(false, false, parts);

    /// <summary>One of some parts at least.</summary>
    public static SegmentGroup Any(params IReadOnlyList<SegmentPart> parts) => new(true, false, parts);

    /// <summary>The opposite.</summary>
    public SegmentGroup Negated() => this with { IsNegated = !IsNegated };
}

/// <summary>A condition on a column of the list; null while it is still being written.</summary>
public sealed record SegmentCondition(string Field, ListFilter? Filter) : SegmentPart
{
    /// <summary>A condition that is written out.</summary>
    public SegmentCondition(ListFilter filter)
        : this(filter.Field, filter)
    {
    }
}

/// <summary>A condition on how many records of another list belong to the subject, of those that meet filters on that list, in a period of its main date.</summary>
public sealed record SegmentRelated(string Relation, RelatedCount Count, int Number, IReadOnlyList<SegmentCondition> Filters, ListFilter? Period = null) : SegmentPart;

/// <summary>A part that the product cannot read: kept to be shown, and taken out by whoever corrects the segment.</summary>
public sealed record SegmentUnreadable(Sentence Reason, string Text) : SegmentPart;
