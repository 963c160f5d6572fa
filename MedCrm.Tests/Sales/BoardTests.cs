using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Sales;

public sealed class BoardTests
{
    private static readonly string[] s_stages = ["Prospecting", "Qualification", "Proposal", "Negotiation", "ClosedWon", "ClosedLost"];

    [Fact]
    public async Task Cards_totals_and_dormant_count_agree_for_everybody_under_every_filter()
    {
        await using var world = await TestWorld.CreateAsync();
        var random = new Random(20_261_121);
        var everything = await RandomPipelineAsync(world, random, deals: 160);
        var clock = world.Get<BusinessClock>();
        var tried = 0;
        foreach (var actor in new[] { world.Admin, world.Manager, world.Claire, world.Lea, world.Claire with { Visibility = Visibility.Own } })
        {
            world.As(actor);
            for (var i = 0; i < 40; i++)
            {
                var asked = RandomQuestion(world, random, everything);
                var board = await world.Get<Board>().LoadAsync(asked.Query(), everything.Select(row => row.Deal.StageId).Distinct().ToDictionary(id => id, _ => 1000));

                var expected = everything.Where(row => row.Deal.Outcome is StageOutcome.Open && actor.Sees(row.Deal) && Matches(row, asked, clock)).ToList();
                var dormant = everything.Count(row => row.Deal.Outcome is StageOutcome.Open && actor.Sees(row.Deal)
                    && Matches(row, asked with { FollowUp = FollowUpState.Rotting }, clock));
                foreach (var column in board.Columns)
                {
                    var rows = expected.Where(row => row.Deal.StageId == column.StageId).ToList();
                    Assert.Equal(rows.OrderBy(row => row.Deal.Rank).Select(row => row.Deal.Name), column.Cards.Select(card => card.Name));
                    Assert.Equal(new DealTotals(rows.Count, rows.Sum(row => row.Deal.Amount), rows.Sum(row => row.Deal.WeightedAmount)), column.Totals);
                    tried += rows.Count;
                }

                Assert.Equal(new DealTotals(expected.Count, expected.Sum(row => row.Deal.Amount), expected.Sum(row => row.Deal.WeightedAmount)), board.Totals);
                Assert.Equal(dormant, board.Dormant);
            }
        }

        Assert.True(tried > 1_000, $"The filters left too little to compare: {tried} cards.");
    }

    [Theory]
    [InlineData(9, null, null, null, FollowUpState.NoNextAction)]
    [InlineData(10, null, null, null, FollowUpState.Rotting)]
    [InlineData(12, 10, null, null, FollowUpState.OnTrack)]
    [InlineData(12, 11, null, null, FollowUpState.Rotting)]
    [InlineData(12, -1, null, null, FollowUpState.Rotting)]
    [InlineData(12, null, 3, null, FollowUpState.OnTrack)]
    [InlineData(12, null, 30, null, FollowUpState.Rotting)]
    [InlineData(12, null, null, 1, FollowUpState.OnTrack)]
    [InlineData(12, null, null, 0, FollowUpState.Rotting)]
    [InlineData(3, 30, null, null, FollowUpState.OnTrack)]
    [InlineData(3, -2, null, null, FollowUpState.NoNextAction)]
    public async Task A_deal_is_dormant_after_its_threshold_unless_something_near_is_planned(int idleDays, int? actionInDays, int? taskInDays, int? snoozedForDays, FollowUpState expected)
    {
        await using var world = await TestWorld.CreateAsync();
        var clock = world.Get<BusinessClock>();
        var now = clock.UtcNow;
        world.Time.MoveTo(now.AddDays(-idleDays));
        var deal = await world.OpportunityAsync("Proposal");
        world.Time.MoveTo(now);
        await world.SaveAsync(db =>
        {
            var saved = db.Opportunities.Include(o => o.Stage).Include(o => o.Labels).Single(o => o.Id == deal.Id);
            saved.Edit(saved.Details() with { NextActionOn = actionInDays is { } days ? clock.Today.AddDays(days) : null }, now);
            if (snoozedForDays is > 0)
            {
                saved.Snooze(clock.Today.AddDays(snoozedForDays.Value), "Congés", clock.Today, now);
            }

            if (taskInDays is { } due)
            {
                db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "Appeler", DueOn = clock.Today.AddDays(due), OpportunityId = deal.Id }, world.Claire, now));
            }
        });

        var card = (await world.As(world.Claire).Get<Board>().LoadAsync(ListQuery.Everything)).Find(deal.Id)!;

        Assert.Equal(new FollowUpStanding(expected, idleDays, 10), card.FollowUp);
        foreach (var state in Enum.GetValues<FollowUpState>())
        {
            Assert.Equal(state == expected, await world.Get<Board>().ShowsAsync(deal.Id, ListQuery.Everything.With(new ListFilter("followup", FilterOperator.AnyOf, $"{state}"))));
            Assert.Equal(state != expected, await world.Get<Board>().ShowsAsync(deal.Id, ListQuery.Everything.With(new ListFilter("followup", FilterOperator.NoneOf, $"{state}"))));
        }
    }

    [Fact]
    public async Task A_long_column_shows_its_first_cards_and_counts_them_all()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        for (var i = 0; i < 70; i++)
        {
            await world.OpportunityAsync(institution: institution, rank: i, with: details => details with { Name = $"{i}" });
        }

        var column = (await world.As(world.Claire).Get<Board>().LoadAsync(ListQuery.Everything)).Columns[0];

        Assert.Equal((Board.CardsAtFirst, 70), (column.Cards.Count, column.Totals.Count));
    }

    private static bool Matches(Row row, Asked asked, BusinessClock clock)
    {
        var deal = row.Deal;
        var standing = Rotting.StandingOf(row.Threshold, deal.LastInteractionAt, deal.SnoozedUntil, deal.NextActionOn, row.NextTaskOn, clock).State;
        return (asked.Text is null || deal.Name.Contains(asked.Text, StringComparison.OrdinalIgnoreCase) || row.Institution.Contains(asked.Text, StringComparison.OrdinalIgnoreCase))
            && (asked.InstitutionId is null || asked.InstitutionId == deal.InstitutionId)
            && (asked.OwnerId is null || asked.OwnerId == deal.OwnerId)
            && (asked.TeamId is null || asked.TeamId == deal.TeamId)
            && (asked.AmountFrom is null || deal.Amount >= asked.AmountFrom)
            && (asked.AmountTo is null || deal.Amount <= asked.AmountTo)
            && (asked.Tag is null || deal.Details().Tags.Contains(asked.Tag))
            && (asked.CloseFrom is null || deal.ExpectedCloseOn >= asked.CloseFrom)
            && (asked.CloseTo is null || deal.ExpectedCloseOn <= asked.CloseTo)
            && (asked.StageId is null || asked.StageId == deal.StageId)
            && (asked.FollowUp is null || asked.FollowUp == standing);
    }

    private static Asked RandomQuestion(TestWorld world, Random random, List<Row> everything)
    {
        var sample = everything[random.Next(everything.Count)].Deal;
        var asked = new Asked();
        for (var i = random.Next(3); i >= 0; i--)
        {
            asked = random.Next(11) switch
            {
                0 => asked with { Text = "CHU" },
                1 => asked with { InstitutionId = sample.InstitutionId },
                2 => asked with { OwnerId = sample.OwnerId },
                3 => asked with { TeamId = world.Claire.TeamId },
                4 => asked with { AmountFrom = sample.Amount },
                5 => asked with { AmountTo = sample.Amount },
                6 => asked with { Tag = "urgent" },
                7 => asked with { CloseFrom = sample.ExpectedCloseOn },
                8 => asked with { CloseTo = sample.ExpectedCloseOn },
                9 => asked with { StageId = sample.StageId },
                _ => asked with { FollowUp = (FollowUpState)random.Next(3) },
            };
        }

        return asked;
    }

    private static async Task<List<Row>> RandomPipelineAsync(TestWorld world, Random random, int deals)
    {
        var clock = world.Get<BusinessClock>();
        var institutions = new[] { await world.InstitutionAsync("CHU de Nantes"), await world.InstitutionAsync("CH de Brest"), await world.InstitutionAsync("Clinique du Parc") };
        Actor?[] owners = [world.Claire, world.Paul, world.Lea, world.Manager, null];
        var rows = new List<Row>();
        await using var db = world.Open();
        db.Begin(Actor.System, "Test");
        var stages = await db.Stages.Include(stage => stage.Requirements).ToDictionaryAsync(stage => stage.Code);
        for (var i = 0; i < deals; i++)
        {
            var (owner, institution) = (owners[random.Next(owners.Length)], institutions[random.Next(institutions.Length)]);
            var code = s_stages[random.Next(4)];
            var at = clock.UtcNow.AddDays(-random.Next(40)).AddMinutes(-random.Next(1440));
            var deal = new Opportunity(
                new OpportunityDetails
                {
                    Name = $"Affaire {i}",
                    InstitutionId = institution.Id,
                    OwnerId = owner?.Id,
                    TeamId = owner?.TeamId,
                    Amount = random.Next(100_000) / 100m,
                    ManualProbabilityPercent = random.Next(3) == 0 ? random.Next(101) : null,
                    ExpectedCloseOn = random.Next(3) == 0 ? null : clock.Today.AddDays(random.Next(-30, 90)),
                    NextActionOn = random.Next(2) == 0 ? null : clock.Today.AddDays(random.Next(-5, 25)),
                    Tags = random.Next(3) == 0 ? ["urgent"] : [],
                },
                stages[code],
                random.Next(1_000_000),
                world.Claire,
                at);
            DateOnly? due = random.Next(4) == 0 ? clock.Today.AddDays(random.Next(-3, 25)) : null;
            if (due is not null)
            {
                db.FollowUpTasks.Add(new FollowUpTask(new FollowUpTaskDetails { Title = "Appeler", DueOn = due, OpportunityId = deal.Id }, world.Claire, at));
            }

            if (random.Next(8) == 0)
            {
                deal.Snooze(clock.Today.AddDays(random.Next(1, 20)), "Congés", clock.Today, at);
            }

            if (random.Next(10) == 0)
            {
                code = random.Next(2) == 0 ? "ClosedWon" : "ClosedLost";
                deal.MoveTo(stages[code], world.Claire, clock.UtcNow, clock.Today, new MoveTerms { LossReason = LossReason.Price });
            }

            db.Opportunities.Add(deal);
            rows.Add(new Row(deal, code, institution.Name, stages[code].RottingDays, due));
        }

        await db.SaveChangesAsync();
        return rows;
    }

    private sealed record Row(Opportunity Deal, string StageCode, string Institution, int Threshold, DateOnly? NextTaskOn);

    // What somebody asks of the board, so that the test can answer on its own.
    private sealed record Asked
    {
        public string? Text { get; init; }
        public Guid? InstitutionId { get; init; }
        public Guid? OwnerId { get; init; }
        public Guid? TeamId { get; init; }
        public decimal? AmountFrom { get; init; }
        public decimal? AmountTo { get; init; }
        public string? Tag { get; init; }
        public DateOnly? CloseFrom { get; init; }
        public DateOnly? CloseTo { get; init; }
        public Guid? StageId { get; init; }
        public FollowUpState? FollowUp { get; init; }

        public ListQuery Query()
        {
            var query = ListQuery.Everything with { Search = Text };
            foreach (var (field, value) in new (string, object?)[] { ("institution", InstitutionId), ("owner", OwnerId), ("team", TeamId), ("tags", Tag), ("stage", StageId), ("followup", FollowUp) })
            {
                query = value is null ? query : query.With(new ListFilter(field, FilterOperator.AnyOf, $"{value}"));
            }

            query = AmountFrom is null && AmountTo is null ? query : query.With(ListFilter.Between("amount", Invariant(AmountFrom), Invariant(AmountTo)));
            return CloseFrom is null && CloseTo is null ? query : query.With(ListFilter.Between("close", CloseFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), CloseTo?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }

        private static string? Invariant(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture);
    }
}
