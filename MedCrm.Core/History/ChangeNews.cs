using Microsoft.Extensions.Logging;

namespace MedCrm.Core.History;

/// <summary>What a committed save touched: types and ids of the records, and the gesture.</summary>
public sealed record CommittedChange(Guid ChangeSetId, Guid? ActorId, ChangeOrigin Origin, IReadOnlyCollection<(string Type, Guid Id)> Records)
{
    /// <summary>The institutions, contacts and deals that the records are tied to, or were.</summary>
    public IReadOnlySet<Guid> Links { get; init; } = new HashSet<Guid>();

    /// <summary>Whether a record was touched, or one that is tied to it.</summary>
    public bool Concerns(Guid id) => Touches(id) || Links.Contains(id);

    /// <summary>Whether records of a type were touched.</summary>
    public bool Touches(string type) => Records.Any(record => record.Type == type);

    /// <summary>Whether a record was touched.</summary>
    public bool Touches(Guid id) => Records.Any(record => record.Id == id);
}

/// <summary>Tells every open screen what was committed, whatever the way in. Raised after the commit, on the saver's thread: listeners return at once.</summary>
public sealed class ChangeNews(ILogger<ChangeNews> logger)
{
    private readonly Lock _lock = new();
    private Action<CommittedChange>[] _listeners = [];

    /// <summary>Listens until the subscription is disposed of.</summary>
    public IDisposable Subscribe(Action<CommittedChange> listener)
    {
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
        }

        return new Subscription(this, listener);
    }

    /// <summary>Tells all who listen. For the context, once a save is committed.</summary>
    public void Announce(CommittedChange change)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(change);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The save is committed: a screen that fails to hear of it must not make the save look failed.
                logger.LogError(failure, "A listener failed on change set {ChangeSetId}", change.ChangeSetId);
            }
        }
    }

    private sealed class Subscription(ChangeNews news, Action<CommittedChange> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (news._lock)
            {
                news._listeners = [.. news._listeners.Where(other => other != listener)];
            }
        }
    }
}
