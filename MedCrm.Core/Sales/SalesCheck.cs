using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

// What a deal repeats beside its stage for filters and sums must say the same.
internal sealed class SalesCheck : IDataCheck
{
    public string Name => "Affaires et étapes";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var all = db.Opportunities.IgnoreQueryFilters();
        var outcome = await all.CountAsync(opportunity => opportunity.Outcome != opportunity.Stage.Outcome, cancellationToken);
        var closed = await all.CountAsync(opportunity => opportunity.Outcome == StageOutcome.Open != (opportunity.ClosedOn == null), cancellationToken);
        var faults = new List<string>();
        if (outcome > 0)
        {
            faults.Add($"{outcome} affaire(s) dont l'issue contredit l'étape");
        }

        if (closed > 0)
        {
            faults.Add($"{closed} affaire(s) dont la date de clôture contredit l'étape");
        }

        return faults;
    }
}
