using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Customers;

/// <summary>The door of contacts on their way to somebody's address book.</summary>
public sealed class ContactCards(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>The card of a contact, with the place held now that matters most; null when it does not exist or the actor may not see it.</summary>
    public async Task<VCard?> FindAsync(Guid contactId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await VisibleContacts.Of(db, actor).AsNoTracking().SingleOrDefaultAsync(contact => contact.Id == contactId, cancellationToken) is not { } contact)
        {
            return null;
        }

        var place = await (
                from role in db.ContactRoles
                join institution in db.Institutions.VisibleTo(actor) on role.InstitutionId equals institution.Id
                where role.ContactId == contactId && role.EndedOn == null
                orderby role.IsPrimary descending, role.StartedOn descending, institution.Name
                select new { role.Title, role.Department, institution.Name, institution.Street, institution.AddressLine2, institution.City, institution.Postcode, institution.Phone })
            .FirstOrDefaultAsync(cancellationToken);
        return new VCard
        {
            FullName = contact.FullName,
            LastName = contact.LastName,
            FirstName = contact.FirstName,
            Civility = contact.Civility,
            Organization = place?.Name,
            Department = place?.Department,
            Title = contact.JobTitle ?? place?.Title,
            Phone = contact.Phone ?? place?.Phone,
            Mobile = contact.Mobile,
            Email = contact.Email,
            Street = place?.Street,
            AddressLine2 = place?.AddressLine2,
            City = place?.City,
            Postcode = place?.Postcode,
            UpdatedAt = contact.UpdatedAt,
        };
    }
}
