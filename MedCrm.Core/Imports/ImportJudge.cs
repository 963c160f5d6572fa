using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>What every judgment of one file needs: who imports, what an empty cell does, the clock, the accounts a row may name and the file's own name of each column.</summary>
internal sealed record JudgeTerms(Actor Actor, bool ClearsEmpty, Func<DateTime> Now, IReadOnlyDictionary<string, Actor?> Owners, IReadOnlyDictionary<ImportField, string> Columns);

/// <summary>
/// Decides the fate of the rows of one file, chunk after chunk, in the order of the file. The dry run and the run share it, so that what
/// was announced is what happens.
/// </summary>
internal abstract class ImportJudge
{
    /// <summary>A judge for one file.</summary>
    public static async Task<ImportJudge> OpenAsync(MedCrmDbContext db, Actor actor, ImportOrder order, Func<DateTime> now, CancellationToken cancellationToken)
    {
        var terms = new JudgeTerms(actor, order.ClearsEmpty, now, await ImportOwners.KnownAsync(db, cancellationToken), order.ColumnNames());
        return order.Subject switch
        {
            ImportSubject.Contacts => new ContactJudge(terms),
            ImportSubject.Catalog => new CatalogJudge(terms),
            _ => new InstitutionJudge(terms),
        };
    }

    /// <summary>Forgets the rows of the last chunk, so that it can be judged again.</summary>
    public abstract void Forget();

    /// <summary>
    /// Judges rows. To write them, new records and then their parts go to <paramref name="created"/> and changed ones are left in the
    /// context, ready to be saved; without it changes are only described.
    /// </summary>
    public abstract Task<List<ImportVerdict>> JudgeAsync(MedCrmDbContext db, IReadOnlyCollection<ImportLine> chunk, List<IRecorded>? created, CancellationToken cancellationToken);
}

/// <summary>What is the same for every kind of record: which row speaks of what already, who follows it, how a refusal and a change are told.</summary>
internal abstract class ImportJudge<TSource, TRecord, TKnown>(JudgeTerms terms) : ImportJudge
    where TSource : ImportSource
    where TRecord : class, IRecorded
{
    private readonly Dictionary<Guid, string> _ownerNames = terms.Owners.Values.OfType<Actor>().DistinctBy(owner => owner.Id).ToDictionary(owner => owner.Id!.Value, owner => owner.Name);

    /// <summary>Who imports, and how.</summary>
    protected JudgeTerms Terms => terms;

    /// <summary>Which rows of the file already speak of what.</summary>
    protected Claims Claims { get; } = new();

    /// <inheritdoc/>
    public override void Forget() => Claims.Forget();

    /// <inheritdoc/>
    public override async Task<List<ImportVerdict>> JudgeAsync(MedCrmDbContext db, IReadOnlyCollection<ImportLine> chunk, List<IRecorded>? created, CancellationToken cancellationToken)
    {
        Claims.Open();
        var known = await FindKnownAsync(db, [.. chunk.Select(line => line.Source).OfType<TSource>()], cancellationToken);
        var verdicts = new List<ImportVerdict>(chunk.Count);
        foreach (var line in chunk)
        {
            verdicts.Add(line.Source is TSource source
                ? Judge(new Judged(db, line, source, known, created))
                : LeftOut(line, line.Notices.Any(notice => notice.Severity is NoticeSeverity.Error) ? ImportFate.Error : ImportFate.Skipped, line.Notices));
        }

        return verdicts;
    }

    /// <summary>Reads at once what the rows of a chunk may speak of.</summary>
    protected abstract Task<TKnown> FindKnownAsync(MedCrmDbContext db, IReadOnlyList<TSource> sources, CancellationToken cancellationToken);

    /// <summary>What tells that two rows of the file speak of one record: what the row looks for among the earlier ones, and what it leaves for the later ones.</summary>
    protected abstract (IEnumerable<string> Sought, IEnumerable<string> Left) KeysOf(Judged row);

    /// <summary>The record a row speaks of, or null when it means a new one.</summary>
    /// <exception cref="BusinessRuleException">Nobody can tell, or the actor may not reach it.</exception>
    protected abstract TRecord? Match(Judged row);

    /// <summary>The new record a row means, with its parts after it.</summary>
    protected abstract IReadOnlyList<IRecorded> Create(Judged row, Actor? owner);

    /// <summary>Gives a known record what a row says and returns what changed. It was read without tracking: it enters the context only to be changed.</summary>
    protected abstract IReadOnlyList<FieldDifference> Change(Judged row, TRecord record, Actor? owner);

    /// <summary>What a value of a field reads like.</summary>
    protected abstract string? TextOf(Judged row, PropertyInfo field, object? value);

    /// <summary>The name of a field of the record, in French.</summary>
    protected abstract string LabelOf(string field);

    /// <summary>The column that feeds a field of the record, if any.</summary>
    protected abstract ImportField? ColumnOf(string field);

    /// <summary>The name and the few words beside it, from what the row holds.</summary>
    protected abstract (string Name, string? Detail) Described(TSource source);

    /// <summary>The same, once the record is there.</summary>
    protected abstract (string Name, string? Detail) Described(Judged row, TRecord record);

    /// <summary>What is said of a row that comes after another about the same record.</summary>
    protected virtual Sentence Duplicate(Judged row, int line) => $"Doublon : la ligne {line} du fichier décrit le même {(Sentence)RecordTypes.Of(typeof(TRecord).Name).Noun}.";

    /// <summary>An id as people read it: the name of an account.</summary>
    protected string NameOf(Guid id) => _ownerNames.GetValueOrDefault(id, "Autre compte");

    /// <summary>A team as people read it: by one of its members.</summary>
    protected string TeamOf(Guid id) => terms.Owners.Values.FirstOrDefault(owner => owner?.TeamId == id) is { } member ? $"Équipe de {member.Name}" : "Autre équipe";

    /// <summary>Puts a record under the eyes of the context before it changes; returns what takes it away again when nothing changed after all.</summary>
    protected static Action Track(Judged row, object record)
    {
        if (!row.Writes || row.Db.Entry(record).State is not EntityState.Detached)
        {
            return static () => { };
        }

        row.Db.Attach(record);
        return () => row.Db.Entry(record).State = EntityState.Detached;
    }

    /// <summary>Remarks something about a field of the row, which is imported all the same.</summary>
    protected void Warn(Judged row, string field, Sentence message, string? raw = null)
        => row.Notices.Add(new ImportNotice(row.Line.LineNumber, NoticeSeverity.Warning, HeaderOf(field), message, raw));

    private ImportVerdict Judge(Judged row)
    {
        try
        {
            var keys = KeysOf(row);
            if (keys.Sought.Select(Claims.LineOf).FirstOrDefault(line => line is not null) is { } sameKey && sameKey != row.Line.LineNumber)
            {
                throw new BusinessRuleException(Duplicate(row, sameKey));
            }

            var owner = OwnerOf(row);
            var verdict = Match(row) is { } record ? Update(row, record, owner) : New(row, owner);
            foreach (var key in keys.Left)
            {
                Claims.Take(key, row.Line.LineNumber);
            }

            return verdict;
        }
        catch (BusinessRuleException refusal)
        {
            var notice = new ImportNotice(row.Line.LineNumber, NoticeSeverity.Error, refusal.Field is null ? "" : HeaderOf(refusal.Field), refusal.Sentence);
            return LeftOut(row.Line, ImportFate.Error, [.. row.Line.Notices, .. row.Notices, notice]);
        }
    }

    private ImportVerdict New(Judged row, Actor? owner)
    {
        var created = Create(row, owner);
        row.Created?.AddRange(created);
        Claims.Take(created[0].Id, row.Line.LineNumber);
        return Verdict(row, ImportFate.Created, (TRecord)created[0], []);
    }

    private ImportVerdict Update(Judged row, TRecord record, Actor? owner)
    {
        if (Claims.LineOf(record.Id) is { } line)
        {
            throw new BusinessRuleException(Duplicate(row, line));
        }

        var differences = Change(row, record, owner);
        Claims.Take(record.Id, row.Line.LineNumber);
        return differences.Count == 0
            ? Verdict(row, ImportFate.Unchanged, record, [])
            : Verdict(row, ImportFate.Updated, record, row.Writes ? [] : [.. differences.Select(difference => CellOf(row, difference))]);
    }

    private Actor? OwnerOf(Judged row)
    {
        if (row.Source.Owner is not { } text)
        {
            return null;
        }

        var owner = terms.Owners.GetValueOrDefault(ImportOwners.KeyOf(text));
        if (owner is null)
        {
            Warn(row, nameof(IOwned.OwnerId), "Ce responsable n'a pas de compte : le champ n'est pas modifié.", text);
        }

        return owner;
    }

    private CellChange CellOf(Judged row, FieldDifference difference)
        => new(difference.Field.Name, LabelOf(difference.Field.Name), TextOf(row, difference.Field, difference.Before), TextOf(row, difference.Field, difference.After)) { IsWords = DisplayText.IsWords(difference.Field.PropertyType) };

    // As the file names it, so that the grid shows the cell to mend.
    private string HeaderOf(string field) => ColumnOf(field) is { } column && terms.Columns.TryGetValue(column, out var header) ? header : LabelOf(field);

    private ImportVerdict Verdict(Judged row, ImportFate fate, TRecord record, IReadOnlyList<CellChange> changes)
    {
        var (name, detail) = Described(row, record);
        return new(row.Line.LineNumber, fate, fate is ImportFate.Created ? null : record.Id, name, detail, changes, row.Notices.Count == 0 ? row.Line.Notices : [.. row.Line.Notices, .. row.Notices]);
    }

    private ImportVerdict LeftOut(ImportLine line, ImportFate fate, IReadOnlyList<ImportNotice> notices)
    {
        var (name, detail) = line.Source is TSource source ? Described(source) : ("", null);
        return new(line.LineNumber, fate, null, name, detail, [], notices, fate is ImportFate.Error ? line.Row : null);
    }

    /// <summary>A row under judgment.</summary>
    protected sealed record Judged(MedCrmDbContext Db, ImportLine Line, TSource Source, TKnown Known, List<IRecorded>? Created)
    {
        public bool Writes => Created is not null;

        public List<ImportNotice> Notices { get; } = [];
    }
}

/// <summary>Which rows of a file already speak of what, under keys the judge chooses.</summary>
internal sealed class Claims
{
    private readonly Dictionary<string, int> _lines = [];
    private readonly List<string> _chunk = [];

    public bool IsTaken(Guid recordId) => _lines.ContainsKey(KeyOf(recordId));

    public int? LineOf(Guid recordId) => LineOf(KeyOf(recordId));

    public int? LineOf(string key) => _lines.TryGetValue(key, out var line) ? line : null;

    public void Take(Guid recordId, int line) => Take(KeyOf(recordId), line);

    public void Take(string key, int line)
    {
        _lines[key] = line;
        _chunk.Add(key);
    }

    public void Open() => _chunk.Clear();

    public void Forget() => _chunk.ForEach(key => _lines.Remove(key));

    private static string KeyOf(Guid recordId) => $"#{recordId}";
}
