using System.Globalization;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>An import as its page and the list of imports show it.</summary>
public sealed record ImportRunRow(
    Guid Id,
    string FileName,
    string Format,
    string StartedByName,
    DateTime StartedAt,
    DateTime? FinishedAt,
    ImportStatus Status,
    int? Total,
    ImportCounts Counts,
    string? Failure,
    bool MayRevert,
    bool MayCancel);

/// <summary>A remark on a row of an import.</summary>
public sealed record ImportIssueRow(int Line, string? Column, string Message, string? Value);

/// <summary>A record that an import wrote.</summary>
public sealed record ImportedRecord(Guid Id, string Name, IReadOnlyList<CellChange> Changes);

/// <summary>The door of imports already started: what they did, their rows in error, and how they are stopped and taken back. Administrators see all, others their own.</summary>
public sealed class ImportRuns(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ImportRunner runner, Changes changes)
{
    private const string Reason = "Motif du rejet";
    private const string Abandoned = "Le programme s'est arrêté pendant l'import : importez de nouveau le fichier pour le terminer.";

    /// <summary>The imports, the last one first.</summary>
    public async Task<Page<ImportRunRow>> ListAsync(int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = Visible(db, actor);
        var page = await Stored(db, runs.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Skip(skip).Take(take)).ToListAsync(cancellationToken);
        return new([.. page.Select(RowOf)], await runs.CountAsync(cancellationToken));
    }

    /// <summary>One import, or null when it is unknown or somebody else's.</summary>
    public async Task<ImportRunRow?> FindAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Stored(db, Visible(db, actor).Where(run => run.Id == runId)).SingleOrDefaultAsync(cancellationToken) is { } stored ? RowOf(stored) : null;
    }

    /// <summary>The remarks of a kind, in the order of the file.</summary>
    public async Task<Page<ImportIssueRow>> IssuesAsync(Guid runId, ImportIssueKind kind, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var issues = db.ImportIssues.Where(issue => issue.ImportRunId == runId && issue.Kind == kind && Visible(db, actor).Any(run => run.Id == runId));
        return new(
            await issues.OrderBy(issue => issue.Line).ThenBy(issue => issue.Id).Skip(skip).Take(take).Select(issue => new ImportIssueRow(issue.Line, issue.Column, issue.Message, issue.Value)).ToListAsync(cancellationToken),
            await issues.CountAsync(cancellationToken));
    }

    /// <summary>The institutions that an import created or changed, those the person may see.</summary>
    public async Task<Page<ImportedRecord>> WrittenAsync(Guid runId, ChangeKind kind, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = db.Institutions.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).VisibleTo(actor);
        var written = db.RecordChanges.Where(change =>
            change.RecordType == nameof(Institution)
            && change.Kind == kind
            && Visible(db, actor).Any(run => run.Id == runId && run.ChangeSetId == change.ChangeSetId)
            && visible.Any(institution => institution.Id == change.RecordId));
        var page = await written.OrderBy(change => change.Id).Skip(skip).Take(take).Select(change => new { change.RecordId, change.RecordName, change.Fields }).ToListAsync(cancellationToken);
        var names = await db.NamesOfAsync(page.SelectMany(change => FieldChanges.Read(change.Fields)).SelectMany(field => new[] { field.Before, field.After }).Where(text => Guid.TryParse(text, out _)).Select(text => Guid.Parse(text!)), cancellationToken);
        return new(
            [.. page.Select(change => new ImportedRecord(change.RecordId, change.RecordName, kind is ChangeKind.Created ? [] : [.. FieldChanges.Read(change.Fields).Select(CellOf)]))],
            await written.CountAsync(cancellationToken));

        CellChange CellOf(FieldChange field)
        {
            var type = typeof(Institution).GetProperty(field.Field)?.PropertyType;
            return new(field.Field, Labels.Of(typeof(Institution), field.Field), TextOf(field.Before, type), TextOf(field.After, type));
        }

        string? TextOf(string? text, Type? type) => type is null ? text : DisplayText.Of(FieldChanges.Value(text, type), id => names.GetValueOrDefault(id), clock.ToLocal);
    }

    /// <summary>The rows in error as a CSV file that can be mended and imported again, each with the reason why; null when there is none.</summary>
    public async Task<string?> ErrorsCsvAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var headers = await Visible(db, actor).Where(run => run.Id == runId).Select(run => new { run.Headers }).SingleOrDefaultAsync(cancellationToken);
        var issues = headers is null
            ? []
            : await db.ImportIssues
                .Where(issue => issue.ImportRunId == runId && issue.Kind == ImportIssueKind.Error)
                .OrderBy(issue => issue.Line)
                .ThenBy(issue => issue.Id)
                .ToListAsync(cancellationToken);
        if (issues.Count == 0)
        {
            return null;
        }

        var columns = headers!.Headers is { } stored ? JsonSerializer.Deserialize<string[]>(stored, ImportJson.Options)! : null;
        var csv = new StringBuilder();
        if (columns is not null)
        {
            // A file that already comes from here keeps one column of reasons, the new one.
            Append(csv, [.. columns.Where(column => column != Reason), Reason]);
        }

        foreach (var row in issues.GroupBy(issue => issue.Line))
        {
            var reason = string.Join(" ", row.Select(issue => issue.Column is { Length: > 0 } column ? $"{column} : {issue.Message}" : issue.Message));
            var cells = row.Select(issue => issue.Cells).OfType<string>().Select(text => JsonSerializer.Deserialize<string[]>(text, ImportJson.Options)!).FirstOrDefault();
            Append(csv, cells is null
                ? [row.Key.ToString(CultureInfo.InvariantCulture), row.First().Value ?? "", reason]
                : columns is null ? [.. cells, reason] : [.. columns.Index().Where(column => column.Item != Reason).Select(column => column.Index < cells.Length ? cells[column.Index] : ""), reason]);
        }

        return csv.ToString();
    }

    /// <summary>Stops an import after the rows under way; what it did stays, and can be taken back.</summary>
    /// <exception cref="BusinessRuleException">It is not under way here.</exception>
    public async Task CancelAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(runId, cancellationToken) is null || !runner.Cancel(runId))
        {
            throw new BusinessRuleException("Cet import n'est plus en cours.");
        }
    }

    /// <summary>Takes an import back: what it created goes to the bin, what it changed returns to what it was. Records that somebody touched since are left and named.</summary>
    /// <exception cref="BusinessRuleException">It is under way, changed nothing, is taken back already, or belongs to somebody else.</exception>
    public async Task<Reverted> RevertAsync(Guid runId, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var run = await FindAsync(runId, cancellationToken) ?? throw new BusinessRuleException("Cet import n'existe plus.");
        if (run.Status is ImportStatus.Running)
        {
            throw new BusinessRuleException("Cet import est en cours : arrêtez-le d'abord.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changeSetId = await db.ImportRuns.Where(candidate => candidate.Id == runId).Select(candidate => candidate.ChangeSetId).SingleAsync(cancellationToken);
        return await changes.RevertAsync(changeSetId, skipTouched: true, progress, cancellationToken);
    }

    private async Task<Actor> DemandAsync(CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Import);
        return actor;
    }

    private static IQueryable<ImportRun> Visible(MedCrmDbContext db, Actor actor)
        => actor.May(Right.Administer) ? db.ImportRuns : db.ImportRuns.Where(run => run.StartedById == actor.Id);

    // Whether it was taken back is the history's to say: the same gesture may be undone from elsewhere, and done again.
    private static IQueryable<StoredRun> Stored(MedCrmDbContext db, IQueryable<ImportRun> runs)
        => runs.AsNoTracking().Select(run => new StoredRun(run, db.ChangeSets.Any(set => set.Id == run.ChangeSetId && set.RevertedById != null), db.ChangeSets.Any(set => set.Id == run.ChangeSetId)));

    private ImportRunRow RowOf(StoredRun stored)
    {
        var run = stored.Run;
        var progress = runner.Find(run.Id);
        var isAbandoned = run.Status is ImportStatus.Running && progress is null && run.ProgressAt < ImportRun.AbandonedBefore(clock.UtcNow);
        var status = stored.IsReverted ? ImportStatus.Reverted : isAbandoned ? ImportStatus.Cancelled : run.Status;
        return new(
            run.Id,
            run.FileName,
            run.Format,
            run.StartedByName,
            run.StartedAt,
            run.FinishedAt,
            status,
            run.Total,
            progress?.Counts ?? new ImportCounts(run.Rows, run.Created, run.Updated, run.Unchanged, run.Skipped, run.Errors, run.Warnings),
            isAbandoned ? Abandoned : run.Failure,
            MayRevert: stored.HasWritten && status is ImportStatus.Finished or ImportStatus.Cancelled or ImportStatus.Failed,
            MayCancel: progress is not null);
    }

    private static void Append(StringBuilder csv, IEnumerable<string> cells) => csv.AppendJoin(';', cells.Select(Quoted)).Append("\r\n");

    // A spreadsheet must not run a cell as a formula; the apostrophe is taken off when the file is imported again.
    private static string Quoted(string cell)
    {
        var text = cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{cell}" : cell;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private sealed record StoredRun(ImportRun Run, bool IsReverted, bool HasWritten);
}
