using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;

namespace MedCrm.Core.Documents;

/// <summary>The one rule of which documents somebody sees: their own and their team's, and those of an institution, a contact or a deal that they see.</summary>
public static class VisibleDocuments
{
    /// <summary>The documents that an actor may see.</summary>
    public static IQueryable<Document> Of(MedCrmDbContext db, Actor actor)
    {
        if (actor.Visibility is Visibility.All)
        {
            return db.Documents;
        }

        var (id, team) = (actor.Id, actor.Visibility is Visibility.Team ? actor.TeamId : null);
        var (institutions, contacts, deals) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor), db.Opportunities.VisibleTo(actor));
        return db.Documents.Where(document =>
            document.OwnerId == id
            || (team != null && document.TeamId == team)
            || institutions.Any(institution => institution.Id == document.InstitutionId)
            || contacts.Any(contact => contact.Id == document.ContactId)
            || deals.Any(deal => deal.Id == document.OpportunityId));
    }
}
