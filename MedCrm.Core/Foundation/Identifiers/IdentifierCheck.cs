namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>What became of an identifier as typed: the value to keep, or the French reason why not. All four are null when nothing was typed.</summary>
/// <param name="Value">The normalised identifier, null when refused or empty.</param>
/// <param name="Error">Why it is refused.</param>
/// <param name="Warning">What is odd about a value that is kept all the same.</param>
/// <param name="Suggestion">A valid value the person probably meant.</param>
public sealed record IdentifierCheck(string? Value, Sentence? Error, Sentence? Warning, string? Suggestion)
{
    internal static readonly IdentifierCheck Empty = new(null, null, null, null);

    internal static IdentifierCheck Valid(string value, Sentence? warning = null) => new(value, null, warning, null);

    internal static IdentifierCheck Refused(Sentence error, string? suggestion = null) => new(null, error, null, suggestion);

    internal static IdentifierCheck Doubtful(string value, Sentence reason, bool strict)
        => strict ? Refused(reason) : Valid(value, reason);
}
