using System.Collections.Concurrent;
using System.Net;

namespace MedCrm.Web.Account;

/// <summary>Slows down guessing from one address: ten failures at once, then one a minute. A success costs nothing.</summary>
public sealed class SignInThrottle(TimeProvider time)
{
    private const int Burst = 10;
    private static readonly TimeSpan s_refill = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, Budget> _budgets = new();

    /// <summary>Takes one try from the budget of an address; false when nothing is left.</summary>
    public bool TryTake(IPAddress? address)
    {
        Forget();
        return _budgets.GetOrAdd(KeyOf(address), _ => new Budget(time.GetUtcNow())).TryTake(time.GetUtcNow());
    }

    /// <summary>The try succeeded: it is not counted.</summary>
    public void GiveBack(IPAddress? address)
    {
        if (_budgets.TryGetValue(KeyOf(address), out var budget))
        {
            budget.GiveBack();
        }
    }

    // One subscriber holds a whole IPv6 /64, so that is what counts as one address.
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6)
        {
            return address?.MapToIPv4() ?? IPAddress.None;
        }

        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
        {
            Array.Clear(bytes, 8, 8);
        }

        return new IPAddress(bytes);
    }

    // Full budgets say nothing: they are dropped once there are many, so that a sweep of addresses does not fill the memory.
    private void Forget()
    {
        if (_budgets.Count < 10_000)
        {
            return;
        }

        foreach (var (address, budget) in _budgets)
        {
            if (budget.IsFull(time.GetUtcNow()))
            {
                _budgets.TryRemove(address, out _);
            }
        }
    }

    private sealed class Budget(DateTimeOffset since)
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _since = since;
        private int _left = Burst;

        public bool TryTake(DateTimeOffset now)
        {
            lock (_lock)
            {
                Refill(now);
                if (_left == 0)
                {
                    return false;
                }

                _left--;
                return true;
            }
        }

        public void GiveBack()
        {
            lock (_lock)
            {
                _left = Math.Min(Burst, _left + 1);
            }
        }

        public bool IsFull(DateTimeOffset now)
        {
            lock (_lock)
            {
                Refill(now);
                return _left == Burst;
            }
        }

        private void Refill(DateTimeOffset now)
        {
            var due = (int)Math.Min(Burst, (now - _since) / s_refill);
            if (_left + due >= Burst)
            {
                (_left, _since) = (Burst, now);
            }
            else if (due > 0)
            {
                (_left, _since) = (_left + due, _since + (due * s_refill));
            }
        }
    }
}
