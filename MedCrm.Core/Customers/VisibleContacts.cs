using MedCrm.Core.Access;
using MedCrm.Core.Data;

namespace MedCrm.Core.Customers;

/// <summary>The one rule of which contacts somebody sees: their own and their team's, those of a visible institution, and those that belong nowhere.</summary>
public static class VisibleContacts
{
    /// <summary>The contacts that an actor may see.</summary>
    public static IQueryable<Contact> Of(MedCrmDbContext db, Actor actor)
    {
        if (actor.Visibility is Visibility.All)
        {
            return db.Contacts;
        }

        var (id, team) = (actor.Id, actor.Visibility is Visibility.Team ? actor.TeamId : null);
        var institutions = db.Institutions.VisibleTo(actor);
        return db.Contacts.Where(contact =>
            contact.OwnerId == id
            || (team != null && contact.TeamId == team)
            || contact.Roles.Any(role => institutions.Any(institution => institution.Id == role.InstitutionId))
            || (contact.OwnerId == null && contact.TeamId == null && !contact.Roles.Any()));
    }
}
