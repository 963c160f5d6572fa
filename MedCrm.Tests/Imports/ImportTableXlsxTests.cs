using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class ImportTableXlsxTests
{
    [Fact]
    public void The_first_visible_sheet_is_read_with_shared_and_inline_texts()
    {
        var table = ImportTable.Open(Sample.Workbook(
            """
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="inlineStr"><is><t>Notes</t></is></c></row>
            <row r="5"><c r="A5" t="str"><f>A1</f><v>calculé</v></c><c r="C5" t="inlineStr"><is><r><t>gras </t></r><r><t>maigre</t></r></is></c></row>
            """,
            """<si><t>Nom</t></si><si><r><t xml:space="preserve">Nom </t></r><r><t>court</t></r><rPh sb="0" eb="1"><t>phonétique</t></rPh></si>"""));

        Assert.Contains("Établissements", table.Reading, StringComparison.Ordinal);
        Assert.Equal(["Nom", "Nom court", "Notes"], table.Headers);
        var row = Assert.Single(table.Rows);
        Assert.Equal(5, row.LineNumber);
        Assert.Equal(["calculé", "", "gras maigre"], row.Cells);
    }

    [Theory]
    [InlineData("<c r=\"A2\"><v>26010004500012</v></c>", "26010004500012")]
    [InlineData("<c r=\"A2\"><v>2.6010004500012E13</v></c>", "26010004500012")]
    [InlineData("<c r=\"A2\"><v>9900000000001</v></c>", "9900000000001")]
    [InlineData("<c r=\"A2\" t=\"inlineStr\"><is><t>010000024</t></is></c>", "010000024")]
    [InlineData("<c r=\"A2\" s=\"3\"><v>10000024</v></c>", "010000024")]
    [InlineData("<c r=\"A2\"><v>0.30000000000000004</v></c>", "0.3")]
    [InlineData("<c r=\"A2\" s=\"1\"><v>28899</v></c>", "1979-02-13")]
    [InlineData("<c r=\"A2\" s=\"1\"><v>1</v></c>", "1900-01-01")]
    [InlineData("<c r=\"A2\" s=\"2\"><v>45000.5</v></c>", "2023-03-15T12:00:00")]
    [InlineData("<c r=\"A2\" s=\"4\"><v>28899</v></c>", "1979-02-13")]
    [InlineData("<c r=\"A2\" t=\"d\"><v>1979-02-13</v></c>", "1979-02-13")]
    [InlineData("<c r=\"A2\" t=\"b\"><v>1</v></c>", "Oui")]
    [InlineData("<c r=\"A2\" t=\"inlineStr\"><is><t>a_x000A_b</t></is></c>", "a\nb")]
    public void A_cell_gives_the_text_its_reader_saw(string cell, string expected)
    {
        var table = ImportTable.Open(Sample.Workbook($"""<row r="1"><c r="A1" t="inlineStr"><is><t>Valeur</t></is></c></row><row r="2">{cell}</row>"""));

        Assert.Equal(expected, Assert.Single(table.Rows)[0]);
    }

    [Fact]
    public void Dates_counted_from_1904_are_shifted()
    {
        var table = ImportTable.Open(Sample.Workbook("""<row><c t="inlineStr"><is><t>Date</t></is></c></row><row><c s="1"><v>27437</v></c></row>""", workbookProperties: """<workbookPr date1904="1"/>"""));

        Assert.Equal("1979-02-13", Assert.Single(table.Rows)[0]);
    }

    [Fact]
    public void An_error_cell_is_told_as_it_stands_and_an_empty_row_is_left_out()
    {
        var table = ImportTable.Open(Sample.Workbook("""<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"/></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3"><v>1</v></c></row>"""));

        Assert.Equal(["#N/A", "1"], Assert.Single(table.Rows).Cells);
    }

    [Fact]
    public void A_zip_bomb_is_refused()
    {
        var bomb = Sample.Workbook($"<row r=\"1\"><c t=\"inlineStr\"><is><t>a</t></is></c></row>{new string(' ', 40_000_000)}<row><c><v>1</v></c></row>");

        Assert.True(bomb.Length < 200_000);
        Assert.Contains("grossit anormalement", Assert.Throws<ImportFileException>(() => ImportTable.Open(bomb).Rows.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_that_expands_beyond_the_limit_is_refused()
    {
        var rows = string.Concat(Enumerable.Range(1, 5_000).Select(row => $"<row><c><v>{row * 7919 % 104_729}</v></c></row>"));

        Assert.Contains("décompressé", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Workbook(rows), new ImportLimits { MaxExpandedBytes = 50_000 }).Rows.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_texts_beyond_the_limit_are_refused() =>
        Assert.Contains("trop de texte", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Workbook("", string.Concat(Enumerable.Repeat("<si/>", 1_000))), new ImportLimits { MaxSharedTextCharacters = 10_000 })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_monstrous_cell_is_refused_with_its_line() =>
        Assert.StartsWith("Ligne 2", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Workbook($"""<row r="1"><c><v>1</v></c></row><row r="2"><c t="inlineStr"><is><t>{new string('x', 40_000)}</t></is></c></row>""")).Rows.Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_column_beyond_the_limit_is_refused() =>
        Assert.Contains("200 colonnes", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Workbook("""<row r="1"><c r="XFD1"><v>1</v></c></row>"""))).Message, StringComparison.Ordinal);

    [Fact]
    public void External_entities_and_broken_xml_are_refused()
    {
        var entity = Sample.Zip(("xl/workbook.xml", """<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook>&e;</workbook>"""));
        var broken = Sample.Workbook("<row><c><v>1</v></c></row><row><c>");

        Assert.Contains("endommagé", Assert.Throws<ImportFileException>(() => ImportTable.Open(entity)).Message, StringComparison.Ordinal);
        Assert.Contains("endommagé", Assert.Throws<ImportFileException>(() => ImportTable.Open(broken).Rows.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_archives_are_named_in_the_refusal()
    {
        Assert.Contains("LibreOffice", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet")))).Message, StringComparison.Ordinal);
        Assert.Contains("archive ZIP", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Zip(("a.txt", "a")))).Message, StringComparison.Ordinal);
        Assert.Contains("endommagé", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text("PK\u0003\u0004 tronqué"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_register_saved_as_a_workbook_is_recognised_and_read()
    {
        var file = Sample.Workbook(Sample.TextRows([
            ["fi", "fi_ej", "rs", "stj", "stjr", "cat", "nat", "sir", "dep", "CPO", "LIBCOM"],
            ["10000024", "10780054", "CH DE FLEYRIAT", "13", "1", "355", "0", "2,601E+13", "1", "1440", "VIRIAT"],
        ]));

        Assert.Equal(ImportFormat.Sae, ImportFormats.Detect(file));
        var institution = Assert.Single(ImportFormats.ReadInstitutions(file)).Institution!;
        Assert.Equal(("010000024", "010780054", "01", "01440"), (institution.FinessEt, institution.FinessEj, institution.DepartmentCode, institution.Postcode));
        Assert.Null(institution.Siret);
    }
}
