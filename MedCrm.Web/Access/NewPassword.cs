using System.ComponentModel.DataAnnotations;
using MedCrm.Web.Account;

namespace MedCrm.Web.Access;

/// <summary>The password that an administrator gives to somebody: made by the product and temporary, or typed.</summary>
public sealed class NewPassword
{
    /// <summary>Empty: the product makes a temporary one.</summary>
    [Display(Name = "Mot de passe")]
    public string Password { get; set; } = "";

    /// <summary>Whether a typed password must be changed at the first sign-in.</summary>
    [Display(Name = "Demander un autre mot de passe à la première connexion")]
    public bool MustChange { get; set; }

    /// <summary>Whether the product makes it.</summary>
    public bool IsGenerated => string.IsNullOrWhiteSpace(Password);

    /// <summary>The password to set and whether it is temporary.</summary>
    public (string Password, bool Temporary) Decide() => IsGenerated ? (Credentials.NewTemporaryPassword(), true) : (Password, MustChange);
}
