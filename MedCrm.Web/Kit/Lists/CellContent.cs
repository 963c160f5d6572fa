using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Foundation.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace MedCrm.Web.Kit.Lists;

/// <summary>The content of a cell by the kind of its column. Plain elements rather than components: a page of a list has hundreds of cells.</summary>
public static class CellContent
{
    private static readonly CultureInfo s_french = FrenchText.Culture;

    /// <summary>A value as plain text; empty for none.</summary>
    public static string TextOf(ListColumn column, object? value, IReadOnlyList<Choice> choices, ScreenTime time) => value switch
    {
        null => "",
        _ when column.Kind is ListKind.Choice or ListKind.User or ListKind.Bool => ChoiceOf(value, choices)?.Label ?? value.ToString() ?? "",
        decimal amount => amount == decimal.Truncate(amount) ? FrenchText.FormatWholeAmount(amount) : FrenchText.FormatAmount(amount),
        int number => number.ToString("N0", s_french),
        DateOnly day => time.Day(day),
        DateTime moment => time.Moment(moment),
        string phone when column.Kind is ListKind.Phone => PhoneNumber.FormatNational(phone),
        IEnumerable<string> texts => string.Join(", ", texts),
        _ => value.ToString() ?? "",
    };

    /// <summary>A value drawn: a chip, a link, an avatar, an amount with its invariant value beside.</summary>
    public static RenderFragment Of(ListColumn column, Guid id, object? value, IReadOnlyList<Choice> choices, ScreenTime time) => builder =>
    {
        if (value is null)
        {
            return;
        }

        var text = TextOf(column, value, choices, time);
        switch (column.Kind)
        {
            case ListKind.Choice when ChoiceOf(value, choices) is { Tone: { } tone }:
                Element(builder, "span", $"chip {tone}", text, "data-value", CellText.Write(value));
                break;
            case ListKind.User:
                Person(builder, value, text);
                break;
            case ListKind.Tags:
                foreach (var tag in (IEnumerable<string>)value)
                {
                    Element(builder, "span", "tag", tag);
                }

                break;
            case ListKind.Phone when value is string { Length: > 0 } phone && phone[0] is '+':
                Element(builder, "a", null, text, "href", $"tel:{phone}");
                break;
            case ListKind.Email:
                Element(builder, "a", null, text, "href", $"mailto:{text}");
                break;
            case ListKind.Website:
                Element(builder, "a", null, text.Replace("https://", "", StringComparison.Ordinal), "href", text, "target", "_blank", "rel", "noopener");
                break;
            case ListKind.Reference when column.Address is { } address && value is NamedId record:
                Element(builder, "a", null, text, "href", string.Format(null, address, record.Id));
                break;
            case var _ when column.Address is { } address:
                Element(builder, "a", "name", text, "href", string.Format(null, address, id));
                break;
            case ListKind.Money when value is 0m:
                Element(builder, "span", "muted", text, "data-value", Invariant(value));
                break;
            case ListKind.Money or ListKind.Number or ListKind.Date or ListKind.Moment:
                Element(builder, "span", null, text, "data-value", Invariant(value));
                break;
            default:
                builder.AddContent(0, text);
                break;
        }
    };

    private static Choice? ChoiceOf(object value, IReadOnlyList<Choice> choices)
    {
        var text = CellText.Write(value);
        foreach (var choice in choices)
        {
            if (choice.Value == text)
            {
                return choice;
            }
        }

        return null;
    }

    private static string Invariant(object value) => value switch
    {
        decimal amount => amount.ToString("0.00", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void Person(RenderTreeBuilder builder, object value, string name)
    {
        builder.OpenElement(0, "span");
        builder.AddAttribute(1, "class", "person");
        builder.OpenElement(2, "span");
        builder.AddAttribute(3, "class", "avatar");
        builder.AddAttribute(4, "data-hue", UserAvatar.HueOf(value is Guid id ? id : Guid.Empty));
        builder.AddAttribute(5, "aria-hidden", "true");
        builder.AddContent(6, User.InitialsOf(name));
        builder.CloseElement();
        builder.OpenElement(7, "span");
        builder.AddAttribute(8, "class", "truncate");
        builder.AddContent(9, name);
        builder.CloseElement();
        builder.CloseElement();
    }

    private static void Element(RenderTreeBuilder builder, string element, string? css, string text, params IReadOnlyList<string?> attributes)
    {
        builder.OpenElement(0, element);
        builder.AddAttribute(1, "class", css);
        builder.AddMultipleAttributes(2, attributes.Chunk(2).Select(pair => new KeyValuePair<string, object>(pair[0]!, pair[1] ?? "")));
        builder.AddContent(3, text);
        builder.CloseElement();
    }
}
