using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Scoring;

public sealed class ScoresTests
{
    [Fact]
    public async Task Scores_come_from_contacts_and_deals_and_tell_their_facts()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(with: details => details with { BedsMedicine = 250, Specialities = ["Cardiologie"] });
        await CallAsync(world, hospital, daysAgo: 94);
        await world.OpportunityAsync(institution: hospital, with: details => details with { Amount = 50_000 });

        Assert.Equal(1, await world.Get<Scores>().ComputeAsync());
        var sheet = (await world.As(world.Claire).Get<Scores>().FindAsync(hospital.Id))!;

        // 40 points of 30 for recency, 0 of 20 for frequency; the rest is unknown: 1200 / 50.
        Assert.Equal(24, sheet.Health);
        Assert.Equal(["il y a 94 j", "aucun échange en 90 jours", "aucune offre tranchée en 24 mois"], sheet.HealthParts.Take(3).Select(part => part.Fact.ToString()));
        // 50 of 25 for beds, 25 of 20 for requests, 50 of 20 for the budget; no aim, no answer yet: 2750 / 65.
        Assert.Equal(42, sheet.Lead);
        Assert.Equal([(new DateOnly(2026, 11, 21), 24)], sheet.Trend);
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_changed()
    {
        await using var world = await TestWorld.CreateAsync();
        await CallAsync(world, await world.InstitutionAsync(), daysAgo: 3);
        await world.Get<Scores>().ComputeAsync();
        Assert.Equal(0, await world.Get<Scores>().ComputeAsync());
    }

    [Fact]
    public async Task The_trend_keeps_a_point_where_the_health_changed_and_starts_from_the_one_in_force()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await CallAsync(world, hospital, daysAgo: 0);
        await world.Get<Scores>().ComputeAsync();
        world.Time.Advance(TimeSpan.FromDays(100));
        await world.Get<Scores>().ComputeAsync();
        world.Time.Advance(TimeSpan.FromDays(1));
        await CallAsync(world, hospital, daysAgo: 0);
        await world.Get<Scores>().ComputeAsync();

        var sheet = (await world.As(world.Claire).Get<Scores>().FindAsync(hospital.Id))!;

        Assert.Equal([new DateOnly(2026, 12, 2), new DateOnly(2027, 3, 1), new DateOnly(2027, 3, 2)], sheet.Trend.Select(point => point.On));
        Assert.Equal(sheet.Trend[2].Health - sheet.Trend[0].Health, sheet.Change);
        Assert.True(sheet.Trend[1].Health < sheet.Trend[0].Health);
    }

    [Fact]
    public async Task A_private_meeting_leaves_no_trace_in_a_score_that_others_read()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Meeting, Subject = "Discret", Status = MeetingStatus.Held, At = world.Now().AddDays(-1), InstitutionId = hospital.Id, Sharing = Sharing.Private });
        await world.Get<Scores>().ComputeAsync();
        Assert.Null((await world.As(world.Paul).Get<Scores>().FindAsync(hospital.Id))!.Health);
    }

    [Fact]
    public async Task The_list_sorts_and_filters_by_health()
    {
        await using var world = await TestWorld.CreateAsync();
        await CallAsync(world, await world.InstitutionAsync("Loin"), daysAgo: 120);
        await CallAsync(world, await world.InstitutionAsync("Proche"), daysAgo: 1);
        await world.InstitutionAsync("Inconnu");
        await world.Get<Scores>().ComputeAsync();
        var list = world.As(world.Claire).Get<InstitutionList>();

        var poor = await list.RowsAsync(ListQuery.Parse("http://x/institutions?health-class=Poor", list.Definition), ["name"], 0, 10);
        var sorted = await list.RowsAsync(ListQuery.Parse("http://x/institutions?sort=-health", list.Definition), ["name"], 0, 10);

        Assert.Equal(["Loin"], poor.Select(row => (string)row.Values[0]!));
        Assert.Equal(["Proche", "Loin", "Inconnu"], sorted.Select(row => (string)row.Values[0]!));
    }

    [Fact]
    public async Task The_owner_of_a_prospect_that_passes_the_mark_hears_of_it_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire, with: details => details with { BedsMedicine = 600 });
        for (var index = 0; index < 4; index++)
        {
            await world.OpportunityAsync(institution: hospital, with: details => details with { Amount = 200_000 });
        }

        await world.Get<Scores>().ComputeAsync();
        await world.SaveAsync(db => db.InstitutionScores.RemoveRange(db.InstitutionScores));
        await world.Get<Scores>().ComputeAsync();

        await using var db = world.Open();
        var line = await db.Notifications.SingleAsync();
        Assert.Equal((world.Claire.Id, "Prospect chaud : CHU de Nantes"), (line.UserId, line.Title));
    }

    [Fact]
    public async Task Three_hundred_prospects_that_pass_the_mark_are_told_once_each_in_two_portions()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.SaveAsync(db =>
        {
            var policy = new ScoringPolicy();
            policy.Edit(policy.Details() with { HotLead = 50 });
            db.ScoringPolicies.Add(policy);
            for (var index = 0; index < 300; index++)
            {
                db.Institutions.Add(new Institution(new InstitutionDetails { Name = $"Clinique {index}", BedsMedicine = 5_000, OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId }, world.Now()));
            }
        });
        var rung = 0;
        using var listening = world.Get<NotificationNews>().Subscribe(_ => rung++);

        await world.Get<Scores>().ComputeAsync();
        await world.SaveAsync(db => db.InstitutionScores.RemoveRange(db.InstitutionScores));
        await world.Get<Scores>().ComputeAsync();

        await using var db = world.Open();
        Assert.Equal(300, await db.Notifications.Select(line => line.RecordId).Distinct().CountAsync());
        Assert.Equal((300, 2), (await db.Notifications.CountAsync(), rung));
    }

    [Fact]
    public async Task The_nightly_job_scores_everything_and_an_institution_out_of_sight_keeps_its_scores_to_itself()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync(owner: world.Claire);
        await CallAsync(world, hospital, daysAgo: 1);
        var result = await world.Get<JobRunner>().RunAsync(Schedule.Find("scores")!, new DateOnly(2026, 11, 21));
        Assert.Equal("Scores qui ont changé : 1.", result.Sentence);
        Assert.Null(await world.As(world.Lea).Get<Scores>().FindAsync(hospital.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Scores>().RecomputeAsync(hospital.Id));
    }

    internal static Task<Done> CallAsync(TestWorld world, Institution institution, int daysAgo)
        => world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Subject = "Point", At = world.Now().AddDays(-daysAgo), InstitutionId = institution.Id });
}
