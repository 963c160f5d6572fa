using MedCrm.Core.Customers;
using MedCrm.Core.History;
using MedCrm.Core.Search;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Search;

public sealed class SearchesTests
{
    [Theory]
    [InlineData("chu lyon")]
    [InlineData("LYON chu")]
    [InlineData("C.H.U. ly")]
    [InlineData("hôpital")]
    [InlineData("hopital")]
    public async Task Words_are_found_in_any_order_without_case_nor_accents(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync("C.H.U. de Lyon, Hôpital Édouard-Herriot", with: d => d with { City = "Lyon" });
        await world.InstitutionAsync("Clinique du Parc");

        var hits = await world.Get<Searches>().FindAsync(typed);

        Assert.Equal(hospital.Id, Assert.Single(hits).RecordId);
    }

    [Theory]
    [InlineData("06 39 98 12 34")]
    [InlineData("0639981234")]
    [InlineData("+33 6 39 98 12 34")]
    public async Task A_contact_is_found_by_telephone_however_it_is_typed(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await world.ContactAsync();
        await using (var db = world.Open())
        {
            var loaded = await db.Contacts.SingleAsync(c => c.Id == contact.Id);
            db.Begin(world.Claire, "Test");
            loaded.Edit(loaded.Details() with { Mobile = "+33639981234" }, world.Now());
            await db.SaveChangesAsync();
        }

        var hits = await world.Get<Searches>().FindAsync(typed);

        Assert.Equal(contact.Id, Assert.Single(hits).RecordId);
    }

    [Fact]
    public async Task A_whole_identifier_comes_first()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("010000024 rue des Chiffres");
        var wanted = await world.InstitutionAsync("Centre hospitalier de Fleyriat", with: d => d with { FinessEt = "010000024" });

        var hits = await world.Get<Searches>().FindAsync("010 000 024");

        Assert.Equal((wanted.Id, true), (hits[0].RecordId, hits[0].IsExact));
    }

    [Fact]
    public async Task What_belongs_to_another_team_is_not_found()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Polyclinique Secrète", owner: world.Claire);
        await world.ContactAsync(institution, lastName: "Secrète");
        await world.OpportunityAsync(owner: world.Claire, institution: institution, with: d => d with { Name = "Secrète affaire" });

        var hers = await world.As(world.Claire).Get<Searches>().FindAsync("secrete");
        var others = await world.As(world.Lea).Get<Searches>().FindAsync("secrete");

        Assert.Equal(["Contact", "Institution", "Opportunity"], hers.Select(hit => hit.RecordType).Order());
        Assert.Empty(others);
    }

    [Fact]
    public async Task A_renamed_or_deleted_record_is_found_as_it_now_is()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Ancien nom");
        await using (var db = world.Open())
        {
            var loaded = await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
            db.Begin(world.Claire, "Test");
            loaded.Edit(loaded.Details() with { Name = "Nouvelle enseigne" }, world.Now());
            await db.SaveChangesAsync();
        }

        var searches = world.Get<Searches>();
        Assert.Empty(await searches.FindAsync("ancien"));
        Assert.Single(await searches.FindAsync("enseigne"));

        await using (var db = world.Open())
        {
            var loaded = await db.Institutions.SingleAsync(i => i.Id == institution.Id);
            db.Begin(world.Claire, "Test");
            ((IBinnable)loaded).DeletedAt = world.Now();
            await db.SaveChangesAsync();
        }

        Assert.Empty(await searches.FindAsync("enseigne"));
    }

    [Theory]
    [InlineData("'\"*(-NEAR")]
    [InlineData("AND OR NOT")]
    [InlineData("   ")]
    [InlineData("%_")]
    public async Task Any_typing_is_a_search_and_never_an_error(string typed)
    {
        await using var world = await TestWorld.CreateAsync();

        Assert.Empty(await world.Get<Searches>().FindAsync(typed));
    }
}
