using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Access;

/// <summary>What somebody does in the team; rights follow from it (<see cref="Rights"/>).</summary>
public enum Role
{
    [Display(Name = "Administrateur")] Administrator,
    [Display(Name = "Manager")] Manager,
    [Display(Name = "Commercial")] Sales,
    [Display(Name = "Recruteur")] Recruiter,
    [Display(Name = "Facturation")] Billing,
}

/// <summary>How far a role sees: its own records, its team's, or everyone's. Records without owner nor team are common to all.</summary>
public enum Visibility
{
    [Display(Name = "Ses fiches")] Own,
    [Display(Name = "Celles de son équipe")] Team,
    [Display(Name = "Toutes")] All,
}

/// <summary>An act that not every role may do.</summary>
public enum Right
{
    [Display(Name = "Modifier établissements et contacts")] EditCustomers,
    [Display(Name = "Modifier les affaires")] EditSales,
    [Display(Name = "Modifier les devis")] EditQuotes,
    [Display(Name = "Facturer et encaisser")] EditInvoices,
    [Display(Name = "Modifier les contrats")] EditContracts,
    [Display(Name = "Modifier le catalogue")] EditCatalog,
    [Display(Name = "Voir les marges")] SeeMargins,
    [Display(Name = "Importer")] Import,
    [Display(Name = "Exporter")] Export,
    [Display(Name = "Forcer une étape")] ForceStageGate,
    [Display(Name = "Partager une vue")] ShareViews,
    [Display(Name = "Lire le journal")] ReadAudit,
    [Display(Name = "Administrer")] Administer,
}
