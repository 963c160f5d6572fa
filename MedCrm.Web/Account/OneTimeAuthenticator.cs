using MedCrm.Core.Access;
using Microsoft.AspNetCore.Identity;

namespace MedCrm.Web.Account;

/// <summary>Checks the code of the authenticator app and accepts each code once: Identity's own provider accepts it as often as it is typed.</summary>
public sealed class OneTimeAuthenticator(TimeProvider time) : IUserTwoFactorTokenProvider<User>
{
    /// <inheritdoc/>
    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<User> manager, User user) => await manager.GetAuthenticatorKeyAsync(user) is not null;

    /// <inheritdoc/>
    public Task<string> GenerateAsync(string purpose, UserManager<User> manager, User user) => Task.FromResult("");

    /// <inheritdoc/>
    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
        => await manager.GetAuthenticatorKeyAsync(user) is { Length: > 0 } secret
            && TimeCode.Match(secret, token, time.GetUtcNow()) is { } step
            && user.TryUseStep(step)
            && (await manager.UpdateAsync(user)).Succeeded;
}
