using System.Globalization;
using MedCrm.Core.Imports.Files;
using MedCrm.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class SegmentJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task A_segment_is_built_counted_kept_and_filters_a_list_and_its_export()
    {
        var page = await app.SignInAsync("manager@demo.test", "/segments/new");
        await page.Locator(".segment[data-ready]").WaitForAsync();
        var count = page.GetByTestId("segment-count");
        await Expect(count).ToBeVisibleAsync();
        var all = (await count.GetAttributeAsync("data-value"))!;
        await page.GetByTestId("field-Name").FillAsync("Clients à appeler");

        // A field and its value, from the keyboard.
        await page.GetByTestId("segment-add-condition").PressAsync("Enter");
        var field = page.GetByTestId("segment-field");
        await Expect(field).ToBeFocusedAsync();
        await field.SelectOptionAsync("status");
        await page.GetByTestId("segment-value").PressAsync("Enter");
        await page.GetByTestId("option-Customer").CheckAsync();
        await Expect(page.GetByTestId("segment-sentence")).ToHaveTextAsync("Établissements dont le statut est Client.");
        await Expect(count).Not.ToHaveAttributeAsync("data-value", all);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("segment-value")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("option-Customer")).ToBeHiddenAsync();
        var customers = (await count.GetAttributeAsync("data-value"))!;

        // Related data, and its opposite.
        await page.GetByTestId("segment-add-related").ClickAsync();
        await Expect(page.GetByTestId("segment-count-kind")).ToBeFocusedAsync();
        await page.GetByTestId("segment-count-kind").SelectOptionAsync("None");
        await Expect(page.GetByTestId("segment-sentence")).ToHaveTextAsync("Établissements dont le statut est Client et aucune affaire.");
        await Expect(count).Not.ToHaveAttributeAsync("data-value", customers);
        var without = (await count.GetAttributeAsync("data-value"))!;
        await page.GetByTestId("segment-count-kind").SelectOptionAsync("AtLeast");
        var members = (int.Parse(customers, CultureInfo.InvariantCulture) - int.Parse(without, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        await Expect(count).ToHaveAttributeAsync("data-value", members);

        // What is not finished is told when it is saved, beside it.
        await page.GetByTestId("segment-add-condition").ClickAsync();
        await Expect(field.Nth(1)).ToBeFocusedAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("segment-error")).ToHaveTextAsync("Choisissez un champ.");
        await page.GetByTestId("segment-remove").Last.ClickAsync();
        await Expect(page.GetByTestId("segment-error")).ToBeHiddenAsync();
        await page.GetByTestId("save").ClickAsync();
        await page.ReadToastAsync("Segment « Clients à appeler » créé");

        await page.GetByTestId("segment-list").ClickAsync();
        await Expect(page.GetByTestId("list-count")).ToHaveAttributeAsync("data-value", members);
        await Expect(page.GetByTestId("filter-segment")).ToContainTextAsync("Clients à appeler");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("export-xlsx").ClickAsync());
        await using var file = await download.CreateReadStreamAsync();
        await using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        copy.Position = 0;
        Assert.Equal(members, $"{ImportTable.Open(copy).Rows.Count()}");

        // From a filtered list back to a segment, which is given up.
        await page.GetByTestId("save-as-segment").ClickAsync();
        await Expect(page.GetByTestId("segment-sentence")).ToHaveTextAsync("Établissements dont (le statut est Client et au moins une affaire).");
        await Expect(count).ToHaveAttributeAsync("data-value", members);
        await page.GetByTestId("cancel").First.ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();

        var row = page.GetByTestId("list-row").Filter(new() { HasText = "Clients à appeler" });
        await Expect(row.GetByTestId("segment-count")).ToHaveAttributeAsync("data-value", members);
        await row.GetByTestId("delete").ClickAsync();
        await Expect(row).ToBeHiddenAsync();
        await page.UndoAsync("Segment « Clients à appeler » supprimé");
        await Expect(row).ToBeVisibleAsync();
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_segment_that_is_not_shared_is_ignored_with_a_notice()
    {
        var page = await app.SignInAsync("sales2@demo.test", $"/institutions?segment={Guid.NewGuid()}");
        await Expect(page.GetByTestId("segment-notice")).ToContainTextAsync("la liste l'ignore");
        var count = page.GetByTestId("list-count");
        Assert.Equal(await count.GetAttributeAsync("data-total"), await count.GetAttributeAsync("data-value"));
        app.AssertNoProblems(page);
    }
}
