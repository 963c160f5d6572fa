using System.Security.Cryptography;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Data.Backup;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Documents;

public sealed class DocumentShelfTests : IAsyncLifetime
{
    private TestWorld _world = null!;
    private Institution _institution = null!;
    private DocumentPlace _place = null!;

    private DocumentShelf Shelf => _world.Get<DocumentShelf>();

    public async Task InitializeAsync()
    {
        _world = await TestWorld.CreateAsync();
        _institution = await _world.InstitutionAsync(owner: _world.Claire);
        _place = new DocumentPlace(InstitutionId: _institution.Id);
        _world.As(_world.Claire);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_file_is_kept_under_a_path_that_says_nothing_of_its_name()
    {
        var content = FileSample.Pdf("Signé");
        var added = await _world.AddDocumentAsync(_place, content, "../../Contrat CHU.png");

        await using var db = _world.Open();
        var document = await db.Documents.Include(d => d.Versions).SingleAsync();
        var version = Assert.Single(document.Versions);
        Assert.Equal(("Contrat CHU", "Contrat CHU.pdf", "application/pdf", 1), (document.Name, version.FileName, version.MediaType, document.CurrentNumber));
        Assert.Equal((content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), ((int)version.Length, version.Sha256));
        Assert.Matches($"^documents/[0-9a-f]{{2}}/{version.Id:N}$", version.PathKey);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_world.Folder.Files, version.PathKey)));
        Assert.Equal((1, 0), _world.FileCounts());
        Assert.Equal(("Document « Contrat CHU » ajouté", _world.Claire.Id, _world.Claire.TeamId), (added.Done!.Sentence, document.OwnerId, document.TeamId));
    }

    [Fact]
    public async Task A_refused_file_leaves_nothing()
    {
        await Assert.ThrowsAsync<BusinessRuleException>(() => _world.ReceiveAsync("<html>"u8.ToArray(), "x.pdf"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => _world.AddDocumentAsync(new DocumentPlace(ContactId: Guid.NewGuid())));

        await using var db = _world.Open();
        Assert.False(await db.Documents.AnyAsync());
        Assert.Equal((0, 0), _world.FileCounts());
    }

    [Fact]
    public async Task A_stream_longer_than_the_limit_is_stopped_on_the_way()
    {
        var endless = new Endless();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => _world.Get<DocumentUploads>().ReceiveAsync(endless, "2 Go.pdf"));

        Assert.Equal("Ce fichier dépasse 50 Mo.", refusal.Message);
        Assert.InRange(endless.Given, 50L * 1024 * 1024, 51L * 1024 * 1024);
        Assert.Equal((0, 0), _world.FileCounts());
        Assert.Equal("Ce fichier dépasse 50 Mo.", Assert.Throws<BusinessRuleException>(() => _world.Get<DocumentUploads>().DemandRoom(2L * 1024 * 1024 * 1024)).Message);
        _world.Get<DocumentUploads>().DemandRoom(50L * 1024 * 1024);
    }

    [Fact]
    public async Task The_same_content_on_the_same_record_is_there_already_whatever_its_name()
    {
        var first = await _world.AddDocumentAsync(_place, name: "Contrat.pdf");

        var again = await _world.AddDocumentAsync(_place, name: "copie de Contrat.pdf");

        Assert.Equal((true, first.Document, "Contrat", 1, null), (again.IsThere, again.Document, again.Name, again.Number, again.Done));
        Assert.Equal((1, 0), _world.FileCounts());
        var contact = await _world.ContactAsync(_institution);
        Assert.False((await _world.AddDocumentAsync(new DocumentPlace(ContactId: contact.Id))).IsThere);
        await Shelf.DeleteAsync([first.Document]);
        Assert.False((await _world.AddDocumentAsync(_place)).IsThere);
    }

    [Fact]
    public async Task Of_the_same_file_sent_twice_at_once_one_is_kept()
    {
        var sent = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _world.AddDocumentAsync(_place))));

        Assert.Single(sent, added => !added.IsThere);
        Assert.Single(sent.Select(added => added.Document).Distinct());
        Assert.Equal((1, 0), _world.FileCounts());
    }

    [Fact]
    public async Task Files_sent_together_are_taken_back_together()
    {
        using var one = await _world.ReceiveAsync(FileSample.Pdf("1"), "Un.pdf");
        using var two = await _world.ReceiveAsync(FileSample.Pdf("2"), "Deux.pdf");
        var first = await Shelf.AddAsync(one, _place, isOneOfSeveral: true);
        var second = await Shelf.AddAsync(two, _place, isOneOfSeveral: true, first.Done!.ChangeSetId);
        Assert.Equal(first.Done.ChangeSetId, second.Done!.ChangeSetId);

        await _world.Get<Changes>().UndoAsync(first.Done.ChangeSetId!.Value);

        Assert.Empty(await Shelf.ListAsync(_place));
        Assert.Equal(2, (await _world.Get<Bin>().PageAsync(nameof(Document), null, 0, 10)).Total);
    }

    [Fact]
    public async Task Nobody_adds_to_the_gesture_of_somebody_else()
    {
        using var one = await _world.ReceiveAsync(FileSample.Pdf("1"), "Un.pdf");
        var hers = await Shelf.AddAsync(one, _place, isOneOfSeveral: true);
        using var two = await _world.As(_world.Paul).ReceiveAsync(FileSample.Pdf("2"), "Deux.pdf");

        var his = await Shelf.AddAsync(two, _place, isOneOfSeveral: true, hers.Done!.ChangeSetId);

        Assert.NotEqual(hers.Done.ChangeSetId, his.Done!.ChangeSetId);
    }

    [Fact]
    public async Task A_new_version_is_in_force_and_the_others_stay_and_come_back()
    {
        var (one, two) = (FileSample.Pdf("1"), FileSample.Pdf("2"));
        var added = await _world.AddDocumentAsync(_place, one);

        var version = await _world.AddVersionAsync(added.Document, two, "Contrat signé.pdf");
        Assert.Equal((2, false, "Nouvelle version de « Contrat »"), (version.Number, version.IsThere, version.Done!.Sentence));
        Assert.Equal(two, await ReadAsync(added.Document));
        Assert.Equal(one, await ReadAsync(added.Document, 1));
        Assert.Equal((1, true), (await _world.AddVersionAsync(added.Document, one) is var same ? (same.Number, same.IsThere) : default));

        await Shelf.MakeCurrentAsync(added.Document, 1);
        Assert.Equal(one, await ReadAsync(added.Document));
        Assert.Equal((1, 2), Assert.Single(await Shelf.ListAsync(_place)) is var line ? (line.Number, line.Versions) : default);
        await Assert.ThrowsAsync<BusinessRuleException>(() => Shelf.MakeCurrentAsync(added.Document, 3));
        Assert.Null(await Shelf.OpenAsync(added.Document, 3));
    }

    [Fact]
    public async Task A_version_taken_back_returns_with_its_file_and_its_number_is_not_given_again()
    {
        var added = await _world.AddDocumentAsync(_place, FileSample.Pdf("1"));
        var version = await _world.AddVersionAsync(added.Document, FileSample.Pdf("2"));

        var undone = await _world.Get<Changes>().UndoAsync(version.Done!.ChangeSetId!.Value);
        Assert.Equal(FileSample.Pdf("1"), await ReadAsync(added.Document));
        Assert.Null(await Shelf.OpenAsync(added.Document, 2));
        Assert.Equal(1, Assert.Single(await Shelf.ListAsync(_place)).Versions);
        Assert.Equal((2, 0), _world.FileCounts());

        await _world.Get<Changes>().UndoAsync(undone.ChangeSetId!.Value);
        Assert.Equal(FileSample.Pdf("2"), await ReadAsync(added.Document));

        var again = await _world.Get<Histories>().OfRecordAsync(nameof(Document), added.Document, 0, 1);
        await _world.Get<Changes>().UndoAsync(again.Rows[0].ChangeSetId);
        Assert.Equal(3, (await _world.AddVersionAsync(added.Document, FileSample.Pdf("3"))).Number);
    }

    [Fact]
    public async Task Details_are_edited_and_a_document_is_never_left_without_a_record()
    {
        var added = await _world.AddDocumentAsync(_place);
        var seen = (await Shelf.FindAsync(added.Document))!.Details;

        await Shelf.EditAsync(added.Document, seen, seen with { Name = "Avenant", Category = DocumentCategory.Contract, KeepUntil = new DateOnly(2026, 11, 20) });

        var line = Assert.Single(await Shelf.ListAsync(_place));
        Assert.Equal(("Avenant", DocumentCategory.Contract, new DateOnly(2026, 11, 20)), (line.Name, line.Category, line.KeepUntil));
        Assert.Equal("Avenant.pdf", (await Shelf.OpenAsync(added.Document))!.FileName);
        var now = (await Shelf.FindAsync(added.Document))!.Details;
        Assert.Equal("InstitutionId", (await Assert.ThrowsAsync<BusinessRuleException>(() => Shelf.EditAsync(added.Document, now, now with { InstitutionId = null }))).Field);
    }

    [Fact]
    public async Task An_institution_shows_the_documents_of_its_deals_and_says_from_which()
    {
        var deal = await _world.OpportunityAsync(institution: _institution);
        await _world.AddDocumentAsync(new DocumentPlace(OpportunityId: deal.Id), FileSample.Png(), "Plan.png");

        Assert.Equal((deal.Id, "IRM du CHU de Nantes", "Plan"), Assert.Single(await Shelf.ListAsync(_place)) is var line ? (line.OpportunityId, line.Opportunity, line.Name) : default);
        Assert.Single(await Shelf.ListAsync(new DocumentPlace(OpportunityId: deal.Id)));
        Assert.Equal(1, (await _world.Get<Institutions>().GetAsync(_institution.Id))!.DocumentCount);
        Assert.Empty(await Shelf.ListAsync(new DocumentPlace()));
    }

    [Fact]
    public async Task Another_team_finds_reads_and_changes_nothing()
    {
        var added = await _world.AddDocumentAsync(_place);
        _world.As(_world.Paul);
        Assert.NotNull(await Shelf.OpenAsync(added.Document));

        _world.As(_world.Lea);
        Assert.Empty(await Shelf.ListAsync(_place));
        Assert.Null(await Shelf.FindAsync(added.Document));
        Assert.Null(await Shelf.FindPlaceAsync(added.Document));
        Assert.Null(await Shelf.OpenAsync(added.Document));
        Assert.Empty(await Shelf.OpenAllAsync([added.Document]));
        var details = new DocumentDetails { Name = "Volé", InstitutionId = _institution.Id };
        foreach (var act in new Func<Task>[]
        {
            () => Shelf.DemandMayAddAsync(_place, null),
            () => Shelf.DemandMayAddAsync(new DocumentPlace(), added.Document),
            () => _world.AddDocumentAsync(_place, FileSample.Png(), "x.png"),
            () => _world.AddVersionAsync(added.Document, FileSample.Png()),
            () => Shelf.EditAsync(added.Document, details, details),
            () => Shelf.MakeCurrentAsync(added.Document, 1),
            () => Shelf.DeleteAsync([added.Document]),
            () => _world.Get<Histories>().OfRecordAsync(nameof(Document), added.Document, 0, 10),
        })
        {
            await Assert.ThrowsAnyAsync<BusinessRuleException>(act);
        }

        Assert.Equal((1, 0), _world.FileCounts());
        Assert.Equal(1, Assert.Single(await _world.As(_world.Claire).Get<DocumentShelf>().ListAsync(_place)).Versions);
    }

    [Fact]
    public async Task Whoever_sees_one_of_the_records_sees_the_document_and_loses_it_with_them()
    {
        var common = await _world.InstitutionAsync("Clinique commune");
        var added = await _world.AddDocumentAsync(new DocumentPlace(InstitutionId: common.Id));
        Assert.NotNull(await _world.As(_world.Lea).Get<DocumentShelf>().OpenAsync(added.Document));

        await _world.SaveAsync(db => db.Institutions.Single(i => i.Id == common.Id).AssignTo(_world.Claire.Id, _world.Claire.TeamId, _world.Now()));

        Assert.Null(await Shelf.OpenAsync(added.Document));
    }

    [Fact]
    public async Task The_bin_gives_a_document_back_and_after_thirty_days_its_files_go_too()
    {
        var kept = await _world.AddDocumentAsync(_place, FileSample.Pdf("gardé"), "Gardé.pdf");
        var gone = await _world.AddDocumentAsync(_place, FileSample.Pdf("1"), "Jeté.pdf");
        await _world.AddVersionAsync(gone.Document, FileSample.Pdf("2"));
        var takenBack = await _world.AddVersionAsync(kept.Document, FileSample.Pdf("retirée"));
        await _world.Get<Changes>().UndoAsync(takenBack.Done!.ChangeSetId!.Value);

        await Shelf.DeleteAsync([gone.Document]);
        Assert.Null(await Shelf.OpenAsync(gone.Document));
        await _world.Get<Bin>().RestoreAsync(nameof(Document), gone.Document);
        Assert.Equal(FileSample.Pdf("2"), await ReadAsync(gone.Document));
        await Shelf.DeleteAsync([gone.Document]);
        Assert.Equal((4, 0), _world.FileCounts());

        _world.Time.Advance(TimeSpan.FromDays(29));
        await PurgeAsync();
        Assert.Equal((4, 0), _world.FileCounts());
        _world.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await PurgeAsync());

        Assert.Equal((1, 0), _world.FileCounts());
        await using var db = _world.Open();
        Assert.Equal(kept.Document, (await db.Documents.IgnoreQueryFilters().SingleAsync()).Id);
        Assert.Equal(1, await db.DocumentVersions.IgnoreQueryFilters().CountAsync());
        Assert.True((await _world.Get<StoredFiles>().LookAsync()).IsRight);
    }

    [Fact]
    public async Task A_purge_that_fails_keeps_the_files()
    {
        var gone = await _world.AddDocumentAsync(_place);
        await Shelf.DeleteAsync([gone.Document]);
        await using (var db = _world.Open())
        {
            await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER Refuse BEFORE INSERT ON RecordChanges WHEN NEW.Kind = 4 BEGIN SELECT RAISE(ABORT, 'no'); END");
        }

        _world.Time.Advance(TimeSpan.FromDays(31));
        await Assert.ThrowsAnyAsync<Exception>(PurgeAsync);

        Assert.Equal((1, 0), _world.FileCounts());
        Assert.True((await _world.Get<StoredFiles>().LookAsync()).IsRight);
    }

    [Fact]
    public async Task A_row_that_is_refused_takes_its_file_along()
    {
        await using (var db = _world.Open())
        {
            await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER Refuse BEFORE INSERT ON DocumentVersions BEGIN SELECT RAISE(ABORT, 'no'); END");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => _world.AddDocumentAsync(_place));

        Assert.Equal((0, 0), _world.FileCounts());
        await using var after = _world.Open();
        Assert.False(await after.Documents.AnyAsync());
    }

    [Fact]
    public async Task A_backup_holds_the_files_and_a_restore_brings_them_back()
    {
        var added = await _world.AddDocumentAsync(_place);
        var taken = await _world.As(_world.Admin).Get<Backups>().CreateAsync();

        await using var other = await TestWorld.CreateAsync();
        await other.Get<BackupArchives>().RestoreAsync(Path.Combine(_world.Folder.Backups, taken.Name));

        var file = await other.As(_world.Claire).Get<DocumentShelf>().OpenAsync(added.Document);
        Assert.Equal(FileSample.Pdf(), await File.ReadAllBytesAsync(file!.Path));
        Assert.StartsWith(other.Folder.Files, file.Path, StringComparison.Ordinal);
        Assert.True((await other.Get<StoredFiles>().LookAsync()).IsRight);
    }

    [Fact]
    public async Task The_check_tells_of_a_lost_file_a_changed_one_and_a_stray()
    {
        var lost = await _world.AddDocumentAsync(_place, FileSample.Pdf("1"), "Perdu.pdf");
        var changed = await _world.AddDocumentAsync(_place, FileSample.Pdf("2"), "Changé.pdf");
        Assert.Contains("Documents : rien à signaler", await CheckAsync(), StringComparison.Ordinal);
        var (lostPath, changedPath) = ((await Shelf.OpenAsync(lost.Document))!.Path, (await Shelf.OpenAsync(changed.Document))!.Path);
        File.Delete(lostPath);
        await File.WriteAllBytesAsync(changedPath, FileSample.Pdf("3"));
        await File.WriteAllTextAsync(Path.Combine(_world.Folder.Files, "documents", "égaré"), "x");

        var said = await CheckAsync();

        Assert.Contains($"{Path.GetFileName(lostPath)} » manque", said, StringComparison.Ordinal);
        Assert.Contains("« documents/égaré » n'appartient à aucune fiche", said, StringComparison.Ordinal);
        Assert.Contains("« Changé.pdf »", said, StringComparison.Ordinal);
        Assert.Null(await Shelf.OpenAsync(lost.Document));
        Assert.True(Assert.Single(await Shelf.ListAsync(_place), line => line.Id == lost.Document).IsMissing);
    }

    [Fact]
    public async Task What_a_killed_upload_left_goes_at_the_next_start_and_after_a_day()
    {
        var files = _world.Get<DocumentFiles>();
        string left, young;
        await using (var file = files.Receive())
        {
            left = file.Name;
        }

        await using (var file = files.Receive())
        {
            young = file.Name;
        }

        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-25));
        (await _world.ReceiveAsync(FileSample.Pdf(), "x.pdf")).Dispose();
        Assert.Equal((false, true), (File.Exists(left), File.Exists(young)));

        files.ForgetInterrupted();
        Assert.False(File.Exists(young));
    }

    [Fact]
    public async Task A_retention_set_by_the_administrator_marks_new_documents()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddSingleton(new DocumentSettings { RetentionYears = 10 }));
        var institution = await world.InstitutionAsync();

        await world.AddDocumentAsync(new DocumentPlace(InstitutionId: institution.Id));

        Assert.Equal(new DateOnly(2036, 11, 21), Assert.Single(await world.Get<DocumentShelf>().ListAsync(new DocumentPlace(InstitutionId: institution.Id))).KeepUntil);
    }

    private async Task<byte[]> ReadAsync(Guid documentId, int? number = null) => await File.ReadAllBytesAsync((await Shelf.OpenAsync(documentId, number))!.Path);

    private async Task<int> PurgeAsync()
    {
        var purged = await _world.As(Actor.System).Get<Bin>().PurgeAsync();
        _world.As(_world.Claire);
        return purged;
    }

    private async Task<string> CheckAsync()
    {
        var output = new StringWriter();
        await _world.Get<IEnumerable<IConsoleCommand>>().Single(command => command.Name == "check").RunAsync([], output, CancellationToken.None);
        return output.ToString();
    }

    // More than anybody should send.
    private sealed class Endless : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
