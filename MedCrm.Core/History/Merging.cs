using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>The three-way merge of a door: tells of each conflict who saved the other value and when, and gives ids their names.</summary>
public static class Merging
{
    /// <summary>What to give to the record's Edit verb. <paramref name="current"/> is its Details() as just loaded.</summary>
    /// <exception cref="EditConflictException">Somebody else changed the same fields since <paramref name="seen"/>.</exception>
    public static async Task<TDetails> MergeAsync<TDetails>(this MedCrmDbContext db, IRecorded record, TDetails seen, TDetails mine, TDetails current, CancellationToken cancellationToken = default)
        where TDetails : class, new()
    {
        try
        {
            return ThreeWayMerge.Apply(seen, mine, current, (record as IVersioned)?.Version ?? Guid.Empty);
        }
        catch (EditConflictException conflict)
        {
            throw new EditConflictException(await DescribeAsync(db, record.Id, conflict.Conflicts, cancellationToken), conflict.CurrentVersion, conflict.Current);
        }
    }

    private static async Task<IReadOnlyList<FieldConflict>> DescribeAsync(MedCrmDbContext db, Guid recordId, IReadOnlyList<FieldConflict> conflicts, CancellationToken cancellationToken)
    {
        var ids = conflicts.SelectMany(conflict => new[] { conflict.Seen, conflict.Mine, conflict.Theirs }).Where(text => Guid.TryParse(text, out _)).Select(text => Guid.Parse(text!));
        var names = await db.NamesOfAsync(ids, cancellationToken);
        var last = await db.RecordChanges
            .Where(change => change.RecordId == recordId)
            .OrderByDescending(change => change.Id)
            .Take(50)
            .Select(change => new { change.ChangeSet.ActorName, change.ChangeSet.At, change.Fields })
            .ToListAsync(cancellationToken);

        return [.. conflicts.Select(conflict =>
        {
            var saved = last.Find(change => FieldChanges.Read(change.Fields).Any(field => field.Field == conflict.Field));
            return conflict with { Seen = Named(conflict.Seen), Mine = Named(conflict.Mine), Theirs = Named(conflict.Theirs), By = saved?.ActorName, At = saved?.At };
        })];

        string? Named(string? text) => Guid.TryParse(text, out var id) && names.TryGetValue(id, out var name) ? name : text;
    }
}
