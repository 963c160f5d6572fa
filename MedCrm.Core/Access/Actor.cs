using MedCrm.Core.Foundation;

namespace MedCrm.Core.Access;

/// <summary>Who acts: a signed-in person, or the product itself for jobs and commands.</summary>
public sealed record Actor(Guid? Id, string Name, Role Role, Guid? TeamId, Visibility Visibility)
{
    /// <summary>The product itself: scheduled jobs, command line. Sees everything.</summary>
    public static Actor System { get; } = new(null, "MedCRM", Role.Administrator, null, Visibility.All);

    /// <summary>Whether this actor may do something.</summary>
    public bool May(Right right) => Role.Has(right);

    /// <summary>Refuses with a sentence when the right is missing.</summary>
    /// <exception cref="BusinessRuleException">The actor's role does not carry the right.</exception>
    public void Demand(Right right)
    {
        if (!May(right))
        {
            throw new BusinessRuleException("Votre rôle ne permet pas ce geste. Demandez à un administrateur.");
        }
    }
}

/// <summary>Tells who is acting now: the person of a circuit or a request, or the product in a job.</summary>
public interface ICurrentUser
{
    /// <summary>The actor, with rights as they stand now.</summary>
    ValueTask<Actor> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>The product acting for itself.</summary>
public sealed class SystemUser : ICurrentUser
{
    /// <inheritdoc/>
    public ValueTask<Actor> GetAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Actor.System);
}
