using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

// Lists show the last version of each number: there is one, and one alone.
internal sealed class QuotesCheck : IDataCheck
{
    public string Name => "Devis et versions";

    public async Task<IReadOnlyList<string>> FaultsAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var all = db.Quotes.IgnoreQueryFilters();
        var several = await all.Where(quote => quote.IsLast).GroupBy(quote => quote.Number).CountAsync(versions => versions.Count() > 1, cancellationToken);
        var none = await all.Select(quote => quote.Number).Distinct().CountAsync(number => !all.Any(quote => quote.Number == number && quote.IsLast), cancellationToken);
        var faults = new List<string>();
        if (several > 0)
        {
            faults.Add($"{several} numéro(s) de devis avec plusieurs dernières versions");
        }

        if (none > 0)
        {
            faults.Add($"{none} numéro(s) de devis sans dernière version");
        }

        return faults;
    }
}
