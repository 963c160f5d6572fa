using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>Invoicing and being paid.</summary>
[Collection(JourneyGroup.Name)]
public sealed class InvoiceJourneys(RunningApp app)
{
    private const string Hugo = "billing@demo.test";

    [JourneyFact]
    public async Task Hugo_writes_an_invoice_issues_it_is_paid_in_two_times_and_credits_a_part()
    {
        var page = await app.SignInAsync(Hugo, "/invoices");
        await Expect(page.GetByTestId("list-row").First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("age-UpTo30")).ToBeVisibleAsync();
        await page.GetByTestId("new").ClickAsync();
        await page.Locator("form[data-ready]").WaitForAsync();
        await page.GetByTestId("field-InstitutionId").PressSequentiallyAsync("Clinique Brétéché");
        await page.GetByTestId("option").First.ClickAsync();
        await page.GetByTestId("field-Title").FillAsync("Plannings du bloc");
        await page.GetByTestId("save").ClickAsync();

        await page.Locator(".lines-editor[data-ready]").WaitForAsync();
        await CellAsync(page, "field-Description-0", "Déploiement et paramétrage");
        await CellAsync(page, "field-Quantity-0", "3");
        await CellAsync(page, "field-UnitPrice-0", "10,03");
        await Expect(page.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "36.11");
        await page.GetByTestId("save").ClickAsync();
        await page.ReadToastAsync("Brouillon « Plannings du bloc » modifié");

        await CellAsync(page, "field-UnitPrice-0", "1 000");
        await page.GetByTestId("issue").ClickAsync();
        await page.GetByTestId("issue-form").GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Issued");
        await Expect(page.GetByTestId("balance")).ToHaveAttributeAsync("data-value", "3600.00");
        await Expect(page.GetByTestId("title")).ToContainTextAsync("FA-");

        await PayAsync(page, "1 600");
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "PartlyPaid");
        await Expect(page.GetByTestId("balance")).ToHaveAttributeAsync("data-value", "2000.00");

        await page.GetByTestId("credit-note").ClickAsync();
        await page.Locator(".lines-editor[data-ready]").WaitForAsync();
        await CellAsync(page, "field-Quantity-0", "1");
        await Expect(page.GetByTestId("total-gross")).ToHaveAttributeAsync("data-value", "1200.00");
        await page.GetByTestId("issue").ClickAsync();
        await page.GetByTestId("issue-form").GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("title")).ToContainTextAsync("AV-");
        await page.GetByTestId("original").ClickAsync();
        await Expect(page.GetByTestId("balance")).ToHaveAttributeAsync("data-value", "800.00");

        await PayAsync(page, "800");
        await Expect(page.GetByTestId("status")).ToHaveAttributeAsync("data-value", "Paid");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_bank_statement_proposes_and_records_nothing_by_itself()
    {
        var page = await app.SignInAsync(Hugo, "/invoices/bank");
        var today = FrenchText.FormatDay(DateOnly.FromDateTime(DateTime.Now));
        await page.GetByTestId("bank-file").SetInputFilesAsync(new FilePayload
        {
            Name = "releve.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes($"Date;Libellé;Montant\n{today};VIR SEPA CLINIQUE SAINTE MARIE CHATEAUBRIANT;5760,00\n{today};PRLV LOYER;-900,00\n{today};VIR INCONNU;1,23\n"),
        });

        await Expect(page.GetByTestId("bank-line")).ToHaveCountAsync(2);
        await Expect(page.GetByTestId("bank-summary")).ToHaveAttributeAsync("data-value", "2");
        await Expect(page.GetByTestId("bank-line").Nth(1)).ToHaveAttributeAsync("data-value", "none");
        await page.GetByTestId("bank-accept").First.ClickAsync();

        await Expect(page.GetByTestId("bank-line").First).ToHaveAttributeAsync("data-value", "recorded");
        app.AssertNoProblems(page);
    }

    private static async Task PayAsync(IPage page, string amount)
    {
        await page.GetByTestId("add-payment").ClickAsync();
        await Expect(page.GetByTestId("shared")).ToBeVisibleAsync();
        await CellAsync(page, "field-Amount", amount);
        await page.GetByTestId("payment").GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("payment")).ToHaveCountAsync(0);
    }

    private static async Task CellAsync(IPage page, string field, string text)
    {
        await page.GetByTestId(field).FillAsync(text);
        await page.GetByTestId(field).PressAsync("Tab");
    }
}
