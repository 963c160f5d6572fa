using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Timeline;

/// <summary>What of a feed is asked for: some kinds by code (all when empty), between two days of the team's time zone, both included.</summary>
public sealed record TimelineFilter(IReadOnlyList<string> Kinds, DateOnly? From = null, DateOnly? To = null);

/// <summary>A page of a feed, newest first.</summary>
/// <param name="Entries">The events.</param>
/// <param name="HasMore">Whether older ones follow.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineEntry> Entries, bool HasMore);

/// <summary>The door of feeds: everything that happened around an institution, a contact or a deal, newest first, as far as the actor sees.</summary>
public sealed class Timelines(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, IEnumerable<TimelineSource> sources, BusinessClock clock)
{
    /// <summary>Events a page holds.</summary>
    public const int PageSize = 30;

    /// <summary>Every kind, in the order of the chips.</summary>
    public IReadOnlyList<TimelineKind> Kinds { get; } = [.. sources.Select(source => source.Kind)];

    /// <summary>The newest events, or those that follow the ones already <paramref name="shown"/>. Each kind is asked for its newest alone, so that a page costs the same at any length of a feed.</summary>
    /// <exception cref="BusinessRuleException">The record is gone or out of sight.</exception>
    public async Task<TimelinePage> PageAsync(TimelineSubject subject, TimelineFilter filter, IReadOnlyList<TimelineEntry>? shown = null, int take = PageSize, CancellationToken cancellationToken = default)
    {
        (var db, var actor, subject) = await OpenAsync(subject, cancellationToken);
        await using var opened = db;
        var last = shown is [.., var oldest] ? oldest.At : (DateTime?)null;
        var known = last is null ? [] : shown!.Where(entry => entry.At == last).Select(entry => entry.Key).ToHashSet();
        var found = new List<TimelineEntry>();
        foreach (var source in Asked(filter))
        {
            var entries = Within(source.Of(db, actor, subject), filter);
            if (last is { } from)
            {
                entries = entries.Where(entry => entry.At <= from);
            }

            found.AddRange(await entries.OrderByDescending(entry => entry.At).Take(take + known.Count + 1).ToListAsync(cancellationToken));
        }

        var ordered = found.Where(entry => !known.Contains(entry.Key)).OrderByDescending(entry => entry.At).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(take + 1).ToList();
        var page = ordered.Take(take).ToList();
        foreach (var source in sources)
        {
            var mine = page.Where(entry => entry.Kind == source.Kind.Code).ToList();
            if (mine.Count > 0)
            {
                var completed = (await source.CompleteAsync(db, subject, mine, cancellationToken)).ToDictionary(entry => entry.Key);
                page = page.ConvertAll(entry => entry.Kind == source.Kind.Code ? completed[entry.Key] : entry);
            }
        }

        return new TimelinePage(page, ordered.Count > take);
    }

    /// <summary>How many events of each kind there are in the period, by code.</summary>
    /// <exception cref="BusinessRuleException">The record is gone or out of sight.</exception>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(TimelineSubject subject, TimelineFilter filter, CancellationToken cancellationToken = default)
    {
        (var db, var actor, subject) = await OpenAsync(subject, cancellationToken);
        await using var opened = db;
        var counts = new Dictionary<string, int>();
        foreach (var source in sources)
        {
            counts[source.Kind.Code] = await Within(source.Of(db, actor, subject), filter).CountAsync(cancellationToken);
        }

        return counts;
    }

    /// <summary>Whether a feed shows an event of a kind to the actor: who reads an event whole is who sees it there.</summary>
    /// <exception cref="BusinessRuleException">The record is gone or out of sight.</exception>
    public async Task<bool> ShowsAsync(TimelineSubject subject, string kind, Guid id, CancellationToken cancellationToken = default)
    {
        (var db, var actor, subject) = await OpenAsync(subject, cancellationToken);
        await using var opened = db;
        var source = sources.SingleOrDefault(candidate => candidate.Kind.Code == kind);
        return source is not null && await source.Of(db, actor, subject).AnyAsync(entry => entry.Id == id, cancellationToken);
    }

    private async Task<(MedCrmDbContext Db, Actor Actor, TimelineSubject Subject)> OpenAsync(TimelineSubject subject, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!(await db.VisibleIdsAsync(actor, subject.RecordType, [subject.Id], cancellationToken)).Contains(subject.Id))
        {
            await db.DisposeAsync();
            throw new BusinessRuleException("Cette fiche n'existe plus, ou vous n'y avez pas accès.");
        }

        return (db, actor, subject with { Former = await FormerAsync(db, subject.Id, cancellationToken) });
    }

    // Records merged one after the other: each step finds those that went into the ones before.
    private static async Task<IReadOnlyList<Guid>> FormerAsync(MedCrmDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        for (Guid[] step = [id]; step.Length > 0 && ids.Count < 200;)
        {
            step = await db.MergedRecords.Where(merged => step.Contains(merged.NewId)).Select(merged => merged.OldId).ToArrayAsync(cancellationToken);
            ids.AddRange(step);
        }

        return ids;
    }

    private IEnumerable<TimelineSource> Asked(TimelineFilter filter) => sources.Where(source => filter.Kinds.Count == 0 || filter.Kinds.Contains(source.Kind.Code));

    private IQueryable<TimelineEntry> Within(IQueryable<TimelineEntry> entries, TimelineFilter filter)
    {
        if (filter.From is { } from)
        {
            var begins = clock.ToUtc(from, TimeOnly.MinValue);
            entries = entries.Where(entry => entry.At >= begins);
        }

        if (filter.To is { } to)
        {
            var ends = clock.ToUtc(to.AddDays(1), TimeOnly.MinValue);
            entries = entries.Where(entry => entry.At < ends);
        }

        return entries;
    }
}
