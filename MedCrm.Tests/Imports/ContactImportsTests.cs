using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using MedCrm.Web.Exports;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Imports;

public sealed class ContactImportsTests
{
    [Fact]
    public async Task People_enter_with_their_place_and_importing_them_again_changes_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync("CH de Fleyriat", with: d => d with { FinessEt = "010000024" });
        var order = await OrderAsync(world, """
            Civilité;Nom;Prénom;Fonction;Spécialité;RPPS;E-mail;Téléphone;Portable;N° FINESS;Rôle;Service;Influence;Contact principal;Responsable;Étiquettes
            Docteur;Renaud;Hélène;Cheffe du bloc;Anesthésie;899900000003;H.Renaud@example.org;01 99 00 10 10;0639981234;10000024;Référente;Bloc;Décideur;oui;sales1@demo.test;VIP
            Monsieur;Petit;Luc;Acheteur;;;luc@example.org;;;10000024;;Achats;achats;non;;
            ;Seul;Zoé;;;;;;;;;;;;;

            """);

        Assert.Equal(new ImportCounts(3, Created: 3, Warnings: 2), await RunAsync(world, order));
        Assert.Equal(new ImportCounts(3, Unchanged: 3, Warnings: 2), await RunAsync(world, order));

        await using var db = world.Open();
        var contacts = await db.Contacts.Include(c => c.Roles).Include(c => c.Labels).OrderBy(c => c.LastName).ToListAsync();
        var renaud = contacts[1];
        Assert.Equal(["Petit", "Renaud", "Seul"], contacts.Select(contact => contact.LastName));
        Assert.Equal(
            ("Dr", "Hélène", "Cheffe du bloc", "Anesthésie", "99900000003", "h.renaud@example.org", "+33199001010", "+33639981234", world.Claire.Id, "VIP"),
            (renaud.Civility, renaud.FirstName, renaud.JobTitle, renaud.Speciality, renaud.Rpps, renaud.Email, renaud.Phone, renaud.Mobile, renaud.OwnerId, Assert.Single(renaud.Labels).Text));
        Assert.Equal(
            (hospital.Id, "Référente", "Bloc", Influence.DecisionMaker, true),
            Assert.Single(renaud.Roles) is var place ? (place.InstitutionId, place.Title, place.Department, place.Influence, place.IsPrimary) : default);
        Assert.Equal((Influence.Buyer, false), Assert.Single(contacts[0].Roles) is var other ? (other.Influence, other.IsPrimary) : default);
        Assert.Empty(contacts[2].Roles);

        var set = Assert.Single(await db.ChangeSets.Include(s => s.Changes).Where(s => s.Origin == ChangeOrigin.Import).ToListAsync());
        Assert.Equal(3, set.Changes.Count(change => change is { RecordType: nameof(Contact), Kind: ChangeKind.Created }));
        Assert.Equal(2, set.Changes.Count(change => change is { RecordType: nameof(ContactRole), Kind: ChangeKind.Created }));
    }

    [Theory]
    [InlineData("RPPS;Nom;Fonction\n99900000003;Autre;Chirurgien\n")]
    [InlineData("E-mail;Nom;Fonction\nH.Renaud@Example.org;Renaud;Chirurgien\n")]
    [InlineData("Nom;Prénom;FINESS;Fonction\nRENAUD;helene;010000024;Chirurgien\n")]
    [InlineData("Nom;Prénom;SIRET;Fonction\nRENAUD;helene;26010004500012;Chirurgien\n")]
    [InlineData("Nom;Prénom;Établissement;Fonction\nRenaud;Hélène;ch de fleyriat;Chirurgien\n")]
    [InlineData("Nom complet;Établissement;Fonction\nDr RENAUD Hélène;CH de Fleyriat;Chirurgien\n")]
    [InlineData("Identifiant;Fonction\n{id};Chirurgien\n")]
    public async Task A_row_finds_its_contact_by(string text)
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await RenaudAsync(world);
        await world.ContactAsync(await world.InstitutionAsync("CH Bugey"));

        var counts = await RunAsync(world, await OrderAsync(world, text.Replace("{id}", contact.Id.ToString(), StringComparison.Ordinal)));

        Assert.Equal((1, 1, 0), (counts.Rows, counts.Updated, counts.Errors));
        Assert.Equal("Chirurgien", (await ReadAsync(world, contact.Id)).JobTitle);
    }

    [Fact]
    public async Task Somebody_of_the_same_name_elsewhere_or_with_another_number_is_another_person()
    {
        await using var world = await TestWorld.CreateAsync();
        await RenaudAsync(world);
        await world.InstitutionAsync("CH Bugey", with: d => d with { FinessEt = "010000032" });

        var counts = await RunAsync(world, await OrderAsync(world, "Nom;Prénom;RPPS;FINESS\nRenaud;Hélène;;010000032\nRenaud;Hélène;99900000011;010000024\nRenaud;Hélène;;\n"));

        Assert.Equal(new ImportCounts(3, Created: 3), counts);
    }

    [Fact]
    public async Task Only_what_the_file_carries_changes_in_the_contact_and_in_the_place()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await RenaudAsync(world);

        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "RPPS;Mobile;Service;Influence;FINESS\n99900000003;06 39 98 12 34;Urgences;;010000024\n"));
        await RunAsync(world, plan.Order);

        Assert.Equal(
            [new CellChange("Mobile", "Mobile", null, "+33639981234"), new CellChange("Department", "Service", "Bloc", "Urgences")],
            Assert.Single(plan.Rows(ImportFate.Updated, 0, 10).Rows).Changes);
        var after = await ReadAsync(world, contact.Id);
        Assert.Equal(("h.renaud@example.org", "Urgences", "Cheffe du bloc", Influence.Prescriber), (after.Email, after.Roles[0].Department, after.Roles[0].Title, after.Roles[0].Influence));
    }

    [Fact]
    public async Task Somebody_who_changes_institution_takes_a_place_there_and_keeps_the_first_one()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await RenaudAsync(world);
        var other = await world.InstitutionAsync("CH Bugey", with: d => d with { FinessEt = "010000032" });

        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "RPPS;FINESS;Service\n99900000003;010000032;Bloc\n"));
        var counts = await RunAsync(world, plan.Order);

        Assert.Equal((new ImportCounts(1, Updated: 1), plan.Counts), (counts, counts));
        Assert.Contains(new CellChange("InstitutionId", "Établissement", null, "CH Bugey"), Assert.Single(plan.Rows(ImportFate.Updated, 0, 10).Rows).Changes);
        Assert.Equal(2, (await ReadAsync(world, contact.Id)).Roles.Count(role => role.EndedOn is null));
        Assert.Contains((await ReadAsync(world, contact.Id)).Roles, role => role.InstitutionId == other.Id && role.Department == "Bloc");
    }

    [Fact]
    public async Task A_place_that_somebody_left_is_not_opened_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var contact = await RenaudAsync(world);
        await world.Get<Contacts>().LeaveAsync(contact.Id, contact.Roles[0].Id, new DateOnly(2026, 11, 1));

        var counts = await RunAsync(world, await OrderAsync(world, "RPPS;FINESS;Service\n99900000003;010000024;Bloc\n"));

        Assert.Equal(new ImportCounts(1, Unchanged: 1, Warnings: 1), counts);
        Assert.NotNull(Assert.Single((await ReadAsync(world, contact.Id)).Roles).EndedOn);
    }

    [Fact]
    public async Task The_first_row_that_claims_an_institution_becomes_its_primary_contact_and_the_one_before_gives_way()
    {
        await using var world = await TestWorld.CreateAsync();
        var renaud = await RenaudAsync(world);
        await world.Get<Contacts>().MakePrimaryAsync(renaud.Id, renaud.Roles[0].Id);
        var order = await OrderAsync(world, "Nom;Prénom;FINESS;Contact principal\nPetit;Luc;010000024;oui\nLegrand;Zoé;010000024;x\nRenaud;Hélène;010000024;non\n");

        var counts = await RunAsync(world, order);
        var again = await RunAsync(world, order);

        Assert.Equal((new ImportCounts(3, Created: 2, Unchanged: 1, Warnings: 1), new ImportCounts(3, Unchanged: 3, Warnings: 1)), (counts, again));
        await using var db = world.Open();
        var primary = await db.ContactRoles.Where(role => role.IsPrimary).Select(role => role.Contact.LastName).ToListAsync();
        Assert.Equal(["Petit"], primary);
        Assert.Contains(await db.RecordChanges.Where(change => change.WholeId == renaud.Id && change.ChangeSet.Origin == ChangeOrigin.Import).ToListAsync(), change => change.RecordType == nameof(ContactRole));
    }

    [Fact]
    public async Task The_list_filtered_on_an_import_holds_the_people_of_its_rows_and_nobody_else()
    {
        await using var world = await TestWorld.CreateAsync();
        var renaud = await RenaudAsync(world);
        await world.ContactAsync(await InstitutionAsync(world, renaud.Roles[0].InstitutionId), "Legrand", "Zoé");
        await world.Get<Contacts>().MakePrimaryAsync(renaud.Id, renaud.Roles[0].Id);
        var runId = await StartAsync(world, await OrderAsync(world, "Nom;Prénom;FINESS;Contact principal;Service\nPetit;Luc;010000024;oui;Bloc\nLegrand;Zoé;010000024;;Urgences\n"));

        var run = (await world.Get<ImportRuns>().FindAsync(runId))!;

        Assert.Equal((1, 1), (run.Counts.Created, run.Counts.Updated));
        Assert.Equal(["Luc Petit"], await NamesAsync(world, run.ListOf(ChangeKind.Created)!));
        Assert.Equal(["Zoé Legrand"], await NamesAsync(world, run.ListOf(ChangeKind.Updated)!));
        Assert.Equal([new CellChange("Department", "Service", null, "Urgences")], Assert.Single((await world.Get<ImportRuns>().WrittenAsync(runId, ChangeKind.Updated, 0, 10)).Rows).Changes);
    }

    [Fact]
    public async Task A_row_whose_institution_nobody_knows_waits_to_be_mended()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Clinique Saint-Jean", with: d => d with { City = "Lyon", Postcode = "69003" });
        await world.InstitutionAsync("Clinique Saint-Jean", with: d => d with { City = "Brest", Postcode = "29200" });
        var imports = world.Get<ImportOrders>();
        var plan = await imports.PlanAsync(await OrderAsync(world, "Nom;Prénom;Établissement;Ville\nPetit;Luc;CH inconnu;\nLegrand;Zoé;Clinique Saint-Jean;\nMoreau;Ana;Clinique Saint-Jean;BREST\n"));

        var errors = plan.Rows(ImportFate.Error, 0, 10).Rows;
        Assert.Equal(("Établissement", "Établissement"), (errors[0].Notices[^1].Column, errors[1].Notices[^1].Column));
        Assert.Contains("Aucun établissement ne répond", errors[0].Notices[^1].Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 établissements répondent", errors[1].Notices[^1].Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(ImportFate.Created, (await imports.CorrectAsync(plan, line: 2, column: 2, "")).Fate);
        Assert.Equal(ImportFate.Created, (await imports.CorrectAsync(plan, line: 3, column: 3, "Lyon")).Fate);
        Assert.Equal(new ImportCounts(3, Created: 3), await RunAsync(world, plan.Order));
        await using var db = world.Open();
        Assert.Equal(["Lyon", "Brest"], await db.ContactRoles.OrderBy(role => role.Contact.LastName).Select(role => role.Institution.City).ToListAsync());
    }

    [Fact]
    public async Task A_number_that_cannot_be_read_leaves_the_person_in_and_is_an_error_only_where_nothing_else_names_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "Nom;Numéro RPPS\nPetit;99900000004\nMoreau;1234\nLegrand;99900000003\nRenaud;99900000003\n;99900000004\n"));

        Assert.Equal(new ImportCounts(5, Created: 3, Errors: 2, Warnings: 2), plan.Counts);
        Assert.Equal([("Numéro RPPS", null), ("Numéro RPPS", null)], plan.Warnings(0, 10).Rows.Select(notice => (notice.Column, notice.RepairedValue)));
        Assert.Equal(
            [("", "Doublon : la ligne 4 du fichier décrit le même contact."), ("Numéro RPPS", "Ce numéro RPPS n'est pas valable, et rien d'autre ne dit qui est le contact : corrigez-le.")],
            plan.Rows(ImportFate.Error, 0, 10).Rows.Select(row => (row.Notices[^1].Column, row.Notices[^1].Message.ToString())));
    }

    [Fact]
    public async Task An_error_of_a_spreadsheet_in_place_of_a_name_is_no_person_and_in_place_of_an_institution_is_none()
    {
        await using var world = await TestWorld.CreateAsync();
        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "Nom;Prénom;Établissement\n#N/A;Luc;\nPetit;#REF!;#NOM?\n"));

        Assert.Equal(new ImportCounts(2, Created: 1, Errors: 1, Warnings: 2), plan.Counts);
        Assert.Equal("Nom", Assert.Single(plan.Rows(ImportFate.Error, 0, 10).Rows).Notices[^1].Column);
        Assert.Equal("Petit", Assert.Single(plan.Rows(ImportFate.Created, 0, 10).Rows).Name);
    }

    [Fact]
    public async Task A_mailbox_that_a_ward_shares_keeps_its_people_apart()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH de Fleyriat", with: d => d with { FinessEt = "010000024" });
        // Far enough from one another to be written apart.
        var others = string.Concat(Enumerable.Range(1, 300).Select(number => $"Autre{number};Ana;;010000024\n"));
        var order = await OrderAsync(world, $"Nom;Prénom;E-mail;FINESS\nPetit;Luc;bloc@example.org;010000024\n{others}Legrand;Zoé;bloc@example.org;010000024\n");

        Assert.Equal(new ImportCounts(302, Created: 302), await RunAsync(world, order));
        Assert.Equal(new ImportCounts(302, Unchanged: 302), await RunAsync(world, order));
    }

    [Fact]
    public async Task A_second_place_of_one_person_follows_with_the_rows_in_error()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH de Fleyriat", with: d => d with { FinessEt = "010000024" });
        await world.InstitutionAsync("CH Bugey", with: d => d with { FinessEt = "010000032" });
        var order = await OrderAsync(world, "Nom;Prénom;RPPS;FINESS\nRenaud;Hélène;99900000003;010000024\nRenaud;Hélène;99900000003;010000032\n");

        var runId = await StartAsync(world, order);
        var errors = await world.Get<ImportRuns>().ErrorsCsvAsync(runId);
        var counts = await RunAsync(world, await OrderAsync(world, errors!));

        Assert.Contains("second poste", errors, StringComparison.Ordinal);
        Assert.Equal(new ImportCounts(1, Updated: 1), counts);
        await using var db = world.Open();
        Assert.Equal(2, await db.ContactRoles.CountAsync());
        Assert.Equal(1, await db.Contacts.CountAsync());
    }

    [Fact]
    public async Task A_user_matches_and_writes_only_what_he_sees()
    {
        await using var world = await TestWorld.CreateAsync();
        var theirs = await RenaudAsync(world, owner: world.Lea);
        world.As(world.Claire);

        var plan = await world.Get<ImportOrders>().PlanAsync(await OrderAsync(world, "Nom;Prénom;RPPS;E-mail;Établissement\nRenaud;Hélène;99900000003;;\nRenaud;Hélène;;h.renaud@example.org;\nRenaud;Hélène;;;CH de Fleyriat\n"));
        var counts = await RunAsync(world, plan.Order);

        Assert.Equal((new ImportCounts(3, Created: 1, Errors: 2), plan.Counts), (counts, counts));
        Assert.DoesNotContain(plan.Rows(ImportFate.Error, 0, 10).Rows, row => row.Notices[^1].Message.ToString().Contains("Renaud", StringComparison.Ordinal));
        Assert.Equal(theirs.Version, (await ReadAsync(world, theirs.Id)).Version);
    }

    [Fact]
    public async Task An_export_comes_back_without_a_change()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddExports());
        var contact = await RenaudAsync(world, firstName: "Marie Hélène");
        await using var workbook = await world.Get<ListExport>().WriteAsync(world.Get<ContactList>(), ListQuery.Everything, picked: null, CancellationToken.None);
        var path = Path.Combine(world.Folder.Temporary, "contacts.xlsx");
        await using (var copy = File.Create(path))
        {
            await workbook.CopyToAsync(copy);
        }

        var inspection = await world.Get<ImportOrders>().InspectAsync(new ImportFile(path, "contacts.xlsx"));
        var counts = await RunAsync(world, new ImportOrder { File = inspection.File, Subject = inspection.Subject, Format = inspection.Format, Mapping = ImportMapping.From(inspection.Guesses) });

        Assert.Equal(ImportSubject.Contacts, inspection.Subject);
        Assert.Equal(new ImportCounts(1, Unchanged: 1), counts);
        Assert.Equal(contact.Version, (await ReadAsync(world, contact.Id)).Version);
    }

    [Fact]
    public async Task The_columns_of_people_are_remembered_beside_those_of_institutions()
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, await OrderAsync(world, "Nom;Prénom\nPetit;Luc\n"));
        var file = await FileAsync(world, "suivant.csv", "Nom;Prénom\nLegrand;Zoé\n");

        var people = await world.Get<ImportOrders>().InspectAsync(file);
        var places = await world.Get<ImportOrders>().InspectAsync(file, subject: ImportSubject.Institutions);

        Assert.Equal((ImportSubject.Contacts, ImportField.ContactLastName), (people.Subject, people.Remembered!.Columns[0]));
        Assert.Equal((ImportSubject.Institutions, null), (places.Subject, places.Remembered));
    }

    [Fact]
    public async Task Taking_it_back_removes_the_people_and_gives_the_primary_contact_its_rank_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var renaud = await RenaudAsync(world);
        await world.Get<Contacts>().MakePrimaryAsync(renaud.Id, renaud.Roles[0].Id);
        var runId = await StartAsync(world, await OrderAsync(world, "Nom;Prénom;RPPS;FINESS;Contact principal;Fonction\nPetit;Luc;;010000024;oui;\nAutre;Hélène;99900000003;010000024;;Chirurgienne\n"));

        var reverted = await world.Get<ImportRuns>().RevertAsync(runId);

        Assert.Empty(reverted.Skipped);
        var after = await ReadAsync(world, renaud.Id);
        Assert.Equal(("Renaud", null, true), (after.LastName, after.JobTitle, after.Roles[0].IsPrimary));
        await using var db = world.Open();
        Assert.Equal(1, await db.Contacts.CountAsync());
    }

    [Fact]
    public async Task Somebody_in_the_bin_who_gave_way_as_primary_contact_is_nothing_to_tell()
    {
        await using var world = await TestWorld.CreateAsync();
        var renaud = await RenaudAsync(world);
        await world.Get<Contacts>().MakePrimaryAsync(renaud.Id, renaud.Roles[0].Id);
        await world.Get<Contacts>().DeleteAsync(renaud.Id);
        var runId = await StartAsync(world, await OrderAsync(world, "Nom;Prénom;FINESS;Contact principal\nPetit;Luc;010000024;oui\n"));

        var reverted = await world.Get<ImportRuns>().RevertAsync(runId);

        Assert.Empty(reverted.Skipped);
        var run = (await world.Get<ImportRuns>().FindAsync(runId))!;
        Assert.Equal((ImportStatus.Reverted, 0), (run.Status, run.Kept));
    }

    [Fact]
    public async Task The_command_imports_contacts_and_refuses_a_list_of_institutions()
    {
        await using var world = await TestWorld.CreateAsync();
        var command = world.Get<IEnumerable<IConsoleCommand>>().Single(candidate => candidate.Name == "import");
        var file = await FileAsync(world, "contacts.csv", "Nom;Prénom\nPetit;Luc\nLegrand;Zoé\n");
        var official = await FileAsync(world, "sae.csv", "fi;fi_ej;rs;cat;stj;sir\n010000024;010780054;CH DE FLEYRIAT;355;13;26010004500012\n");
        var output = new StringWriter();

        Assert.Equal(0, await command.RunAsync(["contacts", file.Path, "--format", "csv"], output, CancellationToken.None));
        Assert.Equal("created=2 updated=0 unchanged=0 skipped=0 errors=0 warnings=0", output.ToString().TrimEnd().Split('\n')[^1]);
        await Assert.ThrowsAsync<ImportFileException>(() => command.RunAsync(["contacts", official.Path], TextWriter.Null, CancellationToken.None));
    }

    [Theory]
    [InlineData("Hélène Renaud", null, "Hélène", "Renaud")]
    [InlineData("Dr Hélène de la Tour", "Dr", "Hélène", "de la Tour")]
    [InlineData("M. Pr RENAUD-PETIT Jean Luc", "Pr", "Jean Luc", "RENAUD-PETIT")]
    [InlineData("Mme Dr DE LA TOUR Hélène", "Dr", "Hélène", "DE LA TOUR")]
    [InlineData("Renaud, Hélène", null, "Hélène", "Renaud")]
    [InlineData("RENAUD", null, null, "RENAUD")]
    public async Task A_name_in_one_cell_is_cut_where_it_says(string text, string? civility, string? firstName, string lastName)
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, await OrderAsync(world, $"Nom complet;Fonction\n{text};\n"));

        await using var db = world.Open();
        Assert.Equal((civility, firstName, lastName), await db.Contacts.Select(contact => ValueTuple.Create(contact.Civility, contact.FirstName, contact.LastName)).SingleAsync());
    }

    [Fact]
    public async Task Thousands_of_people_enter_in_chunks_and_are_found_again()
    {
        await using var world = await TestWorld.CreateAsync();
        foreach (var number in Enumerable.Range(0, 40))
        {
            await world.InstitutionAsync($"CH {number}");
        }

        var rows = Enumerable.Range(0, 2_000).Select(number => $"Nom{number / 2};Prénom{number % 2};{(number % 3 == 0 ? $"p{number}@example.org" : "")};CH {number % 40};Bloc {number % 5}");
        var order = await OrderAsync(world, "Nom;Prénom;E-mail;Établissement;Service\n" + string.Join('\n', rows) + "\n");

        Assert.Equal(new ImportCounts(2_000, Created: 2_000), await RunAsync(world, order));
        Assert.Equal(new ImportCounts(2_000, Unchanged: 2_000), await RunAsync(world, order));
        await using var db = world.Open();
        Assert.Equal((2_000, 2_000), (await db.Contacts.CountAsync(), await db.ContactRoles.CountAsync()));
    }

    private static async Task<Institution> InstitutionAsync(TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.Institutions.SingleAsync(i => i.Id == id);
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestWorld world, string address)
    {
        var list = world.Get<ContactList>();
        return (await list.RowsAsync(ListQuery.Parse(address, list.Definition), ["name"], 0, 50)).Select(row => (string)row.Values[0]!);
    }

    private static async Task<Contact> RenaudAsync(TestWorld world, Actor? owner = null, string firstName = "Hélène")
    {
        var hospital = await world.InstitutionAsync("CH de Fleyriat", owner, d => d with { FinessEt = "010000024", Siret = "26010004500012" });
        var contact = new Contact(new ContactDetails { FirstName = firstName, LastName = "Renaud", Rpps = "99900000003", Email = "h.renaud@example.org", OwnerId = owner?.Id, TeamId = owner?.TeamId }, world.Now());
        contact.Join(new ContactRoleDetails { InstitutionId = hospital.Id, Title = "Cheffe du bloc", Department = "Bloc", Influence = Influence.Prescriber }, world.Now());
        await world.SaveAsync(db => db.Contacts.Add(contact));
        return contact;
    }

    private static async Task<ImportOrder> OrderAsync(TestWorld world, string text)
    {
        var file = await FileAsync(world, "contacts.csv", text);
        await using var stream = File.OpenRead(file.Path);
        var table = ImportTable.Open(stream);
        return new ImportOrder { File = file, Subject = ImportSubject.Contacts, Format = ImportFormat.Csv, Mapping = ImportMapping.From(ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)], ImportSubject.Contacts)) };
    }

    private static async Task<ImportFile> FileAsync(TestWorld world, string name, string text)
    {
        var path = Path.Combine(world.Folder.Temporary, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, text, Encoding.UTF8);
        return new ImportFile(path, name);
    }

    private static Task<ImportCounts> RunAsync(TestWorld world, ImportOrder order) => world.Get<ImportOrders>().RunAsync(order, _ => { });

    private static async Task<Guid> StartAsync(TestWorld world, ImportOrder order)
    {
        var runId = await world.Get<ImportOrders>().StartAsync(order);
        await world.Get<ImportRunner>().WaitAsync(runId);
        return runId;
    }

    private static async Task<Contact> ReadAsync(TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.Contacts.Include(c => c.Roles).SingleAsync(c => c.Id == id);
    }
}
