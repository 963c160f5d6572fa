using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Duplicates;

/// <summary>A record that may be the one being typed, and by what one thinks so.</summary>
public sealed record Twin(string Type, Guid Id, string Name, string? Detail, int Score, TwinSigns Signs);

/// <summary>The door of likely twins while somebody types: candidates come from the full-text index, and only what the actor may see is ever told.</summary>
public sealed class Twins(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    private const int MostTold = 5;
    private const int MostCandidates = 200;

    /// <summary>The institutions that may be the one being typed, the likeliest first. <paramref name="self"/> is the record that is edited.</summary>
    public async Task<IReadOnlyList<Twin>> OfInstitutionAsync(InstitutionDetails details, Guid? self = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var typed = new InstitutionTraits(Guid.Empty, details);
        var visible = db.Institutions.VisibleTo(actor);
        var ids = await CandidatesAsync(db, SearchIndex.Institution, typed, self, cancellationToken);
        var likely = Likely(await TraitReader.ReadAsync(visible.Where(institution => ids.Contains(institution.Id)), cancellationToken), typed, InstitutionTraits.Compare);
        var found = likely.Keys.ToArray();
        var rows = await visible.Where(institution => found.Contains(institution.Id))
            .Select(institution => new { institution.Id, institution.Name, institution.City, institution.FinessEt })
            .ToListAsync(cancellationToken);
        return Told(rows.Select(row => new Twin(nameof(Institution), row.Id, row.Name, Joined(row.City, row.FinessEt), likely[row.Id].Score, likely[row.Id].Signs)));
    }

    /// <summary>The contacts who may be the person being typed, the likeliest first. <paramref name="self"/> is the contact that is edited, <paramref name="institutionId"/> where a new one gets a place.</summary>
    public async Task<IReadOnlyList<Twin>> OfContactAsync(ContactDetails details, Guid? institutionId = null, Guid? self = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var institutions = db.Institutions.VisibleTo(actor);
        var places = await institutions
            .Where(institution => institution.Id == institutionId || db.ContactRoles.Any(role => role.ContactId == self && role.EndedOn == null && role.InstitutionId == institution.Id))
            .Select(institution => new { institution.Id, institution.Postcode, institution.City })
            .ToListAsync(cancellationToken);
        var typed = new ContactTraits(Guid.Empty, details, [.. places.Select(place => new TraitPlace(place.Id, new Town(place.Postcode, place.City).Name()))]);
        var visible = VisibleContacts.Of(db, actor);
        var ids = await CandidatesAsync(db, SearchIndex.Contact, typed, self, cancellationToken);
        var likely = Likely(await TraitReader.ReadAsync(db, visible.Where(contact => ids.Contains(contact.Id)), cancellationToken), typed, ContactTraits.Compare);
        var found = likely.Keys.ToArray();
        var rows = await visible.Where(contact => found.Contains(contact.Id))
            .Select(contact => new
            {
                contact.Id,
                contact.FullName,
                contact.JobTitle,
                Institution = contact.Roles.Where(role => role.EndedOn == null)
                    .SelectMany(role => institutions.Where(institution => institution.Id == role.InstitutionId).Select(institution => institution.Name))
                    .FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return Told(rows.Select(row => new Twin(nameof(Contact), row.Id, row.FullName, Joined(row.JobTitle, row.Institution), likely[row.Id].Score, likely[row.Id].Signs)));
    }

    // Those that were said to be two with the record being edited are not brought up again.
    private static async Task<Guid[]> CandidatesAsync(MedCrmDbContext db, string kind, ITraits typed, Guid? self, CancellationToken cancellationToken)
    {
        var found = new HashSet<Guid>();
        foreach (var expression in typed.Expressions())
        {
            found.UnionWith(await SearchIndex.Holding(db, kind, expression).Take(MostCandidates).ToListAsync(cancellationToken));
        }

        if (self is { } id)
        {
            found.Remove(id);
            found.ExceptWith(await db.DuplicatePairs
                .Where(pair => pair.State == PairState.Dismissed && (pair.AId == id || pair.BId == id))
                .Select(pair => pair.AId == id ? pair.BId : pair.AId)
                .ToListAsync(cancellationToken));
        }

        return [.. found];
    }

    private static Dictionary<Guid, Likeness> Likely<T>(List<T> candidates, T typed, Func<T, T, Likeness> compare)
        where T : ITraits
        => candidates.Select(candidate => (candidate.Id, Likeness: compare(typed, candidate)))
            .Where(candidate => candidate.Likeness.Score >= Likeness.Telling)
            .OrderByDescending(candidate => candidate.Likeness.Score)
            .Take(MostTold)
            .ToDictionary(candidate => candidate.Id, candidate => candidate.Likeness);

    private static List<Twin> Told(IEnumerable<Twin> twins) => [.. twins.OrderByDescending(twin => twin.Score).ThenBy(twin => twin.Name, StringComparer.CurrentCulture)];

    private static string? Joined(string? first, string? second)
        => string.Join(" · ", new[] { first, second }.Where(text => !string.IsNullOrEmpty(text))) is { Length: > 0 } joined ? joined : null;
}
