using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class ColumnGuesserTests
{
    [Fact]
    public void French_headers_are_recognised_whatever_accents_and_case() =>
        Assert.Equal(
            [ImportField.FinessEt, ImportField.Name, ImportField.Street, ImportField.Postcode, ImportField.City, ImportField.Phone, ImportField.Email, ImportField.Category, null],
            Fields("N° FINESS;RAISON SOCIALE;Adresse;Code Postal;VILLE;Téléphone;Courriel;Catégorie d'établissement;Zorglub\n"));

    [Fact]
    public void English_headers_are_recognised() =>
        Assert.Equal(
            [ImportField.Name, ImportField.Street, ImportField.Postcode, ImportField.City, ImportField.Phone, ImportField.Email, ImportField.Website, ImportField.BedsSurgery],
            Fields("companyName;Street Address;ZIP code;City;Phone Number;E-mail;Website;Surgery beds\n"));

    [Fact]
    public void Contents_speak_when_headers_say_nothing() =>
        Assert.Equal(
            [ImportField.FinessEt, ImportField.Email, ImportField.Phone, ImportField.Siret, ImportField.Website, null],
            Fields("a;b;c;d;e;f\n10000024;x@example.org;01 99 00 10 10;26750045200714;www.example.org;bleu\n750100125;y@example.org;199001011;26010004500012;https://example.org;vert\n2A0000014;z@example.org;+33 1 99 00 10 12;26690027300969;www.example.net;rouge\n"));

    [Theory]
    [InlineData("Statut\nClient\nProspect froid\n", ImportField.Status)]
    [InlineData("Statut\nPublic\nPrivé lucratif\n", ImportField.Ownership)]
    [InlineData("Statut\nbleu\nvert\n", ImportField.Status)]
    public void A_column_called_statut_is_read_by_its_contents(string text, ImportField expected) => Assert.Equal([expected], Fields(text));

    [Fact]
    public void Two_finess_columns_are_told_apart_by_repetition() =>
        Assert.Equal(
            [ImportField.FinessEj, ImportField.FinessEt],
            Fields("a;b\n010780054;010000024\n010780054;010000032\n750712184;750100125\n750712184;2A0000014\n"));

    [Fact]
    public void A_header_that_contents_contradict_loses_confidence()
    {
        var agreed = Guesses("SIRET\n26750045200714\n")[0];
        var denied = Guesses("SIRET\nbleu\n")[0];

        Assert.True(agreed.Confidence > 0.95);
        Assert.True(denied.Confidence <= 0.5);
    }

    [Fact]
    public void A_column_named_exactly_is_proposed_however_wrong_its_first_cells_are()
        => Assert.Equal(
            [ImportField.Name, ImportField.FinessEt, ImportField.Siret, ImportField.Phone, ImportField.Email],
            ImportMapping.From(Guesses("Nom;FINESS;SIRET;Téléphone;E-mail\nClinique A;999999999;123;abc;pas-un-mail\nClinique B;x;y;z;t\n")).Columns.OrderBy(column => column.Key).Select(column => column.Value));

    [Fact]
    public void A_column_of_siret_that_a_spreadsheet_damaged_in_part_is_still_one() =>
        Assert.Equal([ImportField.Siret], Fields("SIRET\n2,601E+13\n26750045200714\n"));

    [Fact]
    public void One_field_is_proposed_for_one_column_only()
    {
        var guesses = Guesses("Nom;Nom de l'établissement;Raison sociale\nA;B;C\n");

        Assert.Single(guesses, guess => guess.Field is ImportField.Name);
    }

    [Fact]
    public void In_a_file_of_people_the_same_words_mean_the_person() =>
        Assert.Equal(
            [ImportField.ContactTitle, ImportField.ContactLastName, ImportField.ContactFirstName, ImportField.ContactJobTitle, ImportField.ContactEmail, ImportField.ContactMobile, ImportField.ContactRpps, ImportField.Name],
            Fields("Civilité;Nom;Prénom;Fonction;E-mail;Portable;RPPS;Établissement\nMme;Durand;Zoé;DRH;z@example.org;06 39 98 12 34;99900000003;CH de Bourg\n", ImportSubject.Contacts));

    [Fact]
    public void Every_field_has_a_french_label_and_synonyms_in_comparable_form()
    {
        foreach (var field in Enum.GetValues<ImportField>())
        {
            Assert.NotEmpty(ImportFields.Label(field));
        }

        Assert.Equal(Enum.GetValues<ImportField>().Length, ImportFields.For(ImportSubject.Institutions).Union(ImportFields.For(ImportSubject.Contacts)).Union(ImportFields.For(ImportSubject.Catalog)).Count());
    }

    [Fact]
    public void A_free_file_becomes_institutions()
    {
        var table = ImportTable.Open(Sample.Text("FINESS;Nom;Type;CP Ville;Tél;Secteur\n10000024;CH de Fleyriat;ch;01606 TREVOUX CEDEX;'+33474454647;Public\n;;CH;;;\n;Clinique X;Hôp.;69003 LYON;;bizarre\n"));
        var guesses = ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)]);
        var lines = FreeInstitutions.Read(table, ImportMapping.From(guesses)).ToList();

        var first = lines[0].Institution!;
        Assert.Equal(("010000024", "CH de Fleyriat", "355", "+33474454647", Ownership.Public), (first.FinessEt, first.Name, first.CategoryCode, first.Phone, first.Ownership));
        Assert.Equal(("01606", "TREVOUX", "CEDEX", "01"), (first.Postcode, first.City, first.Cedex, first.DepartmentCode));
        Assert.Equal(NoticeSeverity.Error, lines[1].Notices[^1].Severity);
        Assert.Null(lines[1].Institution);
        Assert.Equal(["Type", "Secteur"], lines[2].Notices.Select(notice => notice.Column));
        Assert.Null(lines[2].Institution!.CategoryCode);
    }

    [Fact]
    public void An_error_of_a_spreadsheet_is_an_empty_cell_that_is_told_and_never_a_name()
    {
        var table = ImportTable.Open(Sample.Text("Nom;Ville;Lits;FINESS\n#N/A;Lyon;;010000024\nClinique A;#REF!; #valeur! ;\n#NOM?;#N/A;#DIV/0!;#NULL!\n"));
        var mapping = new ImportMapping { Columns = new Dictionary<int, ImportField> { [0] = ImportField.Name, [1] = ImportField.City, [2] = ImportField.BedsMedicine, [3] = ImportField.FinessEt } };
        var lines = FreeInstitutions.Read(table, mapping).ToList();

        Assert.Equal((null, "Nom", NoticeSeverity.Error), (lines[0].Institution, lines[0].Notices[^1].Column, lines[0].Notices[^1].Severity));
        Assert.Equal(("Clinique A", null, null), (lines[1].Institution!.Name, lines[1].Institution!.City, lines[1].Institution!.BedsMedicine));
        Assert.Equal([("Ville", "#REF!"), ("Lits", " #valeur! ")], lines[1].Notices.Select(notice => (notice.Column, notice.RawValue)));
        Assert.DoesNotContain(ImportField.City, lines[1].Institution!.Emptied);
        Assert.Null(lines[2].Institution);
    }

    [Fact]
    public void Explained_values_and_defaults_complete_a_free_file()
    {
        var table = ImportTable.Open(Sample.Text("Nom;Type\nA;Hôp.\nB;\n"));
        var mapping = new ImportMapping
        {
            Columns = new Dictionary<int, ImportField> { [0] = ImportField.Name, [1] = ImportField.Category },
            Values = new Dictionary<(ImportField, string), string> { [(ImportField.Category, "Hôp.")] = "355" },
            Defaults = new Dictionary<ImportField, string> { [ImportField.Category] = "365" },
        };

        Assert.Equal(["355", "365"], FreeInstitutions.Read(table, mapping).Select(line => line.Institution!.CategoryCode));
    }

    [Theory]
    [InlineData("Public", Ownership.Public)]
    [InlineData("Établissement public de santé", Ownership.Public)]
    [InlineData("privé lucratif", Ownership.PrivateForProfit)]
    [InlineData("Privé à but non lucratif", Ownership.PrivateNonProfit)]
    [InlineData("PrivateNonProfit", Ownership.PrivateNonProfit)]
    [InlineData("ESPIC", Ownership.PrivateNonProfit)]
    [InlineData("0", null)]
    public void The_sector_is_understood_as_people_write_it(string text, Ownership? expected)
    {
        var table = ImportTable.Open(Sample.Text($"Nom;Secteur\nA;{text}\n"));
        var mapping = new ImportMapping { Columns = new Dictionary<int, ImportField> { [0] = ImportField.Name, [1] = ImportField.Ownership } };

        Assert.Equal(expected, Assert.Single(FreeInstitutions.Read(table, mapping)).Institution!.Ownership);
    }

    [Fact]
    public void A_row_longer_than_the_header_is_reported()
    {
        var table = ImportTable.Open(Sample.Text("Nom;Ville\nA;B;C\n"));
        var mapping = new ImportMapping { Columns = new Dictionary<int, ImportField> { [0] = ImportField.Name } };

        Assert.Contains("3 cellules pour 2 colonnes", Assert.Single(Assert.Single(MappedRow.Read(table, mapping)).Notices).Message.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<ImportField?> Fields(string text, ImportSubject subject = ImportSubject.Institutions) => Guesses(text, subject).Select(guess => guess.Field);

    private static IReadOnlyList<ColumnGuess> Guesses(string text, ImportSubject subject = ImportSubject.Institutions)
    {
        var table = ImportTable.Open(Sample.Text(text));
        return ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)], subject);
    }
}
