using MedCrm.Core.Access;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Segments;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.House;

/// <summary>Every kind of record that belongs to somebody and to a team keeps its team in place, and changes hands with the others when its owner leaves.</summary>
public sealed class OwnershipTests
{
    private static readonly Dictionary<Type, Func<MedCrmDbContext, Given, IOwned>> s_makers = new()
    {
        [typeof(Institution)] = (_, given) => new Institution(new InstitutionDetails { Name = "CHU de Lille", OwnerId = given.OwnerId, TeamId = given.TeamId }, given.Now),
        [typeof(Contact)] = (_, given) => new Contact(new ContactDetails { LastName = "Renaud", OwnerId = given.OwnerId, TeamId = given.TeamId }, given.Now),
        [typeof(Opportunity)] = (db, given) => new Opportunity(new OpportunityDetails { Name = "IRM", InstitutionId = given.PlaceId, OwnerId = given.OwnerId, TeamId = given.TeamId }, db.Stages.Include(stage => stage.Requirements).Single(stage => stage.Code == "Prospecting"), 0, Actor.System, given.Now),
        [typeof(FollowUpTask)] = (_, given) => new FollowUpTask(new FollowUpTaskDetails { Title = "Rappeler", OwnerId = given.OwnerId, TeamId = given.TeamId }, Actor.System, given.Now),
        [typeof(TaskSeries)] = (_, given) => new TaskSeries(new FollowUpTaskDetails { Title = "Relancer", OwnerId = given.OwnerId, TeamId = given.TeamId }, new Recurrence { Kind = RecurrenceKind.Daily, FirstDay = DateOnly.FromDateTime(given.Now) }, Actor.System, given.Now),
        [typeof(Activity)] = (_, given) => new Activity(given.Meeting, Actor.System, given.Now),
        [typeof(Document)] = (_, given) => DocumentOf(given),
        [typeof(Quote)] = (_, given) => new Quote(new QuoteDetails { Title = "Devis", InstitutionId = given.PlaceId, OwnerId = given.OwnerId, TeamId = given.TeamId }, $"D-{Guid.NewGuid():N}", 1, given.Now),
        [typeof(Invoice)] = (_, given) => new Invoice(new InvoiceDetails { Title = "Facture", InstitutionId = given.PlaceId, OwnerId = given.OwnerId, TeamId = given.TeamId }, given.Now),
        [typeof(Contract)] = (_, given) => new Contract(new ContractDetails { Title = "Contrat", InstitutionId = given.PlaceId, StartsOn = DateOnly.FromDateTime(given.Now), OwnerId = given.OwnerId, TeamId = given.TeamId }, $"C-{Guid.NewGuid():N}", given.Now),
    };

    [Fact]
    public async Task Every_kind_is_tried_here()
    {
        await using var world = await TestWorld.CreateAsync();
        await using var db = world.Open();
        var owned = db.Model.GetEntityTypes().Select(type => type.ClrType).Where(type => type.IsAssignableTo(typeof(IOwned))).ToList();

        Assert.Equal(owned.Select(type => type.Name).Order(), s_makers.Keys.Select(type => type.Name).Order());
        Assert.Equal(
            owned.Append(typeof(User)).Append(typeof(SavedView)).Append(typeof(Segment)).Select(type => type.Name).Order(),
            db.Model.FindEntityType(typeof(Team))!.GetReferencingForeignKeys().Select(key => key.DeclaringEntityType.ClrType.Name).Order());
    }

    [Fact]
    public async Task A_team_that_carries_one_record_of_any_kind_stays()
    {
        await using var world = await TestWorld.CreateAsync();
        var (teams, place) = (world.Get<Teams>(), await world.InstitutionAsync());
        foreach (var (type, make) in s_makers)
        {
            var team = (await teams.CreateAsync($"Équipe {type.Name}")).RecordId;
            await world.SaveAsync(db => db.Add(make(db, new Given(world.Now(), place.Id, null, team))));

            var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => teams.RemoveAsync(team));

            Assert.Equal($"L'équipe Équipe {type.Name} porte encore des fiches, des vues ou des segments : réattribuez-les d'abord.", refusal.Message);
        }
    }

    [Fact]
    public async Task One_record_of_each_kind_changes_hands_and_returns()
    {
        await using var world = await TestWorld.CreateAsync();
        var (users, claire, lea) = (world.Get<Users>(), world.Claire, world.Lea);
        var given = new Given(world.Now(), (await world.InstitutionAsync()).Id, claire.Id, claire.TeamId);
        await world.SaveAsync(db => db.AddRange(s_makers.Values.Select(make => (object)make(db, given)).ToList()));

        // What is private, and what was done and written, is its author's for good.
        await world.SaveAsync(db => db.AddRange(
            new Activity(given.Meeting with { Sharing = Sharing.Private }, claire, world.Now()),
            new Activity(given.Meeting with { Status = MeetingStatus.Held, At = given.Now }, claire, world.Now()),
            new Activity(given.Meeting with { Kind = ActivityKind.Note, Text = "Vu au congrès" }, claire, world.Now())));
        Assert.Equal(new Holdings(1, 1, 1, 1, 1, 1, 1) { Quotes = 1, Invoices = 1, Contracts = 1 }, await users.HoldingsAsync(claire.Id!.Value));

        var done = await users.ReassignAsync(claire.Id.Value, lea.Id!.Value);

        Assert.EndsWith("(10)", done.Sentence.ToString(), StringComparison.Ordinal);
        Assert.Equal(s_makers.Keys.Select(type => (type.Name, lea.TeamId)).Order(), await OfAsync(world, lea));
        Assert.Equal(Enumerable.Repeat((nameof(Activity), claire.TeamId), 3), await OfAsync(world, claire));

        await world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Empty(await OfAsync(world, lea));
        Assert.Equal(s_makers.Count + 3, (await OfAsync(world, claire)).Count);
    }

    private static async Task<IReadOnlyList<(string Type, Guid? TeamId)>> OfAsync(TestWorld world, Actor owner)
    {
        await using var db = world.Open();
        IOwned[] all =
        [
            .. await db.Institutions.ToListAsync(), .. await db.Contacts.ToListAsync(), .. await db.Opportunities.ToListAsync(), .. await db.FollowUpTasks.ToListAsync(),
            .. await db.TaskSeries.ToListAsync(), .. await db.Activities.ToListAsync(), .. await db.Documents.ToListAsync(), .. await db.Quotes.ToListAsync(), .. await db.Invoices.ToListAsync(), .. await db.Contracts.ToListAsync(),
        ];
        return [.. all.Where(record => record.OwnerId == owner.Id).Select(record => (record.GetType().Name, record.TeamId)).Order()];
    }

    private static Document DocumentOf(Given given)
    {
        var document = new Document(new DocumentDetails { Name = "Devis.pdf", InstitutionId = given.PlaceId, OwnerId = given.OwnerId, TeamId = given.TeamId }, Actor.System, given.Now);
        document.AddVersion(new ReceivedFile("nowhere", "Devis.pdf", new DocumentKind("application/pdf", [".pdf"]), 10, new string('0', 64)), Actor.System, given.Now);
        return document;
    }

    private sealed record Given(DateTime Now, Guid PlaceId, Guid? OwnerId, Guid? TeamId)
    {
        public ActivityDetails Meeting => new() { Kind = ActivityKind.Meeting, Subject = "Point", At = Now.AddDays(2), InstitutionId = PlaceId, OwnerId = OwnerId, TeamId = TeamId };
    }
}
