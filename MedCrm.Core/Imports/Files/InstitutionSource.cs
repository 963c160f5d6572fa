using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>An institution as a file describes it, whatever the file; null means the file says nothing.</summary>
public sealed record InstitutionSource : ImportSource
{
    /// <summary>FINESS number of the site, the key of an institution; null for a legal entity.</summary>
    public string? FinessEt { get; init; }

    /// <summary>FINESS number of the legal entity.</summary>
    public string? FinessEj { get; init; }

    /// <summary>The FINESS number that identifies the row: the site's, or the legal entity's when the row describes one.</summary>
    public string? Finess => FinessEt ?? (IsLegalEntity ? FinessEj : null);

    /// <summary>Whether the row describes a legal entity rather than a site.</summary>
    public bool IsLegalEntity { get; init; }

    /// <summary>Nine digits; those of the site's own SIRET when it has one, never deduced from the legal entity.</summary>
    public string? Siren { get; init; }

    /// <summary>Fourteen digits; several sites may share one.</summary>
    public string? Siret { get; init; }

    /// <summary>The long name, else the short one.</summary>
    public string? Name { get; init; }

    /// <summary>The short name, when it differs from the long one.</summary>
    public string? ShortName { get; init; }

    /// <summary>The name of the legal entity.</summary>
    public string? LegalEntityName { get; init; }

    /// <summary>FINESS category, three digits.</summary>
    public string? CategoryCode { get; init; }

    /// <summary>FINESS legal status, two digits.</summary>
    public string? LegalStatusCode { get; init; }

    /// <summary>Public or private.</summary>
    public Ownership? Ownership { get; init; }

    /// <summary>VAT number, without separators.</summary>
    public string? VatNumber { get; init; }

    /// <summary>GHT or group.</summary>
    public string? HospitalGroup { get; init; }

    /// <summary>Where it stands with us.</summary>
    public CustomerStatus? Status { get; init; }

    /// <summary>ESPIC code: 1 public, 6 and 7 private not for profit, 0 not concerned, 9 undetermined.</summary>
    public string? EspicCode { get; init; }

    /// <summary>SAE grouped category, for instance PUB2.</summary>
    public string? GroupedCategoryCode { get; init; }

    /// <summary>Activity code (NAF), without the point: 8610Z.</summary>
    public string? ActivityCode { get; init; }

    /// <summary>Number and street.</summary>
    public string? Street { get; init; }

    /// <summary>Place, box number or building.</summary>
    public string? AddressLine2 { get; init; }

    /// <summary>Five digits.</summary>
    public string? Postcode { get; init; }

    /// <summary>The city without CEDEX.</summary>
    public string? City { get; init; }

    /// <summary>CEDEX and its number, for instance « CEDEX 9 ».</summary>
    public string? Cedex { get; init; }

    /// <summary>INSEE commune code, five characters.</summary>
    public string? InseeCode { get; init; }

    /// <summary>INSEE department code: 01, 2A, 974.</summary>
    public string? DepartmentCode { get; init; }

    /// <summary>Degrees north (WGS 84), with a decimal point.</summary>
    public string? Latitude { get; init; }

    /// <summary>Degrees east (WGS 84), with a decimal point.</summary>
    public string? Longitude { get; init; }

    /// <summary>In E.164, or a short number as it is.</summary>
    public string? Phone { get; init; }

    /// <summary>Written as <see cref="Phone"/>.</summary>
    public string? SecondPhone { get; init; }

    /// <summary>Written as <see cref="Phone"/>.</summary>
    public string? Fax { get; init; }

    /// <summary>The address of the institution, of valid form.</summary>
    public string? Email { get; init; }

    /// <summary>An http or https address.</summary>
    public string? Website { get; init; }

    /// <summary>Beds in medicine.</summary>
    public string? BedsMedicine { get; init; }

    /// <summary>Beds in surgery.</summary>
    public string? BedsSurgery { get; init; }

    /// <summary>Beds in obstetrics.</summary>
    public string? BedsObstetrics { get; init; }

    /// <summary>Beds in medicine, surgery and obstetrics together.</summary>
    public string? BedsTotalMco { get; init; }

    /// <summary>Beds in psychiatry.</summary>
    public string? BedsPsychiatry { get; init; }

    /// <summary>Beds in rehabilitation (SMR).</summary>
    public string? BedsRehabilitation { get; init; }

    /// <summary>Beds of long stay.</summary>
    public string? BedsLongStay { get; init; }

    /// <summary>Operating rooms.</summary>
    public string? OperatingRooms { get; init; }

    /// <summary>The day the institution opened, ISO 8601.</summary>
    public string? OpenedOn { get; init; }

    /// <summary>The day the register last changed this record, ISO 8601.</summary>
    public string? RegisterUpdatedOn { get; init; }
}

/// <summary>What became of one row of institutions.</summary>
/// <param name="LineNumber">The line of the file, counted from 1; the rank of the site for JSON.</param>
/// <param name="Institution">The institution, or null when a notice says that the row is skipped or in error.</param>
/// <param name="Notices">The remarks.</param>
/// <param name="Row">The cells it was read from; null for JSON.</param>
public sealed record InstitutionLine(int LineNumber, InstitutionSource? Institution, IReadOnlyList<ImportNotice> Notices, ImportRow? Row = null) : ImportLine(LineNumber, Notices, Row)
{
    /// <inheritdoc/>
    public override ImportSource? Source => Institution;
}
