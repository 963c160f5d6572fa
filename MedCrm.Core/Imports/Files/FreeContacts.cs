using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>Contacts in a file of any layout, once a person has matched its columns.</summary>
public static class FreeContacts
{
    /// <summary>One line per row; a row that names and identifies nobody is in error.</summary>
    public static IEnumerable<ContactLine> Read(ImportTable table, ImportMapping mapping) => MappedRow.Read(table, mapping).Select(Line);

    private static ContactLine Line(MappedRow row)
    {
        if (row.BrokenName(ImportField.ContactLastName, ImportField.ContactFullName) is { } broken)
        {
            return new ContactLine(row.LineNumber, null, [.. row.Notices, broken], row.Row);
        }

        if (ImportFields.Naming(ImportSubject.Contacts).All(key => row[key] is null))
        {
            return Holds(row, ImportField.ContactRpps)
                ? LeftOut(row, row.HeaderOf(ImportField.ContactRpps), "Ce numéro RPPS n'est pas valable, et rien d'autre ne dit qui est le contact : corrigez-le.")
                : LeftOut(row, "", "La ligne n'a ni nom, ni numéro RPPS, ni e-mail : elle ne peut pas être importée.");
        }

        var isNameWhole = row[ImportField.ContactLastName] is null && row[ImportField.ContactFullName] is not null;
        var (civility, firstName, lastName) = isNameWhole ? PersonNames.Split(row[ImportField.ContactFullName]) : default;
        var (postcode, city, _) = PostalLines.Split(row[ImportField.City]);
        return new ContactLine(row.LineNumber, new ContactSource
        {
            LineNumber = row.LineNumber,
            Id = Guid.TryParse(row[ImportField.Id], out var id) ? id : null,
            Rpps = row[ImportField.ContactRpps],
            Civility = PersonNames.Civility(row[ImportField.ContactTitle]) ?? civility,
            FirstName = row[ImportField.ContactFirstName] ?? firstName,
            LastName = row[ImportField.ContactLastName] ?? lastName,
            IsNameWhole = isNameWhole,
            JobTitle = row[ImportField.ContactJobTitle],
            Speciality = row[ImportField.ContactSpeciality],
            Email = row[ImportField.ContactEmail],
            Phone = row[ImportField.ContactPhone],
            Mobile = row[ImportField.ContactMobile],
            FinessEt = row[ImportField.FinessEt],
            Siret = row[ImportField.Siret],
            InstitutionName = row[ImportField.Name],
            Postcode = row[ImportField.Postcode] ?? postcode,
            City = city,
            NamesInstitution = Holds(row, ImportField.FinessEt) || Holds(row, ImportField.Siret) || Holds(row, ImportField.Name),
            RoleTitle = row[ImportField.ContactRole],
            Department = row[ImportField.ContactDepartment],
            Influence = Enum.TryParse<Influence>(row[ImportField.ContactInfluence], out var influence) ? influence : null,
            IsPrimary = bool.TryParse(row[ImportField.ContactPrimary], out var isPrimary) ? isPrimary : null,
            Owner = row[ImportField.Owner],
            Tags = row[ImportField.Tags],
            Notes = row[ImportField.Notes],
            Emptied = row.Emptied,
        }, row.Notices, row.Row);
    }

    private static bool Holds(MappedRow row, ImportField field) => row.HasText(field) && !row.IsBroken(field);

    private static ContactLine LeftOut(MappedRow row, string column, Sentence message)
        => new(row.LineNumber, null, [.. row.Notices, new ImportNotice(row.LineNumber, NoticeSeverity.Error, column, message)], row.Row);
}
