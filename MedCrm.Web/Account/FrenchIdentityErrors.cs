using Microsoft.AspNetCore.Identity;

namespace MedCrm.Web.Account;

/// <summary>What Identity refuses, said in French.</summary>
public sealed class FrenchIdentityErrors : IdentityErrorDescriber
{
    /// <inheritdoc/>
    public override IdentityError DefaultError() => Say(nameof(DefaultError), "L'opération n'a pas abouti. Réessayez.");

    /// <inheritdoc/>
    public override IdentityError ConcurrencyFailure() => Say(nameof(ConcurrencyFailure), "Ce compte vient d'être modifié par ailleurs. Réessayez.");

    /// <inheritdoc/>
    public override IdentityError PasswordMismatch() => Say(nameof(PasswordMismatch), "Le mot de passe actuel n'est pas le bon.");

    /// <inheritdoc/>
    public override IdentityError InvalidToken() => Say(nameof(InvalidToken), "Ce code n'est pas valable ou a déjà servi.");

    /// <inheritdoc/>
    public override IdentityError RecoveryCodeRedemptionFailed() => Say(nameof(RecoveryCodeRedemptionFailed), "Ce code de secours n'est pas valable ou a déjà servi.");

    /// <inheritdoc/>
    public override IdentityError InvalidUserName(string? userName) => Say(nameof(InvalidUserName), "Cette adresse e-mail contient un caractère refusé.");

    /// <inheritdoc/>
    public override IdentityError InvalidEmail(string? email) => Say(nameof(InvalidEmail), "Cette adresse e-mail n'est pas valide.");

    /// <inheritdoc/>
    public override IdentityError DuplicateUserName(string userName) => Say(nameof(DuplicateEmail), "Un compte utilise déjà cette adresse.");

    /// <inheritdoc/>
    public override IdentityError DuplicateEmail(string email) => Say(nameof(DuplicateEmail), "Un compte utilise déjà cette adresse.");

    /// <inheritdoc/>
    public override IdentityError UserLockoutNotEnabled() => Say(nameof(UserLockoutNotEnabled), "Ce compte ne se verrouille pas.");

    /// <inheritdoc/>
    public override IdentityError UserAlreadyHasPassword() => Say(nameof(UserAlreadyHasPassword), "Ce compte a déjà un mot de passe.");

    /// <inheritdoc/>
    public override IdentityError PasswordTooShort(int length) => Say(nameof(PasswordTooShort), $"Choisissez un mot de passe d'au moins {length} caractères.");

    /// <inheritdoc/>
    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) => Say(nameof(PasswordRequiresUniqueChars), $"Choisissez un mot de passe d'au moins {uniqueChars} caractères différents.");

    private static IdentityError Say(string code, string sentence) => new() { Code = code, Description = sentence };
}
