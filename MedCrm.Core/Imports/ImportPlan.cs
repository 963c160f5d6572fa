using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>What an import would do, row by row, before anything is written.</summary>
public sealed class ImportPlan
{
    /// <summary>Remarks kept for display; the count is exact.</summary>
    private const int MostWarnings = 5_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ImportFate, List<ImportVerdict>> _rows = Enum.GetValues<ImportFate>().ToDictionary(fate => fate, _ => new List<ImportVerdict>());
    private readonly List<ImportNotice> _warnings = [];

    internal ImportPlan(ImportOrder order, ImportJudge judge, IReadOnlyList<string> headers)
    {
        Order = order;
        Judge = judge;
        Headers = headers;
    }

    /// <summary>What was planned, corrections included: give it to the run.</summary>
    public ImportOrder Order { get; internal set; }

    /// <summary>The column names, or positions where the file has none; empty for JSON.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>How many rows meet each fate.</summary>
    public ImportCounts Counts { get; private set; } = new();

    internal ImportJudge Judge { get; }

    /// <summary>The rows of a fate, in the order of the file; those that change nothing are only counted.</summary>
    public Page<ImportVerdict> Rows(ImportFate fate, int skip, int take)
    {
        // Read by the screen while a correction is judged on another thread.
        lock (_lock)
        {
            return new([.. _rows[fate].Skip(skip).Take(take)], _rows[fate].Count);
        }
    }

    /// <summary>The remarks on rows that are imported all the same.</summary>
    public Page<ImportNotice> Warnings(int skip, int take)
    {
        lock (_lock)
        {
            return new([.. _warnings.Skip(skip).Take(take)], _warnings.Count);
        }
    }

    internal void Add(IReadOnlyCollection<ImportVerdict> verdicts)
    {
        Counts = Counts.With(verdicts);
        foreach (var verdict in verdicts)
        {
            if (verdict.Fate is not ImportFate.Unchanged)
            {
                _rows[verdict.Fate].Add(verdict);
            }

            if (verdict.Fate is not (ImportFate.Error or ImportFate.Skipped))
            {
                _warnings.AddRange(verdict.Notices.Take(MostWarnings - _warnings.Count));
            }
        }
    }

    internal ImportRow? RowInError(int line) => _rows[ImportFate.Error].Find(verdict => verdict.Line == line)?.Row;

    // A row in error that was corrected takes its new place; in the list of errors it keeps its rank.
    internal void Replace(ImportVerdict verdict)
    {
        lock (_lock)
        {
            var errors = _rows[ImportFate.Error];
            var rank = errors.FindIndex(candidate => candidate.Line == verdict.Line);
            if (verdict.Fate is ImportFate.Error)
            {
                errors[rank] = verdict;
                return;
            }

            errors.RemoveAt(rank);
            Counts = Counts with { Rows = Counts.Rows - 1, Errors = Counts.Errors - 1 };
            Add([verdict]);
            _rows[verdict.Fate].Sort((one, other) => one.Line.CompareTo(other.Line));
        }
    }
}
