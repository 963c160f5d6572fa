using System.ComponentModel.DataAnnotations;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Duplicates;

/// <summary>
/// A record that became one with another: its address leads there, and the history of the one that stayed tells of it. It is created by the
/// gesture of the merge, leaves with its undo, and stays when the record itself has left the bin for good, for addresses are kept in mails and
/// bookmarks: so it holds ids and no foreign key.
/// </summary>
public sealed class MergedRecord : IRecordedPart
{
    private MergedRecord()
    {
    }

    internal MergedRecord(string type, Guid oldId, string oldName, Guid newId, Guid changeSetId, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (Type, OldId, OldName, NewId, ChangeSetId, At) = (type, oldId, oldName, newId, changeSetId, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The type name of both records.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The record that is no more.</summary>
    public Guid OldId { get; private set; }

    [Display(Name = "Fiche fusionnée")] public string OldName { get; private set; } = "";

    /// <summary>The record that stayed.</summary>
    public Guid NewId { get; private set; }

    /// <summary>The gesture that merged them.</summary>
    public Guid ChangeSetId { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    /// <inheritdoc/>
    public string RecordName => OldName;

    /// <inheritdoc/>
    public string WholeType => Type;

    /// <inheritdoc/>
    public Guid WholeId => NewId;
}

internal sealed class MergedRecordConfiguration : IEntityTypeConfiguration<MergedRecord>
{
    public void Configure(EntityTypeBuilder<MergedRecord> merged)
    {
        merged.HasIndex(m => m.OldId).IsUnique();
        merged.HasIndex(m => m.NewId);
        merged.HasIndex(m => m.ChangeSetId);
        merged.HasIndex(m => m.At);
    }
}
