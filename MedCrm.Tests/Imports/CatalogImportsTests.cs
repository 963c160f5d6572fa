using System.Text;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Billing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Imports;

public sealed class CatalogImportsTests
{
    private const string Tariff = """
        Référence;Désignation;Famille;Unité;Prix unitaire HT;Prix d'achat;TVA;Motif sans TVA;Périodicité;Nature;Actif
        LOG-01;Planning;Logiciel;utilisateur;18,50;4,2;20 %;;Mensuel;Service;oui
        FOR-01;Formation;Formation;jour;1 234,56 €;;exonéré;Exonération de TVA, art. 261-4-4° a du CGI (formation);;prestation;
        MAT-01;Badgeuse;Matériel;unité;349;190;0,2;;ponctuel;Bien;non

        """;

    [Fact]
    public async Task A_tariff_enters_and_importing_it_again_changes_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await OrderAsync(world, Tariff);

        Assert.Equal(new ImportCounts(3, Created: 3), await RunAsync(world, order));
        Assert.Equal(new ImportCounts(3, Unchanged: 3), await RunAsync(world, order));

        await using var db = world.Open();
        var items = await db.CatalogItems.ToDictionaryAsync(item => item.Code!);
        Assert.Equal(("Planning", "Logiciel", "utilisateur", 18.5m, 4.2m, 20m, BillingPeriod.Monthly, true), Told(items["LOG-01"]));
        Assert.Equal(("Formation", "Formation", "jour", 1_234.56m, null, 0m, BillingPeriod.OneOff, true), Told(items["FOR-01"]));
        Assert.Equal((VatCategory.Exempt, Vat.Training.Reason), (items["FOR-01"].VatCategory, items["FOR-01"].VatReason));
        Assert.Equal(("Badgeuse", "Matériel", "unité", 349m, 190m, 20m, BillingPeriod.OneOff, false), Told(items["MAT-01"]));
        Assert.Equal(SupplyNature.Goods, items["MAT-01"].Nature);
    }

    [Fact]
    public async Task The_check_tells_what_would_change_and_the_run_does_it_and_is_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await CatalogTests.CreateAsync(world, "LOG-01", "Planning", details => details with { UnitPrice = 15, UnitCost = 4 });
        await CatalogTests.CreateAsync(world, "AUTRE", "Autre");
        var order = await OrderAsync(world, "Référence;Nom;Prix HT;Description\nlog-01;Planning médical;18,50;\nNEUF;Nouveau;100;Texte\nVIDE;Sans prix;;\nNEUF;Encore;1;\n;;5;\n");

        var plan = await world.Get<ImportOrders>().PlanAsync(order);
        Assert.Equal((1, 1, 3), (plan.Counts.Created, plan.Counts.Updated, plan.Counts.Errors));
        await using (var untouched = world.Open())
        {
            Assert.Equal(2, await untouched.CatalogItems.CountAsync());
        }

        var runId = await world.Get<ImportOrders>().StartAsync(order);
        await world.Get<ImportRunner>().WaitAsync(runId);
        var sheet = (await world.Get<Catalog>().OpenAsync(known))!.Details;
        Assert.Equal(("LOG-01", "Planning médical", 18.5m, 4m), (sheet.Code, sheet.Name, sheet.UnitPrice, sheet.UnitCost));
        Assert.Equal(["Nouveau"], (await world.Get<Catalog>().SearchAsync("neuf")).Select(hit => hit.Name));

        await world.Get<ImportRuns>().RevertAsync(runId);
        await world.Get<ImportRunner>().WaitAsync(runId);
        sheet = (await world.Get<Catalog>().OpenAsync(known))!.Details;
        Assert.Equal(("LOG-01", "Planning", 15m), (sheet.Code, sheet.Name, sheet.UnitPrice));
        Assert.Empty(await world.Get<Catalog>().SearchAsync("neuf"));
    }

    [Fact]
    public async Task A_rate_of_VAT_that_is_not_in_force_and_an_exemption_without_reason_are_told_beside_their_column()
    {
        await using var world = await TestWorld.CreateAsync();
        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "Code;Nom;Prix;TVA\nA;Un;10;19,6\nB;Deux;10;0\nC;Trois;dix;20\n"));

        Assert.Equal(3, plan.Counts.Errors);
    }

    [Fact]
    public async Task A_file_with_prices_is_a_catalogue_for_those_who_may_change_it_and_for_them_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await OrderAsync(world, Tariff);

        Assert.Equal(ImportSubject.Catalog, (await world.Get<ImportOrders>().InspectAsync(order.File)).Subject);
        world.As(world.Claire);
        Assert.Equal(ImportSubject.Institutions, (await world.Get<ImportOrders>().InspectAsync(order.File)).Subject);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<ImportOrders>().PlanAsync(order));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<ImportOrders>().StartAsync(order));
    }

    private static (string Name, string? Category, string? Unit, decimal Price, decimal? Cost, decimal Rate, BillingPeriod Period, bool IsOffered) Told(CatalogItem item)
        => (item.Name, item.Category, item.Unit, item.UnitPrice, item.UnitCost, item.VatRate, item.Period, item.IsOffered);

    private static async Task<ImportCounts> RunAsync(TestWorld world, ImportOrder order) => await world.Get<ImportOrders>().RunAsync(order, _ => { });

    private static async Task<ImportOrder> OrderAsync(TestWorld world, string text)
    {
        var file = new ImportFile(Path.Combine(world.Folder.Temporary, $"{Guid.NewGuid():N}.csv"), "tarif.csv");
        await File.WriteAllTextAsync(file.Path, text, new UTF8Encoding(true));
        await using var stream = File.OpenRead(file.Path);
        var table = ImportTable.Open(stream);
        return new ImportOrder { File = file, Subject = ImportSubject.Catalog, Format = ImportFormat.Csv, Mapping = ImportMapping.From(ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)], ImportSubject.Catalog)) };
    }
}
