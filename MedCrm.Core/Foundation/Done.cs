namespace MedCrm.Core.Foundation;

/// <summary>What a write gives back: the record it concerned, the sentence for the toast, and the change set that « Annuler » takes back (null when nothing changed).</summary>
public sealed record Done(Guid RecordId, string Sentence, Guid? ChangeSetId);
