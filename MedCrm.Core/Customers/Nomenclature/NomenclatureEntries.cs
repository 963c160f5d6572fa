using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Customers;

/// <summary>A FINESS category of institution.</summary>
/// <param name="Code">Three digits, for instance 355.</param>
/// <param name="Label">The official French label.</param>
/// <param name="ShortLabel">What fits in a table cell, for instance CH.</param>
/// <param name="Kind">The family the category belongs to.</param>
/// <param name="IsImportable">Whether institutions of this category enter the CRM by default; false where the address may be a private home.</param>
public sealed record InstitutionCategory(string Code, string Label, string ShortLabel, CategoryKind Kind, bool IsImportable);

/// <summary>A FINESS legal status (statut juridique).</summary>
/// <param name="Code">Two digits, for instance 13.</param>
/// <param name="Label">The official French label.</param>
/// <param name="Ownership">Public or private, as the status implies.</param>
public sealed record LegalStatus(string Code, string Label, Ownership Ownership)
{
    /// <summary>Whether the status is that of a public health institution (codes 10 to 15).</summary>
    public bool IsPublicHospital => Code is "10" or "11" or "12" or "13" or "14" or "15";

    /// <summary>Whether the status is that of a natural person (code 70), whose data stays out of the CRM.</summary>
    public bool IsNaturalPerson => Code is "70";
}

/// <summary>A code and its official French label.</summary>
public sealed record NomenclatureEntry(string Code, string Label);

/// <summary>A department or overseas territory.</summary>
/// <param name="Code">The INSEE code: 01 to 95, 2A, 2B, 971 to 988.</param>
/// <param name="Name">The French name.</param>
/// <param name="Region">Its region, or null for the territories that belong to none.</param>
public sealed record Department(string Code, string Name, NomenclatureEntry? Region)
{
    /// <summary>Where its national telephone numbers are dialled from: FR, GP, MQ, GF, RE or YT.</summary>
    public string PhoneRegion => PhoneNumber.RegionOfDepartment(Code);
}
