using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Core.Segments;

/// <summary>What is wrong with a part of a segment. The path leads to it from the root: « 0/2 » is the third part of the first one.</summary>
/// <param name="IsUnfinished">Nothing is wrong yet: the part is still being written.</param>
public sealed record SegmentDefect(string Path, Sentence Sentence, bool IsUnfinished = false);

/// <summary>What conditions may say: known fields, comparisons that fit them, values that exist. What is wrong is a sentence, never a failure.</summary>
public static class SegmentRules
{
    /// <summary>How many groups may stand inside one another.</summary>
    public const int Deepest = 5;

    /// <summary>How many parts a segment may have in all.</summary>
    public const int MostParts = 60;

    private const int MostRelated = 10_000;

    /// <summary>Everything that is wrong, in the order of reading.</summary>
    public static IReadOnlyList<SegmentDefect> DefectsOf(SegmentSubject subject, SegmentGroup conditions)
    {
        var defects = new List<SegmentDefect>();
        var parts = 0;
        Look(conditions, "", 0);
        if (parts > MostParts)
        {
            defects.Insert(0, new SegmentDefect("", $"Un segment a {MostParts} conditions au plus."));
        }

        return defects;

        void Look(SegmentGroup group, string path, int depth)
        {
            if (depth > Deepest)
            {
                defects.Add(new SegmentDefect(path, $"Pas plus de {Deepest} groupes les uns dans les autres."));
                return;
            }

            if (group.Parts.Count == 0 && (depth > 0 || group.IsNegated))
            {
                defects.Add(new SegmentDefect(path, "Ce groupe est vide : ajoutez une condition, ou retirez-le.", IsUnfinished: true));
            }

            foreach (var (index, part) in group.Parts.Index())
            {
                parts++;
                var place = path.Length == 0 ? index.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{path}/{index}");
                switch (part)
                {
                    case SegmentGroup inner:
                        Look(inner, place, depth + 1);
                        break;
                    case SegmentCondition condition when DefectOf(SegmentFields.Of(subject), condition, place) is { } defect:
                        defects.Add(defect);
                        break;
                    case SegmentRelated related:
                        defects.AddRange(DefectsOf(subject, related, place));
                        parts += related.Filters.Count;
                        break;
                    case SegmentUnreadable unreadable:
                        defects.Add(new SegmentDefect(place, unreadable.Reason));
                        break;
                }
            }
        }
    }

    /// <summary>The same conditions without those that are still being written.</summary>
    public static SegmentGroup Finished(SegmentGroup group)
    {
        List<SegmentPart> parts =
        [
            .. group.Parts
                .Select(part => part switch
                {
                    SegmentGroup inner => Finished(inner),
                    SegmentRelated related => related with { Filters = [.. related.Filters.Where(IsFinished)] },
                    _ => part,
                })
                .Where(part => part switch
                {
                    SegmentGroup inner => inner.Parts.Count > 0,
                    SegmentCondition condition => IsFinished(condition),
                    _ => true,
                }),
        ];

        // The opposite of nothing said yet would be nobody at all.
        return group with { IsNegated = group.IsNegated && parts.Count > 0, Parts = parts };
    }

    private static bool IsFinished(SegmentCondition condition) => condition.Filter is not null && condition.Field.Length > 0;

    private static IEnumerable<SegmentDefect> DefectsOf(SegmentSubject subject, SegmentRelated related, string path)
    {
        if (SegmentFields.Relation(subject, related.Relation) is not { } relation)
        {
            yield return new SegmentDefect(path, $"Ce segment ne sait pas compter « {related.Relation} ».");
            yield break;
        }

        if (related.Count is not RelatedCount.None && related.Number is < 0 or > MostRelated)
        {
            yield return new SegmentDefect(path, $"Indiquez un nombre entre 0 et {MostRelated}.");
        }
        else if (related is { Count: RelatedCount.AtLeast, Number: 0 })
        {
            yield return new SegmentDefect(path, "« Au moins 0 » est toujours vrai : indiquez 1 ou plus.");
        }

        if (related.Period is { } period && (period.Field != relation.PeriodField || DefectOf(relation.Fields, new SegmentCondition(period), path) is not null))
        {
            yield return new SegmentDefect(path, "Cette période est illisible.");
        }

        foreach (var (index, filter) in related.Filters.Index())
        {
            if (DefectOf(relation.Fields, filter, string.Create(CultureInfo.InvariantCulture, $"{path}/{index}")) is { } defect)
            {
                yield return defect;
            }
        }
    }

    private static SegmentDefect? DefectOf(ListDefinition fields, SegmentCondition condition, string path)
    {
        if (condition.Field.Length == 0)
        {
            return new SegmentDefect(path, "Choisissez un champ.", IsUnfinished: true);
        }

        if (fields.Find(condition.Field) is not { CanFilter: true } column)
        {
            return new SegmentDefect(path, $"Le champ « {condition.Field} » n'existe pas, ou plus.");
        }

        if (column.Key == SegmentColumn.Key)
        {
            return new SegmentDefect(path, "Un segment n'est pas fait d'autres segments.");
        }

        if (condition.Filter is not { } filter)
        {
            return new SegmentDefect(path, "Précisez la condition.", IsUnfinished: true);
        }

        var sentence = !column.Operators.Contains(filter.Operator) ? (Sentence)$"« {(Sentence)column.Label} » ne se compare pas ainsi." : ValuesDefect(column, filter);
        return sentence is null ? null : new SegmentDefect(path, sentence);
    }

    private static Sentence? ValuesDefect(ListColumn column, ListFilter filter)
    {
        switch (filter.Operator)
        {
            case FilterOperator.AnyOf or FilterOperator.NoneOf:
                return filter.Values.Count == 0
                    ? "Choisissez au moins une valeur."
                    : filter.Values.FirstOrDefault(value => !IsValue(column, value)) is { } unknown ? (Sentence)$"La valeur « {unknown} » n'existe pas, ou plus." : null;
            case FilterOperator.Contains:
                return filter.Values is [{ Length: > 0 }] ? null : "Indiquez le texte à chercher.";
            case FilterOperator.Between:
                return filter.Values is not [var from, var to] || from.Length + to.Length == 0
                    ? "Indiquez une borne au moins."
                    : BoundsDefect(column, from, to);
            default:
                return null;
        }
    }

    private static bool IsValue(ListColumn column, string value) => column switch
    {
        { Choices: { } choices } => choices.Any(choice => choice.Value == value),
        { Kind: ListKind.User } => value == ListFilter.Me || Guid.TryParse(value, out _),
        { Kind: ListKind.Choice or ListKind.Reference } => Guid.TryParse(value, out _),
        _ => value.Length > 0,
    };

    private static Sentence? BoundsDefect(ListColumn column, string from, string to)
    {
        if (column.IsNumeric)
        {
            return !IsNumber(from, out var least) || !IsNumber(to, out var most)
                ? "Ce n'est pas un nombre."
                : least > most ? "La première borne dépasse la seconde." : null;
        }

        // Which day it is makes no difference to whether a bound can be read, and little to their order.
        var today = new DateOnly(2026, 1, 1);
        var (first, last) = (RelativeDay.Read(from, today), RelativeDay.Read(to, today, isEnd: true));
        return (from.Length > 0 && first is null) || (to.Length > 0 && last is null)
            ? "Ce n'est pas une date."
            : RelativeDay.Parse(from) is null == RelativeDay.Parse(to) is null && first > last ? "La première borne dépasse la seconde." : null;
    }

    private static bool IsNumber(string text, out decimal? number)
    {
        number = decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var read) ? read : null;
        return text.Length == 0 || number is not null;
    }
}
