using MedCrm.Core.Access;

namespace MedCrm.Web.Bench;

/// <summary>Who is measured: the product itself, unless an act is somebody's.</summary>
internal sealed class BenchUser : ICurrentUser
{
    private Actor _actor = Actor.System;

    /// <inheritdoc/>
    public ValueTask<Actor> GetAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(_actor);

    /// <summary>Does something as somebody.</summary>
    public async Task ActAsync(Actor actor, Func<Task> act)
    {
        _actor = actor;
        try
        {
            await act();
        }
        finally
        {
            _actor = Actor.System;
        }
    }
}
