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

    /// <summary>Checks the deal that a record is tied to, and answers whose it is.</summary>
    /// <param name="institutionId">The institution of the record; null takes that of the deal.</param>
    /// <exception cref="BusinessRuleException">The deal is gone, out of sight, or of another institution.</exception>
    public static async Task<Guid> CheckDealAsync(MedCrmDbContext db, Actor actor, Guid dealId, Guid? institutionId, CancellationToken cancellationToken)
    {
        var owner = await db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == dealId).Select(deal => (Guid?)deal.InstitutionId).SingleOrDefaultAsync(cancellationToken)
            ?? throw new BusinessRuleException("Cette affaire n'existe plus, ou n'est pas visible pour vous.", "OpportunityId");
        return institutionId is null || institutionId == owner ? owner : throw new BusinessRuleException("Cette affaire est celle d'un autre établissement.", "OpportunityId");
    }
}
