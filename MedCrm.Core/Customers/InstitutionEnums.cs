using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Customers;

/// <summary>Where an institution stands with us.</summary>
public enum CustomerStatus
{
    [Display(Name = "Prospect froid")] ColdProspect,
    [Display(Name = "Prospect chaud")] HotProspect,
    [Display(Name = "Client")] Customer,
    [Display(Name = "Ancien client")] FormerCustomer,
}

/// <summary>Who owns the institution; payment terms and public-buyer rules follow from it.</summary>
public enum Ownership
{
    [Display(Name = "Non renseigné")] Unknown,
    [Display(Name = "Public")] Public,
    [Display(Name = "Privé lucratif")] PrivateForProfit,
    [Display(Name = "Privé non lucratif")] PrivateNonProfit,
}

/// <summary>The state of an institution's conformity.</summary>
public enum Conformity
{
    [Display(Name = "En attente")] Pending,
    [Display(Name = "Conforme")] Compliant,
    [Display(Name = "Non conforme")] NonCompliant,
    [Display(Name = "Expirée")] Expired,
}

/// <summary>What a label on an institution speaks of.</summary>
public enum InstitutionLabelKind
{
    [Display(Name = "Étiquette")] Tag,
    [Display(Name = "Spécialité")] Speciality,
    [Display(Name = "Service")] Department,
    [Display(Name = "Équipement")] Equipment,
}

/// <summary>The weight of a contact in a decision.</summary>
public enum Influence
{
    [Display(Name = "Non renseignée")] Unknown,
    [Display(Name = "Décideur")] DecisionMaker,
    [Display(Name = "Prescripteur")] Prescriber,
    [Display(Name = "Acheteur")] Buyer,
    [Display(Name = "Utilisateur")] EndUser,
    [Display(Name = "Opposant")] Opponent,
}
