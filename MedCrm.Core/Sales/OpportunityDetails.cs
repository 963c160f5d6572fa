using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Sales;

/// <summary>Where a deal came from.</summary>
public enum OpportunitySource
{
    [Display(Name = "Non renseignée")] Unknown,
    [Display(Name = "Appel entrant")] InboundCall,
    [Display(Name = "Prospection")] Outbound,
    [Display(Name = "Recommandation")] Referral,
    [Display(Name = "Salon ou congrès")] Event,
    [Display(Name = "Site web")] Website,
    [Display(Name = "Appel d'offres")] Tender,
    [Display(Name = "Client existant")] ExistingCustomer,
    [Display(Name = "Autre")] Other,
}

/// <summary>Why a deal was lost.</summary>
public enum LossReason
{
    [Display(Name = "Prix")] Price,
    [Display(Name = "Concurrent")] Competitor,
    [Display(Name = "Budget gelé ou absent")] NoBudget,
    [Display(Name = "Sans réponse")] NoAnswer,
    [Display(Name = "Besoin abandonné")] NoNeed,
    [Display(Name = "Fonction manquante")] MissingFeature,
    [Display(Name = "Calendrier")] Timing,
    [Display(Name = "Autre")] Other,
}

/// <summary>How a deal stands with regard to its follow-up (rotting).</summary>
public enum FollowUpState
{
    [Display(Name = "À l'heure")] OnTrack,
    [Display(Name = "Sans prochaine action")] NoNextAction,
    [Display(Name = "Dormante")] Rotting,
}

/// <summary>Everything about a deal that people edit. Its stage moves through <see cref="Opportunity.MoveTo"/> alone.</summary>
public sealed record OpportunityDetails
{
    [Display(Name = "Nom")] public string Name { get; set; } = "";
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }

    /// <summary>Euros, excluding VAT; the sum of the lines when there are lines.</summary>
    [Display(Name = "Montant HT")] public decimal Amount { get; set; }

    /// <summary>Percent; null follows the stage.</summary>
    [Display(Name = "Probabilité manuelle (%)")] public int? ManualProbabilityPercent { get; set; }

    [Display(Name = "Clôture prévue")] public DateOnly? ExpectedCloseOn { get; set; }
    [Display(Name = "Source")] public OpportunitySource Source { get; set; }
    [Display(Name = "Prochaine action")] public string? NextAction { get; set; }
    [Display(Name = "Prochaine action le")] public DateOnly? NextActionOn { get; set; }
    [Display(Name = "Étiquettes")] public IReadOnlyList<string> Tags { get; set; } = [];
    [Display(Name = "Concurrents")] public IReadOnlyList<string> Competitors { get; set; } = [];
    [Display(Name = "Notes")] public string? Notes { get; set; }
}

/// <summary>What goes with a move: the reason of a loss, the final amount of a win, answers to the stage's checklist or the reason to pass over it.</summary>
public sealed record MoveTerms
{
    public LossReason? LossReason { get; init; }
    public string? LossNote { get; init; }

    /// <summary>The competitor who won; kept when that is the reason.</summary>
    public string? LostTo { get; init; }

    /// <summary>A lost deal is taken up again by a task due in so many months; null for none.</summary>
    public int? ReviveInMonths { get; init; }

    /// <summary>Euros excluding VAT; null keeps the amount.</summary>
    public decimal? FinalAmount { get; init; }

    /// <summary>The day of the win or loss; null is today.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>Answers the checklist. Euros excluding VAT.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Answers the checklist.</summary>
    public DateOnly? ExpectedCloseOn { get; init; }

    /// <summary>Answers the checklist.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>Answers the checklist.</summary>
    public string? NextAction { get; init; }

    /// <summary>Answers the checklist.</summary>
    public DateOnly? NextActionOn { get; init; }

    /// <summary>Answers the checklist.</summary>
    public OpportunitySource? Source { get; init; }

    /// <summary>Answers the checklist with a first product line.</summary>
    public OpportunityLineDetails? Line { get; init; }

    /// <summary>Why the missing items of the stage's checklist are passed over.</summary>
    public string? ForceReason { get; init; }

    /// <summary>Whether the actor may pass over the checklist; the door decides.</summary>
    public bool MayForce { get; init; }

    /// <summary>Whether a loss comes with its reason in full.</summary>
    /// <exception cref="BusinessRuleException">Something is missing.</exception>
    public void CheckLoss(StageOutcome outcome)
    {
        if (outcome is not StageOutcome.Lost)
        {
            return;
        }

        switch (LossReason)
        {
            case null:
                throw new BusinessRuleException("Indiquez le motif de la perte.", nameof(LossReason));
            case Sales.LossReason.Other when string.IsNullOrWhiteSpace(LossNote):
                throw new BusinessRuleException("Précisez le motif de la perte.", nameof(LossNote));
            case Sales.LossReason.Competitor when string.IsNullOrWhiteSpace(LostTo):
                throw new BusinessRuleException("Indiquez le concurrent qui l'a emporté.", nameof(LostTo));
        }
    }
}
