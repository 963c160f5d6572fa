using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class EngagementJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task A_call_noted_with_its_next_step_stands_in_the_open_feed_of_a_colleague_at_once()
    {
        await using var db = app.Open();
        var institution = await db.Institutions.SingleAsync(i => i.FinessEt == "350000139");
        var manager = await app.SignInAsync("manager@demo.test", $"/institutions/{institution.Id}?tab=timeline");
        await Expect(manager.GetByTestId("timeline-call")).ToBeVisibleAsync();
        var page = await app.SignInAsync("sales1@demo.test", $"/institutions/{institution.Id}?tab=timeline");

        await page.GetByTestId("log-call").ClickAsync();
        await Expect(page.GetByTestId("field-Subject")).ToBeFocusedAsync();
        await page.GetByTestId("field-Subject").FillAsync("Qualité du parcours");
        await page.GetByTestId("field-ContactIds").PressSequentiallyAsync("hamon");
        await Expect(page.GetByTestId("option").First).ToContainTextAsync("Valérie Hamon");
        await page.GetByTestId("field-ContactIds").PressAsync("Enter");
        await Expect(page.GetByTestId("people")).ToContainTextAsync("Valérie Hamon");
        await page.GetByTestId("field-Result").FillAsync("Rendez-vous à fixer");
        await page.GetByTestId("field-Next").FillAsync("Proposer trois dates");
        await page.GetByTestId("field-Text").FillAsync("Elle a **deux** sites.");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("suite : « Proposer trois dates »");

        foreach (var open in new[] { page, manager })
        {
            var entry = open.GetByTestId("timeline-entry").Filter(new() { HasText = "Qualité du parcours" });
            await Expect(entry).ToContainTextAsync("avec Valérie Hamon");
            await Expect(entry.Locator("strong")).ToHaveTextAsync("deux");
            await Expect(open.GetByTestId("timeline-entry").Filter(new() { HasText = "Proposer trois dates" })).ToBeVisibleAsync();
        }

        await page.GetByTestId("timeline-task").ClickAsync();
        await Expect(page.GetByTestId("timeline-entry").Filter(new() { HasText = "Qualité du parcours" })).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.GetByTestId("timeline-task")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByTestId("timeline-entry").Filter(new() { HasText = "Proposer trois dates" })).ToBeVisibleAsync();
        app.AssertNoProblems(page);
        app.AssertNoProblems(manager);
    }

    [JourneyFact]
    public async Task A_colleague_is_named_by_typing_an_at_sign_and_finds_the_note_behind_the_bell()
    {
        await using var db = app.Open();
        var institution = await db.Institutions.SingleAsync(i => i.FinessEt == "350000147");
        var page = await app.SignInAsync("sales1@demo.test", $"/institutions/{institution.Id}?tab=activity");
        await page.GetByTestId("log-note").ClickAsync();
        await Expect(page.GetByTestId("field-Subject")).ToBeFocusedAsync();
        var text = page.GetByTestId("field-Text");
        await text.ClickAsync();
        await text.PressSequentiallyAsync("Budget voté, à voir avec @gir");
        await Expect(page.GetByRole(AriaRole.Option, new() { Name = "Marc Girard" })).ToBeVisibleAsync();
        await text.PressAsync("Enter");
        await Expect(text).ToHaveValueAsync("Budget voté, à voir avec @Marc Girard ");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("notée");

        var manager = await app.SignInAsync("manager@demo.test");
        await manager.GetByTestId("bell").ClickAsync();
        await manager.GetByText("Claire Martin vous cite").First.ClickAsync();
        await Expect(manager.GetByTestId("activity-text")).ToContainTextAsync("Budget voté");
        app.AssertNoProblems(page);
        app.AssertNoProblems(manager);
    }

    [JourneyFact]
    public async Task A_meeting_is_drawn_moved_and_made_longer_with_the_mouse_and_comes_back_with_undo()
    {
        var page = await app.SignInAsync("sales2@demo.test", "/calendar?date=2027-03-03");
        var wednesday = Column(page, "2027-03-03");
        await Expect(wednesday).ToBeVisibleAsync();

        await DragAsync(page, wednesday, hour: 9, wednesday, toHour: 10.5);
        await Expect(page.GetByTestId("field-Subject")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("field-DurationMinutes")).ToHaveValueAsync("90");
        await page.GetByTestId("field-Subject").FillAsync("Visite dessinée");
        await page.GetByTestId("save").ClickAsync();
        var item = page.GetByTestId("calendar-item").Filter(new() { HasText = "Visite dessinée" });
        await Expect(item).ToContainTextAsync("09:00");

        await DragAsync(page, wednesday, hour: 9.25, Column(page, "2027-03-05"), toHour: 14.25);
        await Expect(Column(page, "2027-03-05").GetByTestId("calendar-item")).ToContainTextAsync("14:00");
        await page.ReadToastAsync("déplacée au 05/03/2027 à 14:00");

        await DragAsync(page, Column(page, "2027-03-05"), hour: 15.45, Column(page, "2027-03-05"), toHour: 17);
        await Expect(item).ToHaveAttributeAsync("data-minutes", "180");
        await page.ReadToastAsync("180 minutes");

        await item.FocusAsync();
        await item.PressAsync("Enter");
        await Expect(page.GetByTestId("field-Subject")).ToHaveValueAsync("Visite dessinée");
        await page.GetByTestId("delete").ClickAsync();
        await Expect(item).ToHaveCountAsync(0);
        await page.UndoAsync("supprimée");
        await Expect(item).ToHaveCountAsync(1);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_task_dropped_on_an_hour_of_the_calendar_takes_it()
    {
        var page = await app.SignInAsync("sales2@demo.test", "/calendar?view=day&date=2027-03-10");
        var task = page.GetByTestId("unplaced").GetByTestId("calendar-item").Filter(new() { HasText = "Valider les conditions de paiement" });
        await Expect(task).ToBeVisibleAsync();
        var day = Column(page, "2027-03-10");
        await task.HoverAsync();
        await page.Mouse.DownAsync();

        // Measured once the page has come to rest: what loads beside the grid moves it.
        var to = await PointAsync(page, day, 11);
        await page.Mouse.MoveAsync(to.X, to.Y, new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await Expect(day.GetByTestId("calendar-item").Filter(new() { HasText = "Valider les conditions" })).ToContainTextAsync("11:00");
        await Expect(task).ToHaveCountAsync(0);
        await page.UndoAsync("placée le 10/03/2027 à 11:00");
        await Expect(task).ToBeVisibleAsync();
        app.AssertNoProblems(page);
    }

    private static ILocator Column(IPage page, string day) => page.Locator($"[data-testid=calendar-column][data-day='{day}']");

    private static async Task<(float X, float Y)> PointAsync(IPage page, ILocator column, double hour)
    {
        // The hours asked for may be below the fold of the grid.
        await page.Locator(".cal-scroll").EvaluateAsync("(grid, hour) => grid.scrollTop = 44 * (hour - 3)", hour);
        var box = (await column.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (float)(box.Height / 24 * hour) + (hour % 1 == 0 ? 8 : 0));
    }

    private static async Task DragAsync(IPage page, ILocator from, double hour, ILocator to, double toHour)
    {
        await page.Locator(".cal-scroll").EvaluateAsync("grid => grid.scrollTop = 44 * 7.5");
        var (start, end) = (await BoxAsync(from), await BoxAsync(to));
        await page.Mouse.MoveAsync(start.X + (start.Width / 2), start.Y + (float)(start.Height / 24 * hour) + 1);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(end.X + (end.Width / 2), end.Y + (float)(end.Height / 24 * toHour) + 1, new() { Steps = 10 });
        await page.Mouse.UpAsync();
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator locator) => (await locator.BoundingBoxAsync())!;
}
