using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data.Backup;

/// <summary>
/// Backups as files: one archive holds a consistent copy of the database, the stored files and the keys, with a manifest of hashes. An
/// archive takes its name only once it has been read again and found right; a restore believes nothing it has not checked.
/// </summary>
public sealed class BackupArchives(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, InstanceLock instance, BusinessClock clock)
{
    private const string Stamp = "yyyyMMdd-HHmmss";
    private const string Prefix = "medcrm-";
    private static readonly string[] s_folders = ["files", "keys"];

    /// <summary>Writes a backup into a folder while the server works, and returns its path.</summary>
    /// <exception cref="BusinessRuleException">There is no database, it is damaged, or the folder cannot take the archive.</exception>
    public async Task<string> CreateAsync(string target, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(folder.Database))
        {
            throw new BusinessRuleException($"Il n'y a pas de base dans « {folder.Root} ».");
        }

        var now = clock.UtcNow;
        var path = Path.Combine(Path.GetFullPath(target), Prefix + now.ToString(Stamp, CultureInfo.InvariantCulture) + ".zip");
        var half = path + ".partial";
        using var work = new WorkFolder(folder);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var copy = Path.Combine(work.Path, BackupManifest.Database);
            await SqliteFile.CopyAsync(folder.Database, copy, cancellationToken);
            await DemandSoundAsync(copy, "La base est endommagée", cancellationToken);
            await WriteAsync(half, copy, now, cancellationToken);
            await VerifyAsync(half, into: null, cancellationToken);
            File.Move(half, path, overwrite: true);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new BusinessRuleException($"La sauvegarde n'a pas pu être écrite : {failure.Message}");
        }
        finally
        {
            File.Delete(half);
        }
    }

    /// <summary>Unpacks a backup aside and checks everything a restore would: hashes, integrity, schema, number of rows.</summary>
    /// <exception cref="BusinessRuleException">The backup is damaged, incomplete, or newer than this program.</exception>
    public async Task<BackupManifest> TestAsync(string path, CancellationToken cancellationToken = default)
    {
        using var work = new WorkFolder(folder);
        return await UnpackAsync(path, work.Path, cancellationToken);
    }

    /// <summary>Replaces the live data by a backup and returns where the data before was put. The server must be stopped.</summary>
    /// <exception cref="BusinessRuleException">A server runs, or the backup is not right: the live data has not been touched.</exception>
    public async Task<string> RestoreAsync(string path, CancellationToken cancellationToken = default)
    {
        await instance.TakeAsync(cancellationToken);
        try
        {
            PutBackInterruptedRestore();
            using var work = new WorkFolder(folder);
            await UnpackAsync(path, work.Path, cancellationToken);
            await RestoredMail.HoldAsync(Path.Combine(work.Path, BackupManifest.Database), cancellationToken);

            await EmptyLogAsync();
            var aside = AsideFolder();
            await File.WriteAllTextAsync(Marker, aside, cancellationToken);
            SqliteFile.CloseAll(folder.Database);
            MoveData(folder.Root, aside);
            MoveData(work.Path, folder.Root);
            if (!await SqliteFile.UseWriteAheadLogAsync(folder.Database, CancellationToken.None))
            {
                PutBackInterruptedRestore();
                throw new BusinessRuleException("La base restaurée refuse le journal WAL : les données d'avant ont été remises en place.");
            }

            File.Delete(Marker);
            return aside;
        }
        finally
        {
            instance.Release();
        }
    }

    /// <summary>Puts back the data that a restore killed half-way had set aside. True when there was such a restore. Who calls holds the <see cref="InstanceLock"/>.</summary>
    public bool PutBackInterruptedRestore()
    {
        if (!File.Exists(Marker))
        {
            return false;
        }

        // Only what did reach the folder aside comes back: the rest never left. The keys leave last: with them there, a database that
        // did not leave is the new one, put where there was none.
        var aside = File.ReadAllText(Marker);
        if (Directory.Exists(aside))
        {
            if (!File.Exists(Path.Combine(aside, BackupManifest.Database)) && Directory.Exists(Path.Combine(aside, s_folders[^1])))
            {
                SqliteFile.Delete(folder.Database);
            }

            MoveData(aside, folder.Root);
            Directory.Delete(aside, recursive: true);
        }

        File.Delete(Marker);
        return true;
    }

    /// <summary>The moment at which a backup was taken, UTC, as its name says; null for another file.</summary>
    public static DateTime? TakenAt(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(".zip", StringComparison.Ordinal)
            && DateTime.TryParseExact(name[Prefix.Length..^4], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
                ? at
                : null;
    }

    private string Marker => Path.Combine(folder.Root, "restore-under-way");

    private static async Task DemandSoundAsync(string database, string sentence, CancellationToken cancellationToken)
    {
        if (await SqliteFile.ProblemsAsync(database, quick: false, cancellationToken) is [var problem, ..])
        {
            throw new BusinessRuleException($"{sentence} : {problem}.");
        }
    }

    private async Task WriteAsync(string target, string database, DateTime now, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(target, options);
        await using (var archive = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken))
        {
            var entries = new List<BackupEntry> { await AddAsync(archive, database, BackupManifest.Database, cancellationToken) };
            foreach (var stored in Directory.EnumerateFiles(folder.Files, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder.Keys)))
            {
                // What the bin let go of meanwhile is in no backup any more.
                if (!File.Exists(stored))
                {
                    continue;
                }

                entries.Add(await AddAsync(archive, stored, Path.GetRelativePath(folder.Root, stored).Replace('\\', '/'), cancellationToken));
            }

            var manifest = new BackupManifest(
                BackupManifest.CurrentFormat,
                now,
                await SqliteFile.MigrationsAsync(database, cancellationToken),
                await SqliteFile.RowsAsync(database, cancellationToken),
                entries);
            await using var text = await archive.CreateEntry(BackupManifest.FileName).OpenAsync(cancellationToken);
            await JsonSerializer.SerializeAsync(text, manifest, cancellationToken: cancellationToken);
        }

        file.Flush(flushToDisk: true);
    }

    private static async Task<BackupEntry> AddAsync(ZipArchive archive, string source, string name, CancellationToken cancellationToken)
    {
        await using var target = await archive.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await using var content = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var (length, hash) = await CopyAsync(content, target, cancellationToken);
        return new BackupEntry(name, length, hash);
    }

    private async Task<BackupManifest> UnpackAsync(string path, string into, CancellationToken cancellationToken)
    {
        var manifest = await VerifyAsync(path, into, cancellationToken);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (manifest.Migrations.Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown)
            {
                throw new BusinessRuleException($"Cette sauvegarde vient d'une version plus récente de MedCRM ({unknown}). Mettez le programme à jour avant de la restaurer.");
            }
        }

        var database = Path.Combine(into, BackupManifest.Database);
        await DemandSoundAsync(database, "La base de cette sauvegarde est endommagée", cancellationToken);
        if (!(await SqliteFile.RowsAsync(database, cancellationToken)).SequenceEqual(manifest.Rows.OrderBy(pair => pair.Key, StringComparer.Ordinal)))
        {
            throw new BusinessRuleException("La base de cette sauvegarde n'a pas le nombre de lignes annoncé.");
        }

        return manifest;
    }

    // Reads every byte of the archive against the manifest; unpacks on the way when a folder is given.
    private static async Task<BackupManifest> VerifyAsync(string path, string? into, CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = await ZipFile.OpenReadAsync(path, cancellationToken);
            var manifest = await ManifestOfAsync(archive, cancellationToken);
            var files = archive.Entries.Where(entry => entry.FullName != BackupManifest.FileName).ToDictionary(entry => entry.FullName);
            if (!files.Keys.ToHashSet().SetEquals(manifest.Entries.Select(entry => entry.Path)) || !files.ContainsKey(BackupManifest.Database))
            {
                throw new InvalidDataException("il manque des fichiers ou il y en a de trop");
            }

            foreach (var entry in manifest.Entries)
            {
                await using var content = await files[entry.Path].OpenAsync(cancellationToken);
                await using var target = into is null ? Stream.Null : CreateUnder(into, entry.Path);
                if (await CopyAsync(content, target, cancellationToken) != (entry.Length, entry.Sha256))
                {
                    throw new InvalidDataException($"« {entry.Path} » a été modifié ou abîmé");
                }
            }

            return manifest;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or JsonException or UnauthorizedAccessException)
        {
            throw new BusinessRuleException($"La sauvegarde « {path} » n'est pas utilisable : {failure.Message}.");
        }
    }

    private static async Task<BackupManifest> ManifestOfAsync(ZipArchive archive, CancellationToken cancellationToken)
    {
        var entry = archive.GetEntry(BackupManifest.FileName) ?? throw new InvalidDataException("elle n'a pas de manifeste");
        await using var text = await entry.OpenAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync<BackupManifest>(text, cancellationToken: cancellationToken) is { Format: BackupManifest.CurrentFormat } manifest
            ? manifest
            : throw new InvalidDataException("son format est inconnu");
    }

    private static FileStream CreateUnder(string root, string name)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"« {name} » sort de l'archive");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
    }

    private static async Task<(long Length, string Hash)> CopyAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81_920];
        var length = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length += read;
        }

        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void MoveData(string from, string to)
    {
        Directory.CreateDirectory(to);
        var database = Path.Combine(from, BackupManifest.Database);
        if (File.Exists(database))
        {
            SqliteFile.Delete(Path.Combine(to, BackupManifest.Database));
            SqliteFile.Move(database, Path.Combine(to, BackupManifest.Database));
        }

        foreach (var name in s_folders.Where(name => Directory.Exists(Path.Combine(from, name))))
        {
            var target = Path.Combine(to, name);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(Path.Combine(from, name), target);
        }
    }

    // The database then moves as one file. A damaged one may refuse: it moves as it is.
    private async Task EmptyLogAsync()
    {
        try
        {
            if (File.Exists(folder.Database))
            {
                await SqliteFile.TidyAsync(folder.Database);
            }
        }
        catch (SqliteException)
        {
            return;
        }
    }

    private string AsideFolder()
    {
        var name = Path.Combine(folder.Root, "avant-restauration-" + clock.UtcNow.ToString(Stamp, CultureInfo.InvariantCulture));
        var path = name;
        for (var number = 2; Directory.Exists(path); number++)
        {
            path = $"{name}-{number}";
        }

        return path;
    }

    // A place on the same disk as the data, so that what it holds can be moved into place in one step.
    private sealed class WorkFolder : IDisposable
    {
        public WorkFolder(DataFolder folder)
        {
            Path = System.IO.Path.Combine(folder.Temporary, Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path);
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
