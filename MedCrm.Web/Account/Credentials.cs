using System.Security.Cryptography;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Account;

/// <summary>The door of passwords and second factors. Each act has a scope of its own, so it serves plain requests and long-lived circuits alike.</summary>
public sealed class Credentials(IServiceScopeFactory scopes, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>How many recovery codes a person receives at once.</summary>
    public const int RecoveryCodes = 10;

    // No letter or digit that can be taken for another when read aloud.
    private const string Readable = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Creates an account with its password.</summary>
    /// <exception cref="BusinessRuleException">A value is refused or the address is taken.</exception>
    public async Task<Done> CreateAsync(UserDetails details, string password, bool temporary)
    {
        var actor = await currentUser.GetAsync();
        actor.Demand(Right.Administer);
        var user = new User(details.DisplayName, details.Email, details.Role, details.TeamId, clock.UtcNow);
        user.NotePassword(temporary, clock.UtcNow);
        await using var scope = scopes.CreateAsyncScope();
        var identity = new Identity(scope.ServiceProvider);
        var gesture = identity.Context.Begin(actor, $"Compte de {user.DisplayName} créé");
        Check(await identity.Users.CreateAsync(user, password));
        return new Done(user.Id, gesture.Sentence, null);
    }

    /// <summary>Creates the very first account, an administrator; refused when any account exists.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or somebody was faster.</exception>
    public async Task<Guid> CreateFirstAsync(string displayName, string email, string password)
    {
        var user = new User(displayName, email, Role.Administrator, null, clock.UtcNow);
        user.NotePassword(temporary: false, clock.UtcNow);
        await using var scope = scopes.CreateAsyncScope();
        var identity = new Identity(scope.ServiceProvider);
        identity.Context.Begin(Actor.System, "Premier administrateur créé");
        await identity.Context.InTransactionAsync(async () =>
        {
            if (await identity.Context.Users.AnyAsync())
            {
                throw new BusinessRuleException("L'installation est déjà faite : connectez-vous.");
            }

            Check(await identity.Users.CreateAsync(user, password));
        });
        return user.Id;
    }

    /// <summary>Gives somebody a new password and lets them try at once.</summary>
    /// <exception cref="BusinessRuleException">The password is refused.</exception>
    public async Task<Done> ResetPasswordAsync(Guid userId, string password, bool temporary)
    {
        var actor = await currentUser.GetAsync();
        actor.Demand(Right.Administer);
        return await ActAsync(actor, user => $"Mot de passe de {user.DisplayName} réinitialisé", userId, async (identity, user) =>
        {
            user.NotePassword(temporary, clock.UtcNow);
            user.Unlock();
            return await identity.Users.ResetPasswordAsync(user, await identity.Users.GeneratePasswordResetTokenAsync(user), password);
        });
    }

    /// <summary>Turns somebody's second factor off, for a lost telephone.</summary>
    public async Task<Done> ResetSecondFactorAsync(Guid userId)
    {
        var actor = await currentUser.GetAsync();
        actor.Demand(Right.Administer);
        return await ActAsync(actor, user => $"Double authentification de {user.DisplayName} réinitialisée", userId, (identity, user) => ForgetSecondFactorAsync(identity, user, clock.UtcNow));
    }

    /// <summary>Changes one's own password; other sessions end.</summary>
    /// <exception cref="BusinessRuleException">The present password is wrong or the new one is refused.</exception>
    public async Task<Done> ChangeMyPasswordAsync(string present, string wanted)
    {
        var actor = await currentUser.GetAsync();
        return await ActAsync(actor, _ => "Mot de passe changé", MyId(actor), async (identity, user) =>
        {
            await CheckPasswordAsync(identity, user, present);
            if (present == wanted)
            {
                throw new BusinessRuleException("Choisissez un mot de passe différent de l'actuel.", "Password");
            }

            user.NotePassword(temporary: false, clock.UtcNow);
            return await identity.Users.ChangePasswordAsync(user, present, wanted);
        });
    }

    /// <summary>Turns one's own second factor on, once a code of the new secret was typed, and gives the recovery codes, this once.</summary>
    /// <exception cref="BusinessRuleException">The code does not fit the secret.</exception>
    public async Task<IReadOnlyList<string>> EnableSecondFactorAsync(string secret, string code)
    {
        if (TimeCode.Match(secret, code, clock.Time.GetUtcNow()) is not { } step)
        {
            throw new BusinessRuleException("Ce code ne correspond pas. Vérifiez l'heure du téléphone, puis tapez le code affiché maintenant.", "Code");
        }

        var codes = NewRecoveryCodes();
        var actor = await currentUser.GetAsync();
        await ActAsync(actor, _ => "Double authentification activée", MyId(actor), async (identity, user) =>
        {
            user.TryUseStep(step);
            user.NoteSecondFactor(isAsked: true, clock.UtcNow);
            await identity.Store.SetAuthenticatorKeyAsync(user, secret, CancellationToken.None);
            await identity.Store.ReplaceCodesAsync(user, codes, CancellationToken.None);
            return await identity.Users.UpdateAsync(user);
        });
        return codes;
    }

    /// <summary>Gives new recovery codes, this once; the earlier ones stop working.</summary>
    /// <exception cref="BusinessRuleException">The password is wrong or the second factor is off.</exception>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(string password)
    {
        var codes = NewRecoveryCodes();
        var actor = await currentUser.GetAsync();
        await ActAsync(actor, _ => "Codes de secours renouvelés", MyId(actor), async (identity, user) =>
        {
            await CheckPasswordAsync(identity, user, password);
            user.RenewSecondFactor(clock.UtcNow);
            await identity.Store.ReplaceCodesAsync(user, codes, CancellationToken.None);
            return await identity.Users.UpdateAsync(user);
        });
        return codes;
    }

    /// <summary>Turns one's own second factor off.</summary>
    /// <exception cref="BusinessRuleException">The password is wrong.</exception>
    public async Task<Done> DisableSecondFactorAsync(string password)
    {
        var actor = await currentUser.GetAsync();
        return await ActAsync(actor, _ => "Double authentification désactivée", MyId(actor), async (identity, user) =>
        {
            await CheckPasswordAsync(identity, user, password);
            return await ForgetSecondFactorAsync(identity, user, clock.UtcNow);
        });
    }

    /// <summary>How many recovery codes are left to the actor.</summary>
    public async Task<int> CountMyRecoveryCodesAsync()
    {
        var actor = await currentUser.GetAsync();
        await using var scope = scopes.CreateAsyncScope();
        var identity = new Identity(scope.ServiceProvider);
        return await identity.Users.CountRecoveryCodesAsync(await FindAsync(identity, MyId(actor)));
    }

    /// <summary>Ends every open session of the actor, this one included.</summary>
    public async Task<Done> EndMySessionsAsync()
    {
        var actor = await currentUser.GetAsync();
        return await ActAsync(actor, _ => "Déconnexion de toutes les sessions", MyId(actor), (identity, user) =>
        {
            user.EndSessions(clock.UtcNow);
            return identity.Users.UpdateAsync(user);
        });
    }

    /// <summary>A password that can be dictated: four groups of four characters.</summary>
    public static string NewTemporaryPassword() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Readable, 4)));

    private static List<string> NewRecoveryCodes()
        => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => $"{RandomNumberGenerator.GetString(Readable, 5)}-{RandomNumberGenerator.GetString(Readable, 5)}")];

    private static Guid MyId(Actor actor) => actor.Id ?? throw new BusinessRuleException("Ce geste demande un compte.");

    private static async Task<IdentityResult> ForgetSecondFactorAsync(Identity identity, User user, DateTime at)
    {
        user.NoteSecondFactor(isAsked: false, at);
        await identity.Store.RemoveTokensAsync(user);
        return await identity.Users.UpdateAsync(user);
    }

    private static async Task CheckPasswordAsync(Identity identity, User user, string password)
    {
        if (!await identity.Users.CheckPasswordAsync(user, password))
        {
            throw new BusinessRuleException("Ce mot de passe n'est pas le bon.", "CurrentPassword");
        }
    }

    private async Task<Done> ActAsync(Actor actor, Func<User, string> sentence, Guid userId, Func<Identity, User, Task<IdentityResult>> act)
    {
        await using var scope = scopes.CreateAsyncScope();
        var identity = new Identity(scope.ServiceProvider);
        var user = await FindAsync(identity, userId);
        var gesture = identity.Context.Begin(actor, sentence(user));
        Check(await act(identity, user));
        return new Done(user.Id, gesture.Sentence, null);
    }

    private static async Task<User> FindAsync(Identity identity, Guid userId)
        => await identity.Users.FindByIdAsync(userId.ToString()) ?? throw new BusinessRuleException("Ce compte n'existe pas.");

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new BusinessRuleException(Sentence.Join(" ", result.Errors.Select(error => error.Description).Distinct().Select(sentence => (Sentence)sentence)), FieldOf(result.Errors.First().Code));
        }
    }

    private static string? FieldOf(string code) => code switch
    {
        _ when code.StartsWith("Password", StringComparison.Ordinal) => "Password",
        _ when code.Contains("Email", StringComparison.Ordinal) || code.Contains("UserName", StringComparison.Ordinal) => nameof(User.Email),
        _ => null,
    };

    // Identity's services of one scope, over one unit of work.
    private sealed class Identity(IServiceProvider services)
    {
        public MedCrmDbContext Context { get; } = services.GetRequiredService<MedCrmDbContext>();

        public UserManager<User> Users { get; } = services.GetRequiredService<UserManager<User>>();

        public AccountStore Store { get; } = (AccountStore)services.GetRequiredService<IUserStore<User>>();
    }
}
