using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports.Files;

namespace MedCrm.Core.Imports;

/// <summary>Lays what a file says of a contact, and of the place held, over what is known: only the fields that the file carries change.</summary>
internal static class ContactFieldMerge
{
    /// <summary>The details to give to the contact.</summary>
    public static ContactDetails Over(ContactDetails current, ContactSource source, Actor? owner, bool clearsEmpty)
    {
        var merge = new FieldMerge(source, clearsEmpty);
        var (ownerId, teamId) = merge.Owner(owner, current.OwnerId, current.TeamId);
        // Where a name in one cell is cut was guessed: the same two words leave the names as they are.
        var keepsNames = source.IsNameWhole && source.NameKey == PersonNames.KeyOf(current.FirstName, current.LastName);
        return current with
        {
            Civility = merge.Text(ImportField.ContactTitle, source.Civility, current.Civility),
            FirstName = keepsNames ? current.FirstName : merge.Text(ImportField.ContactFirstName, source.FirstName, current.FirstName),
            LastName = keepsNames ? current.LastName : source.LastName ?? current.LastName,
            JobTitle = merge.Text(ImportField.ContactJobTitle, source.JobTitle, current.JobTitle),
            Speciality = merge.Text(ImportField.ContactSpeciality, source.Speciality, current.Speciality),
            Rpps = merge.Text(ImportField.ContactRpps, source.Rpps, current.Rpps),
            Email = merge.Text(ImportField.ContactEmail, source.Email?.ToLowerInvariant(), current.Email),
            Phone = merge.Text(ImportField.ContactPhone, source.Phone, current.Phone),
            Mobile = merge.Text(ImportField.ContactMobile, source.Mobile, current.Mobile),
            OwnerId = ownerId,
            TeamId = teamId,
            Tags = merge.Tags(current.Tags),
            Notes = merge.Text(ImportField.Notes, source.Notes, current.Notes),
        };
    }

    /// <summary>The place to give to the contact.</summary>
    /// <exception cref="BusinessRuleException">A text is too long.</exception>
    public static ContactRoleDetails Over(ContactRoleDetails current, ContactSource source, bool isPrimary, bool clearsEmpty)
    {
        var merge = new FieldMerge(source, clearsEmpty);
        return current with
        {
            Title = Clean.Text(merge.Text(ImportField.ContactRole, source.RoleTitle, current.Title), 150, nameof(ContactRoleDetails.Title)),
            Department = Clean.Text(merge.Text(ImportField.ContactDepartment, source.Department, current.Department), 150, nameof(ContactRoleDetails.Department)),
            Influence = source.Influence ?? (merge.IsEmptied(ImportField.ContactInfluence) ? Influence.Unknown : current.Influence),
            IsPrimary = isPrimary,
        };
    }
}
