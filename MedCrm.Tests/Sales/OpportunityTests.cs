using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;

namespace MedCrm.Tests.Sales;

public sealed class OpportunityTests
{
    private static readonly DateTime s_monday = new(2026, 11, 16, 9, 0, 0, DateTimeKind.Utc);
    private static readonly DateOnly s_today = new(2026, 11, 21);
    private static readonly DateTime s_now = new(2026, 11, 21, 8, 30, 0, DateTimeKind.Utc);
    private static readonly Actor s_claire = new(Guid.NewGuid(), "Claire Martin", Role.Sales, Guid.NewGuid(), Visibility.Team);
    private readonly Dictionary<string, Stage> _stages = Stage.Defaults().ToDictionary(stage => stage.Code);

    [Theory]
    [InlineData(null, null, null, nameof(Opportunity.LossReason))]
    [InlineData(LossReason.Other, " ", null, nameof(Opportunity.LossNote))]
    [InlineData(LossReason.Competitor, null, null, nameof(Opportunity.LostTo))]
    public void Losing_asks_for_its_reason_in_full_and_takes_nothing_otherwise(LossReason? reason, string? note, string? lostTo, string field)
    {
        var deal = Deal();

        var refusal = Assert.Throws<BusinessRuleException>(() => Move(deal, "ClosedLost", new MoveTerms { LossReason = reason, LossNote = note, LostTo = lostTo }));

        Assert.Equal(field, refusal.Field);
        Assert.Equal((StageOutcome.Open, "Prospecting", 1), (deal.Outcome, deal.Stage.Code, deal.StageChanges.Count));
    }

    [Fact]
    public void A_loss_keeps_its_reason_until_the_deal_is_taken_up_again()
    {
        var deal = Deal();

        Move(deal, "ClosedLost", new MoveTerms { LossReason = LossReason.Competitor, LostTo = " Getinge " });
        Assert.Equal((LossReason.Competitor, "Getinge", s_today, 0, 0m), (deal.LossReason, deal.LostTo, deal.ClosedOn, deal.ProbabilityPercent, deal.WeightedAmount));

        Move(deal, "Proposal");
        Assert.Equal((null, null, null, 50, 5_000m), (deal.LossReason, deal.LostTo, deal.ClosedOn, deal.ProbabilityPercent, deal.WeightedAmount));
    }

    [Fact]
    public void A_win_takes_the_final_amount_and_day()
    {
        var deal = Deal();

        Move(deal, "ClosedWon", new MoveTerms { FinalAmount = 12_345.675m, ClosedOn = new DateOnly(2026, 11, 20) });

        Assert.Equal((12_345.68m, new DateOnly(2026, 11, 20), 100, 12_345.68m), (deal.Amount, deal.ClosedOn, deal.ProbabilityPercent, deal.WeightedAmount));
    }

    [Fact]
    public void A_deal_cannot_be_closed_tomorrow()
    {
        var deal = Deal();

        var refusal = Assert.Throws<BusinessRuleException>(() => Move(deal, "ClosedWon", new MoveTerms { ClosedOn = s_today.AddDays(1) }));

        Assert.Equal(nameof(Opportunity.ClosedOn), refusal.Field);
    }

    [Fact]
    public void The_final_amount_of_a_deal_with_lines_is_their_sum()
    {
        var deal = Deal();
        deal.SetLines([new OpportunityLineDetails { Description = "Formation", Quantity = 2, UnitPrice = 1_500 }], s_now);

        var refusal = Assert.Throws<BusinessRuleException>(() => Move(deal, "ClosedWon", new MoveTerms { FinalAmount = 2_900 }));
        Assert.Equal(nameof(Opportunity.Amount), refusal.Field);

        Move(deal, "ClosedWon", new MoveTerms { FinalAmount = 3_000 });
        Assert.Equal(3_000m, deal.Amount);
    }

    [Fact]
    public void A_probability_set_by_hand_is_kept_through_moves()
    {
        var deal = Deal(details => details with { ManualProbabilityPercent = 60 });

        Move(deal, "Negotiation");
        Assert.Equal((60, 6_000m), (deal.ProbabilityPercent, deal.WeightedAmount));

        Move(deal, "ClosedWon");
        Assert.Equal((100, 60), (deal.ProbabilityPercent, deal.ManualProbabilityPercent));

        Move(deal, "Negotiation");
        Assert.Equal(60, deal.ProbabilityPercent);
    }

    [Fact]
    public void Without_one_the_probability_follows_the_stage()
    {
        var deal = Deal();

        Move(deal, "Negotiation");

        Assert.Equal((75, 7_500m), (deal.ProbabilityPercent, deal.WeightedAmount));
    }

    [Theory]
    [InlineData("0.01", 50, "0.01")]
    [InlineData("0.03", 50, "0.02")]
    [InlineData("10.05", 10, "1.01")]
    [InlineData("99.99", 33, "33.00")]
    public void Weighted_amounts_round_half_away_from_zero(string amount, int percent, string weighted)
    {
        var deal = Deal(details => details with { Amount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), ManualProbabilityPercent = percent });

        Assert.Equal(decimal.Parse(weighted, System.Globalization.CultureInfo.InvariantCulture), deal.WeightedAmount);
    }

    [Fact]
    public void Each_passage_is_written_down_with_the_days_spent()
    {
        var deal = Deal(at: s_monday);

        Move(deal, "Qualification");

        var change = deal.StageChanges[^1];
        Assert.Equal(("Prospection", "Qualification", "Claire Martin", s_now, 4), (change.FromName, change.ToName, change.ByName, change.At, change.DaysInStage));
        // Nobody spoke to the customer: a move is no contact.
        Assert.Equal((s_now, s_monday), (deal.StageEnteredAt, deal.LastInteractionAt));
    }

    [Fact]
    public void Putting_a_deal_where_it_is_changes_nothing()
    {
        var deal = Deal(at: s_monday);

        Move(deal, "Prospecting");

        Assert.Equal((1, s_monday), (deal.StageChanges.Count, deal.LastInteractionAt));
    }

    [Fact]
    public void A_checklist_names_what_is_missing_and_keeps_the_deal_where_it_is()
    {
        _stages["Proposal"].Require([Requirement.Lines, Requirement.Amount, Requirement.NextAction, Requirement.Contact, Requirement.ExpectedCloseOn, Requirement.Source]);
        var deal = Deal(details => details with { Amount = 0 });

        var refusal = Assert.Throws<StageGateException>(() => Move(deal, "Proposal"));

        Assert.Equal([Requirement.Amount, Requirement.ExpectedCloseOn, Requirement.Contact, Requirement.NextAction, Requirement.Lines, Requirement.Source], refusal.Missing);
        Assert.Equal("Prospecting", deal.Stage.Code);
    }

    [Fact]
    public void The_missing_items_may_come_with_the_move()
    {
        _stages["Proposal"].Require([Requirement.Lines, Requirement.NextAction, Requirement.Contact, Requirement.ExpectedCloseOn, Requirement.Source]);
        var deal = Deal();
        var contactId = Guid.NewGuid();

        Move(deal, "Proposal", new MoveTerms
        {
            ExpectedCloseOn = s_today.AddDays(30),
            ContactId = contactId,
            NextAction = "Démonstration",
            NextActionOn = s_today.AddDays(3),
            Source = OpportunitySource.Tender,
            Line = new OpportunityLineDetails { Description = "IRM 3T", Quantity = 1, UnitPrice = 900_000 },
        });

        Assert.Equal(
            ("Proposal", s_today.AddDays(30), contactId, "Démonstration", s_today.AddDays(3), OpportunitySource.Tender, 900_000m, 450_000m),
            (deal.Stage.Code, deal.ExpectedCloseOn, deal.ContactId, deal.NextAction, deal.NextActionOn, deal.Source, deal.Amount, deal.WeightedAmount));
    }

    [Fact]
    public void A_refused_answer_takes_nothing()
    {
        _stages["Proposal"].Require([Requirement.Lines, Requirement.Source]);
        var deal = Deal();

        Assert.Throws<StageGateException>(() => Move(deal, "Proposal", new MoveTerms { Source = OpportunitySource.Tender }));
        Assert.Throws<BusinessRuleException>(() => Move(deal, "Proposal", new MoveTerms { Source = OpportunitySource.Tender, Line = new OpportunityLineDetails { Description = "" } }));

        Assert.Equal((OpportunitySource.Unknown, 0, 1), (deal.Source, deal.Lines.Count, deal.StageChanges.Count));
    }

    [Fact]
    public void Only_who_may_can_pass_over_the_checklist_and_the_reason_is_kept()
    {
        _stages["Proposal"].Require([Requirement.Source]);
        var deal = Deal();

        Assert.Throws<StageGateException>(() => Move(deal, "Proposal", new MoveTerms { ForceReason = "Accord du directeur" }));
        Assert.Throws<StageGateException>(() => Move(deal, "Proposal", new MoveTerms { MayForce = true, ForceReason = " " }));

        Move(deal, "Proposal", new MoveTerms { MayForce = true, ForceReason = "Accord du directeur" });
        Assert.Equal("Accord du directeur", deal.StageChanges[^1].ForceReason);
    }

    [Fact]
    public void A_complete_deal_is_not_written_down_as_forced()
    {
        _stages["Proposal"].Require([Requirement.Amount]);
        var deal = Deal();

        Move(deal, "Proposal", new MoveTerms { MayForce = true, ForceReason = "Au cas où" });

        Assert.Null(deal.StageChanges[^1].ForceReason);
    }

    [Fact]
    public void A_loss_needs_no_checklist()
    {
        _stages["ClosedLost"].Require([Requirement.Source]);
        var deal = Deal();

        Move(deal, "ClosedLost", new MoveTerms { LossReason = LossReason.Price });

        Assert.Equal(StageOutcome.Lost, deal.Outcome);
    }

    [Fact]
    public void A_new_deal_meets_the_checklist_of_its_stage_too()
    {
        _stages["Prospecting"].Require([Requirement.Source]);

        Assert.Throws<StageGateException>(() => Deal());
        Assert.Equal(OpportunitySource.Event, Deal(details => details with { Source = OpportunitySource.Event }).Source);
    }

    [Fact]
    public void A_new_deal_cannot_start_closed()
        => Assert.Throws<BusinessRuleException>(() => new Opportunity(Details(), _stages["ClosedWon"], 0, s_claire, s_now));

    [Fact]
    public void Lines_make_the_amount_and_an_edit_does_not_break_it()
    {
        var deal = Deal();

        deal.SetLines([new() { Description = "IRM", Quantity = 1, UnitPrice = 1_000.005m }, new() { Description = "Pose", Quantity = 3, UnitPrice = 100 }], s_now);
        Assert.Equal(nameof(Opportunity.Amount), Assert.Throws<BusinessRuleException>(() => deal.Edit(deal.Details() with { Amount = 5 }, s_now)).Field);
        deal.Edit(deal.Details() with { Notes = "vu" }, s_now);

        Assert.Equal((1_300.01m, 130.00m), (deal.Amount, deal.WeightedAmount));
    }

    [Fact]
    public void A_snooze_needs_a_day_to_come_and_a_reason_and_ends_with_a_move()
    {
        var deal = Deal();

        Assert.Throws<BusinessRuleException>(() => deal.Snooze(s_today, "Budget voté en janvier", s_today, s_now));
        Assert.Throws<BusinessRuleException>(() => deal.Snooze(s_today.AddDays(40), " ", s_today, s_now));

        deal.Snooze(s_today.AddDays(40), "Budget voté en janvier", s_today, s_now);
        Assert.Equal(s_today.AddDays(40), deal.SnoozedUntil);

        Move(deal, "Qualification");
        Assert.Null(deal.SnoozedUntil);
    }

    private Opportunity Deal(Func<OpportunityDetails, OpportunityDetails>? with = null, DateTime? at = null)
        => new(with?.Invoke(Details()) ?? Details(), _stages["Prospecting"], 0, s_claire, at ?? s_now);

    private static OpportunityDetails Details() => new() { Name = "IRM du CHU de Nantes", InstitutionId = Guid.NewGuid(), OwnerId = s_claire.Id, Amount = 10_000 };

    private void Move(Opportunity deal, string code, MoveTerms? terms = null) => deal.MoveTo(_stages[code], s_claire, s_now, s_today, terms);
}
