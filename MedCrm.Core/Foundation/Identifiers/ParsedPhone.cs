namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>A telephone number as understood. Everything is null when nothing was typed.</summary>
/// <param name="Value">The number in E.164, or the digits of a short number; null when refused.</param>
/// <param name="Kind">What kind of number it is; null when refused.</param>
/// <param name="Error">Why it is refused, in French.</param>
/// <param name="Suggestion">The E.164 number the person probably meant.</param>
public sealed record ParsedPhone(string? Value, PhoneKind? Kind, Sentence? Error, string? Suggestion);
