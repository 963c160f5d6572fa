using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Sales;

/// <summary>A product line of a deal, as people edit it. The unit price is in euros excluding VAT.</summary>
public sealed record OpportunityLineDetails
{
    [Display(Name = "Désignation")] public string Description { get; set; } = "";
    [Display(Name = "Quantité")] public int Quantity { get; set; } = 1;
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; set; }
}

/// <summary>A product line of a deal.</summary>
public sealed class OpportunityLine : IRecordedPart
{
    private OpportunityLine()
    {
    }

    internal OpportunityLine(Guid opportunityId, OpportunityLineDetails details, int position)
    {
        Id = Guid.CreateVersion7();
        OpportunityId = opportunityId;
        Position = position;
        Description = Clean.Required(details.Description, 300, nameof(Description), "Indiquez la désignation de la ligne.");
        Quantity = details.Quantity is > 0 and <= 1_000_000 ? details.Quantity : throw new BusinessRuleException("La quantité va de 1 à un million.", nameof(Quantity));
        UnitPrice = details.UnitPrice is >= 0 and <= 1_000_000_000 ? decimal.Round(details.UnitPrice, 2, MidpointRounding.AwayFromZero) : throw new BusinessRuleException("Le prix ne peut pas être négatif.", nameof(UnitPrice));
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The deal.</summary>
    public Guid OpportunityId { get; private set; }

    /// <summary>The place in the list, from 0.</summary>
    public int Position { get; private set; }

    [Display(Name = "Désignation")] public string Description { get; private set; } = "";
    [Display(Name = "Quantité")] public int Quantity { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    public decimal Total => Quantity * UnitPrice;

    /// <inheritdoc/>
    public string RecordName => Description;

    /// <inheritdoc/>
    public string WholeType => nameof(Opportunity);

    /// <inheritdoc/>
    public Guid WholeId => OpportunityId;

    /// <summary>Everything people edit, as it stands.</summary>
    public OpportunityLineDetails Details() => new() { Description = Description, Quantity = Quantity, UnitPrice = UnitPrice };
}

/// <summary>A contact involved in a deal beside the main one.</summary>
public sealed class OpportunityContact : IRecordedPart
{
    private OpportunityContact()
    {
    }

    internal OpportunityContact(Guid opportunityId, string name, Guid contactId)
    {
        Id = Guid.CreateVersion7();
        OpportunityId = opportunityId;
        OpportunityName = name;
        ContactId = contactId;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The deal.</summary>
    public Guid OpportunityId { get; private set; }

    /// <summary>The deal's name when the contact was added.</summary>
    [NotRecorded] public string OpportunityName { get; private set; } = "";

    [Display(Name = "Contact")] public Guid ContactId { get; private set; }

    /// <inheritdoc/>
    public string RecordName => OpportunityName;

    /// <inheritdoc/>
    public string WholeType => nameof(Opportunity);

    /// <inheritdoc/>
    public Guid WholeId => OpportunityId;
}

/// <summary>What a label on a deal speaks of.</summary>
public enum OpportunityLabelKind
{
    [Display(Name = "Étiquette")] Tag,
    [Display(Name = "Concurrent")] Competitor,
}

/// <summary>A tag or a competitor of a deal.</summary>
public sealed class OpportunityLabel : IRecordedPart, ILabel<OpportunityLabelKind>
{
    private OpportunityLabel()
    {
    }

    internal OpportunityLabel(Guid opportunityId, OpportunityLabelKind kind, string text)
    {
        Id = Guid.CreateVersion7();
        OpportunityId = opportunityId;
        Kind = kind;
        Text = text;
        SearchKey = Foundation.SearchKey.Fold(text);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The deal.</summary>
    public Guid OpportunityId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Nature")] public OpportunityLabelKind Kind { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Libellé")] public string Text { get; private set; } = "";

    /// <summary>The text folded, for filters.</summary>
    public string SearchKey { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => Text;

    /// <inheritdoc/>
    public string WholeType => nameof(Opportunity);

    /// <inheritdoc/>
    public Guid WholeId => OpportunityId;
}

/// <summary>One line of a deal's passage through the stages. Names are copied so the line still reads true after a stage is renamed.</summary>
public sealed class StageChange : IRecordedPart
{
    private StageChange()
    {
    }

    internal StageChange(Guid opportunityId, string opportunityName, Stage? from, Stage to, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        OpportunityId = opportunityId;
        OpportunityName = opportunityName;
        FromStageId = from?.Id;
        FromName = from?.Name;
        ToStageId = to.Id;
        ToName = to.Name;
        ById = by.Id;
        ByName = by.Name;
        At = at;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The deal.</summary>
    public Guid OpportunityId { get; private set; }

    /// <summary>The deal's name then.</summary>
    [NotRecorded] public string OpportunityName { get; private set; } = "";

    /// <summary>The stage left; null on entry.</summary>
    public Guid? FromStageId { get; private set; }

    /// <summary>The stage left, as it was called.</summary>
    public string? FromName { get; private set; }

    /// <summary>The stage entered.</summary>
    public Guid ToStageId { get; private set; }

    /// <summary>The stage entered, as it was called.</summary>
    public string ToName { get; private set; } = "";

    /// <summary>Who moved it.</summary>
    public Guid? ById { get; private set; }

    /// <summary>Who moved it, as they were called.</summary>
    public string ByName { get; private set; } = "";

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Whole days spent in the stage left.</summary>
    public int DaysInStage { get; internal init; }

    /// <summary>Why the checklist was passed over.</summary>
    public string? ForceReason { get; internal init; }

    /// <inheritdoc/>
    public string RecordName => OpportunityName;

    /// <inheritdoc/>
    public string WholeType => nameof(Opportunity);

    /// <inheritdoc/>
    public Guid WholeId => OpportunityId;
}

internal sealed class OpportunityPartsConfiguration :
    IEntityTypeConfiguration<OpportunityLine>,
    IEntityTypeConfiguration<OpportunityContact>,
    IEntityTypeConfiguration<OpportunityLabel>,
    IEntityTypeConfiguration<StageChange>
{
    public void Configure(EntityTypeBuilder<OpportunityLine> line)
    {
        line.Ignore(l => l.Total);
        line.HasIndex(l => new { l.OpportunityId, l.Position });
    }

    public void Configure(EntityTypeBuilder<OpportunityContact> row)
    {
        row.HasOne<Contact>().WithMany().HasForeignKey(r => r.ContactId).OnDelete(DeleteBehavior.Restrict);
        row.HasIndex(r => r.ContactId);
    }

    public void Configure(EntityTypeBuilder<OpportunityLabel> label)
    {
        label.HasIndex(l => new { l.OpportunityId, l.Kind });
        label.HasIndex(l => new { l.Kind, l.SearchKey, l.OpportunityId });
    }

    public void Configure(EntityTypeBuilder<StageChange> change) => change.HasIndex(c => new { c.OpportunityId, c.At });
}
