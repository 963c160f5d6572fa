using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;

namespace MedCrm.Core.Access;

/// <summary>People who share their records.</summary>
public sealed class Team : IRecorded
{
    private Team()
    {
    }

    /// <summary>A new team.</summary>
    public Team(string name)
    {
        Id = Guid.CreateVersion7();
        Rename(name);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The name of the team.</summary>
    [Display(Name = "Nom")]
    public string Name { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>Changes the name.</summary>
    /// <exception cref="BusinessRuleException">The name is empty or longer than 60 characters.</exception>
    public void Rename(string name)
    {
        var trimmed = name.Trim();
        if (trimmed.Length is 0 or > 60)
        {
            throw new BusinessRuleException("Indiquez un nom d'équipe de 60 caractères au plus.", nameof(Name));
        }

        Name = trimmed;
    }
}

/// <summary>How far a role sees; one row per role, set by the administrator.</summary>
public sealed class RolePolicy : IRecorded
{
    private RolePolicy()
    {
    }

    /// <summary>The policy of a role.</summary>
    public RolePolicy(Role role, Visibility visibility)
    {
        Id = Guid.CreateVersion7();
        Role = role;
        Visibility = visibility;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The role.</summary>
    public Role Role { get; private set; }

    /// <summary>How far it sees.</summary>
    [Display(Name = "Visibilité")]
    public Visibility Visibility { get; private set; }

    /// <inheritdoc/>
    public string RecordName => Role.ToString();

    /// <summary>What a role sees before the administrator decides otherwise: salespeople their team, the others everything.</summary>
    public static Visibility DefaultOf(Role role) => role is Role.Sales ? Visibility.Team : Visibility.All;

    /// <summary>Changes how far the role sees.</summary>
    /// <exception cref="BusinessRuleException">The administrator role must see everything.</exception>
    public void See(Visibility visibility)
    {
        if (Role is Role.Administrator && visibility is not Visibility.All)
        {
            throw new BusinessRuleException("Un administrateur voit toutes les fiches.", nameof(Visibility));
        }

        Visibility = visibility;
    }
}
