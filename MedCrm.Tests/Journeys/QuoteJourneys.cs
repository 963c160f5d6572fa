using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>Writing quotes, from the keyboard and by two.</summary>
[Collection(JourneyGroup.Name)]
public sealed class QuoteJourneys(RunningApp app)
{
    private const string Claire = "sales1@demo.test";
    private const string Marc = "manager@demo.test";

    [JourneyFact]
    public async Task Claire_writes_a_quote_from_the_keyboard_alone()
    {
        var page = await app.SignInAsync(Claire, "/contacts");
        await Expect(page.GetByTestId("list-row").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("d");
        await Expect(page.GetByTestId("field-Title")).ToBeVisibleAsync();
        await page.Locator("form[data-ready]").WaitForAsync();
        await page.GetByTestId("field-Title").FillAsync("Écrit au clavier");
        await page.GetByTestId("field-InstitutionId").PressSequentiallyAsync("CHU de Nantes");
        await Expect(page.GetByTestId("option").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-InstitutionId")).ToHaveValueAsync("CHU de Nantes, Hôtel-Dieu");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.Locator(".quote-editor[data-ready]").WaitForAsync();

        await page.GetByTestId("field-Description-0").FocusAsync();
        await page.Keyboard.TypeAsync("Abonnement plateforme");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("12");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("mois");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("149,90");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("field-Description-1")).ToBeFocusedAsync();
        await PasteAsync(page, "Formation sur site\t1,5\tj\t980,00\t10\t20\nOuvrage technique\t3\t\t24,17\t\t5,5");
        await Expect(page.GetByTestId("line")).ToHaveCountAsync(3);
        await Expect(page.GetByTestId("field-Description-2")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await Expect(page.GetByTestId("field-Description-1")).ToHaveValueAsync("Ouvrage technique");
        await Expect(page.GetByTestId("field-Description-1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.GetByTestId("field-Description-0")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        await TotalsAsync(page);

        await page.ReloadAsync();

        await TotalsAsync(page);
        await Expect(page.GetByTestId("field-Description-1")).ToHaveValueAsync("Ouvrage technique");
        await Expect(page.GetByTestId("field-UnitPrice-0")).ToHaveValueAsync("149,90");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Two_people_on_one_draft_see_each_other_and_lose_nothing()
    {
        Guid id;
        await using (var db = app.Open())
        {
            id = await db.Quotes.Where(quote => quote.Status == QuoteStatus.Draft && quote.Title == "Traçabilité des dispositifs implantables").Select(quote => quote.Id).SingleAsync();
        }

        var (claire, marc) = (await app.SignInAsync(Claire, $"/quotes/{id}"), await app.SignInAsync(Marc, $"/quotes/{id}"));
        await claire.Locator(".quote-editor[data-ready]").WaitForAsync();
        await marc.Locator(".quote-editor[data-ready]").WaitForAsync();
        await FillAsync(claire, "field-UnitPrice-0", "1 500");
        await Expect(marc.GetByTestId("field-UnitPrice-0")).ToHaveValueAsync("1 500,00".Replace(' ', '\u202F'));

        // Marc has something that waits: what Claire saves meanwhile is told, and he chooses.
        await FillAsync(marc, "field-Quantity-1", "deux");
        await Expect(marc.GetByTestId("error-Quantity-1")).ToBeVisibleAsync();
        await FillAsync(claire, "field-Quantity-2", "4");
        await Expect(marc.GetByTestId("stale")).ToBeVisibleAsync();
        await marc.GetByTestId("stale-reload").ClickAsync();
        await Expect(marc.GetByTestId("stale")).ToHaveCountAsync(0);
        await Expect(marc.GetByTestId("field-Quantity-2")).ToHaveValueAsync("4");
        await FillAsync(marc, "field-Quantity-1", "2");
        await Expect(claire.GetByTestId("field-Quantity-1")).ToHaveValueAsync("2");

        app.AssertNoProblems(claire);
        app.AssertNoProblems(marc);
    }

    [JourneyFact]
    public async Task What_was_being_typed_when_the_page_went_comes_back_and_is_saved()
    {
        Guid id;
        await using (var db = app.Open())
        {
            id = await db.Quotes.Where(quote => quote.Status == QuoteStatus.Draft && quote.Title == "Lits médicalisés").Select(quote => quote.Id).SingleAsync();
        }

        var page = await app.SignInAsync(Claire, $"/quotes/{id}");
        await page.Locator(".quote-editor[data-ready]").WaitForAsync();
        var lines = await page.GetByTestId("line").CountAsync();
        await FillAsync(page, "field-Quantity-0", "41");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        await page.GetByTestId("section-add").ClickAsync();
        await Expect(page.GetByTestId($"field-Description-{lines}")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Matériel de rechange");

        await page.ReloadAsync();

        await Expect(page.GetByTestId("line")).ToHaveCountAsync(lines + 1);
        await Expect(page.GetByTestId($"field-Description-{lines}")).ToHaveValueAsync("Matériel de rechange");
        await Expect(page.GetByTestId("line").Nth(lines)).ToHaveAttributeAsync("data-kind", "Section");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        await Expect(page.GetByTestId("field-Quantity-0")).ToHaveValueAsync("41");

        // A figure that is being corrected takes its text back as well; the server has it from the next cell on.
        await page.GetByTestId("field-Quantity-0").FillAsync("quarante");
        await page.ReloadAsync();
        await Expect(page.GetByTestId("error-Quantity-0")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("field-Quantity-0")).ToHaveValueAsync("quarante");
        await page.GetByTestId("send").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("n'est pas enregistré");
        await Expect(page.GetByTestId("field-Quantity-0")).ToBeFocusedAsync();
        await FillAsync(page, "field-Quantity-0", "40");
        await Expect(page.GetByTestId("saved")).ToHaveAttributeAsync("data-state", "saved");
        app.AssertNoProblems(page);
    }

    private static async Task FillAsync(IPage page, string testId, string text)
    {
        await page.GetByTestId(testId).FillAsync(text);
        await page.GetByTestId(testId).BlurAsync();
    }

    private static async Task TotalsAsync(IPage page)
    {
        await Expect(page.GetByTestId("total-net")).ToHaveAttributeAsync("data-value", "3194.31");
        await Expect(page.GetByTestId("total-vat")).ToHaveAttributeAsync("data-value", "628.35");
        await Expect(page.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "3822.66");
    }

    private static async Task PasteAsync(IPage page, string text)
        => await page.EvaluateAsync(
            """
            text => {
                const data = new DataTransfer();
                data.setData('text/plain', text);
                document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """,
            text);
}
