using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>The institutions that the rows of a chunk may speak of, read at once and without tracking.</summary>
internal sealed class KnownInstitutions
{
    private readonly Dictionary<Guid, Institution> _byId = [];
    private readonly Dictionary<string, Institution> _byFinessEt = [];
    private readonly Dictionary<string, Institution> _byFinessEj = [];
    private ILookup<string, Institution> _bySiret = Enumerable.Empty<Institution>().ToLookup(_ => "");
    private ILookup<string, Institution> _byEmail = Enumerable.Empty<Institution>().ToLookup(_ => "");
    private ILookup<string, Institution> _byName = Enumerable.Empty<Institution>().ToLookup(_ => "");

    private KnownInstitutions()
    {
    }

    /// <summary>Reads what the rows may match. The weaker keys, which several institutions may share, look only among those that the actor sees.</summary>
    public static async Task<KnownInstitutions> FindAsync(MedCrmDbContext db, IReadOnlyCollection<InstitutionSource> sources, Actor actor, CancellationToken cancellationToken)
    {
        var known = new KnownInstitutions();
        var institutions = db.Institutions.AsNoTracking();
        // Labels that are not read are not touched either: only a file with tags needs them.
        if (sources.Any(source => source.Tags is not null || source.Emptied.Contains(ImportField.Tags)))
        {
            institutions = institutions.Include(institution => institution.Labels);
        }

        var ids = sources.Select(source => source.Id).OfType<Guid>().Distinct().ToArray();
        var sites = Keys(sources, source => source.FinessEt);
        var entities = Keys(sources, source => source.IsLegalEntity ? source.FinessEj : null);
        foreach (var institution in await ReadAsync(ids.Length, institutions.Where(i => ids.Contains(i.Id)), cancellationToken))
        {
            known._byId[institution.Id] = institution;
        }

        foreach (var institution in await ReadAsync(sites.Length, institutions.Where(i => sites.Contains(i.FinessEt!)), cancellationToken))
        {
            known._byFinessEt[institution.FinessEt!] = institution;
        }

        foreach (var institution in await ReadAsync(entities.Length, institutions.Where(i => i.IsLegalEntity && entities.Contains(i.FinessEj!)), cancellationToken))
        {
            known._byFinessEj.TryAdd(institution.FinessEj!, institution);
        }

        var others = sources.Where(source => known.Strong(source) is null).ToList();
        var visible = institutions.VisibleTo(actor);
        var sirets = Keys(others, source => source.Siret);
        var emails = Keys(others, source => source.Email?.ToLowerInvariant());
        var names = Keys(others, source => source.Name);
        known._bySiret = (await ReadAsync(sirets.Length, visible.Where(i => sirets.Contains(i.Siret!)), cancellationToken)).ToLookup(i => i.Siret!);
        known._byEmail = (await ReadAsync(emails.Length, visible.Where(i => emails.Contains(i.Email!)), cancellationToken)).ToLookup(i => i.Email!);
        known._byName = (await ReadAsync(names.Length, visible.Where(i => names.Contains(i.Name)), cancellationToken)).ToLookup(i => i.Name);
        return known;
    }

    /// <summary>The institution a row speaks of, or null when none does and a new one is meant.</summary>
    /// <param name="source">The row.</param>
    /// <param name="isTaken">Whether an earlier row of the file speaks of an institution already.</param>
    /// <exception cref="BusinessRuleException">The row names an unknown record, or several institutions answer.</exception>
    public Institution? Match(InstitutionSource source, Func<Guid, bool> isTaken)
    {
        if (source.Id is { } id)
        {
            return _byId.GetValueOrDefault(id) ?? throw new BusinessRuleException("Aucun établissement ne porte cet identifiant : videz la cellule pour en créer un.");
        }

        if (Strong(source) is { } certain)
        {
            return certain;
        }

        var bySiret = source.Siret is { } siret ? Open(_bySiret[siret], source, isTaken) : [];
        if (bySiret.Count > 1 && source.Name is { } siretName)
        {
            var folded = SearchKey.Fold(siretName);
            bySiret = bySiret.FindAll(institution => SearchKey.Fold(institution.Name) == folded) is [var one] ? [one] : bySiret;
        }

        if (bySiret is [var only])
        {
            return only;
        }

        // A FINESS number tells the sites of one SIRET apart; without it nobody can.
        if (bySiret.Count > 1 && source.Finess is null)
        {
            throw new BusinessRuleException($"{bySiret.Count} établissements portent ce SIRET : ajoutez le numéro FINESS pour dire lequel.", nameof(InstitutionDetails.Siret));
        }

        if (source.Email is { } email && Open(_byEmail[email.ToLowerInvariant()], source, isTaken) is [var byEmail])
        {
            return byEmail;
        }

        return source.Name is { } name && Open(_byName[name], source, isTaken).FindAll(institution => IsInSameTown(institution, source)) is [var byName] ? byName : null;
    }

    /// <summary>The site that carries a FINESS number, if any.</summary>
    public Institution? HolderOf(string finessEt) => _byFinessEt.GetValueOrDefault(finessEt);

    private Institution? Strong(InstitutionSource source)
        => source.FinessEt is { } site ? _byFinessEt.GetValueOrDefault(site)
            : source is { IsLegalEntity: true, FinessEj: { } entity } ? _byFinessEj.GetValueOrDefault(entity)
            : null;

    private static List<Institution> Open(IEnumerable<Institution> candidates, InstitutionSource source, Func<Guid, bool> isTaken)
    {
        var numbers = new InstitutionNumbers(source.FinessEt, source.FinessEj, source.IsLegalEntity, source.Siret);
        return [.. candidates.Where(candidate => !isTaken(candidate.Id) && !numbers.Contradict(new InstitutionNumbers(candidate.FinessEt, candidate.FinessEj, candidate.IsLegalEntity, candidate.Siret)))];
    }

    private static bool IsInSameTown(Institution institution, InstitutionSource source)
        => new Town(institution.Postcode, institution.City).IsSame(new Town(source.Postcode, source.City));

    private static string[] Keys(IEnumerable<InstitutionSource> sources, Func<InstitutionSource, string?> keyOf) => [.. sources.Select(keyOf).OfType<string>().Distinct()];

    private static async Task<List<Institution>> ReadAsync(int keys, IQueryable<Institution> institutions, CancellationToken cancellationToken)
        => keys == 0 ? [] : await institutions.ToListAsync(cancellationToken);
}
