using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Segments;

namespace MedCrm.Web.Segments;

/// <summary>A part of a segment while somebody writes it.</summary>
public abstract class SegmentDraft
{
    /// <summary>Tells two parts apart that say the same.</summary>
    public Guid Key { get; } = Guid.NewGuid();

    /// <summary>Just added: the focus goes there.</summary>
    public bool IsNew { get; set; }

    /// <summary>What it says so far.</summary>
    public abstract SegmentPart ToPart();

    /// <summary>A part as it is kept, made ready to be changed.</summary>
    public static SegmentDraft Of(SegmentPart part) => part switch
    {
        SegmentGroup group => new DraftGroup(group),
        SegmentCondition condition => new DraftCondition(condition),
        SegmentRelated related => new DraftRelated(related),
        SegmentUnreadable unreadable => new DraftUnreadable(unreadable),
        _ => throw new InvalidOperationException($"Unknown part {part}"),
    };
}

/// <summary>A group being written.</summary>
public sealed class DraftGroup(SegmentGroup group) : SegmentDraft
{
    public bool IsAny { get; set; } = group.IsAny;
    public bool IsNegated { get; set; } = group.IsNegated;
    public List<SegmentDraft> Parts { get; } = [.. group.Parts.Select(Of)];

    /// <inheritdoc/>
    public override SegmentPart ToPart() => ToGroup();

    /// <summary>The group it says so far.</summary>
    public SegmentGroup ToGroup() => new(IsAny, IsNegated, [.. Parts.Select(part => part.ToPart())]);
}

/// <summary>A condition on a field being written.</summary>
public sealed class DraftCondition(SegmentCondition condition) : SegmentDraft
{
    public string Field { get; private set; } = condition.Field;
    public ListFilter? Filter { get; set; } = condition.Filter;

    /// <summary>Another field: what was said of the former one no longer holds.</summary>
    public void Choose(string field) => (Field, Filter) = (field, null);

    /// <inheritdoc/>
    public override SegmentPart ToPart() => ToCondition();

    /// <summary>The condition it says so far.</summary>
    public SegmentCondition ToCondition() => new(Field, Filter);
}

/// <summary>A condition on related records being written.</summary>
public sealed class DraftRelated(SegmentRelated related) : SegmentDraft
{
    public string Relation { get; private set; } = related.Relation;
    public RelatedCount Count { get; set; } = related.Count;
    public int Number { get; set; } = related.Number;
    public ListFilter? Period { get; set; } = related.Period;
    public List<DraftCondition> Filters { get; } = [.. related.Filters.Select(filter => new DraftCondition(filter))];

    /// <summary>Other records: what was said of the former ones no longer holds.</summary>
    public void Choose(string relation)
    {
        (Relation, Period) = (relation, null);
        Filters.Clear();
    }

    /// <inheritdoc/>
    public override SegmentPart ToPart() => new SegmentRelated(Relation, Count, Number, [.. Filters.Select(filter => filter.ToCondition())], Period);
}

/// <summary>A part that cannot be read: it can only be taken out.</summary>
public sealed class DraftUnreadable(SegmentUnreadable unreadable) : SegmentDraft
{
    /// <summary>What was kept.</summary>
    public string Text => unreadable.Text;

    /// <inheritdoc/>
    public override SegmentPart ToPart() => unreadable;
}

/// <summary>What the parts of one editor share: the open popover, what is wrong where, and whom to tell of a change.</summary>
public sealed class SegmentEditing(SegmentSubject subject, Action changed, Action drawn)
{
    private IReadOnlyDictionary<string, SegmentDefect> _defects = new Dictionary<string, SegmentDefect>();

    /// <summary>What the segment gathers.</summary>
    public SegmentSubject Subject { get; } = subject;

    /// <summary>The part whose values are being picked.</summary>
    public Guid? Open { get; set; }

    /// <summary>Somebody tried to save: what is unfinished is an error from now on.</summary>
    public bool IsPressing { get; set; }

    /// <summary>Something was changed.</summary>
    public void Change() => changed();

    /// <summary>Something opened or closed: another part may have to close.</summary>
    public void Draw() => drawn();

    /// <summary>Takes what is wrong; the first thing of each part counts.</summary>
    public void Take(IReadOnlyList<SegmentDefect> defects) => _defects = defects.GroupBy(defect => defect.Path).ToDictionary(group => group.Key, group => group.First());

    /// <summary>What is wrong with a part.</summary>
    public SegmentDefect? DefectOf(string path) => _defects.GetValueOrDefault(path);
}
