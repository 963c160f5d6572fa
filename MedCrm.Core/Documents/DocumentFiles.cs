using System.Globalization;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Documents;

/// <summary>
/// The files of documents in the data folder, each under the id of its version: a path says nothing of what a person typed. A file takes its
/// place before its row is committed and leaves after its row is gone, so that what a crash can leave is a stray, never a row without file.
/// </summary>
public sealed class DocumentFiles(DataFolder folder) : IFileReferences
{
    private static readonly TimeSpan s_keptFor = TimeSpan.FromDays(1);

    private string Receiving => Path.Combine(folder.Temporary, "documents");

    /// <summary>Where the file of a version is, under the folder of files.</summary>
    public static string KeyOf(Guid versionId)
    {
        // The end of an id is chance, its beginning time: folders stay small.
        var name = versionId.ToString("N", CultureInfo.InvariantCulture);
        return $"documents/{name[^2..]}/{name}";
    }

    /// <summary>The path of a stored file.</summary>
    public string PathOf(string key) => Path.Combine(folder.Files, key);

    /// <summary>Whether a stored file is there.</summary>
    public bool Has(string key) => File.Exists(PathOf(key));

    /// <summary>Room on the disk of the data folder, in octets.</summary>
    public long FreeSpace => new DriveInfo(folder.Root).AvailableFreeSpace;

    /// <summary>A file to receive into; what others left there goes after a day.</summary>
    public FileStream Receive()
    {
        var place = Directory.CreateDirectory(Receiving);
        foreach (var old in place.EnumerateFiles().Where(file => file.LastWriteTimeUtc < DateTime.UtcNow - s_keptFor))
        {
            old.Delete();
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(place.FullName, $"{Guid.NewGuid():N}.part"), options);
    }

    /// <summary>Removes what uploads left half-way when the program was killed. At the start, when nobody uploads.</summary>
    public void ForgetInterrupted()
    {
        if (Directory.Exists(Receiving))
        {
            Directory.Delete(Receiving, recursive: true);
        }
    }

    /// <summary>Gives a received file, already flushed to the disk, its place. The commit that follows flushes the folder with it.</summary>
    public void Keep(string received, string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
        File.Move(received, PathOf(key));
    }

    /// <summary>Takes a file whose row was not written back to where it was received.</summary>
    public void Release(string key, string received) => File.Move(PathOf(key), received, overwrite: true);

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.DocumentVersions.IgnoreQueryFilters().Select(version => version.PathKey).ToListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<(Guid RecordId, string Path)>> PathsOfAsync(MedCrmDbContext db, Type type, Guid[] ids, CancellationToken cancellationToken)
    {
        var versions = db.DocumentVersions.IgnoreQueryFilters();
        var rows = type == typeof(Document) ? await versions.Where(version => ids.Contains(version.DocumentId)).Select(version => new { Id = version.DocumentId, version.PathKey }).ToListAsync(cancellationToken)
            : type == typeof(DocumentVersion) ? await versions.Where(version => ids.Contains(version.Id)).Select(version => new { version.Id, version.PathKey }).ToListAsync(cancellationToken)
            : [];
        return [.. rows.Select(row => (row.Id, row.PathKey))];
    }
}
