using MedCrm.Core.Billing;

namespace MedCrm.Core.Imports.Files;

/// <summary>An item of the catalogue as a file describes it; null means the file says nothing. Prices are euros excluding VAT.</summary>
public sealed record CatalogSource : ImportSource
{
    /// <summary>Its reference, the key.</summary>
    public string? Code { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>What is said under the name.</summary>
    public string? Description { get; init; }

    /// <summary>Its category.</summary>
    public string? Category { get; init; }

    /// <summary>What one is.</summary>
    public string? Unit { get; init; }

    /// <summary>The price of one.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>What one costs us.</summary>
    public decimal? UnitCost { get; init; }

    /// <summary>Percent; 0 without VAT.</summary>
    public decimal? VatRate { get; init; }

    /// <summary>The provision that exempts.</summary>
    public string? VatReason { get; init; }

    /// <summary>Goods or services.</summary>
    public SupplyNature? Nature { get; init; }

    /// <summary>How often the price is due.</summary>
    public BillingPeriod? Period { get; init; }

    /// <summary>Offered on new lines.</summary>
    public bool? IsOffered { get; init; }
}

/// <summary>What became of one row of a catalogue.</summary>
/// <param name="LineNumber">The line of the file, counted from 1.</param>
/// <param name="Item">The item, or null when a notice says that the row is skipped or in error.</param>
/// <param name="Notices">The remarks.</param>
/// <param name="Row">The cells it was read from.</param>
public sealed record CatalogLine(int LineNumber, CatalogSource? Item, IReadOnlyList<ImportNotice> Notices, ImportRow? Row) : ImportLine(LineNumber, Notices, Row)
{
    /// <inheritdoc/>
    public override ImportSource? Source => Item;
}
