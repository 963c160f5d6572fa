namespace MedCrm.Core.Data;

/// <summary>The one folder that holds everything the product keeps: database, files, keys, backups.</summary>
public sealed class DataFolder
{
    /// <summary>Opens the folder, creating it for its owner only.</summary>
    public DataFolder(string path)
    {
        Root = Path.GetFullPath(path);
        foreach (var folder in new[] { Root, Files, Keys, Backups, Temporary })
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>The folder itself.</summary>
    public string Root { get; }

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(Root, "medcrm.db");

    /// <summary>Documents and other stored files.</summary>
    public string Files => Path.Combine(Root, "files");

    /// <summary>The keys that protect cookies and secrets.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Backups, one archive each.</summary>
    public string Backups => Path.Combine(Root, "backups");

    /// <summary>Files that may disappear at any restart.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>How the database is opened: enforced foreign keys, five seconds of patience for a lock held by another process.</summary>
    public string ConnectionString => ConnectionStringOf(Database);

    /// <summary>The same for another file, a copy or a test.</summary>
    public static string ConnectionStringOf(string file) => $"Data Source={file};Foreign Keys=True;Default Timeout=5;Pooling=True";
}
