using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>The door of contacts and of the places they hold.</summary>
public sealed class Contacts(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    private const int MostSuggestions = 300;

    /// <summary>A contact as its page shows it; null when it does not exist or the actor may not see it.</summary>
    public async Task<ContactSheet?> GetAsync(Guid contactId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var contact = await VisibleContacts.Of(db, actor).AsNoTracking().Include(c => c.Labels).SingleOrDefaultAsync(c => c.Id == contactId, cancellationToken);
        if (contact is null)
        {
            return null;
        }

        var visible = db.Institutions.VisibleTo(actor);
        return new ContactSheet(contact.Id, contact.FullName, contact.Details(), contact.CreatedAt, contact.UpdatedAt)
        {
            Places = await (
                from role in db.ContactRoles
                join institution in visible on role.InstitutionId equals institution.Id
                where role.ContactId == contactId
                orderby role.EndedOn == null descending, role.EndedOn descending, role.IsPrimary descending, institution.Name
                select new ContactPlace(role.Id, institution.Id, institution.Name, institution.City, role.Title, role.Department, role.Influence, role.StartedOn, role.EndedOn, role.IsPrimary))
                .ToListAsync(cancellationToken),
            Deals = await db.Opportunities.VisibleTo(actor)
                .Where(deal => deal.ContactId == contactId || deal.Contacts.Any(other => other.ContactId == contactId))
                .OrderBy(deal => deal.Outcome).ThenByDescending(deal => deal.LastInteractionAt)
                .Select(deal => new ContactDeal(deal.Id, deal.Name, deal.Institution.Name, deal.Stage.Name, deal.Outcome, deal.Amount))
                .Take(100)
                .ToListAsync(cancellationToken),
            Tasks = await TaskLine.Lines(db.FollowUpTasks.VisibleTo(actor).Where(task => task.ContactId == contactId)).ToListAsync(cancellationToken),
        };
    }

    /// <summary>The people of an institution: those in place (the primary contact, then by weight and name), then those who left.</summary>
    public async Task<IReadOnlyList<InstitutionContact>> OfInstitutionAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var activities = VisibleActivities.Of(db, actor);
        return await (
            from role in db.ContactRoles
            join contact in db.Contacts on role.ContactId equals contact.Id
            join institution in db.Institutions.VisibleTo(actor) on role.InstitutionId equals institution.Id
            where institution.Id == institutionId
            orderby role.EndedOn == null descending, role.IsPrimary descending, role.Influence == Influence.Unknown, role.Influence, role.EndedOn descending, contact.LastName
            select new InstitutionContact(role.Id, contact.Id, contact.FullName, contact.JobTitle, role.Title, role.Department, role.Influence, role.StartedOn, role.EndedOn, role.IsPrimary, contact.Email, contact.Phone, contact.Mobile)
            {
                ManagerId = role.ManagerId,
                LastContactAt = db.ActivityPeople.Where(person => person.ContactId == contact.Id).Join(activities.Where(activity => activity.IsContact), person => person.ActivityId, activity => activity.Id, (person, activity) => (DateTime?)activity.At).Max(),
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>The name of a contact that the actor may see, or null.</summary>
    public async Task<string?> FindNameAsync(Guid contactId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await VisibleContacts.Of(db, actor).Where(contact => contact.Id == contactId).Select(contact => contact.FullName).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The tags already in use, the most frequent first.</summary>
    public async Task<IReadOnlyList<string>> TagsInUseAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var visible = VisibleContacts.Of(db, actor);
        return await db.ContactLabels
            .Where(label => visible.Any(contact => contact.Id == label.ContactId))
            .GroupBy(label => label.Text)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key)
            .Select(same => same.Key)
            .Take(MostSuggestions)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The job titles already in use, the most frequent first.</summary>
    public async Task<IReadOnlyList<string>> JobTitlesInUseAsync(CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await VisibleContacts.Of(db, actor)
            .Where(contact => contact.JobTitle != null)
            .GroupBy(contact => contact.JobTitle!)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key)
            .Select(same => same.Key)
            .Take(100)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates a contact, with a place in an institution when one is given.</summary>
    /// <exception cref="BusinessRuleException">A field is refused, or the RPPS number is already taken.</exception>
    public async Task<Done> CreateAsync(ContactDetails details, ContactRoleDetails? place = null, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        actor.Demand(Right.EditCustomers);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        var contact = new Contact(details, clock.UtcNow);
        var gesture = db.Begin(actor, $"Contact « {contact.FullName} » créé");
        await db.InTransactionAsync(
            async () =>
            {
                await CheckUniqueAsync(db, contact, cancellationToken);
                if (place is not null)
                {
                    await PlaceAsync(db, actor, contact.Join(place, clock.UtcNow), cancellationToken);
                }

                db.Contacts.Add(contact);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return new Done(contact.Id, gesture.Sentence, gesture.Undoable);
    }

    /// <summary>Takes what somebody typed in the form; what a colleague changed meanwhile in other fields stays.</summary>
    /// <exception cref="EditConflictException">A colleague changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">A field is refused, or the contact is gone.</exception>
    public Task<Done> EditAsync(Guid contactId, ContactDetails seen, ContactDetails mine, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            async (db, _, contact) =>
            {
                var merged = await db.MergeAsync(contact, seen, mine, contact.Details(), cancellationToken);
                contact.Edit(merged with { TeamId = await Assignment.TeamAsync(db, contact, merged.OwnerId, merged.TeamId, cancellationToken) }, clock.UtcNow);
                await CheckUniqueAsync(db, contact, cancellationToken);
                return $"Contact « {contact.FullName} » modifié";
            },
            cancellationToken);

    /// <summary>Gives a contact a place in an institution. A primary place makes that of the others there secondary.</summary>
    /// <exception cref="BusinessRuleException">The place is refused, or already held.</exception>
    public Task<Done> JoinAsync(Guid contactId, ContactRoleDetails place, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            async (db, actor, contact) =>
            {
                var institution = await PlaceAsync(db, actor, contact.Join(place, clock.UtcNow), cancellationToken);
                return $"« {contact.FullName} » ajouté à « {institution} »";
            },
            cancellationToken);

    /// <summary>Changes a place: role, department, influence, dates, primary contact.</summary>
    /// <exception cref="EditConflictException">A colleague changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">The place is refused or gone.</exception>
    public Task<Done> EditPlaceAsync(Guid contactId, Guid roleId, ContactRoleDetails seen, ContactRoleDetails mine, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            async (db, actor, contact) =>
            {
                var place = contact.PlaceOf(roleId);
                var merged = await db.MergeAsync(place, seen, mine, place.Details(), cancellationToken);
                await PlaceAsync(db, actor, contact.EditPlace(roleId, merged, clock.UtcNow), cancellationToken);
                return $"Poste de « {contact.FullName} » modifié";
            },
            cancellationToken);

    /// <summary>Makes somebody the primary contact of the institution where they hold a place.</summary>
    /// <exception cref="BusinessRuleException">The place is closed or gone.</exception>
    public Task<Done> MakePrimaryAsync(Guid contactId, Guid roleId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            async (db, actor, contact) =>
            {
                var place = contact.PlaceOf(roleId);
                if (place.EndedOn is not null)
                {
                    throw new BusinessRuleException($"« {contact.FullName} » a quitté ce poste.");
                }

                var institution = await PlaceAsync(db, actor, contact.EditPlace(roleId, place.Details() with { IsPrimary = true }, clock.UtcNow), cancellationToken);
                return $"« {contact.FullName} » est le contact principal de « {institution} »";
            },
            cancellationToken);

    /// <summary>Says whom somebody reports to in an institution where both hold a place; nobody when null.</summary>
    /// <exception cref="BusinessRuleException">One of the places is closed or gone, or the manager reports to this person already.</exception>
    public Task<Done> ReportToAsync(Guid contactId, Guid roleId, Guid? managerId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            async (db, _, contact) =>
            {
                var institutionId = contact.PlaceOf(roleId).InstitutionId;
                var managers = await db.ContactRoles.AsNoTracking()
                    .Where(role => role.InstitutionId == institutionId && role.EndedOn == null && role.Contact.DeletedAt == null)
                    .Select(role => new { role.ContactId, role.ManagerId, role.ContactName })
                    .ToDictionaryAsync(role => role.ContactId, cancellationToken);
                if (managerId is { } id && !managers.ContainsKey(id))
                {
                    throw new BusinessRuleException("Cette personne n'est plus en poste ici.");
                }

                for (var (above, steps) = (managerId, 0); above is { } next && steps <= managers.Count; above = managers.GetValueOrDefault(next)?.ManagerId, steps++)
                {
                    if (next == contactId)
                    {
                        throw new BusinessRuleException($"« {managers[managerId!.Value].ContactName} » dépend déjà de « {contact.FullName} ».");
                    }
                }

                contact.ReportTo(roleId, managerId, clock.UtcNow);
                return managerId is { } chosen ? $"« {contact.FullName} » est rattaché à « {managers[chosen].ContactName} »" : $"« {contact.FullName} » n'est plus rattaché à personne";
            },
            cancellationToken);

    /// <summary>Somebody left a place on a day; it closes and keeps its history.</summary>
    /// <exception cref="BusinessRuleException">The day is to come or before the start, or the place is gone.</exception>
    public Task<Done> LeaveAsync(Guid contactId, Guid roleId, DateOnly on, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            (_, _, contact) =>
            {
                if (on > clock.Today)
                {
                    throw new BusinessRuleException("Indiquez un jour passé ou aujourd'hui.", nameof(ContactRoleDetails.EndedOn));
                }

                contact.LeavePlace(roleId, on, clock.UtcNow);
                return Task.FromResult($"« {contact.FullName} » a quitté son poste");
            },
            cancellationToken);

    /// <summary>Removes a place entered by mistake.</summary>
    /// <exception cref="BusinessRuleException">The place is gone.</exception>
    public Task<Done> ForgetAsync(Guid contactId, Guid roleId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            (_, _, contact) =>
            {
                contact.Forget(roleId, clock.UtcNow);
                return Task.FromResult($"Poste de « {contact.FullName} » retiré");
            },
            cancellationToken);

    /// <summary>Puts a contact in the bin, with the places held.</summary>
    /// <exception cref="BusinessRuleException">The contact is gone.</exception>
    public Task<Done> DeleteAsync(Guid contactId, CancellationToken cancellationToken = default)
        => ChangeAsync(
            contactId,
            (_, _, contact) =>
            {
                contact.DeletedAt = clock.UtcNow;
                return Task.FromResult($"Contact « {contact.FullName} » supprimé");
            },
            cancellationToken);

    /// <summary>An RPPS number belongs to one person.</summary>
    /// <exception cref="BusinessRuleException">Another contact carries it.</exception>
    internal static async Task CheckUniqueAsync(MedCrmDbContext db, Contact contact, CancellationToken cancellationToken)
    {
        if (contact.Rpps is { } rpps && await db.Contacts.AnyAsync(other => other.Rpps == rpps && other.Id != contact.Id, cancellationToken))
        {
            throw new BusinessRuleException("Ce numéro RPPS est déjà celui d'un autre contact : il n'y en a qu'un par praticien.", nameof(Contact.Rpps));
        }
    }

    private Task<Done> ChangeAsync(Guid contactId, Func<MedCrmDbContext, Actor, Contact, Task<string>> change, CancellationToken cancellationToken)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);

            var gesture = db.Begin(actor, "");
            // Behind the gate from the first read on: an institution has one primary contact, whoever names another meanwhile.
            await db.InTransactionAsync(
                async () =>
                {
                    var contact = await VisibleContacts.Of(db, actor).Include(c => c.Roles).Include(c => c.Labels).SingleOrDefaultAsync(c => c.Id == contactId, cancellationToken)
                        ?? throw new BusinessRuleException("Ce contact n'existe plus.");
                    gesture.Sentence = await change(db, actor, contact);
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
            return new Done(contactId, gesture.Sentence, gesture.Undoable);
        });

    // Gives the institution's name; one place at most is the primary one of an institution.
    private static async Task<string> PlaceAsync(MedCrmDbContext db, Actor actor, ContactRole place, CancellationToken cancellationToken)
    {
        var institution = await db.Institutions.VisibleTo(actor).Where(i => i.Id == place.InstitutionId).Select(i => i.Name).SingleOrDefaultAsync(cancellationToken)
            ?? throw new BusinessRuleException("Cet établissement n'existe plus.", nameof(ContactRoleDetails.InstitutionId));
        if (place.IsPrimary)
        {
            foreach (var other in await db.ContactRoles.Where(role => role.InstitutionId == place.InstitutionId && role.IsPrimary && role.Id != place.Id).ToListAsync(cancellationToken))
            {
                other.Demote();
            }
        }

        return institution;
    }
}
