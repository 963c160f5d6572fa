using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Sales;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Contracting;
using MedCrm.Tests.Invoicing;
using MedCrm.Tests.Quoting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Timeline;

public sealed class TimelinesTests
{
    private static readonly TimelineFilter s_all = new([]);

    /// <summary>A kind without a line here turns this red: whoever brings one says how it comes about.</summary>
    [Fact]
    public async Task Every_kind_appears_once_in_the_feed_of_the_institution_and_of_the_contact()
    {
        await using var world = await Paper.WorldAsync();
        var hospital = await world.BuyerAsync(with: details => details with { Email = "compta@tilleuls.test", Status = CustomerStatus.Customer });
        var contact = await world.ContactAsync(hospital);
        var invoice = await world.IssuedAsync(hospital, details => details with { ContactId = contact.Id });
        var payment = await world.PaidAsync(hospital.Id, 100, new AllocationShare(invoice.Id, 100));
        var contract = await ContractAsync(world, hospital, contact);
        world.As(world.Claire);
        var deal = await world.OpportunityAsync(institution: hospital, with: details => details with { ContactId = contact.Id });
        var about = new ActivityDetails { InstitutionId = hospital.Id, ContactIds = [contact.Id], At = world.Now(), Subject = "Essai", Text = "Essai" };
        var made = new Dictionary<string, Guid>
        {
            ["call"] = (await world.Get<Activities>().CreateAsync(about with { Kind = ActivityKind.Call })).RecordId,
            ["meeting"] = (await world.Get<Activities>().CreateAsync(about with { Kind = ActivityKind.Meeting })).RecordId,
            ["note"] = (await world.Get<Activities>().CreateAsync(about with { Kind = ActivityKind.Note })).RecordId,
            ["task"] = (await world.Get<FollowUpTasks>().CreateAsync(new FollowUpTaskDetails { Title = "Rappeler", InstitutionId = hospital.Id, ContactId = contact.Id })).RecordId,
            ["email"] = await MailAsync(world, hospital, contact),
            ["document"] = await DocumentAsync(world, hospital, contact),
            ["stage"] = deal.StageChanges.Single().Id,
            ["quote"] = await QuoteAsync(world, hospital, contact),
            ["invoice"] = invoice.Id,
            ["payment"] = payment.Id,
            ["contract"] = contract,
            ["dunning"] = await ReminderAsync(world),
            ["change"] = Guid.Empty,
        };

        foreach (var subject in new[] { TimelineSubject.Institution(hospital.Id), TimelineSubject.Contact(contact.Id) })
        {
            var page = await world.Get<Timelines>().PageAsync(subject, s_all);
            var counts = await world.Get<Timelines>().CountAsync(subject, s_all);
            Assert.Equal(world.Get<Timelines>().Kinds.Select(kind => kind.Code).Order(), made.Keys.Order());

            // A reminder is written to who pays, and to no one person.
            var here = made.Where(kind => subject.InstitutionId is not null || kind.Key != "dunning").ToList();
            Assert.All(here, kind => Assert.Equal(kind.Value, Assert.Single(page.Entries, entry => entry.Kind == kind.Key).Id));
            Assert.All(here, kind => Assert.Equal(1, counts[kind.Key]));
        }
    }

    private static async Task<Guid> QuoteAsync(TestWorld world, Institution hospital, Contact contact)
    {
        var quote = await world.QuoteAsync(institution: hospital, with: details => details with { ContactId = contact.Id });
        await world.SendAsync(quote);
        return quote.Id;
    }

    private static async Task<Guid> MailAsync(TestWorld world, Institution hospital, Contact contact)
    {
        await using var db = world.Open();
        var message = (await Outbox.QueueAsync(db, new MessageDetails { Key = "essai", Subject = "Essai", Text = "Essai", To = [new Correspondent("a@example.org")], InstitutionId = hospital.Id, ContactId = contact.Id }, world.Claire, world.Now()))!;
        await db.SaveChangesAsync();
        return message.Id;
    }

    private static async Task<Guid> ContractAsync(TestWorld world, Institution hospital, Contact contact)
    {
        var contract = await world.ContractAsync(hospital, details => details with { ContactId = contact.Id });
        await using var db = world.Open();
        return await db.ContractEvents.Where(line => line.ContractId == contract).Select(line => line.Id).SingleAsync();
    }

    // Nobody is reminded before the day has passed.
    private static async Task<Guid> ReminderAsync(TestWorld world)
    {
        var seller = world.Me.Actor;
        world.Time.Advance(TimeSpan.FromDays(60));
        await world.As(world.Admin).Get<Jobs>().RunNowAsync("dunning");
        var waiting = Assert.Single((await world.Get<Dunnings>().TrayAsync(TrayView.ToApprove)).Lines);
        await world.Get<Dunnings>().SendAsync(waiting.Id, waiting.Version);
        world.As(seller);
        return waiting.Id;
    }

    private static async Task<Guid> DocumentAsync(TestWorld world, Institution hospital, Contact contact)
    {
        var document = new Document(new DocumentDetails { Name = "Essai", InstitutionId = hospital.Id, ContactId = contact.Id }, world.Claire, world.Now());
        await world.SaveAsync(db => db.Documents.Add(document));
        return document.Id;
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repeat_even_among_equal_moments()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        var ids = new List<Guid>();
        for (var index = 0; index < 25; index++)
        {
            ids.Add((await activities.CreateAsync(new ActivityDetails { Kind = (ActivityKind)(index % 3), Subject = "x", Text = "x", InstitutionId = hospital.Id, At = world.Now().AddDays(-(index / 8)) })).RecordId);
        }

        var shown = new List<TimelineEntry>();
        TimelinePage page;
        do
        {
            page = await world.Get<Timelines>().PageAsync(TimelineSubject.Institution(hospital.Id), new TimelineFilter(["call", "meeting", "note"]), shown, 4);
            shown.AddRange(page.Entries);
        }
        while (page.HasMore && shown.Count <= ids.Count);

        Assert.Equal(ids.Order(), shown.Select(entry => entry.Id).Order());
        Assert.Equal(shown.Select(entry => entry.At).OrderDescending(), shown.Select(entry => entry.At));
    }

    [Fact]
    public async Task More_events_of_one_moment_and_one_kind_than_a_page_holds_are_all_reached()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var activities = world.As(world.Claire).Get<Activities>();
        for (var index = 0; index < 13; index++)
        {
            await activities.CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Subject = "x", InstitutionId = hospital.Id, At = world.Now() });
        }

        var shown = new List<TimelineEntry>();
        for (var pages = 0; pages < 4; pages++)
        {
            var page = await world.Get<Timelines>().PageAsync(TimelineSubject.Institution(hospital.Id), new TimelineFilter(["call"]), shown, 4);
            shown.AddRange(page.Entries);
            Assert.Equal(pages < 3, page.HasMore);
        }

        Assert.Equal(13, shown.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_period_counts_days_of_the_team_and_not_of_greenwich()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        // 20 November, 23:30 UTC, is the 21st at 00:30 in Paris.
        await world.As(world.Claire).Get<Activities>().CreateAsync(new ActivityDetails { Kind = ActivityKind.Call, Subject = "Nuit", InstitutionId = hospital.Id, At = new DateTime(2026, 11, 20, 23, 30, 0, DateTimeKind.Utc) });
        var day = new DateOnly(2026, 11, 21);

        Assert.Equal(1, (await CountAsync(new TimelineFilter([], day, day)))["call"]);
        Assert.Equal(0, (await CountAsync(new TimelineFilter([], day.AddDays(-1), day.AddDays(-1))))["call"]);

        Task<IReadOnlyDictionary<string, int>> CountAsync(TimelineFilter filter) => world.Get<Timelines>().CountAsync(TimelineSubject.Institution(hospital.Id), filter);
    }

    [Fact]
    public async Task Changes_of_one_person_on_one_day_are_one_line_that_counts_its_fields()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        await EditAsync(details => details with { Website = "https://example.org" });
        await EditAsync(details => details with { Phone = "01 99 00 10 10", City = "Rezé" });
        world.Time.Advance(TimeSpan.FromDays(1));
        await EditAsync(details => details with { City = "Nantes" });
        world.As(world.Paul);
        await EditAsync(details => details with { ShortName = "CHU" });

        var page = await world.Get<Timelines>().PageAsync(TimelineSubject.Institution(hospital.Id), new TimelineFilter(["change"]));

        Assert.Equal(
            [("Paul Bernard", 1), ("Claire Martin", 1), ("Claire Martin", 3)],
            page.Entries.Where(entry => entry.ById is not null).OrderByDescending(entry => entry.Day).ThenByDescending(entry => entry.ByName, StringComparer.Ordinal).Select(entry => (entry.ByName!, entry.Count)));
        var opened = await world.Get<Histories>().OfDayAsync(nameof(Institution), hospital.Id, world.Claire.Id, new DateOnly(2026, 11, 21));
        Assert.Equal(2, opened.Count);

        async Task EditAsync(Func<InstitutionDetails, InstitutionDetails> change)
        {
            world.As(world.Me.Actor.Role is Core.Access.Role.Sales ? world.Me.Actor : world.Claire);
            var seen = (await world.Get<Institutions>().GetAsync(hospital.Id))!.Details;
            await world.Get<Institutions>().EditAsync(hospital.Id, seen, change(seen));
        }
    }

    [Fact]
    public async Task A_feed_out_of_sight_is_refused_and_a_deal_of_another_team_is_left_out()
    {
        await using var world = await TestWorld.CreateAsync();
        var mine = await world.InstitutionAsync(owner: world.Claire);
        var common = await world.InstitutionAsync("CH commun");
        await world.OpportunityAsync(owner: world.Claire, institution: common);
        var timelines = world.As(world.Lea).Get<Timelines>();

        await Assert.ThrowsAsync<BusinessRuleException>(() => timelines.PageAsync(TimelineSubject.Institution(mine.Id), s_all));
        Assert.Equal(0, (await timelines.CountAsync(TimelineSubject.Institution(common.Id), s_all))["stage"]);
    }
}
