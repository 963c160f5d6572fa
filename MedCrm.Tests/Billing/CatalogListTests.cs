using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Billing;

public sealed class CatalogListTests
{
    [Fact]
    public async Task The_list_filters_and_sorts_by_what_it_shows()
    {
        await using var world = await TestWorld.CreateAsync();
        await CatalogTests.CreateAsync(world, "A", "Abonnement", details => details with { UnitPrice = 18.5m, Category = "Logiciel", Period = BillingPeriod.Monthly });
        await CatalogTests.CreateAsync(world, "B", "Formation", details => details with { UnitPrice = 980, Category = "Formation", VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = Vat.Training.Reason });
        await CatalogTests.CreateAsync(world, "C", "Livre", details => details with { UnitPrice = 24.17m, VatRate = 5.5m, IsOffered = false });

        Assert.Equal(["Formation", "Livre", "Abonnement"], await NamesAsync(world, "sort=-price"));
        Assert.Equal(["Formation"], await NamesAsync(world, "vat=0"));
        Assert.Equal(["Livre"], await NamesAsync(world, "vat=5.5"));
        Assert.Equal(["Abonnement"], await NamesAsync(world, "category=Logiciel"));
        Assert.Equal(["Abonnement", "Formation"], await NamesAsync(world, "offered=true"));
        Assert.Equal(["Abonnement"], await NamesAsync(world, "period=Monthly"));
        Assert.Equal(["Livre"], await NamesAsync(world, "price=20..100"));
    }

    [Fact]
    public async Task Costs_and_margins_are_for_those_who_see_margins_even_by_their_address()
    {
        await using var world = await TestWorld.CreateAsync();
        await CatalogTests.CreateAsync(world, "A", "Abonnement", details => details with { UnitPrice = 18.5m, UnitCost = 4.2m });
        await CatalogTests.CreateAsync(world, "B", "Sans coût");

        var seen = await world.As(world.Manager).Get<CatalogCostList>().RowsAsync(ListQuery.Everything, ["cost", "margin"], 0, 10);
        Assert.Equal([(4.2m, 14.3m), (null, null)], seen.Select(row => ((decimal?)row.Values[0], (decimal?)row.Values[1])));

        Assert.Empty(await world.As(world.Claire).Get<CatalogCostList>().RowsAsync(ListQuery.Everything, ["cost"], 0, 10));
        Assert.Null(world.Get<CatalogList>().Definition.Find("cost"));
        Assert.Equal(2, (await world.Get<CatalogList>().CountAsync(ListQuery.Everything)).Total);
    }

    [Fact]
    public async Task A_cell_and_a_selection_are_changed_by_the_rules_of_an_item_and_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var (first, second) = (await CatalogTests.CreateAsync(world, "A", "Abonnement"), await CatalogTests.CreateAsync(world, "B", "Formation"));
        var list = world.Get<CatalogList>();

        await list.EditAsync(first, "price", "100", "1 234,50");
        Assert.Equal(1_234.5m, (await world.Get<Catalog>().OpenAsync(first))!.Details.UnitPrice);
        Assert.Equal("Code", (await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(second, "code", "B", "A"))).Field);

        var archived = await list.OfferAsync(ListSelection.Of([first, second]), false);
        Assert.Equal((2, "2 articles en archive"), (archived.Changed, archived.Done.Sentence));
        Assert.Empty(await world.Get<Catalog>().SearchAsync(""));
        await world.Get<Changes>().UndoAsync(archived.Done.ChangeSetId!.Value);
        Assert.Equal(2, (await world.Get<Catalog>().SearchAsync("")).Count);

        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<CatalogList>().EditAsync(first, "price", "1234,5", "1"));
    }

    private static async Task<IEnumerable<string?>> NamesAsync(TestWorld world, string address)
    {
        var list = world.Get<CatalogList>();
        return (await list.RowsAsync(ListQuery.Parse(address, list.Definition), ["name"], 0, 50)).Select(row => (string?)row.Values[0]);
    }
}
