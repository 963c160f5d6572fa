using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;

namespace MedCrm.Core.Duplicates;

/// <summary>The one rule of which pairs and merges somebody hears of: both records of a pair, and the record that stayed, are visible to them.</summary>
internal static class VisiblePairs
{
    /// <summary>The pairs of two living records that an actor may see.</summary>
    public static IQueryable<DuplicatePair> Of(MedCrmDbContext db, Actor actor)
    {
        var (institutions, contacts) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor));
        return db.DuplicatePairs.Where(pair => pair.Type == nameof(Institution)
            ? institutions.Any(institution => institution.Id == pair.AId) && institutions.Any(institution => institution.Id == pair.BId)
            : contacts.Any(contact => contact.Id == pair.AId) && contacts.Any(contact => contact.Id == pair.BId));
    }

    /// <summary>The merges into a living record that an actor may see.</summary>
    public static IQueryable<MergedRecord> MergesOf(MedCrmDbContext db, Actor actor)
    {
        var (institutions, contacts) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor));
        return db.MergedRecords.Where(merged => merged.Type == nameof(Institution)
            ? institutions.Any(institution => institution.Id == merged.NewId)
            : contacts.Any(contact => contact.Id == merged.NewId));
    }
}
