using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;

namespace MedCrm.Core.Engagement;

/// <summary>
/// The one rule of which activities somebody sees. A private one is its author's and of the colleagues who took part, whatever a role sees;
/// one of a team follows the team; a shared one follows its institution and its contacts as well.
/// </summary>
public static class VisibleActivities
{
    /// <summary>The activities that an actor may see.</summary>
    public static IQueryable<Activity> Of(MedCrmDbContext db, Actor actor)
    {
        var id = actor.Id;
        if (actor.Visibility is Visibility.All)
        {
            return db.Activities.Where(a => a.Sharing != Sharing.Private || a.OwnerId == id || a.People.Any(person => person.UserId == id));
        }

        var team = actor.Visibility is Visibility.Team ? actor.TeamId : null;
        var institutions = db.Institutions.VisibleTo(actor);
        var contacts = VisibleContacts.Of(db, actor);
        return db.Activities.Where(a =>
            a.OwnerId == id
            || a.People.Any(person => person.UserId == id)
            || (a.Sharing != Sharing.Private && ((team != null && a.TeamId == team) || (a.OwnerId == null && a.TeamId == null)))
            || (a.Sharing == Sharing.Everyone && (institutions.Any(i => i.Id == a.InstitutionId) || a.People.Any(person => contacts.Any(c => c.Id == person.ContactId)))));
    }
}
