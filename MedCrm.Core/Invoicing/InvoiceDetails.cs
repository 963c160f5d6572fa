using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;

namespace MedCrm.Core.Invoicing;

/// <summary>What an invoice is (UNTDID 1001: 380, 386, 381).</summary>
public enum InvoiceKind
{
    [Display(Name = "Facture")] Invoice,
    [Display(Name = "Facture d'acompte")] Deposit,
    [Display(Name = "Avoir")] CreditNote,
}

/// <summary>Where an invoice stands. What is overdue is not stored: it follows from the day (<see cref="Invoice.StateOn"/>).</summary>
public enum InvoiceStatus
{
    [Display(Name = "Brouillon")] Draft,
    [Display(Name = "Émise")] Issued,
    [Display(Name = "Payée en partie")] PartlyPaid,
    [Display(Name = "Payée")] Paid,
    [Display(Name = "Annulée par avoir")] Credited,
    [Display(Name = "En retard")] Overdue,
    [Display(Name = "En litige")] InDispute,
}

/// <summary>Everything about an invoice draft that people edit. Amounts are in euros excluding VAT, discounts in percent.</summary>
public sealed record InvoiceDetails
{
    [Display(Name = "Nature")] public InvoiceKind Kind { get; set; }
    [Display(Name = "Objet")] public string Title { get; set; } = "";
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
    [Display(Name = "Devis")] public Guid? QuoteId { get; set; }
    [Display(Name = "Contrat")] public Guid? ContractId { get; set; }

    /// <summary>The invoice that a credit note takes back.</summary>
    [Display(Name = "Facture d'origine")] public Guid? OriginalId { get; set; }

    /// <summary>The first day of the contract's period that it bills.</summary>
    [Display(Name = "Période de contrat du")] public DateOnly? PeriodFrom { get; set; }

    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }

    /// <summary>The day of the sale or service, or the first of its period.</summary>
    [Display(Name = "Prestation du")] public DateOnly? ServiceFrom { get; set; }
    [Display(Name = "Prestation au")] public DateOnly? ServiceTo { get; set; }
    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; set; } = 30;
    [Display(Name = "N° de bon de commande")] public string? PurchaseOrder { get; set; }
    [Display(Name = "Code service")] public string? ServiceCode { get; set; }
    [Display(Name = "N° d'engagement")] public string? Engagement { get; set; }
    [Display(Name = "Adresse de livraison")] public string? DeliveryAddress { get; set; }
    [Display(Name = "Remise globale (%)")] public decimal DiscountPercent { get; set; }
    [Display(Name = "Remise globale HT")] public decimal DiscountAmount { get; set; }
    [Display(Name = "Texte imprimé")] public string? Introduction { get; set; }
    [Display(Name = "Notes internes")] public string? Notes { get; set; }

    /// <summary>The issued deposit invoices that are deducted.</summary>
    [Display(Name = "Acomptes déduits")] public IReadOnlyList<Guid> DepositIds { get; set; } = [];
    [Display(Name = "Lignes")] public IReadOnlyList<LineDetails> Lines { get; set; } = [];
}
