using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;

namespace MedCrm.Core.Quoting;

/// <summary>Where a version of a quote stands. What is expired is not stored: it follows from the day (<see cref="Quote.StateOn"/>).</summary>
public enum QuoteStatus
{
    [Display(Name = "Brouillon")] Draft,
    [Display(Name = "Envoyé")] Sent,
    [Display(Name = "Consulté")] Viewed,
    [Display(Name = "Accepté")] Accepted,
    [Display(Name = "Refusé")] Refused,
    [Display(Name = "Remplacé")] Replaced,
    [Display(Name = "Expiré")] Expired,
}

/// <summary>How a quote was accepted.</summary>
public enum AcceptanceMeans
{
    [Display(Name = "Signature en ligne")] Online,
    [Display(Name = "Exemplaire signé reçu")] Scan,
}

/// <summary>Everything about a quote that people edit. Amounts are in euros excluding VAT, discounts in percent.</summary>
public sealed record QuoteDetails
{
    [Display(Name = "Objet")] public string Title { get; set; } = "";
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Date")] public DateOnly IssuedOn { get; set; }

    /// <summary>The last day on which it can be accepted.</summary>
    [Display(Name = "Valable jusqu'au")] public DateOnly ValidUntil { get; set; }

    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; set; } = 30;
    [Display(Name = "Acompte à la commande (%)")] public decimal DepositPercent { get; set; }
    [Display(Name = "Remise globale (%)")] public decimal DiscountPercent { get; set; }
    [Display(Name = "Remise globale HT")] public decimal DiscountAmount { get; set; }
    [Display(Name = "Introduction")] public string? Introduction { get; set; }
    [Display(Name = "Conditions")] public string? Terms { get; set; }
    [Display(Name = "Notes internes")] public string? Notes { get; set; }
    public IReadOnlyList<LineDetails> Lines { get; set; } = [];
}
