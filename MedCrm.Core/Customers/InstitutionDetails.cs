using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Customers;

/// <summary>Everything about an institution that people edit: the shape of the form, of an inline or bulk edit, of an imported row, and of a three-way merge.</summary>
public sealed record InstitutionDetails
{
    [Display(Name = "Nom")] public string Name { get; set; } = "";
    [Display(Name = "Nom court")] public string? ShortName { get; set; }
    [Display(Name = "FINESS établissement")] public string? FinessEt { get; set; }
    [Display(Name = "FINESS entité juridique")] public string? FinessEj { get; set; }
    [Display(Name = "SIREN")] public string? Siren { get; set; }
    [Display(Name = "SIRET")] public string? Siret { get; set; }
    [Display(Name = "N° de TVA")] public string? VatNumber { get; set; }
    [Display(Name = "Catégorie")] public string? CategoryCode { get; set; }
    [Display(Name = "Statut juridique")] public string? LegalStatusCode { get; set; }
    [Display(Name = "Public / privé")] public Ownership Ownership { get; set; }
    [Display(Name = "Entité juridique")] public bool IsLegalEntity { get; set; }
    [Display(Name = "Adresse")] public string? Street { get; set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; set; }
    [Display(Name = "Code postal")] public string? Postcode { get; set; }
    [Display(Name = "Ville")] public string? City { get; set; }
    [Display(Name = "Cedex")] public string? Cedex { get; set; }
    [Display(Name = "Code commune")] public string? InseeCode { get; set; }
    [Display(Name = "Département")] public string? DepartmentCode { get; set; }
    [Display(Name = "Téléphone")] public string? Phone { get; set; }
    [Display(Name = "Second téléphone")] public string? SecondPhone { get; set; }
    [Display(Name = "Télécopie")] public string? Fax { get; set; }
    [Display(Name = "E-mail")] public string? Email { get; set; }
    [Display(Name = "Site web")] public string? Website { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Statut")] public CustomerStatus Status { get; set; }
    [Display(Name = "GHT ou groupe")] public string? HospitalGroup { get; set; }
    [Display(Name = "Établissement de rattachement")] public Guid? ParentId { get; set; }
    [Display(Name = "Étiquettes")] public IReadOnlyList<string> Tags { get; set; } = [];
    [Display(Name = "Lits de médecine")] public int? BedsMedicine { get; set; }
    [Display(Name = "Lits de chirurgie")] public int? BedsSurgery { get; set; }
    [Display(Name = "Lits d'obstétrique")] public int? BedsObstetrics { get; set; }
    [Display(Name = "Lits de psychiatrie")] public int? BedsPsychiatry { get; set; }
    [Display(Name = "Lits de SMR")] public int? BedsRehabilitation { get; set; }
    [Display(Name = "Lits de long séjour")] public int? BedsLongStay { get; set; }
    [Display(Name = "Salles d'opération")] public int? OperatingRooms { get; set; }
    [Display(Name = "Spécialités")] public IReadOnlyList<string> Specialities { get; set; } = [];
    [Display(Name = "Services")] public IReadOnlyList<string> Departments { get; set; } = [];
    [Display(Name = "Équipements")] public IReadOnlyList<string> Equipment { get; set; } = [];
    [Display(Name = "Conformité")] public Conformity Conformity { get; set; }
    [Display(Name = "Dernier audit")] public DateOnly? LastAuditOn { get; set; }
    [Display(Name = "Prochain audit")] public DateOnly? NextAuditOn { get; set; }
    [Display(Name = "Notes de conformité")] public string? ConformityNotes { get; set; }
    [Display(Name = "Notes")] public string? Notes { get; set; }

    /// <summary>Identifier keys that are wrong are refused unless this is set: registers publish such numbers, and administrators may force one.</summary>
    [Display(Name = "Accepter un identifiant dont la clé est fausse")] public bool AcceptsWrongKeys { get; set; }
}
