using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Segments;

/// <summary>What a segment gathers.</summary>
public enum SegmentSubject
{
    [Display(Name = "Établissements")] Institution,
    [Display(Name = "Contacts")] Contact,
}

/// <summary>Everything about a segment that its owner edits.</summary>
public sealed record SegmentDetails
{
    [Display(Name = "Nom")] public string Name { get; set; } = "";
    [Display(Name = "Description")] public string? Description { get; set; }
    [Display(Name = "Porte sur")] public SegmentSubject Subject { get; set; }
    [Display(Name = "Partage")] public ViewSharing Sharing { get; set; }

    /// <summary>Who belongs to it.</summary>
    public SegmentGroup Conditions { get; set; } = SegmentGroup.Everything;
}

/// <summary>Institutions or contacts that meet conditions, whoever they are at the moment: a list that keeps itself up to date.</summary>
public sealed class Segment : IRecorded, IVersioned, IShared
{
    /// <summary>The longest text that the conditions may take.</summary>
    public const int LongestConditions = 20_000;

    private Segment()
    {
    }

    /// <summary>A new segment.</summary>
    /// <exception cref="BusinessRuleException">A field is refused.</exception>
    public Segment(SegmentDetails details, Actor by)
    {
        Id = Guid.CreateVersion7();
        OwnerId = by.Id ?? throw new BusinessRuleException("Un segment appartient à une personne.");
        Subject = details.Subject;
        Edit(details, by);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nom")] public string Name { get; private set; } = "";
    [Display(Name = "Description")] public string? Description { get; private set; }

    /// <summary>What it gathers, for good: its conditions speak of that.</summary>
    [Display(Name = "Porte sur")] public SegmentSubject Subject { get; private set; }

    /// <summary>The conditions as <see cref="SegmentText"/> writes them.</summary>
    [Display(Name = "Conditions")] public string Conditions { get; private set; } = "";

    /// <inheritdoc/>
    public Guid OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Partagé avec")] public Guid? SharedWithTeamId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Partagé avec tous")] public bool IsSharedWithAll { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>With whom it is shared.</summary>
    public ViewSharing Sharing => IsSharedWithAll ? ViewSharing.All : SharedWithTeamId is null ? ViewSharing.Personal : ViewSharing.Team;

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public void Edit(SegmentDetails details, Actor by)
    {
        var name = Clean.Required(details.Name, 80, nameof(Name), "Donnez un nom à ce segment.");
        var description = Clean.Text(details.Description, 500, nameof(Description));
        if (SegmentRules.DefectsOf(Subject, details.Conditions) is [var defect, ..] defects)
        {
            throw new BusinessRuleException(defect.Path.Length == 0 ? defect.Sentence : defects.Count == 1 ? "Une condition est à corriger." : $"{defects.Count} conditions sont à corriger.");
        }

        var conditions = SegmentText.Write(details.Conditions);
        if (conditions.Length > LongestConditions)
        {
            throw new BusinessRuleException("Ces conditions sont trop longues : partagez-les entre deux segments.");
        }

        if (details.Sharing != Sharing)
        {
            (SharedWithTeamId, IsSharedWithAll) = (by.TeamFor(details.Sharing), details.Sharing is ViewSharing.All);
        }

        (Name, Description, Conditions) = (name, description, conditions);
    }
}

/// <summary>Somebody in a segment, as the nights found them. It follows from other records: it is left out of the history and can be thrown away.</summary>
public sealed class SegmentMember
{
    private SegmentMember()
    {
    }

    internal SegmentMember(Guid segmentId, Guid recordId, DateOnly? enteredOn)
    {
        Id = Guid.CreateVersion7();
        (SegmentId, RecordId, EnteredOn) = (segmentId, recordId, enteredOn);
    }

    public Guid Id { get; private set; }

    /// <summary>The segment.</summary>
    public Guid SegmentId { get; private set; }

    /// <summary>The institution or the contact.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>The day on which it was first seen in it; null when it was there on the first night.</summary>
    public DateOnly? EnteredOn { get; private set; }

    /// <summary>The day on which it was no longer there; null while it is.</summary>
    public DateOnly? LeftOn { get; private set; }
}

/// <summary>From which night on the members of a segment are followed, under which conditions, and until when.</summary>
public sealed class SegmentSnapshot
{
    private SegmentSnapshot()
    {
    }

    internal SegmentSnapshot(Guid segmentId, string conditions, DateOnly on) => (SegmentId, Conditions, Since, TakenOn) = (segmentId, conditions, on, on);

    /// <summary>The segment.</summary>
    public Guid SegmentId { get; private set; }

    /// <summary>The conditions that the members met. With other conditions the follow-up starts again, else all would seem to enter at once.</summary>
    public string Conditions { get; private set; } = "";

    /// <summary>The first night.</summary>
    public DateOnly Since { get; private set; }

    /// <summary>The last night.</summary>
    public DateOnly TakenOn { get; internal set; }
}

internal sealed class SegmentConfiguration : IEntityTypeConfiguration<Segment>, IEntityTypeConfiguration<SegmentMember>, IEntityTypeConfiguration<SegmentSnapshot>
{
    public void Configure(EntityTypeBuilder<Segment> segment)
    {
        segment.Ignore(s => s.Sharing);
        segment.HasOne<User>().WithMany().HasForeignKey(s => s.OwnerId).OnDelete(DeleteBehavior.Cascade);
        segment.HasOne<Team>().WithMany().HasForeignKey(s => s.SharedWithTeamId).OnDelete(DeleteBehavior.Restrict);
        segment.HasIndex(s => new { s.OwnerId, s.Name });
    }

    // No key to the segment: one that is deleted and brought back finds its members again. The night sweeps the others away.
    public void Configure(EntityTypeBuilder<SegmentMember> member)
    {
        member.Property(m => m.Id).ValueGeneratedNever();
        member.HasIndex(m => new { m.SegmentId, m.LeftOn, m.RecordId });
        member.HasIndex(m => new { m.SegmentId, m.EnteredOn });
        member.HasIndex(m => new { m.RecordId, m.LeftOn });
    }

    public void Configure(EntityTypeBuilder<SegmentSnapshot> snapshot)
    {
        snapshot.HasKey(s => s.SegmentId);
        snapshot.Property(s => s.SegmentId).ValueGeneratedNever();
    }
}
