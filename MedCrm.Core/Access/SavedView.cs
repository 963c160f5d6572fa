using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Access;

/// <summary>A list as somebody set it up: filters, sort and columns under a name; personal until it is shared with the team.</summary>
public sealed class SavedView : IRecorded, IVersioned, IShared
{
    private SavedView()
    {
    }

    /// <summary>A personal view of a list.</summary>
    public SavedView(string list, string name, string query, Guid ownerId)
    {
        Id = Guid.CreateVersion7();
        (List, OwnerId) = (list, ownerId);
        Rename(name);
        Keep(query);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The list: institutions, contacts, opportunities, tasks.</summary>
    public string List { get; private set; } = "";

    [Display(Name = "Nom")] public string Name { get; private set; } = "";

    /// <summary>The query string of the list's address, without the question mark.</summary>
    [Display(Name = "Filtres")] public string Query { get; private set; } = "";

    /// <inheritdoc/>
    public Guid OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Partagée avec")] public Guid? SharedWithTeamId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Partagée avec tous")] public bool IsSharedWithAll { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>Changes the name.</summary>
    /// <exception cref="BusinessRuleException">The name is empty or too long.</exception>
    public void Rename(string name) => Name = Clean.Required(name, 60, nameof(Name), "Indiquez le nom de la vue.");

    /// <summary>Keeps new filters.</summary>
    public void Keep(string query) => Query = query;

    /// <summary>Shares with a team, with all (no team), or keeps it personal.</summary>
    public void Share(Guid? teamId, bool withAll) => (SharedWithTeamId, IsSharedWithAll) = (withAll ? null : teamId, withAll);
}

/// <summary>A choice of one person that the product remembers: theme, density, columns of a list. JSON by key.</summary>
public sealed class UserPreference
{
    private UserPreference()
    {
    }

    /// <summary>A choice.</summary>
    public UserPreference(Guid userId, string key, string value) => (UserId, Key, Value) = (userId, key, value);

    public Guid UserId { get; private set; }
    public string Key { get; private set; } = "";
    public string Value { get; set; } = "";
}

internal sealed class AccessConfiguration :
    IEntityTypeConfiguration<User>,
    IEntityTypeConfiguration<Team>,
    IEntityTypeConfiguration<RolePolicy>,
    IEntityTypeConfiguration<SavedView>,
    IEntityTypeConfiguration<UserPreference>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("Users");
        user.Ignore(u => u.Initials);
        user.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.HasIndex(u => u.NormalizedEmail).IsUnique();
        user.HasOne<Team>().WithMany().HasForeignKey(u => u.TeamId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<Team> team) => team.HasIndex(t => t.Name).IsUnique();

    public void Configure(EntityTypeBuilder<RolePolicy> policy) => policy.HasIndex(p => p.Role).IsUnique();

    public void Configure(EntityTypeBuilder<SavedView> view)
    {
        view.HasOne<User>().WithMany().HasForeignKey(v => v.OwnerId).OnDelete(DeleteBehavior.Cascade);
        view.HasOne<Team>().WithMany().HasForeignKey(v => v.SharedWithTeamId).OnDelete(DeleteBehavior.Restrict);
        view.HasIndex(v => new { v.List, v.OwnerId });
    }

    public void Configure(EntityTypeBuilder<UserPreference> preference)
    {
        preference.HasKey(p => new { p.UserId, p.Key });
        preference.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
