namespace MedCrm.Core.Customers;

/// <summary>Somebody in the chart of an institution, with those who report to them.</summary>
public sealed record OrgNode(InstitutionContact Contact, IReadOnlyList<OrgNode> Reports);

/// <summary>Who reports to whom in an institution, drawn from the places held now.</summary>
public static class OrgChart
{
    /// <summary>Those who report to nobody in place, the ones with a team first, each with their team beneath. Whoever reports to somebody who left stands at the top; a circle is opened at its first member.</summary>
    public static IReadOnlyList<OrgNode> Of(IReadOnlyList<InstitutionContact> contacts)
    {
        var inPlace = contacts.Where(contact => contact.EndedOn is null).DistinctBy(contact => contact.ContactId).ToList();
        var known = inPlace.Select(contact => contact.ContactId).ToHashSet();
        var teams = inPlace.Where(contact => contact.ManagerId is { } manager && known.Contains(manager)).ToLookup(contact => contact.ManagerId!.Value);
        var drawn = new HashSet<Guid>();
        var roots = inPlace.Where(contact => contact.ManagerId is not { } manager || !known.Contains(manager)).Select(NodeOf).ToList();
        roots.AddRange(inPlace.Where(contact => !drawn.Contains(contact.ContactId)).Select(contact => drawn.Contains(contact.ContactId) ? null : NodeOf(contact)).OfType<OrgNode>());
        return [.. roots.OrderByDescending(node => node.Reports.Count > 0)];

        OrgNode NodeOf(InstitutionContact contact)
        {
            drawn.Add(contact.ContactId);
            return new OrgNode(contact, [.. teams[contact.ContactId].Where(report => !drawn.Contains(report.ContactId)).ToList().Select(NodeOf)]);
        }
    }
}
