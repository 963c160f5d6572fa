using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Support;

/// <summary>Fresh, valid records; a test changes only what it is about.</summary>
public static class Given
{
    /// <summary>A hospital, common to all unless it is given an owner.</summary>
    public static async Task<Institution> InstitutionAsync(this TestWorld world, string name = "CHU de Nantes", Actor? owner = null, Func<InstitutionDetails, InstitutionDetails>? with = null)
    {
        var details = new InstitutionDetails { Name = name, City = "Nantes", Postcode = "44000", OwnerId = owner?.Id, TeamId = owner?.TeamId };
        var institution = new Institution(with?.Invoke(details) ?? details, world.Now());
        await world.SaveAsync(db => db.Institutions.Add(institution));
        return institution;
    }

    /// <summary>A contact with a place in an institution.</summary>
    public static async Task<Contact> ContactAsync(this TestWorld world, Institution? institution = null, string lastName = "Renaud", string firstName = "Hélène")
    {
        var contact = new Contact(new ContactDetails { FirstName = firstName, LastName = lastName }, world.Now());
        if (institution is not null)
        {
            contact.Join(new ContactRoleDetails { InstitutionId = institution.Id, Title = "Cheffe du bloc" }, world.Now());
        }

        await world.SaveAsync(db => db.Contacts.Add(contact));
        return contact;
    }

    /// <summary>A deal of 10 000 € in a stage, for an institution of its own unless one is given.</summary>
    public static async Task<Opportunity> OpportunityAsync(
        this TestWorld world,
        string stageCode = "Prospecting",
        Actor? owner = null,
        Institution? institution = null,
        Func<OpportunityDetails, OpportunityDetails>? with = null,
        long rank = 0)
    {
        institution ??= await world.InstitutionAsync();
        owner ??= world.Claire;
        await using var db = world.Open();
        var stage = await db.Stages.Include(s => s.Requirements).SingleAsync(s => s.Code == stageCode);
        var details = new OpportunityDetails { Name = "IRM du CHU de Nantes", InstitutionId = institution.Id, OwnerId = owner.Id, TeamId = owner.TeamId, Amount = 10_000 };
        var opportunity = new Opportunity(with?.Invoke(details) ?? details, stage, rank, owner, world.Now());
        db.Begin(owner, "Test");
        db.Opportunities.Add(opportunity);
        await db.SaveChangesAsync();
        return opportunity;
    }

    /// <summary>A task of Claire's for today, unless said otherwise.</summary>
    public static async Task<FollowUpTask> TaskAsync(this TestWorld world, Actor? owner = null, Func<FollowUpTaskDetails, FollowUpTaskDetails>? with = null)
    {
        owner ??= world.Claire;
        var today = world.Get<BusinessClock>().Today;
        var details = new FollowUpTaskDetails { Title = "Rappeler Dr Renaud", DueOn = today, OwnerId = owner.Id, TeamId = owner.TeamId };
        var task = new FollowUpTask(with?.Invoke(details) ?? details, owner, world.Now());
        await world.SaveAsync(db => db.FollowUpTasks.Add(task));
        return task;
    }

    /// <summary>A stage by its code.</summary>
    public static async Task<Stage> StageAsync(this TestWorld world, string code)
    {
        await using var db = world.Open();
        return await db.Stages.AsNoTracking().Include(s => s.Requirements).SingleAsync(s => s.Code == code);
    }

    /// <summary>Now, UTC, on the world's clock.</summary>
    public static DateTime Now(this TestWorld world) => world.Time.GetUtcNow().UtcDateTime;

    /// <summary>Saves something outside any door.</summary>
    public static async Task SaveAsync(this TestWorld world, Action<MedCrmDbContext> change)
    {
        await using var db = world.Open();
        db.Begin(Actor.System, "Test");
        change(db);
        await db.SaveChangesAsync();
    }
}
