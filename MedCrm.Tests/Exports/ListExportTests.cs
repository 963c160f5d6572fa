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

    private static async Task<(IReadOnlyList<string> Headers, List<ImportRow> Rows)> ExportAsync(TestWorld world, string address, params Guid[] picked)
    {
        var export = world.Get<ListExport>();
        var list = export.Find("institutions")!;
        await using var workbook = await export.WriteAsync(list, ListQuery.Parse(address, list.Definition), picked.Length == 0 ? null : picked, CancellationToken.None);
        var table = ImportTable.Open(workbook);
        return (table.Headers, [.. table.Rows]);
    }
}
