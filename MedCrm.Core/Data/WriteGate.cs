using System.Diagnostics;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Data;

/// <summary>
/// Lets one writer at a time into the database, in order of arrival within a process; a lock file keeps the turns between processes, so
/// that a command may work beside the server. SQLite takes one writer anyway, but makes the others poll, and its version here must never
/// see a write and a checkpoint of two connections at once.
/// </summary>
public sealed class WriteGate(DataFolder? folder = null) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Raised when a turn ends, with how long others were kept out; listeners return at once. For measuring.</summary>
    public event Action<TimeSpan>? TurnEnded;

    /// <summary>Waits for a turn; dispose of it to let the next one in.</summary>
    /// <exception cref="BusinessRuleException">Nobody let go in fifteen seconds: nothing was saved.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken = default)
    {
        var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        if (!await _turn.WaitAsync(s_patience, cancellationToken))
        {
            throw Busy();
        }

        try
        {
            return new Turn(this, await TakeFileAsync(end, cancellationToken));
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static BusinessRuleException Busy()
        => new("L'enregistrement n'a pas pu se faire : la base est occupée. Rien n'a été enregistré, réessayez dans un instant.");

    // Two locks make the turns fair: who waits for the file holds the place before it, so who has just written cannot slip in again.
    private async Task<FileStream?> TakeFileAsync(long end, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return null;
        }

        await using var place = await TakeAsync(Path.Combine(folder.Root, "write-next.lock"), end, cancellationToken);
        return await TakeAsync(Path.Combine(folder.Root, "write.lock"), end, cancellationToken);
    }

    private static async Task<FileStream> TakeAsync(string path, long end, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (FileLock.TryTake(path) is { } held)
            {
                return held;
            }

            if (Environment.TickCount64 > end)
            {
                throw Busy();
            }

            await Task.Delay(2, cancellationToken);
        }
    }

    private sealed class Turn(WriteGate gate, FileStream? file) : IDisposable
    {
        private readonly long _since = Stopwatch.GetTimestamp();
        private WriteGate? _gate = gate;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gate, null) is { } open)
            {
                file?.Dispose();
                open._turn.Release();
                open.TurnEnded?.Invoke(Stopwatch.GetElapsedTime(_since));
            }
        }
    }
}
