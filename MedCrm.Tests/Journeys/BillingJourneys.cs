using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class BillingJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task The_administrator_sets_the_company_up_with_its_logo()
    {
        var page = await app.SignInAsync("admin@demo.test", "/admin/company");
        await Expect(page.GetByTestId("missing-mentions")).ToHaveCountAsync(0);
        await page.GetByTestId("field-VatNumber").FillAsync("FR11999999998");
        await page.GetByTestId("field-TradeName").FillAsync("Kerlann");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("error-VatNumber")).ToContainTextAsync("FR19787878784");

        await page.GetByTestId("vat-of-siren").ClickAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Réglages de la société");
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("Kerlann");

        await Expect(page.GetByTestId("field-Logo")).ToBeEnabledAsync();
        await page.GetByTestId("field-Logo").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = FileSample.Pdf("1") });
        await Expect(page.GetByTestId("error-Logo")).ToContainTextAsync("PNG ou JPEG");
        await page.GetByTestId("field-Logo").SetInputFilesAsync(new FilePayload { Name = "logo.png", MimeType = "image/png", Buffer = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") });
        await Expect(page.GetByTestId("logo")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await page.GetByTestId("logo-remove").ClickAsync();
        await Expect(page.GetByTestId("logo")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("next-number")).ToHaveCountAsync(4);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task An_item_is_created_priced_in_its_cell_archived_and_taken_back()
    {
        var page = await app.SignInAsync("billing@demo.test", "/catalog?new=1");
        await page.GetByTestId("field-Name").FillAsync("Audit de nuit");
        await page.GetByTestId("field-Code").FillAsync("LOG-PLAN");
        await page.GetByTestId("field-UnitPrice").FillAsync("1 234,50");
        await page.GetByTestId("field-UnitCost").FillAsync("234,5");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("error-Code")).ToContainTextAsync("Kerlann Planning");
        await page.GetByTestId("field-Code").FillAsync("NUIT");
        await page.GetByTestId("save").ClickAsync();

        await Expect(page.GetByTestId("toast")).ToContainTextAsync("Audit de nuit");
        var row = page.GetByTestId("list-row").Filter(new() { HasText = "Audit de nuit" });
        await Expect(row.Locator("[data-col=margin] [data-value]")).ToHaveAttributeAsync("data-value", "1000.00");

        await row.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByTestId("field-IsOffered").UncheckAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(row.Locator("[data-col=offered]")).ToContainTextAsync("Non");
        await page.GetByTestId("toast-undo").ClickAsync();
        await Expect(row.Locator("[data-col=offered]")).ToContainTextAsync("Oui");
        await using (var db = app.Open())
        {
            Assert.True((await db.CatalogItems.SingleAsync(item => item.Code == "NUIT")).IsOffered);
        }

        app.AssertNoProblems(page);
        var seller = await app.SignInAsync("sales1@demo.test", "/catalog");
        await Expect(seller.GetByTestId("list-row").First).ToBeVisibleAsync();
        await Expect(seller.Locator("[data-col=cost], [data-col=margin], [data-testid=new]")).ToHaveCountAsync(0);
        app.AssertNoProblems(seller);
    }

    [JourneyFact]
    public async Task The_billing_of_an_institution_is_agreed_within_the_law()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/institutions?q=nantes");
        await page.GetByTestId("list-row").First.Locator("a").First.ClickAsync();
        await Expect(page.GetByTestId("billing-term")).ToHaveAttributeAsync("data-value", "50");
        await page.GetByTestId("edit-billing").ClickAsync();
        await page.GetByTestId("field-TermKind").SelectOptionAsync("Net");
        await page.GetByTestId("field-TermDays").FillAsync("60");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("error-TermDays")).ToContainTextAsync("50 jours au plus");
        await page.GetByTestId("field-TermDays").FillAsync("30");
        await page.GetByTestId("save").ClickAsync();

        await Expect(page.GetByTestId("billing-term")).ToHaveAttributeAsync("data-value", "30");
        await page.GetByTestId("toast-undo").ClickAsync();
        await Expect(page.GetByTestId("billing-term")).ToHaveAttributeAsync("data-value", "50");
        app.AssertNoProblems(page);
    }
}
