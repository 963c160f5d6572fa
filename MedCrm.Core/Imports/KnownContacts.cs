using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Imports;

/// <summary>An institution where a row may give somebody a place.</summary>
internal sealed record KnownPlace(Guid Id, string Name, string? FinessEt, string? FinessEj, bool IsLegalEntity, string? Siret, string? Postcode, string? City);

/// <summary>The contacts and institutions that the rows of a chunk may speak of, read at once and without tracking, among what the actor sees.</summary>
internal sealed class KnownContacts
{
    // SQLite takes a bounded number of parameters in a statement.
    private const int Portion = 500;

    private readonly Dictionary<Guid, Contact> _byId = [];
    private readonly Dictionary<string, Contact> _byRpps = [];
    private readonly HashSet<string> _rppsElsewhere = [];
    private readonly Dictionary<string, KnownPlace> _byFiness = [];
    private readonly Dictionary<Guid, KnownPlace> _places = [];
    private ILookup<string, Contact> _byEmail = Enumerable.Empty<Contact>().ToLookup(_ => "");
    private ILookup<string, Contact> _byName = Enumerable.Empty<Contact>().ToLookup(_ => "");
    private ILookup<string, KnownPlace> _bySiret = Enumerable.Empty<KnownPlace>().ToLookup(_ => "");
    private ILookup<string, KnownPlace> _byPlaceName = Enumerable.Empty<KnownPlace>().ToLookup(_ => "");
    private ILookup<Guid, ContactRole> _primaries = Enumerable.Empty<ContactRole>().ToLookup(_ => Guid.Empty);

    private KnownContacts()
    {
    }

    /// <summary>Reads what the rows may speak of.</summary>
    public static async Task<KnownContacts> FindAsync(MedCrmDbContext db, IReadOnlyList<ContactSource> sources, Actor actor, CancellationToken cancellationToken)
    {
        var known = new KnownContacts();
        await known.FindPlacesAsync(db, sources, actor, cancellationToken);
        await known.FindContactsAsync(db, sources, actor, cancellationToken);
        await known.FindPrimariesAsync(db, sources, cancellationToken);
        return known;
    }

    /// <summary>Whether an RPPS number belongs to somebody out of the actor's sight.</summary>
    public bool IsElsewhere(string rpps) => _rppsElsewhere.Contains(rpps);

    /// <summary>The institutions that answer to a row: its FINESS number, else its SIRET, else its name, told apart by the town. One that carries another number than the row's is another institution.</summary>
    public IReadOnlyList<KnownPlace> PlacesOf(ContactSource source)
    {
        if (source.FinessEt is { } finess && _byFiness.TryGetValue(finess, out var site))
        {
            return [site];
        }

        if (source.Siret is { } siret && Narrowed(_bySiret[siret], source) is { Count: > 0 } sharing)
        {
            var named = source.InstitutionName is { } text ? sharing.FindAll(place => SearchKey.Fold(place.Name) == SearchKey.Fold(text)) : [];
            return named.Count > 0 ? named : sharing;
        }

        if (source.InstitutionName is not { } name)
        {
            return [];
        }

        var alike = _byPlaceName[SearchKey.Fold(name)].ToList();
        var exact = alike.FindAll(place => place.Name == name);
        return Narrowed(exact.Count > 0 ? exact : alike, source);
    }

    /// <summary>The name of an institution, when a row speaks of it.</summary>
    public string? NameOfPlace(Guid institutionId) => _places.GetValueOrDefault(institutionId)?.Name;

    /// <summary>The contact a row speaks of, or null when none does and a new one is meant.</summary>
    /// <exception cref="BusinessRuleException">The row names an unknown record, or several contacts answer.</exception>
    public Contact? Match(ContactSource source, Func<Guid, bool> isTaken)
    {
        if (source.Id is { } id)
        {
            return _byId.GetValueOrDefault(id) ?? throw new BusinessRuleException("Aucun contact ne porte cet identifiant : videz la cellule pour en créer un.");
        }

        if (source.Rpps is { } rpps && _byRpps.TryGetValue(rpps, out var practitioner))
        {
            return practitioner;
        }

        var byEmail = source.Email is { } email ? Open(_byEmail[email.ToLowerInvariant()], source, isTaken) : [];
        if (byEmail.Count > 1)
        {
            // A mailbox that a whole ward shares: the name tells whose row it is.
            byEmail = byEmail.FindAll(contact => KeyOf(contact) == source.NameKey);
        }

        return byEmail is [var only] ? only : ByName(source, isTaken);
    }

    /// <summary>The primary places of an institution, those of contacts met in this chunk as they hold them.</summary>
    public IEnumerable<ContactRole> PrimariesOf(Guid institutionId) => _primaries[institutionId];

    /// <summary>The contact who holds a place, when rows of this chunk may speak of them.</summary>
    public Contact? HolderOf(ContactRole place) => _byId.GetValueOrDefault(place.ContactId);

    private Contact? ByName(ContactSource source, Func<Guid, bool> isTaken)
    {
        var places = PlacesOf(source).Select(place => place.Id).ToHashSet();
        var sameName = Open(_byName[source.NameKey], source, isTaken)
            .FindAll(contact => source.NamesInstitution ? contact.Roles.Any(role => places.Contains(role.InstitutionId)) : contact.Roles.Count == 0);
        var inPlace = sameName.FindAll(contact => contact.Roles.Any(role => role.EndedOn is null && places.Contains(role.InstitutionId)));
        return (inPlace.Count > 0 ? inPlace : sameName) switch
        {
            [] => null,
            [var only] => only,
            var several => throw new BusinessRuleException($"{several.Count} contacts portent ce nom {(Sentence)(source.NamesInstitution ? "dans cet établissement" : "sans établissement")} : ajoutez le numéro RPPS ou l'e-mail pour dire lequel.", nameof(ContactDetails.LastName)),
        };
    }

    // Somebody who carries another RPPS number than the row's is another person, however alike.
    private static List<Contact> Open(IEnumerable<Contact> candidates, ContactSource source, Func<Guid, bool> isTaken)
        => [.. candidates.Where(candidate => !isTaken(candidate.Id) && (source.Rpps is null || candidate.Rpps is null || candidate.Rpps == source.Rpps))];

    private static List<KnownPlace> Narrowed(IEnumerable<KnownPlace> places, ContactSource source)
    {
        var open = places.Where(place => (source.FinessEt is null || (place.FinessEt is null && !place.IsLegalEntity)) && (source.Siret is null || place.Siret is null || place.Siret == source.Siret)).ToList();
        if (open.Count < 2)
        {
            return open;
        }

        var inTown = open.FindAll(place =>
            (source.Postcode is not null && place.Postcode == source.Postcode)
            || (source.City is not null && SearchKey.Fold(place.City ?? "") == SearchKey.Fold(source.City)));
        return inTown.Count > 0 ? inTown : open;
    }

    private static string KeyOf(Contact contact) => PersonNames.KeyOf(contact.FirstName, contact.LastName);

    private static T[] Keys<T>(IEnumerable<ContactSource> sources, Func<ContactSource, T?> keyOf)
        where T : class
        => [.. sources.Select(keyOf).OfType<T>().Distinct()];

    private async Task FindPlacesAsync(MedCrmDbContext db, IReadOnlyList<ContactSource> sources, Actor actor, CancellationToken cancellationToken)
    {
        var visible = db.Institutions.VisibleTo(actor);
        var finess = Keys(sources, source => source.FinessEt);
        foreach (var place in await ReadAsync(finess, visible.Where(i => finess.Contains(i.FinessEt!))))
        {
            _byFiness[place.FinessEt!] = place;
        }

        // A legal entity has no site number: its own one names it.
        foreach (var place in await ReadAsync(finess, visible.Where(i => i.IsLegalEntity && i.FinessEt == null && finess.Contains(i.FinessEj!))))
        {
            _byFiness.TryAdd(place.FinessEj!, place);
        }

        var others = sources.Where(source => source.FinessEt is null || !_byFiness.ContainsKey(source.FinessEt)).ToList();
        var sirets = Keys(others, source => source.Siret);
        _bySiret = (await ReadAsync(sirets, visible.Where(i => sirets.Contains(i.Siret!)))).ToLookup(place => place.Siret!);

        others.RemoveAll(source => source.Siret is { } siret && _bySiret.Contains(siret));
        var names = Keys(others, source => source.InstitutionName);
        var alike = await ReadAsync(names, visible.Where(i => names.Contains(i.Name)));

        // Only for the names that nobody writes so are all names folded: it reads every institution.
        var found = alike.Select(place => place.Name).ToHashSet();
        var folded = names.Where(name => !found.Contains(name)).Select(SearchKey.Fold).Distinct().ToArray();
        alike.AddRange(await ReadAsync(folded, visible.Where(i => folded.Contains(SqlFunctions.Fold(i.Name)!))));
        _byPlaceName = alike.DistinctBy(place => place.Id).ToLookup(place => SearchKey.Fold(place.Name));

        async Task<List<KnownPlace>> ReadAsync(string[] keys, IQueryable<Institution> institutions)
        {
            var places = keys.Length == 0
                ? []
                : await institutions.Select(i => new KnownPlace(i.Id, i.Name, i.FinessEt, i.FinessEj, i.IsLegalEntity, i.Siret, i.Postcode, i.City)).ToListAsync(cancellationToken);
            places.ForEach(place => _places.TryAdd(place.Id, place));
            return places;
        }
    }

    private async Task FindContactsAsync(MedCrmDbContext db, IReadOnlyList<ContactSource> sources, Actor actor, CancellationToken cancellationToken)
    {
        var visible = VisibleContacts.Of(db, actor);
        var found = sources.Select(source => source.Id).OfType<Guid>().ToHashSet();

        var rpps = Keys(sources, source => source.Rpps);
        if (rpps.Length > 0)
        {
            var holders = await db.Contacts.Where(contact => rpps.Contains(contact.Rpps)).Select(contact => new { contact.Id, contact.Rpps }).ToListAsync(cancellationToken);
            var ids = holders.Select(holder => holder.Id).ToArray();
            var seen = (await visible.Where(contact => ids.Contains(contact.Id)).Select(contact => contact.Id).ToListAsync(cancellationToken)).ToHashSet();
            found.UnionWith(seen);
            _rppsElsewhere.UnionWith(holders.Where(holder => !seen.Contains(holder.Id)).Select(holder => holder.Rpps!));
        }

        var emails = Keys(sources, source => source.Email?.ToLowerInvariant());
        if (emails.Length > 0)
        {
            found.UnionWith(await visible.Where(contact => emails.Contains(contact.Email)).Select(contact => contact.Id).ToListAsync(cancellationToken));
        }

        found.UnionWith(await SameNamesAsync(db, visible, sources, cancellationToken));
        if (found.Count == 0)
        {
            return;
        }

        var wanted = found.ToArray();
        var contacts = visible.AsNoTracking().Where(contact => wanted.Contains(contact.Id)).Include(contact => contact.Roles).AsSplitQuery();
        // Labels that are not read are not touched either: only a file with tags needs them.
        if (sources.Any(source => source.Tags is not null || source.Emptied.Contains(ImportField.Tags)))
        {
            contacts = contacts.Include(contact => contact.Labels);
        }

        foreach (var contact in await contacts.ToListAsync(cancellationToken))
        {
            _byId[contact.Id] = contact;
            if (contact.Rpps is { } number)
            {
                _byRpps[number] = contact;
            }
        }

        _byEmail = _byId.Values.Where(contact => contact.Email is not null).ToLookup(contact => contact.Email!);
        _byName = _byId.Values.ToLookup(KeyOf);
    }

    // Those of the same name in the same institutions; those without institution for the rows that name none.
    private async Task<IEnumerable<Guid>> SameNamesAsync(MedCrmDbContext db, IQueryable<Contact> visible, IReadOnlyList<ContactSource> sources, CancellationToken cancellationToken)
    {
        var names = sources.Select(source => source.NameKey).Where(name => name.Length > 0).ToHashSet();
        var places = sources.SelectMany(PlacesOf).Select(place => place.Id).Distinct().ToArray();
        var found = new List<(Guid Id, string? FirstName, string LastName)>();
        if (places.Length > 0 && names.Count > 0)
        {
            // Places first, people next: asked at once, the database would go through every contact of the house for each chunk.
            var people = await db.ContactRoles.Where(role => places.Contains(role.InstitutionId)).Select(role => role.ContactId).Distinct().ToListAsync(cancellationToken);
            foreach (var portion in people.Chunk(Portion))
            {
                await ReadAsync(visible.Where(contact => portion.Contains(contact.Id)));
            }
        }

        var alone = sources.Where(source => !source.NamesInstitution && source.NameKey.Length > 0).Select(source => SearchKey.Fold($"{source.FirstName} {source.LastName}")).Distinct().ToArray();
        if (alone.Length > 0)
        {
            await ReadAsync(visible.Where(contact => alone.Contains(SqlFunctions.Fold(contact.FullName)!) && !contact.Roles.Any()));
        }

        return found.Where(contact => names.Contains(PersonNames.KeyOf(contact.FirstName, contact.LastName))).Select(contact => contact.Id);

        async Task ReadAsync(IQueryable<Contact> contacts)
            => found.AddRange((await contacts.Select(contact => new { contact.Id, contact.FirstName, contact.LastName }).ToListAsync(cancellationToken)).Select(contact => (contact.Id, contact.FirstName, contact.LastName)));
    }

    private async Task FindPrimariesAsync(MedCrmDbContext db, IReadOnlyList<ContactSource> sources, CancellationToken cancellationToken)
    {
        var rows = sources.Where(source => source.IsPrimary is true).ToList();
        var places = rows.SelectMany(PlacesOf).Select(place => place.Id).ToHashSet();
        if (rows.Exists(source => !source.NamesInstitution))
        {
            // Somebody with one place needs not be told where it is.
            places.UnionWith(_byId.Values.SelectMany(contact => contact.Roles).Where(role => role.EndedOn is null).Select(role => role.InstitutionId));
        }

        if (places.Count == 0)
        {
            return;
        }

        var primaries = await db.ContactRoles.AsNoTracking().Where(role => role.IsPrimary && places.Contains(role.InstitutionId)).ToListAsync(cancellationToken);
        _primaries = primaries.Select(role => HolderOf(role)?.Roles.FirstOrDefault(held => held.Id == role.Id) ?? role).ToLookup(role => role.InstitutionId);
    }
}
