using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Sales;

namespace MedCrm.Web.Sales;

/// <summary>What somebody is typing before a deal closes or passes a checklist.</summary>
public sealed class MoveForm
{
    [Display(Name = "Motif")] public LossReason? LossReason { get; set; }
    [Display(Name = "Précision")] public string? LossNote { get; set; }
    [Display(Name = "Concurrent")] public string? LostTo { get; set; }

    /// <summary>Months; 0 for none.</summary>
    [Display(Name = "Relancer")] public int ReviveInMonths { get; set; }

    [Display(Name = "Montant HT")] public decimal? Amount { get; set; }
    [Display(Name = "Date")] public DateOnly? ClosedOn { get; set; }
    [Display(Name = "Clôture prévue")] public DateOnly? ExpectedCloseOn { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Prochaine action")] public string? NextAction { get; set; }
    [Display(Name = "Prochaine action le")] public DateOnly? NextActionOn { get; set; }
    [Display(Name = "Source")] public OpportunitySource? Source { get; set; }
    [Display(Name = "Désignation")] public string? Description { get; set; }
    [Display(Name = "Quantité")] public int Quantity { get; set; } = 1;
    [Display(Name = "Prix unitaire HT")] public decimal UnitPrice { get; set; }
    [Display(Name = "Motif du passage forcé")] public string? ForceReason { get; set; }

    /// <summary>The same as the door takes it; a field that the outcome has nothing to do with stays out.</summary>
    public MoveTerms Terms(StageOutcome outcome, bool hasLines = false) => new()
    {
        LossReason = LossReason,
        LossNote = LossNote,
        LostTo = LostTo,
        ReviveInMonths = ReviveInMonths == 0 ? null : ReviveInMonths,
        FinalAmount = outcome is StageOutcome.Won && !hasLines ? Amount : null,
        Amount = outcome is StageOutcome.Open ? Amount : null,
        ClosedOn = outcome is StageOutcome.Won ? ClosedOn : null,
        ExpectedCloseOn = ExpectedCloseOn,
        ContactId = ContactId,
        NextAction = NextAction,
        NextActionOn = NextActionOn,
        Source = Source,
        Line = string.IsNullOrWhiteSpace(Description) ? null : new OpportunityLineDetails { Description = Description, Quantity = Quantity, UnitPrice = UnitPrice },
        ForceReason = ForceReason,
    };
}
