using System.Net;
using MedCrm.Tests.Support;
using MedCrm.Web.Account;

namespace MedCrm.Tests.Access;

public sealed class SignInThrottleTests
{
    private static readonly IPAddress s_here = IPAddress.Parse("192.0.2.1");
    private readonly FixedTime _time = new(new DateTime(2026, 11, 21, 8, 0, 0));
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_time);

    [Fact]
    public void Ten_tries_then_one_a_minute()
    {
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => _throttle.TryTake(s_here)));

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_throttle.TryTake(s_here));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_throttle.TryTake(s_here));
        Assert.False(_throttle.TryTake(s_here));

        _time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => _throttle.TryTake(s_here)));
    }

    [Fact]
    public void A_success_costs_nothing()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.True(_throttle.TryTake(s_here));
            _throttle.GiveBack(s_here);
        }
    }

    [Fact]
    public void Each_address_has_its_budget_and_an_IPv6_network_one_for_all()
    {
        Assert.Equal(10, Enumerable.Range(0, 12).Count(_ => _throttle.TryTake(s_here)));
        Assert.False(_throttle.TryTake(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.True(_throttle.TryTake(IPAddress.Parse("192.0.2.2")));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(i => _throttle.TryTake(IPAddress.Parse($"2001:db8::{i + 1:x}"))));
        Assert.True(_throttle.TryTake(IPAddress.Parse("2001:db8:0:1::1")));
    }
}
