using System.Text;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class ImportTableCsvTests
{
    private const string Accented = "Nom;Ville\nHôpital – l’Étoile;Nîmes\n";

    public static TheoryData<string> Encodings => ["utf-8", "utf-8-mark", "utf-16-le", "utf-16-be", "windows-1252"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_encoding_a_spreadsheet_writes_gives_the_same_text(string encoding)
    {
        var table = ImportTable.Open(Sample.Text(Accented, encoding switch
        {
            "utf-8-mark" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            "utf-16-le" => Encoding.Unicode,
            "utf-16-be" => Encoding.BigEndianUnicode,
            "windows-1252" => Sample.Windows1252,
            _ => null,
        }));

        Assert.Equal(["Nom", "Ville"], table.Headers);
        Assert.Equal(["Hôpital – l’Étoile", "Nîmes"], Assert.Single(table.Rows).Cells);
    }

    [Fact]
    public void A_letter_cut_between_two_blocks_of_the_file_is_still_utf_8()
    {
        var text = "a;b\nx" + string.Concat(Enumerable.Repeat("é;é\n", 30_000));

        Assert.Contains("UTF-8", ImportTable.Open(Sample.Text(text)).Reading, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nom;Lits\nA;1,5\nB;2,5\n", "point-virgule")]
    [InlineData("Nom,Lits\nA,1\nB,2\n", "virgule")]
    [InlineData("Nom\tLits\nA, B\t1\nC, D\t2\n", "tabulation")]
    [InlineData("Nom|Lits\nA|1\nB|2\n", "barre verticale")]
    [InlineData("Nom;Adresse;Lits\n\"A,b,c\";\"1, rue; x\";1\n\"B,d,e\";\"2, rue, y\";2\n", "point-virgule")]
    [InlineData("finess;etalab;93;07/01/2026\na;b;c;d;e;f,g,h\na;b;c;d;e;f,g,h\n", "point-virgule")]
    [InlineData("Nom\nA\nB\n", "point-virgule")]
    [InlineData("sep=,\nNom;x,Lits\nA;x,1\n", "virgule")]
    public void The_separator_is_found_outside_quotes(string text, string expected) =>
        Assert.EndsWith(expected, ImportTable.Open(Sample.Text(text)).Reading, StringComparison.Ordinal);

    [Fact]
    public void Quoted_cells_keep_doubled_quotes_separators_and_line_breaks_and_lines_stay_numbered_as_in_the_file()
    {
        var table = ImportTable.Open(Sample.Text("Nom;Notes\r\n\"LIEU DE VIE \"\"MAVOUNA\"\"\";\"un;\r\ndeux\"\r\n\r\n;\r\nFin;x\r\n"));
        var rows = table.Rows.ToList();

        Assert.Equal(["LIEU DE VIE \"MAVOUNA\"", "un;\r\ndeux"], rows[0].Cells);
        Assert.Equal([2, 6], rows.Select(row => row.LineNumber));
    }

    [Fact]
    public void The_line_that_announces_the_separator_counts_in_line_numbers()
    {
        var table = ImportTable.Open(Sample.Text("sep=;\r\nNom;Ville\r\nA;B\r\n"));

        Assert.Equal(["Nom", "Ville"], table.Headers);
        Assert.Equal(3, Assert.Single(table.Rows).LineNumber);
    }

    [Fact]
    public void Rows_can_be_read_twice()
    {
        var table = ImportTable.Open(Sample.Text("a;b\n1;2\n3;4\n"));

        Assert.Equal(2, table.Rows.Count());
        Assert.Equal("3", table.Rows.Last()[0]);
    }

    [Fact]
    public void Headers_are_named_and_unique_and_padding_is_dropped()
    {
        var table = ImportTable.Open(Sample.Text(" Nom ;;Nom;;;\nA;B;C;;;\n"));

        Assert.Equal(["Nom", "Colonne 2", "Nom (2)"], table.Headers);
        Assert.Equal("", Assert.Single(table.Rows)[99]);
    }

    [Fact]
    public void A_quote_inside_an_unquoted_cell_is_plain_text()
    {
        var row = Assert.Single(ImportTable.Open(Sample.Text("Nom;Ville\nSSR \"EDITH CAVELL\";Dijon\n")).Rows);

        Assert.Equal(["SSR \"EDITH CAVELL\"", "Dijon"], row.Cells);
        Assert.False(row.HasBrokenQuotes);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_reported()
    {
        var rows = ImportTable.Open(Sample.Text("Nom;Ville\nA;Lyon\n\"B;Dijon\nC;Lille\n")).Rows.ToList();

        Assert.Equal([false, true], rows.Select(row => row.HasBrokenQuotes));
    }

    [Theory]
    [InlineData("", "vide")]
    [InlineData("\n\n ; \n", "vide")]
    [InlineData("a;b\n1;\0\n", "octets nuls")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("<html><table>", "page web")]
    [InlineData("{\"a\":1}", "JSON")]
    public void What_is_not_a_table_is_refused_in_french(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_null_character_in_utf_16_is_refused() =>
        Assert.Contains("nul", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text("a;b\n1;\0\n", Encoding.Unicode)).Rows.Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void An_old_workbook_is_refused_with_what_to_do() =>
        Assert.Contains(".xlsx", Assert.Throws<ImportFileException>(() => ImportTable.Open(new MemoryStream([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_lies_about_utf_8_is_refused() =>
        Assert.Contains("UTF-8", Assert.Throws<ImportFileException>(() => ImportTable.Open(new MemoryStream([0xEF, 0xBB, 0xBF, .. Sample.Windows1252.GetBytes("a;é\n")]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_beyond_the_limit_are_refused_and_those_at_the_limit_are_not()
    {
        var limits = new ImportLimits { MaxRows = 3 };

        Assert.Equal(3, ImportTable.Open(Sample.Text("a\n1\n2\n3\n"), limits).Rows.Count());
        Assert.Contains("3 lignes", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text("a\n1\n2\n3\n4\n"), limits).Rows.Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_hundred_columns_are_refused() =>
        Assert.Contains("200 colonnes", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text(string.Join(';', Enumerable.Range(1, 300))))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(40_000)]
    [InlineData(5_000_000)]
    public void A_monstrous_cell_is_refused_with_its_line(int length) =>
        Assert.StartsWith("Ligne 3", Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text($"a;b\n1;2\n3;{new string('x', length)}\n")).Rows.Count()).Message, StringComparison.Ordinal);

    [Fact]
    public void The_command_accepts_more_rows_than_the_screen()
    {
        var text = "a;b\n" + string.Concat(Enumerable.Repeat("1;2\n", 60_000));

        Assert.Throws<ImportFileException>(() => ImportTable.Open(Sample.Text(text)).Rows.Count());
        Assert.Equal(60_000, ImportTable.Open(Sample.Text(text), ImportLimits.Command).Rows.Count());
    }
}
