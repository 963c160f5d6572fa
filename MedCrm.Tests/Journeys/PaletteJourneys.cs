using MedCrm.Core.Access;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>The palette and the keys of the shell, as they are pressed on a French keyboard.</summary>
[Collection(JourneyGroup.Name)]
public sealed class PaletteJourneys(RunningApp app)
{
    private const string Claire = "sales1@demo.test";

    [JourneyFact]
    public async Task The_palette_opens_on_what_was_looked_at_last_then_saved_views_then_actions()
    {
        var (institution, view) = await GiveViewAsync("Mes cliniques à revoir", "status=Customer");
        var page = await app.SignInAsync(Claire, $"/institutions/{institution}");
        await Expect(page.GetByTestId("title")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tâches" }).First.ClickAsync();
        await Expect(page.GetByTestId("list-count")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
        await Expect(page.Locator(".palette-group")).ToHaveTextAsync(["Récents", "Vues enregistrées", "Actions"]);
        await Expect(page.GetByTestId("palette-item").First).ToHaveAttributeAsync("data-id", $"{institution}");
        await Expect(page.Locator($"[data-testid=palette-item][data-id='{view}']")).ToContainTextAsync("Mes cliniques à revoir · Établissements");

        // By its words in any order, and opened with Enter.
        await page.Keyboard.TypeAsync("revoir clin");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{app.Url}/institutions?status=Customer&saved={view}");
        await Expect(page.Locator("[data-testid=view][aria-pressed=true]")).ToContainTextAsync("Mes cliniques à revoir");

        // Afresh the next time.
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByTestId("palette-input")).ToHaveValueAsync("");
        await Expect(page.Locator(".palette-group").First).ToHaveTextAsync("Récents");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_filter_is_typed_or_clicked_and_a_page_is_called_by_its_name()
    {
        var page = await app.SignInAsync(Claire, "/tasks");
        await Expect(page.GetByTestId("list-count")).ToBeVisibleAsync();
        await page.GetByTestId("search").ClickAsync();
        await page.GetByTestId("palette-input").FillAsync("c: re");
        await Expect(page.Locator(".palette-group")).ToHaveTextAsync(["Contacts"]);
        await Expect(page.Locator(".palette-filter[aria-pressed=true]")).ToContainTextAsync("contact");

        await page.Locator(".palette-filter[data-prefix='c: ']").ClickAsync();
        await Expect(page.GetByTestId("palette-input")).ToHaveValueAsync("re");
        await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
        await Expect(page.Locator(".palette-filter[aria-pressed=true]")).ToHaveCountAsync(0);
        await page.Locator(".palette-filter[data-prefix='e: ']").ClickAsync();
        await Expect(page.GetByTestId("palette-input")).ToHaveValueAsync("e: re");

        await page.GetByTestId("palette-input").FillAsync("calendrier");
        await Expect(page.Locator(".palette-group").First).ToHaveTextAsync("Pages");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync($"{app.Url}/calendar");

        // What a role may not do is not offered.
        await page.GetByTestId("search").ClickAsync();
        await page.GetByTestId("palette-input").FillAsync("sauvegardes");
        await Expect(page.Locator(".palette-empty")).ToContainTextAsync("Rien ne correspond");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Slash_and_question_mark_are_known_by_their_character_and_never_while_somebody_types()
    {
        var page = await app.SignInAsync(Claire, "/institutions");
        await page.Locator(".datalist[data-ready]").WaitForAsync();
        var (palette, sheet) = (page.GetByTestId("palette"), page.GetByTestId("shortcuts"));

        // « / » is Shift and : on a French keyboard, « ? » is Shift and the comma.
        await PressAsync(page, "body", "/", "Period");
        await Expect(palette).ToBeVisibleAsync();
        await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
        await PressAsync(page, "[data-testid=palette-input]", "?", "KeyM");
        await page.Keyboard.PressAsync("Escape");
        await Expect(palette).ToBeHiddenAsync();
        await Expect(sheet).ToBeHiddenAsync();
        await PressAsync(page, "body", "/", "Slash");
        await Expect(palette).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");

        // The place of the key says nothing: what French types with the key of « / » is « ! ».
        await PressAsync(page, "body", "!", "Slash");
        await PressAsync(page, "body", ":", "Period");
        await PressAsync(page, "[data-testid=list-search]", "/", "Period");
        await PressAsync(page, "[data-testid=list-search]", "?", "KeyM");
        await page.EvaluateAsync("() => { const box = document.createElement('div'); box.id = 'writing'; box.contentEditable = 'true'; box.tabIndex = 0; document.querySelector('main').append(box); }");
        await PressAsync(page, "#writing", "/", "Period");
        await PressAsync(page, "#writing", "?", "KeyM");
        await Expect(palette).ToBeHiddenAsync();
        await Expect(sheet).ToBeHiddenAsync();

        await page.EvaluateAsync("() => document.activeElement.blur()");
        await PressAsync(page, "body", "?", "KeyM");
        await Expect(sheet).ToBeVisibleAsync();
        await PressAsync(page, "#shortcuts .btn", "/", "Period");
        await Expect(palette).ToBeHiddenAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task G_and_a_letter_go_and_n_and_a_letter_create()
    {
        var page = await app.SignInAsync(Claire, "/institutions");
        await page.Locator(".datalist[data-ready]").WaitForAsync();
        foreach (var (key, address) in new[] { ("k", "/calendar"), ("c", "/contacts"), ("a", "/opportunities"), ("t", "/tasks?todo=true"), ("e", "/institutions"), ("j", "/") })
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);
            await Expect(page).ToHaveURLAsync(app.Url + address);
        }

        // There K and J belong to the lines, unless G came first; N alone writes a task.
        await page.Locator(".my-day[data-ready]").WaitForAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.GetByTestId("day-item").First).ToBeFocusedAsync();
        await page.EvaluateAsync("() => ['n', 'a'].forEach(key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))");
        await Expect(page.GetByTestId("field-Title")).ToBeFocusedAsync();
        await Expect(page.Locator("dialog.panel[open]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog.panel[open]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("k");
        await Expect(page).ToHaveURLAsync($"{app.Url}/calendar");

        // What follows too soon for the form starts nothing else.
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByTestId("field-Title")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("palette")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await Expect(page.GetByTestId("field-Title")).ToHaveValueAsync("ge");
        await Expect(page).ToHaveURLAsync($"{app.Url}/calendar");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task The_sheet_lists_what_works_on_the_page_on_show()
    {
        var page = await app.SignInAsync(Claire, "/institutions");
        await page.Locator(".datalist[data-ready]").WaitForAsync();
        await page.Keyboard.PressAsync("?");
        var parts = page.Locator("#shortcuts section:visible h3");
        await Expect(parts).ToHaveTextAsync(["Partout", "Dans un formulaire", "Dans cette liste", "Aller à", "Créer"]);
        await page.Locator("#shortcuts").GetByRole(AriaRole.Link, new() { Name = "Ma journée" }).ClickAsync();
        await page.Locator(".my-day[data-ready]").WaitForAsync();
        await Expect(page.GetByTestId("shortcuts")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("?");
        await Expect(parts).ToHaveTextAsync(["Partout", "Dans un formulaire", "Ma journée", "Aller à"]);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task What_was_asked_and_typed_before_the_script_stands_is_answered()
    {
        var (institution, _) = await GiveViewAsync("Vue du matin", "");
        await using var db = app.Open();
        var name = await db.Institutions.Where(one => one.Id == institution).Select(one => one.Name).SingleAsync();
        var page = await app.SignInAsync(Claire, "/tasks");
        await Expect(page.GetByTestId("list-count")).ToBeVisibleAsync();
        var arrival = new TaskCompletionSource();
        await page.RouteAsync("**/Palette.razor*.js", async route =>
        {
            await arrival.Task;
            await route.ContinueAsync();
        });

        // A click, a name and Enter while its script is on the way.
        await page.ReloadAsync();
        await page.GetByTestId("search").ClickAsync();
        await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("palette")).ToBeVisibleAsync();
        arrival.SetResult();
        await Expect(page).ToHaveURLAsync($"{app.Url}/institutions/{institution}");
        await Expect(page.GetByTestId("palette")).ToBeHiddenAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task What_was_asked_and_typed_before_the_page_stands_is_there_when_it_does()
    {
        var page = await app.SignInAsync(Claire, "/tasks");
        await Expect(page.GetByTestId("list-count")).ToBeVisibleAsync();
        foreach (var keys in new[] { "Control+k", "/" })
        {
            var arrival = new TaskCompletionSource();
            await page.RouteAsync("**/_blazor/negotiate**", async route =>
            {
                await arrival.Task;
                await route.ContinueAsync();
            });
            await page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.Keyboard.PressAsync(keys);
            await page.Keyboard.TypeAsync("nantess");
            await page.Keyboard.PressAsync("Backspace");
            await Expect(page.GetByTestId("palette")).ToHaveCountAsync(0);
            arrival.SetResult();

            await Expect(page.GetByTestId("palette-input")).ToHaveValueAsync("nantes");
            await Expect(page.GetByTestId("palette-input")).ToBeFocusedAsync();
            await Expect(page.GetByTestId("palette-item").First).ToContainTextAsync("Nantes");
            await page.UnrouteAllAsync();
        }

        app.AssertNoProblems(page);
    }

    // As a keyboard says it: the character, the place of its key, and Shift.
    private static async Task PressAsync(IPage page, string selector, string key, string code)
    {
        const string Press = """
            ([selector, key, code]) => {
                const target = document.querySelector(selector);
                target.focus();
                target.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey: true, bubbles: true, cancelable: true, composed: true }));
            }
            """;
        await page.EvaluateAsync(Press, new[] { selector, key, code });
    }

    private async Task<(Guid Institution, Guid View)> GiveViewAsync(string name, string query)
    {
        await using var db = app.Open();
        var claire = await db.Users.SingleAsync(user => user.Email == Claire);
        var view = new SavedView("institutions", name, query, claire.Id);
        db.Begin(Actor.System, "Test");
        db.SavedViews.Add(view);
        await db.SaveChangesAsync();
        return (await db.Institutions.Where(one => one.FinessEt == "440000016").Select(one => one.Id).SingleAsync(), view.Id);
    }
}
