using System.Globalization;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>An import as its page and the list of imports show it.</summary>
public sealed record ImportRunRow(
    Guid Id,
    string FileName,
    ImportSubject Subject,
    string Format,
    string StartedByName,
    DateTime StartedAt,
    DateTime? FinishedAt,
    ImportStatus Status,
    int? Total,
    ImportCounts Counts,
    string? Failure,
    bool MayRevert,
    bool MayCancel)
{
    /// <summary>How far taking it back is, while it is under way here.</summary>
    public RevertProgress? Reverting { get; init; }

    /// <summary>The change set that took it back.</summary>
    public Guid? RevertedById { get; init; }

    /// <summary>How many records stayed as they were when it was taken back.</summary>
    public int Kept { get; init; }

    /// <summary>Why it could not be taken back the last time somebody tried.</summary>
    public string? RevertRefusal { get; init; }

    /// <summary>The list filtered on what it created or changed; null when there is nothing to see there.</summary>
    public string? ListOf(ChangeKind kind)
        => (kind is ChangeKind.Created ? Counts.Created : Counts.Updated) == 0 || Status is ImportStatus.Running or ImportStatus.Reverting or ImportStatus.Reverted
            ? null
            : $"/{Subject switch { ImportSubject.Contacts => "contacts", ImportSubject.Catalog => "catalog", _ => "institutions" }}?{(kind is ChangeKind.Created ? ImportedRecords.CreatedKey : ImportedRecords.UpdatedKey)}={Id}";
}

/// <summary>A remark on a row of an import.</summary>
public sealed record ImportIssueRow(int Line, string? Column, string Message, string? Value);

/// <summary>A record that stayed as it was when the import was taken back, and why.</summary>
public sealed record KeptRecord(Guid Id, string Name, string Reason);

/// <summary>A record that an import wrote.</summary>
public sealed record ImportedRecord(Guid Id, string Name, IReadOnlyList<CellChange> Changes);

/// <summary>The door of imports already started: what they did, their rows in error, and how they are stopped and taken back. Administrators see all, others their own.</summary>
public sealed class ImportRuns(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock, ImportRunner runner, ImportPulse pulse, Changes changes)
{
    private const string Reason = "Motif du rejet";
    private const int MostKept = 1_000;
    private const string Abandoned = "Le programme s'est arrêté pendant l'import : importez de nouveau le fichier pour le terminer.";

    /// <summary>The imports, the last one first.</summary>
    public async Task<Page<ImportRunRow>> ListAsync(int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = ImportedRecords.VisibleRuns(db, actor);
        var page = await Stored(db, runs.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id).Skip(skip).Take(take)).ToListAsync(cancellationToken);
        return new([.. page.Select(RowOf)], await runs.CountAsync(cancellationToken));
    }

    /// <summary>One import, or null when it is unknown or somebody else's.</summary>
    public async Task<ImportRunRow?> FindAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Stored(db, ImportedRecords.VisibleRuns(db, actor).Where(run => run.Id == runId)).SingleOrDefaultAsync(cancellationToken) is { } stored ? RowOf(stored) : null;
    }

    /// <summary>The remarks of a kind, in the order of the file.</summary>
    public async Task<Page<ImportIssueRow>> IssuesAsync(Guid runId, ImportIssueKind kind, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var issues = db.ImportIssues.Where(issue => issue.ImportRunId == runId && issue.Kind == kind && ImportedRecords.VisibleRuns(db, actor).Any(run => run.Id == runId));
        return new(
            await issues.OrderBy(issue => issue.Line).ThenBy(issue => issue.Id).Skip(skip).Take(take).Select(issue => new ImportIssueRow(issue.Line, issue.Column, issue.Message, issue.Value)).ToListAsync(cancellationToken),
            await issues.CountAsync(cancellationToken));
    }

    /// <summary>The records that stayed as they were when the import was taken back.</summary>
    public async Task<Page<KeptRecord>> KeptAsync(Guid runId, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = db.ImportIssues.Where(issue => issue.ImportRunId == runId && issue.Kind == ImportIssueKind.Kept && ImportedRecords.VisibleRuns(db, actor).Any(run => run.Id == runId));
        var page = await kept.OrderBy(issue => issue.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return new([.. page.Select(issue => new KeptRecord(Guid.Parse(issue.Cells!), issue.Value!, issue.Message))], await kept.CountAsync(cancellationToken));
    }

    /// <summary>The records that an import created or changed, those the person may see.</summary>
    public async Task<Page<ImportedRecord>> WrittenAsync(Guid runId, ChangeKind kind, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = ImportedRecords.VisibleRuns(db, actor).Where(run => run.Id == runId);
        if (await runs.SingleOrDefaultAsync(cancellationToken) is not { } found)
        {
            return new([], 0);
        }

        var type = TypeOf(found.Subject).Name;
        var records = kind is ChangeKind.Created ? ImportedRecords.Created(db, runs, type) : ImportedRecords.Updated(db, runs, type);
        var visible = db.VisibleIds(actor, type)!;
        var changes = db.RecordChanges.Where(change => change.ChangeSetId == found.ChangeSetId && change.WholeType == type);
        var written = changes.Where(change => records.Contains(change.WholeId) && visible.Contains(change.WholeId)).GroupBy(change => change.WholeId).Select(record => new { Id = record.Key, First = record.Min(change => change.Id) });
        var page = await written.OrderBy(record => record.First).Skip(skip).Take(take).Select(record => record.Id).ToListAsync(cancellationToken);
        var total = await written.CountAsync(cancellationToken);

        var told = kind is ChangeKind.Created ? [] : await changes.Where(change => page.Contains(change.WholeId)).OrderBy(change => change.Id).ToListAsync(cancellationToken);
        var fields = told.ToDictionary(change => change.Id, change => FieldChanges.Read(change.Fields));
        var ids = fields.Values.SelectMany(read => read).SelectMany(field => new[] { field.Before, field.After }).Where(text => Guid.TryParse(text, out _)).Select(text => Guid.Parse(text!));
        var names = await db.NamesOfAsync(page.Concat(ids), cancellationToken);
        var byRecord = told.ToLookup(change => change.WholeId);
        return new([.. page.Select(id => new ImportedRecord(id, names.GetValueOrDefault(id, ""), [.. byRecord[id].SelectMany(change => fields[change.Id].Select(field => CellOf(change, field)).OfType<CellChange>())]))], total);

        // Bookkeeping, and what a new place leaves unsaid (« Contact principal : Non »), tell nothing.
        CellChange? CellOf(RecordChange change, FieldChange field)
            => RecordTypes.ClrTypeOf(change.RecordType) is not { } clr || !Labels.Has(clr, field.Field) || (change.Kind is ChangeKind.Created && field.After is "false" or nameof(Influence.Unknown))
                ? null
                : new(field.Field, Labels.Of(clr, field.Field), TextOf(field.Before, clr, field.Field), TextOf(field.After, clr, field.Field)) { IsWords = DisplayText.IsWords(clr.GetProperty(field.Field)!.PropertyType) };

        string? TextOf(string? text, Type clr, string field)
            => DisplayText.Of(FieldChanges.Value(text, clr.GetProperty(field)!.PropertyType), id => names.GetValueOrDefault(id), clock.ToLocal);
    }

    /// <summary>The rows in error as a CSV file that can be mended and imported again, each with the reason why; null when there is none.</summary>
    public async Task<string?> ErrorsCsvAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var headers = await ImportedRecords.VisibleRuns(db, actor).Where(run => run.Id == runId).Select(run => new { run.Headers }).SingleOrDefaultAsync(cancellationToken);
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
    public async Task<Reverted> RevertAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var (actor, changeSetId) = await RevertibleAsync(runId, cancellationToken);
        return await RevertAsync(actor, runId, changeSetId, progress: null, cancellationToken);
    }

    /// <summary>Starts taking an import back in the background; <see cref="FindAsync"/> tells how far it is. A return that stopped half-way goes on where it stopped.</summary>
    /// <exception cref="BusinessRuleException">As for <see cref="RevertAsync(Guid, CancellationToken)"/>, or it is being taken back already.</exception>
    public async Task StartRevertAsync(Guid runId, CancellationToken cancellationToken = default)
    {
        var (actor, changeSetId) = await RevertibleAsync(runId, cancellationToken);
        if (!runner.StartRevert(runId, (progress, token) => RevertAsync(actor, runId, changeSetId, progress, token)))
        {
            throw new BusinessRuleException("Cet import est déjà en cours d'annulation.");
        }
    }

    private async Task<(Actor Actor, Guid ChangeSetId)> RevertibleAsync(Guid runId, CancellationToken cancellationToken)
    {
        var actor = await DemandAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await Stored(db, ImportedRecords.VisibleRuns(db, actor).Where(candidate => candidate.Id == runId)).SingleOrDefaultAsync(cancellationToken) ?? throw new BusinessRuleException("Cet import n'existe plus.");
        return RowOf(run).Status switch
        {
            ImportStatus.Running => throw new BusinessRuleException("Cet import est en cours : arrêtez-le d'abord."),
            ImportStatus.Reverting => throw new BusinessRuleException("Cet import est déjà en cours d'annulation."),
            ImportStatus.Reverted => throw new BusinessRuleException("Cet import est déjà annulé."),
            _ when !run.HasWritten => throw new BusinessRuleException("Cet import n'a rien modifié : il n'y a rien à annuler."),
            _ => (actor, run.Run.ChangeSetId),
        };
    }

    private async Task<Reverted> RevertAsync(Actor actor, Guid runId, Guid changeSetId, IProgress<RevertProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync(runId, []);
            var reverted = await changes.RevertAsync(actor, changeSetId, skipTouched: true, progress, cancellationToken);
            reverted = reverted with { Skipped = await OfRowsAsync(runId, reverted.Skipped, cancellationToken) };
            await TellAsync(runId, reverted.Skipped.Take(MostKept).Select(record => new ImportIssue(runId, 0, ImportIssueKind.Kept, null, record.Reason.ToString(), record.Name, record.Id.ToString())));
            return reverted;
        }
        catch (BusinessRuleException refusal)
        {
            await TellAsync(runId, [new ImportIssue(runId, 0, ImportIssueKind.RevertRefused, null, refusal.Message, null, null)]);
            throw;
        }
    }

    // Somebody who had given way as primary contact stands in no row: whatever became of them since is not the import's to tell.
    private async Task<IReadOnlyList<SkippedRecord>> OfRowsAsync(Guid runId, IReadOnlyList<SkippedRecord> skipped, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var run = db.ImportRuns.Where(candidate => candidate.Id == runId);
        var type = TypeOf(await run.Select(candidate => candidate.Subject).SingleAsync(cancellationToken)).Name;
        var ids = skipped.Select(record => record.Id).ToHashSet();
        var rows = new HashSet<Guid>();
        foreach (var records in ids.Count == 0 ? [] : new[] { ImportedRecords.Created(db, run, type), ImportedRecords.Updated(db, run, type) })
        {
            rows.UnionWith((await records.ToListAsync(cancellationToken)).Where(ids.Contains));
        }

        return [.. skipped.Where(record => rows.Contains(record.Id))];
    }

    // What was said of an earlier try goes: a record left then may have come back since.
    private async Task TellAsync(Guid runId, IEnumerable<ImportIssue> remarks)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.InTransactionAsync(async () =>
        {
            await db.ImportIssues.Where(issue => issue.ImportRunId == runId && (issue.Kind == ImportIssueKind.Kept || issue.Kind == ImportIssueKind.RevertRefused)).ExecuteDeleteAsync();
            db.ImportIssues.AddRange(remarks);
            await db.SaveChangesAsync();
        });
    }

    private async Task<Actor> DemandAsync(CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Import);
        return actor;
    }

    private static Type TypeOf(ImportSubject subject) => subject switch
    {
        ImportSubject.Contacts => typeof(Contact),
        ImportSubject.Catalog => typeof(Billing.CatalogItem),
        _ => typeof(Institution),
    };

    // Whether it was taken back is the history's to say: the same gesture may be undone from elsewhere, and done again.
    private static IQueryable<StoredRun> Stored(MedCrmDbContext db, IQueryable<ImportRun> runs)
        => runs.AsNoTracking().Select(run => new StoredRun(
            run,
            db.ChangeSets.Any(set => set.Id == run.ChangeSetId),
            db.ChangeSets.Where(set => set.Id == run.ChangeSetId).Select(set => set.RevertedById).FirstOrDefault(),
            Changes.Begun(db.ChangeSets).Any(undo => undo.RevertsId == run.ChangeSetId),
            db.ImportIssues.Count(issue => issue.ImportRunId == run.Id && issue.Kind == ImportIssueKind.Kept),
            db.ImportIssues.Where(issue => issue.ImportRunId == run.Id && issue.Kind == ImportIssueKind.RevertRefused).Select(issue => issue.Message).FirstOrDefault()));

    private ImportRunRow RowOf(StoredRun stored)
    {
        var run = stored.Run;
        var progress = runner.Find(run.Id);
        var isAbandoned = run.Status is ImportStatus.Running && progress is null && !pulse.Beats(run.Id);
        var status = stored switch
        {
            _ when progress is { Counts: null } => ImportStatus.Reverting,
            { RevertedById: not null } => ImportStatus.Reverted,
            { IsHalfReverted: true } => ImportStatus.HalfReverted,
            _ => isAbandoned ? ImportStatus.Cancelled : run.Status,
        };
        return new(
            run.Id,
            run.FileName,
            run.Subject,
            run.Format,
            run.StartedByName,
            run.StartedAt,
            run.FinishedAt,
            status,
            run.Total,
            progress?.Counts ?? new ImportCounts(run.Rows, run.Created, run.Updated, run.Unchanged, run.Skipped, run.Errors, run.Warnings),
            isAbandoned ? Abandoned : run.Failure,
            MayRevert: stored.HasWritten && status is ImportStatus.Finished or ImportStatus.Cancelled or ImportStatus.Failed or ImportStatus.HalfReverted,
            MayCancel: progress is { Counts: not null })
        {
            Reverting = progress is { Counts: null } ? new RevertProgress(progress.Reverted, progress.Total ?? 0) : null,
            RevertedById = stored.RevertedById,
            Kept = stored.Kept,
            RevertRefusal = stored.RevertRefusal,
        };
    }

    private static void Append(StringBuilder csv, IEnumerable<string> cells) => csv.AppendJoin(';', cells.Select(Quoted)).Append("\r\n");

    // A spreadsheet must not run a cell as a formula; the apostrophe is taken off when the file is imported again.
    private static string Quoted(string cell)
    {
        var text = cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{cell}" : cell;
        return text.AsSpan().IndexOfAny(";\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private sealed record StoredRun(ImportRun Run, bool HasWritten, Guid? RevertedById, bool IsHalfReverted, int Kept, string? RevertRefusal);
}
