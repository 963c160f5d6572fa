using System.Text.Json;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Search;

/// <summary>The door of what each person opened last: institutions, contacts, deals, activities. It is a habit, not a change of the records: no history tells it.</summary>
public sealed class Recents(Preferences preferences, Searches searches)
{
    /// <summary>How many are shown.</summary>
    public const int Shown = 8;

    // More than are shown: those that went to the bin or to another team leave no hole.
    private const int Most = 30;

    private static readonly HashSet<string> s_kinds = [nameof(Institution), nameof(Contact), nameof(Opportunity), nameof(Activity), nameof(Quote)];

    /// <summary>Keeps that a record was opened just now.</summary>
    public async Task KeepAsync(string recordType, Guid recordId, CancellationToken cancellationToken = default)
    {
        if (!s_kinds.Contains(recordType))
        {
            return;
        }

        var opened = new Opened(recordType, recordId);
        if (Read(await preferences.FindAsync(Preferences.Recents, cancellationToken)).FirstOrDefault() != opened)
        {
            await preferences.ChangeAsync(
                Preferences.Recents,
                kept => JsonSerializer.Serialize(Read(kept).Where(one => one != opened).Prepend(opened).Take(Most)),
                cancellationToken);
        }
    }

    /// <summary>The records opened last that are still there for the actor to see, the last one first; of one kind alone when <paramref name="recordType"/> says so.</summary>
    public async Task<IReadOnlyList<SearchHit>> ListAsync(string? recordType = null, CancellationToken cancellationToken = default)
    {
        var opened = Read(await preferences.FindAsync(Preferences.Recents, cancellationToken)).Where(one => recordType is null || one.Type == recordType);
        var hits = await searches.ShowAsync([.. opened.Select(one => (one.Type, one.Id))], cancellationToken);
        return [.. hits.Take(Shown)];
    }

    private static List<Opened> Read(string? kept) => kept is null ? [] : JsonSerializer.Deserialize<List<Opened>>(kept) ?? [];

    private sealed record Opened(string Type, Guid Id);
}
