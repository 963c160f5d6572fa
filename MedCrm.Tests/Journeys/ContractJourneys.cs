using MedCrm.Core.Contracting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class ContractJourneys
{
    [JourneyFact]
    public async Task A_contract_is_written_put_in_force_and_renewed_by_the_clock()
    {
        var time = new FixedTime(new DateTime(2026, 11, 23, 9, 0, 0));
        await using var app = await RunningApp.StartAsync(time);
        var page = await app.SignInAsync("sales1@demo.test", "/contracts");
        await page.GetByTestId("new").ClickAsync();
        await page.GetByTestId("field-Title").FillAsync("Maintenance des lits");
        await page.GetByTestId("field-InstitutionId").FillAsync("Cholet");
        await page.Locator(".lookup-list [role=option]").First.ClickAsync();
        await FillAsync(page, "field-StartsOn", "01/12/2025");
        await page.GetByTestId("field-IsTacit").CheckAsync();
        await Expect(page.GetByTestId("terms")).ToContainTextAsync("Fin le 30/11/2026 ; dernier jour pour dénoncer : 31/08/2026.");
        await FillAsync(page, "field-Description-0", "Forfait annuel");
        await FillAsync(page, "field-UnitPrice-0", "310");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Draft");

        await page.GetByTestId("activate").ClickAsync();
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Active");
        await Expect(page.GetByTestId("term-end")).ToHaveAttributeAsync("data-value", "2026-11-30");
        await Expect(page.GetByTestId("last-notice")).ToHaveAttributeAsync("data-value", "2026-08-31");

        // A week later the page, left open, shows the next term: the schedule served the day by itself.
        time.MoveTo(new DateTime(2026, 12, 1, 9, 0, 0));
        await Expect(page.GetByTestId("term-end")).ToHaveAttributeAsync("data-value", "2027-11-30", new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("last-notice")).ToHaveAttributeAsync("data-value", "2027-08-31");
        await Expect(page.GetByTestId("period")).ToHaveCountAsync(2);

        await page.GetByTestId("give-notice").ClickAsync();
        await page.GetByTestId("field-Reason").SelectOptionAsync(new SelectOptionValue { Label = "Budget" });
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("noticed")).ToContainTextAsync("le contrat s'arrête le 30/11/2027");

        await using var db = app.Open();
        var contract = await db.Contracts.SingleAsync(c => c.Title == "Maintenance des lits");
        Assert.Equal((ContractStatus.Noticed, 1), (contract.Status, contract.Renewals));
        app.AssertNoProblems(page);
    }

    private static async Task FillAsync(IPage page, string testId, string text)
    {
        await page.GetByTestId(testId).FillAsync(text);
        await page.Keyboard.PressAsync("Tab");
    }
}
