using MedCrm.Tests.Support;
using Microsoft.Playwright;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class SignInJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task A_salesperson_signs_in_and_sees_the_day()
    {
        var page = await app.SignInAsync("sales1@demo.test");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ma journée" })).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("Ma journée · MedCRM");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Nobody_gets_further_than_the_login_without_a_password()
    {
        var page = await app.VisitAsync("/institutions");

        await Assertions.Expect(page.GetByTestId("field-Password")).ToBeVisibleAsync();
        Assert.Contains("/login", page.Url, StringComparison.Ordinal);
    }

    [JourneyFact]
    public async Task Styles_and_fonts_arrive_with_content()
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Url) };

        Assert.NotEmpty(await client.GetByteArrayAsync("/app.css"));
        Assert.NotEmpty(await client.GetByteArrayAsync("/_framework/blazor.web.js"));
        Assert.NotEmpty(await client.GetByteArrayAsync("/_content/Radzen.Blazor/fonts/InterVariable.woff2"));
    }
}
