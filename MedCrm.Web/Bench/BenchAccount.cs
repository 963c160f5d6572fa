using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Bench;

/// <summary>An institution with a long past: 50 contacts, 30 deals, and 5,000 calls, meetings, notes and tasks.</summary>
internal static class BenchAccount
{
    private const int Contacts = 50;
    private const int Deals = 30;
    private const int Activities = 4_500;
    private const int Tasks = 500;
    private const int Portion = 250;

    /// <summary>Adds it, or finds the one added before, and returns its id.</summary>
    public static async Task<Guid> EnsureAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        const string Name = "Centre hospitalier au long passé";
        var contexts = services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>();
        var now = services.GetRequiredService<BusinessClock>().UtcNow;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Institutions.Where(i => i.Name == Name).Select(i => (Guid?)i.Id).FirstOrDefaultAsync(cancellationToken) is { } known)
        {
            return known;
        }

        db.Begin(Actor.System, "Mesure");
        var stage = await db.Stages.Include(s => s.Requirements).OrderBy(s => s.Position).FirstAsync(cancellationToken);
        var user = await db.Users.OrderBy(u => u.Email).FirstAsync(cancellationToken);
        var actor = new Actor(user.Id, user.DisplayName, user.Role, user.TeamId, Visibility.All);
        var institution = new Institution(new InstitutionDetails { Name = Name, City = "Nantes", OwnerId = user.Id, TeamId = user.TeamId }, now);
        db.Institutions.Add(institution);
        var contacts = new List<Guid>();
        for (var number = 0; number < Contacts; number++)
        {
            var contact = new Contact(new ContactDetails { FirstName = "Camille", LastName = $"Passé {number}", OwnerId = user.Id, TeamId = user.TeamId }, now);
            contact.Join(new ContactRoleDetails { InstitutionId = institution.Id, Influence = (Influence)(number % 6) }, now);
            db.Contacts.Add(contact);
            contacts.Add(contact.Id);
        }

        var deals = new List<Guid>();
        for (var number = 0; number < Deals; number++)
        {
            var deal = new Opportunity(new OpportunityDetails { Name = $"Passé {number}", InstitutionId = institution.Id, ContactId = contacts[number], OwnerId = user.Id, TeamId = user.TeamId, Amount = 1_000 }, stage, number, actor, now);
            db.Opportunities.Add(deal);
            deals.Add(deal.Id);
        }

        await db.SaveChangesAsync(cancellationToken);
        var activities = Enumerable.Range(0, Activities).Select(number => new Activity(
            new ActivityDetails
            {
                Kind = (ActivityKind)(number % 3),
                Subject = $"Échange {number}",
                Text = "Point sur les équipements du bloc, les délais et le budget de l'an prochain.",
                At = now.AddHours(-number * 5),
                DurationMinutes = 20,
                Status = MeetingStatus.Held,
                OwnerId = user.Id,
                TeamId = user.TeamId,
                InstitutionId = institution.Id,
                OpportunityId = deals[number % Deals],
                ContactIds = [contacts[number % Contacts]],
            },
            actor,
            now)).ToList();
        var tasks = Enumerable.Range(0, Tasks).Select(number =>
        {
            var task = new FollowUpTask(new FollowUpTaskDetails { Title = $"Suite {number}", InstitutionId = institution.Id, OwnerId = user.Id, TeamId = user.TeamId }, actor, now.AddDays(-number));
            task.Complete("fait", now.AddDays(-number));
            return task;
        }).ToList();
        foreach (var portion in activities.Chunk(Portion))
        {
            await db.InTransactionAsync(
                async () =>
                {
                    await db.InsertAsync(portion, cancellationToken);
                    await db.InsertAsync([.. portion.SelectMany(activity => activity.People)], cancellationToken);
                },
                cancellationToken);
        }

        await db.InTransactionAsync(() => db.InsertAsync(tasks, cancellationToken), cancellationToken);
        return institution.Id;
    }
}
