using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.AspNetCore.Identity;

namespace MedCrm.Core.Access;

/// <summary>Somebody who signs in. Passwords, lockout and second factor are kept by Identity; role, team and name by us.</summary>
public sealed class User : IdentityUser<Guid>, IRecorded, IRestorable
{
    private User()
    {
    }

    /// <summary>A new account, enabled, without password yet.</summary>
    public User(string displayName, string email, Role role, Guid? teamId, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        RenewStamp();
        LockoutEnabled = true;
        Rename(displayName);
        ChangeEmail(email);
        Assign(role, teamId);
    }

    /// <summary>The name colleagues read.</summary>
    [Display(Name = "Nom")]
    public string DisplayName { get; private set; } = "";

    /// <summary>What this person does.</summary>
    [Display(Name = "Rôle")]
    public Role Role { get; private set; }

    /// <summary>The team this person belongs to.</summary>
    [Display(Name = "Équipe")]
    public Guid? TeamId { get; private set; }

    /// <summary>A disabled account keeps its history and cannot sign in.</summary>
    [Display(Name = "Désactivé")]
    public bool IsDisabled { get; private set; }

    /// <summary>When the account was created, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When this person last signed in, UTC.</summary>
    [NotRecorded]
    public DateTime? LastSignInAt { get; private set; }

    /// <summary>When the password was last changed, UTC.</summary>
    [Display(Name = "Mot de passe changé le")]
    public DateTime? PasswordChangedAt { get; private set; }

    /// <summary>A temporary password: the person chooses another before anything else.</summary>
    [Display(Name = "Doit changer de mot de passe")]
    public bool MustChangePassword { get; private set; }

    /// <summary>Since when the second factor is asked, UTC; null while it is off.</summary>
    [Display(Name = "Double authentification depuis")]
    public DateTime? SecondFactorSince { get; private set; }

    /// <summary>The last time every open session was ended, UTC.</summary>
    [Display(Name = "Sessions fermées le")]
    public DateTime? SessionsEndedAt { get; private set; }

    /// <summary>The last time step accepted by the second factor, so that a code serves once.</summary>
    [NotRecorded]
    public long LastTotpStep { get; private set; }

    /// <inheritdoc/>
    public string RecordName => DisplayName;

    /// <summary>The two letters of the avatar.</summary>
    public string Initials => InitialsOf(DisplayName);

    /// <summary>The two letters of an avatar.</summary>
    public static string InitialsOf(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length switch
        {
            0 => "?",
            1 => words[0][..Math.Min(2, words[0].Length)].ToUpperInvariant(),
            _ => $"{words[0][0]}{words[^1][0]}".ToUpperInvariant(),
        };
    }

    /// <summary>Changes the name colleagues read.</summary>
    /// <exception cref="BusinessRuleException">The name is empty or longer than 100 characters.</exception>
    public void Rename(string displayName)
    {
        var name = displayName.Trim();
        if (name.Length is 0 or > 100)
        {
            throw new BusinessRuleException("Indiquez un nom de 100 caractères au plus.", nameof(DisplayName));
        }

        DisplayName = name;
    }

    /// <summary>Changes the address this person signs in with.</summary>
    /// <exception cref="BusinessRuleException">The address is not an e-mail.</exception>
    public void ChangeEmail(string email)
    {
        var address = email.Trim();
        if (!EmailAddress.IsValid(address))
        {
            throw new BusinessRuleException("Cette adresse e-mail n'est pas valide.", nameof(Email));
        }

        Email = address;
        NormalizedEmail = address.ToUpperInvariant();
        UserName = address;
        NormalizedUserName = address.ToUpperInvariant();
        EmailConfirmed = true;
    }

    /// <summary>Gives a role and a team.</summary>
    public void Assign(Role role, Guid? teamId)
    {
        Role = role;
        TeamId = teamId;
    }

    /// <summary>Closes the account; open sessions end within a minute.</summary>
    public void Disable()
    {
        IsDisabled = true;
        RenewStamp();
    }

    /// <summary>Opens the account again.</summary>
    public void Enable() => IsDisabled = false;

    /// <summary>Everything an administrator edits, as it stands.</summary>
    public UserDetails Details() => new() { DisplayName = DisplayName, Email = Email ?? "", Role = Role, TeamId = TeamId };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">The name or the address is refused.</exception>
    public void Edit(UserDetails details)
    {
        Rename(details.DisplayName);
        ChangeEmail(details.Email);
        Assign(details.Role, details.TeamId);
    }

    /// <summary>Lets somebody try again who failed too often.</summary>
    public void Unlock()
    {
        LockoutEnd = null;
        AccessFailedCount = 0;
    }

    /// <summary>Notes a new password; other sessions end.</summary>
    public void NotePassword(bool temporary, DateTime at)
    {
        PasswordChangedAt = at;
        MustChangePassword = temporary;
        RenewStamp();
    }

    /// <summary>Notes that the second factor is now asked (or no longer); other sessions end.</summary>
    public void NoteSecondFactor(bool isAsked, DateTime at)
    {
        TwoFactorEnabled = isAsked;
        SecondFactorSince = isAsked ? at : null;
        RenewStamp();
    }

    /// <summary>What proves the second factor was renewed: it stays on since the same day, and other sessions end.</summary>
    /// <exception cref="BusinessRuleException">The second factor is off.</exception>
    public void RenewSecondFactor(DateTime at)
    {
        if (!TwoFactorEnabled)
        {
            throw new BusinessRuleException("La double authentification n'est pas active : activez-la d'abord.");
        }

        EndSessions(at);
    }

    /// <summary>Ends every open session.</summary>
    public void EndSessions(DateTime at)
    {
        SessionsEndedAt = at;
        RenewStamp();
    }

    /// <summary>Notes a successful sign-in.</summary>
    public void NoteSignIn(DateTime at) => LastSignInAt = at;

    /// <summary>Accepts the time step of a second-factor code, once: an earlier or equal step is refused.</summary>
    public bool TryUseStep(long step)
    {
        if (step <= LastTotpStep)
        {
            return false;
        }

        LastTotpStep = step;
        return true;
    }

    /// <inheritdoc/>
    public void CheckRestored() => ChangeEmail(Email ?? "");

    private void RenewStamp() => SecurityStamp = Guid.NewGuid().ToString("N");
}

/// <summary>What an administrator decides about an account.</summary>
public sealed record UserDetails
{
    [Display(Name = "Nom")] public string DisplayName { get; set; } = "";
    [Display(Name = "Adresse e-mail")] public string Email { get; set; } = "";
    [Display(Name = "Rôle")] public Role Role { get; set; } = Role.Sales;
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
}
