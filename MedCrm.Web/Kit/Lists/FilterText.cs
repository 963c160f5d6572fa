using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Kit.Lists;

/// <summary>A filter as its pill says it.</summary>
public static class FilterText
{
    /// <summary>« Lits : 100 à 500 », « Ville contient « saint » », « Statut : Client, Prospect chaud ».</summary>
    public static string Of(ListColumn column, ListFilter filter, IReadOnlyList<Choice> choices, IStringLocalizer t) => filter.Operator switch
    {
        FilterOperator.Empty => t["{0} : vide", t.Of(column)],
        FilterOperator.NotEmpty => t["{0} : renseigné", t.Of(column)],
        FilterOperator.Contains => t["{0} contient « {1} »", t.Of(column), filter.Values[0]],
        FilterOperator.NoneOf => t["{0} : sauf {1}", t.Of(column), Names(filter, choices, t)],
        FilterOperator.Between => $"{t.Of(column)} : {Range(filter, t)}",
        _ => $"{t.Of(column)} : {Names(filter, choices, t)}",
    };

    private static string Names(ListFilter filter, IReadOnlyList<Choice> choices, IStringLocalizer t)
    {
        var names = filter.Values.Select(value => value == ListFilter.Me ? t["moi"].Value : choices.FirstOrDefault(choice => choice.Value == value)?.Label ?? (Guid.TryParse(value, out _) ? t["introuvable"].Value : value)).ToList();
        return names.Count <= 2 ? string.Join(", ", names) : t["{0} et {1} autres", names[0], names.Count - 1];
    }

    /// <summary>Two bounds as they are read: « 100 à 500 », « depuis il y a 30 j », « ce mois-ci ».</summary>
    public static string Range(ListFilter filter, IStringLocalizer t) => Range(Bound(filter.Values[0], t), Bound(filter.Values[1], t), t);

    private static string Range(string from, string to, IStringLocalizer t) => (from.Length, to.Length) switch
    {
        (> 0, > 0) when from == to => from,
        (> 0, > 0) => t["{0} à {1}", from, to],
        (> 0, _) => t["depuis {0}", from],
        _ => t["jusqu'à {0}", to],
    };

    private static string Bound(string text, IStringLocalizer t)
    {
        if (RelativeDay.Parse(text) is { } moving)
        {
            return (moving.Unit, moving.Shift) switch
            {
                (RelativeUnit.Day, 0) => t["aujourd'hui"],
                (RelativeUnit.Day, < 0) => t["il y a {0} j", -moving.Shift],
                (RelativeUnit.Day, _) => t["dans {0} j", moving.Shift],
                (RelativeUnit.Month, 0) => t["ce mois-ci"],
                (RelativeUnit.Month, -1) => t["le mois dernier"],
                (RelativeUnit.Month, 1) => t["le mois prochain"],
                (RelativeUnit.Month, < 0) => t["il y a {0} mois", -moving.Shift],
                (RelativeUnit.Month, _) => t["dans {0} mois", moving.Shift],
                (RelativeUnit.Quarter, 0) => t["ce trimestre"],
                (RelativeUnit.Quarter, -1) => t["le trimestre dernier"],
                (RelativeUnit.Quarter, 1) => t["le trimestre prochain"],
                (RelativeUnit.Quarter, < 0) => t["il y a {0} trimestres", -moving.Shift],
                (RelativeUnit.Quarter, _) => t["dans {0} trimestres", moving.Shift],
                (_, 0) => t["cette année"],
                (_, -1) => t["l'an dernier"],
                (_, 1) => t["l'an prochain"],
                (_, < 0) => t["il y a {0} ans", -moving.Shift],
                _ => t["dans {0} ans", moving.Shift],
            };
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? FrenchText.FormatDay(day)
            : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number.ToString("#,0.##", FrenchText.Culture) : text;
    }
}
