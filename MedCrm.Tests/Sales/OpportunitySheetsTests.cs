using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Sales;

public sealed class OpportunitySheetsTests : IAsyncLifetime
{
    private TestWorld _world = null!;

    private OpportunitySheets Door => _world.Get<OpportunitySheets>();

    public async Task InitializeAsync() => (_world = await TestWorld.CreateAsync()).As(_world.Claire);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Each_stage_crossed_says_how_long_the_deal_stayed()
    {
        var deal = await _world.OpportunityAsync();
        _world.Time.Advance(TimeSpan.FromDays(5));
        await _world.Get<Opportunities>().MoveAsync(deal.Id, (await _world.StageAsync("Proposal")).Id, deal.Version);
        _world.Time.Advance(TimeSpan.FromDays(2));

        var sheet = (await Door.FindAsync(deal.Id))!;

        Assert.Equal([("Proposition", 2, true), ("Prospection", 5, false)], sheet.Passages.Select(passage => (passage.StageName, passage.Days, passage.IsPresent)));
        Assert.Equal((50, 5_000m, FollowUpState.NoNextAction), (sheet.ProbabilityPercent, sheet.Weighted, sheet.FollowUp.State));
    }

    [Fact]
    public async Task Lines_contacts_and_tasks_stand_on_the_page()
    {
        var institution = await _world.InstitutionAsync();
        var (main, beside) = (await _world.ContactAsync(institution), await _world.ContactAsync(institution, "Moreau", "Julie"));
        var deal = await _world.OpportunityAsync(institution: institution, with: details => details with { ContactId = main.Id });
        await _world.Get<Opportunities>().SetLinesAsync(deal.Id, [new() { Description = "Table", Quantity = 2, UnitPrice = 1_500 }], deal.Version);
        await _world.Get<Opportunities>().SetContactsAsync(deal.Id, [main.Id, beside.Id], (await Door.FindAsync(deal.Id))!.Version);
        await _world.SaveAsync(db => db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "Rappeler", DueOn = new DateOnly(2026, 11, 24), OwnerId = _world.Claire.Id, TeamId = _world.Claire.TeamId, OpportunityId = deal.Id }, _world.Claire, _world.Now())));

        var sheet = (await Door.FindAsync(deal.Id))!;

        Assert.Equal(3_000m, sheet.Details.Amount);
        Assert.Equal([(main.Id, true), (beside.Id, false)], sheet.Contacts.Select(contact => (contact.Id, contact.IsMain)));
        Assert.Equal([beside.Id], sheet.InvolvedIds);
        Assert.Equal("Rappeler", Assert.Single(sheet.Tasks).Title);
        Assert.Equal(FollowUpState.OnTrack, sheet.FollowUp.State);
    }

    [Fact]
    public async Task A_deal_wakes_up_on_the_day_its_sleep_ends()
    {
        var deal = await _world.OpportunityAsync();
        await _world.Get<Opportunities>().SnoozeAsync(deal.Id, new DateOnly(2026, 11, 23), "Vacances", deal.Version);
        Assert.True((await Door.FindAsync(deal.Id))!.IsAsleep);

        _world.Time.Advance(TimeSpan.FromDays(2));

        Assert.False((await Door.FindAsync(deal.Id))!.IsAsleep);
    }

    [Fact]
    public async Task A_deal_without_an_owner_stays_with_its_team()
    {
        var deal = await _world.OpportunityAsync();
        var seen = (await Door.FindAsync(deal.Id))!.Details;

        await _world.Get<Opportunities>().EditAsync(deal.Id, seen, seen with { OwnerId = null });

        Assert.Equal((null, _world.Claire.TeamId), ((await Door.FindAsync(deal.Id))!.Details.OwnerId, (await Door.FindAsync(deal.Id))!.Details.TeamId));
        Assert.Null(await _world.As(_world.Lea).Get<OpportunitySheets>().FindAsync(deal.Id));
    }

    [Fact]
    public async Task Another_team_reads_neither_the_page_nor_the_list_of_the_institution()
    {
        var institution = await _world.InstitutionAsync();
        var deal = await _world.OpportunityAsync(institution: institution);
        Assert.Single(await Door.OfInstitutionAsync(institution.Id));

        _world.As(_world.Lea);

        Assert.Null(await Door.FindAsync(deal.Id));
        Assert.Empty(await Door.OfInstitutionAsync(institution.Id));
    }
}
