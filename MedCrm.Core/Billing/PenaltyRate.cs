using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
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
    public string RecordName => NameOf(From);

    /// <summary>
    /// The rates of a new installation. Legal rates between professionals as published for each half-year; those of the European Central Bank on its first day. Later
    /// ones are typed by the administrator when they are published.
    /// </summary>
    public static IReadOnlyList<PenaltyRate> Defaults() =>
    [
        new(new DateOnly(2024, 7, 1), 4.25m, 4.92m),
        new(new DateOnly(2025, 1, 1), 3.15m, 3.71m),
        new(new DateOnly(2025, 7, 1), 2.15m, 2.76m),
        new(new DateOnly(2026, 1, 1), 2.15m, 2.62m),
    ];

    /// <summary>« 1er semestre 2026 ».</summary>
    public static string NameOf(DateOnly halfYear) => $"{(halfYear.Month <= 6 ? "1er" : "2e")} semestre {halfYear.Year}";

    /// <summary>Takes other rates, percent a year with two decimals.</summary>
    /// <exception cref="BusinessRuleException">A rate is out of range.</exception>
    public void Set(decimal centralBank, decimal legal) => (CentralBank, Legal) = (Within(centralBank, nameof(CentralBank)), Within(legal, nameof(Legal)));

    private static decimal Within(decimal rate, string field)
        => rate is >= 0 and <= 50 ? Money.Round(rate) : throw new BusinessRuleException("Le taux va de 0 à 50 % l'an.", field);
}

internal sealed class PenaltyRateConfiguration : IEntityTypeConfiguration<PenaltyRate>
{
    public void Configure(EntityTypeBuilder<PenaltyRate> rate) => rate.HasIndex(r => r.From).IsUnique();
}
