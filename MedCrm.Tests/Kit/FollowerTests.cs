using MedCrm.Core.History;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedCrm.Tests.Kit;

public sealed class FollowerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ChangeNews _news = new(NullLogger<ChangeNews>.Instance);
    private readonly Guid _record = Guid.NewGuid();
    private readonly List<Task> _followed = [];
    private readonly List<Exception> _failures = [];
    private Func<CancellationToken, Task> _reload = _ => Task.CompletedTask;
    private int _reloads;
    private Follower? _follower;

    public void Dispose() => _follower?.Dispose();

    [Fact]
    public async Task A_burst_is_one_reload()
    {
        Follow();

        Change();
        Change();
        Change();
        await EndAsync();

        Assert.Equal((1, 1), (_followed.Count, _reloads));
    }

    [Fact]
    public async Task What_comes_during_a_reload_is_read_once_more_at_the_end()
    {
        var (under, over) = (0, false);
        _reload = async _ =>
        {
            over |= Interlocked.Increment(ref under) > 1;
            if (_reloads == 1)
            {
                Change();
                Change();
            }

            await Task.Yield();
            Interlocked.Decrement(ref under);
        };
        Follow();

        Change();
        await EndAsync();

        Assert.Equal((2, false), (_reloads, over));
    }

    [Fact]
    public async Task Changes_that_come_later_are_followed_again()
    {
        Follow();

        Change();
        await EndAsync();
        Change();
        await EndAsync();

        Assert.Equal(2, _reloads);
    }

    [Fact]
    public void Changes_that_do_not_concern_the_page_are_left_alone()
    {
        Follow();

        Change(Guid.NewGuid());

        Assert.Empty(_followed);
    }

    [Fact]
    public async Task A_page_that_reads_by_itself_meanwhile_is_not_read_again()
    {
        Follow();

        Change();
        _follower!.CatchUp();
        await EndAsync();

        Assert.Equal(0, _reloads);
    }

    [Fact]
    public async Task A_failure_is_handed_to_the_page_which_goes_on_following()
    {
        _reload = _ => _reloads == 1 ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        Follow();

        Change();
        await EndAsync();
        Change();
        await EndAsync();

        Assert.Equal("broken", Assert.Single(_failures).Message);
        Assert.Equal(2, _reloads);
    }

    [Fact]
    public async Task Nothing_is_read_once_the_page_has_gone()
    {
        Follow();

        Change();
        _follower!.Dispose();
        Change();
        await EndAsync();

        Assert.Equal((1, 0), (_followed.Count, _reloads));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_read_under_way_stops_with_the_page_and_is_no_failure()
    {
        var started = new TaskCompletionSource();
        _reload = async left =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, left);
        };
        Follow();

        Change();
        await started.Task.WaitAsync(s_patience);
        _follower!.Dispose();
        await EndAsync();

        Assert.Empty(_failures);
    }

    private void Follow() => _follower = new Follower(
        _news,
        change => change.Touches(_record),
        left =>
        {
            _reloads++;
            return _reload(left);
        },
        work =>
        {
            var followed = Task.Run(work);
            _followed.Add(followed);
            return followed;
        },
        failure =>
        {
            _failures.Add(failure);
            return Task.CompletedTask;
        });

    private void Change(Guid? id = null) => _news.Announce(new CommittedChange(Guid.NewGuid(), null, ChangeOrigin.Screen, [("Team", id ?? _record)]));

    private Task EndAsync() => Task.WhenAll(_followed).WaitAsync(s_patience);
}
