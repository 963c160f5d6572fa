using MedCrm.Core.Access;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

internal static class OpportunityQueries
{
    /// <summary>The deals out of the bin that an actor may see. A deal stays on the board while its institution is in the bin, so that cards and totals always agree.</summary>
    public static IQueryable<Opportunity> Deals(this MedCrmDbContext db, Actor actor)
        => db.Opportunities.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Where(deal => deal.DeletedAt == null).VisibleTo(actor);
}
