using MedCrm.Core.Customers;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

/// <summary>Two people edit the same institution at once.</summary>
[Collection(JourneyGroup.Name)]
public sealed class EditingJourneys(RunningApp app)
{
    private const string Claire = "sales1@demo.test";
    private const string Marc = "manager@demo.test";

    [JourneyFact]
    public async Task Different_fields_of_one_record_both_win()
    {
        var id = await GiveInstitutionAsync("Clinique des Deux Mains");
        var (claire, marc) = (await EditAsync(Claire, id), await EditAsync(Marc, id));

        await claire.GetByTestId("field-City").FillAsync("Rezé");
        await SaveAsync(claire, "Clinique des Deux Mains");
        await marc.GetByTestId("field-HospitalGroup").FillAsync("GHT 44");
        await SaveAsync(marc, "Clinique des Deux Mains");

        var saved = await ReadAsync(id);
        Assert.Equal(("Rezé", "GHT 44"), (saved.City, saved.HospitalGroup));
        app.AssertNoProblems(claire);
        app.AssertNoProblems(marc);
    }

    [JourneyFact]
    public async Task The_same_field_asks_with_both_values_and_each_choice_does_what_it_says()
    {
        var id = await GiveInstitutionAsync("Clinique du Choix");
        var (claire, marc) = (await EditAsync(Claire, id), await EditAsync(Marc, id));
        await claire.GetByTestId("field-City").FillAsync("Rezé");
        await claire.GetByTestId("field-HospitalGroup").FillAsync("GHT de Claire");
        await SaveAsync(claire, "Clinique du Choix");

        await marc.GetByTestId("field-City").FillAsync("Orvault");
        await marc.GetByTestId("field-HospitalGroup").FillAsync("GHT de Marc");
        await marc.GetByTestId("field-Notes").FillAsync("Écrit par Marc seul");
        await marc.GetByTestId("save").ClickAsync();

        var dialog = marc.GetByTestId("conflict-dialog");
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog.GetByTestId("conflict-field")).ToHaveCountAsync(2);
        await Expect(FieldIn(dialog, "City")).ToContainTextAsync("avant : Nantes");
        await Expect(ChoiceIn(dialog, "City", "theirs")).ToContainTextAsync("Rezé");
        await Expect(ChoiceIn(dialog, "City", "theirs")).ToContainTextAsync("Claire");
        await Expect(ChoiceIn(dialog, "City", "mine")).ToContainTextAsync("Orvault");
        await Expect(ChoiceIn(dialog, "City", "theirs").GetByRole(AriaRole.Radio)).ToBeCheckedAsync();
        await ChoiceIn(dialog, "HospitalGroup", "mine").ClickAsync();
        await dialog.GetByTestId("confirm").ClickAsync();
        await Expect(marc.GetByTestId("title")).ToHaveTextAsync("Clinique du Choix");

        var saved = await ReadAsync(id);
        Assert.Equal(("Rezé", "GHT de Marc", "Écrit par Marc seul"), (saved.City, saved.HospitalGroup, saved.Notes));
        app.AssertNoProblems(marc);
    }

    [JourneyFact]
    public async Task Going_back_to_the_form_keeps_what_was_typed_and_overwrites_nothing()
    {
        var id = await GiveInstitutionAsync("Clinique du Retour");
        var (claire, marc) = (await EditAsync(Claire, id), await EditAsync(Marc, id));
        await claire.GetByTestId("field-City").FillAsync("Rezé");
        await SaveAsync(claire, "Clinique du Retour");
        await marc.GetByTestId("field-City").FillAsync("Orvault");
        await marc.GetByTestId("field-Notes").FillAsync("Trois lignes de notes");

        // Once by the button, once by Escape: the form stands as it was.
        foreach (var leaves in new Func<ILocator, Task>[] { dialog => dialog.GetByTestId("cancel").ClickAsync(), dialog => dialog.PressAsync("Escape") })
        {
            await marc.GetByTestId("save").ClickAsync();
            await Expect(marc.GetByTestId("conflict-dialog")).ToBeVisibleAsync();
            await leaves(marc.GetByTestId("conflict-dialog"));
            await Expect(marc.GetByTestId("conflict-dialog")).ToHaveCountAsync(0);
            await Expect(marc.GetByTestId("field-City")).ToHaveValueAsync("Orvault");
            await Expect(marc.GetByTestId("field-Notes")).ToHaveValueAsync("Trois lignes de notes");
        }

        Assert.Equal(("Rezé", null), ((await ReadAsync(id)).City, (await ReadAsync(id)).Notes));
        await marc.GetByTestId("field-City").FillAsync("Orvault-Ouest");
        await marc.GetByTestId("save").ClickAsync();
        await ChoiceIn(marc.GetByTestId("conflict-dialog"), "City", "mine").ClickAsync();

        // Claire is quicker once more: the answer given to the first question is no answer to this one.
        await app.GoAsync(claire, $"/institutions/{id}/edit");
        await claire.GetByTestId("field-City").FillAsync("Saint-Herblain");
        await SaveAsync(claire, "Clinique du Retour");
        await marc.GetByTestId("confirm").ClickAsync();
        var again = ChoiceIn(marc.GetByTestId("conflict-dialog"), "City", "theirs");
        await Expect(again).ToContainTextAsync("Saint-Herblain");
        await Expect(again.GetByRole(AriaRole.Radio)).ToBeCheckedAsync();
        await ChoiceIn(marc.GetByTestId("conflict-dialog"), "City", "mine").ClickAsync();
        await marc.GetByTestId("confirm").ClickAsync();
        await Expect(marc.GetByTestId("title")).ToHaveTextAsync("Clinique du Retour");

        var saved = await ReadAsync(id);
        Assert.Equal(("Orvault-Ouest", "Trois lignes de notes"), (saved.City, saved.Notes));
        app.AssertNoProblems(marc);
    }

    private static ILocator FieldIn(ILocator dialog, string field) => dialog.Locator($"[data-testid=conflict-field][data-field={field}]");

    private static ILocator ChoiceIn(ILocator dialog, string field, string whose)
        => FieldIn(dialog, field).Locator("label").Filter(new() { Has = dialog.Page.GetByTestId($"conflict-{whose}") });

    private static async Task SaveAsync(IPage page, string name)
    {
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("title")).ToHaveTextAsync(name);
    }

    private async Task<IPage> EditAsync(string email, Guid id)
    {
        var page = await app.SignInAsync(email, $"/institutions/{id}/edit");
        await Expect(page.GetByTestId("field-City")).ToHaveValueAsync("Nantes");
        return page;
    }

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

    private async Task<Institution> ReadAsync(Guid id)
    {
        await using var db = app.Open();
        return await db.Institutions.AsNoTracking().SingleAsync(institution => institution.Id == id);
    }
}
