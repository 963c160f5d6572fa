using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Bench;

/// <summary>Two institutions about to be merged: 100 deals and 100 tasks hang on the one that goes.</summary>
internal static class BenchTwins
{
    private const int OfEach = 100;

    /// <summary>Adds them and returns their ids, the one that stays first.</summary>
    public static async Task<Guid[]> AddAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var now = services.GetRequiredService<BusinessClock>().UtcNow;
        await using var db = await services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContextAsync(cancellationToken);
        db.Begin(Actor.System, "Mesure");
        var stage = await db.Stages.Include(s => s.Requirements).OrderBy(s => s.Position).FirstAsync(cancellationToken);
        var user = await db.Users.OrderBy(u => u.Email).FirstAsync(cancellationToken);
        var actor = new Actor(user.Id, user.DisplayName, user.Role, user.TeamId, Visibility.All);
        var kept = new Institution(new InstitutionDetails { Name = "Clinique de la Mesure", City = "Nantes", Postcode = "44000" }, now);
        var other = new Institution(new InstitutionDetails { Name = "Clinique Mesure", City = "Nantes", Postcode = "44000", Phone = "02 40 08 33 33" }, now);
        db.Institutions.AddRange(kept, other);
        for (var number = 0; number < OfEach; number++)
        {
            db.Opportunities.Add(new Opportunity(new OpportunityDetails { Name = $"Mesure {number}", InstitutionId = other.Id, OwnerId = user.Id, TeamId = user.TeamId, Amount = 1_000 }, stage, number, actor, now));
            db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = $"Mesure {number}", InstitutionId = other.Id, OwnerId = user.Id, TeamId = user.TeamId }, actor, now));
        }

        await db.SaveChangesAsync(cancellationToken);
        return [kept.Id, other.Id];
    }
}
