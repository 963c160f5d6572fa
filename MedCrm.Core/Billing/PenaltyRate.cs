using System.ComponentModel.DataAnnotations;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Billing;

/// <summary>The published rates of one half-year: penalties follow from them. Percent a year.</summary>
public sealed class PenaltyRate : IRecorded
{
    private PenaltyRate()
    {
    }

    /// <summary>The rates of the half-year that begins on a day.</summary>
    public PenaltyRate(DateOnly from, decimal centralBank, decimal legal)
    {
        Id = Guid.CreateVersion7();
        From = LateInterest.HalfYearOf(from);
        Set(centralBank, legal);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>1 January or 1 July.</summary>
    [Display(Name = "À partir du")] public DateOnly From { get; private set; }

    /// <summary>The main refinancing rate of the European Central Bank on that day, percent.</summary>
    [Display(Name = "Taux BCE (%)")] public decimal CentralBank { get; private set; }

    /// <summary>The legal rate between professionals, percent: three times it is the least that a contract may set (C. com. art. L441-10 II).</summary>
    [Display(Name = "Taux légal (%)")] public decimal Legal { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"{(From.Month == 1 ? 1 : 2)}ᵉ semestre {From.Year}";

    /// <summary>Takes other rates.</summary>
    public void Set(decimal centralBank, decimal legal) => (CentralBank, Legal) = (centralBank, legal);
}

internal sealed class PenaltyRateConfiguration : IEntityTypeConfiguration<PenaltyRate>
{
    public void Configure(EntityTypeBuilder<PenaltyRate> rate) => rate.HasIndex(r => r.From).IsUnique();
}
