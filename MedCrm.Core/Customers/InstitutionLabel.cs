using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Customers;

/// <summary>A tag, speciality, department or piece of equipment of an institution.</summary>
public sealed class InstitutionLabel : IRecordedPart, ILabel<InstitutionLabelKind>
{
    private InstitutionLabel()
    {
    }

    internal InstitutionLabel(Guid institutionId, InstitutionLabelKind kind, string text)
    {
        Id = Guid.CreateVersion7();
        InstitutionId = institutionId;
        Kind = kind;
        Text = text;
        SearchKey = Foundation.SearchKey.Fold(text);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The institution.</summary>
    public Guid InstitutionId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Nature")]
    public InstitutionLabelKind Kind { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Libellé")]
    public string Text { get; private set; } = "";

    /// <summary>The text folded for filters.</summary>
    public string SearchKey { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => Text;

    /// <inheritdoc/>
    public string WholeType => nameof(Institution);

    /// <inheritdoc/>
    public Guid WholeId => InstitutionId;
}

internal sealed class InstitutionLabelConfiguration : IEntityTypeConfiguration<InstitutionLabel>
{
    public void Configure(EntityTypeBuilder<InstitutionLabel> label)
    {
        label.Property(l => l.Text).HasMaxLength(80);
        label.HasIndex(l => new { l.InstitutionId, l.Kind });
        label.HasIndex(l => new { l.Kind, l.SearchKey, l.InstitutionId });
    }
}
