using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>How a line stands to VAT (the categories that the French rules for electronic invoices allow, BR-FR-15).</summary>
public enum VatCategory
{
    [Display(Name = "Taxée")] Standard,
    [Display(Name = "Exonérée")] Exempt,
    [Display(Name = "Autoliquidation")] ReverseCharge,
    [Display(Name = "Livraison intracommunautaire")] IntraCommunity,
    [Display(Name = "Exportation")] Export,
    [Display(Name = "Hors champ")] OutOfScope,
}

/// <summary>What VAT applies to a line: its category, its rate in percent and, without VAT, the provision that says so.</summary>
/// <param name="Rate">Percent; 0 unless the line is taxed.</param>
/// <param name="Reason">The provision that exempts, printed on the invoice (CGI ann. II art. 242 nonies A I-12°).</param>
public readonly record struct Vat(VatCategory Category, decimal Rate, string? Reason)
{
    /// <summary>The normal rate: supplying staff to clinics and recruitment are taxed at it, unlike care (CGI art. 261-4-1°).</summary>
    public static Vat Normal { get; } = new(VatCategory.Standard, 20, null);

    /// <summary>The rates in force in metropolitan France, percent.</summary>
    public static IReadOnlyList<decimal> Rates { get; } = [20, 10, 5.5m, 2.1m];

    /// <summary>No VAT for who is under the thresholds (CGI art. 293 B).</summary>
    public static Vat Franchise { get; } = new(VatCategory.Exempt, 0, "TVA non applicable, art. 293 B du CGI");

    /// <summary>No VAT on training by who is certified for it (CGI art. 261-4-4° a).</summary>
    public static Vat Training { get; } = new(VatCategory.Exempt, 0, "Exonération de TVA, art. 261-4-4° a du CGI (formation)");

    /// <summary>VAT owed by the customer.</summary>
    public static Vat Reversed { get; } = new(VatCategory.ReverseCharge, 0, "Autoliquidation, art. 283-2 du CGI");

    /// <summary>The provisions people choose from when a line bears no VAT.</summary>
    public static IReadOnlyList<Vat> Provisions { get; } =
    [
        Franchise,
        new(VatCategory.Exempt, 0, "Exonération de TVA, art. 261-4-1° du CGI (soins)"),
        Training,
        Reversed,
    ];

    /// <summary>The VAT of a base, rounded to the cent half away from zero (EN 16931, BR-CO-17).</summary>
    public decimal Of(decimal net) => Money.Round(net * Rate / 100);

    /// <summary>The amount excluding VAT behind one that includes it, rounded to the cent.</summary>
    public static decimal NetOf(decimal gross, decimal rate) => Money.Round(gross / (1 + (rate / 100)));

    /// <summary>The VAT as typed, once checked: a taxed line bears one of the <see cref="Rates"/>, another bears none and says why.</summary>
    /// <exception cref="BusinessRuleException">The rate is not one of them, or the provision is missing.</exception>
    public static Vat Checked(VatCategory category, decimal rate, string? reason)
    {
        if (category is VatCategory.Standard)
        {
            return Rates.Contains(rate) ? new Vat(category, rate, null) : throw new BusinessRuleException("Choisissez un taux de TVA : 20, 10, 5,5 ou 2,1 %. Sans TVA, choisissez le motif d'exonération.", nameof(LineDetails.VatRate));
        }

        return rate == 0
            ? new Vat(category, 0, Clean.Required(reason, 200, nameof(LineDetails.VatReason), "Sans TVA, indiquez le motif : il est imprimé sur la facture."))
            : throw new BusinessRuleException("Une ligne sans TVA a un taux de 0 %.", nameof(LineDetails.VatRate));
    }

    /// <inheritdoc/>
    public override string ToString() => Category is VatCategory.Standard ? $"{Rate.ToString("0.##", FrenchText.Culture)} %" : Labels.Of(Category).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Rounding of amounts.</summary>
public static class Money
{
    /// <summary>To the cent, half away from zero.</summary>
    public static decimal Round(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}
