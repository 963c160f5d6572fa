using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

public sealed class FollowUpJourneys
{
    private const string Claire = "sales1@demo.test";

    [JourneyFact]
    public async Task At_nine_the_reminder_rings_in_an_open_bell_and_opens_its_task()
    {
        var time = new FixedTime(new DateTime(2027, 3, 28, 6, 59, 0));
        await using var app = await RunningApp.StartAsync(time);
        var task = await GiveTaskAsync(app, "Rappeler Dr Renaud");
        var page = await app.SignInAsync(Claire);
        await page.GetByTestId("bell").ClickAsync();
        var line = page.Locator($"[data-testid=bell-item][data-id='{task.Id}']");
        await Expect(page.GetByTestId("reminders-state")).ToBeVisibleAsync();
        await Expect(line).ToHaveCountAsync(0);

        time.MoveTo(new DateTime(2027, 3, 28, 7, 0, 30));
        await Expect(line).ToBeVisibleAsync(new() { Timeout = 45_000 });

        await page.Keyboard.PressAsync("Escape");
        await Expect(line).ToHaveCountAsync(0);
        await page.GetByTestId("bell").ClickAsync();
        await Expect(page.GetByTestId("reminders-state")).ToContainTextAsync("Rappels : actifs, dernier passage 09:00");
        await line.ClickAsync();
        await Expect(page.GetByTestId("field-Title")).ToHaveValueAsync("Rappeler Dr Renaud");

        await using var db = app.Open();
        Assert.Equal(1, await db.Notifications.CountAsync(line => line.RecordId == task.Id));
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task The_day_is_worked_through_from_the_keyboard()
    {
        await using var app = await RunningApp.StartAsync(new FixedTime(new DateTime(2026, 11, 23, 6, 0, 0)));
        await GiveTaskAsync(app, "Première chose", -2);
        var page = await app.SignInAsync(Claire);
        await page.Locator(".my-day[data-ready]").WaitForAsync();
        var lines = page.GetByTestId("day-item");
        var (first, second) = (await lines.Nth(0).GetAttributeAsync("data-item"), await lines.Nth(1).GetAttributeAsync("data-item"));

        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator($"[data-item='{first}']")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByTestId("field-Result")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Accord de principe");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Envoyer le devis de la suite");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("demain");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Envoyer le devis de la suite");
        await Expect(page.Locator($"[data-item='{first}']")).ToHaveCountAsync(0);
        await Expect(page.Locator($"[data-item='{second}']")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("day-week")).ToContainTextAsync("Envoyer le devis de la suite");

        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Demain" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("reportée au 24/11/2026");
        await Expect(page.GetByTestId("day-overdue").Locator($"[data-item='{second}']")).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("n");
        await page.GetByTestId("field-Title").FillAsync("Écrite depuis la journée");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("day-today")).ToContainTextAsync("Écrite depuis la journée");
        app.AssertNoProblems(page);
    }

    // A task of Claire's, due so many days from today.
    private static async Task<FollowUpTask> GiveTaskAsync(RunningApp app, string title, int days = 0)
    {
        var clock = app.Services.GetRequiredService<BusinessClock>();
        await using var db = app.Open();
        var claire = await db.Users.SingleAsync(user => user.Email == Claire);
        var task = new FollowUpTask(new FollowUpTaskDetails { Title = title, DueOn = clock.Today.AddDays(days), OwnerId = claire.Id, TeamId = claire.TeamId, Priority = TaskPriority.High }, Core.Access.Actor.System, clock.UtcNow);
        db.Begin(Core.Access.Actor.System, "Test");
        db.FollowUpTasks.Add(task);
        await db.SaveChangesAsync();
        return task;
    }
}
