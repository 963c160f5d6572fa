using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class FinessImportTests
{
    private const string Fleyriat = "structureet;010000024;010780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT;;;900;RTE;DE PARIS;;(BP 381);451;01;AIN;01440 VIRIAT;0474454647;0474454114;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;26010004500012;8610Z;03;ARS;1;Etablissement public de sante;1979-02-13;1979-02-13;2020-02-04;";
    private const string FleyriatByExcel = "structureet;10000024;10780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT;;;900;RTE;DE PARIS;;(BP 381);53;1;AIN;01440 VIRIAT;474454647;474454114;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;2,601E+13;8610Z;3;ARS;1;Etablissement public de sante;13/02/1979;13/02/1979;04/02/2020;0763390X";

    [Fact]
    public void A_line_of_the_published_extract_gives_every_field()
    {
        var file = Sample.Text($"finess;etalab;93;2026-05-12\n{Fleyriat}\n");

        Assert.Equal(ImportFormat.Finess, ImportFormats.Detect(file));
        var line = Assert.Single(ImportFormats.ReadInstitutions(file));
        Assert.Empty(line.Notices);
        Assert.Equal(new InstitutionSource
        {
            LineNumber = 2,
            FinessEt = "010000024",
            FinessEj = "010780054",
            Siren = "260100045",
            Siret = "26010004500012",
            Name = "CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT",
            ShortName = "CH DE FLEYRIAT",
            CategoryCode = "355",
            Ownership = Ownership.Public,
            EspicCode = "1",
            ActivityCode = "8610Z",
            Street = "900 ROUTE DE PARIS",
            AddressLine2 = "(BP 381)",
            Postcode = "01440",
            City = "VIRIAT",
            InseeCode = "01451",
            DepartmentCode = "01",
            Phone = "+33474454647",
            Fax = "+33474454114",
            OpenedOn = "1979-02-13",
            RegisterUpdatedOn = "2020-02-04",
        }, line.Institution);
    }

    [Fact]
    public void What_excel_damaged_is_repaired_with_before_and_after()
    {
        var line = Assert.Single(ImportFormats.ReadInstitutions(Sample.Text($"finess;etalab;93;07/01/2026{new string(';', 28)}\r\n{FleyriatByExcel}\r\n", Sample.Windows1252)));
        var institution = line.Institution!;

        Assert.Equal(("010000024", "010780054"), (institution.FinessEt, institution.FinessEj));
        Assert.Equal(("01053", "01"), (institution.InseeCode, institution.DepartmentCode));
        Assert.Equal(("+33474454647", "+33474454114"), (institution.Phone, institution.Fax));
        Assert.Equal(("1979-02-13", "2020-02-04"), (institution.OpenedOn, institution.RegisterUpdatedOn));
        Assert.Equal((null, null), (institution.Siren, institution.Siret));
        Assert.Equal(
            [("nofinesset", "10000024", "010000024"), ("siret", "2,601E+13", null), ("departement", "1", "01"), ("commune", "53", "053"), ("nofinessej", "10780054", "010780054"), ("telephone", "474454647", "+33474454647"), ("telecopie", "474454114", "+33474454114")],
            line.Notices.Select(notice => (notice.Column, notice.RawValue, notice.RepairedValue)));
        Assert.All(line.Notices, notice => Assert.Equal((NoticeSeverity.Warning, 2), (notice.Severity, notice.LineNumber)));
    }

    [Fact]
    public void Only_sites_are_kept_and_quotes_are_understood()
    {
        var quoted = Fleyriat.Replace(";CH DE FLEYRIAT;", ";\"CH \"\"DE; FLEYRIAT\"\"\";", StringComparison.Ordinal);
        var file = Sample.Text($"finess;etalab;101;2026-05-12\n{quoted}\n{Fleyriat.Replace(";355;", ";462;", StringComparison.Ordinal)}\ngeolocalisation;010000024;873766.07;6570414.61;2,ATLASANTE,100,IGN;2026-05-12\n");
        var lines = ImportFormats.ReadInstitutions(file).ToList();

        Assert.Equal(2, lines.Count);
        Assert.Equal("CH \"DE; FLEYRIAT\"", lines[0].Institution!.ShortName);
        Assert.Null(lines[1].Institution);
    }

    [Fact]
    public void An_extract_without_its_manifest_keeps_its_first_line() =>
        Assert.Equal("010000024", Assert.Single(ImportFormats.ReadInstitutions(Sample.Text(Fleyriat + "\n"))).Institution!.FinessEt);

    [Fact]
    public void A_truncated_line_is_in_error_and_the_others_are_read()
    {
        var lines = ImportFormats.ReadInstitutions(Sample.Text($"finess;etalab;93;2026-05-12\nstructureet;010000032;010780062;X\n{Fleyriat}\n")).ToList();

        Assert.Equal(NoticeSeverity.Error, Assert.Single(lines[0].Notices).Severity);
        Assert.NotNull(lines[1].Institution);
    }

    [Fact]
    public void Overseas_codes_and_absent_dates_are_understood()
    {
        var line = Fleyriat.Replace(";451;01;AIN;01440 VIRIAT;", ";411;9D;REUNION;97405 SAINT DENIS CEDEX 9;", StringComparison.Ordinal).Replace("1979-02-13", "1900-01-01", StringComparison.Ordinal);
        var institution = Assert.Single(ImportFormats.ReadInstitutions(Sample.Text($"finess;etalab;93;2026-05-12\n{line}\n"))).Institution!;

        Assert.Equal(("97411", "974", "97405", "SAINT DENIS", "CEDEX 9"), (institution.InseeCode, institution.DepartmentCode, institution.Postcode, institution.City, institution.Cedex));
        Assert.Null(institution.OpenedOn);
        Assert.Equal("+262262905050", Assert.Single(ImportFormats.ReadInstitutions(Sample.Text($"finess;etalab;93;2026-05-12\n{line.Replace("0474454647", "262905050", StringComparison.Ordinal)}\n"))).Institution!.Phone);
    }

    [Fact]
    public void A_geolocated_file_larger_than_the_screen_allows_points_to_the_command()
    {
        var text = "finess;etalab;101;2026-05-12\n" + string.Concat(Enumerable.Repeat(Fleyriat + "\n", 12));

        Assert.Contains("ligne de commande", Assert.Throws<ImportFileException>(() => ImportFormats.ReadInstitutions(Sample.Text(text), settings: new ImportSettings { Limits = new ImportLimits { MaxRows = 10 } }).Count()).Message, StringComparison.Ordinal);
    }
}
