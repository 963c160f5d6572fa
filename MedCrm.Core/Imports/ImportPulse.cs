using MedCrm.Core.Data;

namespace MedCrm.Core.Imports;

/// <summary>Tells whether somebody still works on an import, in this process or another: they hold a lock that the system lets go of with them, however they end.</summary>
public sealed class ImportPulse(DataFolder folder)
{
    /// <summary>Holds the lock of an import until it is disposed of.</summary>
    public IDisposable Hold(Guid runId) => new Beat(PathOf(runId));

    /// <summary>Whether an import has somebody at work on it.</summary>
    public bool Beats(Guid runId)
    {
        var path = PathOf(runId);
        if (!File.Exists(path))
        {
            return false;
        }

        using var found = FileLock.TryTake(path);
        if (found is not null)
        {
            File.Delete(path);
        }

        return found is null;
    }

    private string PathOf(Guid runId) => Path.Combine(folder.Temporary, $"import-{runId:N}.lock");

    private sealed class Beat(string path) : IDisposable
    {
        private readonly FileStream? _held = FileLock.TryTake(path);

        public void Dispose()
        {
            if (_held is not null)
            {
                File.Delete(path);
                _held.Dispose();
            }
        }
    }
}
