using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Billing;

public sealed class BillingProfilesTests
{
    [Fact]
    public async Task Without_a_profile_the_law_and_the_usual_terms_hold()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(with: details => details with { LegalStatusCode = "13", Street = "5 allée de l'Île-Gloriette", Cedex = "Cedex 1" });
        var clinic = await world.InstitutionAsync("Clinique des Acacias", with: details => details with { LegalStatusCode = "95" });
        var association = await world.InstitutionAsync("Ligue", with: details => details with { LegalStatusCode = "60" });

        var (publicly, privately) = (await EffectiveAsync(world, hospital), await EffectiveAsync(world, clinic));

        Assert.Equal((BuyerKind.PublicHospital, new PaymentTerm(TermKind.Net, 50), TermSource.Statutory), (publicly.Buyer, publicly.Term, publicly.TermSource));
        Assert.Equal(("CHU de Nantes", "5 allée de l'Île-Gloriette", "44000", "Nantes Cedex 1"), (publicly.Name, publicly.Street, publicly.Postcode, publicly.City));
        Assert.Equal((BuyerKind.Private, PaymentTerm.Default, TermSource.Usual, false), (privately.Buyer, privately.Term, privately.TermSource, privately.IsNonProfessional));
        Assert.True((await EffectiveAsync(world, association)).IsNonProfessional);
    }

    [Fact]
    public async Task What_was_agreed_and_another_address_prevail()
    {
        await using var world = await TestWorld.CreateAsync();
        var clinic = await world.InstitutionAsync("Clinique des Acacias", with: details => details with { LegalStatusCode = "95" });
        var profiles = world.As(world.Claire).Get<BillingProfiles>();

        await profiles.EditAsync(clinic.Id, new(), new() { TermKind = TermKind.DaysThenEndOfMonth, TermDays = 45, Name = "Groupe Acacias", Street = "1 place Bellecour", Postcode = "69002", City = "Lyon", Email = "Compta@acacias.example.org", AccountCode = "411aca", IsNeverDunned = true });

        var effective = await EffectiveAsync(world, clinic);
        Assert.Equal((new PaymentTerm(TermKind.DaysThenEndOfMonth, 45), TermSource.Agreed), (effective.Term, effective.TermSource));
        Assert.Equal(("Groupe Acacias", "1 place Bellecour", "69002", "Lyon", "compta@acacias.example.org", "411ACA", true), (effective.Name, effective.Street, effective.Postcode, effective.City, effective.Email, effective.AccountCode, effective.IsNeverDunned));
    }

    [Fact]
    public async Task Terms_beyond_the_law_are_refused_beside_their_field()
    {
        await using var world = await TestWorld.CreateAsync();
        var (hospital, clinic) = (await world.InstitutionAsync(with: details => details with { LegalStatusCode = "13" }), await world.InstitutionAsync("Clinique", with: details => details with { LegalStatusCode = "95" }));

        Assert.Equal("TermDays", await RefusedAsync(world, hospital, new() { TermKind = TermKind.Net, TermDays = 60 }));
        Assert.Equal("TermDays", await RefusedAsync(world, hospital, new() { TermKind = TermKind.EndOfMonthThenDays, TermDays = 30 }));
        Assert.Equal("TermDays", await RefusedAsync(world, clinic, new() { TermKind = TermKind.Net, TermDays = 61 }));
        Assert.Equal("TermDays", await RefusedAsync(world, clinic, new() { Buyer = BuyerKind.State, TermKind = TermKind.Net, TermDays = 45 }));
        Assert.Equal("TermDays", await RefusedAsync(world, clinic, new() { TermKind = TermKind.Net }));
        Assert.Equal("TermKind", await RefusedAsync(world, clinic, new() { TermDays = 30 }));
        Assert.Equal("City", await RefusedAsync(world, clinic, new() { Street = "1 rue Basse", Postcode = "44000" }));
    }

    [Fact]
    public async Task Terms_that_a_change_of_status_made_unlawful_give_way_to_the_law()
    {
        await using var world = await TestWorld.CreateAsync();
        var clinic = await world.InstitutionAsync("Clinique", with: details => details with { LegalStatusCode = "95" });
        await world.Get<BillingProfiles>().EditAsync(clinic.Id, new(), new() { TermKind = TermKind.Net, TermDays = 60 });

        await world.Get<Institutions>().EditAsync(clinic.Id, clinic.Details(), clinic.Details() with { LegalStatusCode = "13", Ownership = Ownership.Public });

        var effective = await EffectiveAsync(world, clinic);
        Assert.Equal((new PaymentTerm(TermKind.Net, 50), TermSource.Statutory), (effective.Term, effective.TermSource));
    }

    [Fact]
    public async Task Two_people_who_fill_in_different_fields_both_keep_theirs_and_an_undo_gives_it_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var clinic = await world.InstitutionAsync("Clinique", with: details => details with { LegalStatusCode = "95" });
        var profiles = world.Get<BillingProfiles>();
        var first = await profiles.EditAsync(clinic.Id, new(), new() { Email = "a@example.org" });

        await profiles.EditAsync(clinic.Id, new(), new() { ServiceCode = "COMPTA" });
        var sheet = (await profiles.FindAsync(clinic.Id))!;
        Assert.Equal(("a@example.org", "COMPTA"), (sheet.Details.Email, sheet.Details.ServiceCode));

        await Assert.ThrowsAsync<EditConflictException>(() => profiles.EditAsync(clinic.Id, new(), new() { Email = "b@example.org" }));
        Assert.Contains("Clinique", first.Sentence, StringComparison.Ordinal);

        var last = await profiles.EditAsync(clinic.Id, sheet.Details, sheet.Details with { TermKind = TermKind.Net, TermDays = 45 });
        await world.Get<Changes>().UndoAsync(last.ChangeSetId!.Value);
        Assert.Equal((null, "COMPTA"), ((await profiles.FindAsync(clinic.Id))!.Details.TermDays, (await profiles.FindAsync(clinic.Id))!.Details.ServiceCode));
    }

    [Fact]
    public async Task Another_team_s_institution_shows_nothing_of_its_billing()
    {
        await using var world = await TestWorld.CreateAsync();
        var clinic = await world.InstitutionAsync("Clinique", world.Claire);
        var profiles = world.As(world.Lea).Get<BillingProfiles>();

        Assert.Null(await profiles.FindAsync(clinic.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => profiles.EditAsync(clinic.Id, new(), new() { Email = "a@example.org" }));
    }

    private static async Task<string?> RefusedAsync(TestWorld world, Institution institution, BillingProfileDetails typed)
        => (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<BillingProfiles>().EditAsync(institution.Id, new(), typed))).Field;

    private static async Task<EffectiveBilling> EffectiveAsync(TestWorld world, Institution institution) => (await world.Get<BillingProfiles>().FindEffectiveAsync(institution.Id))!;
}
