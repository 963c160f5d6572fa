using System.Text;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
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

        Assert.Equal(ImportStatus.Running, (await runs.FindAsync(run.Id))!.Status);
        world.Time.Advance(TimeSpan.FromMinutes(2));
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

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The browser left.");
    }
}
