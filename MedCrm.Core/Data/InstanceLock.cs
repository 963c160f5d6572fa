using MedCrm.Core.Foundation;

namespace MedCrm.Core.Data;

/// <summary>Says that one server works on the data folder: a second one, a restore or an upgrade must not start beside it.</summary>
public sealed class InstanceLock(DataFolder folder) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private FileStream? _held;

    /// <summary>Takes the folder for this program, after a short wait for a command that is about to finish.</summary>
    /// <exception cref="BusinessRuleException">Another MedCRM holds the folder.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken = default)
    {
        var end = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (!TryTake())
        {
            if (Environment.TickCount64 > end)
            {
                throw new BusinessRuleException($"Un autre MedCRM utilise déjà le dossier de données « {folder.Root} ». Arrêtez-le d'abord, ou choisissez un autre dossier.");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Takes the folder if nobody holds it.</summary>
    public bool TryTake()
    {
        _held ??= FileLock.TryTake(Path.Combine(folder.Root, "instance.lock"));
        return _held is not null;
    }

    /// <summary>Lets the folder go.</summary>
    public void Release()
    {
        _held?.Dispose();
        _held = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();
}
