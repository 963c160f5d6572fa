using MedCrm.Core.Engagement;

namespace MedCrm.Web.Engagement;

/// <summary>Where an item of a day stands: from which minute, how long, in which lane of how many side by side; and whether somebody would have to be at two places.</summary>
public sealed record PlacedItem(AgendaItem Item, int Start, int Minutes, int Lane, int Lanes, bool Clashes);

/// <summary>Lays the items of a day side by side where they overlap.</summary>
public static class DayLayout
{
    private const int Shortest = 20;

    /// <summary>The items that have an hour, each in its lane. A group that overlaps shares the width.</summary>
    public static IReadOnlyList<PlacedItem> Place(IEnumerable<AgendaItem> items)
    {
        var placed = new List<PlacedItem>();
        var group = new List<(AgendaItem Item, int Lane)>();
        var ends = new List<int>();
        var over = 0;
        foreach (var item in items.Where(item => item.From is not null).OrderBy(item => item.Start).ThenByDescending(item => item.Minutes).ThenBy(item => item.Id))
        {
            if (item.Start >= over)
            {
                Close();
            }

            var lane = ends.FindIndex(end => end <= item.Start);
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(0);
            }

            ends[lane] = EndOf(item);
            over = Math.Max(over, EndOf(item));
            group.Add((item, lane));
        }

        Close();
        return placed;

        void Close()
        {
            placed.AddRange(group.Select(one => new PlacedItem(one.Item, one.Item.Start, Math.Max(one.Item.Minutes, Shortest), one.Lane, ends.Count, group.Exists(other => Clash(one.Item, other.Item)))));
            group.Clear();
            ends.Clear();
        }
    }

    private static int EndOf(AgendaItem item) => item.Start + Math.Max(item.Minutes, Shortest);

    // Tasks bear being done beside something else; two meetings of one person do not.
    private static bool Clash(AgendaItem one, AgendaItem other)
        => one.Id != other.Id
            && one is { Kind: AgendaKind.Meeting, IsCancelled: false }
            && other is { Kind: AgendaKind.Meeting, IsCancelled: false }
            && one.Start < other.Start + other.Minutes
            && other.Start < one.Start + one.Minutes
            && one.People.Intersect(other.People).Any();
}
