using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
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
    [InlineData("st malo")]
    [InlineData("Ste Anne")]
    [InlineData("saint malo")]
    [InlineData("ste")]
    public async Task Saints_are_found_by_their_abbreviation(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync("Hôpital Sainte-Anne de Saint-Malo", with: d => d with { City = "Saint-Malo" });
        await world.InstitutionAsync("Clinique du Parc");

        Assert.Equal(hospital.Id, Assert.Single(await world.Get<Searches>().FindAsync(typed)).RecordId);
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

    [Theory]
    [InlineData("010000024")]
    [InlineData("010 780 054")]
    [InlineData("732 829 320")]
    [InlineData("732 829 320 00074")]
    public async Task Each_identifier_of_an_institution_calls_it_before_any_other(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        var wanted = await world.InstitutionAsync("Zzz", with: d => d with { FinessEt = "010000024", FinessEj = "010780054", AcceptsWrongKeys = true, Siren = "732829320", Siret = "73282932000074" });
        for (var i = 0; i < 8; i++)
        {
            await world.InstitutionAsync($"{typed} {typed.Replace(" ", "", StringComparison.Ordinal)} bis {i}");
        }

        var hit = (await world.Get<Searches>().FindAsync(typed))[0];

        Assert.Equal((wanted.Id, true), (hit.RecordId, hit.IsExact));
    }

    [Theory]
    [InlineData("99900000003")]
    [InlineData("899900000003")]
    public async Task A_health_professional_is_called_by_number(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await PersonAsync(world, "Renaud", d => d with { Rpps = "99900000003" });

        var hits = await world.Get<Searches>().FindAsync(typed);

        Assert.Equal((contact.Id, "RPPS 99900000003", true), (hits[0].RecordId, hits[0].Detail, hits[0].IsExact));
        Assert.Single(hits);
        Assert.Equal(contact.Id, (await world.Get<Searches>().FindContactsAsync(typed))[0].RecordId);
        Assert.Empty(await world.As(world.Lea).Get<Searches>().FindAsync(typed));
    }

    [Fact]
    public async Task Names_that_start_with_what_is_typed_come_first_by_name_then_those_that_hold_it_the_shortest_first()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var name in new[] { "Clinique de la rue Louis Pasteur à Nantes", "Institut Pasteur", "Pasteur Zed", "Pasteur Albert de la Tour Saint-Jacques" })
        {
            await world.InstitutionAsync(name, with: d => d with { City = null, Postcode = null });
        }

        var hits = await world.Get<Searches>().FindAsync("pasteur", perKind: 3);

        Assert.Equal(["Pasteur Albert de la Tour Saint-Jacques", "Pasteur Zed", "Institut Pasteur"], hits.Select(hit => hit.Text));
    }

    [Fact]
    public async Task Each_kind_takes_no_more_than_its_share()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Ailleurs", owner: world.Claire);
        for (var i = 9; i > 0; i--)
        {
            await world.InstitutionAsync($"Pasteur{string.Concat(Enumerable.Repeat(" hôpital", i))}", with: d => d with { City = null, Postcode = null });
            await PersonAsync(world, $"Pasteur{string.Concat(Enumerable.Repeat(" Martin", i))}");
            await world.OpportunityAsync(institution: institution, with: d => d with { Name = $"Pasteur{string.Concat(Enumerable.Repeat(" scanner", i))}" });
        }

        var hits = await world.Get<Searches>().FindAsync("pasteur", perKind: 3);

        Assert.Equal(
            [
                "Pasteur hôpital", "Pasteur hôpital hôpital", "Pasteur hôpital hôpital hôpital",
                "Pasteur Martin", "Pasteur Martin Martin", "Pasteur Martin Martin Martin",
                "Pasteur scanner", "Pasteur scanner scanner", "Pasteur scanner scanner scanner",
            ],
            hits.Select(hit => hit.Text));
    }

    [Fact]
    public async Task Open_deals_come_before_closed_ones()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await LoseAsync(world, await world.OpportunityAsync(institution: institution, with: d => d with { Name = "Bistouri" }));
        await LoseAsync(world, await world.OpportunityAsync(institution: institution, with: d => d with { Name = "Achat bistouri" }));
        await world.OpportunityAsync("Negotiation", institution: institution, with: d => d with { Name = "Grand achat d'un bistouri pour le bloc numéro deux" });

        var hits = await world.Get<Searches>().FindAsync("bistouri");

        Assert.Equal(
            [("Grand achat d'un bistouri pour le bloc numéro deux", "CHU de Nantes · Négociation"), ("Bistouri", "CHU de Nantes · Perdu"), ("Achat bistouri", "CHU de Nantes · Perdu")],
            hits.Select(hit => (hit.Text, hit.Detail)));
        Assert.Equal(hits, await world.Get<Searches>().FindOpportunitiesAsync("bistouri"));
        Assert.Equal("Grand achat d'un bistouri pour le bloc numéro deux", Assert.Single(await world.Get<Searches>().FindOpportunitiesAsync("bistouri", take: 1)).Text);
    }

    [Fact]
    public async Task A_contact_is_told_by_the_place_held_now()
    {
        await using var world = await TestWorld.CreateAsync();
        var (former, beside, main) = (await world.InstitutionAsync("Ancien hôpital"), await world.InstitutionAsync("Clinique du mardi"), await world.InstitutionAsync("CHU principal"));
        var contact = await world.ContactAsync(former);
        await world.SaveAsync(db =>
        {
            var person = db.Contacts.Include(c => c.Roles).Single(c => c.Id == contact.Id);
            person.LeavePlace(person.Roles[0].Id, new DateOnly(2026, 11, 1), world.Now());
            person.Join(new ContactRoleDetails { InstitutionId = beside.Id }, world.Now());
            person.Join(new ContactRoleDetails { InstitutionId = main.Id, IsPrimary = true }, world.Now());
        });

        Assert.EndsWith("CHU principal", Assert.Single(await world.Get<Searches>().FindAsync("renaud")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lookup_finds_its_own_kind_the_identifier_first_and_no_more_than_it_shows()
    {
        await using var world = await TestWorld.CreateAsync();
        var wanted = await world.InstitutionAsync("Zzz", with: d => d with { FinessEt = "010000024" });
        for (var i = 0; i < 4; i++)
        {
            await PersonAsync(world, "010000024");
            await world.InstitutionAsync("010000024");
            await world.OpportunityAsync(institution: wanted, with: d => d with { Name = "010000024" });
        }

        var searches = world.Get<Searches>();
        var institutions = await searches.FindInstitutionsAsync("010000024", take: 3);
        Assert.Equal((wanted.Id, 3), (institutions[0].RecordId, institutions.Count));
        Assert.All(institutions, hit => Assert.Equal("Institution", hit.RecordType));
        Assert.Equal(["Contact", "Contact"], (await searches.FindContactsAsync("010000024", take: 2)).Select(hit => hit.RecordType));
        Assert.Equal(["Opportunity", "Opportunity"], (await searches.FindOpportunitiesAsync("010000024", take: 2)).Select(hit => hit.RecordType));
    }

    [Fact]
    public async Task An_empty_lookup_offers_what_changed_last_among_what_one_may_see()
    {
        await using var world = await TestWorld.CreateAsync();
        var searches = world.Get<Searches>();
        var names = new[] { "Premier", "Deuxième", "Troisième" };
        foreach (var name in names)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            var institution = await world.InstitutionAsync(name, owner: world.Claire);
            await PersonAsync(world, name, d => d with { FirstName = null, OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId });
            await world.OpportunityAsync(owner: world.Claire, institution: institution, with: d => d with { Name = name });
            await LoseAsync(world, await world.OpportunityAsync(owner: world.Claire, institution: institution, with: d => d with { Name = $"{name}, perdue" }));
        }

        foreach (var offer in new Func<Task<IReadOnlyList<SearchHit>>>[] { () => searches.FindInstitutionsAsync(" ", take: 2), () => searches.FindContactsAsync("", take: 2), () => searches.FindOpportunitiesAsync("", take: 2) })
        {
            world.As(world.Claire);
            Assert.Equal(["Troisième", "Deuxième"], (await offer()).Select(hit => hit.Text));
            world.As(world.Lea);
            Assert.Empty(await offer());
        }
    }

    [Fact]
    public async Task What_belongs_to_another_team_is_not_found()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Polyclinique Secrète", owner: world.Claire, with: d => d with { FinessEt = "010000024" });
        await world.ContactAsync(institution, lastName: "Secrète");
        await world.OpportunityAsync(owner: world.Claire, institution: institution, with: d => d with { Name = "Secrète affaire" });

        var hers = await world.As(world.Claire).Get<Searches>().FindAsync("secrete");
        var others = await world.As(world.Lea).Get<Searches>().FindAsync("secrete");

        Assert.Equal(["Contact", "Institution", "Opportunity"], hers.Select(hit => hit.RecordType).Order());
        Assert.Empty(others);
        Assert.Empty(await world.Get<Searches>().FindAsync("010000024"));
        Assert.Single(await world.As(world.Claire).Get<Searches>().FindAsync("010000024"));
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
        await world.SaveAsync(db => db.Institutions.IgnoreQueryFilters().Single(i => i.Id == institution.Id).DeletedAt = null);
        Assert.Single(await searches.FindAsync("enseigne"));
        await world.SaveAsync(db => db.Institutions.Remove(db.Institutions.Single(i => i.Id == institution.Id)));
        Assert.Equal(0, await EntriesAsync(world, institution.Id));
        Assert.Empty(await searches.FindAsync("enseigne"));
    }

    [Fact]
    public async Task An_index_that_lost_records_is_filled_again_at_the_next_start_without_those_in_the_bin()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Clinique retrouvée");
        var binned = await world.InstitutionAsync("Clinique jetée");
        await world.ContactAsync(institution);
        await world.SaveAsync(db => db.Institutions.Single(i => i.Id == binned.Id).DeletedAt = world.Now());
        await using (var db = world.Open())
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM SearchEntries");
        }

        Assert.Empty(await world.Get<Searches>().FindAsync("retrouvée"));
        await world.Get<Installation>().PrepareAsync();

        Assert.Equal("Clinique retrouvée", Assert.Single(await world.Get<Searches>().FindAsync("retrouvée")).Text);
        Assert.Single(await world.Get<Searches>().FindAsync("renaud"));
        Assert.Equal(0, await EntriesAsync(world, binned.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_index_of_the_former_shape_is_laid_and_filled_anew_even_when_that_was_cut_short(bool wasCutShort)
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Clinique retrouvée");
        await LoseAsync(world, await world.OpportunityAsync(institution: institution, with: d => d with { Name = "Affaire retrouvée, close" }));
        await world.OpportunityAsync(institution: institution, with: d => d with { Name = "Grande affaire retrouvée du bloc opératoire, en cours" });
        await using (var db = world.Open())
        {
            foreach (var kind in new[] { "Institution", "Contact", "OpenOpportunity", "ClosedOpportunity", "OpenTask", "ClosedTask", "Activity", "Document" })
            {
                var take = $"DROP TRIGGER {kind}EntriesInsert; DROP TRIGGER {kind}EntriesDelete; DROP TABLE SearchIndexOf{kind};";
                await db.Database.ExecuteSqlRawAsync(take);
            }

            await db.Database.ExecuteSqlRawAsync(wasCutShort ? "DELETE FROM SearchEntries" : """
                CREATE VIRTUAL TABLE SearchIndex USING fts5(Keys, RecordType, content='SearchEntries', content_rowid='Id', tokenize='unicode61', prefix='2 3 4');
                CREATE TRIGGER SearchEntriesInsert AFTER INSERT ON SearchEntries BEGIN INSERT INTO SearchIndex(rowid, Keys, RecordType) VALUES (NEW.Id, NEW.Keys, NEW.RecordType); END;
                CREATE TRIGGER SearchEntriesDelete AFTER DELETE ON SearchEntries BEGIN INSERT INTO SearchIndex(SearchIndex, rowid, Keys, RecordType) VALUES ('delete', OLD.Id, OLD.Keys, OLD.RecordType); END;
                """);
        }

        await world.Get<Installation>().PrepareAsync();

        Assert.Equal(
            ["Clinique retrouvée", "Grande affaire retrouvée du bloc opératoire, en cours", "Affaire retrouvée, close"],
            (await world.Get<Searches>().FindAsync("retrouvée")).Select(hit => hit.Text));
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

    [Fact]
    public async Task A_whole_page_pasted_into_the_box_is_searched_by_its_first_words()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("un deux trois quatre cinq six sept huit");

        var hits = await world.Get<Searches>().FindAsync("un deux trois quatre cinq six sept huit " + string.Join(' ', Enumerable.Range(0, 5_000).Select(number => $"mot{number}")));

        Assert.Equal(institution.Id, Assert.Single(hits).RecordId);
    }

    private static async Task<Contact> PersonAsync(TestWorld world, string lastName, Func<ContactDetails, ContactDetails>? with = null)
    {
        var details = new ContactDetails { LastName = lastName, OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId };
        var contact = new Contact(with?.Invoke(details) ?? details, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        return contact;
    }

    private static async Task LoseAsync(TestWorld world, Opportunity deal)
        => await world.As(world.Claire).Get<Opportunities>().MoveAsync(deal.Id, (await world.StageAsync("ClosedLost")).Id, deal.Version, terms: new MoveTerms { LossReason = LossReason.Price });

    private static async Task<int> EntriesAsync(TestWorld world, Guid recordId)
    {
        await using var db = world.Open();
        return (await db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM SearchEntries WHERE RecordId = {recordId}").ToListAsync())[0];
    }
}
