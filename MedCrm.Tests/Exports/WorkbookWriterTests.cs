using System.IO.Compression;
using System.Xml.Linq;
using MedCrm.Core.Imports.Files;
using MedCrm.Web.Exports;

namespace MedCrm.Tests.Exports;

public sealed class WorkbookWriterTests
{
    private static readonly SheetColumn[] s_columns =
    [
        new("Nom", CellKind.Text),
        new("FINESS", CellKind.Text),
        new("Lits", CellKind.Count),
        new("Montant", CellKind.Euros),
        new("Clôture", CellKind.Day),
        new("Modifié", CellKind.Moment),
    ];

    [Fact]
    public async Task Numbers_dates_and_leading_zeros_are_read_back_as_they_were()
    {
        using var workbook = await WriteAsync(["CHU de Nantes", "010000024", 354, 1234.56m, new DateOnly(2026, 12, 15), new DateTime(2026, 11, 21, 9, 30, 0)]);

        var row = Assert.Single(ImportTable.Open(workbook).Rows);

        Assert.Equal(["CHU de Nantes", "010000024", "354", "1234.56", "2026-12-15"], row.Cells.Take(5).Select(cell => cell.Replace(',', '.')));
        Assert.StartsWith("2026-11-21", row.Cells[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+33612345678")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    public async Task Text_that_starts_like_a_formula_stays_text(string text)
    {
        using var workbook = await WriteAsync([text, "x", 1, 1m, null, null]);

        var sheet = Part(workbook, "xl/worksheets/sheet1.xml");

        Assert.DoesNotContain(sheet.Descendants(), element => element.Name.LocalName == "f");
        Assert.Contains(sheet.Descendants(), element => element.Name.LocalName == "t" && element.Value.Trim('\t') == text.Trim('\t'));
    }

    [Fact]
    public async Task The_sheet_is_a_table_with_its_filter_and_a_frozen_header()
    {
        using var workbook = await WriteAsync(["a", "b", 1, 1m, null, null], ["c", "d", 2, 2m, null, null]);

        var table = Part(workbook, "xl/tables/table1.xml").Root!;
        var sheet = Part(workbook, "xl/worksheets/sheet1.xml");

        Assert.Equal("A1:F3", table.Attribute("ref")?.Value);
        Assert.NotNull(table.Elements().SingleOrDefault(element => element.Name.LocalName == "autoFilter"));
        Assert.Contains(sheet.Descendants(), element => element.Name.LocalName == "pane" && element.Attribute("state")?.Value == "frozen");
    }

    [Fact]
    public async Task A_sheet_of_many_columns_is_a_table_over_all_of_them()
    {
        var stream = new MemoryStream();
        var columns = Enumerable.Range(1, 54).Select(number => new SheetColumn($"Colonne {number}", CellKind.Count)).ToList();
        await WorkbookWriter.WriteAsync(stream, "Large", columns, new[] { (IReadOnlyList<object?>)Enumerable.Range(1, 54).Cast<object?>().ToList() }.ToAsyncEnumerable(), CancellationToken.None);
        stream.Position = 0;

        Assert.Equal("A1:BB2", Part(stream, "xl/tables/table1.xml").Root!.Attribute("ref")?.Value);
        Assert.Equal(Enumerable.Range(1, 54).Select(number => $"{number}"), Assert.Single(ImportTable.Open(stream).Rows).Cells);
    }

    private static async Task<MemoryStream> WriteAsync(params IReadOnlyList<object?>[] rows)
    {
        var stream = new MemoryStream();
        await WorkbookWriter.WriteAsync(stream, "Établissements", s_columns, rows.ToAsyncEnumerable(), CancellationToken.None);
        stream.Position = 0;
        return stream;
    }

    private static XDocument Part(Stream workbook, string name)
    {
        using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
        using var part = archive.GetEntry(name)!.Open();
        return XDocument.Load(part);
    }
}
