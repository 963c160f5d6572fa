using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Sales;

public sealed class OpportunitiesTests : IAsyncLifetime
{
    private TestWorld _world = null!;

    private Opportunities Door => _world.Get<Opportunities>();

    public async Task InitializeAsync() => (_world = await TestWorld.CreateAsync()).As(_world.Claire);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_move_is_saved_with_its_line_of_history_and_says_so()
    {
        var deal = await _world.OpportunityAsync();

        var done = await MoveAsync(deal, "Negotiation");

        var saved = await ReadAsync(deal.Id);
        Assert.Equal("« IRM du CHU de Nantes » déplacée en Négociation", done.Sentence);
        Assert.NotNull(done.ChangeSetId);
        Assert.Equal(("Negotiation", 75, 7_500m), (saved.Stage.Code, saved.ProbabilityPercent, saved.WeightedAmount));
        Assert.Equal(["Prospection", "Négociation"], saved.StageChanges.OrderBy(change => change.At).ThenBy(change => change.Id).Select(change => change.ToName));
    }

    [Fact]
    public async Task Second_of_two_colleagues_is_told_the_card_has_moved()
    {
        var deal = await _world.OpportunityAsync();
        await MoveAsync(deal, "Qualification");

        _world.As(_world.Paul);
        await Assert.ThrowsAsync<StaleRecordException>(() => MoveAsync(deal, "Negotiation"));

        Assert.Equal("Qualification", (await ReadAsync(deal.Id)).Stage.Code);
    }

    [Fact]
    public async Task Another_team_can_neither_move_nor_edit_nor_delete_nor_see_it()
    {
        var deal = await _world.OpportunityAsync();
        _world.As(_world.Lea);

        await Assert.ThrowsAsync<StaleRecordException>(() => MoveAsync(deal, "Negotiation"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.EditAsync(deal.Id, deal.Details(), deal.Details()));
        await Assert.ThrowsAsync<StaleRecordException>(() => Door.DeleteAsync(deal.Id, deal.Version));
        await Assert.ThrowsAsync<StaleRecordException>(() => Door.SetLinesAsync(deal.Id, [], deal.Version));
        var bulk = await _world.Get<OpportunityList>().MoveAsync(ListSelection.Of([deal.Id]), (await _world.StageAsync("Negotiation")).Id);
        Assert.Equal((0, 1), (bulk.Changed, bulk.Failures.Count));
        Assert.Equal(0, (await _world.Get<Board>().LoadAsync(ListQuery.Everything)).Totals.Count);
        Assert.False(await _world.Get<Board>().ShowsAsync(deal.Id, ListQuery.Everything));
    }

    [Fact]
    public async Task A_role_without_the_right_cannot_write()
    {
        var deal = await _world.OpportunityAsync();
        _world.As(_world.Admin with { Role = Role.Billing });

        await Assert.ThrowsAsync<BusinessRuleException>(() => MoveAsync(deal, "Negotiation"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.CreateAsync(deal.Details(), deal.StageId));
        Assert.Equal("Prospecting", (await ReadAsync(deal.Id)).Stage.Code);
    }

    [Fact]
    public async Task Winning_makes_the_institution_a_customer_and_undoing_takes_both_back()
    {
        var institution = await _world.InstitutionAsync();
        var deal = await _world.OpportunityAsync("Negotiation", institution: institution);

        var done = await MoveAsync(deal, "ClosedWon", new MoveTerms { FinalAmount = 9_000 });
        Assert.Equal(CustomerStatus.Customer, await StatusAsync(institution));

        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(CustomerStatus.ColdProspect, await StatusAsync(institution));
        await using var db = _world.Open();
        Assert.Equal((10_000m, "Negotiation"), ((await ReadAsync(deal.Id)).Amount, (await ReadAsync(deal.Id)).Stage.Code));
    }

    [Fact]
    public async Task Losing_may_plan_the_revival_in_the_same_gesture()
    {
        var deal = await _world.OpportunityAsync();

        var done = await MoveAsync(deal, "ClosedLost", new MoveTerms { LossReason = LossReason.NoBudget, ReviveInMonths = 6 });

        await using (var db = _world.Open())
        {
            var task = await db.FollowUpTasks.SingleAsync();
            Assert.Equal(("Relancer : IRM du CHU de Nantes", new DateOnly(2027, 5, 21), deal.Id, _world.Claire.Id), (task.Title, task.DueOn, task.OpportunityId, task.OwnerId));
        }

        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        await using (var db = _world.Open())
        {
            Assert.Empty(await db.FollowUpTasks.ToListAsync());
        }
    }

    [Fact]
    public async Task Undoing_a_move_returns_everything()
    {
        var deal = await _world.OpportunityAsync(with: details => details with { ManualProbabilityPercent = 40 }, rank: 7);
        await _world.OpportunityAsync("Negotiation", rank: 3);
        var before = await SnapshotAsync(deal.Id);
        _world.Time.Advance(TimeSpan.FromDays(3));

        var done = await MoveAsync(deal, "Negotiation");
        Assert.NotEqual(before, await SnapshotAsync(deal.Id));
        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);

        Assert.Equal(before, await SnapshotAsync(deal.Id));
    }

    [Fact]
    public async Task Undoing_a_loss_returns_the_weighted_amount()
    {
        var deal = await _world.OpportunityAsync("Negotiation");
        var done = await MoveAsync(deal, "ClosedLost", new MoveTerms { LossReason = LossReason.Price });

        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);

        var totals = (await _world.Get<Board>().LoadAsync(ListQuery.Everything)).Totals;
        Assert.Equal(new DealTotals(1, 10_000, 7_500), totals);
    }

    [Fact]
    public async Task A_card_stays_where_it_was_put_in_its_column()
    {
        var institution = await _world.InstitutionAsync();
        var deals = new List<Opportunity>();
        foreach (var name in new[] { "A", "B", "C" })
        {
            deals.Add(await _world.OpportunityAsync("Proposal", institution: institution, with: details => details with { Name = name }));
        }

        var moved = await _world.OpportunityAsync(institution: institution, with: details => details with { Name = "X" });
        var order = await ColumnAsync("Proposal");

        await PlaceAsync(moved, "Proposal", new CardPlace(order[1].Id, order[2].Id));
        Assert.Equal([order[0].Name, order[1].Name, "X", order[2].Name], (await ColumnAsync("Proposal")).Select(card => card.Name));

        await PlaceAsync(moved, "Proposal", new CardPlace(null, order[0].Id));
        Assert.Equal(["X", order[0].Name, order[1].Name, order[2].Name], (await ColumnAsync("Proposal")).Select(card => card.Name));

        await PlaceAsync(moved, "Proposal", new CardPlace(order[2].Id, null));
        Assert.Equal([order[0].Name, order[1].Name, order[2].Name, "X"], (await ColumnAsync("Proposal")).Select(card => card.Name));
    }

    [Fact]
    public async Task Putting_cards_at_the_same_place_again_and_again_never_runs_out_of_room()
    {
        var institution = await _world.InstitutionAsync();
        var top = await _world.OpportunityAsync("Proposal", institution: institution, with: details => details with { Name = "haut" }, rank: 0);
        await _world.OpportunityAsync("Proposal", institution: institution, with: details => details with { Name = "bas" }, rank: 10);
        var names = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            var deal = await _world.OpportunityAsync(institution: institution, with: details => details with { Name = $"{i}" });
            await PlaceAsync(deal, "Proposal", new CardPlace(top.Id, null));
            names.Insert(0, $"{i}");
        }

        Assert.Equal(["haut", .. names, "bas"], (await ColumnAsync("Proposal")).Select(card => card.Name));
    }

    [Fact]
    public async Task A_bulk_move_follows_the_same_rules_and_tells_each_refusal()
    {
        await RequireAsync("Proposal", Requirement.ExpectedCloseOn);
        var institution = await _world.InstitutionAsync();
        var ready = new List<Guid>();
        for (var i = 0; i < 105; i++)
        {
            ready.Add((await _world.OpportunityAsync(institution: institution, with: details => details with { ExpectedCloseOn = new DateOnly(2027, 1, 5) })).Id);
        }

        var lacking = await _world.OpportunityAsync(institution: institution, with: details => details with { Name = "Sans date" });
        var heard = new List<BulkProgress>();

        var bulk = await _world.Get<OpportunityList>().MoveAsync(ListSelection.Of([.. ready, lacking.Id]), (await _world.StageAsync("Proposal")).Id, progress: new Heard(heard));

        Assert.Equal((105, "Passage en Proposition : 105 affaires"), (bulk.Changed, bulk.Done.Sentence));
        Assert.Equal([new RefusedRow(lacking.Id, "Sans date", "Pour entrer en Proposition, il manque : date de clôture prévue.")], bulk.Failures);
        Assert.Equal([new(0, 106), new(100, 106), new(106, 106)], heard);
        Assert.Equal(ready.Take(Board.CardsAtFirst), (await ColumnAsync("Proposal")).Select(card => card.Id));

        await _world.Get<Changes>().UndoAsync(bulk.Done.ChangeSetId!.Value);
        Assert.Equal(106, (await _world.Get<Board>().LoadAsync(ListQuery.Everything)).Columns[0].Totals.Count);
    }

    [Fact]
    public async Task A_selection_moves_to_a_stage_whatever_its_name()
    {
        var deal = await _world.OpportunityAsync();
        var stage = await _world.StageAsync("Negotiation");
        await _world.SaveAsync(db => db.Stages.Include(s => s.Requirements).Single(s => s.Id == stage.Id).Configure("Essai {pilote} {0}", 75, 10));

        var bulk = await _world.Get<OpportunityList>().MoveAsync(ListSelection.Of([deal.Id]), stage.Id);

        Assert.Equal((1, "Passage en Essai {pilote} {0} : 1 affaire"), (bulk.Changed, bulk.Done.Sentence));
    }

    [Fact]
    public async Task A_selection_is_edited_and_moved_by_the_results_of_a_query()
    {
        var institution = await _world.InstitutionAsync();
        await _world.OpportunityAsync("Qualification", institution: institution, with: details => details with { Name = "Grande", Amount = 90_000 });
        await _world.OpportunityAsync("Qualification", institution: institution, with: details => details with { Name = "Petite", Amount = 10 });
        var big = ListSelection.All(ListQuery.Parse("?amount=5000..&owner=me", _world.Get<OpportunityList>().Definition));

        await _world.Get<OpportunityList>().ChangeAsync(big, new BulkChange.AddTags("tags", ["Prioritaire"]));
        await _world.Get<OpportunityList>().MoveAsync(big, (await _world.StageAsync("ClosedLost")).Id, new MoveTerms { LossReason = LossReason.NoNeed, ReviveInMonths = 3 });

        Assert.Equal(["Petite"], (await ColumnAsync("Qualification")).Select(card => card.Name));
        var lost = await _world.Get<OpportunityList>().RowsAsync(ListQuery.Parse("?outcome=Lost", _world.Get<OpportunityList>().Definition), ["name", "tags", "followup", "loss-reason"], 0, 10);
        Assert.Equal(["Grande", null, LossReason.NoNeed], [Assert.Single(lost).Values[0], lost[0].Values[2], lost[0].Values[3]]);
        Assert.Equal(["Prioritaire"], (IEnumerable<string>)lost[0].Values[1]!);
    }

    [Fact]
    public async Task A_bulk_loss_asks_for_the_reason_like_any_other()
    {
        var deal = await _world.OpportunityAsync();

        var bulk = await _world.Get<OpportunityList>().MoveAsync(ListSelection.Of([deal.Id]), (await _world.StageAsync("ClosedLost")).Id);

        Assert.Equal("Indiquez le motif de la perte.", Assert.Single(bulk.Failures).Reason);
        Assert.Null(bulk.Done.ChangeSetId);
    }

    [Fact]
    public async Task The_checklist_is_forced_by_a_manager_and_not_by_a_salesperson()
    {
        await RequireAsync("Proposal", Requirement.Source);
        var deal = await _world.OpportunityAsync();
        var terms = new MoveTerms { ForceReason = "Accord du directeur", MayForce = true };

        await Assert.ThrowsAsync<StageGateException>(() => MoveAsync(deal, "Proposal", terms));
        await _world.As(_world.Manager).Get<Opportunities>().MoveAsync(deal.Id, (await _world.StageAsync("Proposal")).Id, deal.Version, terms: terms);

        Assert.Contains((await ReadAsync(deal.Id)).StageChanges, change => change is { ForceReason: "Accord du directeur", ByName: "Marc Manager" });
    }

    [Fact]
    public async Task A_new_deal_belongs_to_who_created_it_and_stands_on_top()
    {
        var institution = await _world.InstitutionAsync();
        await _world.OpportunityAsync("Qualification", institution: institution);

        var done = await Door.CreateAsync(new OpportunityDetails { Name = "Neuve", InstitutionId = institution.Id, Amount = 1 }, (await _world.StageAsync("Qualification")).Id);

        var saved = await ReadAsync(done.RecordId);
        Assert.Equal((_world.Claire.Id, _world.Claire.TeamId), (saved.OwnerId, saved.TeamId));
        Assert.Equal("Neuve", (await ColumnAsync("Qualification"))[0].Name);
    }

    [Fact]
    public async Task A_deal_cannot_be_opened_on_an_institution_of_another_team()
    {
        var institution = await _world.InstitutionAsync(owner: _world.Lea);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => Door.CreateAsync(new OpportunityDetails { Name = "X", InstitutionId = institution.Id }, _world.StageAsync("Qualification").Result.Id));

        Assert.Equal(nameof(OpportunityDetails.InstitutionId), refusal.Field);
    }

    [Fact]
    public async Task A_new_owner_brings_the_deal_into_their_team()
    {
        var deal = await _world.OpportunityAsync();

        await Door.EditAsync(deal.Id, deal.Details(), deal.Details() with { OwnerId = _world.Lea.Id });

        Assert.Equal(_world.Lea.TeamId, (await ReadAsync(deal.Id)).TeamId);
    }

    [Fact]
    public async Task Two_people_editing_different_fields_both_win_and_the_same_field_is_a_conflict()
    {
        var deal = await _world.OpportunityAsync();
        var seen = deal.Details();

        await Door.EditAsync(deal.Id, seen, seen with { Amount = 20_000, Tags = ["urgent"] });
        await _world.As(_world.Paul).Get<Opportunities>().EditAsync(deal.Id, seen, seen with { NextAction = "Appeler" });
        var conflict = await Assert.ThrowsAsync<EditConflictException>(() => Door.EditAsync(deal.Id, seen, seen with { Amount = 5 }));

        Assert.Equal(nameof(OpportunityDetails.Amount), Assert.Single(conflict.Conflicts).Field);
        var saved = await ReadAsync(deal.Id);
        Assert.Equal((20_000m, 2_000m, "Appeler"), (saved.Amount, saved.WeightedAmount, saved.NextAction));
    }

    [Fact]
    public async Task A_new_default_probability_is_followed_by_the_deals_without_their_own()
    {
        var follows = await _world.OpportunityAsync("Qualification");
        var keeps = await _world.OpportunityAsync("Qualification", with: details => details with { ManualProbabilityPercent = 80 });
        var stage = (await _world.As(_world.Admin).Get<Stages>().ListAsync()).Single(s => s.Code == "Qualification");

        var done = await _world.Get<Stages>().ConfigureAsync(stage.Id, stage.Settings() with { ProbabilityPercent = 45 }, stage.Version);
        Assert.Equal((45, 4_500m), Weight(await ReadAsync(follows.Id)));
        Assert.Equal((80, 8_000m), Weight(await ReadAsync(keeps.Id)));

        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal((30, 3_000m), Weight(await ReadAsync(follows.Id)));

        static (int, decimal) Weight(Opportunity deal) => (deal.ProbabilityPercent, deal.WeightedAmount);
    }

    [Fact]
    public async Task Only_an_administrator_sets_stages_up()
    {
        var stage = (await _world.Get<Stages>().ListAsync())[0];

        await Assert.ThrowsAsync<BusinessRuleException>(() => _world.Get<Stages>().ConfigureAsync(stage.Id, stage.Settings(), stage.Version));
    }

    [Fact]
    public async Task A_deleted_deal_leaves_the_board()
    {
        var deal = await _world.OpportunityAsync();

        await Door.DeleteAsync(deal.Id, deal.Version);

        Assert.Empty(await ColumnAsync("Prospecting"));
    }

    private async Task<Done> MoveAsync(Opportunity deal, string stageCode, MoveTerms? terms = null)
        => await Door.MoveAsync(deal.Id, (await _world.StageAsync(stageCode)).Id, deal.Version, terms: terms);

    private async Task PlaceAsync(Opportunity deal, string stageCode, CardPlace place)
        => await Door.MoveAsync(deal.Id, (await _world.StageAsync(stageCode)).Id, (await ReadAsync(deal.Id)).Version, place);

    private async Task<IReadOnlyList<BoardCard>> ColumnAsync(string code)
        => (await _world.Get<Board>().LoadAsync(ListQuery.Everything)).Columns.Single(column => column.Code == code).Cards;

    private async Task RequireAsync(string code, Requirement requirement)
    {
        await using var db = _world.Open();
        db.Begin(Actor.System, "Test");
        (await db.Stages.Include(stage => stage.Requirements).SingleAsync(stage => stage.Code == code)).Require([requirement]);
        await db.SaveChangesAsync();
    }

    private async Task<Opportunity> ReadAsync(Guid id)
    {
        await using var db = _world.Open();
        return await db.Opportunities.AsNoTracking().Include(o => o.Stage).Include(o => o.StageChanges).SingleAsync(o => o.Id == id);
    }

    private async Task<CustomerStatus> StatusAsync(Institution institution)
    {
        await using var db = _world.Open();
        return await db.Institutions.Where(i => i.Id == institution.Id).Select(i => i.Status).SingleAsync();
    }

    // Everything the database holds of a deal but the version and the moment of the last write.
    private async Task<string> SnapshotAsync(Guid id)
    {
        await using var db = _world.Open();
        var deal = await db.Opportunities.Include(o => o.StageChanges).SingleAsync(o => o.Id == id);
        var values = db.Entry(deal).Properties
            .Where(property => property.Metadata.Name is not (nameof(Opportunity.Version) or nameof(Opportunity.UpdatedAt)))
            .Select(property => $"{property.Metadata.Name}={FieldChanges.Text(property.CurrentValue)}");
        return string.Join('\n', [.. values, .. deal.StageChanges.Select(change => $"{change.FromName}>{change.ToName}")]);
    }

    private sealed class Heard(List<BulkProgress> heard) : IProgress<BulkProgress>
    {
        public void Report(BulkProgress value) => heard.Add(value);
    }
}
