using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Customers;

public sealed class ContactsTests
{
    [Fact]
    public async Task A_contact_is_created_in_place()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var doors = world.As(world.Claire).Get<Contacts>();

        var done = await doors.CreateAsync(
            new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "H.Renaud@CHU.test", Mobile = "06 12 34 56 78", Rpps = "899900000003" },
            new ContactRoleDetails { InstitutionId = institution.Id, Title = "Cheffe du bloc", Influence = Influence.DecisionMaker, IsPrimary = true });

        var sheet = (await doors.GetAsync(done.RecordId))!;
        Assert.Equal(("Hélène Renaud", "h.renaud@chu.test", "+33612345678", "99900000003"), (sheet.FullName, sheet.Details.Email, sheet.Details.Mobile, sheet.Details.Rpps));
        var row = Assert.Single(await doors.OfInstitutionAsync(institution.Id));
        Assert.Equal((done.RecordId, "Cheffe du bloc", Influence.DecisionMaker, true), (row.ContactId, row.Title, row.Influence, row.IsPrimary));
    }

    [Fact]
    public async Task An_institution_has_one_primary_contact()
    {
        await using var world = await TestWorld.CreateAsync();
        var (here, elsewhere) = (await world.InstitutionAsync("CHU"), await world.InstitutionAsync("Clinique"));
        var doors = world.As(world.Claire).Get<Contacts>();
        var first = await doors.CreateAsync(new ContactDetails { LastName = "Premier" }, new ContactRoleDetails { InstitutionId = here.Id, IsPrimary = true });
        var other = await doors.CreateAsync(new ContactDetails { LastName = "Ailleurs" }, new ContactRoleDetails { InstitutionId = elsewhere.Id, IsPrimary = true });
        var second = await doors.CreateAsync(new ContactDetails { LastName = "Second" }, new ContactRoleDetails { InstitutionId = here.Id });

        var place = (await doors.OfInstitutionAsync(here.Id)).Single(row => row.ContactId == second.RecordId);
        await doors.MakePrimaryAsync(second.RecordId, place.RoleId);

        Assert.Equal([second.RecordId], (await doors.OfInstitutionAsync(here.Id)).Where(row => row.IsPrimary).Select(row => row.ContactId));
        Assert.True(Assert.Single(await doors.OfInstitutionAsync(elsewhere.Id)).IsPrimary);
        Assert.False((await doors.GetAsync(first.RecordId))!.Places.Single().IsPrimary);
        Assert.True((await doors.GetAsync(other.RecordId))!.Places.Single().IsPrimary);
    }

    [Fact]
    public async Task Whoever_names_the_primary_contact_at_the_same_moment_one_remains()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var doors = world.As(world.Claire).Get<Contacts>();
        var places = new List<(Guid Contact, Guid Role)>();
        for (var n = 0; n < 8; n++)
        {
            var contact = await doors.CreateAsync(new ContactDetails { LastName = $"Contact {n}" }, new ContactRoleDetails { InstitutionId = institution.Id });
            places.Add((contact.RecordId, (await doors.GetAsync(contact.RecordId))!.Places.Single().RoleId));
        }

        await Task.WhenAll(places.Select(place => Task.Run(() => doors.MakePrimaryAsync(place.Contact, place.Role))));

        Assert.Single(await doors.OfInstitutionAsync(institution.Id), row => row.IsPrimary);
    }

    [Fact]
    public async Task Somebody_who_left_keeps_the_place_with_its_end()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);
        var doors = world.As(world.Claire).Get<Contacts>();
        var place = Assert.Single(await doors.OfInstitutionAsync(institution.Id));

        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.LeaveAsync(contact.Id, place.RoleId, new DateOnly(2026, 11, 22)));
        await doors.LeaveAsync(contact.Id, place.RoleId, new DateOnly(2026, 11, 20));

        Assert.Equal((new DateOnly(2026, 11, 20), false), (Assert.Single(await doors.OfInstitutionAsync(institution.Id)).EndedOn, Assert.Single(await doors.OfInstitutionAsync(institution.Id)).IsPrimary));
        await doors.JoinAsync(contact.Id, new ContactRoleDetails { InstitutionId = institution.Id, Title = "Consultante" });
        Assert.Equal(2, (await doors.GetAsync(contact.Id))!.Places.Count);
    }

    [Fact]
    public async Task A_place_is_held_once_at_a_time()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contacts>().JoinAsync(contact.Id, new ContactRoleDetails { InstitutionId = institution.Id }));

        Assert.Equal("InstitutionId", refusal.Field);
    }

    [Fact]
    public async Task A_place_is_edited_and_forgotten_and_both_can_be_undone()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);
        var doors = world.As(world.Claire).Get<Contacts>();
        var role = contact.Roles.Single();

        await doors.EditPlaceAsync(contact.Id, role.Id, role.Details(), role.Details() with { Title = "Directrice", Influence = Influence.Opponent });
        var forgotten = await doors.ForgetAsync(contact.Id, role.Id);
        Assert.Empty((await doors.GetAsync(contact.Id))!.Places);

        await world.Get<Changes>().UndoAsync(forgotten.ChangeSetId!.Value);
        var place = Assert.Single((await doors.GetAsync(contact.Id))!.Places);
        Assert.Equal(("Directrice", Influence.Opponent), (place.Title, place.Influence));
    }

    [Fact]
    public async Task An_RPPS_number_belongs_to_one_person()
    {
        await using var world = await TestWorld.CreateAsync();
        var doors = world.Get<Contacts>();
        await doors.CreateAsync(new ContactDetails { LastName = "Renaud", Rpps = "99900000003" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => doors.CreateAsync(new ContactDetails { LastName = "Autre", Rpps = "99900000003" }));

        Assert.Equal("Rpps", refusal.Field);
    }

    [Fact]
    public async Task Contacts_are_seen_through_the_institutions_that_are_seen()
    {
        await using var world = await TestWorld.CreateAsync();
        var (west, south, common) = (await world.InstitutionAsync("Ouest", owner: world.Claire), await world.InstitutionAsync("Sud", owner: world.Lea), await world.InstitutionAsync("Commun"));
        var ours = await world.ContactAsync(west, "Ouest");
        var theirs = await world.ContactAsync(south, "Sud");
        var shared = await world.ContactAsync(common, "Commun");
        var free = await world.ContactAsync(null, "Libre");
        var both = await world.ContactAsync(south, "Partout");
        await world.As(world.Admin).Get<Contacts>().JoinAsync(both.Id, new ContactRoleDetails { InstitutionId = west.Id });

        Assert.Equal(["Commun", "Libre", "Ouest", "Partout"], await SeenByAsync(world.Claire));
        Assert.Equal(["Commun", "Libre", "Partout", "Sud"], await SeenByAsync(world.Lea));
        Assert.Equal(5, (await SeenByAsync(world.Manager)).Count);

        var doors = world.As(world.Claire).Get<Contacts>();
        Assert.Null(await doors.GetAsync(theirs.Id));
        Assert.Empty(await doors.OfInstitutionAsync(south.Id));
        Assert.Equal(["Ouest"], (await doors.GetAsync(both.Id))!.Places.Select(place => place.Institution));
        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.EditAsync(theirs.Id, theirs.Details(), theirs.Details() with { JobTitle = "x" }));
        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.DeleteAsync(theirs.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => doors.JoinAsync(ours.Id, new ContactRoleDetails { InstitutionId = south.Id }));
        Assert.NotNull(await doors.GetAsync(shared.Id));
        Assert.NotNull(await doors.GetAsync(free.Id));

        async Task<IReadOnlyList<string>> SeenByAsync(Actor actor)
        {
            await using var db = world.Open();
            return await VisibleContacts.Of(db, actor).OrderBy(contact => contact.LastName).Select(contact => contact.LastName).ToListAsync();
        }
    }

    [Fact]
    public async Task A_contact_tells_of_their_deals_and_tasks()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var contact = await world.ContactAsync(institution);
        await world.OpportunityAsync(institution: institution, with: details => details with { ContactId = contact.Id });
        await world.OpportunityAsync(institution: institution, owner: world.Lea, with: details => details with { Name = "Cachée", ContactId = contact.Id });

        var sheet = (await world.As(world.Claire).Get<Contacts>().GetAsync(contact.Id))!;

        Assert.Equal(("IRM du CHU de Nantes", "CHU de Nantes", "Prospection", 10_000m), (sheet.Deals.Single().Name, sheet.Deals.Single().Institution, sheet.Deals.Single().Stage, sheet.Deals.Single().Amount));
    }
}
