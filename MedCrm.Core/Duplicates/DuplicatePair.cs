using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Duplicates;

/// <summary>Where a pair of look-alikes stands.</summary>
public enum PairState
{
    [Display(Name = "À traiter")] Open,
    [Display(Name = "Pas un doublon")] Dismissed,
    [Display(Name = "Fusionnées")] Merged,
}

/// <summary>
/// Two records that look like one. The search writes what it finds and takes away what it finds no more, as figures of its own; what
/// people say of a pair is remembered and enters the history. It holds ids alone: a record may leave the bin for good, and the pair with it.
/// </summary>
public sealed class DuplicatePair : IRecorded
{
    private DuplicatePair()
    {
    }

    /// <summary>A pair just found, of two institutions or of two contacts.</summary>
    public DuplicatePair(string type, Guid oneId, Guid otherId, Likeness likeness, DateTime at)
    {
        Id = Guid.CreateVersion7();
        Type = type;
        (AId, BId) = Ordered(oneId, otherId);
        (Score, Signs) = (likeness.Score, likeness.Signs);
        FoundAt = at;
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The type name of both records.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The record whose id comes first.</summary>
    public Guid AId { get; private set; }

    /// <summary>The other record.</summary>
    public Guid BId { get; private set; }

    /// <summary>How much they look like one, from 0 to 100.</summary>
    [NotRecorded] public int Score { get; private set; }

    /// <summary>By what.</summary>
    [NotRecorded] public TwinSigns Signs { get; private set; }

    /// <summary>When it was found, UTC.</summary>
    [NotRecorded] public DateTime FoundAt { get; private set; }

    [Display(Name = "État")] public PairState State { get; private set; }

    /// <summary>Who said that they are two.</summary>
    [Display(Name = "Écartée par")] public Guid? DismissedById { get; private set; }

    /// <summary>When, UTC.</summary>
    [Display(Name = "Écartée le")] public DateTime? DismissedAt { get; private set; }

    /// <summary>Why they are two.</summary>
    [Display(Name = "Pourquoi")] public string? Why { get; private set; }

    /// <inheritdoc/>
    public string RecordName => Labels.Of(State);

    /// <summary>Two ids in the order in which a pair keeps them: that of the texts in the file.</summary>
    public static (Guid A, Guid B) Ordered(Guid one, Guid other) => string.CompareOrdinal(one.ToString(), other.ToString()) < 0 ? (one, other) : (other, one);

    /// <summary>They are two: the search does not bring the pair back.</summary>
    public void Dismiss(Actor by, DateTime at) => (State, DismissedById, DismissedAt) = (PairState.Dismissed, by.Id, at);

    /// <summary>They may be one after all.</summary>
    public void Reopen() => (State, DismissedById, DismissedAt, Why) = (PairState.Open, null, null, null);

    /// <summary>Keeps why they are two.</summary>
    /// <exception cref="BusinessRuleException">The text is too long, or nobody said that they are two.</exception>
    public void Explain(string? why)
    {
        if (State is not PairState.Dismissed)
        {
            throw new BusinessRuleException("Cette paire est à nouveau à traiter.");
        }

        Why = Clean.Text(why, 300, nameof(Why));
    }

    /// <summary>They became one.</summary>
    internal void Merge() => State = PairState.Merged;
}

internal sealed class DuplicatePairConfiguration : IEntityTypeConfiguration<DuplicatePair>
{
    public void Configure(EntityTypeBuilder<DuplicatePair> pair)
    {
        pair.HasOne<User>().WithMany().HasForeignKey(p => p.DismissedById).OnDelete(DeleteBehavior.Restrict);
        pair.HasIndex(p => new { p.AId, p.BId }).IsUnique();
        pair.HasIndex(p => p.BId);
        pair.HasIndex(p => new { p.Type, p.State, p.Score, p.Id });
    }
}
