using System.Text;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Imports;

public sealed class ImportRunsTests
{
    [Fact]
    public async Task Taking_an_import_back_restores_updates_and_leaves_what_somebody_touched_since()
    {
        await using var world = await TestWorld.CreateAsync();
        var updated = await world.InstitutionAsync("CH de Bourg", with: d => d with { FinessEt = "010000024", City = "Viriat" });
        var touched = await world.InstitutionAsync("CH Bugey", with: d => d with { FinessEt = "010000032", City = "Belley" });
        var runId = await ImportAsync(world, "FINESS;Nom;Ville\n010000024;CH de Bourg;Bourg\n010000032;CH Bugey;Lyon\n010000065;CH de Trévoux;Trévoux\n");
        await TouchAsync(world, touched.Id, institution => institution.Details() with { City = "Nantua" });

        var reverted = await world.Get<ImportRuns>().RevertAsync(runId);

        Assert.Equal(2, reverted.Records);
        Assert.Equal(touched.Id, Assert.Single(reverted.Skipped).Id);
        await using var db = world.Open();
        Assert.Equal(
            [("CH Bugey", "Nantua"), ("CH de Bourg", "Viriat")],
            (await db.Institutions.OrderBy(i => i.Name).ToListAsync()).Select(i => (i.Name, i.City!)));
        Assert.Equal(updated.Id, (await db.Institutions.SingleAsync(i => i.City == "Viriat")).Id);
        var run = await world.Get<ImportRuns>().FindAsync(runId);
        Assert.Equal((ImportStatus.Reverted, false), (run!.Status, run.MayRevert));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<ImportRuns>().RevertAsync(runId));
    }

    [Fact]
    public async Task Hundreds_of_rows_come_back_portion_by_portion_and_others_write_in_between()
    {
        await using var world = await TestWorld.CreateAsync();
        var runId = await ImportAsync(world, Clinics(620));
        var runs = world.Get<ImportRuns>();
        var turns = 0;
        var written = 0;
        world.Get<WriteGate>().TurnEnded += _ => Interlocked.Increment(ref turns);

        await runs.StartRevertAsync(runId);
        Assert.Equal(ImportStatus.Reverting, (await runs.FindAsync(runId))!.Status);
        await Assert.ThrowsAsync<BusinessRuleException>(() => runs.StartRevertAsync(runId));
        while (world.Get<ImportRunner>().Find(runId) is not null)
        {
            await world.Get<Institutions>().CreateAsync(new InstitutionDetails { Name = $"Entre-temps {written++}" });
        }

        var run = (await runs.FindAsync(runId))!;
        Assert.Equal((ImportStatus.Reverted, 0, null), (run.Status, run.Kept, run.Reverting));
        Assert.True(turns - written >= 620 / 50, $"{turns} turns for {written} writes of others");
        Assert.True(written > 3, $"{written} writes found their turn");
        await using var db = world.Open();
        Assert.Equal(written, await db.Institutions.CountAsync());
        Assert.Equal(1, await db.ChangeSets.CountAsync(set => set.RevertsId != null));
    }

    [Fact]
    public async Task A_return_that_stops_half_way_says_so_and_is_finished_by_asking_again()
    {
        await using var world = await TestWorld.CreateAsync();
        var runId = await ImportAsync(world, Clinics(300));
        await TouchAsync(world, (await FirstAsync(world, "Clinique 200")).Id, institution => institution.Details() with { Notes = "Vue en juin" });
        var runs = world.Get<ImportRuns>();
        var changeSetId = await ChangeSetAsync(world, runId);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => world.Get<Changes>().RevertAsync(changeSetId, skipTouched: true, new StopAfter(120, stop), stop.Token));
        var half = (await runs.FindAsync(runId))!;
        var left = await CountAsync(world);
        var reverted = await runs.RevertAsync(runId);

        Assert.Equal((ImportStatus.HalfReverted, true), (half.Status, half.MayRevert));
        Assert.InRange(left, 100, 200);
        Assert.Equal(["Clinique 200"], reverted.Skipped.Select(skipped => skipped.Name));
        Assert.Equal(299, reverted.Records);
        Assert.Equal((ImportStatus.Reverted, 1), (await runs.FindAsync(runId)) is var run ? (run!.Status, run.Kept) : default);
        Assert.Contains("Claire Martin", Assert.Single((await runs.KeptAsync(runId, 0, 10)).Rows).Reason, StringComparison.Ordinal);
        await using var db = world.Open();
        Assert.Equal("Clinique 200", (await db.Institutions.SingleAsync()).Name);
        var undo = await db.ChangeSets.SingleAsync(set => set.RevertsId == changeSetId);
        Assert.Equal(undo.Id, (await db.ChangeSets.SingleAsync(set => set.Id == changeSetId)).RevertedById);

        // And all of it comes again: the two halves were one gesture.
        await world.Get<Changes>().UndoAsync(undo.Id);
        Assert.Equal((300, ImportStatus.Finished), (await CountAsync(world), (await runs.FindAsync(runId))!.Status));
    }

    [Fact]
    public async Task Somebody_else_finishes_a_return_in_a_gesture_of_their_own()
    {
        await using var world = await TestWorld.CreateAsync();
        world.As(world.Claire);
        var runId = await ImportAsync(world, Clinics(180));
        var changeSetId = await ChangeSetAsync(world, runId);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => world.Get<Changes>().RevertAsync(changeSetId, skipTouched: true, new StopAfter(50, stop), stop.Token));

        world.As(world.Admin);
        var reverted = await world.Get<ImportRuns>().RevertAsync(runId);

        Assert.Equal((180, 0), (reverted.Records, await CountAsync(world)));
        await using var db = world.Open();
        Assert.Equal(
            [("Claire Martin", true), ("Alice Admin", false)],
            (await db.ChangeSets.Where(set => set.RevertsId == changeSetId).OrderBy(set => set.Id).Select(set => new { set.ActorName, set.Changes.Count }).ToListAsync()).Select(set => (set.ActorName, set.Count < 130)));
    }

    [Fact]
    public async Task What_an_import_wrote_is_a_filter_of_the_lists()
    {
        await using var world = await TestWorld.CreateAsync();
        var known = await world.InstitutionAsync("CH de Bourg", with: d => d with { FinessEt = "010000024", City = "Viriat" });
        var tagged = await world.InstitutionAsync("CH Bugey", with: d => d with { FinessEt = "010000032" });
        await world.InstitutionAsync("Ailleurs");
        await ImportAsync(world, "Nom;Ville\nAutre import;Lyon\n");
        var runId = await ImportAsync(world, "FINESS;Nom;Ville;Étiquettes\n010000024;CH de Bourg;Bourg;\n010000032;CH Bugey;Nantes;VIP\n010000065;CH de Trévoux;Trévoux;VIP\n750100125;Pitié;Paris;\n");
        await TouchAsync(world, known.Id, institution => institution.Details() with { City = "Nantua" });
        var run = (await world.Get<ImportRuns>().FindAsync(runId))!;

        Assert.Equal((2, 2), (run.Counts.Created, run.Counts.Updated));
        Assert.Equal(["CH de Trévoux", "Pitié"], await NamesAsync(world, run.ListOf(ChangeKind.Created)!));
        Assert.Equal(["CH Bugey", "CH de Bourg"], await NamesAsync(world, run.ListOf(ChangeKind.Updated)!));
        Assert.Equal(["Ailleurs", "CH Bugey", "CH de Bourg"], await NamesAsync(world, "/institutions?import-created=-"));
        Assert.Equal(["Autre import", "CH de Trévoux", "Pitié"], await NamesAsync(world, "/institutions?import-created=*"));
        Assert.Equal(["CH Bugey", "CH de Bourg"], (await world.Get<ImportRuns>().WrittenAsync(runId, ChangeKind.Updated, 0, 10)).Rows.Select(record => record.Name).Order());
        Assert.Equal([new Choice(runId.ToString(), "libre.csv")], await world.Get<InstitutionList>().NamesAsync("import-created", [runId.ToString()]));
        var row = await world.Get<InstitutionList>().RowAsync(tagged.Id, ["import-created", "import-updated"]);
        Assert.Equal((null, "libre.csv"), (row!.Values[0], ((NamedId)row.Values[1]!).Name));

        world.As(world.Lea);
        Assert.Empty(await NamesAsync(world, run.ListOf(ChangeKind.Created)!));
        world.As(world.Admin);
        await world.Get<ImportRuns>().RevertAsync(runId);
        Assert.Null((await world.Get<ImportRuns>().FindAsync(runId))!.ListOf(ChangeKind.Created));
    }

    [Fact]
    public async Task Rows_in_error_come_back_as_a_file_with_reasons_that_can_be_mended_and_imported()
    {
        await using var world = await TestWorld.CreateAsync();
        var runId = await ImportAsync(world, "FINESS;Nom;Notes\n010000024;CH;\n;;\"=1+1; \"\"vu\"\"\"\n");

        var csv = await world.Get<ImportRuns>().ErrorsCsvAsync(runId);
        var mended = csv!.Replace("\r\n;;", "\r\n;CH mendé;", StringComparison.Ordinal);
        var again = await ImportAsync(world, mended);

        Assert.StartsWith("FINESS;Nom;Notes;Motif du rejet\r\n;;\"'=1+1; \"\"vu\"\"\";La ligne n'a ni nom", csv, StringComparison.Ordinal);
        Assert.Equal(new ImportCounts(1, Created: 1), (await world.Get<ImportRuns>().FindAsync(again))!.Counts);
        await using var db = world.Open();
        Assert.Equal("=1+1; \"vu\"", (await db.Institutions.SingleAsync(i => i.Name == "CH mendé")).Notes);
        Assert.Null(await world.Get<ImportRuns>().ErrorsCsvAsync(again));
    }

    [Fact]
    public async Task Everyone_sees_the_imports_of_their_own_and_administrators_all()
    {
        await using var world = await TestWorld.CreateAsync();
        world.As(world.Claire);
        var runId = await ImportAsync(world, "Nom\nA\n;\n");

        world.As(world.Lea);
        var runs = world.Get<ImportRuns>();
        Assert.Empty((await runs.ListAsync(0, 10)).Rows);
        Assert.Null(await runs.FindAsync(runId));
        Assert.Null(await runs.ErrorsCsvAsync(runId));
        Assert.Equal(0, (await runs.WrittenAsync(runId, ChangeKind.Created, 0, 10)).Total);
        await Assert.ThrowsAsync<BusinessRuleException>(() => runs.RevertAsync(runId));
        await Assert.ThrowsAsync<BusinessRuleException>(() => runs.CancelAsync(runId));

        world.As(world.Admin);
        Assert.Equal(("Claire Martin", 1), Assert.Single((await runs.ListAsync(0, 10)).Rows) is var row ? (row.StartedByName, row.Counts.Created) : default);
        Assert.Equal("A", Assert.Single((await runs.WrittenAsync(runId, ChangeKind.Created, 0, 10)).Rows).Name);
    }

    [Fact]
    public async Task An_import_whose_process_died_is_shown_as_interrupted()
    {
        await using var world = await TestWorld.CreateAsync();
        var run = new ImportRun("perdu.csv", ImportSubject.Institutions, "Fichier CSV", "", null, null, world.Admin.Id, world.Admin.Name, Guid.CreateVersion7(), world.Now());
        await world.SaveAsync(db => db.ImportRuns.Add(run));
        var runs = world.Get<ImportRuns>();

        using (world.Get<ImportPulse>().Hold(run.Id))
        {
            Assert.Equal(ImportStatus.Running, (await runs.FindAsync(run.Id))!.Status);
        }

        var later = (await runs.FindAsync(run.Id))!;
        Assert.Equal(ImportStatus.Cancelled, later.Status);
        Assert.Contains("importez de nouveau", later.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_is_told_cell_by_cell()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync("CH", with: d => d with { FinessEt = "010000024", City = "Viriat" });
        var runId = await ImportAsync(world, "FINESS;Ville;Responsable\n010000024;Bourg;sales1@demo.test\n");

        var record = Assert.Single((await world.Get<ImportRuns>().WrittenAsync(runId, ChangeKind.Updated, 0, 10)).Rows);

        Assert.Contains(new CellChange("City", "Ville", "Viriat", "Bourg"), record.Changes);
        Assert.Contains(new CellChange("OwnerId", "Responsable", null, "Claire Martin"), record.Changes);
    }

    [RealDataFact]
    public async Task The_command_ends_with_its_counts()
    {
        await using var world = await TestWorld.CreateAsync();
        var output = new StringWriter();

        var code = await CommandOf(world).RunAsync(["institutions", Path.Combine(RealData.Folder!, "sae2023_ID.csv"), "--format", "sae", "--with", Path.Combine(RealData.Folder!, "sae2023_MCO.csv")], output, CancellationToken.None);

        Assert.Equal(0, code);
        Assert.Equal("created=3974 updated=0 unchanged=0 skipped=1 errors=0 warnings=2", output.ToString().TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task The_command_refuses_a_file_that_is_not_what_it_is_told()
    {
        await using var world = await TestWorld.CreateAsync();
        var file = await FileAsync(world, "Nom\nA\n");

        await Assert.ThrowsAsync<ImportFileException>(() => CommandOf(world).RunAsync(["institutions", file.Path, "--format", "finess"], TextWriter.Null, CancellationToken.None));
        await Assert.ThrowsAsync<ImportFileException>(() => CommandOf(world).RunAsync(["institutions", file.Path + ".absent"], TextWriter.Null, CancellationToken.None));
        Assert.Equal(1, await CommandOf(world).RunAsync(["patients", file.Path], TextWriter.Null, CancellationToken.None));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_behind()
    {
        await using var world = await TestWorld.CreateAsync();
        var uploads = world.Get<ImportUploads>();

        await Assert.ThrowsAsync<IOException>(() => uploads.ReceiveAsync(new BrokenStream(), "x.csv"));

        Assert.Empty(Directory.EnumerateFiles(world.Folder.Temporary, "*", SearchOption.AllDirectories));
        var kept = await uploads.ReceiveAsync(Sample.Text("Nom\nA\n"), "../../x.csv");
        Assert.Equal(("x.csv", "Nom\nA\n"), (kept.Name, await File.ReadAllTextAsync(kept.Path)));
        Assert.StartsWith(world.Folder.Temporary, kept.Path, StringComparison.Ordinal);
    }

    private static string Clinics(int count) => "Nom;Ville\n" + string.Join('\n', Enumerable.Range(1, count).Select(number => $"Clinique {number};Ville {number}")) + "\n";

    private static async Task<List<string>> NamesAsync(TestWorld world, string address)
    {
        var list = world.Get<InstitutionList>();
        var query = ListQuery.Parse(address, list.Definition);
        var rows = await list.RowsAsync(query, ["name"], 0, 50);
        Assert.Equal(rows.Count, (await list.CountAsync(query)).Matching);
        return [.. rows.Select(row => (string)row.Values[0]!).Order()];
    }

    private static async Task<Institution> FirstAsync(TestWorld world, string name)
    {
        await using var db = world.Open();
        return await db.Institutions.SingleAsync(i => i.Name == name);
    }

    private static async Task<int> CountAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.Institutions.CountAsync();
    }

    private static async Task<Guid> ChangeSetAsync(TestWorld world, Guid runId)
    {
        await using var db = world.Open();
        return await db.ImportRuns.Where(run => run.Id == runId).Select(run => run.ChangeSetId).SingleAsync();
    }

    private static IConsoleCommand CommandOf(TestWorld world) => world.Get<IEnumerable<IConsoleCommand>>().Single(command => command.Name == "import");

    private static async Task TouchAsync(TestWorld world, Guid id, Func<Institution, InstitutionDetails> change)
    {
        await using var db = world.Open();
        var institution = await db.Institutions.Include(i => i.Labels).SingleAsync(i => i.Id == id);
        db.Begin(world.Claire, "Test");
        institution.Edit(change(institution), world.Now());
        await db.SaveChangesAsync();
    }

    private static async Task<Guid> ImportAsync(TestWorld world, string text)
    {
        var file = await FileAsync(world, text);
        await using var stream = File.OpenRead(file.Path);
        var table = ImportTable.Open(stream);
        var order = new ImportOrder { File = file, Format = ImportFormat.Csv, Mapping = ImportMapping.From(ColumnGuesser.Guess(table.Headers, [.. table.Rows.Take(50)])) };
        var runId = await world.Get<ImportOrders>().StartAsync(order);
        await world.Get<ImportRunner>().WaitAsync(runId);
        return runId;
    }

    private static async Task<ImportFile> FileAsync(TestWorld world, string text)
    {
        var path = Path.Combine(world.Folder.Temporary, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(path, text, Encoding.UTF8);
        return new ImportFile(path, "libre.csv");
    }

    /// <summary>Stops a return once some records came back.</summary>
    private sealed class StopAfter(int records, CancellationTokenSource stop) : IProgress<RevertProgress>
    {
        public void Report(RevertProgress value)
        {
            if (value.Done >= records)
            {
                stop.Cancel();
            }
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The browser left.");
    }
}
