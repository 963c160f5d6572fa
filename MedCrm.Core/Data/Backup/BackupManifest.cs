namespace MedCrm.Core.Data.Backup;

/// <summary>A file of a backup: its path in the archive, its size in bytes, its SHA-256 in hexadecimal.</summary>
public sealed record BackupEntry(string Path, long Length, string Sha256);

/// <summary>What a backup holds, written last into its archive so that a half-written one has none.</summary>
public sealed record BackupManifest(int Format, DateTime CreatedAt, IReadOnlyList<string> Migrations, IReadOnlyDictionary<string, long> Rows, IReadOnlyList<BackupEntry> Entries)
{
    /// <summary>The only format so far.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The name of the manifest in the archive.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The name of the database in the archive.</summary>
    public const string Database = "medcrm.db";
}
