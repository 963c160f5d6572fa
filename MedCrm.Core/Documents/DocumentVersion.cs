using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Documents;

/// <summary>
/// One file of a document, as it was received. It never changes; taking its upload back puts it in the bin like a record, because its file
/// must still be there when the gesture is done again.
/// </summary>
public sealed class DocumentVersion : IRecordedPart, IBinnable
{
    private DocumentVersion()
    {
    }

    internal DocumentVersion(Guid documentId, int number, ReceivedFile file, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        DocumentId = documentId;
        Number = number;
        FileName = file.FileName;
        MediaType = file.Kind.MediaType;
        Length = file.Length;
        Sha256 = file.Sha256;
        PathKey = DocumentFiles.KeyOf(Id);
        CreatedById = by.Id;
        CreatedAt = at;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; private set; }

    /// <summary>From 1, in order of arrival.</summary>
    [Display(Name = "Version")] public int Number { get; private set; }

    /// <summary>The name that the file had, made harmless.</summary>
    [Display(Name = "Fichier")] public string FileName { get; private set; } = "";

    /// <summary>What the content is, whatever the name said.</summary>
    public string MediaType { get; private set; } = "";

    /// <summary>In octets.</summary>
    public long Length { get; private set; }

    /// <summary>The fingerprint of the content, in lower-case hexadecimal.</summary>
    [Display(Name = "Empreinte SHA-256")] public string Sha256 { get; private set; } = "";

    /// <summary>Where the file is, under the folder of files. Nothing that a person typed is in it.</summary>
    public string PathKey { get; private set; } = "";

    /// <summary>Who sent it.</summary>
    public Guid? CreatedById { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <inheritdoc/>
    public string RecordName => FileName;

    /// <inheritdoc/>
    public string WholeType => nameof(Document);

    /// <inheritdoc/>
    public Guid WholeId => DocumentId;
}

internal sealed class DocumentVersionConfiguration : IEntityTypeConfiguration<DocumentVersion>
{
    public void Configure(EntityTypeBuilder<DocumentVersion> version)
    {
        version.HasOne<User>().WithMany().HasForeignKey(v => v.CreatedById).OnDelete(DeleteBehavior.Restrict);
        version.HasIndex(v => new { v.DocumentId, v.Number }).IsUnique();
        version.HasIndex(v => v.Sha256);
    }
}
