using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.Duplicates;

/// <summary>Which rows may stand only once beside a record: a label, the place of a person, whatever an index of the model keeps unique. All others simply move.</summary>
internal static class MergeRules
{
    /// <summary>What makes a row unique beside the record that <paramref name="key"/> refers to; null when there may be several.</summary>
    public static string? OnceKey(EntityEntry<IRecorded> row, IForeignKey key) => row.Entity switch
    {
        InstitutionLabel label => $"{label.Kind} {label.SearchKey}",
        ContactLabel label => label.SearchKey,
        ActivityPerson person => person.ActivityId.ToString(),
        ContactRole when key.Properties[0].Name == nameof(ContactRole.ManagerId) => null,
        ContactRole { EndedOn: not null } => null,
        ContactRole role => key.Properties[0].Name == nameof(ContactRole.InstitutionId) ? role.ContactId.ToString() : role.InstitutionId.ToString(),
        OpportunityContact other => other.OpportunityId.ToString(),
        var record => key.DeclaringEntityType.GetIndexes().FirstOrDefault(index => index.IsUnique && index.Properties.Contains(key.Properties[0])) is { } index
            && !(index.GetFilter() is not null && record is IBinnable { DeletedAt: not null })
                ? string.Join(' ', index.Properties.Where(property => property != key.Properties[0]).Select(property => FieldChanges.Text(row.Property(property).CurrentValue)))
                : null,
    };

    /// <summary>A place that stays takes what only the other one said.</summary>
    public static void Complete(ContactRole stays, ContactRole goes)
    {
        var (held, other) = (stays.Details(), goes.Details());
        stays.Edit(held with
        {
            Title = held.Title ?? other.Title,
            Department = held.Department ?? other.Department,
            Influence = held.Influence is Influence.Unknown ? other.Influence : held.Influence,
            StartedOn = held.StartedOn is null || other.StartedOn < held.StartedOn ? other.StartedOn ?? held.StartedOn : held.StartedOn,
            IsPrimary = held.IsPrimary || other.IsPrimary,
        });
    }
}
