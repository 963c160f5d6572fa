using System.Globalization;
using System.Text;
using MedCrm.Core.Customers;

namespace MedCrm.Core.Data.Demo;

internal sealed record DemoInstitution(InstitutionDetails Details, string Team);

// Real institutions, as the public SAE 2023 survey describes them. The file is ours: no quotes, no semicolon inside a field.
internal static class DemoInstitutions
{
    public static IReadOnlyList<DemoInstitution> Read()
    {
        var assembly = typeof(DemoInstitutions).Assembly;
        var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith("demo-institutions.csv", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';')).ToList();
        return [.. lines.Skip(1).Select((fields, index) =>
        {
            var row = lines[0].Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second);
            return new DemoInstitution(DetailsOf(row, index), row["Team"]);
        })];
    }

    private static InstitutionDetails DetailsOf(Dictionary<string, string> row, int index)
    {
        var rooms = Number(row["OperatingRooms"]);
        return new InstitutionDetails
        {
            Name = row["Name"],
            FinessEt = row["FinessEt"],
            FinessEj = row["FinessEj"],
            Siret = row["Siret"],
            CategoryCode = row["CategoryCode"],
            LegalStatusCode = row["LegalStatusCode"],
            Street = row["Street"],
            Postcode = row["Postcode"],
            City = row["City"],
            Cedex = row["Cedex"],
            InseeCode = row["InseeCode"],
            DepartmentCode = row["DepartmentCode"],
            BedsMedicine = Number(row["BedsMedicine"]),
            BedsSurgery = Number(row["BedsSurgery"]),
            BedsObstetrics = Number(row["BedsObstetrics"]),
            OperatingRooms = rooms,
            HospitalGroup = row["HospitalGroup"],
            Phone = $"01 99 00 50 {index:00}",
            Status = index % 3 == 0 ? CustomerStatus.HotProspect : CustomerStatus.ColdProspect,
            Conformity = (Conformity)(index % 4),
            Specialities = rooms > 15 ? ["Chirurgie orthopédique", "Cardiologie"] : ["Chirurgie ambulatoire"],
            Tags = index % 5 == 0 ? ["Grand compte"] : index % 4 == 0 ? ["UniHA"] : [],
        };
    }

    private static int? Number(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
