using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;

namespace MedCrm.Core.Engagement;

/// <summary>A contact who took part in an activity, as lines of activities name one.</summary>
internal sealed class ActivityContact
{
    public required Guid ActivityId { get; init; }
    public required string FullName { get; init; }
    public required string SearchKey { get; init; }

    /// <summary>The contacts of activities that an actor may see.</summary>
    public static IQueryable<ActivityContact> VisibleTo(MedCrmDbContext db, Actor actor) =>
        db.ActivityPeople.Join(
            VisibleContacts.Of(db, actor),
            person => person.ContactId,
            contact => (Guid?)contact.Id,
            (person, contact) => new ActivityContact { ActivityId = person.ActivityId, FullName = contact.FullName, SearchKey = contact.SearchKey });
}
