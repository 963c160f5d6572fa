namespace MedCrm.Core.Foundation;

/// <summary>One page of a list and the count of all rows that match.</summary>
public sealed record Page<T>(IReadOnlyList<T> Rows, int Total);
