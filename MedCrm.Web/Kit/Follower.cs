using MedCrm.Core.History;

namespace MedCrm.Web.Kit;

/// <summary>
/// Keeps one component up to date with what is committed elsewhere. It listens from its constructor on, comes back to the component's circuit,
/// takes a burst of changes as one reload, and stops with the component. Create it before the first await, dispose of it with the component.
/// </summary>
public sealed class Follower : IDisposable
{
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;
    private readonly Func<CancellationToken, Task> _reload;
    private readonly Func<Func<Task>, Task> _invoke;
    private readonly Func<Exception, Task> _dispatch;
    private readonly TimeSpan _calm;
    private bool _isFollowing;
    private bool _isStale;

    /// <summary>Listens for the changes that concern a component. It gives its own <c>InvokeAsync</c> and <c>DispatchExceptionAsync</c>, and draws itself at the end of <paramref name="reload"/>.</summary>
    public Follower(
        ChangeNews news,
        Func<CommittedChange, bool> concerns,
        Func<CancellationToken, Task> reload,
        Func<Func<Task>, Task> invoke,
        Func<Exception, Task> dispatch,
        TimeSpan? calm = null)
    {
        (_reload, _invoke, _dispatch, _calm) = (reload, invoke, dispatch, calm ?? s_calm);
        Left = _leaving.Token;
        _subscription = news.Subscribe(change =>
        {
            if (concerns(change))
            {
                Hear();
            }
        });
    }

    /// <summary>Cancelled when the component goes: for whatever it reads by itself.</summary>
    public CancellationToken Left { get; }

    /// <summary>Something changed, whoever told it, on any thread. Returns at once.</summary>
    public void Hear()
    {
        lock (_lock)
        {
            _isStale = true;
            if (_isFollowing || Left.IsCancellationRequested)
            {
                return;
            }

            _isFollowing = true;
        }

        // Raised on the saver's thread: back to the component's own before touching anything.
        _ = _invoke(FollowAsync);
    }

    /// <summary>The component reads everything anew by itself just now: what was heard so far asks for nothing more.</summary>
    public void CatchUp() => TakeStale();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Left.IsCancellationRequested)
        {
            _subscription.Dispose();
            _leaving.Cancel();
            _leaving.Dispose();
        }
    }

    // One reload at a time. What comes during the pause is part of it, what comes during the reload is read once more at the end.
    private async Task FollowAsync()
    {
        do
        {
            try
            {
                await Task.Delay(_calm, Left);
                if (TakeStale())
                {
                    await _reload(Left);
                }
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
            {
                // The person left the page.
            }
            catch (Exception failure)
            {
                await _dispatch(failure);
            }
        }
        while (MustGoOn());
    }

    private bool TakeStale()
    {
        lock (_lock)
        {
            var wasStale = _isStale;
            _isStale = false;
            return wasStale;
        }
    }

    private bool MustGoOn()
    {
        lock (_lock)
        {
            return _isFollowing = _isStale && !Left.IsCancellationRequested;
        }
    }
}
