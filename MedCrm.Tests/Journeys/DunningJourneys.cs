using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Accounting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;
using static MedCrm.Tests.Accounting.BookedRows;

namespace MedCrm.Tests.Journeys;

public sealed class DunningJourneys
{
    [JourneyFact]
    public async Task A_reminder_is_prepared_looked_at_and_sent_and_a_payment_ends_the_next_one()
    {
        // A Monday, 09:00 in Paris.
        await using var app = await RunningApp.StartAsync(new FixedTime(new DateTime(2026, 11, 23, 8, 0, 0)));
        var (first, second) = await SeedAsync(app);
        var page = await app.SignInAsync("admin@demo.test", "/invoices/reminders");

        await page.GetByTestId("prepare").ClickAsync();
        var row = page.Locator("tr", new() { HasText = "Clinique du Parcours" });
        await Expect(row.GetByTestId("total")).ToHaveAttributeAsync("data-value", "2400.00");
        await row.GetByTestId("open").ClickAsync();
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("FA-2099-0001");
        await Expect(page.GetByTestId("letter-invoice")).ToHaveCountAsync(2);

        await page.GetByTestId("edit").ClickAsync();
        await page.GetByTestId("field-Email").FillAsync("pas une adresse");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("error-Email")).ToBeVisibleAsync();
        await page.GetByTestId("field-Email").FillAsync("compta@parcours.test");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("preview")).ToContainTextAsync("compta@parcours.test");
        await page.GetByTestId("send").ClickAsync();
        await page.ReadToastAsync("Relance ferme à Clinique du Parcours envoyée");
        await Expect(page.Locator("tr", new() { HasText = "Clinique du Parcours" })).ToHaveCountAsync(0);

        await app.GoAsync(page, $"/invoices/{first}");
        await Expect(page.GetByTestId("notice")).ToHaveAttributeAsync("data-value", "Firm");
        await Expect(page.GetByTestId("penalty-fixed")).ToHaveAttributeAsync("data-value", "40.00");
        await page.GetByTestId("add-payment").ClickAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("payment-row")).ToHaveCountAsync(1);

        await using var db = app.Open();
        Assert.Equal(0, (await db.Invoices.SingleAsync(invoice => invoice.Id == first)).Balance);
        Assert.Equal(1200, (await db.Invoices.SingleAsync(invoice => invoice.Id == second)).Balance);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task An_accountant_checks_a_period_then_takes_its_file()
    {
        await using var app = await RunningApp.StartAsync(new FixedTime(new DateTime(2026, 11, 23, 8, 0, 0)));
        await SeedAsync(app);
        var page = await app.SignInAsync("admin@demo.test", "/invoices/accounting?from=2026-01-01&to=2026-12-31");

        await page.GetByTestId("check").ClickAsync();
        await Expect(page.GetByTestId("verdict")).ToHaveAttributeAsync("data-value", "right");
        var name = await page.GetByTestId("file-name").TextContentAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("download").ClickAsync());
        Assert.Equal(name, file.SuggestedFilename);
        Assert.Contains("FA-2099-0001", await File.ReadAllTextAsync((await file.PathAsync())!), StringComparison.Ordinal);

        await page.GetByTestId("field-Format").SelectOptionAsync("Sage");
        await page.GetByTestId("field-Header-account").FillAsync("N° compte");
        await page.GetByTestId("up-account").ClickAsync();
        await page.GetByTestId("save-columns").ClickAsync();
        await page.ReadToastAsync("Colonnes du fichier « CSV pour Sage » choisies");
        await page.GetByTestId("check").ClickAsync();
        var sage = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("download").ClickAsync());
        Assert.StartsWith("journal;N", (await File.ReadAllTextAsync((await sage.PathAsync())!, System.Text.Encoding.Latin1)), StringComparison.Ordinal);
        app.AssertNoProblems(page);
    }

    private static async Task<(Guid First, Guid Second)> SeedAsync(RunningApp app)
    {
        await using var db = app.Open();
        db.Begin(Actor.System, "Test");
        var place = new Institution(new InstitutionDetails { Name = "Clinique du Parcours", City = "Nantes", Postcode = "44000" }, new DateTime(2026, 10, 1, 8, 0, 0, DateTimeKind.Utc));
        var (first, second) = (
            Document(place, "FA-2099-0001", new DateOnly(2026, 10, 10), [Line("Mission", 1, 1000)], dueOn: new DateOnly(2026, 11, 9)),
            Document(place, "FA-2099-0002", new DateOnly(2026, 10, 12), [Line("Mission", 1, 1000)], dueOn: new DateOnly(2026, 11, 11)));
        db.AddRange(place, first, second);
        await db.SaveChangesAsync();
        return (first.Id, second.Id);
    }
}
