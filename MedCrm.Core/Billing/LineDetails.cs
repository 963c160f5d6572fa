using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Billing;

/// <summary>What a line of a quote, an invoice or a contract is.</summary>
public enum LineKind
{
    [Display(Name = "Article")] Item,
    [Display(Name = "Titre")] Section,
    [Display(Name = "Texte")] Note,
}

/// <summary>Whether goods are delivered or a service is done: invoices say it (décret 2022-1299), and accounts differ.</summary>
public enum SupplyNature
{
    [Display(Name = "Prestation de services")] Services,
    [Display(Name = "Livraison de biens")] Goods,
}

/// <summary>How often a price is due.</summary>
public enum BillingPeriod
{
    [Display(Name = "Une fois")] OneOff,
    [Display(Name = "Par mois")] Monthly,
    [Display(Name = "Par trimestre")] Quarterly,
    [Display(Name = "Par semestre")] HalfYearly,
    [Display(Name = "Par an")] Annual,
}

/// <summary>A line as people edit it. Prices are in euros excluding VAT, rates and discounts in percent.</summary>
public sealed record LineDetails : IPricedLine
{
    /// <summary>How many lines a document is written with.</summary>
    public const int Most = 500;

    /// <summary>Refuses more lines than a document holds.</summary>
    /// <exception cref="BusinessRuleException">There are too many.</exception>
    public static void DemandFew(IReadOnlyCollection<LineDetails> lines)
    {
        if (lines.Count > Most)
        {
            throw new BusinessRuleException($"Un document porte au plus {Most} lignes.", "Lines");
        }
    }

    /// <summary>The stored line that these values change; null for a new one, or where lines are replaced as a whole.</summary>
    public Guid? LineId { get; set; }

    [Display(Name = "Nature")] public LineKind Kind { get; set; }
    [Display(Name = "Article du catalogue")] public Guid? CatalogItemId { get; set; }
    [Display(Name = "Référence")] public string? Code { get; set; }
    [Display(Name = "Désignation")] public string Description { get; set; } = "";

    /// <summary>Up to 4 decimals; negative takes back.</summary>
    [Display(Name = "Quantité")] public decimal Quantity { get; set; } = 1;
    [Display(Name = "Unité")] public string? Unit { get; set; }

    /// <summary>Euros excluding VAT, up to 6 decimals.</summary>
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; set; }

    /// <summary>Percent, up to 2 decimals.</summary>
    [Display(Name = "Remise (%)")] public decimal DiscountPercent { get; set; }
    [Display(Name = "TVA")] public VatCategory VatCategory { get; set; }

    /// <summary>Percent.</summary>
    [Display(Name = "Taux de TVA (%)")] public decimal VatRate { get; set; } = 20;
    [Display(Name = "Motif sans TVA")] public string? VatReason { get; set; }
    [Display(Name = "Nature de l'opération")] public SupplyNature Nature { get; set; }
    [Display(Name = "Périodicité")] public BillingPeriod Period { get; set; }

    /// <summary>Offered beside the rest: out of the totals until the customer takes it.</summary>
    [Display(Name = "Option")] public bool IsOption { get; set; }

    /// <summary>Euros excluding VAT, what one unit costs us; null when unknown.</summary>
    [Display(Name = "Coût unitaire HT")] public decimal? UnitCost { get; set; }

    /// <inheritdoc/>
    // A reason chosen before the line was taxed again would make a second total of the same rate.
    public Vat Vat => VatCategory is VatCategory.Standard ? new(VatCategory, VatRate, null) : new(VatCategory, VatRate, VatReason);

    /// <inheritdoc/>
    public decimal Net => LinePrice.Net(this);
}

/// <summary>What totals are made from, a line being typed or a stored one.</summary>
public interface IPricedLine
{
    /// <summary>Titles and texts bear no price.</summary>
    LineKind Kind { get; }

    /// <summary>Up to 4 decimals.</summary>
    decimal Quantity { get; }

    /// <summary>Euros excluding VAT, up to 6 decimals.</summary>
    decimal UnitPrice { get; }

    /// <summary>Percent.</summary>
    decimal DiscountPercent { get; }

    /// <summary>Its VAT.</summary>
    Vat Vat { get; }

    /// <summary>Out of the totals until it is taken.</summary>
    bool IsOption { get; }

    /// <summary>Euros excluding VAT; null when unknown.</summary>
    decimal? UnitCost { get; }

    /// <summary>Euros excluding VAT, rounded to the cent.</summary>
    decimal Net { get; }
}

/// <summary>The price of a line.</summary>
public static class LinePrice
{
    /// <summary>Quantity times price less the discount, rounded to the cent half away from zero (EN 16931, line net amount); 0 for titles and texts.</summary>
    public static decimal Net(IPricedLine line) => line.Kind is LineKind.Item ? Money.Round(line.Quantity * line.UnitPrice * (100 - line.DiscountPercent) / 100) : 0;
}
