using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>How many rows of a file met each fate, and how many remarks were made on those that were imported.</summary>
public sealed record ImportCounts(int Rows = 0, int Created = 0, int Updated = 0, int Unchanged = 0, int Skipped = 0, int Errors = 0, int Warnings = 0)
{
    /// <summary>The counts once more rows are known.</summary>
    public ImportCounts With(IReadOnlyCollection<ImportVerdict> verdicts) => new(
        Rows + verdicts.Count,
        Created + verdicts.Count(verdict => verdict.Fate is ImportFate.Created),
        Updated + verdicts.Count(verdict => verdict.Fate is ImportFate.Updated),
        Unchanged + verdicts.Count(verdict => verdict.Fate is ImportFate.Unchanged),
        Skipped + verdicts.Count(verdict => verdict.Fate is ImportFate.Skipped),
        Errors + verdicts.Count(verdict => verdict.Fate is ImportFate.Error),
        Warnings + verdicts.Sum(verdict => verdict.Fate is ImportFate.Error or ImportFate.Skipped ? 0 : verdict.Notices.Count(notice => notice.Severity is NoticeSeverity.Warning)));
}
