using MedCrm.Core.Customers;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class ListJourneys(RunningApp app)
{
    private const string Admin = "admin@demo.test";

    [JourneyFact]
    public async Task Cell_is_found_edited_refused_and_restored_from_the_keyboard()
    {
        var page = await OpenAsync("/institutions?q=vitrolles");
        var row = page.GetByTestId("list-row");
        await Expect(page.GetByTestId("list-count")).ToHaveAttributeAsync("data-value", "1");
        await Expect(row).ToHaveCountAsync(1);
        var city = row.Locator("td[data-col=city]");

        await page.Keyboard.PressAsync("j");
        await Expect(row).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("F2");
        await Expect(EditorIn(page, "name")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(EditorIn(page, "city")).ToBeFocusedAsync();
        await EditorIn(page, "city").FillAsync("Vitrolles-Centre");
        await page.Keyboard.PressAsync("Enter");
        await Expect(city).ToHaveTextAsync("Vitrolles-Centre");
        await page.UndoAsync("champ « Ville » modifié");
        await Expect(city).ToHaveTextAsync("Vitrolles");

        await row.Locator("td[data-col=beds]").ClickAsync();
        await row.Locator("td[data-col=finess]").ClickAsync();
        await EditorIn(page, "finess").FillAsync("123");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("cell-error")).ToContainTextAsync("9 caractères");
        await Expect(EditorIn(page, "finess")).ToHaveValueAsync("123");
        await EditorIn(page, "finess").PressAsync("Escape");
        await Expect(row.Locator("td[data-col=finess]")).ToHaveTextAsync("130008253");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Selection_is_changed_at_once_and_taken_back_at_once()
    {
        var page = await OpenAsync("/institutions?dept=44");
        var rows = page.GetByTestId("list-row");
        await Expect(rows.First).ToBeVisibleAsync();
        var before = await ExpiredAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByTestId("bulk-count")).ToHaveAttributeAsync("data-value", "1");
        await rows.Nth(2).Locator(".pick input").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.GetByTestId("bulk-count")).ToHaveAttributeAsync("data-value", "3");
        await page.GetByTestId("bulk-edit").ClickAsync();
        await page.GetByTestId("bulk-field").SelectOptionAsync("conformity");
        await page.GetByTestId("bulk-value").SelectOptionAsync("Expired");
        await page.GetByTestId("confirm").ClickAsync();

        await page.ReadToastAsync("modifié sur 3 établissements");
        Assert.Equal(before + 3, await ExpiredAsync());
        await page.UndoAsync("modifié sur 3 établissements");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Annulé");
        Assert.Equal(before, await ExpiredAsync());
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Filters_live_in_the_address_and_an_empty_result_offers_to_clear_them()
    {
        var page = await OpenAsync("/institutions");
        var count = page.GetByTestId("list-count");
        await Expect(page.GetByTestId("list-row").First).ToBeVisibleAsync();
        var all = await count.GetAttributeAsync("data-value");

        await page.GetByTestId("filter-dept").ClickAsync();
        await page.GetByTestId("option-44").CheckAsync();
        await Expect(page).ToHaveURLAsync($"{app.Url}/institutions?dept=44");
        await page.Keyboard.PressAsync("Escape");
        await Expect(count).Not.ToHaveAttributeAsync("data-value", all!);
        var found = await count.GetAttributeAsync("data-value");
        await page.ReloadAsync();
        await ReadyAsync(page);
        await Expect(count).ToHaveAttributeAsync("data-value", found!);

        await page.GetByTestId("list-search").FillAsync("zzz");
        await page.GetByTestId("clear-filters-empty").ClickAsync();
        await Expect(count).ToHaveAttributeAsync("data-value", all!);
        Assert.EndsWith("/institutions", page.Url, StringComparison.Ordinal);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task The_search_box_takes_a_click_and_keeps_every_letter_typed_while_the_list_answers()
    {
        var page = await OpenAsync("/institutions");
        await page.GetByTestId("list-search").ClickAsync();
        await page.GetByTestId("list-search").PressSequentiallyAsync("clinique pasteur", new() { Delay = 90 });

        await Expect(page.GetByTestId("list-count")).ToHaveAttributeAsync("data-value", "2");
        await Expect(page.GetByTestId("list-search")).ToHaveValueAsync("clinique pasteur");
        await Expect(page.GetByTestId("list-search")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("palette-input")).ToBeHiddenAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task What_is_picked_is_exported_alone()
    {
        var page = await OpenAsync("/institutions?dept=44");
        await page.GetByTestId("list-row").Nth(1).Locator(".pick input").ClickAsync();
        await Expect(page.GetByTestId("bulk-count")).ToHaveAttributeAsync("data-value", "1");
        var id = await page.GetByTestId("list-row").Nth(1).GetAttributeAsync("data-id");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("bulk-export").ClickAsync());

        await using var file = await download.CreateReadStreamAsync();
        await using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        copy.Position = 0;
        Assert.Equal(id, Assert.Single(ImportTable.Open(copy).Rows).Cells[^1]);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task New_opens_over_the_page_and_knows_the_record_on_show()
    {
        await using var db = app.Open();
        var institution = await db.Institutions.SingleAsync(i => i.FinessEt == "440000016");
        var page = await app.SignInAsync(Admin, $"/institutions/{institution.Id}");

        await page.GetByTestId("quick-add").ClickAsync();
        await page.GetByTestId("add-opportunity").ClickAsync();

        await Expect(page.GetByTestId("field-InstitutionId")).ToHaveValueAsync(institution.Name);
        Assert.EndsWith($"/institutions/{institution.Id}", page.Url, StringComparison.Ordinal);
        app.AssertNoProblems(page);
    }

    private static Task ReadyAsync(IPage page) => page.Locator(".datalist[data-ready]").WaitForAsync();

    private static ILocator EditorIn(IPage page, string column) => page.Locator($"td[data-col={column}] [data-editor]");

    private async Task<IPage> OpenAsync(string address)
    {
        var page = await app.SignInAsync(Admin, address);
        await ReadyAsync(page);
        return page;
    }

    private async Task<int> ExpiredAsync()
    {
        await using var db = app.Open();
        return await db.Institutions.CountAsync(institution => institution.Conformity == Conformity.Expired);
    }
}
