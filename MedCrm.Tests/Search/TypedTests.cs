using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using MedCrm.Tests.Engagement;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Search;

/// <summary>What people type into the palette, as they type it.</summary>
public sealed class TypedTests
{
    // Kept as +33639981234, +33240083333 and +262692123456.
    [Theory]
    [InlineData("0639981234", "mobile")]
    [InlineData("06 39 98 12 34", "mobile")]
    [InlineData("06.39.98.12.34", "mobile")]
    [InlineData("06-39-98-12-34", "mobile")]
    [InlineData("06/39/98/12/34", "mobile")]
    [InlineData("0639 981 234", "mobile")]
    [InlineData("+33639981234", "mobile")]
    [InlineData("+33 6 39 98 12 34", "mobile")]
    [InlineData("+33 (0)6 39 98 12 34", "mobile")]
    [InlineData("+33(0)6.39.98.12.34", "mobile")]
    [InlineData("0033 6 39 98 12 34", "mobile")]
    [InlineData("0033639981234", "mobile")]
    [InlineData("639981234", "mobile")]
    [InlineData("6 39 98 12 34", "mobile")]
    [InlineData("0639", "mobile")]
    [InlineData("06 3", "mobile")]
    [InlineData("06 39 9", "mobile")]
    [InlineData("06.39.98", "mobile")]
    [InlineData("+33 6 39", "mobile")]
    [InlineData("+33 (0)6 39", "mobile")]
    [InlineData("0033 6", "mobile")]
    [InlineData("renaud 06 39 98", "mobile")]
    [InlineData("06 39 98 12 34 renaud", "mobile")]
    [InlineData("02 40 08 33 33", "desk")]
    [InlineData("02.40.08", "desk")]
    [InlineData("0240", "desk")]
    [InlineData("+33 2 40 08", "desk")]
    [InlineData("loire 02 40 08", "desk")]
    [InlineData("0692 12 34 56", "island")]
    [InlineData("0692 12", "island")]
    [InlineData("+262 692 12", "island")]
    [InlineData("00262 692 12 34 56", "island")]
    public async Task A_telephone_number_is_found_in_any_format_whole_or_begun(string typed, string found)
    {
        await using var world = await TestWorld.CreateAsync();
        var desk = await world.InstitutionAsync("Clinique de Loire", with: d => d with { Phone = "+33240083333", Postcode = null });
        await world.InstitutionAsync("Clinique du Parc", with: d => d with { Phone = "+33556798899", Postcode = null });
        var mobile = await PersonAsync(world, "Renaud", "+33639981234");
        var island = await PersonAsync(world, "Payet", "+262692123456");
        await PersonAsync(world, "Martin", "+33745124578");

        var hit = Assert.Single(await world.Get<Searches>().FindAsync(typed));

        Assert.Equal(found switch { "mobile" => mobile.Id, "desk" => desk.Id, _ => island.Id }, hit.RecordId);
    }

    [Theory]
    [InlineData("st malo", "Hôpital de Saint-Malo")]
    [InlineData("malo st", "Hôpital de Saint-Malo")]
    [InlineData("lyon chu", "C.H.U. de Lyon")]
    [InlineData("CHU ly", "C.H.U. de Lyon")]
    [InlineData("l'estuaire", "Clinique de l’Estuaire")]
    [InlineData("l’estu clin", "Clinique de l’Estuaire")]
    [InlineData("estuaire l", "Clinique de l’Estuaire")]
    [InlineData("sacre coeur", "Hôpital du Sacré-Cœur")]
    [InlineData("SACRÉ CŒUR", "Hôpital du Sacré-Cœur")]
    [InlineData("sacre-cœur", "Hôpital du Sacré-Cœur")]
    [InlineData("laetitia", "Maison Lætitia")]
    [InlineData("LÆTITIA", "Maison Lætitia")]
    [InlineData("m laet", "Maison Lætitia")]
    [InlineData("jean m", "Centre Jean-Moulin")]
    [InlineData("jean-moulin", "Centre Jean-Moulin")]
    public async Task Short_words_signs_and_ligatures_are_found_in_any_order(string typed, string name)
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var known in new[] { "Hôpital de Saint-Malo", "C.H.U. de Lyon", "Clinique de l’Estuaire", "Hôpital du Sacré-Cœur", "Maison Lætitia", "Centre Jean-Moulin" })
        {
            await world.InstitutionAsync(known, with: d => d with { City = null, Postcode = null });
        }

        Assert.Equal(name, Assert.Single(await world.Get<Searches>().FindAsync(typed)).Text);
    }

    [Fact]
    public async Task A_letter_beside_a_word_tells_namesakes_apart()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Pasteur Jeanne", with: d => d with { City = null });
        await world.InstitutionAsync("Pasteur Louis", with: d => d with { City = null });

        Assert.Equal("Pasteur Louis", Assert.Single(await world.Get<Searches>().FindAsync("l pasteur")).Text);
    }

    [Fact]
    public async Task One_letter_alone_finds_the_names_that_start_with_it()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Zénith");
        await world.InstitutionAsync("Clinique Zola");

        Assert.Equal("Zénith", Assert.Single(await world.Get<Searches>().FindAsync("z")).Text);
    }

    [Theory]
    [InlineData("c: bistouri", nameof(Contact))]
    [InlineData("C : bistouri", nameof(Contact))]
    [InlineData("e:bistouri", nameof(Institution))]
    [InlineData("é: bistouri", nameof(Institution))]
    [InlineData("a: bistouri", nameof(Opportunity))]
    [InlineData("t: bistouri", nameof(FollowUpTask))]
    [InlineData("n: bistouri", nameof(Activity))]
    public async Task A_letter_and_a_colon_look_for_one_kind_alone(string typed, string kind)
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Bistouri");
        await PersonAsync(world, "Bistouri", null);
        await world.OpportunityAsync(institution: institution, with: d => d with { Name = "Bistouri" });
        await world.TaskAsync(with: d => d with { Title = "Bistouri" });
        await world.Get<Activities>().CreateAsync(ActivitiesTests.Note(institution) with { Subject = "Bistouri" });

        Assert.Equal(kind, Assert.Single(await world.Get<Searches>().FindAsync(typed)).RecordType);
        Assert.Equal(5, (await world.Get<Searches>().FindAsync("bistouri")).Count);
    }

    [Theory]
    [InlineData("d:")]
    [InlineData("c: ")]
    public async Task A_filter_alone_finds_nothing_yet(string typed)
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Centre d'Angers");

        Assert.Empty(await world.Get<Searches>().FindAsync(typed));
    }

    [Fact]
    public async Task A_letter_that_is_no_filter_is_a_word()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Bâtiment B : radiologie");

        Assert.Single(await world.Get<Searches>().FindAsync("b: radio"));
    }

    [Fact]
    public async Task A_whole_number_calls_its_own_kind_behind_a_filter_too()
    {
        await using var world = await TestWorld.CreateAsync();
        var wanted = await world.InstitutionAsync("Zzz", with: d => d with { FinessEt = "010000024" });

        Assert.Equal((wanted.Id, true), (await world.Get<Searches>().FindAsync("e: 010 000 024")).Select(hit => (hit.RecordId, hit.IsExact)).Single());
        Assert.Empty(await world.Get<Searches>().FindAsync("c: 010 000 024"));
    }

    [Fact]
    public async Task Open_tasks_come_before_finished_ones_each_with_what_it_is_about_and_only_those_one_may_see()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var finished = await world.TaskAsync(with: d => d with { Title = "Bistouri", InstitutionId = institution.Id, Status = FollowUpStatus.Done });
        var open = await world.TaskAsync(with: d => d with { Title = "Vérifier la commande du bistouri du bloc", InstitutionId = institution.Id });
        var searches = world.As(world.Claire).Get<Searches>();

        var hits = await searches.FindAsync("bistouri");

        Assert.Equal([(open.Id, false), (finished.Id, true)], hits.Select(hit => (hit.RecordId, hit.IsClosed)));
        Assert.Equal(("CHU de Nantes", new DateOnly(2026, 11, 21)), (hits[0].Detail, hits[0].DueOn!.Value));
        Assert.Empty(await world.As(world.Lea).Get<Searches>().FindAsync("bistouri"));

        await world.SaveAsync(db => db.FollowUpTasks.Single(task => task.Id == open.Id).Complete(null, world.Now()));
        var other = await world.TaskAsync(with: d => d with { Title = "Vérifier une seconde fois la commande du bistouri du bloc" });
        Assert.Equal([other.Id, open.Id, finished.Id], (await world.As(world.Claire).Get<Searches>().FindAsync("bistouri")).Select(hit => hit.RecordId));
        await world.SaveAsync(db => db.FollowUpTasks.Single(task => task.Id == other.Id).DeletedAt = world.Now());
        await world.SaveAsync(db => db.FollowUpTasks.Single(task => task.Id == open.Id).DeletedAt = world.Now());
        Assert.Equal(finished.Id, Assert.Single(await searches.FindAsync("bistouri")).RecordId);
    }

    [Fact]
    public async Task Calls_meetings_and_notes_are_found_the_newest_first_with_their_kind_and_place()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var activities = world.Get<Activities>();
        var older = (await activities.CreateAsync(ActivitiesTests.Note(institution) with { Subject = "Bistouri" })).RecordId;
        var newer = (await activities.CreateAsync(ActivitiesTests.Note(institution) with { Subject = "Le bistouri du bloc numéro deux" })).RecordId;

        var hits = await world.Get<Searches>().FindAsync("bistouri");

        Assert.Equal([newer, older], hits.Select(hit => hit.RecordId));
        Assert.Equal((ActivityKind.Note, "CHU de Nantes"), (hits[0].Kind!.Value, hits[0].Detail));
        Assert.NotNull(hits[0].At);
    }

    [Fact]
    public async Task Among_many_namesakes_those_that_somebody_may_see_are_found_all_the_same()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Grande clinique Pasteur de Léa", owner: world.Lea);
        await world.SaveAsync(db => db.Institutions.AddRange(Enumerable.Range(0, 150).Select(i => new Institution(new InstitutionDetails { Name = $"Clinique Pasteur {i}", OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId }, world.Now()))));

        Assert.Equal("Grande clinique Pasteur de Léa", Assert.Single(await world.As(world.Lea).Get<Searches>().FindAsync("pasteur")).Text);
    }

    [Fact]
    public async Task The_views_of_every_list_are_offered_to_those_who_see_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var views = world.As(world.Claire).Get<SavedViews>();
        await views.CreateAsync("institutions", "Mes cliniques", "status=Customer");
        await views.ShareAsync((await views.CreateAsync("contacts", "Cadres du bloc", "q=bloc")).RecordId, ViewSharing.Team);
        await views.ShareAsync((await views.CreateAsync("tasks", "À relancer", "todo=true")).RecordId, ViewSharing.All);

        Assert.Equal([("contacts", "Cadres du bloc", true), ("institutions", "Mes cliniques", true), ("tasks", "À relancer", true)], (await views.AllAsync()).Select(view => (view.List, view.Name, view.IsMine)).OrderBy(view => view.List, StringComparer.Ordinal));
        Assert.Equal([("contacts", "Claire Martin"), ("tasks", "Claire Martin")], (await world.As(world.Paul).Get<SavedViews>().AllAsync()).Select(view => (view.List, view.OwnerName)).Order());
        Assert.Equal("tasks", Assert.Single(await world.As(world.Lea).Get<SavedViews>().AllAsync()).List);
    }

    private static async Task<Contact> PersonAsync(TestWorld world, string lastName, string? mobile)
    {
        var contact = new Contact(new ContactDetails { LastName = lastName, Mobile = mobile }, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        return contact;
    }
}
