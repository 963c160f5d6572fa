using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Receives the files to import: streamed to the data folder, never longer than allowed, two at a time, and nothing left of one that stops half-way.</summary>
public sealed class ImportUploads(DataFolder folder, ICurrentUser currentUser)
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan s_keptFor = TimeSpan.FromDays(1);
    private static readonly SemaphoreSlim s_turns = new(2, 2);

    /// <summary>Stores what comes and returns where it is.</summary>
    /// <exception cref="BusinessRuleException">The person may not import, or the file is too large.</exception>
    public async Task<ImportFile> ReceiveAsync(Stream content, string name, Action<long>? received = null, CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.Import);
        await s_turns.WaitAsync(cancellationToken);
        var path = Path.Combine(Place(), $"{Guid.NewGuid():N}.import");
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous);
            await CopyAsync(content, file, received, cancellationToken);
            return new ImportFile(path, Path.GetFileName(name));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            s_turns.Release();
        }
    }

    /// <summary>Removes a file that will not be imported.</summary>
    public static void Remove(ImportFile file) => File.Delete(file.Path);

    private static async Task CopyAsync(Stream content, FileStream file, Action<long>? received, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var total = 0L;
        for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            total += count;
            if (total > ImportLimits.Screen.MaxFileBytes)
            {
                throw new ImportFileException($"Le fichier dépasse {ImportLimits.Screen.MaxFileBytes / (1024 * 1024)} Mo.");
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            received?.Invoke(total);
        }
    }

    // What somebody uploaded and never imported goes after a day.
    private string Place()
    {
        var place = Directory.CreateDirectory(Path.Combine(folder.Temporary, "imports"));
        foreach (var old in place.EnumerateFiles("*.import").Where(file => file.LastWriteTimeUtc < DateTime.UtcNow - s_keptFor))
        {
            old.Delete();
        }

        return place.FullName;
    }
}
