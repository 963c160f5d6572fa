using System.Globalization;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>The link to the server goes, or the server itself, in the middle of a form.</summary>
[Collection(JourneyGroup.Name)]
public sealed class ConnectionJourneys(RunningApp app)
{
    private const string Claire = "sales1@demo.test";

    [JourneyFact]
    public async Task A_lost_connection_comes_back_with_the_text_typed_before_and_during_it()
    {
        var id = await GiveInstitutionAsync("Clinique du Tunnel");
        await using var line = Line.To(app.Url);
        var page = await app.SignInAsync(Claire);
        await page.GotoAsync($"{line.Url}/institutions/{id}/edit");
        await Expect(page.GetByTestId("field-City")).ToHaveValueAsync("Nantes");
        await page.Locator("form[data-ready]").WaitForAsync();
        await page.GetByTestId("field-HospitalGroup").FillAsync("Écrit avant");
        await page.GetByTestId("field-Notes").FillAsync("Une phrase qui n'est pas encore");

        // The network is gone and nobody has noticed; then it is noticed.
        line.Deafen();
        await page.GetByTestId("field-ShortName").FillAsync("Le Tunnel");
        await page.GetByTestId("field-Notes").FocusAsync();
        line.Cut();
        await Expect(page.GetByTestId("reconnect")).ToContainTextAsync("Connexion perdue");
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" finie");
        await page.GetByTestId("field-City").FillAsync("Rezé");
        await page.GetByTestId("field-Status").SelectOptionAsync("Customer");
        await page.GetByTestId("field-Specialities").FillAsync("Urologie");
        await page.GetByTestId("field-Street").FillAsync("Quai de la Fosse");
        line.Mend();

        await Expect(page.GetByTestId("reconnect")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("field-HospitalGroup")).ToHaveValueAsync("Écrit avant");
        await Expect(page.GetByTestId("field-City")).ToHaveValueAsync("Rezé");
        await Expect(page.GetByTestId("field-Notes")).ToHaveValueAsync("Une phrase qui n'est pas encore finie");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("Clinique du Tunnel");

        await using var db = app.Open();
        var saved = await db.Institutions.Include(institution => institution.Labels).SingleAsync(institution => institution.Id == id);
        Assert.Equal(("Écrit avant", "Rezé", "Une phrase qui n'est pas encore finie", CustomerStatus.Customer, "Quai de la Fosse"), (saved.HospitalGroup, saved.City, saved.Notes, saved.Status, saved.Street));
        Assert.Equal("Le Tunnel", saved.ShortName);
        Assert.Equal("Urologie", Assert.Single(saved.Labels).Text);
    }

    [JourneyFact]
    public async Task A_card_dropped_without_a_connection_goes_back_to_where_it_is()
    {
        await using var line = Line.To(app.Url);
        var page = await app.SignInAsync(Claire);
        await page.GotoAsync($"{line.Url}/opportunities");
        await page.Locator("[data-testid=board][data-ready]").WaitForAsync();
        var card = page.Locator("[data-stage=Qualification] [data-testid=board-card][tabindex]").First;
        var name = await card.GetAttributeAsync("aria-label");

        line.Cut();
        await Expect(page.GetByTestId("reconnect")).ToBeVisibleAsync();
        await card.DragToAsync(page.Locator("[data-testid=board-column][data-stage=Negotiation]"));
        await Expect(page.Locator($"[data-stage=Negotiation] [data-testid=board-card][aria-label=\"{name}\"]")).ToBeVisibleAsync();
        line.Mend();

        await Expect(page.GetByTestId("reconnect")).ToHaveCountAsync(0);
        await Expect(page.Locator($"[data-stage=Qualification] [data-testid=board-card][tabindex]:not(.ghost)[aria-label=\"{name}\"]")).ToBeVisibleAsync();
        await Expect(page.Locator($"[data-stage=Negotiation] [aria-label=\"{name}\"]")).ToHaveCountAsync(0);
        await using var db = app.Open();
        Assert.Equal("Qualification", await db.Opportunities.Where(deal => deal.Name == name).Select(deal => deal.Stage.Code).SingleAsync());
    }

    [JourneyFact]
    public async Task A_server_killed_and_started_again_brings_the_page_back_where_it_was_with_its_draft()
    {
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        await using var first = ProgramRun.Server("--demo", "--port", "0", "--data", folder.Root, "--environment=Development");
        var line = await first.LineAsync("Now listening on");
        var url = line[line.IndexOf("http", StringComparison.Ordinal)..].Trim();
        var page = await app.VisitAsync("/login");
        await page.GotoAsync($"{url}/login?returnUrl=/institutions");
        await page.GetByTestId("field-Email").FillAsync(Claire);
        await page.GetByTestId("field-Password").FillAsync(RunningApp.Password);
        await page.GetByTestId("save").ClickAsync();
        var id = await page.GetByTestId("list-row").First.GetAttributeAsync("data-id");
        await page.GotoAsync($"{url}/institutions/{id}/edit");
        await page.Locator("form[data-ready]").WaitForAsync();
        await page.GetByTestId("field-HospitalGroup").FillAsync("GHT du redémarrage");
        await page.GetByTestId("field-Notes").FillAsync("Une phrase qui n'est pas encore finie");
        await Expect(page.GetByTestId("draft-note")).ToContainTextAsync("Brouillon enregistré");
        var top = await ScrollAsync(page);
        Assert.True(top > 300, $"The page stands at {top}: too high to prove anything.");

        await first.KillAsync();
        await Expect(page.GetByTestId("reconnect")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("field-Notes")).ToHaveValueAsync("Une phrase qui n'est pas encore finie");
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(", écrite sans serveur");
        await page.GetByTestId("field-Conformity").SelectOptionAsync("Expired");
        await page.GetByTestId("field-IsLegalEntity").CheckAsync();
        await page.GetByTestId("field-Notes").FocusAsync();
        await using var second = ProgramRun.Server("--port", new Uri(url).Port.ToString(CultureInfo.InvariantCulture), "--data", folder.Root, "--environment=Development");
        await second.LineAsync("Now listening on");

        // By itself, at the same address and the same place, with all that was typed.
        await Expect(page.GetByTestId("reconnect")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.GetByTestId("field-HospitalGroup")).ToHaveValueAsync("GHT du redémarrage", new() { Timeout = 60_000 });
        await Expect(page).ToHaveURLAsync($"{url}/institutions/{id}/edit");
        await page.WaitForFunctionAsync("top => Math.abs(document.querySelector('.main').scrollTop - top) <= 40", top);
        await Expect(page.GetByTestId("field-Notes")).ToHaveValueAsync("Une phrase qui n'est pas encore finie, écrite sans serveur");
        await Expect(page.GetByTestId("field-Conformity")).ToHaveValueAsync("Expired");
        await Expect(page.GetByTestId("field-IsLegalEntity")).ToBeCheckedAsync();
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("modifié");
        await Expect(page.GetByTestId("title")).ToBeVisibleAsync();
        await page.GotoAsync($"{url}/institutions/{id}/edit");
        await Expect(page.GetByTestId("field-Notes")).ToHaveValueAsync("Une phrase qui n'est pas encore finie, écrite sans serveur");
        await Expect(page.GetByTestId("field-HospitalGroup")).ToHaveValueAsync("GHT du redémarrage");
        await Expect(page.GetByTestId("field-Conformity")).ToHaveValueAsync("Expired");
        await Expect(page.GetByTestId("field-IsLegalEntity")).ToBeCheckedAsync();
        await Expect(page.GetByTestId("draft")).ToHaveCountAsync(0);
        await second.KillAsync();
        Directory.Delete(folder.Root, recursive: true);
    }

    private static Task<double> ScrollAsync(IPage page) => page.EvaluateAsync<double>("() => document.querySelector('.main').scrollTop");

    private async Task<Guid> GiveInstitutionAsync(string name)
    {
        await using var db = app.Open();
        var claire = await db.Users.SingleAsync(user => user.Email == Claire);
        var institution = new Institution(new InstitutionDetails { Name = name, City = "Nantes", OwnerId = claire.Id, TeamId = claire.TeamId }, DateTime.UtcNow);
        db.Begin(Core.Access.Actor.System, "Test");
        db.Institutions.Add(institution);
        await db.SaveChangesAsync();
        return institution.Id;
    }
}
