using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Customers;

public sealed class ContactListTests
{
    [Fact]
    public async Task Every_column_is_read_sorted_and_filtered_in_the_database()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await world.ContactAsync(await world.InstitutionAsync());
        await world.As(world.Claire).Get<Contacts>().EditAsync(contact.Id, contact.Details(), contact.Details() with { Civility = "Dr", Email = "h@chu.test", Tags = ["VIP"], OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId });
        var list = world.Get<ContactList>();

        foreach (var column in list.Definition.Columns)
        {
            await list.RowsAsync(ListQuery.Parse($"?sort={column.Key}", list.Definition), [column.Key], 0, 10);
            Assert.InRange((await list.CountAsync(ListQuery.Parse($"?{column.Key}=*", list.Definition))).Matching, 0, 1);
        }

        var row = Assert.Single(await list.RowsAsync(ListQuery.Parse("?owner=me&tags=vip&civility=Dr&institution=~nantes&q=renaud", list.Definition), ["name", "institution", "email"], 0, 10));
        Assert.Equal(["Hélène Renaud", "CHU de Nantes", "h@chu.test"], row.Values);
    }

    [Fact]
    public async Task The_list_shows_what_the_person_sees_and_names_no_hidden_institution()
    {
        await using var world = await TestWorld.CreateAsync();
        var (west, south) = (await world.InstitutionAsync("Ouest", owner: world.Claire), await world.InstitutionAsync("Sud", owner: world.Lea));
        await world.ContactAsync(south, "Caché");
        var both = await world.ContactAsync(south, "Partagé");
        await world.As(world.Admin).Get<Contacts>().JoinAsync(both.Id, new ContactRoleDetails { InstitutionId = west.Id });

        Assert.Equal([("Hélène Partagé", "Ouest")], await RowsOfAsync(world.Claire));
        Assert.Equal([("Hélène Caché", "Sud"), ("Hélène Partagé", "Sud")], await RowsOfAsync(world.Lea));

        async Task<IEnumerable<(string, string)>> RowsOfAsync(Actor actor)
        {
            var list = world.As(actor).Get<ContactList>();
            var rows = await list.RowsAsync(ListQuery.Parse("?sort=name", list.Definition), ["name", "institution"], 0, 10);
            return rows.Select(row => ((string)row.Values[0]!, (string)row.Values[1]!));
        }
    }

    [Fact]
    public async Task A_cell_refuses_what_the_form_would()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await world.ContactAsync();
        await world.Get<Contacts>().CreateAsync(new ContactDetails { LastName = "Autre", Rpps = "99900000003" });
        var list = world.Get<ContactList>();

        await Assert.ThrowsAsync<MedCrm.Core.Foundation.BusinessRuleException>(() => list.EditAsync(contact.Id, "rpps", null, "99900000003"));
        await list.EditAsync(contact.Id, "mobile", null, "06 12 34 56 78");

        Assert.Equal("+33612345678", (await world.Get<Contacts>().GetAsync(contact.Id))!.Details.Mobile);
    }
}
