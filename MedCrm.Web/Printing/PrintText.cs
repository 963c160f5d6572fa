using System.Globalization;
using System.Text;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Web.Printing;

/// <summary>Figures and texts as printed documents write them. Documents are in French, whatever the language of the screen.</summary>
public static class PrintText
{
    private const string NoBreak = "\u00A0";

    /// <summary>« 1 234,56 € ».</summary>
    public static string Amount(decimal euros) => FrenchText.FormatAmount(euros);

    /// <summary>A unit price: two decimals, more when it has more, up to six.</summary>
    public static string Price(decimal euros)
    {
        var decimals = 6;
        while (decimals > 2 && decimal.Round(euros, decimals - 1) == euros)
        {
            decimals--;
        }

        return decimals == 2 ? Amount(euros) : euros.ToString($"N{decimals}", FrenchText.Culture) + NoBreak + "€";
    }

    /// <summary>« 1,5 jour », « 12 ».</summary>
    public static string Quantity(decimal quantity, string? unit) => quantity.ToString("#,0.####", FrenchText.Culture) + (unit is null ? "" : NoBreak + unit);

    /// <summary>« 5,5 % ».</summary>
    public static string Percent(decimal percent) => percent.ToString("0.##", FrenchText.Culture) + NoBreak + "%";

    /// <summary>« 21 novembre 2026 ».</summary>
    public static string LongDay(DateOnly day) => day.Day == 1 ? $"1er {day.ToString("MMMM yyyy", FrenchText.Culture)}" : day.ToString("d MMMM yyyy", FrenchText.Culture);

    /// <summary>« par mois » after a price that is due again and again; null for one that is due once.</summary>
    public static string? Every(BillingPeriod period) => period switch
    {
        BillingPeriod.Monthly => "par mois",
        BillingPeriod.Quarterly => "par trimestre",
        BillingPeriod.HalfYearly => "par semestre",
        BillingPeriod.Annual => "par an",
        _ => null,
    };

    /// <summary>A text inside a string of a style sheet: nothing in it can end the string, nor the element around.</summary>
    public static string Css(string text)
    {
        var css = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '.' or ',' or 0xA0 or 0xB7)
            {
                css.Append(rune.ToString());
            }
            else
            {
                css.Append(CultureInfo.InvariantCulture, $"\\{rune.Value:x6}");
            }
        }

        return css.Append('"').ToString();
    }
}
