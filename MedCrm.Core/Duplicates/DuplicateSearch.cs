using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Duplicates;

/// <summary>What a search found: the pairs that wait, and how many of them are new.</summary>
public sealed record SearchOutcome(int Open, int Found);

/// <summary>
/// Looks for look-alikes among all records and brings the queue up to date. Records are compared only with those that share a key with them;
/// what was dismissed stays so, also for the record that one of the two was merged into.
/// </summary>
public sealed class DuplicateSearch(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    // Pairs written in one turn of the gate: others wait less than a blink.
    private const int Portion = 400;

    private const int MostInBlock = 200;

    /// <summary>Searches all institutions and contacts, whoever follows them. For the nightly job.</summary>
    /// <exception cref="BusinessRuleException">The actor is neither the product nor an administrator.</exception>
    public async Task<SearchOutcome> RunAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.Administer);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var institutions = Pairs(await TraitReader.ReadAsync(db.Institutions, cancellationToken), InstitutionTraits.Compare, cancellationToken);
        var people = Pairs(await TraitReader.ReadAsync(db, db.Contacts, cancellationToken), ContactTraits.Compare, cancellationToken);
        var first = await BringUpToDateAsync(db, nameof(Institution), institutions, cancellationToken);
        var second = await BringUpToDateAsync(db, nameof(Contact), people, cancellationToken);
        return new SearchOutcome(first.Open + second.Open, first.Found + second.Found);
    }

    /// <summary>« 3 paires à traiter, dont 1 nouvelle. ».</summary>
    public static string Sentence(SearchOutcome outcome) => outcome switch
    {
        { Open: 0 } => "Aucun doublon probable.",
        { Found: 0 } => string.Create(CultureInfo.InvariantCulture, $"Doublons probables à traiter : {outcome.Open}, aucun nouveau."),
        _ => string.Create(CultureInfo.InvariantCulture, $"Doublons probables à traiter : {outcome.Open}, dont nouveaux : {outcome.Found}."),
    };

    private static Dictionary<(Guid A, Guid B), Likeness> Pairs<T>(List<T> traits, Func<T, T, Likeness> compare, CancellationToken cancellationToken)
        where T : ITraits
    {
        var pairs = new Dictionary<(Guid A, Guid B), Likeness>();
        foreach (var (one, other) in Resemblance.Candidates(traits, MostInBlock))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (compare(one, other) is { Score: >= Likeness.Queued } likeness)
            {
                pairs.Add(DuplicatePair.Ordered(one.Id, other.Id), likeness);
            }
        }

        return pairs;
    }

    private async Task<SearchOutcome> BringUpToDateAsync(MedCrmDbContext db, string type, Dictionary<(Guid A, Guid B), Likeness> found, CancellationToken cancellationToken)
    {
        var known = await db.DuplicatePairs.Where(pair => pair.Type == type).Select(pair => new { pair.Id, pair.AId, pair.BId, pair.Score, pair.Signs, pair.State }).ToListAsync(cancellationToken);
        var keptOf = await db.MergedRecords.Where(merged => merged.Type == type).ToDictionaryAsync(merged => merged.OldId, merged => merged.NewId, cancellationToken);
        foreach (var dismissed in known.Where(pair => pair.State is PairState.Dismissed))
        {
            found.Remove(DuplicatePair.Ordered(Merges.KeptOf(keptOf, dismissed.AId), Merges.KeptOf(keptOf, dismissed.BId)));
        }

        var gone = new List<Guid>();
        var moved = new List<(Guid Id, Likeness Likeness)>();
        foreach (var pair in known)
        {
            var isFound = found.Remove((pair.AId, pair.BId), out var likeness);
            if (pair.State is PairState.Open && !isFound)
            {
                gone.Add(pair.Id);
            }
            else if (isFound && likeness != new Likeness(pair.Score, pair.Signs))
            {
                moved.Add((pair.Id, likeness));
            }
        }

        // What the search wrote and nobody has spoken of: no rule applies.
        foreach (var portion in gone.Chunk(Portion))
        {
            await db.InTransactionAsync(() => db.DuplicatePairs.Where(pair => portion.Contains(pair.Id) && pair.State == PairState.Open).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }

        var lost = await LostAsync(db, type, known.Where(pair => pair.State is not PairState.Open).Select(pair => (pair.Id, pair.AId, pair.BId)), cancellationToken);
        foreach (var portion in lost.Chunk(Portion))
        {
            await db.InTransactionAsync(() => db.DuplicatePairs.Where(pair => portion.Contains(pair.Id)).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }

        foreach (var portion in moved.Chunk(Portion))
        {
            await db.InTransactionAsync(
                async () =>
                {
                    foreach (var (id, likeness) in portion)
                    {
                        await db.DuplicatePairs.Where(pair => pair.Id == id)
                            .ExecuteUpdateAsync(pair => pair.SetProperty(p => p.Score, likeness.Score).SetProperty(p => p.Signs, likeness.Signs), cancellationToken);
                    }
                },
                cancellationToken);
        }

        var at = clock.UtcNow;
        foreach (var portion in found.Chunk(Portion))
        {
            await db.InTransactionAsync(
                () =>
                {
                    BulkInsert.Insert(db, portion.Select(pair => new DuplicatePair(type, pair.Key.A, pair.Key.B, pair.Value, at)));
                    return Task.CompletedTask;
                },
                cancellationToken);
        }

        return new SearchOutcome(known.Count(pair => pair.State is PairState.Open) - gone.Count + found.Count, found.Count);
    }

    // Of two records one has left the bin for good: nothing is left to say of the pair.
    private static async Task<List<Guid>> LostAsync(MedCrmDbContext db, string type, IEnumerable<(Guid Id, Guid AId, Guid BId)> pairs, CancellationToken cancellationToken)
    {
        var lost = new List<Guid>();
        foreach (var portion in pairs.Chunk(Portion))
        {
            var ids = portion.SelectMany(pair => new[] { pair.AId, pair.BId }).Distinct().ToArray();
            var there = type == nameof(Institution)
                ? await db.Institutions.IgnoreQueryFilters().Where(record => ids.Contains(record.Id)).Select(record => record.Id).ToListAsync(cancellationToken)
                : await db.Contacts.IgnoreQueryFilters().Where(record => ids.Contains(record.Id)).Select(record => record.Id).ToListAsync(cancellationToken);
            lost.AddRange(portion.Where(pair => !there.Contains(pair.AId) || !there.Contains(pair.BId)).Select(pair => pair.Id));
        }

        return lost;
    }
}
