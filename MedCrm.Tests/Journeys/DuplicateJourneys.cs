using MedCrm.Core.Customers;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class DuplicateJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task Claire_creates_a_look_alike_all_the_same_merges_it_from_the_queue_and_takes_them_apart_again()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/institutions?new=1");
        var first = await CreateAsync(page, "Clinique des Tilleuls Blancs", "02 99 00 77 10", expectsTwin: false);
        await app.GoAsync(page, "/institutions?new=1");
        var second = await CreateAsync(page, "Clinique Tilleuls-Blancs", "02 99 00 77 10", expectsTwin: true);

        await app.GoAsync(page, "/duplicates");
        await page.GetByTestId("search-now").ClickAsync();
        var pair = page.GetByTestId("pair").Filter(new() { HasText = "Clinique Tilleuls-Blancs" });
        await Expect(pair.GetByTestId("pair-signs")).ToContainTextAsync("même téléphone");
        await pair.GetByTestId("merge").ClickAsync();

        await page.Locator($"[data-testid=kept][data-id='{first}']").ClickAsync();
        await Expect(page.Locator($"[data-testid=kept][data-id='{first}'] input")).ToBeCheckedAsync();
        await page.Locator($"[data-testid=pick-Name][data-id='{second}']").CheckAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("fusionné dans");
        await Expect(page).ToHaveURLAsync($"{app.Url}/institutions/{first}");
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("Clinique Tilleuls-Blancs");

        await app.GoAsync(page, $"/institutions/{second}");
        await Expect(page.GetByTestId("merged-notice")).ToContainTextAsync("La fiche « Clinique Tilleuls-Blancs » a été fusionnée dans");
        await Expect(page).ToHaveURLAsync($"{app.Url}/institutions/{first}?merged={second}");

        await app.GoAsync(page, "/duplicates?view=merged");
        await page.Locator($"[data-testid=list-row][data-id='{first}']").GetByTestId("unmerge").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Annulé");
        await app.GoAsync(page, $"/institutions/{second}");
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("Clinique Tilleuls-Blancs");
        await app.GoAsync(page, $"/institutions/{first}");
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("Clinique des Tilleuls Blancs");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_pair_that_is_none_leaves_the_queue_and_the_toast_brings_it_back()
    {
        var page = await app.SignInAsync("sales2@demo.test", "/duplicates?type=contact");
        var pair = page.GetByTestId("pair").Filter(new() { HasText = "Léa Castelli" });

        await pair.GetByTestId("dismiss").ClickAsync();
        await Expect(pair).ToHaveCountAsync(0);
        await page.UndoAsync("pas un doublon");
        await Expect(pair).ToHaveCountAsync(1);

        await pair.GetByTestId("dismiss").ClickAsync();
        await page.GetByTestId("view-dismissed").ClickAsync();
        await pair.GetByTestId("why").FillAsync("Deux personnes");
        await pair.GetByTestId("why").PressAsync("Enter");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("raison notée");
        await pair.GetByTestId("reopen").ClickAsync();
        await Expect(pair).ToHaveCountAsync(0);
        await page.GetByTestId("view-open").ClickAsync();
        await Expect(pair).ToHaveCountAsync(1);

        // Of team Ouest nothing is told.
        await Expect(page.GetByText("Prijent")).ToHaveCountAsync(0);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Rows_ticked_in_the_list_are_merged_and_the_history_of_the_record_takes_them_apart()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/contacts?q=erwan");
        var rows = page.GetByTestId("list-row");
        await Expect(rows).ToHaveCountAsync(2);
        await rows.Nth(0).Locator(".pick input").ClickAsync();
        await Expect(page.GetByTestId("bulk-merge")).ToBeDisabledAsync();
        await rows.Nth(1).Locator(".pick input").ClickAsync();
        await page.GetByTestId("bulk-merge").ClickAsync();
        await Expect(page.GetByTestId("merge-field").First).ToBeVisibleAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("title")).ToContainTextAsync("Erwan");

        await page.GetByTestId("tab-history").ClickAsync();
        await page.GetByTestId("history-undo").First.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Annulé");
        await app.GoAsync(page, "/contacts?q=erwan");
        await Expect(rows).ToHaveCountAsync(2);
        app.AssertNoProblems(page);
    }

    private async Task<Guid> CreateAsync(IPage page, string name, string phone, bool expectsTwin)
    {
        var form = page.GetByTestId("new-institution");
        await Expect(form.GetByTestId("field-Name")).ToBeFocusedAsync();
        await form.GetByTestId("field-Name").FillAsync(name);
        await form.GetByTestId("field-Postcode").FillAsync("35000");
        await form.GetByTestId("field-City").FillAsync("Rennes");
        await form.GetByTestId("field-Phone").FillAsync(phone);
        if (expectsTwin)
        {
            await Expect(form.GetByTestId("twins")).ToContainTextAsync("Clinique des Tilleuls Blancs");
            await Expect(form.GetByTestId("twins")).ToContainTextAsync("même téléphone");
        }

        await form.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("title")).ToHaveTextAsync(name);
        await using var db = app.Open();
        return (await db.Institutions.SingleAsync(institution => institution.Name == name)).Id;
    }
}
