using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class ThreeWayMergeTests
{
    private static readonly InstitutionDetails s_seen = new() { Name = "CHU de Nantes", City = "Nantes", Phone = "+33240083333", Tags = ["Grand compte", "IRM"], BedsSurgery = 120 };

    [Fact]
    public void Different_fields_both_win()
    {
        var merged = Merge(mine: s_seen with { City = "Saint-Herblain" }, current: s_seen with { Phone = "+33240084444", Status = CustomerStatus.Customer });

        Assert.Equal(("Saint-Herblain", "+33240084444", CustomerStatus.Customer), (merged.City, merged.Phone, merged.Status));
        Assert.Equal("CHU de Nantes", merged.Name);
    }

    [Fact]
    public void A_field_emptied_by_one_stays_empty()
    {
        Assert.Null(Merge(mine: s_seen, current: s_seen with { Phone = null }).Phone);
        Assert.Null(Merge(mine: s_seen with { Phone = null }, current: s_seen).Phone);
    }

    [Fact]
    public void The_same_field_changed_to_different_values_is_a_conflict_with_both_values_in_French()
    {
        var conflict = Assert.Throws<EditConflictException>(() => Merge(
            mine: s_seen with { Status = CustomerStatus.Customer, BedsSurgery = 130, City = "Rezé" },
            current: s_seen with { Status = CustomerStatus.FormerCustomer, BedsSurgery = 140 }));

        Assert.Equal(["Statut", "Lits de chirurgie"], conflict.Conflicts.Select(field => field.Label));
        Assert.Equal(("Client", "Ancien client"), (conflict.Conflicts[0].Mine, conflict.Conflicts[0].Theirs));
        Assert.Equal(("120", "130", "140"), (conflict.Conflicts[1].Seen, conflict.Conflicts[1].Mine, conflict.Conflicts[1].Theirs));
    }

    [Fact]
    public void The_same_field_changed_to_the_same_value_is_no_conflict()
        => Assert.Equal("Rezé", Merge(mine: s_seen with { City = "Rezé" }, current: s_seen with { City = "Rezé" }).City);

    [Fact]
    public void An_empty_text_from_a_form_changes_nothing()
        => Assert.Equal("Clinique", Merge(mine: s_seen with { ShortName = " " }, current: s_seen with { ShortName = "Clinique" }).ShortName);

    [Fact]
    public void Lists_keep_what_each_added_and_lose_what_each_removed()
    {
        var merged = Merge(mine: s_seen with { Tags = ["Grand compte", "Scanner"] }, current: s_seen with { Tags = ["IRM", "Ouest", "Scanner"] });

        Assert.Equal(["Ouest", "Scanner"], merged.Tags);
    }

    [Fact]
    public void Settling_keeps_mine_where_chosen_theirs_elsewhere_and_every_change_without_conflict()
    {
        var mine = s_seen with { City = "Rezé", Name = "CHU", Phone = null };
        var current = s_seen with { City = "Orvault", Name = "Hôtel-Dieu", BedsSurgery = 90 };

        var settled = ThreeWayMerge.Settle(s_seen, mine, current, new HashSet<string> { nameof(InstitutionDetails.City) });

        Assert.Equal(("Rezé", "Hôtel-Dieu", null, 90), (settled.City, settled.Name, settled.Phone, settled.BedsSurgery));
        Assert.Equal("Rezé", ThreeWayMerge.Apply(current, settled, current, Guid.NewGuid()).City);
    }

    private static InstitutionDetails Merge(InstitutionDetails mine, InstitutionDetails current) => ThreeWayMerge.Apply(s_seen, mine, current, Guid.NewGuid());
}
