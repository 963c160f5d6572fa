using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>What a deal or a task is tied to must exist, and be visible to whoever ties it. What it was tied to already is left as it is.</summary>
internal static class Links
{
    /// <summary>Checks the institution of a record.</summary>
    /// <exception cref="BusinessRuleException">It is gone or out of sight.</exception>
    public static async Task CheckInstitutionAsync(MedCrmDbContext db, Actor actor, Guid? institutionId, Guid? before, CancellationToken cancellationToken)
    {
        if (institutionId is { } id && institutionId != before && !await db.Institutions.VisibleTo(actor).AnyAsync(institution => institution.Id == id, cancellationToken))
        {
            throw new BusinessRuleException("Cet établissement n'existe plus, ou n'est pas visible pour vous.", "InstitutionId");
        }
    }

    /// <summary>Checks the contact of a record.</summary>
    /// <exception cref="BusinessRuleException">It is gone or out of sight.</exception>
    public static async Task CheckContactAsync(MedCrmDbContext db, Actor actor, Guid? contactId, Guid? before, CancellationToken cancellationToken)
    {
        if (contactId is { } id && contactId != before && !await VisibleContacts.Of(db, actor).AnyAsync(contact => contact.Id == id, cancellationToken))
        {
            throw new BusinessRuleException("Ce contact n'existe plus, ou n'est pas visible pour vous.", "ContactId");
        }
    }
}
