using System.Globalization;
using System.Text.RegularExpressions;
using MedCrm.Tests.Imports;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

// Thousands of institutions would crowd the other journeys: these have an application of their own.
public sealed class ImportJourneys
{
    [JourneyFact]
    public async Task The_real_list_is_imported_left_found_again_and_taken_back()
    {
        if (RealData.Folder is null)
        {
            return;
        }

        await using var app = await RunningApp.StartAsync();
        var page = await app.SignInAsync("admin@demo.test", "/imports");
        var before = await CountAsync(app);
        await page.GetByTestId("new").First.ClickAsync();
        await Expect(page.GetByTestId("import-file")).ToBeEnabledAsync();
        await page.GetByTestId("import-file").SetInputFilesAsync([Real("sae2023_ID.csv"), Real("sae2023_MCO.csv"), Real("sae2023_BLOCS.csv")]);
        await Expect(page.GetByTestId("import-received")).ToHaveCountAsync(3);
        await page.GetByTestId("import-next").ClickAsync();
        await Expect(page.GetByText("les colonnes de ce fichier sont connues")).ToBeVisibleAsync();
        await page.GetByTestId("import-next").ClickAsync();
        await Expect(page.GetByTestId("import-values-known")).ToBeVisibleAsync();
        await page.GetByTestId("import-next").ClickAsync();
        var patience = new LocatorAssertionsToHaveAttributeOptions { Timeout = 60_000 };
        await Expect(page.GetByTestId("import-ignored")).ToHaveAttributeAsync("data-value", "1", patience);
        await Expect(page.GetByTestId("import-errors")).ToHaveAttributeAsync("data-value", "0");
        var planned = int.Parse((await page.GetByTestId("import-created").GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture);
        Assert.InRange(planned, 3_900, 3_974);

        await page.GetByTestId("import-run").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/imports/[0-9a-f]+-"), new() { Timeout = 60_000 });
        var address = new Uri(page.Url).PathAndQuery;
        await app.GoAsync(page, "/institutions");
        await app.GoAsync(page, address);
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-value", "Finished", patience);
        await Expect(page.GetByTestId("import-created")).ToHaveAttributeAsync("data-value", planned.ToString(CultureInfo.InvariantCulture));
        await using (var db = app.Open())
        {
            Assert.Equal(before + planned, await db.Institutions.CountAsync());
            Assert.Equal(354, (await db.Institutions.SingleAsync(i => i.FinessEt == "010000024")).BedsTotal);
        }

        await page.GetByTestId("import-revert").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-value", "Reverted", patience);
        Assert.Equal(before, await CountAsync(app));
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Claire_matches_columns_and_values_and_mends_a_row_before_it_runs()
    {
        await using var app = await RunningApp.StartAsync();
        var page = await app.SignInAsync("sales1@demo.test", "/imports/new");
        var file = new FilePayload
        {
            Name = "clients.csv",
            MimeType = "text/csv",
            Buffer = Sample.Text("N° FINESS;Raison sociale;Zorglub;Ville\n;Clinique du Journal;Hôp.;Bourg\n;;CH;Lyon\n", Sample.Windows1252).ToArray(),
        };
        await Expect(page.GetByTestId("import-file")).ToBeEnabledAsync();
        await page.GetByTestId("import-file").SetInputFilesAsync(file);
        await page.GetByTestId("import-next").ClickAsync();
        await page.Locator("[data-testid=import-column][data-column=Zorglub]").SelectOptionAsync("Category");
        await page.GetByTestId("import-next").ClickAsync();
        await page.Locator("[data-testid=import-value][data-text='Hôp.']").SelectOptionAsync("355");
        await page.GetByTestId("import-next").ClickAsync();

        await Expect(page.GetByTestId("import-errors")).ToHaveAttributeAsync("data-value", "1");
        var cell = page.Locator("[data-testid=import-error][data-line='3'] [data-testid=import-cell][data-column='Raison sociale']");
        await cell.FillAsync("CH du Journal");
        await cell.BlurAsync();
        await Expect(page.GetByTestId("import-created")).ToHaveAttributeAsync("data-value", "2");
        await Expect(page.GetByTestId("import-errors")).ToHaveAttributeAsync("data-value", "0");

        // Started once, however often one clicks.
        await page.GetByTestId("import-run").DblClickAsync();
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-value", "Finished");

        await using var db = app.Open();
        Assert.Equal("355", (await db.Institutions.SingleAsync(i => i.Name == "Clinique du Journal")).CategoryCode);
        Assert.Equal("Lyon", (await db.Institutions.SingleAsync(i => i.Name == "CH du Journal")).City);
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task People_are_imported_found_in_the_list_and_taken_back_from_the_list_of_imports()
    {
        await using var app = await RunningApp.StartAsync();
        await using var before = app.Open();
        var hospital = await before.Institutions.Where(i => i.FinessEt != null).OrderBy(i => i.Name).FirstAsync();
        var known = await before.Contacts.Where(c => c.Email != null).OrderBy(c => c.LastName).FirstAsync();
        var page = await app.SignInAsync("admin@demo.test", "/imports/new");
        var file = new FilePayload
        {
            Name = "salon.csv",
            MimeType = "text/csv",
            Buffer = Sample.Text($"Civilité;Nom;Prénom;Fonction;E-mail;FINESS;Influence\nDocteur;Journal;Ana;Chirurgienne;ana@example.org;{hospital.FinessEt};Chef\nMme;Journal;Zoé;Acheteuse;zoe@example.org;{hospital.FinessEt};Acheteur\n;{known.LastName};{known.FirstName};Fonction du salon;{known.Email};;\n").ToArray(),
        };
        await Expect(page.GetByTestId("import-file")).ToBeEnabledAsync();
        await page.GetByTestId("import-file").SetInputFilesAsync(file);
        await Expect(page.GetByTestId("import-subject-Contacts")).ToBeCheckedAsync();
        await page.GetByTestId("import-next").ClickAsync();
        await Expect(page.GetByTestId("import-columns-taken")).ToHaveAttributeAsync("data-value", "7");
        await page.GetByTestId("import-next").ClickAsync();
        await page.Locator("[data-testid=import-value][data-text='Chef']").SelectOptionAsync("DecisionMaker");
        await page.GetByTestId("import-next").ClickAsync();
        await Expect(page.GetByTestId("import-created")).ToHaveAttributeAsync("data-value", "2");
        await Expect(page.GetByTestId("import-updated")).ToHaveAttributeAsync("data-value", "1");
        await page.GetByTestId("import-run").ClickAsync();
        await Expect(page.GetByTestId("import-status")).ToHaveAttributeAsync("data-value", "Finished");

        await page.GetByTestId("import-created").ClickAsync();
        await Expect(page.GetByTestId("list-count")).ToHaveAttributeAsync("data-value", "2");
        await Expect(page.GetByTestId("list-row").Filter(new() { HasText = "Ana Journal" })).ToContainTextAsync(hospital.Name);

        await app.GoAsync(page, "/imports");
        await page.GetByTestId("list-row").First.GetByTestId("import-revert").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("salon.csv");
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(page.GetByTestId("list-row").First.GetByTestId("import-status")).ToHaveAttributeAsync("data-value", "Reverted", new() { Timeout = 60_000 });
        await using var after = app.Open();
        Assert.False(await after.Contacts.AnyAsync(c => c.LastName == "Journal"));
        Assert.Equal(known.JobTitle, (await after.Contacts.SingleAsync(c => c.Id == known.Id)).JobTitle);
        app.AssertNoProblems(page);
    }

    private static async Task<int> CountAsync(RunningApp app)
    {
        await using var db = app.Open();
        return await db.Institutions.CountAsync();
    }

    private static string Real(string name) => Path.Combine(RealData.Folder!, name);
}
