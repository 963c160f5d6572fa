using MedCrm.Core.Engagement;
using MedCrm.Web.Engagement;

namespace MedCrm.Tests.Engagement;

public sealed class DayLayoutTests
{
    private static readonly Guid s_claire = Guid.NewGuid();
    private static readonly Guid s_paul = Guid.NewGuid();

    [Fact]
    public void Items_apart_take_the_whole_width()
    {
        var placed = DayLayout.Place([Meeting(9, 60), Meeting(10, 60)]);
        Assert.All(placed, item => Assert.Equal((0, 1, false), (item.Lane, item.Lanes, item.Clashes)));
    }

    [Fact]
    public void Items_that_overlap_share_the_width_and_a_freed_lane_serves_again()
    {
        var placed = DayLayout.Place([Meeting(9, 120), Meeting(10, 30), Meeting(10.5, 60)]);
        Assert.Equal([(540, 0, 2), (600, 1, 2), (630, 1, 2)], placed.Select(item => (item.Start, item.Lane, item.Lanes)));
    }

    [Fact]
    public void One_person_at_two_meetings_clashes_and_two_people_do_not()
    {
        Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(9.5, 60)]), item => Assert.True(item.Clashes));
        Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(9.5, 60) with { People = [s_paul] }]), item => Assert.False(item.Clashes));
        Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(9.5, 60) with { IsCancelled = true }]), item => Assert.False(item.Clashes));
        Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(9.5, 60) with { Kind = AgendaKind.Task }]), item => Assert.False(item.Clashes));
        Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(10, 60)]), item => Assert.False(item.Clashes));
    }

    [Fact]
    public void One_meeting_right_after_the_other_is_no_clash_even_beside_something_longer()
        => Assert.All(DayLayout.Place([Meeting(9, 60), Meeting(10, 60), Meeting(9.5, 90) with { People = [s_paul] }]), item => Assert.False(item.Clashes));

    [Fact]
    public void What_lasts_the_whole_day_has_no_place_among_the_hours()
        => Assert.Empty(DayLayout.Place([Meeting(9, 60) with { From = null }]));

    private static AgendaItem Meeting(double hour, int minutes) => new()
    {
        Kind = AgendaKind.Meeting,
        Id = Guid.NewGuid(),
        Title = "Comité",
        Day = new DateOnly(2026, 11, 24),
        From = TimeOnly.FromTimeSpan(TimeSpan.FromHours(hour)),
        Minutes = minutes,
        People = [s_claire],
    };
}
