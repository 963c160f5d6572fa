using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

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
    public async Task Lines_stand_in_their_order_contacts_by_name_behind_the_main_one_and_open_tasks_before_those_done()
    {
        var institution = await _world.InstitutionAsync();
        var (first, second, main) = (await _world.ContactAsync(institution, "Aubert", "Ana"), await _world.ContactAsync(institution, "Bonnet", "Bob"), await _world.ContactAsync(institution, "Zola", "Zoé"));
        var deal = await _world.OpportunityAsync(institution: institution, with: details => details with { ContactId = main.Id });
        await _world.Get<Opportunities>().SetLinesAsync(deal.Id, [new() { Description = "Zoom", UnitPrice = 1 }, new() { Description = "Table", UnitPrice = 1 }, new() { Description = "Éclairage", UnitPrice = 1 }], deal.Version);
        await _world.Get<Opportunities>().SetContactsAsync(deal.Id, [second.Id, first.Id], (await Door.FindAsync(deal.Id))!.Version);
        await TaskAsync(deal, "B, faite", 1, isDone: true);
        await TaskAsync(deal, "A, la semaine prochaine", 7);
        await TaskAsync(deal, "C, demain", 1);

        var sheet = (await Door.FindAsync(deal.Id))!;

        Assert.Equal(["Zoom", "Table", "Éclairage"], sheet.Lines.Select(line => line.Description));
        Assert.Equal(["Zoé Zola", "Ana Aubert", "Bob Bonnet"], sheet.Contacts.Select(contact => contact.Name));
        Assert.Equal(["C, demain", "A, la semaine prochaine", "B, faite"], sheet.Tasks.Select(task => task.Title));
    }

    [Fact]
    public async Task What_comes_next_is_the_first_open_task_from_today_on()
    {
        var deal = await _world.OpportunityAsync();
        await TaskAsync(deal, "Hier", -1);
        await TaskAsync(deal, "Demain, faite", 1, isDone: true);
        Assert.Equal((null, FollowUpState.NoNextAction), await NextAsync());

        await TaskAsync(deal, "Dans cinq jours", 5);
        await TaskAsync(deal, "Dans trois jours", 3);
        Assert.Equal((new DateOnly(2026, 11, 24), FollowUpState.OnTrack), await NextAsync());

        async Task<(DateOnly?, FollowUpState)> NextAsync()
        {
            var sheet = (await Door.FindAsync(deal.Id))!;
            return (sheet.NextTaskOn, sheet.FollowUp.State);
        }
    }

    [Fact]
    public async Task Contacts_and_tasks_of_another_team_stay_out_of_sight_and_are_kept()
    {
        var common = await _world.InstitutionAsync();
        var (ours, theirs) = (await PersonAsync("Aubert", _world.Claire), await PersonAsync("Secret", _world.Lea));
        var deal = await _world.OpportunityAsync(institution: common, with: details => details with { ContactId = ours.Id });
        await _world.SaveAsync(db => db.Opportunities.Include(o => o.Contacts).Single(o => o.Id == deal.Id).SetContacts([theirs.Id], _world.Now()));
        await TaskAsync(deal, "De Claire", 1);
        await _world.SaveAsync(db => db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "De Léa", DueOn = new DateOnly(2026, 11, 24), OwnerId = _world.Lea.Id, TeamId = _world.Lea.TeamId, OpportunityId = deal.Id }, _world.Lea, _world.Now())));

        var sheet = (await Door.FindAsync(deal.Id))!;

        Assert.Equal(["Aubert"], sheet.Contacts.Select(contact => contact.Name));
        Assert.Equal([theirs.Id], sheet.InvolvedIds);
        Assert.Equal(["De Claire"], sheet.Tasks.Select(task => task.Title));
    }

    [Fact]
    public async Task What_follows_a_signature_stands_deal_by_deal_the_last_signed_first_with_tasks_done_and_late()
    {
        var institution = await _world.InstitutionAsync();
        var first = await WonAsync(institution, "Première", 12_000);
        _world.Time.Advance(TimeSpan.FromDays(3));
        var last = await WonAsync(institution, "Dernière", 30_000);
        await _world.OpportunityAsync(institution: institution, with: details => details with { Name = "En cours" });
        await WonAsync(institution, "De Léa", 5_000, _world.Lea);
        await WonAsync(await _world.InstitutionAsync("Ailleurs"), "Ailleurs", 5_000);
        await TaskAsync(first, "Installer", 20);
        await TaskAsync(first, "Commander", -1);
        await TaskAsync(first, "Signer", 1, isDone: true);
        await _world.TaskAsync(with: details => details with { Title = "Abandonnée", OpportunityId = first.Id, Status = FollowUpStatus.Cancelled });
        await _world.SaveAsync(db => db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "De Léa", OwnerId = _world.Lea.Id, TeamId = _world.Lea.TeamId, OpportunityId = first.Id }, _world.Lea, _world.Now())));

        var page = await Door.WonAsync(institution.Id);

        Assert.Equal(2, page.Total);
        Assert.Equal(
            [("Dernière", 30_000m, new DateOnly(2026, 11, 24), 0, 0, 0), ("Première", 12_000m, new DateOnly(2026, 11, 21), 1, 3, 1)],
            page.Rows.Select(deal => (deal.Name, deal.Amount, deal.WonOn!.Value, deal.Done, deal.Tasks, deal.Late)));
        Assert.Equal(["Commander", "Installer"], page.Rows[1].Next.Select(task => task.Title));
        Assert.Empty((await Door.WonAsync(institution.Id, skip: 2)).Rows);
        Assert.Equal(["De Léa"], (await _world.As(_world.Lea).Get<OpportunitySheets>().WonAsync(institution.Id)).Rows.Select(deal => deal.Name));
    }

    [Fact]
    public async Task Signed_deals_come_twenty_at_a_time()
    {
        var institution = await _world.InstitutionAsync();
        for (var index = 0; index < WonDeal.PageSize + 1; index++)
        {
            await WonAsync(institution, $"Affaire {index}", 1_000);
        }

        var (first, second) = (await Door.WonAsync(institution.Id), await Door.WonAsync(institution.Id, WonDeal.PageSize));

        Assert.Equal((21, 20, 1), (first.Total, first.Rows.Count, second.Rows.Count));
        Assert.Equal(21, first.Rows.Concat(second.Rows).Select(deal => deal.Id).Distinct().Count());
    }

    private async Task<Opportunity> WonAsync(Institution institution, string name, decimal amount, Actor? owner = null)
    {
        var deal = await _world.OpportunityAsync(owner: owner, institution: institution, with: details => details with { Name = name, Amount = amount });
        await _world.As(owner ?? _world.Claire).Get<Opportunities>().MoveAsync(deal.Id, (await _world.StageAsync("ClosedWon")).Id, deal.Version);
        _world.As(_world.Claire);
        return deal;
    }

    [Fact]
    public async Task An_institution_lists_its_open_deals_first_the_largest_on_top_and_says_which_are_dormant()
    {
        var institution = await _world.InstitutionAsync();
        var small = await DealAsync("Petite", 1_000);
        var lost = await DealAsync("Perdue", 90_000);
        _world.Time.Advance(TimeSpan.FromDays(60));
        var large = await DealAsync("Grande", 50_000);
        await _world.Get<Opportunities>().MoveAsync(lost.Id, (await _world.StageAsync("ClosedLost")).Id, lost.Version, terms: new MoveTerms { LossReason = LossReason.Price });

        var rows = await Door.OfInstitutionAsync(institution.Id);

        Assert.Equal([(large.Id, FollowUpState.NoNextAction), (small.Id, FollowUpState.Rotting), (lost.Id, null)], rows.Select(row => (row.Id, row.FollowUp)));

        Task<Opportunity> DealAsync(string name, decimal amount) => _world.OpportunityAsync(institution: institution, with: details => details with { Name = name, Amount = amount });
    }

    [Fact]
    public async Task A_forced_passage_says_why()
    {
        await _world.SaveAsync(db => db.Stages.Include(stage => stage.Requirements).Single(stage => stage.Code == "Proposal").Require([Requirement.ExpectedCloseOn]));
        var deal = await _world.OpportunityAsync();
        await _world.As(_world.Manager).Get<Opportunities>().MoveAsync(deal.Id, (await _world.StageAsync("Proposal")).Id, deal.Version, terms: new MoveTerms { ForceReason = "Signature orale" });

        Assert.Equal([("Proposition", "Signature orale", "Marc Manager"), ("Prospection", null, "Claire Martin")], (await Door.FindAsync(deal.Id))!.Passages.Select(passage => (passage.StageName, passage.ForceReason, passage.ByName)));
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

    private async Task TaskAsync(Opportunity deal, string title, int inDays, bool isDone = false)
        => await _world.SaveAsync(db =>
        {
            var task = new FollowUpTask(new FollowUpTaskDetails { Title = title, DueOn = new DateOnly(2026, 11, 21).AddDays(inDays), OwnerId = _world.Claire.Id, TeamId = _world.Claire.TeamId, OpportunityId = deal.Id }, _world.Claire, _world.Now());
            if (isDone)
            {
                task.Complete(null, _world.Now());
            }

            db.FollowUpTasks.Add(task);
        });

    private async Task<Contact> PersonAsync(string lastName, Actor owner)
    {
        var contact = new Contact(new ContactDetails { LastName = lastName, OwnerId = owner.Id, TeamId = owner.TeamId }, _world.Now());
        await _world.SaveAsync(db => db.Contacts.Add(contact));
        return contact;
    }
}
