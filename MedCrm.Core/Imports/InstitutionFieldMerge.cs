using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Lays what a file says of an institution over what is known of it: only the fields that the file carries change.</summary>
internal static class InstitutionFieldMerge
{
    /// <summary>The details to give to the institution. Numbers whose key is wrong are kept: registers publish such numbers, and the row carries a warning.</summary>
    public static InstitutionDetails Over(InstitutionDetails current, InstitutionSource source, Actor? owner, bool clearsEmpty)
    {
        var merge = new FieldMerge(source, clearsEmpty);
        var (ownerId, teamId) = merge.Owner(owner, current.OwnerId, current.TeamId);
        return current with
        {
            AcceptsWrongKeys = true,
            Name = source.Name ?? current.Name,
            ShortName = merge.Text(ImportField.ShortName, source.ShortName, current.ShortName),
            FinessEt = merge.Text(ImportField.FinessEt, source.FinessEt, current.FinessEt),
            FinessEj = merge.Text(ImportField.FinessEj, source.FinessEj, current.FinessEj),
            IsLegalEntity = source.IsLegalEntity || current.IsLegalEntity,
            Siren = merge.Text(ImportField.Siren, source.Siren, current.Siren),
            Siret = merge.Text(ImportField.Siret, source.Siret, current.Siret),
            VatNumber = merge.Text(ImportField.VatNumber, source.VatNumber, current.VatNumber),
            CategoryCode = merge.Text(ImportField.Category, source.CategoryCode, current.CategoryCode),
            LegalStatusCode = merge.Text(ImportField.LegalStatus, source.LegalStatusCode, current.LegalStatusCode),
            Ownership = source.Ownership ?? current.Ownership,
            Street = merge.Text(ImportField.Street, source.Street, current.Street),
            AddressLine2 = merge.Text(ImportField.AddressLine2, source.AddressLine2, current.AddressLine2),
            Postcode = merge.Text(ImportField.Postcode, source.Postcode, current.Postcode),
            City = merge.Text(ImportField.City, source.City, current.City),
            Cedex = merge.Text(ImportField.City, source.Cedex, current.Cedex),
            InseeCode = merge.Text(ImportField.InseeCode, source.InseeCode, current.InseeCode),
            DepartmentCode = merge.Text(ImportField.Department, source.DepartmentCode, current.DepartmentCode),
            Phone = merge.Text(ImportField.Phone, source.Phone, current.Phone),
            SecondPhone = merge.Text(ImportField.SecondPhone, source.SecondPhone, current.SecondPhone),
            Fax = merge.Text(ImportField.Fax, source.Fax, current.Fax),
            Email = merge.Text(ImportField.Email, source.Email, current.Email),
            Website = merge.Text(ImportField.Website, source.Website, current.Website),
            OwnerId = ownerId,
            TeamId = teamId,
            Status = source.Status ?? current.Status,
            HospitalGroup = merge.Text(ImportField.HospitalGroup, source.HospitalGroup, current.HospitalGroup),
            Tags = merge.Tags(current.Tags),
            BedsMedicine = merge.Count(ImportField.BedsMedicine, source.BedsMedicine, current.BedsMedicine),
            BedsSurgery = merge.Count(ImportField.BedsSurgery, source.BedsSurgery, current.BedsSurgery),
            BedsObstetrics = merge.Count(ImportField.BedsObstetrics, source.BedsObstetrics, current.BedsObstetrics),
            BedsPsychiatry = merge.Count(ImportField.BedsPsychiatry, source.BedsPsychiatry, current.BedsPsychiatry),
            BedsRehabilitation = merge.Count(ImportField.BedsRehabilitation, source.BedsRehabilitation, current.BedsRehabilitation),
            BedsLongStay = merge.Count(ImportField.BedsLongStay, source.BedsLongStay, current.BedsLongStay),
            OperatingRooms = merge.Count(ImportField.OperatingRooms, source.OperatingRooms, current.OperatingRooms),
            Notes = merge.Text(ImportField.Notes, source.Notes, current.Notes),
        };
    }
}
