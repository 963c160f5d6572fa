using Microsoft.Extensions.Logging;

namespace MedCrm.Core.FollowUp;

/// <summary>Tells open bells that something changed in them, on any thread: listeners return at once.</summary>
public sealed class NotificationNews(ILogger<NotificationNews> logger)
{
    private readonly Lock _lock = new();
    private Action<IReadOnlySet<Guid>?>[] _listeners = [];

    /// <summary>Listens until the subscription is disposed of. Hears whose bells changed, or null for all of them.</summary>
    public IDisposable Subscribe(Action<IReadOnlySet<Guid>?> listener)
    {
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
        }

        return new Subscription(this, listener);
    }

    internal void Announce(IReadOnlySet<Guid>? userIds)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(userIds);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // What is announced is saved: a screen that fails to hear of it must not make the save look failed.
                logger.LogError(failure, "A bell failed to hear of new notifications");
            }
        }
    }

    private sealed class Subscription(NotificationNews news, Action<IReadOnlySet<Guid>?> listener) : IDisposable
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
