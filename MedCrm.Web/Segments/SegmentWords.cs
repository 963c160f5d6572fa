using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Segments;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Lists;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Segments;

/// <summary>Segments as people say them: « Établissements dont le statut est Client et (aucune activité dans les 90 derniers jours ou la santé est d'au plus 49) ».</summary>
public sealed class SegmentWords(IEnumerable<IRecordList> lists, IStringLocalizer<Texts> t)
{
    private const int MostNames = 3;

    /// <summary>The list that offers the values of some fields.</summary>
    public IRecordList ListOf(ListDefinition fields) => lists.First(list => list.Definition == fields);

    /// <summary>The sentence of a whole segment. What is still being written is left out.</summary>
    public async Task<string> SayAsync(SegmentSubject subject, SegmentGroup conditions, CancellationToken cancellationToken = default)
    {
        var finished = SegmentRules.Finished(conditions);
        if (finished.Parts.Count == 0)
        {
            return subject is SegmentSubject.Institution ? t["Tous les établissements."] : t["Tous les contacts."];
        }

        var said = await GroupAsync(subject, finished, cancellationToken);
        return (subject, finished.IsNegated) switch
        {
            (SegmentSubject.Institution, false) => t["Établissements dont {0}.", said],
            (SegmentSubject.Institution, true) => t["Établissements, sauf ceux dont {0}.", said],
            (_, false) => t["Contacts dont {0}.", said],
            _ => t["Contacts, sauf ceux dont {0}.", said],
        };
    }

    /// <summary>A condition without its field, as the button that opens its values says it: « est Client ».</summary>
    public async Task<string> SayAsync(ListDefinition fields, ListFilter filter, CancellationToken cancellationToken = default)
        => fields.Find(filter.Field) is { } column ? (await ConditionAsync(fields, column, filter, "", cancellationToken)).Trim() : filter.ToString();

    /// <summary>What is counted, as a choice: « Affaires ».</summary>
    public string Of(SegmentRelation relation) => t[Capital(relation.Fields.Plural)];

    private static string Capital(string word) => char.ToUpper(word[0], FrenchText.Culture) + word[1..];

    private async Task<string> GroupAsync(SegmentSubject subject, SegmentGroup group, CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        foreach (var part in group.Parts)
        {
            parts.Add(part switch
            {
                SegmentGroup inner => await GroupAsync(subject, inner, cancellationToken) is var said && inner.IsNegated ? t["pas ({0})", said] : inner.Parts.Count == 1 ? said : $"({said})",
                SegmentCondition condition => await ConditionAsync(SegmentFields.Of(subject), condition, cancellationToken),
                SegmentRelated related => await RelatedAsync(subject, related, cancellationToken),
                _ => t["une condition illisible"],
            });
        }

        return string.Join(group.IsAny ? t[" ou "] : t[" et "], parts);
    }

    private async Task<string> RelatedAsync(SegmentSubject subject, SegmentRelated related, CancellationToken cancellationToken)
    {
        if (SegmentFields.Relation(subject, related.Relation) is not { } relation)
        {
            return t["une condition illisible"];
        }

        var (singular, plural) = (t[relation.Fields.Singular].Value, t[relation.Fields.Plural].Value);
        var said = (related.Count, related.Number, relation.IsFeminine) switch
        {
            (RelatedCount.AtLeast, 1, true) => t["au moins une {0}", singular].Value,
            (RelatedCount.AtLeast, 1, false) => t["au moins un {0}", singular].Value,
            (RelatedCount.AtLeast, var number, _) => t["au moins {0} {1}", number, plural].Value,
            (RelatedCount.AtMost, 1, true) => t["au plus une {0}", singular].Value,
            (RelatedCount.AtMost, 1, false) => t["au plus un {0}", singular].Value,
            (RelatedCount.AtMost, > 1 and var number, _) => t["au plus {0} {1}", number, plural].Value,
            (_, _, true) => t["aucune {0}", singular].Value,
            _ => t["aucun {0}", singular].Value,
        };
        if (related.Period is { } period)
        {
            said += " " + (relation.Happens.Length == 0 ? "" : t[relation.Happens] + " ") + PeriodOf(period);
        }

        if (related.Filters.Count == 0)
        {
            return said;
        }

        var filters = new List<string>();
        foreach (var filter in related.Filters)
        {
            filters.Add(await ConditionAsync(relation.Fields, filter, cancellationToken));
        }

        return t["{0} dont {1}", said, string.Join(t[" et "], filters)];
    }

    private async Task<string> ConditionAsync(ListDefinition fields, SegmentCondition condition, CancellationToken cancellationToken)
        => fields.Find(condition.Field) is { } column && condition.Filter is { } filter
            ? await ConditionAsync(fields, column, filter, Subject(column), cancellationToken)
            : t["« {0} »", condition.Field];

    private async Task<string> ConditionAsync(ListDefinition fields, ListColumn column, ListFilter filter, string subject, CancellationToken cancellationToken)
    {
        switch (filter.Operator)
        {
            case FilterOperator.Empty:
                return t["{0} est vide", subject];
            case FilterOperator.NotEmpty:
                return t["{0} n'est pas vide", subject];
            case FilterOperator.Contains:
                return t["{0} contient « {1} »", subject, filter.Values[0]];
            case FilterOperator.Between:
                return column.IsNumeric ? Between(subject, filter) : t["{0} est {1}", subject, PeriodOf(filter)];
        }

        var names = await NamesAsync(fields, column, filter, cancellationToken);
        return (column.Kind, filter.Operator) switch
        {
            (ListKind.Tags, FilterOperator.NoneOf) => t["{0} ne contient pas {1}", subject, Listed(names, t[" ni "])],
            (ListKind.Tags, _) => t["{0} contient {1}", subject, Listed(names, t[" ou "])],
            (_, FilterOperator.NoneOf) => t["{0} n'est pas {1}", subject, Listed(names, t[" ni "])],
            _ => t["{0} est {1}", subject, Listed(names, t[" ou "])],
        };
    }

    private async Task<IReadOnlyList<string>> NamesAsync(ListDefinition fields, ListColumn column, ListFilter filter, CancellationToken cancellationToken)
    {
        if (!column.HasChoices)
        {
            return filter.Values;
        }

        if (column.Kind is ListKind.Bool)
        {
            return [.. filter.Values.Select(value => (value == "true" ? t["oui"] : t["non"]).Value)];
        }

        var choices = t.Of(column, await ListOf(fields).NamesAsync(column.Key, filter.Values, cancellationToken));
        return [.. filter.Values.Select(value => value == ListFilter.Me ? t["moi"].Value : choices.FirstOrDefault(choice => choice.Value == value)?.Label ?? (Guid.TryParse(value, out _) ? t["introuvable"].Value : value))];
    }

    private string Listed(IReadOnlyList<string> names, string last) => names.Count <= MostNames
        ? names.Count == 1 ? names[0] : string.Join(", ", names.SkipLast(1)) + last + names[^1]
        : t["{0} et {1} autres", string.Join(", ", names.Take(MostNames - 1)), names.Count - MostNames + 1];

    private string Between(string subject, ListFilter filter) => (Number(filter.Values[0]), Number(filter.Values[1])) switch
    {
        ({ Length: > 0 } from, { Length: > 0 } to) when from == to => t["{0} est {1}", subject, from],
        ({ Length: > 0 } from, { Length: > 0 } to) => t["{0} va de {1} à {2}", subject, from, to],
        ({ Length: > 0 } from, _) => t["{0} est d'au moins {1}", subject, from],
        (_, var to) => t["{0} est d'au plus {1}", subject, to],
    };

    private static string Number(string text)
        => decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number.ToString("#,0.##", FrenchText.Culture) : text;

    private string PeriodOf(ListFilter filter)
    {
        if (filter.Values is not [var from, var to])
        {
            return t["introuvable"];
        }

        return (RelativeDay.Parse(from), RelativeDay.Parse(to)) switch
        {
            ({ Unit: RelativeUnit.Day, Shift: < 0 } first, { Unit: RelativeUnit.Day, Shift: 0 }) => t["dans les {0} derniers jours", -first.Shift],
            ({ Unit: RelativeUnit.Day, Shift: 0 }, { Unit: RelativeUnit.Day, Shift: > 0 } last) => t["dans les {0} prochains jours", last.Shift],
            (null, { Unit: RelativeUnit.Day, Shift: < 0 } last) when from.Length == 0 => t["il y a {0} jours ou plus", -last.Shift],
            _ => FilterText.Range(filter, t),
        };
    }

    // « le statut », « la santé »: French wants its article, which no rule gives. The others are quoted.
    private string Subject(ListColumn column) => column.Key switch
    {
        "status" => t["le statut"],
        "health" => t["la santé"],
        "health-class" => t["l'état de santé"],
        "lead" => t["le potentiel"],
        "last-contact" => t["le dernier échange"],
        "beds" => t["le nombre de lits"],
        "name" => t["le nom"],
        "last-name" => t["le nom de famille"],
        "first-name" => t["le prénom"],
        "city" => t["la ville"],
        "category" => t["la catégorie"],
        "dept" => t["le département"],
        "region" => t["la région"],
        "owner" => t["le responsable"],
        "team" => t["l'équipe"],
        "open-amount" => t["le montant des affaires en cours"],
        "open-count" => t["le nombre d'affaires en cours"],
        "influence" => t["l'influence"],
        "job" => t["la fonction"],
        "speciality" => t["la spécialité"],
        "institution" => t["l'établissement"],
        "stage" => t["l'étape"],
        "outcome" => t["l'état"],
        "amount" => t["le montant"],
        "kind" => t["la nature"],
        "due" => t["l'échéance"],
        "priority" => t["la priorité"],
        "conformity" => t["la conformité"],
        _ => t["« {0} »", t.Of(column)],
    };
}
