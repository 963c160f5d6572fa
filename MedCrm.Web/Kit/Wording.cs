using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Kit;

/// <summary>The French texts of the business, said in the language of the screen: labels, refusals, the titles and choices of lists. A text that comes with its own key goes through <c>T[…]</c> as any other.</summary>
public static class Wording
{
    /// <summary>The name of an enum value.</summary>
    public static string Of(this IStringLocalizer t, Enum value) => t[Labels.Of(value)];

    /// <summary>The name of a property.</summary>
    public static string Of(this IStringLocalizer t, Type type, string property) => t[Labels.Of(type, property)];

    /// <summary>A sentence of the business, what fills its holes included.</summary>
    public static string Of(this IStringLocalizer t, Sentence sentence) => sentence.Say(CultureInfo.CurrentCulture, words => t[words]);

    /// <summary>Why an act was refused.</summary>
    public static string Of(this IStringLocalizer t, BusinessRuleException refusal) => t.Of(refusal.Sentence);

    /// <summary>The title of a column.</summary>
    public static string Of(this IStringLocalizer t, ListColumn column) => t[column.Label];

    /// <summary>The choices of a column: those known beforehand are words of the business, the others are names that people gave.</summary>
    public static IReadOnlyList<Choice> Of(this IStringLocalizer t, ListColumn column, IReadOnlyList<Choice> choices)
        => column.Choices is null ? choices : [.. choices.Select(choice => choice with { Label = t[choice.Label] })];

    /// <summary>A kept value: <paramref name="isWords"/> tells those of the business from what people wrote.</summary>
    public static string? Value(this IStringLocalizer t, string? text, bool isWords) => text is null || !isWords ? text : t[text];

    /// <summary>A size in octets as people read it: « 48 ko », « 3,2 Mo ».</summary>
    public static string Size(this IStringLocalizer t, long octets) => octets switch
    {
        < 1_000_000 => t["{0:N0} ko", Math.Ceiling(octets / 1_000.0)],
        < 1_000_000_000 => t["{0:N1} Mo", octets / 1_000_000.0],
        _ => t["{0:N1} Go", octets / 1_000_000_000.0],
    };

    /// <summary>« 3 établissements », « 1 établissement ».</summary>
    public static string Counted(this IStringLocalizer t, ListDefinition definition, int count) => t.Of(definition.Counted(count));
}
