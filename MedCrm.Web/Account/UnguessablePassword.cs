using MedCrm.Core.Access;
using Microsoft.AspNetCore.Identity;

namespace MedCrm.Web.Account;

/// <summary>Refuses the passwords that everybody tries first. Length does the rest: no rule about capitals or signs, as the CNIL and ANSSI advise for long ones.</summary>
public sealed class UnguessablePassword : IPasswordValidator<User>
{
    private static readonly string[] s_roots =
    [
        "motdepasse", "password", "passw0rd", "azertyuiop", "azerty", "qwertyuiop", "qwerty", "1234567890", "123456789", "12345678", "0123456789", "0987654321",
        "iloveyou", "jetaime", "bonjour", "soleil", "doudou", "loulou", "chouchou", "marseille", "medcrm", "administrateur", "administrator", "changeme", "welcome",
    ];

    /// <inheritdoc/>
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var bare = new string([.. (password ?? "").ToLowerInvariant().Where(char.IsLetterOrDigit)]);
        return Task.FromResult(s_roots.Any(root => IsOnly(bare, root)) || string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase)
            ? IdentityResult.Failed(new IdentityError { Code = "PasswordTooCommon", Description = "Ce mot de passe figure parmi les premiers essayés. Choisissez-en un autre." })
            : IdentityResult.Success);
    }

    // The root alone, repeated, or followed by the digits that people add: motdepasse2026, azertyazerty.
    private static bool IsOnly(string password, string root)
        => password.Replace(root, "", StringComparison.Ordinal) is var rest && rest.Length < password.Length && rest.Length <= 4 && rest.All(char.IsAsciiDigit);
}
