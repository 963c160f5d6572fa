using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

// The history is only ever added to: a missing number is a line that somebody took away.
internal sealed class HistoryCheck : IDataCheck
{
    public string Name => "Historique des modifications";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var lines = await db.RecordChanges.GroupBy(_ => 1).Select(all => new { Count = all.LongCount(), First = all.Min(change => change.Id), Last = all.Max(change => change.Id) }).SingleOrDefaultAsync(cancellationToken);
        if (lines is not null && lines.Last - lines.First + 1 != lines.Count)
        {
            faults.Add($"il manque {lines.Last - lines.First + 1 - lines.Count} ligne(s) entre les numéros {lines.First} et {lines.Last}");
        }

        var empty = await db.ChangeSets.CountAsync(set => !db.RecordChanges.Any(change => change.ChangeSetId == set.Id), cancellationToken);
        if (empty > 0)
        {
            faults.Add($"{empty} geste(s) sans aucune modification");
        }

        return faults;
    }
}
