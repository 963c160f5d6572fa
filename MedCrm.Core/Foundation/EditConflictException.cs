namespace MedCrm.Core.Foundation;

/// <summary>One field that two people changed at once, with both values as text for the dialog. The value is told with who saved it and when (UTC) where the history knows.</summary>
public sealed record FieldConflict(string Field, string Label, string? Seen, string? Mine, string? Theirs, string? By = null, DateTime? At = null)
{
    /// <summary>Whether the values are words of the business, to be said in the language of the screen, and not what people wrote.</summary>
    public bool IsWords { get; init; }
}

/// <summary>Two people changed the same fields of a record: the screen shows both values and asks which one stays.</summary>
public sealed class EditConflictException(IReadOnlyList<FieldConflict> conflicts, Guid currentVersion, object current)
    : BusinessRuleException("Quelqu'un d'autre a modifié les mêmes champs pendant votre saisie.")
{
    /// <summary>The fields in conflict, in form order.</summary>
    public IReadOnlyList<FieldConflict> Conflicts { get; } = conflicts;

    /// <summary>The version of the record as it now stands.</summary>
    public Guid CurrentVersion { get; } = currentVersion;

    /// <summary>The details of the record as it now stands, of the type that was sent.</summary>
    public object Current { get; } = current;
}
