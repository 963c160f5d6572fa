using MedCrm.Core.Customers;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class CustomerJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task Claire_creates_an_institution_corrects_its_FINESS_and_adds_a_contact()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/institutions?new=1");
        var form = page.GetByTestId("new-institution");

        await form.GetByTestId("field-Name").FillAsync("Clinique des Acacias");
        await form.GetByTestId("field-FinessEt").FillAsync("010000025");
        await form.GetByTestId("save").ClickAsync();
        await Expect(form.GetByTestId("error-FinessEt")).ToContainTextAsync("clé");
        await Expect(form.GetByTestId("field-FinessEt")).ToHaveAttributeAsync("aria-invalid", "true");

        await form.GetByTestId("field-FinessEt").FillAsync("10000024");
        await form.GetByTestId("suggestion-FinessEt").ClickAsync();
        await Expect(form.GetByTestId("field-FinessEt")).ToHaveValueAsync("010000024");
        await Expect(form.GetByTestId("valid-FinessEt")).ToBeVisibleAsync();
        await form.GetByTestId("field-Phone").FillAsync("0199001234");
        await form.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("title")).ToHaveTextAsync("Clinique des Acacias");
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("créé");

        await page.GetByTestId("tab-contacts").ClickAsync();
        await page.GetByTestId("new").ClickAsync();
        var contact = page.GetByTestId("new-contact");
        await contact.GetByTestId("field-FirstName").FillAsync("Odile");
        await contact.GetByTestId("field-LastName").FillAsync("Vasseur");
        await contact.GetByTestId("field-Mobile").FillAsync("06 39 98 55 66");
        await contact.GetByTestId("field-Influence").SelectOptionAsync("DecisionMaker");
        await contact.GetByTestId("field-IsPrimary").CheckAsync();
        await contact.GetByTestId("save").ClickAsync();

        var row = page.GetByTestId("list-row").Filter(new() { HasText = "Odile Vasseur" });
        await Expect(row).ToContainTextAsync("Décideur");
        await Expect(row.GetByTestId("primary")).ToBeVisibleAsync();
        await Expect(row.GetByRole(AriaRole.Link, new() { Name = "06 39 98 55 66" })).ToHaveAttributeAsync("href", "tel:+33639985566");

        await page.ReloadAsync();
        await Expect(row).ToBeVisibleAsync();
        await using var db = app.Open();
        var institution = await db.Institutions.SingleAsync(i => i.FinessEt == "010000024");
        Assert.Equal(("Clinique des Acacias", "+33199001234"), (institution.Name, institution.Phone));
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_namesake_is_pointed_out_before_a_contact_is_created_twice()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/contacts?new=1");
        var form = page.GetByTestId("new-contact");

        await form.GetByTestId("field-FirstName").FillAsync("helene");
        await form.GetByTestId("field-LastName").FillAsync("RENAUD");
        await Expect(form.GetByTestId("twins")).ToContainTextAsync("Hélène Renaud");

        await form.GetByTestId("twin").ClickAsync();
        await Expect(page.GetByTestId("title")).ToContainTextAsync("Hélène Renaud");
        await using var db = app.Open();
        Assert.Equal(1, await db.Contacts.CountAsync(contact => contact.LastName == "Renaud" || contact.LastName == "renaud"));
    }

    [JourneyFact]
    public async Task Leaving_a_form_asks_only_when_something_was_typed()
    {
        var page = await app.SignInAsync("sales1@demo.test", "/contacts?new=1");
        await Expect(page.GetByTestId("new-contact")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("field-FirstName")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("panel")).ToHaveCountAsync(0);

        await page.GetByTestId("new").ClickAsync();
        await page.GetByTestId("field-LastName").FillAsync("Vasseur");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("leave-no").ClickAsync();
        await Expect(page.GetByTestId("field-LastName")).ToHaveValueAsync("Vasseur");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("leave-yes").ClickAsync();
        await Expect(page.GetByTestId("panel")).ToHaveCountAsync(0);
    }

    [JourneyFact]
    public async Task An_institution_is_edited_whole_and_a_contact_is_found_while_typing()
    {
        await using var db = app.Open();
        var institution = await db.Institutions.SingleAsync(i => i.FinessEt == "440000016");
        var page = await app.SignInAsync("sales1@demo.test", $"/institutions/{institution.Id}/edit");

        await page.GetByTestId("field-NextAuditOn").FillAsync("fin mois");
        await page.GetByTestId("field-Specialities").FillAsync("Urologie");
        await page.GetByTestId("field-Specialities").PressAsync("Enter");
        await page.GetByTestId("field-BedsMedicine").FillAsync("1 200");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("toast")).ToContainTextAsync("modifié");
        await page.GetByTestId("tab-medical").ClickAsync();
        await Expect(page.GetByTestId("beds").Locator("[data-value='1200']")).ToBeVisibleAsync();
        await Expect(page.GetByText("Urologie")).ToBeVisibleAsync();

        await page.GetByTestId("tab-history").ClickAsync();
        await Expect(page.GetByTestId("history-entry").First).ToContainTextAsync("Prochain audit");

        await page.GetByTestId("tab-contacts").ClickAsync();
        await page.GetByTestId("join").ClickAsync();
        await Expect(page.GetByTestId("field-ContactId")).ToBeFocusedAsync();
        await page.GetByTestId("field-ContactId").PressSequentiallyAsync("renaud hel");
        await Expect(page.GetByTestId("option").First).ToContainTextAsync("Hélène Renaud");
        await page.GetByTestId("field-ContactId").PressAsync("Enter");
        await Expect(page.GetByTestId("field-ContactId")).ToHaveValueAsync("Hélène Renaud");
        await page.GetByTestId("field-Title").FillAsync("Acheteuse");
        await page.GetByTestId("save").ClickAsync();
        var row = page.GetByTestId("list-row").Filter(new() { HasText = "Hélène Renaud" });
        await Expect(row).ToContainTextAsync("Acheteuse");

        await row.GetByTestId("place-menu").ClickAsync();
        await row.GetByTestId("place-leave").ClickAsync();
        await page.GetByTestId("confirm").ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        await page.UndoAsync("a quitté son poste");
        await Expect(row).ToContainTextAsync("Acheteuse");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Another_teams_institution_and_contacts_are_out_of_reach()
    {
        await using var db = app.Open();
        var ours = await db.Institutions.SingleAsync(i => i.FinessEt == "440000271");
        var contact = await db.ContactRoles.Where(role => role.InstitutionId == ours.Id).Select(role => role.Contact).FirstAsync();
        var page = await app.SignInAsync("sales2@demo.test", $"/institutions/{ours.Id}");

        await Expect(page.GetByTestId("empty")).ToContainTextAsync("n'existe pas");
        await app.GoAsync(page, $"/institutions/{ours.Id}/edit");
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("n'existe pas");
        await app.GoAsync(page, $"/contacts/{contact.Id}");
        await Expect(page.GetByTestId("empty")).ToContainTextAsync("n'existe pas");
        await app.GoAsync(page, "/contacts?q=renaud");
        await Expect(page.GetByTestId("list-count")).ToHaveAttributeAsync("data-value", "0");
    }
}
