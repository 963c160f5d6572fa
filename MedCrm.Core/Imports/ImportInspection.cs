using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>What a file is, before anybody says what to do with it.</summary>
/// <param name="File">The file.</param>
/// <param name="Format">What it is.</param>
/// <param name="Subject">What its rows describe, as its columns tell or as the person said.</param>
/// <param name="Reading">How it was understood: encoding, separator, sheet.</param>
/// <param name="Rows">How many rows it has under its header; null for JSON, which is not counted.</param>
/// <param name="Headers">The column names; empty for JSON.</param>
/// <param name="Sample">Its first rows.</param>
/// <param name="Guesses">What each column of a free file probably means.</param>
/// <param name="Remembered">How the same person matched the same header last time, if ever.</param>
public sealed record ImportInspection(
    ImportFile File,
    ImportFormat Format,
    ImportSubject Subject,
    string Reading,
    int? Rows,
    IReadOnlyList<string> Headers,
    IReadOnlyList<ImportRow> Sample,
    IReadOnlyList<ColumnGuess> Guesses,
    ImportMapping? Remembered);

/// <summary>A text of a file that stands for nothing known.</summary>
public sealed record UnknownValue(ImportField Field, int Column, string Text, int Rows);
