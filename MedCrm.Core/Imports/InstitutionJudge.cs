using System.Reflection;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>
/// Decides the fate of the rows of one file, chunk after chunk, in the order of the file. The dry run and the run share it, so that what
/// was announced is what happens. A row is known by its identifier, else its FINESS number, else its SIRET, its e-mail, its name and town.
/// </summary>
internal sealed class InstitutionJudge
{
    private const string Other = "Cet établissement est suivi par une autre équipe : vous ne pouvez pas le modifier.";

    private readonly Actor _actor;
    private readonly bool _clearsEmpty;
    private readonly Func<DateTime> _now;
    private readonly IReadOnlyDictionary<string, Actor?> _owners;
    private readonly Dictionary<Guid, string> _ownerNames;
    private readonly Claims _claims = new();

    private InstitutionJudge(Actor actor, bool clearsEmpty, Func<DateTime> now, IReadOnlyDictionary<string, Actor?> owners)
    {
        _actor = actor;
        _clearsEmpty = clearsEmpty;
        _now = now;
        _owners = owners;
        _ownerNames = owners.Values.OfType<Actor>().DistinctBy(owner => owner.Id).ToDictionary(owner => owner.Id!.Value, owner => owner.Name);
    }

    /// <summary>A judge for one file.</summary>
    public static async Task<InstitutionJudge> OpenAsync(MedCrmDbContext db, Actor actor, ImportOrder order, Func<DateTime> now, CancellationToken cancellationToken)
        => new(actor, order.ClearsEmpty, now, await ImportOwners.KnownAsync(db, cancellationToken));

    /// <summary>Forgets the rows of the last chunk, so that it can be judged again.</summary>
    public void Forget() => _claims.Forget();

    /// <summary>
    /// Judges rows. To write them, new institutions go to <paramref name="created"/> and changed ones are left in the context, ready to be
    /// saved; without it changes are only described.
    /// </summary>
    public async Task<List<ImportVerdict>> JudgeAsync(MedCrmDbContext db, IReadOnlyCollection<InstitutionLine> chunk, List<Institution>? created, CancellationToken cancellationToken)
    {
        _claims.Open();
        var known = await KnownInstitutions.FindAsync(db, [.. chunk.Select(line => line.Institution).OfType<InstitutionSource>()], _actor, cancellationToken);
        var verdicts = new List<ImportVerdict>(chunk.Count);
        foreach (var line in chunk)
        {
            verdicts.Add(line.Institution is { } source
                ? Judge(new Judged(db, line, source, known, created))
                : LeftOut(line, line.Notices.Any(notice => notice.Severity is NoticeSeverity.Error) ? ImportFate.Error : ImportFate.Skipped));
        }

        return verdicts;
    }

    private ImportVerdict Judge(Judged row)
    {
        try
        {
            if (_claims.LineOf(row.Source) is { } sameKey && sameKey != row.Line.LineNumber)
            {
                throw new BusinessRuleException($"Doublon : la ligne {sameKey} du fichier décrit le même établissement.");
            }

            var owner = OwnerOf(row);
            return row.Known.Match(row.Source, _claims.IsTaken) is { } institution ? Update(row, institution, owner) : Create(row, owner);
        }
        catch (BusinessRuleException refusal)
        {
            var column = refusal.Field is null ? "" : Labels.Of(typeof(InstitutionDetails), refusal.Field);
            var notice = new ImportNotice(row.Line.LineNumber, NoticeSeverity.Error, column, refusal.Message);
            return LeftOut(row.Line with { Notices = [.. row.Line.Notices, .. row.Notices, notice] }, ImportFate.Error);
        }
    }

    private Actor? OwnerOf(Judged row)
    {
        if (row.Source.Owner is not { } text)
        {
            return null;
        }

        var owner = _owners.GetValueOrDefault(ImportOwners.KeyOf(text));
        if (owner is null)
        {
            row.Notices.Add(new ImportNotice(row.Line.LineNumber, NoticeSeverity.Warning, Labels.Of(typeof(InstitutionDetails), nameof(InstitutionDetails.OwnerId)), "Ce responsable n'a pas de compte : le champ n'est pas modifié.", text));
        }

        return owner;
    }

    private ImportVerdict Create(Judged row, Actor? owner)
    {
        var institution = new Institution(InstitutionFieldMerge.Over(new InstitutionDetails(), row.Source, owner, clearsEmpty: false), _now());
        row.Created?.Add(institution);
        _claims.Take(institution.Id, row.Source, row.Line.LineNumber);
        return Verdict(row, ImportFate.Created, institution, []);
    }

    private ImportVerdict Update(Judged row, Institution institution, Actor? owner)
    {
        if (!_actor.Sees(institution))
        {
            throw new BusinessRuleException(Other);
        }

        if (_claims.LineOf(institution.Id) is { } line)
        {
            throw new BusinessRuleException($"Doublon : la ligne {line} du fichier décrit le même établissement.");
        }

        if (row.Source.FinessEt is { } finess && row.Known.HolderOf(finess) is { } holder && holder.Id != institution.Id)
        {
            throw new BusinessRuleException(_actor.Sees(holder) ? $"Ce numéro FINESS est déjà celui de « {holder.Name} »." : "Ce numéro FINESS est déjà celui d'un autre établissement.", nameof(InstitutionDetails.FinessEt));
        }

        var before = institution.Details();
        var wanted = InstitutionFieldMerge.Over(before, row.Source, owner, _clearsEmpty);
        var differences = InstitutionFieldMerge.Differences(before, wanted);
        if (differences.Count > 0)
        {
            differences = Edit(row, institution, before, wanted);
        }

        _claims.Take(institution.Id, row.Source, row.Line.LineNumber);
        return differences.Count == 0
            ? Verdict(row, ImportFate.Unchanged, institution, [])
            : Verdict(row, ImportFate.Updated, institution, row.Writes ? [] : [.. differences.Select(field => Change(field, before, institution.Details()))]);
    }

    // The institution was read without tracking: it enters the context only to be changed, and leaves it when nothing did after all.
    private List<PropertyInfo> Edit(Judged row, Institution institution, InstitutionDetails before, InstitutionDetails wanted)
    {
        if (row.Writes)
        {
            row.Db.Attach(institution);
        }

        List<PropertyInfo> differences = [];
        try
        {
            institution.Edit(wanted, _now());
            differences = InstitutionFieldMerge.Differences(before, institution.Details());
            return differences;
        }
        finally
        {
            if (row.Writes && differences.Count == 0)
            {
                row.Db.Entry(institution).State = EntityState.Detached;
            }
        }
    }

    private CellChange Change(PropertyInfo field, InstitutionDetails before, InstitutionDetails after)
        => new(field.Name, Labels.Of(typeof(InstitutionDetails), field.Name), TextOf(field, before), TextOf(field, after));

    private string? TextOf(PropertyInfo field, InstitutionDetails details) => field.Name switch
    {
        nameof(InstitutionDetails.CategoryCode) when Nomenclature.Category(details.CategoryCode) is { } category => $"{category.ShortLabel} ({category.Code})",
        nameof(InstitutionDetails.LegalStatusCode) when Nomenclature.LegalStatus(details.LegalStatusCode) is { } status => $"{status.Label} ({status.Code})",
        nameof(InstitutionDetails.TeamId) => details.TeamId is null ? null : _owners.Values.FirstOrDefault(owner => owner?.TeamId == details.TeamId) is { } member ? $"Équipe de {member.Name}" : "Autre équipe",
        _ => DisplayText.Of(field.GetValue(details), id => _ownerNames.GetValueOrDefault(id, "Autre compte")),
    };

    private static ImportVerdict Verdict(Judged row, ImportFate fate, Institution institution, IReadOnlyList<CellChange> changes)
        => new(row.Line.LineNumber, fate, fate is ImportFate.Created ? null : institution.Id, institution.Name, DetailOf(institution.FinessEt ?? institution.FinessEj, institution.City), changes, row.Notices.Count == 0 ? row.Line.Notices : [.. row.Line.Notices, .. row.Notices]);

    private static ImportVerdict LeftOut(InstitutionLine line, ImportFate fate)
        => new(line.LineNumber, fate, null, line.Institution?.Name ?? "", DetailOf(line.Institution?.Finess, line.Institution?.City), [], line.Notices, fate is ImportFate.Error ? line.Row : null);

    private static string? DetailOf(string? finess, string? city) => (finess, city) switch
    {
        (null, _) => city,
        (_, null) => finess,
        _ => $"{finess} · {city}",
    };

    /// <summary>A row under judgment.</summary>
    private sealed record Judged(MedCrmDbContext Db, InstitutionLine Line, InstitutionSource Source, KnownInstitutions Known, List<Institution>? Created)
    {
        public bool Writes => Created is not null;

        public List<ImportNotice> Notices { get; } = [];
    }

    /// <summary>Which rows of the file already speak of which institution.</summary>
    private sealed class Claims
    {
        private readonly Dictionary<Guid, int> _lines = [];
        private readonly Dictionary<string, int> _keys = [];
        private readonly List<Guid> _chunkIds = [];
        private readonly List<string> _chunkKeys = [];

        public bool IsTaken(Guid institutionId) => _lines.ContainsKey(institutionId);

        public int? LineOf(Guid institutionId) => _lines.TryGetValue(institutionId, out var line) ? line : null;

        public int? LineOf(InstitutionSource source)
        {
            foreach (var key in KeysOf(source))
            {
                if (_keys.TryGetValue(key, out var line))
                {
                    return line;
                }
            }

            return null;
        }

        public void Take(Guid institutionId, InstitutionSource source, int line)
        {
            _lines[institutionId] = line;
            _chunkIds.Add(institutionId);
            foreach (var key in KeysOf(source))
            {
                _keys[key] = line;
                _chunkKeys.Add(key);
            }
        }

        public void Open()
        {
            _chunkIds.Clear();
            _chunkKeys.Clear();
        }

        public void Forget()
        {
            _chunkIds.ForEach(id => _lines.Remove(id));
            _chunkKeys.ForEach(key => _keys.Remove(key));
        }

        // Two rows that share one of these describe the same institution; names and towns count only where nothing surer is given.
        private static IEnumerable<string> KeysOf(InstitutionSource source)
        {
            if (source.Id is { } id)
            {
                yield return $"I{id}";
            }

            if (source.Finess is { } finess)
            {
                yield return (source.IsLegalEntity ? "J" : "E") + finess;
            }

            if (source.Id is null && source.Finess is null)
            {
                var name = SearchKey.Fold(source.Name ?? "");
                yield return source switch
                {
                    { Siret: { } siret } => $"S{siret}|{name}",
                    { Email: { } email } => $"M{email.ToLowerInvariant()}|{name}",
                    _ => $"N{name}|{source.Postcode}|{SearchKey.Fold(source.City ?? "")}",
                };
            }
        }
    }
}
