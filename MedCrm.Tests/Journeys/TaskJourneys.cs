using MedCrm.Core.Access;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

public sealed class TaskJourneys
{
    private const string Claire = "sales1@demo.test";

    // A Monday, 07:00 in Paris.
    private static readonly DateTime s_monday = new(2026, 11, 23, 6, 0, 0);

    [JourneyFact]
    public async Task A_task_is_dragged_to_what_becomes_of_it_and_the_keyboard_does_the_same()
    {
        await using var app = await RunningApp.StartAsync(new FixedTime(s_monday));
        var page = await app.SignInAsync(Claire, "/tasks?view=kanban");
        await page.Locator(".board[data-ready]").WaitForAsync();
        var before = await CountsAsync(page);

        await DragAsync(page, "Envoyer le compte rendu de la visite", "[data-stage=InProgress]");

        await page.ReadToastAsync("Tâche « Envoyer le compte rendu de la visite » en cours");
        await Expect(CardIn(page, "InProgress", "Envoyer le compte rendu de la visite")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-stage=InProgress] [data-testid=column-count]")).ToHaveAttributeAsync("data-value", "1");
        await page.ReloadAsync();
        await page.Locator(".board[data-ready]").WaitForAsync();
        await Expect(CardIn(page, "InProgress", "Envoyer le compte rendu de la visite")).ToBeVisibleAsync();

        // Let go of in its own column, it stands where its day puts it and nothing is sent.
        await DragAsync(page, "Préparer l'avenant de garantie", "[data-stage=ToDo]");
        await Expect(page.Locator(".card.lift")).ToHaveCountAsync(0);

        await DragAsync(page, "Trier les cartes du salon", "[data-testid=drop-cancelled]");
        await page.UndoAsync("Tâche « Trier les cartes du salon » abandonnée");
        await Expect(CardIn(page, "ToDo", "Trier les cartes du salon")).ToHaveCountAsync(1);

        await page.Locator("[data-testid=board-card][aria-label=\"Envoyer le compte rendu de la visite\"]").FocusAsync();
        await page.Keyboard.PressAsync("m");
        await Expect(page.GetByTestId("move-to").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.ReadToastAsync("Tâche « Envoyer le compte rendu de la visite » à faire");
        await Expect(CardIn(page, "ToDo", "Envoyer le compte rendu de la visite")).ToBeFocusedAsync();
        Assert.Equal(before, await CountsAsync(page));

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-Title")).ToHaveValueAsync("Envoyer le compte rendu de la visite");
        await Expect(page.GetByTestId("board")).ToBeVisibleAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_refused_card_returns_and_says_why()
    {
        await using var app = await RunningApp.StartAsync(new FixedTime(s_monday));
        var page = await app.SignInAsync(Claire, "/tasks?view=kanban&owner=me");
        await page.Locator(".board[data-ready]").WaitForAsync();
        await using (var db = app.Open())
        {
            await db.FollowUpTasks.Where(task => task.Title == "Préparer l'avenant de garantie").ExecuteUpdateAsync(set => set.SetProperty(task => task.Version, Guid.NewGuid()));
        }

        await DragAsync(page, "Préparer l'avenant de garantie", "[data-stage=Done]");

        await Expect(page.GetByTestId("toast")).ToContainTextAsync("modifiée entre-temps");
        await Expect(CardIn(page, "ToDo", "Préparer l'avenant de garantie")).ToBeVisibleAsync();
        await Expect(page.Locator(".card.lift")).ToHaveCountAsync(0);
    }

    [JourneyFact]
    public async Task A_task_is_made_to_come_back_then_put_off_once_and_finished_from_the_day()
    {
        await using var app = await RunningApp.StartAsync(new FixedTime(s_monday));
        var page = await app.SignInAsync(Claire);
        await page.Locator(".my-day[data-ready]").WaitForAsync();

        await page.Keyboard.PressAsync("n");
        await Expect(page.GetByTestId("field-Title")).ToBeFocusedAsync();
        await page.GetByTestId("field-Title").FillAsync("Point du lundi");
        await page.GetByTestId("field-Kind").SelectOptionAsync("Weekly");
        await Expect(page.GetByTestId("rule")).ToContainTextAsync("Toutes les semaines, le lundi");
        await page.GetByTestId("step-add").FillAsync("Relire");
        await page.GetByTestId("step-add").PressAsync("Enter");
        await Expect(page.GetByTestId("step")).ToHaveCountAsync(1);
        await page.GetByTestId("save").ClickAsync();
        var line = page.GetByTestId("day-today").Locator("[data-testid=day-item]", new() { HasText = "Point du lundi" });
        await Expect(line).ToBeVisibleAsync();

        await line.FocusAsync();
        await page.Keyboard.PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Demain" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("this-time")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.ReadToastAsync("Tâche « Point du lundi » reportée au 24/11/2026");

        var later = page.GetByTestId("day-week").Locator("[data-testid=day-item]", new() { HasText = "Point du lundi" });
        await later.FocusAsync();
        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByTestId("field-Result")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.UndoAsync("Tâche « Point du lundi » terminée, 1 sous-tâche restait, prochaine fois le 30/11/2026");
        await Expect(later).ToBeVisibleAsync();

        await app.GoAsync(page, "/tasks?view=list&group=date&todo=true&q=point");
        await Expect(page.GetByTestId("list-group")).ToHaveAttributeAsync("data-group", "tomorrow");
        await page.GetByTestId("list-group").ClickAsync();
        await Expect(page.GetByTestId("list-row")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("list-group")).ToHaveAttributeAsync("aria-expanded", "false");
        await page.GetByTestId("list-group").ClickAsync();
        await page.GetByTestId("list-row").Locator("a.name").ClickAsync();
        await Expect(page.GetByTestId("field-Title")).ToHaveValueAsync("Point du lundi");
        await page.GetByTestId("step-done").CheckAsync();
        await Expect(page.GetByTestId("steps").GetByTestId("steps-count")).ToHaveAttributeAsync("data-value", "1/1");
        await page.GetByTestId("field-Title").FillAsync("Point de la semaine");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("this-time")).ToBeFocusedAsync();
        await page.GetByTestId("whole-series").ClickAsync();
        await page.ReadToastAsync("Série « Point du lundi » modifiée");
        await using (var db = app.Open())
        {
            Assert.Equal("Point de la semaine", await db.TaskSeries.Where(series => series.Title.StartsWith("Point de la")).Select(series => series.Title).SingleAsync());
        }

        await page.GetByTestId("list-row").Locator("a.name").ClickAsync();
        await Expect(page.GetByTestId("field-Title")).ToHaveValueAsync("Point de la semaine");
        await page.GetByTestId("delete").ClickAsync();
        await page.GetByTestId("whole-series").ClickAsync();
        await page.ReadToastAsync("Série « Point de la semaine » supprimée");
        await using var after = app.Open();
        Assert.False(await after.FollowUpTasks.AnyAsync(task => task.Title.StartsWith("Point de la")));
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_task_rings_at_its_minute_in_an_open_bell_with_its_priority()
    {
        var time = new FixedTime(s_monday);
        await using var app = await RunningApp.StartAsync(time);
        Guid id;
        await using (var db = app.Open())
        {
            var claire = await db.Users.SingleAsync(user => user.Email == Claire);
            var details = new FollowUpTaskDetails { Title = "Rappeler la pharmacie", DueOn = new DateOnly(2026, 11, 23), DueTime = new TimeOnly(8, 0), Reminder = TaskReminder.QuarterBefore, OwnerId = claire.Id, TeamId = claire.TeamId, Priority = TaskPriority.High };
            var task = new FollowUpTask(details, Actor.System, app.Services.GetRequiredService<BusinessClock>().UtcNow);
            db.Begin(Actor.System, "Test");
            db.FollowUpTasks.Add(task);
            await db.SaveChangesAsync();
            id = task.Id;
        }

        var page = await app.SignInAsync(Claire);
        await page.GetByTestId("bell").ClickAsync();
        var line = page.Locator($"[data-testid=bell-item][data-id='{id}']");
        await Expect(line).ToHaveCountAsync(0);

        time.MoveTo(new DateTime(2026, 11, 23, 6, 45, 30));
        await Expect(line).ToHaveAttributeAsync("data-priority", "High", new() { Timeout = 45_000 });
        await Expect(line).ToContainTextAsync("Aujourd'hui à 08:00");
        app.AssertNoProblems(page);
    }

    private static ILocator CardIn(IPage page, string stage, string title) => page.Locator($"[data-stage={stage}] [data-testid=board-card][data-id][aria-label=\"{title}\"]");

    private static async Task<string> CountsAsync(IPage page)
        => string.Join(' ', await page.GetByTestId("column-count").EvaluateAllAsync<string[]>("counts => counts.map(count => count.dataset.value)"));

    private static async Task DragAsync(IPage page, string title, string target)
    {
        var card = page.Locator($"[data-testid=board-card][tabindex]:not(.ghost)[aria-label=\"{title}\"]");
        await Expect(card).ToBeVisibleAsync();
        await card.ScrollIntoViewIfNeededAsync();
        var from = (await card.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + 60, from.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 80, from.Y + 40, new() { Steps = 3 });
        await Expect(page.Locator("body > .card.lift")).ToBeVisibleAsync();
        var to = (await page.Locator(target).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(to.X + (to.Width / 2), to.Y + Math.Min(to.Height / 2, 240), new() { Steps = 8 });
        await page.Mouse.UpAsync();
    }
}
