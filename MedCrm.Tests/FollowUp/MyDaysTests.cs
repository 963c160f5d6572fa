using MedCrm.Core.FollowUp;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.FollowUp;

public sealed class MyDaysTests
{
    private static readonly DateOnly s_today = new(2026, 11, 23);

    [Fact]
    public async Task The_day_holds_what_is_mine_in_its_sections()
    {
        await using var world = await MondayAsync();
        var hospital = await world.InstitutionAsync(with: details => details with { Phone = "02 40 08 33 33" });
        await world.TaskAsync(with: details => details with { Title = "En retard", DueOn = s_today.AddDays(-2), InstitutionId = hospital.Id });
        await world.TaskAsync(with: details => details with { Title = "Sans heure" });
        await world.TaskAsync(with: details => details with { Title = "À dix heures", DueTime = new TimeOnly(10, 0) });
        await world.TaskAsync(with: details => details with { Title = "Dimanche", DueOn = new DateOnly(2026, 11, 29) });
        await world.TaskAsync(with: details => details with { Title = "Lundi suivant", DueOn = new DateOnly(2026, 11, 30) });
        await world.TaskAsync(with: details => details with { Title = "Sans jour", DueOn = null });
        await world.TaskAsync(world.Paul, details => details with { Title = "À Paul" });
        await world.OpportunityAsync(with: details => details with { Name = "Scanner", NextAction = "Appeler", NextActionOn = s_today });
        await world.OpportunityAsync(owner: world.Paul, with: details => details with { Name = "Affaire de Paul", NextActionOn = s_today });

        var day = await world.As(world.Claire).Get<MyDays>().ReadAsync();

        Assert.Equal(["En retard"], Titles(day.Overdue));
        Assert.Equal(("CHU de Nantes", "+33240083333"), (day.Overdue.Items[0].InstitutionName, day.Overdue.Items[0].Phone));
        Assert.Equal(["À dix heures", "Sans heure"], Titles(day.DueToday));
        Assert.Equal(["Appeler"], Titles(day.NextActions));
        Assert.Equal(["Dimanche"], Titles(day.ThisWeek));
        Assert.Equal((4, false), (day.Pressing, day.IsEmpty));
    }

    [Fact]
    public async Task A_deal_that_nobody_dealt_with_is_dormant_until_somebody_does()
    {
        await using var world = await MondayAsync();
        var deal = await world.OpportunityAsync();
        world.Time.Advance(TimeSpan.FromDays(60));
        var days = world.As(world.Claire).Get<MyDays>();

        var dormant = Assert.Single((await days.ReadAsync()).Dormant.Items);
        Assert.Equal((deal.Id, 60, 10_000m), (dormant.Id, dormant.IdleDays, dormant.Amount));

        await world.Get<FollowUpTasks>().CompleteNextActionAsync(deal.Id, "Appelée");
        Assert.Empty((await days.ReadAsync()).Dormant.Items);
    }

    [Fact]
    public async Task A_long_section_shows_its_first_lines_and_counts_the_rest()
    {
        await using var world = await MondayAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.TaskAsync();
        }

        var section = (await world.As(world.Claire).Get<MyDays>().ReadAsync(perSection: 3)).DueToday;

        Assert.Equal((3, 5), (section.Items.Count, section.Total));
    }

    [Theory]
    [InlineData("2026-11-23", "2026-11-29")]
    [InlineData("2026-11-27", "2026-11-29")]
    [InlineData("2026-11-28", "2026-12-06")]
    [InlineData("2026-11-29", "2026-12-06")]
    public void The_week_ends_on_sunday_and_at_the_weekend_the_coming_one_counts(string today, string end)
        => Assert.Equal(DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture), MyDays.EndOfWeek(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture)));

    private static async Task<TestWorld> MondayAsync()
    {
        var world = await TestWorld.CreateAsync();
        world.Time.MoveTo(new DateTime(2026, 11, 23, 7, 0, 0));
        return world;
    }

    private static IEnumerable<string> Titles(DaySection section) => section.Items.Select(item => item.Title);
}
