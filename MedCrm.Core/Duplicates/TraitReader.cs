using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Duplicates;

/// <summary>Reads what records are compared by: the columns that tell, nothing else.</summary>
internal static class TraitReader
{
    /// <summary>The traits of institutions.</summary>
    public static async Task<List<InstitutionTraits>> ReadAsync(IQueryable<Institution> institutions, CancellationToken cancellationToken)
    {
        var rows = await institutions
            .Select(i => new { i.Id, i.Name, i.FinessEt, i.FinessEj, i.IsLegalEntity, i.Siret, i.CategoryCode, i.Postcode, i.City, i.DepartmentCode, i.Phone, i.SecondPhone, i.Email, i.Website })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(i => new InstitutionTraits(i.Id, new InstitutionDetails
        {
            Name = i.Name,
            FinessEt = i.FinessEt,
            FinessEj = i.FinessEj,
            IsLegalEntity = i.IsLegalEntity,
            Siret = i.Siret,
            CategoryCode = i.CategoryCode,
            Postcode = i.Postcode,
            City = i.City,
            DepartmentCode = i.DepartmentCode,
            Phone = i.Phone,
            SecondPhone = i.SecondPhone,
            Email = i.Email,
            Website = i.Website,
        }))];
    }

    /// <summary>The traits of contacts, with the places that they hold now.</summary>
    public static async Task<List<ContactTraits>> ReadAsync(MedCrmDbContext db, IQueryable<Contact> contacts, CancellationToken cancellationToken)
    {
        var rows = await contacts.Select(c => new { c.Id, c.FirstName, c.LastName, c.Civility, c.Rpps, c.Email, c.Phone, c.Mobile }).ToListAsync(cancellationToken);
        var places = (await (
                from role in db.ContactRoles
                join contact in contacts on role.ContactId equals contact.Id
                join institution in db.Institutions on role.InstitutionId equals institution.Id
                where role.EndedOn == null
                select new { role.ContactId, institution.Id, institution.Postcode, institution.City })
                .ToListAsync(cancellationToken))
            .ToLookup(place => place.ContactId, place => new TraitPlace(place.Id, new Town(place.Postcode, place.City).Name()));
        return [.. rows.Select(c => new ContactTraits(
            c.Id,
            new ContactDetails { FirstName = c.FirstName, LastName = c.LastName, Civility = c.Civility, Rpps = c.Rpps, Email = c.Email, Phone = c.Phone, Mobile = c.Mobile },
            [.. places[c.Id]]))];
    }
}
