using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>Institutions in a file of any layout, once a person has matched its columns.</summary>
public static class FreeInstitutions
{
    /// <summary>One line per row; a row that names and identifies nothing is in error.</summary>
    public static IEnumerable<InstitutionLine> Read(ImportTable table, ImportMapping mapping) => MappedRow.Read(table, mapping).Select(row => Line(row) with { Row = row.Row });

    private static InstitutionLine Line(MappedRow row)
    {
        if (row.BrokenName(ImportField.Name) is { } broken)
        {
            return new InstitutionLine(row.LineNumber, null, [.. row.Notices, broken]);
        }

        if (ImportFields.Naming(ImportSubject.Institutions).All(key => row[key] is null))
        {
            return new InstitutionLine(row.LineNumber, null, [.. row.Notices, new ImportNotice(row.LineNumber, NoticeSeverity.Error, "", "La ligne n'a ni nom, ni numéro FINESS, ni SIRET : elle ne peut pas être importée.")]);
        }

        var (postcode, city, cedex) = PostalLines.Split(row[ImportField.City]);
        postcode = row[ImportField.Postcode] ?? postcode;
        return new InstitutionLine(row.LineNumber, new InstitutionSource
        {
            LineNumber = row.LineNumber,
            Id = Guid.TryParse(row[ImportField.Id], out var id) ? id : null,
            FinessEt = row[ImportField.FinessEt],
            FinessEj = row[ImportField.FinessEj],
            // A site whose own number could not be read is not a legal entity.
            IsLegalEntity = row[ImportField.FinessEt] is null && row[ImportField.FinessEj] is not null && !row.HasText(ImportField.FinessEt),
            Siren = row[ImportField.Siren],
            Siret = row[ImportField.Siret],
            Name = row[ImportField.Name],
            ShortName = row[ImportField.ShortName],
            VatNumber = row[ImportField.VatNumber],
            HospitalGroup = row[ImportField.HospitalGroup],
            CategoryCode = row[ImportField.Category],
            LegalStatusCode = row[ImportField.LegalStatus],
            Ownership = Enum.TryParse<Ownership>(row[ImportField.Ownership], out var ownership) ? ownership : Nomenclature.OwnershipOf(row[ImportField.LegalStatus]),
            Status = Enum.TryParse<CustomerStatus>(row[ImportField.Status], out var status) ? status : null,
            Owner = row[ImportField.Owner],
            Tags = row[ImportField.Tags],
            Street = row[ImportField.Street],
            AddressLine2 = row[ImportField.AddressLine2],
            Postcode = postcode,
            City = city,
            Cedex = cedex,
            InseeCode = row[ImportField.InseeCode],
            DepartmentCode = MappedRow.DepartmentOf(row.Values),
            Phone = row[ImportField.Phone],
            SecondPhone = row[ImportField.SecondPhone],
            Fax = row[ImportField.Fax],
            Email = row[ImportField.Email],
            Website = row[ImportField.Website],
            BedsMedicine = row[ImportField.BedsMedicine],
            BedsSurgery = row[ImportField.BedsSurgery],
            BedsObstetrics = row[ImportField.BedsObstetrics],
            BedsPsychiatry = row[ImportField.BedsPsychiatry],
            BedsRehabilitation = row[ImportField.BedsRehabilitation],
            BedsLongStay = row[ImportField.BedsLongStay],
            OperatingRooms = row[ImportField.OperatingRooms],
            Notes = row[ImportField.Notes],
            Emptied = row.Emptied,
        }, row.Notices);
    }
}
