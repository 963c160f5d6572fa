using Bunit;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Engagement;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Engagement;

public sealed class CalendarPageTests : WorldScreenTests
{
    [Fact]
    public async Task Guests_who_were_invited_are_told_of_a_drag_only_when_asked()
    {
        var meeting = await MeetingAsync();
        await World.Get<Invitations>().SendAsync(meeting);
        await DragAsync(meeting, "2026-11-25");

        var host = Render<ToastHost>();
        Assert.Contains("Prévenir les invités du nouvel horaire ?", host.Find("[data-testid=toast]").TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await MessagesAsync());

        await host.Find("[data-testid=toast-yes]").ClickAsync();

        Assert.Equal(2, await MessagesAsync());
        await using var db = World.Open();
        Assert.StartsWith("Changement : Comité, mercredi 25 novembre 2026", (await db.OutgoingMessages.OrderBy(message => message.Id).LastAsync()).Subject, StringComparison.Ordinal);
        Assert.Empty(host.FindAll("[data-testid=toast-yes]"));
    }

    [Fact]
    public async Task Not_now_closes_the_question_and_the_page_of_the_meeting_keeps_it_in_mind()
    {
        var meeting = await MeetingAsync();
        await World.Get<Invitations>().SendAsync(meeting);
        await DragAsync(meeting, "2026-11-25");
        var host = Render<ToastHost>();

        await host.Find("[data-testid=toast-no]").ClickAsync();

        Assert.Empty(host.FindAll("[data-testid=toast]"));
        Assert.Equal(1, await MessagesAsync());
        Assert.True((await World.Get<Activities>().FindAsync(meeting))!.GuestsAreBehind);
    }

    [Fact]
    public async Task Nothing_is_asked_when_nobody_was_invited_or_when_the_meeting_goes_into_the_past()
    {
        var quiet = await MeetingAsync();
        await DragAsync(quiet, "2026-11-25");
        Assert.Null(Services.GetRequiredService<Toasts>().Current!.Offer);

        var invited = await MeetingAsync();
        await World.Get<Invitations>().SendAsync(invited);
        await DragAsync(invited, "2026-11-20");
        Assert.Null(Services.GetRequiredService<Toasts>().Current!.Offer);
    }

    [Fact]
    public async Task A_public_holiday_is_named_and_a_colleagues_private_meeting_opens_nothing()
    {
        World.As(World.Paul);
        await World.Get<Activities>().CreateAsync(ActivitiesTests.Meeting(await World.InstitutionAsync()) with { Sharing = Sharing.Private, At = new DateTime(2026, 12, 25, 9, 0, 0, DateTimeKind.Utc) });
        World.As(World.Claire);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/calendar?date=2026-12-25&who=all");

        var page = Render<CalendarPage>();

        page.WaitForAssertion(() => Assert.Equal("Noël", page.Find("[data-testid=holiday]").TextContent));
        var item = page.Find("[data-testid=calendar-item]");
        Assert.Equal(("Occupé", null), (item.QuerySelector(".cal-title")!.TextContent, item.GetAttribute("data-id")));
        await item.ClickAsync();
        Assert.Empty(Services.GetRequiredService<Panels>().Open);
    }

    private async Task<Guid> MeetingAsync()
    {
        var guest = new Contact(new ContactDetails { FirstName = "Hélène", LastName = "Renaud", Email = "helene@chu.test" }, World.Now());
        await World.SaveAsync(db => db.Contacts.Add(guest));
        return (await World.Get<Activities>().CreateAsync(ActivitiesTests.Meeting(await World.InstitutionAsync()) with { ContactIds = [guest.Id] })).RecordId;
    }

    private async Task DragAsync(Guid meeting, string day)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/calendar?date=2026-11-24");
        var page = Render<CalendarPage>();
        page.WaitForElement($"[data-testid=calendar-item][data-id='{meeting}']");
        await page.InvokeAsync(() => page.FindComponent<CalendarSurface>().Instance.MoveAsync("Meeting", meeting, day, "time", 600, 60));
    }

    private async Task<int> MessagesAsync()
    {
        await using var db = World.Open();
        return await db.OutgoingMessages.CountAsync();
    }
}
