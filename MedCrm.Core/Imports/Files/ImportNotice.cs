using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>How much a remark about a row matters.</summary>
public enum NoticeSeverity
{
    /// <summary>The row is imported; something was repaired, dropped or looks wrong.</summary>
    Warning,

    /// <summary>The row is left out on purpose.</summary>
    Skip,

    /// <summary>The row cannot be imported.</summary>
    Error,
}

/// <summary>A remark about one cell or row of a file.</summary>
/// <param name="LineNumber">The line of the file, counted from 1; the rank of the site for JSON.</param>
/// <param name="Severity">Whether the row is imported all the same.</param>
/// <param name="Column">The column as the file names it, or empty when the remark is about the whole row.</param>
/// <param name="Message">A French sentence.</param>
/// <param name="RawValue">What the file holds, or null.</param>
/// <param name="RepairedValue">What is kept instead, or null when the value is dropped.</param>
public sealed record ImportNotice(int LineNumber, NoticeSeverity Severity, string Column, Sentence Message, string? RawValue = null, string? RepairedValue = null);
