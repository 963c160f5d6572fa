using System.Net;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Calendars;
using MedCrm.Core.Customers;
using MedCrm.Core.FollowUp;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Calendars;

public sealed class CalendarFeedTests
{
    private static readonly Uri s_site = new("https://crm.example.org/");

    [Fact]
    public async Task A_feed_holds_the_open_tasks_of_its_owner_and_of_nobody_else()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync(owner: world.Claire);
        var today = new DateOnly(2026, 11, 21);
        var timed = await world.TaskAsync(with: d => d with { Title = "Appeler le bloc", DueTime = new TimeOnly(14, 30), InstitutionId = institution.Id, Notes = "Salle 2, puis 3" });
        await world.TaskAsync(with: d => d with { Title = "Envoyer le devis", DueOn = today.AddDays(3) });
        await world.TaskAsync(with: d => d with { Title = "Sans jour", DueOn = null });
        await world.TaskAsync(with: d => d with { Title = "Faite", Status = FollowUpStatus.Done });
        await world.TaskAsync(with: d => d with { Title = "Trop loin", DueOn = today.AddDays(CalendarFeeds.DaysAhead + 1) });
        await world.TaskAsync(with: d => d with { Title = "Trop vieille", DueOn = today.AddDays(-CalendarFeeds.DaysBefore - 1) });
        await world.TaskAsync(owner: world.Paul, with: d => d with { Title = "Celle de Paul" });

        var text = Encoding.UTF8.GetString((await ReadAsync(world.As(world.Claire)))!);

        Assert.Equal(["SUMMARY:Appeler le bloc", "SUMMARY:Envoyer le devis"], text.Split("\r\n").Where(line => line.StartsWith("SUMMARY", StringComparison.Ordinal)));
        foreach (var line in new[]
        {
            "X-WR-CALNAME:MedCRM – Claire Martin",
            "REFRESH-INTERVAL;VALUE=DURATION:PT60M",
            $"UID:task-{timed.Id:N}@medcrm",
            "DTSTART;TZID=Europe/Paris:20261121T143000",
            "DTEND;TZID=Europe/Paris:20261121T150000",
            "LOCATION:CHU de Nantes\\, Nantes",
            "DESCRIPTION:Salle 2\\, puis 3",
            "DTSTART;VALUE=DATE:20261124",
        })
        {
            Assert.Contains($"\r\n{line}\r\n", text, StringComparison.Ordinal);
        }

        Assert.Contains($"URL:https://crm.example.org/tasks?open={timed.Id}", text.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_does_not_name_what_its_owner_no_longer_sees()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync("Clinique secrète", owner: world.Lea);
        var contact = await world.ContactAsync(institution, "Secret");
        var deal = await world.OpportunityAsync(owner: world.Lea, institution: institution, with: d => d with { Name = "Affaire secrète" });
        await world.TaskAsync(with: d => d with { InstitutionId = institution.Id, ContactId = contact.Id, OpportunityId = deal.Id });

        var text = Encoding.UTF8.GetString((await ReadAsync(world.As(world.Claire)))!);

        Assert.Contains("SUMMARY:Rappeler Dr Renaud", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secr", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Only_the_last_secret_opens_a_feed_until_it_is_closed()
    {
        await using var world = await TestWorld.CreateAsync();
        var feeds = world.As(world.Claire).Get<CalendarFeeds>();
        Assert.Null(await feeds.MineAsync());
        var first = await feeds.OpenAsync();
        var second = await feeds.OpenAsync();

        Assert.Equal((43, 43), (first.Length, second.Length));
        Assert.Null(await feeds.ReadAsync(first, s_site));
        Assert.NotNull(await feeds.ReadAsync(second, s_site));
        Assert.Null(await feeds.ReadAsync(second[..^1], s_site));
        Assert.Equal(new FeedState(world.Now(), world.Now()), await feeds.MineAsync());

        // The secret itself rests nowhere.
        await using (var db = world.Open())
        {
            var kept = await db.CalendarFeeds.SingleAsync();
            Assert.DoesNotContain(second, kept.TokenHash, StringComparison.Ordinal);
        }

        // What a colleague closes is their own.
        await world.As(world.Paul).Get<CalendarFeeds>().CloseAsync();
        Assert.NotNull(await feeds.ReadAsync(second, s_site));
        await world.As(world.Claire).Get<CalendarFeeds>().CloseAsync();
        Assert.Null(await feeds.ReadAsync(second, s_site));
    }

    [Fact]
    public async Task The_feed_of_a_closed_account_answers_no_more()
    {
        await using var world = await TestWorld.CreateAsync();
        var feeds = world.As(world.Claire).Get<CalendarFeeds>();
        var token = await feeds.OpenAsync();

        await world.As(world.Admin).Get<Users>().DisableAsync(world.Claire.Id!.Value);

        Assert.Null(await feeds.ReadAsync(token, s_site));
    }

    [Fact]
    public async Task Every_room_puts_its_own_into_the_feed()
    {
        await using var world = await TestWorld.CreateAsync(services => services.AddSingleton<ICalendarSource, Meetings>());
        await world.TaskAsync();

        var text = Encoding.UTF8.GetString((await ReadAsync(world.As(world.Claire)))!);

        Assert.Equal(["SUMMARY:Rappeler Dr Renaud", "SUMMARY:Visite"], text.Split("\r\n").Where(line => line.StartsWith("SUMMARY", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_program_reads_the_feed_without_signing_in_and_a_wrong_secret_is_a_404()
    {
        await using var site = new TestSite();
        var claire = await site.AddUserAsync("claire@test.fr", Role.Sales);
        await using var scope = site.Services.CreateAsyncScope();
        var feeds = ActivatorUtilities.CreateInstance<CalendarFeeds>(scope.ServiceProvider, new SignedIn(new Actor(claire, "Claire", Role.Sales, null, Visibility.Own)));
        var token = await feeds.OpenAsync();
        var program = site.Visit("10.0.0.1");

        var answer = await program.GetAsync($"/calendar/feed/{token}.ics");
        Assert.Equal((HttpStatusCode.OK, "text/calendar; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.StartsWith("BEGIN:VCALENDAR\r\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var wrong = await program.GetAsync($"/calendar/feed/{token}x.ics");
        Assert.Equal((HttpStatusCode.NotFound, true), (wrong.StatusCode, wrong.Headers.CacheControl!.NoStore));
        await feeds.CloseAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/calendar/feed/{token}.ics")).StatusCode);
    }

    [Fact]
    public async Task Guessing_secrets_is_slowed_down_and_keeps_nobody_from_signing_in()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("claire@test.fr", Role.Sales);
        var program = site.Visit("10.0.0.1");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add((await program.GetAsync($"/calendar/feed/essai{i}.ics")).StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.NotFound, 10), HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Visit("10.0.0.2").GetAsync("/calendar/feed/essai.ics")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.LogInAsync(site.Visit("10.0.0.1"), "claire@test.fr", TestSite.Password)).StatusCode);
    }

    [Fact]
    public async Task A_card_names_only_what_the_person_sees()
    {
        await using var world = await TestWorld.CreateAsync();
        var secret = await world.InstitutionAsync("Clinique secrète", owner: world.Lea);
        var ours = await world.InstitutionAsync("CHU de Nantes", owner: world.Claire, with: d => d with { Street = "5 allée de l'Île-Gloriette", Phone = "+33240083333" });
        var both = await world.ContactAsync(ours, "Renaud");
        var hidden = await world.ContactAsync(secret, "Caché");
        await world.SaveAsync(db => db.Contacts.Include(c => c.Roles).Single(c => c.Id == both.Id).Join(new ContactRoleDetails { InstitutionId = secret.Id, IsPrimary = true }, world.Now()));

        var cards = world.As(world.Claire).Get<ContactCards>();
        var card = await cards.FindAsync(both.Id);

        Assert.Equal(("Hélène Renaud", "CHU de Nantes", "Cheffe du bloc", "5 allée de l'Île-Gloriette", "44000", "Nantes", "+33240083333"), (card!.FullName, card.Organization, card.Title, card.Street, card.Postcode, card.City, card.Phone));
        Assert.Null(await cards.FindAsync(hidden.Id));
        Assert.Equal("Clinique secrète", (await world.As(world.Lea).Get<ContactCards>().FindAsync(both.Id))!.Organization);
    }

    [Fact]
    public async Task A_card_is_downloaded_by_who_sees_the_contact()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("claire@test.fr", Role.Sales);
        var contact = new Contact(new ContactDetails { FirstName = "Hélène", LastName = "Renaud" }, DateTime.UtcNow);
        await using (var db = site.Open())
        {
            db.Begin(Actor.System, "Test");
            db.Contacts.Add(contact);
            await db.SaveChangesAsync();
        }

        var claire = await site.SignInAsync("claire@test.fr");
        var answer = await claire.GetAsync($"/contacts/{contact.Id}/vcard");

        Assert.Equal((HttpStatusCode.OK, "text/vcard; charset=utf-8", "helene-renaud.vcf"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentDisposition!.FileNameStar));
        Assert.Contains("FN:Hélène Renaud\r\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await claire.GetAsync($"/contacts/{Guid.NewGuid()}/vcard")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await site.Visit().GetAsync($"/contacts/{contact.Id}/vcard")).StatusCode);
    }

    private static async Task<byte[]?> ReadAsync(TestWorld world)
    {
        var feeds = world.Get<CalendarFeeds>();
        return await feeds.ReadAsync(await feeds.OpenAsync(), s_site);
    }

    private sealed class Meetings : ICalendarSource
    {
        public Task<IReadOnlyList<CalendarEvent>> EventsOfAsync(Core.Data.MedCrmDbContext db, Guid userId, DateOnly from, DateOnly to, CancellationToken cancellationToken)
            => Task.FromResult<IReadOnlyList<CalendarEvent>>([CalendarEvent.At("meeting@medcrm", "Visite", new DateTime(2026, 11, 23, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 23, 10, 0, 0, DateTimeKind.Utc))]);
    }
}
