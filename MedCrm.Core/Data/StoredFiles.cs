using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data;

/// <summary>The files that the records of a room refer to, under their paths in the folder of files (« contrats/2026-0012.pdf »). Each room that stores files adds its own.</summary>
public interface IFileReferences
{
    /// <summary>Every path referred to, once or more.</summary>
    Task<IReadOnlyCollection<string>> PathsAsync(MedCrmDbContext db, CancellationToken cancellationToken);

    /// <summary>The paths that some records of a type refer to, for when those go for good. None unless the room says otherwise.</summary>
    Task<IReadOnlyCollection<(Guid RecordId, string Path)>> PathsOfAsync(MedCrmDbContext db, Type type, Guid[] ids, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyCollection<(Guid RecordId, string Path)>>([]);
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

    /// <summary>The files of some records of a type.</summary>
    internal async Task<List<(Guid RecordId, string Path)>> OfAsync(MedCrmDbContext db, Type type, Guid[] ids, CancellationToken cancellationToken)
    {
        var held = new List<(Guid RecordId, string Path)>();
        foreach (var room in rooms)
        {
            held.AddRange(await room.PathsOfAsync(db, type, ids, cancellationToken));
        }

        return held;
    }

    /// <summary>Removes files that nothing refers to any more.</summary>
    internal void Remove(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            File.Delete(Path.Combine(folder.Files, path));
        }
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
