using MedCrm.Core.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace MedCrm.Web.Account;

/// <summary>Checks every ten seconds, from memory, that the account of an open circuit is still enabled and its sessions not ended.</summary>
public sealed class FreshAuthenticationState(ILoggerFactory loggers, Actors actors) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
        => SignedInUser.IdOf(authenticationState.User) is { } id && await actors.AdmitsAsync(id, SignedInUser.StampOf(authenticationState.User), cancellationToken);
}
