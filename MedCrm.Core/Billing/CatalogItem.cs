using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Billing;

/// <summary>A product or a service as people edit it. Prices are in euros excluding VAT, rates in percent.</summary>
public sealed record CatalogItemDetails
{
    [Display(Name = "Référence")] public string? Code { get; set; }
    [Display(Name = "Nom")] public string Name { get; set; } = "";
    [Display(Name = "Description")] public string? Description { get; set; }
    [Display(Name = "Catégorie")] public string? Category { get; set; }
    [Display(Name = "Unité")] public string? Unit { get; set; }
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; set; }
    [Display(Name = "Coût unitaire HT")] public decimal? UnitCost { get; set; }
    [Display(Name = "TVA")] public VatCategory VatCategory { get; set; }
    [Display(Name = "Taux de TVA (%)")] public decimal VatRate { get; set; } = 20;
    [Display(Name = "Motif sans TVA")] public string? VatReason { get; set; }
    [Display(Name = "Nature de l'opération")] public SupplyNature Nature { get; set; }
    [Display(Name = "Périodicité")] public BillingPeriod Period { get; set; }
    [Display(Name = "Proposé")] public bool IsOffered { get; set; } = true;
}

/// <summary>A product or a service that quotes and invoices take their lines from; what they took stays as it was.</summary>
public sealed class CatalogItem : IVersioned, IBinnable, IRestorable
{
    private CatalogItem()
    {
    }

    /// <summary>A new item.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public CatalogItem(CatalogItemDetails details, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Référence")] public string? Code { get; private set; }
    [Display(Name = "Nom")] public string Name { get; private set; } = "";
    [Display(Name = "Description")] public string? Description { get; private set; }
    [Display(Name = "Catégorie")] public string? Category { get; private set; }
    [Display(Name = "Unité")] public string? Unit { get; private set; }

    /// <summary>Euros excluding VAT, to the cent.</summary>
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; private set; }

    /// <summary>Euros excluding VAT, to the cent; null when unknown.</summary>
    [Display(Name = "Coût unitaire HT")] public decimal? UnitCost { get; private set; }

    [Display(Name = "TVA")] public VatCategory VatCategory { get; private set; }
    [Display(Name = "Taux de TVA (%)")] public decimal VatRate { get; private set; }
    [Display(Name = "Motif sans TVA")] public string? VatReason { get; private set; }
    [Display(Name = "Nature de l'opération")] public SupplyNature Nature { get; private set; }
    [Display(Name = "Périodicité")] public BillingPeriod Period { get; private set; }

    /// <summary>Offered when a line is written; an item no longer sold stays for the documents that name it.</summary>
    [Display(Name = "Proposé")] public bool IsOffered { get; private set; }

    /// <summary>Code and name folded, for search.</summary>
    public string SearchKey { get; private set; } = "";

    /// <summary>When it was created, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When a field last changed, UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>Everything people edit, as it stands.</summary>
    public CatalogItemDetails Details() => new()
    {
        Code = Code,
        Name = Name,
        Description = Description,
        Category = Category,
        Unit = Unit,
        UnitPrice = UnitPrice,
        UnitCost = UnitCost,
        VatCategory = VatCategory,
        VatRate = VatRate,
        VatReason = VatReason,
        Nature = Nature,
        Period = Period,
        IsOffered = IsOffered,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; nothing was taken.</exception>
    public void Edit(CatalogItemDetails details, DateTime at)
    {
        var name = Clean.Required(details.Name, 300, nameof(Name), "Indiquez le nom de l'article.");
        var code = Clean.Text(details.Code, 40, nameof(Code));
        var description = Clean.Text(details.Description, 1500, nameof(Description));
        var category = Clean.Text(details.Category, 80, nameof(Category));
        var unit = Clean.Text(details.Unit, 30, nameof(Unit));
        var price = PriceOf(details.UnitPrice, nameof(UnitPrice));
        var cost = details.UnitCost is { } typed ? PriceOf(typed, nameof(UnitCost)) : (decimal?)null;
        var vat = Vat.Checked(details.VatCategory, details.VatRate, details.VatReason);
        (Code, Name, Description, Category, Unit, UnitPrice, UnitCost) = (code, name, description, category, unit, price, cost);
        (VatCategory, VatRate, VatReason) = (vat.Category, vat.Rate, vat.Reason);
        (Nature, Period, IsOffered) = (details.Nature, details.Period, details.IsOffered);
        SearchKey = KeyOf();
        UpdatedAt = at;
    }

    /// <summary>Offers it on new lines, or no longer.</summary>
    public void Offer(bool isOffered, DateTime at)
    {
        IsOffered = isOffered;
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored() => SearchKey = KeyOf();

    private static decimal PriceOf(decimal price, string field)
        => price is >= 0 and <= 100_000_000 ? Money.Round(price) : throw new BusinessRuleException("Le prix va de 0 à 100 millions d'euros.", field);

    private string KeyOf() => Foundation.SearchKey.Fold(Code is null ? Name : $"{Code} {Name}");
}

internal sealed class CatalogItemConfiguration : IEntityTypeConfiguration<CatalogItem>
{
    public void Configure(EntityTypeBuilder<CatalogItem> item)
    {
        item.HasIndex(i => i.Code).IsUnique().HasFilter("\"Code\" IS NOT NULL AND \"DeletedAt\" IS NULL");
        item.HasIndex(i => new { i.DeletedAt, i.SearchKey });
        item.HasIndex(i => new { i.DeletedAt, i.Category, i.SearchKey });
        item.HasIndex(i => new { i.DeletedAt, i.UpdatedAt });
    }
}
