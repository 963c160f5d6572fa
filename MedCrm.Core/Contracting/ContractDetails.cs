using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;

namespace MedCrm.Core.Contracting;

/// <summary>What is agreed on.</summary>
public enum ContractType
{
    [Display(Name = "Abonnement")] Subscription,
    [Display(Name = "Maintenance")] Maintenance,
    [Display(Name = "Prestation")] Service,
}

/// <summary>Where a contract stands.</summary>
public enum ContractStatus
{
    [Display(Name = "Brouillon")] Draft,
    [Display(Name = "Actif")] Active,
    [Display(Name = "Dénoncé")] Noticed,
    [Display(Name = "Résilié")] Terminated,
    [Display(Name = "Terminé")] Ended,
}

/// <summary>What the state of a contract means.</summary>
public static class ContractStates
{
    /// <summary>Whether a contract at that state binds and goes on, if only to the end of its term.</summary>
    public static bool IsLive(this ContractStatus status) => status is ContractStatus.Active or ContractStatus.Noticed;
}

/// <summary>Why a contract stops.</summary>
public enum EndReason
{
    [Display(Name = "Prix")] Price,
    [Display(Name = "Concurrent")] Competitor,
    [Display(Name = "Besoin disparu")] NoNeed,
    [Display(Name = "Insatisfaction")] Dissatisfaction,
    [Display(Name = "Budget")] Budget,
    [Display(Name = "Fermeture ou fusion")] Closure,
    [Display(Name = "Impayés")] Unpaid,
    [Display(Name = "Autre")] Other,
}

/// <summary>Everything about a contract that people edit. Prices are in euros excluding VAT, delays in months or days, rates in percent.</summary>
public sealed record ContractDetails
{
    [Display(Name = "Objet")] public string Title { get; set; } = "";
    [Display(Name = "Type")] public ContractType Type { get; set; }
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
    [Display(Name = "Devis")] public Guid? QuoteId { get; set; }

    /// <summary>The contract whose place it takes once it is in force.</summary>
    [Display(Name = "Remplace")] public Guid? ReplacesId { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Début")] public DateOnly? StartsOn { get; set; }
    [Display(Name = "Durée initiale (mois)")] public int InitialMonths { get; set; } = 12;
    [Display(Name = "Reconduction tacite")] public bool IsTacit { get; set; }
    [Display(Name = "Durée de reconduction (mois)")] public int RenewalMonths { get; set; } = 12;

    /// <summary>Null for no limit; a public contract states it (CCP art. R2112-4).</summary>
    [Display(Name = "Nombre maximal de reconductions")] public int? MostRenewals { get; set; }
    [Display(Name = "Préavis (mois)")] public int NoticeMonths { get; set; } = 3;
    [Display(Name = "Facturation")] public BillingPeriod Billing { get; set; } = BillingPeriod.Monthly;
    [Display(Name = "À terme échu")] public bool IsInArrears { get; set; }

    /// <summary>No day before this one is billed here, and the period it falls in is billed in proportion; null bills from the period under way when it comes into force.</summary>
    [Display(Name = "Facturer à partir du")] public DateOnly? BillsFrom { get; set; }
    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; set; } = 30;
    [Display(Name = "N° de bon de commande")] public string? PurchaseOrder { get; set; }

    /// <summary>The series that revises the prices, « Syntec révisé »; none without a clause.</summary>
    [Display(Name = "Indice de révision")] public string? IndexName { get; set; }

    /// <summary>Up to 6 decimals.</summary>
    [Display(Name = "Indice de base")] public decimal? BaseIndex { get; set; }

    /// <summary>Any day of the month it was published for.</summary>
    [Display(Name = "Mois de l'indice de base")] public DateOnly? BaseIndexMonth { get; set; }
    [Display(Name = "Part fixe (%)")] public decimal FixedPercent { get; set; }
    [Display(Name = "Plafond de hausse (%)")] public decimal? CapPercent { get; set; }
    [Display(Name = "Jamais à la baisse")] public bool NeverDown { get; set; } = true;
    [Display(Name = "Notes internes")] public string? Notes { get; set; }
    public IReadOnlyList<LineDetails> Lines { get; set; } = [];
}

/// <summary>A change of a contract's lines from a day on.</summary>
public sealed record AmendmentDetails
{
    [Display(Name = "Prend effet le")] public DateOnly? EffectiveOn { get; set; }
    [Display(Name = "Ce qui change")] public string? Change { get; set; }
    [Display(Name = "Motif")] public string? Reason { get; set; }
    public IReadOnlyList<LineDetails> Lines { get; set; } = [];
}

/// <summary>A notice given by one of the parties.</summary>
public sealed record NoticeDetails
{
    [Display(Name = "Reçue ou envoyée le")] public DateOnly? On { get; set; }
    [Display(Name = "Par nous")] public bool IsOurs { get; set; }
    [Display(Name = "Motif")] public EndReason? Reason { get; set; }
    [Display(Name = "Précision")] public string? Note { get; set; }

    /// <summary>A notice that came too late binds nobody; it is taken all the same when both agree.</summary>
    [Display(Name = "Accepter hors délai")] public bool AcceptsLate { get; set; }
}

/// <summary>The end of a contract before its term.</summary>
public sealed record TerminationDetails
{
    [Display(Name = "Dernier jour")] public DateOnly? LastDay { get; set; }
    [Display(Name = "Motif")] public EndReason? Reason { get; set; }
    [Display(Name = "Précision")] public string? Note { get; set; }
}
