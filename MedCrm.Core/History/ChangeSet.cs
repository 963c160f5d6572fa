using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;

namespace MedCrm.Core.History;

/// <summary>By which way a change came in.</summary>
public enum ChangeOrigin
{
    [Display(Name = "Écran")] Screen,
    [Display(Name = "Action groupée")] Bulk,
    [Display(Name = "Import")] Import,
    [Display(Name = "Tâche planifiée")] Job,
    [Display(Name = "Annulation")] Undo,
    [Display(Name = "Ligne de commande")] Command,
}

/// <summary>One gesture of somebody: everything it changed is undone together.</summary>
public sealed class ChangeSet : INamedRecord
{
    private readonly List<RecordChange> _changes = [];

    private ChangeSet()
    {
    }

    internal ChangeSet(Gesture gesture, DateTime at)
    {
        Id = gesture.ChangeSetId;
        At = at;
        ActorId = gesture.Actor.Id;
        ActorName = gesture.Actor.Name;
        Sentence = gesture.Sentence;
        Origin = gesture.Origin;
        RevertsId = gesture.RevertsId;
    }

    /// <summary>The id, given before the first save.</summary>
    public Guid Id { get; private set; }

    /// <summary>When, UTC.</summary>
    [Display(Name = "Date")] public DateTime At { get; private set; }

    /// <summary>Who; null for the product itself.</summary>
    [Display(Name = "Personne")] public Guid? ActorId { get; private set; }

    /// <summary>The name of who, as it was then.</summary>
    [Display(Name = "Par")] public string ActorName { get; private set; } = "";

    /// <summary>What the person did, in French: « Opportunité déplacée en Négociation ».</summary>
    [Display(Name = "Geste")] public string Sentence { get; private set; } = "";

    /// <summary>By which way.</summary>
    [Display(Name = "Provenance")] public ChangeOrigin Origin { get; private set; }

    /// <summary>The change set that this one takes back.</summary>
    public Guid? RevertsId { get; private set; }

    /// <summary>The change set that took this one back.</summary>
    public Guid? RevertedById { get; internal set; }

    /// <summary>What it did, row by row.</summary>
    public IReadOnlyList<RecordChange> Changes => _changes;

    /// <inheritdoc/>
    public string RecordName => Sentence;
}

/// <summary>What happened to a record.</summary>
public enum ChangeKind
{
    [Display(Name = "Création")] Created,
    [Display(Name = "Modification")] Updated,
    [Display(Name = "Suppression")] Deleted,
    [Display(Name = "Restauration")] Restored,
    [Display(Name = "Suppression définitive")] Purged,
}

/// <summary>One record's share of a change set: each field before and after.</summary>
public sealed class RecordChange
{
    private RecordChange()
    {
    }

    internal RecordChange(Guid changeSetId, string recordType, Guid recordId, string recordName, string wholeType, Guid wholeId, ChangeKind kind, string fields)
    {
        ChangeSetId = changeSetId;
        RecordType = recordType;
        RecordId = recordId;
        RecordName = recordName;
        WholeType = wholeType;
        WholeId = wholeId;
        Kind = kind;
        Fields = fields;
    }

    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>The gesture.</summary>
    public Guid ChangeSetId { get; private set; }

    /// <summary>The gesture.</summary>
    public ChangeSet ChangeSet { get; private set; } = null!;

    /// <summary>The entity's type name.</summary>
    public string RecordType { get; private set; } = "";

    /// <summary>The entity's id.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Its name at that moment.</summary>
    public string RecordName { get; private set; } = "";

    /// <summary>The record whose history shows it.</summary>
    public string WholeType { get; private set; } = "";

    /// <summary>The record whose history shows it.</summary>
    public Guid WholeId { get; private set; }

    /// <summary>What happened.</summary>
    public ChangeKind Kind { get; private set; }

    /// <summary>Each field before and after, as <see cref="FieldChanges"/> writes them.</summary>
    public string Fields { get; private set; } = "";

    /// <summary>The same row under the same number, as something else happened to it; for reading alone.</summary>
    internal RecordChange As(ChangeKind kind, string fields)
    {
        var copy = (RecordChange)MemberwiseClone();
        (copy.Kind, copy.Fields) = (kind, fields);
        return copy;
    }
}

/// <summary>Somebody's act, named before it is saved. Every save made under it joins one change set.</summary>
public sealed class Gesture(Actor actor, string sentence, ChangeOrigin origin = ChangeOrigin.Screen, Guid? revertsId = null)
{
    /// <summary>The change set that will hold it.</summary>
    public Guid ChangeSetId { get; private init; } = Guid.CreateVersion7();

    /// <summary>Who acts.</summary>
    public Actor Actor { get; } = actor;

    /// <summary>What the person does, in French.</summary>
    public string Sentence { get; set; } = sentence;

    /// <summary>By which way.</summary>
    public ChangeOrigin Origin { get; } = origin;

    /// <summary>The change set taken back.</summary>
    public Guid? RevertsId { get; } = revertsId;

    /// <summary>Goes on with an act that stopped half-way, in the change set it had begun.</summary>
    internal static Gesture Resume(ChangeSet set, Actor actor) => new(actor, set.Sentence, set.Origin, set.RevertsId) { ChangeSetId = set.Id, IsStored = true };

    /// <summary>Whether the change set has its row.</summary>
    internal bool IsStored { get; set; }

    /// <summary>The change set to offer « Annuler » for, or null when nothing was changed.</summary>
    public Guid? Undoable => IsStored ? ChangeSetId : null;
}
