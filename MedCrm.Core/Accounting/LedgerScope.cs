using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Accounting;

/// <summary>The journals that are written.</summary>
[Flags]
public enum LedgerJournals
{
    None = 0,
    [Display(Name = "Ventes")] Sales = 1,
    [Display(Name = "Banque")] Bank = 2,
    [Display(Name = "Ventes et banque")] Both = Sales | Bank,
}

/// <summary>What is written: the days, both included, and the journals.</summary>
public sealed record LedgerScope(DateOnly From, DateOnly To, LedgerJournals Journals)
{
    /// <summary>Whether a whole fiscal year is written: the numbers of its entries then follow each other without a gap.</summary>
    public bool Holds(FiscalYear year) => From <= year.From && To >= year.To;

    /// <summary>The fiscal year of these days.</summary>
    /// <exception cref="BusinessRuleException">The days are in the wrong order or pass the end of the fiscal year, or no journal is chosen.</exception>
    public FiscalYear YearIn(AccountPlan plan)
    {
        if (To < From)
        {
            throw new BusinessRuleException("La fin de la période précède son début.", nameof(To));
        }

        if (Journals is LedgerJournals.None)
        {
            throw new BusinessRuleException("Choisissez au moins un journal.", nameof(Journals));
        }

        var year = plan.YearOf(From);
        return year.Holds(To) ? year : throw new BusinessRuleException($"La période doit tenir dans un exercice : celui-ci va du {FrenchText.FormatDay(year.From)} au {FrenchText.FormatDay(year.To)}.", nameof(To));
    }
}
