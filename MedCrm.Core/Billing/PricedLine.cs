using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Billing;

/// <summary>A stored line of a quote, an invoice or a contract. Checked once here, whatever carries it.</summary>
public abstract class PricedLine : IRecordedPart, IPricedLine
{
    private protected PricedLine()
    {
    }

    /// <summary>A line from what somebody typed.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; the field is the property's name followed by the line's place, « Quantity-3 ».</exception>
    private protected PricedLine(LineDetails details, int position)
    {
        Id = Guid.CreateVersion7();
        Change(details, position);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The place in the document, from 0.</summary>
    [NotRecorded] public int Position { get; private set; }

    [Display(Name = "Nature")] public LineKind Kind { get; private set; }
    [Display(Name = "Article du catalogue")] public Guid? CatalogItemId { get; private set; }
    [Display(Name = "Référence")] public string? Code { get; private set; }
    [Display(Name = "Désignation")] public string Description { get; private set; } = "";
    [Display(Name = "Quantité")] public decimal Quantity { get; private set; }
    [Display(Name = "Unité")] public string? Unit { get; private set; }
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; private set; }
    [Display(Name = "Remise (%)")] public decimal DiscountPercent { get; private set; }
    [Display(Name = "TVA")] public VatCategory VatCategory { get; private set; }
    [Display(Name = "Taux de TVA (%)")] public decimal VatRate { get; private set; }
    [Display(Name = "Motif sans TVA")] public string? VatReason { get; private set; }
    [Display(Name = "Nature de l'opération")] public SupplyNature Nature { get; private set; }
    [Display(Name = "Périodicité")] public BillingPeriod Period { get; private set; }
    [Display(Name = "Option")] public bool IsOption { get; private set; }
    [Display(Name = "Coût unitaire HT")] public decimal? UnitCost { get; private set; }

    /// <inheritdoc/>
    [NotRecorded] public decimal Net { get; private set; }

    /// <inheritdoc/>
    public Vat Vat => new(VatCategory, VatRate, VatReason);

    /// <inheritdoc/>
    public string RecordName => Description;

    /// <inheritdoc/>
    public abstract string WholeType { get; }

    /// <inheritdoc/>
    public abstract Guid WholeId { get; }

    /// <summary>The name of a field of one line, for refusals and forms.</summary>
    public static string FieldOf(string property, int position) => $"{property}-{position}";

    /// <summary>Everything people edit, as it stands.</summary>
    public LineDetails Details() => new()
    {
        Kind = Kind,
        CatalogItemId = CatalogItemId,
        Code = Code,
        Description = Description,
        Quantity = Quantity,
        Unit = Unit,
        UnitPrice = UnitPrice,
        DiscountPercent = DiscountPercent,
        VatCategory = VatCategory,
        VatRate = VatRate,
        VatReason = VatReason,
        Nature = Nature,
        Period = Period,
        IsOption = IsOption,
        UnitCost = UnitCost,
    };

    /// <summary>Takes new values and a place, so that the history tells the cells that changed. A line never becomes one of another kind.</summary>
    /// <exception cref="BusinessRuleException">As for a new line.</exception>
    private protected void Change(LineDetails details, int position)
    {
        Position = position;
        try
        {
            Take(details);
        }
        catch (BusinessRuleException refusal) when (refusal.Field is { } field)
        {
            throw new BusinessRuleException(refusal.Sentence, FieldOf(field, position));
        }
    }

    /// <summary>Takes a place among the others, and works out again what follows from its values: an undo put some of them back.</summary>
    private protected void Settle(int position) => (Position, Net) = (position, LinePrice.Net(this));

    /// <summary>An option that the customer takes counts with the rest.</summary>
    private protected void TakeOption() => IsOption = false;

    private void Take(LineDetails details)
    {
        Kind = details.Kind;
        Description = Clean.Required(details.Description, 2000, nameof(Description), Kind is LineKind.Item ? "Indiquez la désignation de la ligne." : "Écrivez le texte de la ligne.");
        if (Kind is not LineKind.Item)
        {
            return;
        }

        var vat = Vat.Checked(details.VatCategory, details.VatRate, details.VatReason);
        CatalogItemId = details.CatalogItemId;
        Code = Clean.Text(details.Code, 40, nameof(Code));
        Unit = Clean.Text(details.Unit, 30, nameof(Unit));
        Quantity = Within(details.Quantity, -1_000_000, 1_000_000, 4, nameof(Quantity), "La quantité va de -1 000 000 à 1 000 000, avec 4 décimales au plus.");
        if (Quantity == 0)
        {
            throw new BusinessRuleException("La quantité ne peut pas être nulle.", nameof(Quantity));
        }

        UnitPrice = Within(details.UnitPrice, 0, 100_000_000, 6, nameof(UnitPrice), "Le prix va de 0 à 100 millions d'euros, avec 6 décimales au plus.");
        DiscountPercent = Within(details.DiscountPercent, 0, 100, 2, nameof(DiscountPercent), "La remise va de 0 à 100 %, avec 2 décimales au plus.");
        UnitCost = details.UnitCost is { } cost ? Within(cost, 0, 100_000_000, 6, nameof(UnitCost), "Le coût va de 0 à 100 millions d'euros, avec 6 décimales au plus.") : null;
        (VatCategory, VatRate, VatReason) = (vat.Category, vat.Rate, vat.Reason);
        (Nature, Period, IsOption) = (details.Nature, details.Period, details.IsOption);
        Net = LinePrice.Net(this);
    }

    private static decimal Within(decimal value, decimal least, decimal most, int decimals, string field, string sentence)
        => value >= least && value <= most && decimal.Round(value, decimals) == value ? value : throw new BusinessRuleException(sentence, field);
}

/// <summary>How the lines of every kind of document are stored.</summary>
internal static class PricedLineMapping
{
    /// <summary>Quantities in ten-thousandths, prices in millionths of a euro, an index by document and place.</summary>
    public static void Describe<TLine>(EntityTypeBuilder<TLine> line, string documentId)
        where TLine : PricedLine
    {
        line.Ignore(l => l.Vat);
        line.Property(l => l.Quantity).HasConversion<TenThousandths>();
        line.Property(l => l.UnitPrice).HasConversion<Millionths>();
        line.Property(l => l.UnitCost).HasConversion<Millionths>();
        line.HasIndex(documentId, nameof(PricedLine.Position));
        line.HasIndex(l => l.CatalogItemId).HasFilter("\"CatalogItemId\" IS NOT NULL");
    }
}
