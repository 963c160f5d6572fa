using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Documents;

/// <summary>What a document is, for those who look for it.</summary>
public enum DocumentCategory
{
    [Display(Name = "Autre")] Other,
    [Display(Name = "Contrat")] Contract,
    [Display(Name = "Devis")] Quote,
    [Display(Name = "Facture")] Invoice,
    [Display(Name = "Compte rendu")] Report,
    [Display(Name = "Présentation")] Presentation,
    [Display(Name = "Administratif")] Administrative,
}

/// <summary>Everything about a document that people edit.</summary>
public sealed record DocumentDetails
{
    [Display(Name = "Nom")] public string Name { get; set; } = "";
    [Display(Name = "Catégorie")] public DocumentCategory Category { get; set; }
    [Display(Name = "Description")] public string? Description { get; set; }
    [Display(Name = "À conserver jusqu'au")] public DateOnly? KeepUntil { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; set; }
}

/// <summary>A file that somebody put on a record, in all its versions. One of them is current.</summary>
public sealed class Document : IOwned, IVersioned, IBinnable, IRestorable
{
    /// <summary>The address that leads to a document, on the page of what it is attached to; {0} is its id.</summary>
    public const string Address = "/documents/{0}/place";

    private readonly List<DocumentVersion> _versions = [];

    private Document()
    {
    }

    /// <summary>A new document, still without a file.</summary>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Document(DocumentDetails details, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        CreatedById = by.Id;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nom")] public string Name { get; private set; } = "";
    [Display(Name = "Catégorie")] public DocumentCategory Category { get; private set; }
    [Display(Name = "Description")] public string? Description { get; private set; }

    /// <summary>The last day on which it must be kept; none when nothing says so.</summary>
    [Display(Name = "À conserver jusqu'au")] public DateOnly? KeepUntil { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Établissement")] public Guid? InstitutionId { get; private set; }
    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }

    /// <summary>The number of the version in force.</summary>
    [Display(Name = "Version en vigueur")] public int CurrentNumber { get; private set; }

    /// <summary>Name folded, for search.</summary>
    public string SearchKey { get; private set; } = "";

    /// <summary>Who put it there.</summary>
    public Guid? CreatedById { get; private set; }

    /// <summary>When it was put there, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When a field or the version in force last changed, UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>Its versions, as far as they are loaded; those taken back among them.</summary>
    public IReadOnlyList<DocumentVersion> Versions => _versions;

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>Everything people edit, as it stands.</summary>
    public DocumentDetails Details() => new()
    {
        Name = Name,
        Category = Category,
        Description = Description,
        KeepUntil = KeepUntil,
        OwnerId = OwnerId,
        TeamId = TeamId,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or nothing is left to which it is attached.</exception>
    public void Edit(DocumentDetails details, DateTime at)
    {
        var name = Clean.Required(details.Name, FileNames.Longest, nameof(Name), "Donnez un nom à ce document.");
        var description = Clean.Text(details.Description, 2_000, nameof(Description));
        if ((details.InstitutionId ?? details.ContactId ?? details.OpportunityId) is null)
        {
            throw new BusinessRuleException("Un document reste attaché à un établissement, un contact ou une affaire.", nameof(InstitutionId));
        }

        (Name, Category, Description, KeepUntil) = (name, details.Category, description, details.KeepUntil);
        (OwnerId, TeamId) = (details.OwnerId, details.TeamId);
        (InstitutionId, ContactId, OpportunityId) = (details.InstitutionId, details.ContactId, details.OpportunityId);
        SearchKey = Foundation.SearchKey.Fold(Name);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>Takes a file as its next version, which is in force from now on. Numbers of versions taken back are not given again. All versions are loaded.</summary>
    public DocumentVersion AddVersion(ReceivedFile file, Actor by, DateTime at)
    {
        var version = new DocumentVersion(Id, _versions.Count == 0 ? 1 : _versions.Max(other => other.Number) + 1, file, by, at);
        _versions.Add(version);
        (CurrentNumber, UpdatedAt) = (version.Number, at);
        return version;
    }

    /// <summary>Puts another version in force. All versions are loaded.</summary>
    /// <exception cref="BusinessRuleException">There is no such version.</exception>
    public void MakeCurrent(int number, DateTime at)
    {
        CurrentNumber = number;
        CheckRestored();
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        if (_versions.TrueForAll(version => version.Number != CurrentNumber || version.DeletedAt is not null))
        {
            throw new BusinessRuleException($"« {Name} » n'a pas de version {CurrentNumber}.");
        }

        SearchKey = Foundation.SearchKey.Fold(Name);
    }
}

internal sealed class DocumentConfiguration : IEntityTypeConfiguration<Document>
{
    public void Configure(EntityTypeBuilder<Document> document)
    {
        document.HasOne<User>().WithMany().HasForeignKey(d => d.OwnerId).OnDelete(DeleteBehavior.Restrict);
        document.HasOne<Team>().WithMany().HasForeignKey(d => d.TeamId).OnDelete(DeleteBehavior.Restrict);
        document.HasOne<Institution>().WithMany().HasForeignKey(d => d.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        document.HasOne<Contact>().WithMany().HasForeignKey(d => d.ContactId).OnDelete(DeleteBehavior.Restrict);
        document.HasOne<Opportunity>().WithMany().HasForeignKey(d => d.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        document.HasMany(d => d.Versions).WithOne().HasForeignKey(version => version.DocumentId).OnDelete(DeleteBehavior.Cascade);
        document.HasIndex(d => d.InstitutionId);
        document.HasIndex(d => d.ContactId);
        document.HasIndex(d => d.OpportunityId);
        document.HasIndex(d => d.OwnerId);
        document.HasIndex(d => d.SearchKey);
    }
}
