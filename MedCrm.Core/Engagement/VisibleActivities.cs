using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>
/// The one rule of which activities somebody sees. A private one is its author's and of the colleagues who took part, whatever a role sees;
/// one of a team follows the team; a shared one follows its institution as well, or, without one, its contacts.
/// </summary>
public static class VisibleActivities
{
    /// <summary>The activities that an actor may see. What is asked of other tables is asked once for the whole query, not for each of its rows.</summary>
    public static IQueryable<Activity> Of(MedCrmDbContext db, Actor actor)
    {
        var id = actor.Id;
        var takenPartIn = db.ActivityPeople.Where(person => person.UserId == id && id != null).Select(person => person.ActivityId);
        if (actor.Visibility is Visibility.All)
        {
            return db.Activities.Where(a => a.Sharing != Sharing.Private || a.OwnerId == id || takenPartIn.Contains(a.Id));
        }

        var team = actor.Visibility is Visibility.Team ? actor.TeamId : null;
        var institutions = db.Institutions.VisibleTo(actor).Select(i => (Guid?)i.Id);
        var contacts = VisibleContacts.Of(db, actor);
        return db.Activities.Where(a =>
            a.OwnerId == id
            || (a.Sharing != Sharing.Private && ((team != null && a.TeamId == team) || (a.OwnerId == null && a.TeamId == null)))
            || (a.Sharing == Sharing.Everyone && a.InstitutionId != null && institutions.Contains(a.InstitutionId))
            || takenPartIn.Contains(a.Id)
            || (a.Sharing == Sharing.Everyone && a.InstitutionId == null && a.People.Any(person => contacts.Any(c => c.Id == person.ContactId))));
    }

    /// <summary>The same rule for an activity in hand, its people loaded.</summary>
    internal static async Task<bool> IncludesAsync(MedCrmDbContext db, Actor actor, Activity activity, CancellationToken cancellationToken)
    {
        if (activity.OwnerId == actor.Id || activity.People.Any(person => person.UserId == actor.Id))
        {
            return true;
        }

        if (activity.Sharing is Sharing.Private || actor.Sees(activity))
        {
            return activity.Sharing is not Sharing.Private;
        }

        if (activity.Sharing is not Sharing.Everyone)
        {
            return false;
        }

        var contacts = activity.People.Select(person => person.ContactId).OfType<Guid>().ToArray();
        return activity.InstitutionId is { } institution
            ? await db.Institutions.VisibleTo(actor).AnyAsync(i => i.Id == institution, cancellationToken)
            : await VisibleContacts.Of(db, actor).AnyAsync(contact => contacts.Contains(contact.Id), cancellationToken);
    }
}
