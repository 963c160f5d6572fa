using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data;

/// <summary>The files that the records of a room refer to, under their paths in the folder of files (« contrats/2026-0012.pdf »). Each room that stores files adds its own.</summary>
public interface IFileReferences
{
    /// <summary>Every path referred to, once or more.</summary>
    Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken);
}

/// <summary>Records without their file, and files without a record: what one side says and the other does not.</summary>
public sealed record StoredFilesState(IReadOnlyList<string> Missing, IReadOnlyList<string> Strays)
{
    /// <summary>Both sides say the same.</summary>
    public bool IsRight => Missing.Count == 0 && Strays.Count == 0;
}

/// <summary>Compares the folder of files with the records that refer to them, both ways.</summary>
public sealed class StoredFiles(IDbContextFactory<MedCrmDbContext> contexts, DataFolder folder, IEnumerable<IFileReferences> rooms)
{
    /// <summary>What is missing and what strays, by path.</summary>
    public async Task<StoredFilesState> LookAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await LookAsync(db, cancellationToken);
    }

    internal async Task<StoredFilesState> LookAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        // The folder first: a file stored meanwhile is then one too many among the records, and looked for again.
        var stored = Stored();
        var known = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var room in rooms)
        {
            known.UnionWith(await room.PathsAsync(db, cancellationToken));
        }

        return new StoredFilesState([.. known.Except(stored).Where(path => !File.Exists(Path.Combine(folder.Files, path)))], [.. stored.Except(known)]);
    }

    private SortedSet<string> Stored()
        => new(Directory.EnumerateFiles(folder.Files, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder.Files, path).Replace('\\', '/')), StringComparer.Ordinal);
}

// The command « check » says it in sentences.
internal sealed class StoredFilesCheck(StoredFiles files) : IDataCheck
{
    public string Name => "Fichiers";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var state = await files.LookAsync(db, cancellationToken);
        return [.. state.Missing.Select(path => $"« {path} » manque : une fiche y renvoie"), .. state.Strays.Select(path => $"« {path} » n'appartient à aucune fiche")];
    }
}
