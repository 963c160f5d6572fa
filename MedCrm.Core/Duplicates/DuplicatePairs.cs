using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Duplicates;

/// <summary>One side of a pair: what people tell two look-alikes apart by.</summary>
public sealed record PairSide(Guid Id, string Name, DateTime CreatedAt, DateTime UpdatedAt, Guid? OwnerId)
{
    /// <summary>What it is: the category of an institution (a code), the job of a contact.</summary>
    public string? Kind { get; init; }

    /// <summary>Postcode and town, or the institutions of a contact.</summary>
    public string? Place { get; init; }

    /// <summary>FINESS of an institution, RPPS of a contact.</summary>
    public string? Number { get; init; }

    /// <summary>SIRET of an institution.</summary>
    public string? Siret { get; init; }

    public string? Email { get; init; }

    /// <summary>Telephones, E.164.</summary>
    public IReadOnlyList<string> Phones { get; init; } = [];

    /// <summary>The deals that hang on it and that the actor sees.</summary>
    public int Deals { get; init; }
}

/// <summary>A pair as the queue shows it.</summary>
public sealed record PairRow(Guid Id, int Score, TwinSigns Signs, PairSide One, PairSide Other)
{
    /// <summary>Who said that they are two, and when (UTC); null while the pair waits.</summary>
    public string? DismissedBy { get; init; }

    public DateTime? DismissedAt { get; init; }

    /// <summary>Why they are two.</summary>
    public string? Why { get; init; }
}

/// <summary>How many pairs of each kind wait, as far as the actor sees, and when they were last searched (UTC).</summary>
public sealed record QueueCounts(int Institutions, int Contacts, DateTime? SearchedAt);

/// <summary>The door of the queue of look-alikes: pairs of which the actor sees both records, the likeliest first.</summary>
public sealed class DuplicatePairs(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, JobRunner runner, BusinessClock clock)
{
    /// <summary>The pairs of a type in a state, the likeliest first; those dismissed, the last first.</summary>
    public async Task<Page<PairRow>> PageAsync(string type, PairState state, int skip, int take, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pairs = VisiblePairs.Of(db, actor).Where(pair => pair.Type == type && pair.State == state);
        var total = await pairs.CountAsync(cancellationToken);
        var ordered = state is PairState.Dismissed ? pairs.OrderByDescending(pair => pair.DismissedAt).ThenBy(pair => pair.Id) : pairs.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Id);
        var rows = await ordered.Skip(skip).Take(take).AsNoTracking().ToListAsync(cancellationToken);
        var ids = rows.SelectMany(pair => new[] { pair.AId, pair.BId }).Distinct().ToArray();
        var sides = type == nameof(Institution) ? await InstitutionsAsync(db, actor, ids, cancellationToken) : await ContactsAsync(db, actor, ids, cancellationToken);
        var people = rows.Select(pair => pair.DismissedById).OfType<Guid>().Distinct().ToArray();
        var names = people.Length == 0 ? [] : await db.Users.Where(user => people.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.DisplayName, cancellationToken);
        return new Page<PairRow>(
            [.. rows.Where(pair => sides.ContainsKey(pair.AId) && sides.ContainsKey(pair.BId)).Select(pair => new PairRow(pair.Id, pair.Score, pair.Signs, sides[pair.AId], sides[pair.BId])
            {
                DismissedBy = pair.DismissedById is { } by ? names.GetValueOrDefault(by) : null,
                DismissedAt = pair.DismissedAt,
                Why = pair.Why,
            })],
            total);
    }

    /// <summary>How many pairs wait.</summary>
    public async Task<QueueCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var counts = await VisiblePairs.Of(db, actor).Where(pair => pair.State == PairState.Open).GroupBy(pair => pair.Type).Select(group => new { Type = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var searched = await db.JobRuns.Where(run => run.Job == Schedule.Duplicates.Name && run.Failure == null).MaxAsync(run => run.FinishedAt, cancellationToken);
        return new QueueCounts(counts.Find(count => count.Type == nameof(Institution))?.Count ?? 0, counts.Find(count => count.Type == nameof(Contact))?.Count ?? 0, searched);
    }

    /// <summary>Searches now, as every night, and tells what was found.</summary>
    /// <exception cref="BusinessRuleException">The search is under way already, or failed.</exception>
    public async Task<string> SearchNowAsync(CancellationToken cancellationToken = default)
    {
        (await currentUser.GetAsync(cancellationToken)).Demand(Right.EditCustomers);
        var result = await runner.RunByHandAsync(Schedule.Duplicates, cancellationToken);
        return result.End switch
        {
            JobEnd.Busy => throw new BusinessRuleException("La recherche de doublons est déjà en cours."),
            JobEnd.Failed => throw new BusinessRuleException(result.Sentence),
            _ => result.Sentence,
        };
    }

    /// <summary>The two records of a pair are two: it is not brought back.</summary>
    /// <exception cref="BusinessRuleException">The pair is gone, out of sight, or no longer waits.</exception>
    public Task<Done> DismissAsync(Guid pairId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            pairId,
            (actor, pair, names) =>
            {
                if (pair.State is PairState.Dismissed)
                {
                    throw new BusinessRuleException("Cette paire est déjà écartée.");
                }

                pair.Dismiss(actor, clock.UtcNow);
                return $"{names} : pas un doublon";
            },
            cancellationToken);

    /// <summary>A pair that was dismissed waits again.</summary>
    /// <exception cref="BusinessRuleException">The pair is gone or out of sight.</exception>
    public Task<Done> ReopenAsync(Guid pairId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            pairId,
            (_, pair, names) =>
            {
                pair.Reopen();
                return $"{names} : à nouveau à traiter";
            },
            cancellationToken);

    /// <summary>Keeps why two records are two.</summary>
    /// <exception cref="BusinessRuleException">The text is too long, or the pair is gone or waits again.</exception>
    public Task<Done> ExplainAsync(Guid pairId, string? why, CancellationToken cancellationToken = default)
        => ChangeAsync(
            pairId,
            (_, pair, names) =>
            {
                pair.Explain(why);
                return $"{names} : raison notée";
            },
            cancellationToken);

    private static async Task<Dictionary<Guid, PairSide>> InstitutionsAsync(MedCrmDbContext db, Actor actor, Guid[] ids, CancellationToken cancellationToken)
    {
        var deals = db.Opportunities.VisibleTo(actor);
        var rows = await db.Institutions.VisibleTo(actor).Where(i => ids.Contains(i.Id))
            .Select(i => new { i.Id, i.Name, i.CreatedAt, i.UpdatedAt, i.OwnerId, i.CategoryCode, i.Postcode, i.City, Finess = i.FinessEt ?? i.FinessEj, i.Siret, i.Email, i.Phone, i.SecondPhone, Deals = deals.Count(deal => deal.InstitutionId == i.Id) })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(i => i.Id, i => new PairSide(i.Id, i.Name, i.CreatedAt, i.UpdatedAt, i.OwnerId)
        {
            Kind = i.CategoryCode,
            Place = Joined(" ", i.Postcode, i.City),
            Number = i.Finess,
            Siret = i.Siret,
            Email = i.Email,
            Phones = [.. new[] { i.Phone, i.SecondPhone }.OfType<string>()],
            Deals = i.Deals,
        });
    }

    private static async Task<Dictionary<Guid, PairSide>> ContactsAsync(MedCrmDbContext db, Actor actor, Guid[] ids, CancellationToken cancellationToken)
    {
        var deals = db.Opportunities.VisibleTo(actor);
        var institutions = db.Institutions.VisibleTo(actor);
        var rows = await VisibleContacts.Of(db, actor).Where(c => ids.Contains(c.Id))
            .Select(c => new
            {
                c.Id,
                c.FullName,
                c.CreatedAt,
                c.UpdatedAt,
                c.OwnerId,
                c.JobTitle,
                c.Rpps,
                c.Email,
                c.Mobile,
                c.Phone,
                Places = c.Roles.Where(role => role.EndedOn == null).SelectMany(role => institutions.Where(institution => institution.Id == role.InstitutionId).Select(institution => institution.Name)).ToList(),
                Deals = deals.Count(deal => deal.ContactId == c.Id || deal.Contacts.Any(other => other.ContactId == c.Id)),
            })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(c => c.Id, c => new PairSide(c.Id, c.FullName, c.CreatedAt, c.UpdatedAt, c.OwnerId)
        {
            Kind = c.JobTitle,
            Place = Joined(", ", [.. c.Places.Distinct()]),
            Number = c.Rpps,
            Email = c.Email,
            Phones = [.. new[] { c.Mobile, c.Phone }.OfType<string>()],
            Deals = c.Deals,
        });
    }

    private static string? Joined(string separator, params string?[] parts)
        => string.Join(separator, parts.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } joined ? joined : null;

    private async Task<Done> ChangeAsync(Guid pairId, Func<Actor, DuplicatePair, string, string> change, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var gesture = db.Begin(actor, "");

        // Behind the gate from the first read on: a second click, or a colleague, finds the pair as it stands.
        await db.InTransactionAsync(
            async () =>
            {
                var pair = await VisiblePairs.Of(db, actor).SingleOrDefaultAsync(p => p.Id == pairId, cancellationToken) ?? throw new BusinessRuleException("Cette paire n'est plus à traiter.");
                gesture.Sentence = change(actor, pair, await NamesAsync(db, pair, cancellationToken));
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(pairId, gesture.Sentence, gesture.Undoable);
    }

    private static async Task<string> NamesAsync(MedCrmDbContext db, DuplicatePair pair, CancellationToken cancellationToken)
    {
        Guid[] ids = [pair.AId, pair.BId];
        var names = pair.Type == nameof(Institution)
            ? await db.Institutions.Where(i => ids.Contains(i.Id)).Select(i => i.Name).ToListAsync(cancellationToken)
            : await db.Contacts.Where(c => ids.Contains(c.Id)).Select(c => c.FullName).ToListAsync(cancellationToken);
        return string.Join(" et ", names.Order(StringComparer.CurrentCulture).Select(name => $"« {Clean.Shortened(name, 80)} »"));
    }
}
