using System.Security.Claims;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Components.Authorization;

namespace MedCrm.Web.Account;

/// <summary>The person behind a request or a circuit.</summary>
public sealed class SignedInUser(Actors actors, IServiceProvider services) : ICurrentUser
{
    /// <summary>Set by the pipeline for plain requests; circuits ask the authentication state.</summary>
    public ClaimsPrincipal? Principal { get; set; }

    /// <inheritdoc/>
    public async ValueTask<Actor> GetAsync(CancellationToken cancellationToken = default)
    {
        var principal = Principal ?? (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
        return IdOf(principal) is { } id && await actors.FindAsync(id, cancellationToken) is { } actor
            ? actor
            : throw new BusinessRuleException("Votre session est terminée. Reconnectez-vous : votre saisie est conservée.");
    }

    /// <summary>The stamp under which a principal signed in.</summary>
    public static string? StampOf(ClaimsPrincipal principal) => principal.FindFirstValue("AspNet.Identity.SecurityStamp");

    /// <summary>The account id that a principal carries.</summary>
    public static Guid? IdOf(ClaimsPrincipal principal)
        => Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
}
