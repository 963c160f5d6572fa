using System.Globalization;
using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Lays what a file says of an institution over what is known of it: only the fields that the file carries change.</summary>
internal static class InstitutionFieldMerge
{
    private static readonly char[] s_tagSeparators = [',', ';', '|', '\n'];

    private static readonly PropertyInfo[] s_fields = [.. typeof(InstitutionDetails)
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => property.CanWrite && property.Name != nameof(InstitutionDetails.AcceptsWrongKeys))];

    /// <summary>The details to give to the institution. Numbers whose key is wrong are kept: registers publish such numbers, and the row carries a warning.</summary>
    public static InstitutionDetails Over(InstitutionDetails current, InstitutionSource source, Actor? owner, bool clearsEmpty)
    {
        var emptied = clearsEmpty ? source.Emptied : null;
        return current with
        {
            AcceptsWrongKeys = true,
            Name = source.Name ?? current.Name,
            ShortName = Text(ImportField.ShortName, source.ShortName, current.ShortName),
            FinessEt = Text(ImportField.FinessEt, source.FinessEt, current.FinessEt),
            FinessEj = Text(ImportField.FinessEj, source.FinessEj, current.FinessEj),
            IsLegalEntity = source.IsLegalEntity || current.IsLegalEntity,
            Siren = Text(ImportField.Siren, source.Siren, current.Siren),
            Siret = Text(ImportField.Siret, source.Siret, current.Siret),
            VatNumber = Text(ImportField.VatNumber, source.VatNumber, current.VatNumber),
            CategoryCode = Text(ImportField.Category, source.CategoryCode, current.CategoryCode),
            LegalStatusCode = Text(ImportField.LegalStatus, source.LegalStatusCode, current.LegalStatusCode),
            Ownership = source.Ownership ?? current.Ownership,
            Street = Text(ImportField.Street, source.Street, current.Street),
            AddressLine2 = Text(ImportField.AddressLine2, source.AddressLine2, current.AddressLine2),
            Postcode = Text(ImportField.Postcode, source.Postcode, current.Postcode),
            City = Text(ImportField.City, source.City, current.City),
            Cedex = Text(ImportField.City, source.Cedex, current.Cedex),
            InseeCode = Text(ImportField.InseeCode, source.InseeCode, current.InseeCode),
            DepartmentCode = Text(ImportField.Department, source.DepartmentCode, current.DepartmentCode),
            Phone = Text(ImportField.Phone, source.Phone, current.Phone),
            SecondPhone = Text(ImportField.SecondPhone, source.SecondPhone, current.SecondPhone),
            Fax = Text(ImportField.Fax, source.Fax, current.Fax),
            Email = Text(ImportField.Email, source.Email, current.Email),
            Website = Text(ImportField.Website, source.Website, current.Website),
            OwnerId = owner?.Id ?? (IsEmptied(ImportField.Owner) ? null : current.OwnerId),
            TeamId = owner is not null ? owner.TeamId : IsEmptied(ImportField.Owner) ? null : current.TeamId,
            Status = source.Status ?? current.Status,
            HospitalGroup = Text(ImportField.HospitalGroup, source.HospitalGroup, current.HospitalGroup),
            Tags = source.Tags is { } tags
                ? LabelList.Clean(current.Tags.Concat(tags.Split(s_tagSeparators)), nameof(InstitutionDetails.Tags))
                : IsEmptied(ImportField.Tags) ? [] : current.Tags,
            BedsMedicine = Count(ImportField.BedsMedicine, source.BedsMedicine, current.BedsMedicine),
            BedsSurgery = Count(ImportField.BedsSurgery, source.BedsSurgery, current.BedsSurgery),
            BedsObstetrics = Count(ImportField.BedsObstetrics, source.BedsObstetrics, current.BedsObstetrics),
            BedsPsychiatry = Count(ImportField.BedsPsychiatry, source.BedsPsychiatry, current.BedsPsychiatry),
            BedsRehabilitation = Count(ImportField.BedsRehabilitation, source.BedsRehabilitation, current.BedsRehabilitation),
            BedsLongStay = Count(ImportField.BedsLongStay, source.BedsLongStay, current.BedsLongStay),
            OperatingRooms = Count(ImportField.OperatingRooms, source.OperatingRooms, current.OperatingRooms),
            Notes = Text(ImportField.Notes, source.Notes, current.Notes),
        };

        bool IsEmptied(ImportField field) => emptied?.Contains(field) is true;

        string? Text(ImportField field, string? value, string? known) => value ?? (IsEmptied(field) ? null : known);

        int? Count(ImportField field, string? value, int? known)
            => value is not null ? int.Parse(value, CultureInfo.InvariantCulture) : IsEmptied(field) ? null : known;
    }

    /// <summary>The fields in which two details differ.</summary>
    public static List<PropertyInfo> Differences(InstitutionDetails before, InstitutionDetails after)
    {
        var differences = new List<PropertyInfo>();
        foreach (var field in s_fields)
        {
            var (was, becomes) = (field.GetValue(before), field.GetValue(after));
            var isSame = was is IReadOnlyList<string> texts ? texts.SequenceEqual((IReadOnlyList<string>)becomes!) : Equals(was, becomes);
            if (!isSame)
            {
                differences.Add(field);
            }
        }

        return differences;
    }
}
