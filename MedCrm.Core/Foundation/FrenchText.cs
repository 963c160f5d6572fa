using System.Globalization;

namespace MedCrm.Core.Foundation;

/// <summary>Amounts and days as they are written in French, whatever the culture of the process.</summary>
public static class FrenchText
{
    /// <summary>How French writes numbers and days.</summary>
    public static CultureInfo Culture { get; } = CultureInfo.GetCultureInfo("fr-FR");

    private const string NoBreakSpace = "\u00A0";
    private const string NarrowNoBreakSpace = "\u202F";

    private static readonly NumberFormatInfo s_numbers = NumberFormatInfo.ReadOnly(new NumberFormatInfo
    {
        NumberGroupSeparator = NarrowNoBreakSpace,
        NumberDecimalSeparator = ",",
        NumberGroupSizes = [3],
        NegativeSign = "-",
    });

    /// <summary>Euros and cents, « 1 234,56 € », rounded half away from zero; none of its spaces breaks a line.</summary>
    public static string FormatAmount(decimal amount) => Format(amount, 2);

    /// <summary>Euros without cents, « 1 235 € », rounded half away from zero.</summary>
    public static string FormatWholeAmount(decimal amount) => Format(amount, 0);

    /// <summary>A day as « 05/03/2026 ».</summary>
    public static string FormatDay(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>A day seen from today: « aujourd'hui », « demain », « hier », « dans 3 j », « il y a 9 j ».</summary>
    public static Sentence FormatRelativeDay(DateOnly day, DateOnly today) => (day.DayNumber - today.DayNumber) switch
    {
        0 => "aujourd'hui",
        1 => "demain",
        -1 => "hier",
        > 0 and var ahead => (Sentence)$"dans {ahead} j",
        var behind => (Sentence)$"il y a {-behind} j",
    };

    // Zero is added so that a rounded -0,001 is not shown as -0,00.
    private static string Format(decimal amount, int decimals)
        => (Math.Round(amount, decimals, MidpointRounding.AwayFromZero) + 0m).ToString(decimals == 0 ? "N0" : "N2", s_numbers) + NoBreakSpace + "€";
}
