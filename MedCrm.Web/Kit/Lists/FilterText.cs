using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;

namespace MedCrm.Web.Kit.Lists;

/// <summary>A filter as its pill says it.</summary>
public static class FilterText
{
    /// <summary>« Lits : 100 à 500 », « Ville contient « saint » », « Statut : Client, Prospect chaud ».</summary>
    public static string Of(ListColumn column, ListFilter filter, IReadOnlyList<Choice> choices) => filter.Operator switch
    {
        FilterOperator.Empty => $"{column.Label} : vide",
        FilterOperator.NotEmpty => $"{column.Label} : renseigné",
        FilterOperator.Contains => $"{column.Label} contient « {filter.Values[0]} »",
        FilterOperator.NoneOf => $"{column.Label} : sauf {Names(filter, choices)}",
        FilterOperator.Between => $"{column.Label} : {Range(Bound(filter.Values[0]), Bound(filter.Values[1]))}",
        _ => $"{column.Label} : {Names(filter, choices)}",
    };

    private static string Names(ListFilter filter, IReadOnlyList<Choice> choices)
    {
        var names = filter.Values.Select(value => value == ListFilter.Me ? "moi" : choices.FirstOrDefault(choice => choice.Value == value)?.Label ?? value).ToList();
        return names.Count <= 2 ? string.Join(", ", names) : $"{names[0]} et {names.Count - 1} autres";
    }

    private static string Range(string from, string to) => (from.Length, to.Length) switch
    {
        (> 0, > 0) when from == to => from,
        (> 0, > 0) => $"{from} à {to}",
        (> 0, _) => $"depuis {from}",
        _ => $"jusqu'à {to}",
    };

    private static string Bound(string text)
    {
        if (text.StartsWith("today", StringComparison.Ordinal))
        {
            return int.TryParse(text["today".Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)
                ? days < 0 ? $"il y a {-days} j" : $"dans {days} j"
                : "aujourd'hui";
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? FrenchText.FormatDay(day)
            : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number.ToString("#,0.##", CultureInfo.GetCultureInfo("fr-FR")) : text;
    }
}
