using System.Net;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MedCrm.Web.Account;

/// <summary>How a step of signing in ended.</summary>
public enum SignInOutcome
{
    /// <summary>The person is in.</summary>
    Done,

    /// <summary>The password was right; a code is asked next.</summary>
    SecondFactor,

    /// <summary>Refused, for a reason that is not told.</summary>
    Refused,

    /// <summary>Too many failures from this address.</summary>
    TooMany,

    /// <summary>The first step is missing or too old.</summary>
    Expired,
}

/// <summary>The one way in: password, then code where the account asks for it. Known and unknown addresses answer alike and take as long.</summary>
public sealed class SignIns(SignInManager<User> signIn, UserManager<User> users, NobodysPassword nobody, SignInThrottle throttle, BusinessClock clock, ILogger<SignIns> logger)
{
    /// <summary>Checks the password.</summary>
    public async Task<SignInOutcome> PasswordAsync(string email, string password, bool remember, IPAddress? from)
    {
        if (!throttle.TryTake(from))
        {
            return SignInOutcome.TooMany;
        }

        var user = await users.FindByEmailAsync(email.Trim());
        if (user is null || user.IsDisabled || await users.IsLockedOutAsync(user))
        {
            nobody.Check(password);
            logger.LogWarning("Sign-in refused from {Address}: {Reason}", from, user is null ? "unknown account" : "disabled or locked account");
            return SignInOutcome.Refused;
        }

        return await ConcludeAsync(await signIn.PasswordSignInAsync(user, password, remember, lockoutOnFailure: true), user, from);
    }

    /// <summary>Checks the code of the authenticator app. A wrong one counts towards the lockout.</summary>
    public Task<SignInOutcome> CodeAsync(string code, bool remember, bool rememberBrowser, IPAddress? from)
        => SecondAsync(() => signIn.TwoFactorAuthenticatorSignInAsync(code, remember, rememberBrowser), from);

    /// <summary>Checks a recovery code and uses it up.</summary>
    public Task<SignInOutcome> RecoveryAsync(string code, IPAddress? from)
        => SecondAsync(() => signIn.TwoFactorRecoveryCodeSignInAsync(code.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal)), from);

    /// <summary>Whether the password was given and a code is due, in this browser.</summary>
    public async Task<bool> AwaitsCodeAsync() => await signIn.GetTwoFactorAuthenticationUserAsync() is not null;

    /// <summary>Opens a session for an account that was just created.</summary>
    public async Task StartAsync(Guid userId)
    {
        if (await users.FindByIdAsync(userId.ToString()) is { } user)
        {
            user.NoteSignIn(clock.UtcNow);
            await users.UpdateAsync(user);
            await signIn.SignInAsync(user, isPersistent: false);
        }
    }

    /// <summary>Keeps this session open after its account's stamp changed.</summary>
    public async Task GoOnAsync(Guid userId)
    {
        if (await users.FindByIdAsync(userId.ToString()) is { } user)
        {
            await signIn.RefreshSignInAsync(user);
        }
    }

    private async Task<SignInOutcome> SecondAsync(Func<Task<SignInResult>> check, IPAddress? from)
    {
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } user)
        {
            return SignInOutcome.Expired;
        }

        return throttle.TryTake(from) ? await ConcludeAsync(await check(), user, from) : SignInOutcome.TooMany;
    }

    private async Task<SignInOutcome> ConcludeAsync(SignInResult result, User user, IPAddress? from)
    {
        if (result is { Succeeded: false, RequiresTwoFactor: false })
        {
            logger.LogWarning("Sign-in of account {UserId} refused from {Address}: {Result}", user.Id, from, result);
            return SignInOutcome.Refused;
        }

        throttle.GiveBack(from);
        if (result.RequiresTwoFactor)
        {
            return SignInOutcome.SecondFactor;
        }

        user.NoteSignIn(clock.UtcNow);
        await users.UpdateAsync(user);
        return SignInOutcome.Done;
    }
}

/// <summary>A password that nobody has: checking it takes as long as checking a real one.</summary>
public sealed class NobodysPassword(IPasswordHasher<User> hasher)
{
    private readonly User _nobody = new("Personne", "personne@medcrm.invalid", Role.Sales, null, DateTime.UnixEpoch);
    private string? _hash;

    /// <summary>Spends the time of a check.</summary>
    public void Check(string password) => hasher.VerifyHashedPassword(_nobody, _hash ??= hasher.HashPassword(_nobody, Guid.NewGuid().ToString()), password);
}

/// <summary>Identity's sign-in, closed to disabled accounts at every step.</summary>
public sealed class AccountSignInManager(
    UserManager<User> users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<User> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<User>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<User> confirmation)
    : SignInManager<User>(users, context, claims, options, logger, schemes, confirmation)
{
    /// <inheritdoc/>
    public override async Task<bool> CanSignInAsync(User user) => !user.IsDisabled && await base.CanSignInAsync(user);
}
