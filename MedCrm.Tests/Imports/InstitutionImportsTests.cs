using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Core.Search;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Imports;

public sealed class InstitutionImportsTests
{
    [RealDataFact]
    public async Task The_real_list_enters_once_and_importing_it_again_changes_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = Sae(RealData.Folder!);

        Assert.Equal(new ImportCounts(3975, Created: 3974, Skipped: 1, Warnings: 2), await RunAsync(world, order));
        Assert.Equal(new ImportCounts(3975, Unchanged: 3974, Skipped: 1, Warnings: 2), await RunAsync(world, order));

        await using var db = world.Open();
        Assert.Equal((1428, 1287, 1259), (
            await db.Institutions.CountAsync(i => i.Ownership == Ownership.Public),
            await db.Institutions.CountAsync(i => i.Ownership == Ownership.PrivateForProfit),
            await db.Institutions.CountAsync(i => i.Ownership == Ownership.PrivateNonProfit)));
        Assert.Equal((45, 3929), (await db.Institutions.CountAsync(i => i.IsLegalEntity), await db.Institutions.CountAsync(i => i.FinessEt != null)));
        var fleyriat = await db.Institutions.SingleAsync(i => i.FinessEt == "010000024");
        Assert.Equal(("CH DE FLEYRIAT", "VIRIAT", "01440", "355", 354, 11), (fleyriat.Name, fleyriat.City, fleyriat.Postcode, fleyriat.CategoryCode, fleyriat.BedsTotal, fleyriat.OperatingRooms));

        var set = Assert.Single(await db.ChangeSets.Where(s => s.Origin == ChangeOrigin.Import).ToListAsync());
        Assert.Equal("Import de sae2023_ID.csv", set.Sentence);
        Assert.Equal(3974, await db.RecordChanges.CountAsync(change => change.ChangeSetId == set.Id && change.Kind == ChangeKind.Created));
        Assert.Contains(await world.Get<Searches>().FindAsync("fleyriat"), hit => hit.RecordId == fleyriat.Id);
    }

    [RealDataFact]
    public async Task One_changed_name_gives_one_update_and_one_line_of_history()
    {
        await using var world = await TestWorld.CreateAsync();
        var source = Path.Combine(RealData.Folder!, "sae2023_ID.csv");
        await RunAsync(world, new ImportOrder { File = new ImportFile(source, "sae2023_ID.csv"), Format = ImportFormat.Sae });
        var text = await File.ReadAllTextAsync(source, Sample.Windows1252);
        var changed = await FileAsync(world, "sae2023_ID.csv", text.Replace(";CH DE FLEYRIAT;", ";CH FLEYRIAT;", StringComparison.Ordinal), Sample.Windows1252);

        var counts = await RunAsync(world, new ImportOrder { File = changed, Format = ImportFormat.Sae });

        Assert.Equal(new ImportCounts(3975, Updated: 1, Unchanged: 3973, Skipped: 1, Warnings: 2), counts);
        await using var db = world.Open();
        var last = await db.RecordChanges.Include(change => change.ChangeSet).OrderByDescending(change => change.Id).FirstAsync();
        Assert.Equal(ChangeKind.Updated, last.Kind);
        Assert.Equal([new FieldChange(nameof(Institution.Name), "CH DE FLEYRIAT", "CH FLEYRIAT")], FieldChanges.Read(last.Fields));
        Assert.Equal(1, await db.RecordChanges.CountAsync(change => change.ChangeSetId == last.ChangeSetId));
    }

    [Fact]
    public async Task The_dry_run_says_what_the_run_does_and_writes_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH de Fleyriat", with: d => d with { FinessEt = "010000024", City = "Viriat", Postcode = "01440" });
        var order = await FreeAsync(world, "FINESS;Nom;Ville;Téléphone\n010000024;CH de Fleyriat;Bourg;04 74 45 46 47\n010000032;CH Bugey Sud;Belley;\n;;;\n;;Lyon;\n");

        var plan = await world.Get<ImportOrders>().PlanAsync(order);

        Assert.Equal(new ImportCounts(3, Created: 1, Updated: 1, Errors: 1), plan.Counts);
        Assert.Equal(
            [new CellChange("City", "Ville", "Viriat", "Bourg"), new CellChange("Phone", "Téléphone", null, "+33474454647")],
            Assert.Single(plan.Rows(ImportFate.Updated, 0, 10).Rows).Changes);
        await using (var db = world.Open())
        {
            Assert.Equal(1, await db.Institutions.CountAsync());
        }

        Assert.Equal(plan.Counts, await RunAsync(world, plan.Order));
    }

    [Fact]
    public async Task Only_what_the_file_carries_changes_and_empty_cells_leave_values_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await world.InstitutionAsync("Clinique X", with: d => d with { FinessEt = "010000024", Email = "x@example.org", Notes = "Vue en juin", Tags = ["VIP"], BedsSurgery = 12 });

        await RunAsync(world, await FreeAsync(world, "FINESS;Nom;E-mail;Étiquettes\n10000024;Clinique Y;;GHT, vip\n"));

        var after = await ReadAsync(world, known.Id);
        Assert.Equal(("Clinique Y", "x@example.org", "Vue en juin", 12), (after.Name, after.Email, after.Notes, after.BedsSurgery));
        Assert.Equal(["GHT", "VIP"], after.Labels.Select(label => label.Text).Order());
    }

    [Fact]
    public async Task Empty_cells_empty_their_fields_when_asked_to_but_unreadable_ones_do_not()
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await world.InstitutionAsync("Clinique X", with: d => d with { FinessEt = "010000024", Email = "x@example.org", Siret = "26010004500012", Notes = "Vue en juin" });
        var order = await FreeAsync(world, "FINESS;Nom;E-mail;SIRET\n010000024;;;2,601E+13\n");

        await RunAsync(world, order with { ClearsEmpty = true });

        var after = await ReadAsync(world, known.Id);
        Assert.Equal(("Clinique X", null, "26010004500012", "Vue en juin"), (after.Name, after.Email, after.Siret, after.Notes));
    }

    [Theory]
    [InlineData("SIRET;Ville\n26010004500012;Bourg\n")]
    [InlineData("FINESS;SIRET;Ville\n010000024;26010004500012;Bourg\n")]
    [InlineData("E-mail;Ville\nX@Example.org;Bourg\n")]
    [InlineData("Id;Ville\n{id};Bourg\n")]
    [InlineData("Nom;Code postal;Ville\nClinique X;44000;Bourg\n")]
    public async Task A_row_finds_its_institution_by(string text)
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await world.InstitutionAsync("Clinique X", with: d => d with { Siret = "26010004500012", Email = "x@example.org" });

        var counts = await RunAsync(world, await FreeAsync(world, text.Replace("{id}", known.Id.ToString(), StringComparison.Ordinal)));

        Assert.Equal(new ImportCounts(1, Updated: 1), counts);
        Assert.Equal("Bourg", (await ReadAsync(world, known.Id)).City);
    }

    [Fact]
    public async Task A_siret_that_several_sites_share_decides_nothing_by_itself()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("Site A", with: d => d with { Siret = "26010004500012", FinessEt = "010000024" });
        var second = await world.InstitutionAsync("Site B", with: d => d with { Siret = "26010004500012", FinessEt = "010000032" });

        var plan = await world.Get<ImportOrders>().PlanAsync(await FreeAsync(world, "SIRET;Nom;Ville\n26010004500012;Site C;Bourg\n26010004500012;site b;Bourg\n"));

        Assert.Contains("2 établissements portent ce SIRET", Assert.Single(plan.Rows(ImportFate.Error, 0, 10).Rows).Notices[^1].Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(second.Id, Assert.Single(plan.Rows(ImportFate.Updated, 0, 10).Rows).RecordId);
    }

    [Fact]
    public async Task Sites_of_one_siret_stay_apart_when_each_has_its_finess()
    {
        await using var world = await TestWorld.CreateAsync();

        var counts = await RunAsync(world, await FreeAsync(world, "FINESS;SIRET;Nom;Ville\n010000024;26010004500012;CH;Bourg\n010000032;26010004500012;CH;Bourg\n"));

        Assert.Equal(new ImportCounts(2, Created: 2), counts);
    }

    [Fact]
    public async Task The_second_row_for_one_institution_is_an_error_and_no_duplicate_is_made()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await FreeAsync(world, "FINESS;Nom;Ville\n010000024;CH;Bourg\n10000024;CH de Bourg;Bourg\n;Clinique X;Lyon\n;CLINIQUE X;LYON\n");

        var plan = await world.Get<ImportOrders>().PlanAsync(order);

        Assert.Equal(["Doublon : la ligne 2 du fichier décrit le même établissement.", "Doublon : la ligne 4 du fichier décrit le même établissement."], plan.Rows(ImportFate.Error, 0, 10).Rows.Select(row => row.Notices[^1].Message));
        Assert.Equal(plan.Counts, await RunAsync(world, order));
        Assert.Equal(new ImportCounts(4, Unchanged: 2, Errors: 2, Warnings: 0), await RunAsync(world, order));
    }

    [Fact]
    public async Task A_finess_taken_by_another_institution_is_refused_with_its_name()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH de Bourg", with: d => d with { FinessEt = "010000024" });
        var other = await world.InstitutionAsync("Clinique X");

        var plan = await world.Get<ImportOrders>().PlanAsync(await FreeAsync(world, $"Id;FINESS\n{other.Id};010000024\n"));

        Assert.Equal("Ce numéro FINESS est déjà celui de « CH de Bourg ».", Assert.Single(plan.Rows(ImportFate.Error, 0, 10).Rows).Notices[^1].Message);
    }

    [Fact]
    public async Task An_institution_of_another_team_is_left_alone()
    {
        await using var world = await TestWorld.CreateAsync();
        var theirs = await world.InstitutionAsync("CH de Bourg", owner: world.Lea, with: d => d with { FinessEt = "010000024" });
        world.As(world.Claire);

        var counts = await RunAsync(world, await FreeAsync(world, "FINESS;Nom\n010000024;Autre nom\n"));

        Assert.Equal(new ImportCounts(1, Errors: 1), counts);
        Assert.Equal("CH de Bourg", (await ReadAsync(world, theirs.Id)).Name);
    }

    [Fact]
    public async Task Importing_takes_the_right_to()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await FreeAsync(world, "Nom\nA\n");
        world.As(new Actor(world.Claire.Id, "Rita", Role.Recruiter, world.Claire.TeamId, Visibility.Team));
        var imports = world.Get<ImportOrders>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => imports.InspectAsync(order.File));
        await Assert.ThrowsAsync<BusinessRuleException>(() => imports.PlanAsync(order));
        await Assert.ThrowsAsync<BusinessRuleException>(() => imports.StartAsync(order));
    }

    [Fact]
    public async Task Owners_are_known_by_e_mail_or_name_and_bring_their_team()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await FreeAsync(world, "Nom;Ville;Responsable\nA;Bourg;SALES1@demo.test\nB;Bourg;lea dubois\nC;Bourg;Zoé Inconnue\n");

        var unknown = await world.Get<ImportOrders>().UnknownValuesAsync(order);
        var counts = await RunAsync(world, order);

        Assert.Equal([new UnknownValue(ImportField.Owner, 2, "Zoé Inconnue", 1)], unknown);
        Assert.Equal(new ImportCounts(3, Created: 3, Warnings: 1), counts);
        await using var db = world.Open();
        Assert.Equal(
            [("A", world.Claire.Id, world.Claire.TeamId), ("B", world.Lea.Id, world.Lea.TeamId), ("C", null, null)],
            (await db.Institutions.OrderBy(i => i.Name).ToListAsync()).Select(i => (i.Name, i.OwnerId, i.TeamId)));
        Assert.Equal(["A", "C"], await db.Institutions.VisibleTo(world.Paul).OrderBy(i => i.Name).Select(i => i.Name).ToListAsync());
    }

    [Fact]
    public async Task Values_nobody_knows_are_listed_and_taken_once_explained()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await FreeAsync(world, "Nom;Catégorie;Statut\nA;Hôp.;Actif\nB;Hôp.;Client\nC;CH;Actif\n");
        var imports = world.Get<ImportOrders>();

        Assert.Equal([new UnknownValue(ImportField.Category, 1, "Hôp.", 2), new UnknownValue(ImportField.Status, 2, "Actif", 2)], await imports.UnknownValuesAsync(order));

        var explained = order.Mapping! with { Values = new Dictionary<(ImportField, string), string> { [(ImportField.Category, "Hôp.")] = "355", [(ImportField.Status, "Actif")] = "Customer" } };
        var counts = await RunAsync(world, order with { Mapping = explained });

        Assert.Equal(new ImportCounts(3, Created: 3), counts);
        await using var db = world.Open();
        Assert.All(await db.Institutions.ToListAsync(), institution => Assert.Equal(("355", CustomerStatus.Customer), (institution.CategoryCode, institution.Status)));
    }

    [Fact]
    public async Task The_mapping_is_remembered_for_the_next_file_with_the_same_columns()
    {
        await using var world = await TestWorld.CreateAsync();
        var order = await FreeAsync(world, "Nom;Zorglub\nA;Hôp.\n");
        var mapping = new ImportMapping
        {
            Columns = new Dictionary<int, ImportField> { [0] = ImportField.Name, [1] = ImportField.Category },
            Values = new Dictionary<(ImportField, string), string> { [(ImportField.Category, "Hôp.")] = "355" },
        };
        await RunAsync(world, order with { Mapping = mapping });

        var next = await FileAsync(world, "suivant.csv", "zorglub;nom\nHôp.;B\n");
        var again = await world.Get<ImportOrders>().InspectAsync(next);
        world.As(world.Claire);
        var elsewhere = await world.Get<ImportOrders>().InspectAsync(next);

        Assert.Equal([(0, ImportField.Category), (1, ImportField.Name)], again.Remembered!.Columns.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal("355", again.Remembered.Values[(ImportField.Category, "Hôp.")]);
        Assert.Null(elsewhere.Remembered);
    }

    [Fact]
    public async Task A_cell_corrected_in_the_grid_is_judged_again_and_imported()
    {
        await using var world = await TestWorld.CreateAsync();
        var imports = world.Get<ImportOrders>();
        var plan = await imports.PlanAsync(await FreeAsync(world, "FINESS;Nom;Ville\n010000024;CH;Bourg\n;;Lyon\n"));

        var still = await imports.CorrectAsync(plan, line: 3, column: 0, "010000024");
        var mended = await imports.CorrectAsync(plan, line: 3, column: 0, "010000032");
        var named = await imports.CorrectAsync(plan, line: 3, column: 1, "CH Bugey Sud");

        Assert.Equal((ImportFate.Error, ImportFate.Error, ImportFate.Created), (still.Fate, mended.Fate, named.Fate));
        Assert.Equal(new ImportCounts(2, Created: 2), plan.Counts);
        Assert.Equal(plan.Counts, await RunAsync(world, plan.Order));
        await using var db = world.Open();
        Assert.Equal("CH Bugey Sud", (await db.Institutions.SingleAsync(i => i.FinessEt == "010000032")).Name);
        await Assert.ThrowsAsync<BusinessRuleException>(() => imports.CorrectAsync(plan, line: 3, column: 1, "X"));
    }

    [Fact]
    public async Task A_file_that_breaks_in_the_middle_keeps_whole_chunks_and_the_next_import_does_the_rest()
    {
        await using var world = await TestWorld.CreateAsync();
        var rows = Enumerable.Range(1, 700).Select(number => $"Clinique {number};Ville {number}");
        var whole = "Nom;Ville\n" + string.Join('\n', rows) + "\n";
        var broken = whole.Replace("Clinique 600;", $"Clinique 600{new string('x', 40_000)};", StringComparison.Ordinal);

        var order = await FreeAsync(world, broken);
        var failure = await Assert.ThrowsAsync<BusinessRuleException>(() => RunAsync(world, order));
        await using var db = world.Open();
        var stopped = await db.ImportRuns.SingleAsync();

        Assert.Contains("Ligne 601", failure.Message, StringComparison.Ordinal);
        Assert.Equal((ImportStatus.Failed, 500, 500), (stopped.Status, stopped.Created, await db.Institutions.CountAsync()));
        Assert.Equal(500, await db.RecordChanges.CountAsync(change => change.ChangeSetId == stopped.ChangeSetId));

        Assert.Equal(new ImportCounts(700, Created: 200, Unchanged: 500), await RunAsync(world, await FreeAsync(world, whole)));
    }

    [Fact]
    public async Task A_cancelled_import_keeps_what_it_did_and_says_so()
    {
        await using var world = await TestWorld.CreateAsync();
        var rows = Enumerable.Range(1, 2_000).Select(number => $"Clinique {number};Ville {number}");
        var order = await FreeAsync(world, "Nom;Ville\n" + string.Join('\n', rows) + "\n");
        var runner = world.Get<ImportRunner>();
        runner.Changed += Stop;

        var runId = await world.Get<ImportOrders>().StartAsync(order);
        await runner.WaitAsync(runId);

        await using var db = world.Open();
        var run = await db.ImportRuns.SingleAsync();
        Assert.Equal(ImportStatus.Cancelled, run.Status);
        Assert.InRange(run.Created, 1, 1_999);
        Assert.Equal(run.Created, await db.Institutions.CountAsync());
        Assert.Null(runner.Find(runId));

        void Stop(Guid id) => runner.Cancel(id);
    }

    [Fact]
    public async Task Others_write_while_an_import_runs()
    {
        await using var world = await TestWorld.CreateAsync();
        var rows = Enumerable.Range(1, 3_000).Select(number => $"Clinique {number};Ville {number}");
        var order = await FreeAsync(world, "Nom;Ville\n" + string.Join('\n', rows) + "\n");
        var runner = world.Get<ImportRunner>();
        var runId = await world.Get<ImportOrders>().StartAsync(order);
        var written = 0;

        while (runner.Find(runId) is not null)
        {
            await world.Get<Institutions>().CreateAsync(new InstitutionDetails { Name = $"Entre-temps {written++}" });
        }

        await using var db = world.Open();
        Assert.True(written > 3, $"{written} writes found their turn");
        Assert.Equal(3_000 + written, await db.Institutions.CountAsync());
        Assert.Equal((ImportStatus.Finished, 3_000), await db.ImportRuns.Select(run => ValueTuple.Create(run.Status, run.Created)).SingleAsync());
    }

    [Fact]
    public async Task What_is_inserted_in_bulk_reads_back_whole_and_can_be_edited()
    {
        await using var world = await TestWorld.CreateAsync();
        await RunAsync(world, await FreeAsync(world, "FINESS;Nom;Ville;Code postal;Téléphone;E-mail;Statut;Public/privé;Étiquettes;Lits de chirurgie\n010000024;Hôpital d'Été;Bourg;01440;0474454647;a@example.org;Client;Public;VIP;12\n"));

        await using var db = world.Open();
        var institution = await db.Institutions.Include(i => i.Labels).SingleAsync();
        Assert.Equal(("Hôpital d'Été", CustomerStatus.Customer, Ownership.Public, 12, "01", "84"), (institution.Name, institution.Status, institution.Ownership, institution.BedsTotal, institution.DepartmentCode, institution.RegionCode));
        Assert.Equal((world.Now(), "VIP"), (institution.CreatedAt, Assert.Single(institution.Labels).Text));
        Assert.Equal(1, await db.RecordChanges.CountAsync(change => change.RecordType == nameof(InstitutionLabel) && change.WholeId == institution.Id));

        db.Begin(Actor.System, "Test");
        institution.Edit(institution.Details() with { Name = "Hôpital" }, world.Now());
        await db.SaveChangesAsync();
        Assert.Equal("Hôpital", (await ReadAsync(world, institution.Id)).Name);
    }

    private static ImportOrder Sae(string folder) => new()
    {
        File = new ImportFile(Path.Combine(folder, "sae2023_ID.csv"), "sae2023_ID.csv"),
        Companions = [new ImportFile(Path.Combine(folder, "sae2023_MCO.csv"), "sae2023_MCO.csv"), new ImportFile(Path.Combine(folder, "sae2023_BLOCS.csv"), "sae2023_BLOCS.csv")],
        Format = ImportFormat.Sae,
    };

    private static async Task<ImportOrder> FreeAsync(TestWorld world, string text)
    {
        var file = await FileAsync(world, "libre.csv", text);
        await using var stream = File.OpenRead(file.Path);
        var table = ImportTable.Open(stream);
        return new ImportOrder { File = file, Format = ImportFormat.Csv, Mapping = ImportMapping.From(ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)])) };
    }

    private static async Task<ImportFile> FileAsync(TestWorld world, string name, string text, Encoding? encoding = null)
    {
        var path = Path.Combine(world.Folder.Temporary, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, text, encoding ?? Encoding.UTF8);
        return new ImportFile(path, name);
    }

    private static Task<ImportCounts> RunAsync(TestWorld world, ImportOrder order) => world.Get<ImportOrders>().RunAsync(order, _ => { });

    private static async Task<Institution> ReadAsync(TestWorld world, Guid id)
    {
        await using var db = world.Open();
        return await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == id);
    }
}
