using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Customers;

public sealed class InstitutionsTests
{
    [Fact]
    public async Task Creating_keeps_what_was_typed_in_its_official_form()
    {
        await using var world = await TestWorld.CreateAsync();

        var done = await world.As(world.Claire).Get<Institutions>().CreateAsync(new InstitutionDetails
        {
            Name = " CH Fleyriat ",
            City = "Viriat",
            Postcode = "01440",
            FinessEt = "010 000 024",
            Siret = "260 100 045 00012",
            Phone = "04 74 45 46 47",
            LegalStatusCode = "13",
        });

        var sheet = await world.Get<Institutions>().GetAsync(done.RecordId);
        var details = sheet!.Details;
        Assert.Equal(
            ("CH Fleyriat", "010000024", "26010004500012", "260100045", "+33474454647", "01", "84", Ownership.Public),
            (details.Name, details.FinessEt, details.Siret, details.Siren, details.Phone, details.DepartmentCode, sheet.RegionCode, details.Ownership));
        Assert.Equal("Établissement « CH Fleyriat » créé", done.Sentence);
    }

    [Theory]
    [InlineData("010000025", "FinessEt")]
    [InlineData("10000024", "FinessEt")]
    public async Task A_wrong_FINESS_is_refused_beside_its_field(string finess, string field)
    {
        await using var world = await TestWorld.CreateAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Institutions>().CreateAsync(new InstitutionDetails { Name = "CH", FinessEt = finess }));

        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public async Task Only_an_administrator_may_accept_an_identifier_whose_key_is_wrong()
    {
        await using var world = await TestWorld.CreateAsync();
        var details = new InstitutionDetails { Name = "CH", FinessEt = "010000025", AcceptsWrongKeys = true };

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Institutions>().CreateAsync(details));
        Assert.Equal("AcceptsWrongKeys", refusal.Field);

        var done = await world.As(world.Admin).Get<Institutions>().CreateAsync(details);
        Assert.Equal("010000025", (await world.Get<Institutions>().GetAsync(done.RecordId))!.Details.FinessEt);
    }

    [Fact]
    public async Task A_number_accepted_once_does_not_block_later_edits()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(with: details => details with { FinessEt = "010000025", AcceptsWrongKeys = true });
        var seen = (await world.As(world.Claire).Get<Institutions>().GetAsync(institution.Id))!.Details;

        await world.Get<Institutions>().EditAsync(institution.Id, seen, seen with { City = "Rezé" });

        Assert.Equal("Rezé", (await world.Get<Institutions>().GetAsync(institution.Id))!.Details.City);
    }

    [Fact]
    public async Task A_FINESS_belongs_to_one_institution_and_the_other_teams_name_stays_hidden()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH secret", owner: world.Lea, with: details => details with { FinessEt = "010000024" });
        var details = new InstitutionDetails { Name = "CH", FinessEt = "010000024" };

        var hidden = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Claire).Get<Institutions>().CreateAsync(details));
        var shown = await Assert.ThrowsAsync<BusinessRuleException>(() => world.As(world.Admin).Get<Institutions>().CreateAsync(details));

        Assert.DoesNotContain("CH secret", hidden.Message, StringComparison.Ordinal);
        Assert.Equal("Ce numéro FINESS est déjà celui de « CH secret ».", shown.Message);
        Assert.Equal("FinessEt", hidden.Field);
    }

    [Fact]
    public async Task Two_people_editing_different_fields_both_win()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var seen = institution.Details();

        await world.As(world.Claire).Get<Institutions>().EditAsync(institution.Id, seen, seen with { City = "Rezé" });
        await world.As(world.Paul).Get<Institutions>().EditAsync(institution.Id, seen, seen with { Email = "accueil@chu.test" });

        var now = (await world.Get<Institutions>().GetAsync(institution.Id))!.Details;
        Assert.Equal(("Rezé", "accueil@chu.test"), (now.City, now.Email));
        await Assert.ThrowsAsync<EditConflictException>(() => world.Get<Institutions>().EditAsync(institution.Id, seen, seen with { City = "Orvault" }));
    }

    [Fact]
    public async Task Another_teams_institution_answers_to_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Clinique du Sud", owner: world.Lea);
        var doors = world.As(world.Claire).Get<Institutions>();

        Assert.Null(await doors.GetAsync(institution.Id));
        Assert.Null(await doors.FindNameAsync(institution.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.EditAsync(institution.Id, institution.Details(), institution.Details() with { City = "Nice" }));
        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.DeleteAsync(institution.Id));
        Assert.NotNull(await world.As(world.Lea).Get<Institutions>().GetAsync(institution.Id));
    }

    [Fact]
    public async Task An_institution_cannot_descend_from_itself()
    {
        await using var world = await TestWorld.CreateAsync();
        var head = await world.InstitutionAsync("CHU");
        var site = await world.InstitutionAsync("Site Nord", with: details => details with { ParentId = head.Id });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Institutions>().EditAsync(head.Id, head.Details(), head.Details() with { ParentId = site.Id }));

        Assert.Equal("ParentId", refusal.Field);
    }

    [Fact]
    public async Task Deleting_puts_in_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var doors = world.As(world.Claire).Get<Institutions>();

        var done = await doors.DeleteAsync(institution.Id);

        Assert.NotNull(done.ChangeSetId);
        Assert.Null(await doors.GetAsync(institution.Id));
        await using var db = world.Open();
        Assert.Equal(world.Now(), (await db.Institutions.IgnoreQueryFilters().SingleAsync(i => i.Id == institution.Id)).DeletedAt);
    }

    [Fact]
    public async Task An_institution_that_carries_deals_is_not_deleted()
    {
        await using var world = await TestWorld.CreateAsync();
        var deal = await world.OpportunityAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Institutions>().DeleteAsync(deal.InstitutionId));

        Assert.Contains("porte une affaire", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_tells_the_money_the_next_action_and_the_last_contact()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.OpportunityAsync(institution: institution, with: details => details with { Amount = 1500.5m, NextAction = "Envoyer le devis", NextActionOn = new DateOnly(2026, 12, 3) });
        await world.OpportunityAsync(institution: institution);
        await world.OpportunityAsync(institution: institution, owner: world.Lea, with: details => details with { Amount = 99 });
        await world.SaveAsync(db =>
        {
            db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "Rappeler Mme Renaud", DueOn = new DateOnly(2026, 11, 30), InstitutionId = institution.Id, OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId }, world.Claire, world.Now()));
            db.Activities.Add(new Activity(new ActivityDetails { Kind = ActivityKind.Call, Subject = "Premier appel", At = world.Now().AddDays(-4), InstitutionId = institution.Id, OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId }, world.Claire, world.Now()));
        });

        var sheet = (await world.As(world.Claire).Get<Institutions>().GetAsync(institution.Id))!;

        Assert.Equal((11500.5m, 2, 2), (sheet.OpenAmount, sheet.OpenCount, sheet.OpportunityCount));
        Assert.Equal(("Rappeler Mme Renaud", new DateOnly(2026, 11, 30)), (sheet.NextAction!.Text, sheet.NextAction.On));
        Assert.Equal(("Premier appel", world.Now().AddDays(-4)), (sheet.LastContact!.Text, sheet.LastContact.At));
    }

    [Fact]
    public async Task Sites_of_the_same_legal_entity_are_listed_when_visible()
    {
        await using var world = await TestWorld.CreateAsync();
        var head = await world.InstitutionAsync("CH Fleyriat", with: details => details with { FinessEj = "010780054", FinessEt = "010000024" });
        await world.InstitutionAsync("Site B", with: details => details with { FinessEj = "010780054", BedsMedicine = 20 });
        await world.InstitutionAsync("Site A", with: details => details with { FinessEj = "010780054", BedsMedicine = 80 });
        await world.InstitutionAsync("Annexe", with: details => details with { ParentId = head.Id });
        await world.InstitutionAsync("Site caché", owner: world.Lea, with: details => details with { FinessEj = "010780054" });
        await world.InstitutionAsync("Ailleurs");

        var sheet = await world.As(world.Claire).Get<Institutions>().GetAsync(head.Id);

        Assert.Equal(["Site A", "Site B", "Annexe"], sheet!.Sites.Select(site => site.Name));
    }

    [Fact]
    public async Task Labels_in_use_come_by_frequency_and_by_kind()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(with: details => details with { Tags = ["GHT", "Prioritaire"], Specialities = ["Cardiologie"] });
        await world.InstitutionAsync(with: details => details with { Tags = ["Prioritaire"] });
        await world.InstitutionAsync(owner: world.Lea, with: details => details with { Tags = ["Secret"] });

        var tags = await world.As(world.Claire).Get<Institutions>().LabelsInUseAsync(InstitutionLabelKind.Tag);

        Assert.Equal(["Prioritaire", "GHT"], tags);
    }

    [Fact]
    public async Task Changing_the_town_writes_one_line_of_history()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();

        var done = await world.As(world.Claire).Get<Institutions>().EditAsync(institution.Id, institution.Details(), institution.Details() with { City = "Rezé" });

        await using var db = world.Open();
        var change = await db.RecordChanges.SingleAsync(change => change.ChangeSetId == done.ChangeSetId);
        Assert.Equal([new FieldChange("City", "Nantes", "Rezé")], FieldChanges.Read(change.Fields));
    }
}
