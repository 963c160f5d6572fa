using System.Runtime.CompilerServices;
using System.Net;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using MedCrm.Web.Exports;

namespace MedCrm.Tests.Exports;

public sealed class ListExportTests
{
    [Fact]
    public async Task The_workbook_holds_the_list_as_seen_and_the_ids()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync("Clinique du Parc", with: d => d with { Status = Core.Customers.CustomerStatus.Customer, FinessEt = "010000024" });
        var wanted = await world.InstitutionAsync("CHU de Nantes", with: d => d with { Status = Core.Customers.CustomerStatus.HotProspect, Tags = ["GHT", "Clé"] });

        var rows = await ExportAsync(world, "status=HotProspect&cols=name,status,tags&sort=-name");

        Assert.Equal(["Nom", "Statut", "Étiquettes", "Identifiant"], rows.Headers);
        var row = Assert.Single(rows.Rows);
        Assert.Equal(["CHU de Nantes", "Prospect chaud", "Clé, GHT", wanted.Id.ToString()], row.Cells);
    }

    [Fact]
    public async Task What_belongs_to_another_team_is_not_exported()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync("De Claire", owner: world.Claire);
        await world.InstitutionAsync("De Léa", owner: world.Lea);

        var rows = await ExportAsync(world.As(world.Lea), "cols=name");

        Assert.Equal(["De Léa"], rows.Rows.Select(row => row.Cells[0]));
    }

    [Fact]
    public async Task A_selection_is_exported_alone_in_the_order_of_the_list()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        var first = await world.InstitutionAsync("Alpha", owner: world.Lea);
        var last = await world.InstitutionAsync("Zeta", owner: world.Lea);
        await world.InstitutionAsync("Milieu", owner: world.Lea);
        var theirs = await world.InstitutionAsync("De Claire", owner: world.Claire);

        var rows = await ExportAsync(world.As(world.Lea), "q=zeta&cols=name&sort=-name", first.Id, last.Id, theirs.Id);

        Assert.Equal(["Zeta", "Alpha"], rows.Rows.Select(row => row.Cells[0]));
    }

    [Fact]
    public async Task No_file_stays_behind()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync();

        await ExportAsync(world, "");

        Assert.Empty(Directory.GetFiles(world.Folder.Temporary));
    }

    [Fact]
    public async Task Telephones_answers_and_people_are_written_as_they_are_read()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync(owner: world.Claire, with: d => d with { Phone = "+33240083333", IsLegalEntity = true });

        var rows = await ExportAsync(world, "cols=phone,legal-entity,owner,updated");

        Assert.Equal(["02 40 08 33 33", "oui", "Claire Martin", "2026-11-21T09:30:00"], Assert.Single(rows.Rows).Cells.Take(4));
    }

    [Fact]
    public async Task The_address_of_an_export_gives_a_workbook_named_for_its_list_and_day()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("claire@test.fr", Role.Sales);
        var claire = await site.SignInAsync("claire@test.fr");

        var answer = await claire.GetAsync("/export/institutions.xlsx?cols=name");

        Assert.Equal((HttpStatusCode.OK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Matches("^etablissements-20[0-9]{2}-[0-9]{2}-[0-9]{2}\\.xlsx$", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(["Nom", "Identifiant"], ImportTable.Open(new MemoryStream(await answer.Content.ReadAsByteArrayAsync())).Headers);
        Assert.Equal(HttpStatusCode.NotFound, (await claire.GetAsync("/export/nothing.xlsx")).StatusCode);
    }

    [Fact]
    public async Task The_same_list_comes_as_csv_for_french_spreadsheets_where_no_text_is_computed()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("claire@test.fr", Role.Administrator);
        await using (var db = site.Open())
        {
            db.Begin(Actor.System, "Test");
            db.CatalogItems.Add(new CatalogItem(new CatalogItemDetails { Name = "=1+1 ; \"Sonde\"", Code = "+33", UnitPrice = 1_234.5m }, DateTime.UtcNow));
            db.CatalogItems.Add(new CatalogItem(new CatalogItemDetails { Name = "Échographe", UnitPrice = 24.17m }, DateTime.UtcNow));
            await db.SaveChangesAsync();
        }

        var answer = await (await site.SignInAsync("claire@test.fr")).GetAsync("/export/catalog.csv?cols=name,code,price&sort=name");

        Assert.Equal((HttpStatusCode.OK, "text/csv"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.EndsWith(".csv", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal(["Nom;Référence;Prix unitaire HT;Identifiant", ""], [lines[0], lines[^1]]);
        Assert.StartsWith("\"'=1+1 ; \"\"Sonde\"\"\";'+33;1234,50;", lines.Single(line => line.Contains("1+1", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("Échographe;;24,17;", lines.Single(line => line.Contains("chographe", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_given_up_half_way_leaves_nothing()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        await world.InstitutionAsync();
        using var giveUp = new CancellationTokenSource();
        var list = new HalfwayList(world.Get<ListExport>().Find("institutions")!, () =>
        {
            Assert.Single(Directory.GetFiles(world.Folder.Temporary));
            giveUp.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Get<ListExport>().WriteAsync(list, ListQuery.Parse("cols=name", list.Definition), picked: null, giveUp.Token));

        Assert.Empty(Directory.GetFiles(world.Folder.Temporary));
    }

    private static async Task<(IReadOnlyList<string> Headers, List<ImportRow> Rows)> ExportAsync(TestWorld world, string address, params Guid[] picked)
    {
        var export = world.Get<ListExport>();
        var list = export.Find("institutions")!;
        await using var workbook = await export.WriteAsync(list, ListQuery.Parse(address, list.Definition), picked.Length == 0 ? null : picked, CancellationToken.None);
        var table = ImportTable.Open(workbook);
        return (table.Headers, [.. table.Rows]);
    }

    // A list whose reader goes away after its first line.
    private sealed class HalfwayList(IRecordList list, Action afterTheFirst) : IRecordList
    {
        public ListDefinition Definition => list.Definition;

        public async IAsyncEnumerable<ListRow> StreamAsync(ListQuery query, IReadOnlyList<string> columns, IReadOnlyCollection<Guid>? picked = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var row in list.StreamAsync(query, columns, picked, cancellationToken))
            {
                yield return row;
                afterTheFirst();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        public Task<ListCounts> CountAsync(ListQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<ListRow>> RowsAsync(ListQuery query, IReadOnlyList<string> columns, int skip, int take, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ListRow?> RowAsync(Guid id, IReadOnlyList<string> columns, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<Guid>> IdsAsync(ListQuery query, int skip = 0, int? take = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Neighbours?> NeighboursAsync(ListQuery query, Guid id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<Choice>> ChoicesAsync(string column, string? search = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<Choice>> NamesAsync(string column, IReadOnlyList<string> values, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
