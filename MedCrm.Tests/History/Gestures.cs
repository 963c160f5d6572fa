using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.History;

/// <summary>Gestures made as their doors make them, for tests about taking them back.</summary>
internal static class Gestures
{
    /// <summary>Saves a change as somebody's gesture and returns its change set.</summary>
    public static async Task<Guid> DoAsync(this TestWorld world, Actor actor, Func<MedCrmDbContext, Task> change, ChangeOrigin origin = ChangeOrigin.Screen)
    {
        await using var db = world.Open();
        var gesture = db.Begin(actor, "Geste", origin);
        await change(db);
        await db.SaveChangesAsync();
        return gesture.ChangeSetId;
    }

    public static Task<Guid> EditAsync(this TestWorld world, Actor actor, Institution institution, Func<InstitutionDetails, InstitutionDetails> with)
        => world.DoAsync(actor, async db =>
        {
            var record = await db.Institutions.IgnoreQueryFilters().Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
            record.Edit(with(record.Details()), world.Now());
        });

    public static async Task<Institution> ReadAsync(this TestWorld world, Institution institution)
    {
        await using var db = world.Open();
        return await db.Institutions.IgnoreQueryFilters().AsNoTracking().Include(i => i.Labels).SingleAsync(i => i.Id == institution.Id);
    }

    public static async Task<Opportunity> ReadAsync(this TestWorld world, Opportunity opportunity)
    {
        await using var db = world.Open();
        return await db.Opportunities.IgnoreQueryFilters().AsNoTracking().Include(o => o.Stage).Include(o => o.Lines).Include(o => o.StageChanges).Include(o => o.Labels).SingleAsync(o => o.Id == opportunity.Id);
    }

    public static Task BinAsync(this TestWorld world, Actor actor, IBinnable record)
        => world.DoAsync(actor, async db => ((IBinnable)(await db.FindAsync(record.GetType(), record.Id))!).DeletedAt = world.Now());
}
