using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>A contact as a file describes it, perhaps with the place held in an institution; null means the file says nothing.</summary>
public sealed record ContactSource : ImportSource
{
    /// <summary>Eleven digits, one practitioner for life.</summary>
    public string? Rpps { get; init; }

    /// <summary>M., Mme, Dr, Pr, or as the file writes it.</summary>
    public string? Civility { get; init; }

    /// <summary>First name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Last name.</summary>
    public string? LastName { get; init; }

    /// <summary>Whether both names came in one cell, so that where one ends was guessed.</summary>
    public bool IsNameWhole { get; init; }

    /// <summary>Both names in a form that case, accents and their order leave alone; empty when there is none.</summary>
    public string NameKey => PersonNames.KeyOf(FirstName, LastName);

    /// <summary>Job.</summary>
    public string? JobTitle { get; init; }

    /// <summary>Speciality.</summary>
    public string? Speciality { get; init; }

    /// <summary>An address of valid form.</summary>
    public string? Email { get; init; }

    /// <summary>In E.164, or a short number as it is.</summary>
    public string? Phone { get; init; }

    /// <summary>Written as <see cref="Phone"/>.</summary>
    public string? Mobile { get; init; }

    /// <summary>FINESS number of the institution.</summary>
    public string? FinessEt { get; init; }

    /// <summary>SIRET of the institution.</summary>
    public string? Siret { get; init; }

    /// <summary>Name of the institution.</summary>
    public string? InstitutionName { get; init; }

    /// <summary>Postcode of the institution, which tells those of one name apart.</summary>
    public string? Postcode { get; init; }

    /// <summary>Town of the institution.</summary>
    public string? City { get; init; }

    /// <summary>Whether the row names an institution, readable or not.</summary>
    public bool NamesInstitution { get; init; }

    /// <summary>Role inside the institution.</summary>
    public string? RoleTitle { get; init; }

    /// <summary>Ward or department.</summary>
    public string? Department { get; init; }

    /// <summary>Weight in decisions.</summary>
    public Influence? Influence { get; init; }

    /// <summary>Whether this is the first one to call in the institution.</summary>
    public bool? IsPrimary { get; init; }

    /// <summary>Whether the row says something of the place held.</summary>
    public bool DescribesPlace => RoleTitle is not null || Department is not null || Influence is not null || IsPrimary is true;
}

/// <summary>What became of one row of contacts.</summary>
/// <param name="LineNumber">The line of the file, counted from 1.</param>
/// <param name="Contact">The contact, or null when a notice says that the row is skipped or in error.</param>
/// <param name="Notices">The remarks.</param>
/// <param name="Row">The cells it was read from.</param>
public sealed record ContactLine(int LineNumber, ContactSource? Contact, IReadOnlyList<ImportNotice> Notices, ImportRow? Row) : ImportLine(LineNumber, Notices, Row)
{
    /// <inheritdoc/>
    public override ImportSource? Source => Contact;
}
