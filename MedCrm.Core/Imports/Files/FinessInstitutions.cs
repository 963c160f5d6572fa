using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>
/// The historic open-data extract of FINESS (etalab-cs1100502 and its geolocated twin cs1100507): a manifest line, no header, 32 fields
/// per site. The projected coordinates of the geolocated twin are left out: the CRM stores degrees only.
/// </summary>
internal static class FinessInstitutions
{
    private const string SiteRecord = "structureet";
    private const int FieldCount = 32;

    /// <summary>What the fields are called in the documentation of the extract, which has no header line.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        "type", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie", "compvoie", "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement",
        "telephone", "telecopie", "categetab", "libcategetab", "categagretab", "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph", "libsph", "dateouv", "dateautor", "datemaj", "numuai",
    ];

    public static bool IsExtract(ImportTable table) =>
        Is(table, 0, SiteRecord) || (Is(table, 0, "finess") && Is(table, 1, "etalab"));

    public static IEnumerable<InstitutionLine> Read(ImportTable table, ImportSettings settings)
    {
        foreach (var row in table.Records())
        {
            if (row[Field.RecordType].Trim().Equals(SiteRecord, StringComparison.OrdinalIgnoreCase))
            {
                yield return Line(row, settings) with { Row = row };
            }
        }
    }

    private static bool Is(ImportTable table, int column, string value) =>
        table.Headers.Count > column && table.Headers[column].Equals(value, StringComparison.OrdinalIgnoreCase);

    private static InstitutionLine Line(ImportRow row, ImportSettings settings)
    {
        var cells = new RowCells(row.LineNumber);
        if (row.Cells.Count < FieldCount && row.Cells.Count <= Field.Siret)
        {
            cells.Note(NoticeSeverity.Error, "", $"La ligne compte {row.Cells.Count} champs au lieu de {FieldCount}.");
            return new InstitutionLine(row.LineNumber, null, cells.Notices);
        }

        var finess = cells.Finess("nofinesset", row[Field.Finess]);
        if (finess is null)
        {
            cells.Note(NoticeSeverity.Error, "nofinesset", "Le numéro FINESS manque ou n'est pas lisible : la ligne ne peut pas être identifiée.", row[Field.Finess]);
        }

        var category = cells.Code("categetab", row[Field.Category], 3);
        InstitutionFilters.Apply(cells, settings, "categetab", category, "", legalStatus: null);
        return cells.Line(() =>
        {
            var shortName = CellText.Clean(row[Field.ShortName]);
            var name = CellText.Clean(row[Field.LongName]) ?? shortName;
            var (siren, siret) = cells.SiretOrSiren("siret", row[Field.Siret]);
            var (postcode, city, cedex) = PostalLines.Split(row[Field.City]);
            var finessDepartment = cells.Code("departement", row[Field.Department], 2);
            var commune = cells.Code("commune", row[Field.Commune], 3);
            var department = cells.Department("departement", finessDepartment);
            var phoneRegion = PhoneNumber.RegionOfDepartment(department);
            var espic = CellText.Clean(row[Field.Espic]);
            return new InstitutionSource
            {
                LineNumber = row.LineNumber,
                FinessEt = finess,
                FinessEj = cells.Finess("nofinessej", row[Field.LegalEntityFiness]),
                Siren = siren,
                Siret = siret,
                Name = name,
                ShortName = shortName == name ? null : shortName,
                CategoryCode = category,
                Ownership = espic switch
                {
                    "1" => Ownership.Public,
                    "6" or "7" => Ownership.PrivateNonProfit,
                    _ => null,
                },
                EspicCode = espic,
                ActivityCode = CellText.Compact(row[Field.Activity]),
                Street = PostalLines.Street(row[Field.StreetNumber], row[Field.StreetRepeat], row[Field.StreetType], row[Field.StreetName]),
                AddressLine2 = InstitutionFilters.Joined(CellText.Clean(row[Field.NameComplement]), CellText.Clean(row[Field.Distribution]), CellText.Clean(row[Field.Place])),
                Postcode = cells.Postcode("ligneacheminement", postcode),
                City = city,
                Cedex = cedex,
                InseeCode = finessDepartment is { Length: 2 } && commune is { Length: 3 } ? Departments.InseeCommune(finessDepartment + commune) : null,
                DepartmentCode = department,
                Phone = cells.Phone("telephone", row[Field.Phone], phoneRegion),
                Fax = cells.Phone("telecopie", row[Field.Fax], phoneRegion),
                OpenedOn = cells.Date("dateouv", row[Field.OpenedOn]),
                RegisterUpdatedOn = cells.Date("datemaj", row[Field.UpdatedOn]),
            };
        });
    }

    /// <summary>Positions in a line of the extract.</summary>
    private static class Field
    {
        public const int RecordType = 0;
        public const int Finess = 1;
        public const int LegalEntityFiness = 2;
        public const int ShortName = 3;
        public const int LongName = 4;
        public const int NameComplement = 5;
        public const int Distribution = 6;
        public const int StreetNumber = 7;
        public const int StreetType = 8;
        public const int StreetName = 9;
        public const int StreetRepeat = 10;
        public const int Place = 11;
        public const int Commune = 12;
        public const int Department = 13;
        public const int City = 15;
        public const int Phone = 16;
        public const int Fax = 17;
        public const int Category = 18;
        public const int Siret = 22;
        public const int Activity = 23;
        public const int Espic = 26;
        public const int OpenedOn = 28;
        public const int UpdatedOn = 30;
    }
}
