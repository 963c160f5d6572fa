using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class SaeImportTests
{
    private const string Header = "bor;an;fi;rs;fi_ej;stj;stjr;cat;catr;espic;nat;sir;dep;COMINSEE;NUMVOI;TYPVOI;NOMVOI;BP;CPO;LIBCOM;COMPD\n";

    [RealDataFact]
    public void The_identity_file_gives_the_known_counts()
    {
        using var file = RealData.Open("sae2023_ID.csv");
        var lines = ImportFormats.ReadInstitutions(file).ToList();
        var institutions = lines.Select(line => line.Institution).OfType<InstitutionSource>().ToList();

        Assert.Equal(ImportFormat.Sae, ImportFormats.Detect(file));
        Assert.Equal(3975, lines.Count);
        Assert.Equal("970104477", FinessOf(Assert.Single(lines, line => line.Institution is null), file));
        Assert.Contains(lines.SelectMany(line => line.Notices), notice => notice.Severity is NoticeSeverity.Skip && notice.Message.ToString().StartsWith("Personne physique", StringComparison.Ordinal));
        Assert.Equal(["00000000000000", "00000000000000"], lines.SelectMany(line => line.Notices).Where(notice => notice.Severity is not NoticeSeverity.Skip).Select(notice => notice.RawValue));

        Assert.Equal(45, institutions.Count(institution => institution.IsLegalEntity));
        Assert.Equal(3929, institutions.Count(institution => institution.FinessEt is not null));
        Assert.Equal(3974, institutions.Select(institution => institution.Finess).Distinct().Count());
        // The person left out is the only site of one legal entity and counts among the 1,288 private for-profit ones.
        Assert.Equal(2175, institutions.Select(institution => institution.FinessEj).Distinct().Count());
        Assert.Equal(1428, institutions.Count(institution => institution.Ownership is Ownership.Public));
        Assert.Equal(1287, institutions.Count(institution => institution.Ownership is Ownership.PrivateForProfit));
        Assert.Equal(1259, institutions.Count(institution => institution.Ownership is Ownership.PrivateNonProfit));
        // 1,039 write CEDEX in capitals, and two « cedex ».
        Assert.Equal(1041, institutions.Count(institution => institution.Cedex is not null));
        Assert.DoesNotContain(institutions, institution => institution.City!.Contains("CEDEX", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(38, institutions.Max(institution => institution.Name!.Length));
        // 3,929 SIRETs in the file, less the natural person and two made of zeros.
        Assert.Equal(3926, institutions.Count(institution => institution.Siret is not null));
        Assert.All(institutions, institution => Assert.NotNull(institution.DepartmentCode));
        Assert.All(institutions, institution => Assert.NotNull(Departments.OfCommune(institution.InseeCode)));
    }

    [RealDataFact]
    public void Categories_are_counted_as_the_survey_does()
    {
        using var file = RealData.Open("sae2023_ID.csv");
        var counts = ImportFormats.ReadInstitutions(file).Select(line => line.Institution).OfType<InstitutionSource>().CountBy(institution => institution.CategoryCode!).ToDictionary();

        // 689 of category 109 in the file, less the natural person.
        var expected = new Dictionary<string, int> { ["355"] = 795, ["109"] = 688, ["146"] = 536, ["365"] = 424, ["161"] = 230, ["101"] = 209, ["106"] = 196, ["362"] = 143, ["127"] = 138, ["292"] = 120, ["128"] = 107, ["141"] = 105 };
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), counts.Where(pair => expected.ContainsKey(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.All(counts.Keys, code => Assert.NotNull(Nomenclature.Category(code)));
    }

    [RealDataFact]
    public void Beds_and_operating_rooms_are_joined_on_the_finess_number()
    {
        using var file = RealData.Open("sae2023_ID.csv");
        using var beds = RealData.Open("sae2023_MCO.csv");
        using var rooms = RealData.Open("sae2023_BLOCS.csv");
        var institutions = ImportFormats.ReadInstitutions(file, [beds, rooms]).Select(line => line.Institution).OfType<InstitutionSource>().ToDictionary(institution => institution.Finess!);

        Assert.Equal(ImportFormat.SaeBeds, ImportFormats.Detect(beds));
        Assert.Equal(ImportFormat.SaeOperatingRooms, ImportFormats.Detect(rooms));
        Assert.Equal(("246", "68", "40", "354", "11"), BedsOf(institutions["010000024"]));
        Assert.Equal(("83", "4"), (institutions["010000032"].BedsTotalMco, institutions["010000032"].OperatingRooms));
        Assert.Equal(("1175", "58"), (institutions["750100125"].BedsTotalMco, institutions["750100125"].OperatingRooms));

        // A site of a legal entity may belong to another SIREN.
        Assert.Equal(2, institutions.Values.Where(institution => institution.FinessEj == "590780193").Select(institution => institution.Siren).Distinct().Count());
    }

    [RealDataFact]
    public void Addresses_read_like_addresses()
    {
        using var file = RealData.Open("sae2023_ID.csv");
        var institutions = ImportFormats.ReadInstitutions(file).Select(line => line.Institution).OfType<InstitutionSource>().ToDictionary(institution => institution.Finess!);

        var trevoux = institutions["010000065"];
        Assert.Equal(("14 RUE DE L'HOPITAL", "BP 615", "01606", "TREVOUX", "CEDEX"), (trevoux.Street, trevoux.AddressLine2, trevoux.Postcode, trevoux.City, trevoux.Cedex));
        var mayotte = institutions["980502298"];
        Assert.Equal(("976", "97611", "97600"), (mayotte.DepartmentCode, mayotte.InseeCode, mayotte.Postcode));
        Assert.Equal("LIEU DIT \"LES DAGUEYS\"", institutions["330024928"].AddressLine2);
    }

    [RealDataFact]
    public void The_three_files_are_read_together()
    {
        using var file = RealData.Open("sae2023_ID.csv");
        using var beds = RealData.Open("sae2023_MCO.csv");
        using var rooms = RealData.Open("sae2023_BLOCS.csv");

        Assert.Equal(3975, ImportFormats.ReadInstitutions(file, [beds, rooms]).Count());
    }

    [Fact]
    public void A_siren_of_nine_digits_is_not_taken_for_a_siret()
    {
        var institution = Read("ID;2023;060800174;CROIX ROUGE;060800174;61;3;999;PNL10;6;1;775552003;06;06088;1;R;X;;06000;NICE;\n").Institution!;

        Assert.True(institution.IsLegalEntity);
        Assert.Equal((null, "060800174", "060800174"), (institution.FinessEt, institution.FinessEj, institution.Finess));
        Assert.Equal(("775552003", null), (institution.Siren, institution.Siret));
    }

    [Theory]
    [InlineData("70", "355", "Personne physique")]
    [InlineData("61", "462", "Lieu de vie")]
    [InlineData("61", "340", "Catégorie Mandataire judiciaire")]
    [InlineData("61", "620", "Catégorie 620")]
    public void What_must_not_enter_is_skipped_with_its_reason(string legalStatus, string category, string reason)
    {
        var line = Read($"ID;2023;010000024;X;010780054;{legalStatus};2;{category};;;0;26010004500012;01;01451;;;;;01440;VIRIAT;\n");

        Assert.Null(line.Institution);
        var notice = Assert.Single(line.Notices);
        Assert.Equal(NoticeSeverity.Skip, notice.Severity);
        Assert.StartsWith(reason, notice.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wanted_categories_are_a_setting()
    {
        var settings = new ImportSettings { Categories = new HashSet<string> { "620" } };
        var file = Sample.Text(Header + "ID;2023;010000024;X;010780054;61;2;620;;;0;26010004500012;01;01451;;;;;01440;VIRIAT;\n");

        Assert.NotNull(Assert.Single(ImportFormats.ReadInstitutions(file, settings: settings)).Institution);
    }

    [Fact]
    public void A_row_without_a_readable_finess_number_is_in_error()
    {
        var line = Read("ID;2023;12;X;010780054;61;2;355;;;0;26010004500012;01;01451;;;;;01440;VIRIAT;\n");

        Assert.Null(line.Institution);
        Assert.Contains(line.Notices, notice => notice is { Severity: NoticeSeverity.Error, Column: "fi", RawValue: "12", LineNumber: 2 });
    }

    [Fact]
    public void A_companion_that_is_neither_beds_nor_rooms_is_refused()
    {
        var file = Sample.Text(Header);

        Assert.Throws<ImportFileException>(() => ImportFormats.ReadInstitutions(file, [Sample.Text("a;b\n1;2\n")]).Count());
    }

    [Fact]
    public void A_beds_file_alone_is_refused() =>
        Assert.Contains("identité", Assert.Throws<ImportFileException>(() => ImportFormats.ReadInstitutions(Sample.Text("FI;LIT_MCO\n010000024;3\n"))).Message, StringComparison.Ordinal);

    private static InstitutionLine Read(string row) => Assert.Single(ImportFormats.ReadInstitutions(Sample.Text(Header + row)));

    private static (string?, string?, string?, string?, string?) BedsOf(InstitutionSource institution) =>
        (institution.BedsMedicine, institution.BedsSurgery, institution.BedsObstetrics, institution.BedsTotalMco, institution.OperatingRooms);

    private static string FinessOf(InstitutionLine line, Stream file)
    {
        var table = ImportTable.Open(file);
        return table.Rows.Single(row => row.LineNumber == line.LineNumber)[table.ColumnOf("fi")];
    }
}
