using System.Text;
using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class FinessJsonImportTests
{
    private const string Site = """
        {
          "informationsGeneralesEGE": { "egeId": "1", "dateOuverture": "1979-02-13", "nomEgeCourt": "CH DE FLEYRIAT   ", "nomEgeLong": "CENTRE HOSPITALIER FLEYRIAT      ", "numFinessEge": "010000024", "espic": [ "0" ], "siret": "26010004500012" },
          "categorieentiteGeographiqueExercice": "355",
          "adresse": [
            { "usageAdresse": "02", "codePostal": "99999" },
            { "usageAdresse": "03", "numeroVoie": "900", "typeVoie": "R   ", "libelleVoie": "DE PARIS   ", "lieuDit": "BP 381", "cogCommune": "01451", "ligneAcheminement": "VIRIAT CEDEX", "codePostal": "01440",
              "coordonneesGeographique": { "coordonneeX": "6570414.61", "coordonneeY": "873766.07", "directionLatitude": "46.211257", "directionLongitude": "5.254203" } } ],
          "contact": [ { "telecom": { "telephone": "0474454647", "telecopie": "474454114", "courriel": "contact@example.org" } } ],
          "etatObjet": "A", "dateDerniereMaj": "2021-10-18 00:00:00"
        }
        """;

    private const string LegalEntity = """{ "pmSmsseId": "1", "codeApe": "86.10Z", "denominationPm": "CH DE BOURG", "denominationLonguePmSmsse": "CENTRE HOSPITALIER DE BOURG-EN-BRESSE   ", "numFinessPm": "010780054", "siren": "260100045", "statutJuridique": "13" }""";

    [Fact]
    public void A_site_is_read_with_its_legal_entity()
    {
        var file = Flow($$"""{ "informationsGeneralesPMEJ": {{LegalEntity}}, "ege": [ {{Site}} ], "etatObjet": "A" }""");

        Assert.Equal(ImportFormat.FinessJson, ImportFormats.Detect(file));
        var line = Assert.Single(ImportFormats.ReadInstitutions(file));
        Assert.Equal(("telecopie", "474454114", "+33474454114"), Assert.Single(line.Notices) is var notice ? (notice.Column, notice.RawValue, notice.RepairedValue) : default);
        Assert.Equal(new InstitutionSource
        {
            LineNumber = 1,
            FinessEt = "010000024",
            FinessEj = "010780054",
            Siren = "260100045",
            Siret = "26010004500012",
            Name = "CENTRE HOSPITALIER FLEYRIAT",
            ShortName = "CH DE FLEYRIAT",
            LegalEntityName = "CENTRE HOSPITALIER DE BOURG-EN-BRESSE",
            CategoryCode = "355",
            LegalStatusCode = "13",
            Ownership = Ownership.Public,
            ActivityCode = "8610Z",
            Street = "900 RUE DE PARIS",
            AddressLine2 = "BP 381",
            Postcode = "01440",
            City = "VIRIAT",
            Cedex = "CEDEX",
            InseeCode = "01451",
            DepartmentCode = "01",
            Latitude = "46.211257",
            Longitude = "5.254203",
            Phone = "+33474454647",
            Fax = "+33474454114",
            Email = "contact@example.org",
            OpenedOn = "1979-02-13",
            RegisterUpdatedOn = "2021-10-18",
        }, line.Institution);
    }

    [Fact]
    public void Names_of_another_edition_and_coded_values_are_understood()
    {
        var site = Site.Replace("\"etatObjet\": \"A\"", "\"etat_objet\": { \"code\": \"A\", \"system\": \"x\" }", StringComparison.Ordinal).Replace("informationsGeneralesEGE", "informations_generales_ege", StringComparison.Ordinal);
        var line = Assert.Single(ImportFormats.ReadInstitutions(Flow($$"""{ "informationsGeneralesPmej": {{LegalEntity.Replace("numFinessPm", "num_finess_pm", StringComparison.Ordinal)}}, "EGE": [ {{site}} ] }""")));

        Assert.Equal(("010000024", "010780054"), (line.Institution?.FinessEt, line.Institution?.FinessEj));
    }

    [Theory]
    [InlineData("\"etatObjet\": \"A\"", "\"etatObjet\": \"I\"", "Établissement fermé")]
    [InlineData("\"355\"", "\"462\"", "Lieu de vie")]
    public void Closed_or_unwanted_sites_are_skipped_with_the_reason(string before, string after, string reason)
    {
        var line = Assert.Single(ImportFormats.ReadInstitutions(Flow($$"""{ "informationsGeneralesPMEJ": {{LegalEntity}}, "ege": [ {{Site.Replace(before, after, StringComparison.Ordinal)}} ] }""")));

        Assert.Null(line.Institution);
        Assert.Contains(line.Notices, notice => notice.Severity is NoticeSeverity.Skip && notice.Message.ToString().StartsWith(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Sites_of_a_natural_person_are_skipped()
    {
        var line = Assert.Single(ImportFormats.ReadInstitutions(Flow($$"""{ "informationsGeneralesPMEJ": {{LegalEntity.Replace("\"13\"", "\"70\"", StringComparison.Ordinal)}}, "ege": [ {{Site}} ] }""")));

        Assert.Null(line.Institution);
    }

    [Fact]
    public void Sites_may_stand_at_the_root()
    {
        var line = Assert.Single(ImportFormats.ReadInstitutions(Sample.Text($$"""{ "ege": [ {{Site}} ] }""")));

        Assert.Equal(("010000024", null), (line.Institution?.FinessEt, line.Institution?.FinessEj));
    }

    [Fact]
    public void A_file_larger_than_the_buffer_is_streamed_in_order()
    {
        var entities = string.Join(',', Enumerable.Range(0, 500).Select(_ => $$"""{ "informationsGeneralesPMEJ": {{LegalEntity}}, "ege": [ {{Site}}, {{Site}} ] }"""));
        var file = Flow(entities);

        Assert.True(file.Length > 1_000_000);
        var lines = ImportFormats.ReadInstitutions(file).ToList();
        Assert.Equal(Enumerable.Range(1, 1_000), lines.Select(line => line.LineNumber));
        Assert.All(lines, line => Assert.NotNull(line.Institution));
    }

    [Fact]
    public void A_byte_order_mark_is_accepted() =>
        Assert.Single(ImportFormats.ReadInstitutions(Sample.Text($$"""{ "ege": [ {{Site}} ] }""", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true))));

    [Theory]
    [InlineData("""{ "pmej": [ { "ege": [ """, "endommagé")]
    [InlineData("""{ "pmej": [ } """, "endommagé")]
    [InlineData("""{ "clients": [ { "nom": "x" } ] }""", "aucun établissement")]
    public void Other_json_is_refused(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ImportFileException>(() => ImportFormats.ReadInstitutions(Sample.Text(json)).Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void An_item_that_never_ends_is_refused()
    {
        var file = Flow($$"""{ "x": "{{new string('x', 300_000)}}" }""");

        Assert.Contains("élément", Assert.Throws<ImportFileException>(() => ImportFormats.ReadInstitutions(file, settings: new ImportSettings { Limits = new ImportLimits { MaxJsonItemBytes = 200_000 } }).Count()).Message, StringComparison.Ordinal);
    }

    private static MemoryStream Flow(string entities) => Sample.Text($$"""{ "schemaVersion": "v1.0.0", "generatedAt": "2026-03-09T15:49:37Z", "gcc": [ { "gccId": "1", "egeDuGcc": [ ] } ], "gco": { "x": [ { "y": 1 } ] }, "pmej": [ {{entities}} ] }""");
}
