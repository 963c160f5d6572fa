using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.History;

/// <summary>What the records of a save are tied to, so that the page of an institution need not follow the deals of all the others.</summary>
internal static class ChangeLinks
{
    private static readonly string[] s_links = [nameof(ContactRole.InstitutionId), nameof(FollowUpTask.ContactId), nameof(FollowUpTask.OpportunityId)];

    /// <summary>The ids that the loaded records point to, or did before. A part is changed with its whole, which tells what it is tied to.</summary>
    public static HashSet<Guid> Of(ChangeTracker tracker)
    {
        var links = new HashSet<Guid>();
        foreach (var entry in tracker.Entries<IRecorded>())
        {
            foreach (var link in LinksOf(entry.Metadata))
            {
                Add(links, entry.OriginalValues[link]);
                Add(links, entry.CurrentValues[link]);
            }
        }

        return links;
    }

    /// <summary>The ids that new records point to.</summary>
    public static HashSet<Guid> Of(IModel model, IEnumerable<IRecorded> records)
    {
        var links = new HashSet<Guid>();
        foreach (var record in records)
        {
            foreach (var link in LinksOf(model.FindEntityType(record.GetType())!))
            {
                Add(links, link.PropertyInfo?.GetValue(record));
            }
        }

        return links;
    }

    private static IEnumerable<IProperty> LinksOf(IEntityType type) => s_links.Select(type.FindProperty).OfType<IProperty>();

    private static void Add(HashSet<Guid> links, object? id)
    {
        if (id is Guid known)
        {
            links.Add(known);
        }
    }
}
