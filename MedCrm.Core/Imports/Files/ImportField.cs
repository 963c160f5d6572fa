using System.ComponentModel.DataAnnotations;

namespace MedCrm.Core.Imports.Files;

/// <summary>What a column of a free file may feed.</summary>
public enum ImportField
{
    /// <summary>The identifier of the record in the product, as its exports write it.</summary>
    Id,

    /// <summary>FINESS number of the site.</summary>
    FinessEt,

    /// <summary>FINESS number of the legal entity.</summary>
    FinessEj,

    /// <summary>SIREN.</summary>
    Siren,

    /// <summary>SIRET.</summary>
    Siret,

    /// <summary>Name of the institution.</summary>
    Name,

    /// <summary>Short name of the institution.</summary>
    ShortName,

    /// <summary>VAT number.</summary>
    VatNumber,

    /// <summary>GHT or group it belongs to.</summary>
    HospitalGroup,

    /// <summary>Category: code, label or short label.</summary>
    Category,

    /// <summary>Legal status code.</summary>
    LegalStatus,

    /// <summary>Public or private.</summary>
    Ownership,

    /// <summary>Where it stands with us: prospect, customer…</summary>
    Status,

    /// <summary>Who follows it, by e-mail or name.</summary>
    Owner,

    /// <summary>Tags, separated by commas, semicolons or bars.</summary>
    Tags,

    /// <summary>Number and street.</summary>
    Street,

    /// <summary>Second line of the address.</summary>
    AddressLine2,

    /// <summary>Postcode.</summary>
    Postcode,

    /// <summary>City, with or without its CEDEX or postcode.</summary>
    City,

    /// <summary>INSEE commune code.</summary>
    InseeCode,

    /// <summary>Department, code or name.</summary>
    Department,

    /// <summary>Telephone of the institution.</summary>
    Phone,

    /// <summary>Second telephone of the institution.</summary>
    SecondPhone,

    /// <summary>Fax of the institution.</summary>
    Fax,

    /// <summary>E-mail of the institution.</summary>
    Email,

    /// <summary>Web site.</summary>
    Website,

    /// <summary>Beds in medicine.</summary>
    BedsMedicine,

    /// <summary>Beds in surgery.</summary>
    BedsSurgery,

    /// <summary>Beds in obstetrics.</summary>
    BedsObstetrics,

    /// <summary>Beds in psychiatry.</summary>
    BedsPsychiatry,

    /// <summary>Beds in rehabilitation (SMR).</summary>
    BedsRehabilitation,

    /// <summary>Beds of long stay.</summary>
    BedsLongStay,

    /// <summary>Operating rooms.</summary>
    OperatingRooms,

    /// <summary>Free text.</summary>
    Notes,

    /// <summary>A contact's title: M., Mme, Dr.</summary>
    ContactTitle,

    /// <summary>A contact's first name.</summary>
    ContactFirstName,

    /// <summary>A contact's last name.</summary>
    ContactLastName,

    /// <summary>A contact's job.</summary>
    ContactJobTitle,

    /// <summary>A contact's ward or department inside the institution.</summary>
    ContactDepartment,

    /// <summary>A contact's e-mail.</summary>
    ContactEmail,

    /// <summary>A contact's landline.</summary>
    ContactPhone,

    /// <summary>A contact's mobile telephone.</summary>
    ContactMobile,

    /// <summary>A contact's RPPS number.</summary>
    ContactRpps,

    /// <summary>A contact's first and last name in one cell, whatever their order.</summary>
    ContactFullName,

    /// <summary>A contact's speciality.</summary>
    ContactSpeciality,

    /// <summary>What a contact is inside the institution.</summary>
    ContactRole,

    /// <summary>A contact's weight in decisions.</summary>
    ContactInfluence,

    /// <summary>Whether a contact is the first one to call in the institution.</summary>
    ContactPrimary,

    /// <summary>The reference of an item of the catalogue, its key.</summary>
    ItemCode,

    /// <summary>The name of an item.</summary>
    ItemName,

    /// <summary>What is said of an item under its name.</summary>
    ItemDescription,

    /// <summary>The category of an item.</summary>
    ItemCategory,

    /// <summary>What one of an item is: a day, a licence.</summary>
    ItemUnit,

    /// <summary>The price of one, euros excluding VAT.</summary>
    ItemUnitPrice,

    /// <summary>What one costs us, euros excluding VAT.</summary>
    ItemUnitCost,

    /// <summary>The rate of VAT of an item, percent; 0 for an exempt one.</summary>
    ItemVatRate,

    /// <summary>The provision that exempts an item.</summary>
    ItemVatReason,

    /// <summary>Goods or services.</summary>
    ItemNature,

    /// <summary>How often the price of an item is due.</summary>
    ItemPeriod,

    /// <summary>Whether an item is offered on new lines.</summary>
    ItemIsOffered,
}

/// <summary>What the rows of a free file describe.</summary>
public enum ImportSubject
{
    /// <summary>One institution per row.</summary>
    [Display(Name = "Établissements")] Institutions,

    /// <summary>One person per row, perhaps with the institution.</summary>
    [Display(Name = "Contacts")] Contacts,

    /// <summary>One item of the catalogue per row.</summary>
    [Display(Name = "Catalogue")] Catalog,
}
