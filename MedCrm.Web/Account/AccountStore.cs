using System.Security.Cryptography;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Account;

/// <summary>Keeps accounts in our database; authenticator secrets and recovery codes are encrypted with the keys of the data folder.</summary>
public sealed class AccountStore(MedCrmDbContext context, IDataProtectionProvider protection, ILogger<AccountStore> logger, IdentityErrorDescriber? describer = null)
    : UserOnlyStore<User, MedCrmDbContext, Guid>(context, describer)
{
    private readonly IDataProtector _protector = protection.CreateProtector("MedCRM.SecondFactor");

    /// <inheritdoc/>
    public override Task SetTokenAsync(User user, string loginProvider, string name, string? value, CancellationToken cancellationToken)
        => base.SetTokenAsync(user, loginProvider, name, value is null ? null : _protector.Protect(value), cancellationToken);

    /// <inheritdoc/>
    public override async Task<string?> GetTokenAsync(User user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        if (await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is not { Length: > 0 } kept)
        {
            return null;
        }

        try
        {
            return _protector.Unprotect(kept);
        }
        catch (CryptographicException failure)
        {
            // The second factor stays asked and no code fits, until an administrator resets it: losing the keys must not open accounts.
            logger.LogError(failure, "The {Name} of account {UserId} cannot be read with the keys of the data folder", name, user.Id);
            return "";
        }
    }

    /// <inheritdoc/>
    public override async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.UpdateAsync(user, cancellationToken);
        }
        catch (StaleRecordException)
        {
            return IdentityResult.Failed(ErrorDescriber.ConcurrencyFailure());
        }
    }

    /// <summary>Forgets the secret and the recovery codes of an account, with the next save.</summary>
    public async Task RemoveTokensAsync(User user)
        => Context.RemoveRange(await Context.Set<IdentityUserToken<Guid>>().Where(token => token.UserId == user.Id).ToListAsync());
}
