using MedCrm.Core.Access;

namespace MedCrm.Tests.Support;

/// <summary>The person that a test acts as; it may change in the middle of one.</summary>
public sealed class SignedIn(Actor actor) : ICurrentUser
{
    public Actor Actor { get; set; } = actor;

    public ValueTask<Actor> GetAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Actor);
}
