using System.Text;
using Bunit;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using MedCrm.Web.Imports;
using MedCrm.Web.Kit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Imports;

public sealed class ImportScreensTests : WorldScreenTests
{
    protected override Task<TestWorld> CreateWorldAsync() => TestWorld.CreateAsync();

    [Fact]
    public async Task What_an_import_would_do_is_no_past_and_what_it_did_is()
    {
        var plan = await World.Get<ImportOrders>().PlanAsync(await OrderAsync("Nom\nClinique A\n"));

        var check = Render<ImportCheck>(with => with.Add(page => page.Plan, plan));
        var tiles = Render<ImportTiles>(with => with.Add(page => page.Counts, plan.Counts));

        Assert.Equal(["À créer", "À mettre à jour", "Inchangés", "À ignorer", "En erreur", "Avertissements"], check.FindAll(".tile-label").Select(label => label.TextContent));
        Assert.Equal("1", check.Find("[data-testid=import-created]").GetAttribute("data-value"));
        Assert.StartsWith("À créer", check.Find("[data-testid=import-view-created]").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Créés", "Modifiés", "Inchangés", "Ignorés", "En erreur", "Avertissements"], tiles.FindAll(".tile-label").Select(label => label.TextContent));
    }

    [Fact]
    public async Task A_remark_on_a_row_names_its_column()
    {
        var plan = await World.Get<ImportOrders>().PlanAsync(await OrderAsync("Nom;Lits de médecine\nClinique A;beaucoup\n"));

        var check = Render<ImportCheck>(with => with.Add(page => page.Plan, plan));

        Assert.Equal("Lits de médecine : Un nombre entier est attendu.", check.Find("[data-testid=import-row] .muted").TextContent);
    }

    [Fact]
    public async Task The_list_of_imports_says_how_many_records_stayed_when_one_was_taken_back()
    {
        var runId = await World.Get<ImportOrders>().StartAsync(await OrderAsync("Nom;Ville\nClinique A;Lyon\nClinique B;Lyon\nClinique C;Lyon\n"));
        await World.Get<ImportRunner>().WaitAsync(runId);
        await TouchAsync("Clinique A", "Clinique B");
        await World.Get<ImportRuns>().RevertAsync(runId);

        var page = Render<ImportsPage>();

        page.WaitForElement("[data-testid=list-row]");
        var kept = page.Find("[data-testid=import-kept-count]");
        Assert.Equal(($"/imports/{runId}?tab=kept", "2 fiches gardées"), (kept.GetAttribute("href"), kept.TextContent));
    }

    private async Task TouchAsync(params string[] names)
    {
        await using var db = World.Open();
        db.Begin(World.Claire, "Test");
        foreach (var institution in await db.Institutions.Include(i => i.Labels).Where(i => names.Contains(i.Name)).ToListAsync())
        {
            institution.Edit(institution.Details() with { Notes = "Vue en juin" }, World.Now());
        }

        await db.SaveChangesAsync();
    }

    private async Task<ImportOrder> OrderAsync(string text)
    {
        var file = new ImportFile(Path.Combine(World.Folder.Temporary, $"{Guid.NewGuid():N}.csv"), "libre.csv");
        await File.WriteAllTextAsync(file.Path, text, Encoding.UTF8);
        await using var stream = File.OpenRead(file.Path);
        var table = ImportTable.Open(stream);
        return new ImportOrder { File = file, Format = ImportFormat.Csv, Mapping = ImportMapping.From(ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)])) };
    }
}
