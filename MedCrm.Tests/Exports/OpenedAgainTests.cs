using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web.Exports;

namespace MedCrm.Tests.Exports;

/// <summary>An exported list opened again: by its raw parts, and by LibreOffice.</summary>
public sealed class OpenedAgainTests
{
    private static readonly XNamespace s_main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    // What a spreadsheet might take for a formula, a number or a command, and what CSV might break.
    private static readonly string[] s_names =
    [
        "=1+1", "+33 6 12 34 56 78", "-2", "@SUM(A1)", "=HYPERLINK(\"http://mauvais.test\";\"clic\")", "Clinique « L'Épi », 2e étage", "Hôpital\nsur deux lignes", "00123", "1E5", "12/2026", "VRAI", "Clinique 🏥 <&>",
    ];

    [Fact]
    public async Task A_filtered_list_of_deals_is_read_back_with_its_values_types_header_and_ids()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        var institution = await world.InstitutionAsync("Clinique du Parc", owner: world.Claire);
        var deal = await world.OpportunityAsync("Negotiation", world.Claire, institution, with: d => d with
        {
            Name = "=Bloc opératoire", Amount = 1_234_567.89m, ExpectedCloseOn = new DateOnly(2026, 12, 15), ManualProbabilityPercent = 40, Source = OpportunitySource.Referral, Tags = ["Urgent", "GHT, Ouest"], NextAction = "-Rappeler",
        });
        await world.OpportunityAsync("Prospecting", world.Claire, institution, with: d => d with { Name = "Hors du filtre", Amount = 10 });

        var sheet = await ExportAsync(world.As(world.Claire), "opportunities", "amount=1000..&cols=name,institution,stage,amount,probability,close,owner,source,tags,next-action,created");

        Assert.Equal("Affaires", sheet.Name);
        Assert.Equal(["Nom", "Établissement", "Étape", "Montant HT", "%", "Clôture prévue", "Responsable", "Source", "Étiquettes", "Prochaine action", "Créée le", "Identifiant"], sheet.Rows[0].Select(cell => cell.Text));
        var row = Assert.Single(sheet.Rows.Skip(1));
        Assert.Equal(
            [
                new("=Bloc opératoire", null), new("Clinique du Parc", null), new("Négociation", null), new("1234567.89", "#,##0.00\\ \"€\""), new("40", "#,##0"),
                new("46371", "dd/mm/yyyy"), new("Claire Martin", null), new("Recommandation", null), new("GHT, Ouest, Urgent", null), new("-Rappeler", null),
                new("46347.395833333", "dd/mm/yyyy hh:mm"), new(deal.Id.ToString(), null),
            ],
            row.Select(Rounded));
        Assert.Equal((1, "A2"), (sheet.FrozenRows, sheet.FirstLooseCell));
        Assert.Equal("A1:L2", sheet.FilterOver);
        Assert.False(sheet.HasFormulas);
    }

    [Fact]
    public async Task Text_that_looks_like_something_else_stays_the_text_it_is()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        foreach (var name in s_names)
        {
            await world.InstitutionAsync(name, with: d => d with { Status = CustomerStatus.HotProspect, FinessEt = null });
        }

        await world.InstitutionAsync("Hors du filtre", with: d => d with { Status = CustomerStatus.Customer });

        var sheet = await ExportAsync(world, "institutions", "status=HotProspect&cols=name,beds");

        Assert.Equal(s_names.Order(StringComparer.Ordinal), sheet.Rows.Skip(1).Select(row => row[0].Text).Order(StringComparer.Ordinal));
        Assert.All(sheet.Rows.Skip(1), row => Assert.True(row[0].Format is null && row[0].IsText, $"« {row[0].Text} » became something else."));
        Assert.False(sheet.HasFormulas);
        Assert.Equal($"A1:C{s_names.Length + 1}", sheet.FilterOver);
    }

    [Fact]
    public async Task A_filter_that_finds_nothing_gives_a_header_alone()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync();

        var sheet = await ExportAsync(world, "institutions", "status=Customer&cols=name,beds");

        Assert.Equal(["Nom", "Lits", "Identifiant"], Assert.Single(sheet.Rows).Select(cell => cell.Text));
    }

    [LibreOfficeFact]
    public async Task LibreOffice_shows_what_the_list_shows()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        var ids = new List<string>();
        foreach (var name in s_names)
        {
            var institution = await world.InstitutionAsync(name, world.Claire, d => d with { FinessEt = null, BedsSurgery = 1_250, LastAuditOn = new DateOnly(2026, 2, 1), Phone = "+33240083333", Tags = ["GHT, Ouest", "A;B"] });
            await world.OpportunityAsync(institution: institution, with: d => d with { Amount = 1_234.56m });
            ids.Add(institution.Id.ToString());
        }

        var list = world.As(world.Claire).Get<ListExport>().Find("institutions")!;
        await using var workbook = await world.Get<ListExport>().WriteAsync(list, ListQuery.Parse("cols=name,beds,open-amount,last-audit,updated,phone,tags,owner,legal-entity", list.Definition), picked: null, CancellationToken.None);

        var csv = await LibreOffice.ToCsvAsync(workbook);

        var table = ImportTable.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)));
        var rows = table.Rows.ToList();
        Assert.Equal(["Nom", "Lits", "Affaires en cours", "Dernier audit", "Modifié le", "Téléphone", "Étiquettes", "Responsable", "Entité juridique", "Identifiant"], table.Headers);
        Assert.Equal(s_names.Order(StringComparer.Ordinal), rows.Select(row => row.Cells[0]).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Order(), rows.Select(row => row.Cells[9]).Order());
        Assert.All(rows, row => Assert.Equal(["1,250", "1,234.56 €", "01/02/2026", "21/11/2026 09:30", "02 40 08 33 33", "A;B, GHT, Ouest", "Claire Martin", "non"], row.Cells.Skip(1).Take(8)));
    }

    private static Cell Rounded(Cell cell)
        => cell.Format is not null && double.Parse(cell.Text, CultureInfo.InvariantCulture) is var number ? cell with { Text = Math.Round(number, 9).ToString(CultureInfo.InvariantCulture) } : cell;

    private static async Task<Sheet> ExportAsync(TestWorld world, string name, string address)
    {
        var export = world.Get<ListExport>();
        var list = export.Find(name)!;
        await using var workbook = await export.WriteAsync(list, ListQuery.Parse(address, list.Definition), picked: null, CancellationToken.None);
        return Sheet.Read(workbook);
    }

    /// <summary>A cell as it lies in the file: its text or number, and the format of a number.</summary>
    private sealed record Cell(string Text, string? Format)
    {
        public bool IsText => Format is null;
    }

    private sealed record Sheet(string Name, IReadOnlyList<IReadOnlyList<Cell>> Rows, int FrozenRows, string? FirstLooseCell, string? FilterOver, bool HasFormulas)
    {
        public static Sheet Read(Stream workbook)
        {
            using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
            var sheet = Part(archive, "xl/worksheets/sheet1.xml")!;
            var styles = Part(archive, "xl/styles.xml")!;
            var texts = Part(archive, "xl/sharedStrings.xml")?.Root!.Elements(s_main + "si").Select(TextOf).ToList() ?? [];
            var known = styles.Descendants(s_main + "numFmt").ToDictionary(format => (int)format.Attribute("numFmtId")!, format => (string)format.Attribute("formatCode")!);
            known[3] = "#,##0";
            var formats = styles.Descendants(s_main + "cellXfs").Elements(s_main + "xf").Select(style => known.GetValueOrDefault((int)style.Attribute("numFmtId")!)).ToList();
            var pane = sheet.Descendants(s_main + "pane").SingleOrDefault(pane => (string?)pane.Attribute("state") == "frozen");
            return new Sheet(
                (string)Part(archive, "xl/workbook.xml")!.Descendants(s_main + "sheet").Single().Attribute("name")!,
                [.. sheet.Descendants(s_main + "row").Select(row => row.Elements(s_main + "c").Select(cell => CellOf(cell, texts, formats)).ToList())],
                (int?)pane?.Attribute("ySplit") ?? 0,
                (string?)pane?.Attribute("topLeftCell"),
                (string?)Part(archive, "xl/tables/table1.xml")!.Descendants(s_main + "autoFilter").SingleOrDefault()?.Attribute("ref"),
                sheet.Descendants(s_main + "f").Any());
        }

        private static Cell CellOf(XElement cell, List<string> texts, List<string?> formats) => (string?)cell.Attribute("t") switch
        {
            "s" => new(texts[(int)cell.Element(s_main + "v")!], null),
            "inlineStr" => new(TextOf(cell.Element(s_main + "is")!), null),
            null or "n" when cell.Element(s_main + "v") is { } number => new(number.Value, formats[(int)cell.Attribute("s")!] ?? "no format"),
            null => new("", null),
            var other => throw new InvalidOperationException($"A cell of type {other}: {cell}"),
        };

        private static string TextOf(XElement text) => string.Concat(text.Descendants(s_main + "t").Select(part => part.Value));

        private static XDocument? Part(ZipArchive archive, string name)
        {
            if (archive.GetEntry(name) is not { } entry)
            {
                return null;
            }

            using var part = entry.Open();
            return XDocument.Load(part, LoadOptions.PreserveWhitespace);
        }
    }
}
