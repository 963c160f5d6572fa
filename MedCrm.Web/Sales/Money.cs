using System.Globalization;

namespace MedCrm.Web.Sales;

/// <summary>Amounts as the pipeline writes them: whole euros to read, cents in <c>data-value</c>.</summary>
internal static class Money
{
    private static readonly CultureInfo s_french = CultureInfo.GetCultureInfo("fr-FR");

    /// <summary>« 412 500 € ».</summary>
    public static string Euros(decimal amount) => $"{amount.ToString("N0", s_french)}\u00a0€";

    /// <summary>« 412500.00 ».</summary>
    public static string Value(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
