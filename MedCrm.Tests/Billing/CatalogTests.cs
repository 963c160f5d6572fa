using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Billing;

public sealed class CatalogTests
{
    [Fact]
    public async Task An_item_is_found_by_the_beginning_of_its_code_first_then_by_words_of_its_name()
    {
        await using var world = await TestWorld.CreateAsync();
        await CreateAsync(world, "FOR-01", "Formation au planning");
        await CreateAsync(world, "PLAN-01", "Abonnement planning médical");
        await CreateAsync(world, "REC-01", "Recrutement d'un anesthésiste");
        await CreateAsync(world, "PLAN-OLD", "Ancien planning", details => details with { IsOffered = false });
        var catalog = world.As(world.Claire).Get<Catalog>();

        Assert.Equal(["PLAN-01", "FOR-01"], (await catalog.SearchAsync("plan")).Select(hit => hit.Code));
        Assert.Equal(["PLAN-01"], (await catalog.SearchAsync("medical PLANNING")).Select(hit => hit.Code));
        Assert.Equal(["REC-01"], (await catalog.SearchAsync("anesthesiste")).Select(hit => hit.Code));
        Assert.Equal(["FOR-01", "PLAN-01", "REC-01"], (await catalog.SearchAsync("")).Select(hit => hit.Code));
        Assert.Single(await catalog.SearchAsync("", 1));
    }

    [Fact]
    public async Task A_line_takes_what_the_item_holds()
    {
        await using var world = await TestWorld.CreateAsync();
        await CreateAsync(world, "FOR-01", "Formation", details => details with { Description = "Sur site, 12 personnes", Unit = "jour", UnitPrice = 980, UnitCost = 400, VatCategory = VatCategory.Exempt, VatRate = 0, VatReason = Vat.Training.Reason, Nature = SupplyNature.Services });

        var line = (await world.Get<Catalog>().SearchAsync("for-01")).Single().ToLine();

        Assert.Equal(("FOR-01", "Formation\nSur site, 12 personnes", "jour", 980m, 400m, Vat.Training), (line.Code, line.Description, line.Unit, line.UnitPrice, line.UnitCost!.Value, line.Vat));
    }

    [Fact]
    public async Task A_code_is_carried_by_one_item_and_free_again_once_it_is_in_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var first = await CreateAsync(world, "FOR-01", "Formation");

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => CreateAsync(world, "FOR-01", "Autre"));
        Assert.Equal(("Code", "Cette référence est déjà celle de « Formation »."), (refusal.Field, refusal.Message));

        var deletion = await world.Get<Catalog>().DeleteAsync(first);
        var second = await CreateAsync(world, "FOR-01", "Autre");
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(deletion.ChangeSetId!.Value));
        await world.Get<Catalog>().DeleteAsync(second);
        await world.Get<Changes>().UndoAsync(deletion.ChangeSetId!.Value);
        Assert.Equal("Formation", (await world.Get<Catalog>().SearchAsync("for")).Single().Name);
    }

    [Fact]
    public async Task Who_does_not_see_margins_neither_reads_nor_loses_the_cost()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await CreateAsync(world, "FOR-01", "Formation", details => details with { UnitCost = 400 });

        Assert.Null((await world.As(world.Claire).Get<Catalog>().OpenAsync(id))!.Details.UnitCost);
        Assert.Equal(400, (await world.As(world.Manager).Get<Catalog>().OpenAsync(id))!.Details.UnitCost);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Catalog>().OfferAsync(id, false));
    }

    internal static async Task<Guid> CreateAsync(TestWorld world, string? code, string name, Func<CatalogItemDetails, CatalogItemDetails>? with = null)
    {
        var details = new CatalogItemDetails { Code = code, Name = name, UnitPrice = 100 };
        return (await world.Get<Catalog>().CreateAsync(with?.Invoke(details) ?? details)).RecordId;
    }
}
