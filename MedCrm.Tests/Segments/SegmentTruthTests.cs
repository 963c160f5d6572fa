using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;
using MedCrm.Core.Segments;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Segments;

/// <summary>What the database answers, against the same conditions worked out in memory.</summary>
public sealed class SegmentTruthTests
{
    private const int Institutions = 40;
    private const int Trees = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Any_tree_of_conditions_gathers_what_it_says_for_whoever_looks(int seed)
    {
        await using var world = await TestWorld.CreateAsync();
        var random = new Random(seed);
        await FillAsync(world, random);
        foreach (var actor in new[] { world.Admin, world.Lea })
        {
            var sample = await SampleAsync(world.As(actor), actor);
            for (var tree = 0; tree < Trees; tree++)
            {
                var (conditions, holds) = RandomGroup(random, depth: 0, sample);
                var expected = sample.Seen.Where(holds).Select(institution => institution.Id).Order().ToList();

                var preview = await world.Get<SegmentBook>().PreviewAsync(SegmentSubject.Institution, conditions);

                Assert.True(expected.Count == preview.Count, $"{actor.Name}: {expected.Count} expected, {preview.Count} found for {SegmentText.Write(conditions)}");
                Assert.Empty(preview.Sample.Select(record => record.Id).Except(expected));
                Assert.Equal(Math.Min(10, expected.Count), preview.Sample.Count);
            }
        }
    }

    [Fact]
    public async Task Every_field_and_every_comparison_is_answered_by_the_database()
    {
        await using var world = await TestWorld.CreateAsync();
        await FillAsync(world, new Random(3));
        world.As(world.Lea);
        var asked = 0;
        foreach (var subject in Enum.GetValues<SegmentSubject>())
        {
            foreach (var condition in Conditions(SegmentFields.Of(subject)))
            {
                await AskAsync(subject, condition);
            }

            foreach (var relation in SegmentFields.Relations(subject))
            {
                foreach (var filter in Conditions(relation.Fields))
                {
                    await AskAsync(subject, new SegmentRelated(relation.Name, RelatedCount.AtLeast, 2, [filter], ListFilter.Between(relation.PeriodField, "month-1", "month-1")));
                }
            }
        }

        Assert.True(asked > 500, $"Only {asked} conditions were asked.");

        async Task AskAsync(SegmentSubject subject, SegmentPart part)
        {
            asked++;
            var met = await world.Get<SegmentBook>().PreviewAsync(subject, SegmentGroup.All(part));
            var others = await world.Get<SegmentBook>().PreviewAsync(subject, SegmentGroup.All(SegmentGroup.All(part).Negated()));
            Assert.True(met.Count + others.Count == met.Total, $"{met.Count} + {others.Count} of {met.Total}: {SegmentText.Write(SegmentGroup.All(part))} {string.Join(' ', met.Defects)}");
        }
    }

    [Theory]
    [InlineData(RelatedCount.AtLeast, 1, "deux un")]
    [InlineData(RelatedCount.AtLeast, 2, "deux")]
    [InlineData(RelatedCount.AtLeast, 3, "")]
    [InlineData(RelatedCount.AtMost, 0, "aucun")]
    [InlineData(RelatedCount.AtMost, 1, "aucun un")]
    [InlineData(RelatedCount.AtMost, 2, "aucun deux un")]
    [InlineData(RelatedCount.None, 1, "aucun")]
    public async Task Related_records_are_counted_none_one_or_several(RelatedCount count, int number, string expected)
    {
        await using var world = await TestWorld.CreateAsync();
        var (none, one, two) = (await world.InstitutionAsync("aucun"), await world.InstitutionAsync("un"), await world.InstitutionAsync("deux"));
        foreach (var institution in new[] { one, two, two })
        {
            await world.OpportunityAsync(institution: institution, owner: world.Claire, with: details => details with { Amount = 20_000 });
        }

        // Neither a small deal, nor one that another team keeps to itself, makes a difference.
        await world.OpportunityAsync(institution: none, owner: world.Claire, with: details => details with { Amount = 10 });
        await world.OpportunityAsync(institution: none, owner: world.Lea, with: details => details with { Amount = 20_000 });

        var preview = await world.As(world.Claire).Get<SegmentBook>().PreviewAsync(
            SegmentSubject.Institution,
            SegmentGroup.All(new SegmentRelated("opportunities", count, number, [new(ListFilter.Between("amount", "10000", null))])));

        Assert.Equal(expected, string.Join(' ', preview.Sample.Select(record => record.Name)));
    }

    [Theory]
    [InlineData("2026-11-21T22:59:59Z", "today", "today", true)]
    [InlineData("2026-11-21T23:00:00Z", "today", "today", false)]
    [InlineData("2026-11-20T23:00:00Z", "today", "today", true)]
    [InlineData("2026-11-20T22:59:59Z", "today", "today", false)]
    [InlineData("2026-08-22T21:59:59Z", "", "today-91", true)]
    [InlineData("2026-08-22T22:00:00Z", "", "today-91", false)]
    [InlineData("2026-10-31T23:00:00Z", "month", "month", true)]
    [InlineData("2026-10-31T22:59:59Z", "month", "month", false)]
    [InlineData("2026-11-30T22:59:59Z", "month", "month", true)]
    [InlineData("2026-11-30T23:00:00Z", "month", "month", false)]
    [InlineData("2026-09-30T22:00:00Z", "quarter", "quarter", true)]
    [InlineData("2026-09-30T21:59:59Z", "quarter", "quarter", false)]
    [InlineData("2026-09-30T21:59:59Z", "quarter-1", "quarter-1", true)]
    [InlineData("2025-12-31T23:00:00Z", "year", "year", true)]
    [InlineData("2025-12-31T22:59:59Z", "year", "year", false)]
    [InlineData("2025-12-31T22:59:59Z", "year-1", "year-1", true)]
    public async Task A_period_begins_and_ends_at_midnight_in_Paris(string at, string from, string to, bool isIn)
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.SaveAsync(db => db.Activities.Add(new Activity(
            new ActivityDetails { Kind = ActivityKind.Note, Subject = "Note", Text = "Vu", At = DateTime.Parse(at, null, System.Globalization.DateTimeStyles.AdjustToUniversal), InstitutionId = institution.Id },
            world.Claire,
            world.Now())));

        var preview = await world.Get<SegmentBook>().PreviewAsync(
            SegmentSubject.Institution,
            SegmentGroup.All(new SegmentRelated("activities", RelatedCount.AtLeast, 1, [], ListFilter.Between("at", from, to))));

        Assert.Equal(isIn ? 1 : 0, preview.Count);
    }

    [Fact]
    public async Task A_relative_date_moves_with_the_calendar()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.InstitutionAsync(with: details => details with { NextAuditOn = new DateOnly(2026, 11, 22) });
        var conditions = SegmentGroup.All(new SegmentCondition(ListFilter.Between("next-audit", "today", "today")));

        Assert.Equal(0, (await world.Get<SegmentBook>().PreviewAsync(SegmentSubject.Institution, conditions)).Count);
        // Half past midnight in Paris, still the day before in UTC.
        world.Time.Advance(TimeSpan.FromHours(15));
        Assert.Equal(1, (await world.Get<SegmentBook>().PreviewAsync(SegmentSubject.Institution, conditions)).Count);
    }

    [Fact]
    public async Task The_deepest_segment_over_the_most_hidden_records_is_answered_in_a_list_too()
    {
        await using var world = await TestWorld.CreateAsync();
        await FillAsync(world, new Random(4));
        world.As(world.Lea);
        foreach (var subject in Enum.GetValues<SegmentSubject>())
        {
            foreach (var relation in SegmentFields.Relations(subject))
            {
                var worst = new SegmentRelated(relation.Name, RelatedCount.AtLeast, 3, [.. Conditions(relation.Fields).Take(6)], ListFilter.Between(relation.PeriodField, "month", "month"));
                var conditions = SegmentGroup.All(worst, worst);
                for (var depth = 0; depth < SegmentRules.Deepest; depth++)
                {
                    conditions = new SegmentGroup(depth % 2 == 0, depth % 2 == 1, [conditions, Field("owner", FilterOperator.Empty), worst]);
                }

                Assert.Empty((await world.Get<SegmentBook>().PreviewAsync(subject, conditions)).Defects);
                var id = (await world.Get<SegmentBook>().CreateAsync(new SegmentDetails { Name = $"{subject} {relation.Name}", Subject = subject, Conditions = conditions })).RecordId;
                IRecordList list = subject is SegmentSubject.Institution ? world.Get<InstitutionList>() : world.Get<ContactList>();
                await list.RowsAsync(ListQuery.Parse($"segment={id}&q=a", list.Definition), list.Definition.FirstColumns, 0, 10);
                await list.CountAsync(ListQuery.Parse($"segment=!{id}", list.Definition));
            }
        }

        await world.As(Actor.System).Get<SegmentMoves>().FollowAsync(world.Get<BusinessClock>().Today);
    }

    private static async Task FillAsync(TestWorld world, Random random)
    {
        Actor?[] owners = [null, world.Claire, world.Lea];
        string[] tags = ["GHT", "Clé", "À revoir"];
        for (var number = 0; number < Institutions; number++)
        {
            var owner = owners[random.Next(3)];
            var institution = await world.InstitutionAsync($"Hôpital {number}", owner, details => details with
            {
                City = random.Next(3) switch { 0 => null, 1 => "Nantes", _ => "Marseille" },
                Status = (CustomerStatus)random.Next(4),
                BedsMedicine = random.Next(3) == 0 ? null : random.Next(500),
                NextAuditOn = random.Next(2) == 0 ? null : world.Get<BusinessClock>().Today.AddDays(random.Next(-30, 30)),
                Tags = [.. tags.Where(_ => random.Next(3) == 0)],
                IsLegalEntity = random.Next(2) == 0,
            });
            for (var deal = random.Next(4); deal > 0; deal--)
            {
                await world.OpportunityAsync(owner: owners[random.Next(1, 3)], institution: institution, with: details => details with { Amount = random.Next(20) * 1_000 });
            }

            for (var contact = random.Next(3); contact > 0; contact--)
            {
                await world.ContactAsync(institution, $"Nom {number} {contact}");
            }

            for (var call = random.Next(3); call > 0; call--)
            {
                var author = owners[random.Next(1, 3)]!;
                var details = new ActivityDetails
                {
                    Kind = ActivityKind.Call,
                    Subject = "Appel",
                    Direction = random.Next(2) == 0 ? CallDirection.Outgoing : CallDirection.Missed,
                    At = world.Now().AddDays(-random.Next(200)),
                    InstitutionId = institution.Id,
                    OwnerId = author.Id,
                    TeamId = author.TeamId,
                    Sharing = (Sharing)random.Next(3),
                };
                await world.SaveAsync(db => db.Activities.Add(new Activity(details, author, world.Now())));
            }
        }
    }

    private static async Task<Sample> SampleAsync(TestWorld world, Actor actor)
    {
        await using var db = world.Open();
        return new Sample(
            actor,
            world.Get<BusinessClock>().Today,
            world.Now(),
            await db.Institutions.Include(i => i.Labels).VisibleTo(actor).ToListAsync(),
            (await db.Opportunities.VisibleTo(actor).ToListAsync()).ToLookup(deal => deal.InstitutionId),
            (await VisibleActivities.Of(db, actor).ToListAsync()).ToLookup(activity => activity.InstitutionId!.Value),
            (await VisibleContacts.Of(db, actor).SelectMany(contact => contact.Roles).ToListAsync()).ToLookup(role => role.InstitutionId));
    }

    private static (SegmentGroup Conditions, Func<Institution, bool> Holds) RandomGroup(Random random, int depth, Sample sample)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => depth < 2 && random.Next(3) == 0 ? RandomGroup(random, depth + 1, sample) : RandomLeaf(random, sample))
            .ToList<(SegmentPart Part, Func<Institution, bool> Holds)>();
        var (isAny, isNegated) = (random.Next(2) == 0, random.Next(3) == 0);
        return (
            new SegmentGroup(isAny, isNegated, [.. parts.Select(part => part.Part)]),
            institution => (isAny ? parts.Exists(part => part.Holds(institution)) : parts.TrueForAll(part => part.Holds(institution))) != isNegated);
    }

    private static (SegmentPart Part, Func<Institution, bool> Holds) RandomLeaf(Random random, Sample s)
    {
        var bound = random.Next(500);
        var amount = random.Next(20) * 1_000;
        var number = random.Next(1, 3);
        return random.Next(18) switch
        {
            0 => (Field("status", FilterOperator.AnyOf, "Customer", "HotProspect"), i => i.Status is CustomerStatus.Customer or CustomerStatus.HotProspect),
            1 => (Field("status", FilterOperator.NoneOf, "ColdProspect"), i => i.Status is not CustomerStatus.ColdProspect),
            2 => (new SegmentCondition(ListFilter.Between("beds", $"{bound}", null)), i => i.BedsTotal >= bound),
            3 => (new SegmentCondition(ListFilter.Between("beds", null, $"{bound}")), i => i.BedsTotal <= bound),
            4 => (Field("beds", FilterOperator.Empty), i => i.BedsTotal is null),
            5 => (Field("city", FilterOperator.Contains, "NÂN"), i => i.City == "Nantes"),
            6 => (Field("city", FilterOperator.NotEmpty), i => i.City is not null),
            7 => (Field("owner", FilterOperator.AnyOf, ListFilter.Me), i => i.OwnerId == s.Actor.Id),
            8 => (Field("owner", FilterOperator.NoneOf, ListFilter.Me), i => i.OwnerId != s.Actor.Id),
            9 => (Field("tags", FilterOperator.AnyOf, "ght", "CLE"), i => i.Labels.Any(label => label.Text is "GHT" or "Clé")),
            10 => (Field("tags", FilterOperator.NoneOf, "GHT"), i => i.Labels.All(label => label.Text != "GHT")),
            11 => (new SegmentCondition(ListFilter.Between("next-audit", "today-10", "today+10")), i => i.NextAuditOn >= s.Today.AddDays(-10) && i.NextAuditOn <= s.Today.AddDays(10)),
            12 => (Field("legal-entity", FilterOperator.AnyOf, "true"), i => i.IsLegalEntity),
            13 => (Deals(RelatedCount.AtLeast, number), i => CountOf(i) >= number),
            14 => (Deals(RelatedCount.AtMost, number), i => CountOf(i) <= number),
            15 => (Deals(RelatedCount.None, 1), i => CountOf(i) == 0),
            16 => (new SegmentRelated("activities", RelatedCount.None, 1, [new(new ListFilter("exchange", FilterOperator.AnyOf, "true"))], ListFilter.Between("at", "today-90", "today")),
                i => !s.Activities[i.Id].Any(activity => activity.IsContact && activity.At >= s.Now.Date.AddDays(-91).AddHours(22))),
            _ => (new SegmentRelated("contacts", RelatedCount.AtLeast, number, []), i => s.Contacts[i.Id].Count() >= number),
        };

        SegmentRelated Deals(RelatedCount count, int asked) => new("opportunities", count, asked, [new(ListFilter.Between("amount", $"{amount}", null))]);

        int CountOf(Institution institution) => s.Deals[institution.Id].Count(deal => deal.Amount >= amount);
    }

    private static SegmentCondition Field(string field, FilterOperator comparison, params string[] values) => new(new ListFilter(field, comparison, values));

    private static IEnumerable<SegmentCondition> Conditions(ListDefinition list)
        => list.Columns.Where(column => column.CanFilter && column.Key != "segment").SelectMany(column => column.Operators.Select(comparison => new SegmentCondition(new ListFilter(column.Key, comparison, ValuesOf(column, comparison)))));

    private static string[] ValuesOf(ListColumn column, FilterOperator comparison) => comparison switch
    {
        FilterOperator.Empty or FilterOperator.NotEmpty => [],
        FilterOperator.Between when column.IsNumeric => ["1", "200"],
        FilterOperator.Between => ["today-30", "month"],
        FilterOperator.Contains => ["nan"],
        _ when column.Choices is { } choices => [choices[0].Value],
        _ when column.Kind is ListKind.User => [ListFilter.Me],
        _ when column.Kind is ListKind.Choice or ListKind.Reference => [Guid.Empty.ToString()],
        _ => ["GHT"],
    };

    private sealed record Sample(
        Actor Actor,
        DateOnly Today,
        DateTime Now,
        List<Institution> Seen,
        ILookup<Guid, Opportunity> Deals,
        ILookup<Guid, Activity> Activities,
        ILookup<Guid, ContactRole> Contacts);
}
