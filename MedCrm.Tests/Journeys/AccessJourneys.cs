using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MedCrm.Tests.Journeys;

[Collection(JourneyGroup.Name)]
public sealed class AccessJourneys(RunningApp app)
{
    [JourneyFact]
    public async Task The_first_visit_creates_the_administrator_and_goes_straight_to_work()
    {
        await using var fresh = await RunningApp.StartAsync(demo: false);
        var page = await fresh.VisitAsync("/institutions");
        await Expect(page).ToHaveURLAsync($"{fresh.Url}/setup");

        await page.GetByTestId("field-DisplayName").FillAsync("Alice Admin");
        await page.GetByTestId("field-Email").FillAsync("alice@test.fr");
        await page.GetByTestId("field-Password").FillAsync("motdepasse1");
        await page.GetByTestId("field-ConfirmPassword").FillAsync("motdepasse1");
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.GetByTestId("error-Password")).ToContainTextAsync("premiers essayés");

        await page.GetByTestId("field-Password").FillAsync(TestSite.Password);
        await page.GetByTestId("field-ConfirmPassword").FillAsync(TestSite.Password);
        await page.GetByTestId("save").ClickAsync();
        await Expect(page.Locator("main.main")).ToBeVisibleAsync();
        await fresh.GoAsync(page, "/admin");
        await page.GetByTestId("area-users").ClickAsync();
        await Expect(page.GetByTestId("list-row")).ToHaveCountAsync(1);
        fresh.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task A_telephone_becomes_the_second_factor_and_a_recovery_code_replaces_it()
    {
        var page = await SignInAsync(await AddUserAsync("zoe@test.fr"), "/account");
        await page.GetByTestId("second-factor").ClickAsync();
        await Expect(page.GetByTestId("qr")).ToBeVisibleAsync();
        await page.GetByText("Impossible de scanner").ClickAsync();
        var secret = (await page.GetByTestId("manual-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.GetByTestId("field-Code").FillAsync(CodeOf(secret, -1));
        await page.GetByTestId("save").ClickAsync();

        await Expect(page.GetByTestId("recovery-codes").Locator("code")).ToHaveCountAsync(10);
        var codes = await page.GetByTestId("recovery-codes").Locator("code").AllInnerTextsAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("download-codes").ClickAsync());
        Assert.Contains(codes[9], await File.ReadAllTextAsync((await download.PathAsync())!), StringComparison.Ordinal);
        await page.GetByTestId("continue").ClickAsync();
        await Expect(page.Locator(".chip.ok").GetByText("Active")).ToBeVisibleAsync();
        app.AssertNoProblems(page);

        var again = await GivePasswordAsync("zoe@test.fr");
        await again.GetByTestId("field-Code").FillAsync(CodeOf(secret, 0));
        await again.GetByTestId("save").ClickAsync();
        await Expect(again.Locator("main.main")).ToBeVisibleAsync();

        var lost = await GivePasswordAsync("zoe@test.fr");
        await lost.GetByTestId("use-recovery").ClickAsync();
        await lost.GetByTestId("field-Code").FillAsync(codes[4]);
        await lost.GetByTestId("save").ClickAsync();
        await Expect(lost.Locator("main.main")).ToBeVisibleAsync();
        app.AssertNoProblems(lost);
    }

    [JourneyFact]
    public async Task A_new_colleague_receives_a_temporary_password_and_chooses_another()
    {
        var admin = await app.SignInAsync("admin@demo.test", "/admin/users");
        await admin.GetByTestId("new").ClickAsync();
        await admin.GetByTestId("field-DisplayName").FillAsync("Yves Nouveau");
        await admin.GetByTestId("field-Email").FillAsync("yves@test.fr");
        await admin.GetByTestId("field-Role").SelectOptionAsync("Sales");
        await admin.GetByTestId("save").ClickAsync();
        var temporary = await admin.GetByTestId("temporary-password").InnerTextAsync();
        await admin.GetByTestId("continue").ClickAsync();
        await Expect(admin.GetByRole(AriaRole.Link, new() { Name = "Yves Nouveau" })).ToBeVisibleAsync();
        await Expect(admin.GetByText(temporary)).ToHaveCountAsync(0);

        var yves = await app.VisitAsync("/opportunities");
        await LogInAsync(yves, "yves@test.fr", temporary);
        await yves.GetByTestId("field-CurrentPassword").FillAsync(temporary);
        await yves.GetByTestId("field-Password").FillAsync(TestSite.Password);
        await yves.GetByTestId("field-ConfirmPassword").FillAsync(TestSite.Password);
        await yves.GetByTestId("save").ClickAsync();
        await Expect(yves.Locator("main.main")).ToBeVisibleAsync();
        await Expect(yves).ToHaveURLAsync($"{app.Url}/opportunities");
        app.AssertNoProblems(admin);
        app.AssertNoProblems(yves);
    }

    [JourneyFact]
    public async Task An_open_page_ends_within_a_minute_when_its_account_is_disabled()
    {
        var email = await AddUserAsync("xavier@test.fr");
        var page = await SignInAsync(email, "/account");
        await page.GetByTestId("field-DisplayName").FillAsync("Encore moi");
        var admin = await app.SignInAsync("admin@demo.test", "/admin/users?q=xavier");
        await admin.GetByTestId("list-row").GetByRole(AriaRole.Link).ClickAsync();
        await admin.GetByTestId("disable").ClickAsync();
        await Expect(admin.GetByTestId("enable")).ToBeVisibleAsync();

        // By itself: nothing is done on the page. That whatever would be done is refused at once, UsersTests show.
        await Expect(page.GetByTestId("field-Password")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await using var db = app.Open();
        Assert.NotEqual("Encore moi", (await db.Users.SingleAsync(user => user.Email == email)).DisplayName);
    }

    [JourneyFact]
    public async Task The_look_one_chooses_follows_to_another_browser()
    {
        var email = await AddUserAsync("willy@test.fr");
        var page = await SignInAsync(email, "/account");
        await page.RunAndWaitForResponseAsync(() => page.Locator("section [data-theme-choice=dark]").ClickAsync(), "**/account/appearance");
        await page.RunAndWaitForResponseAsync(() => page.Locator("section [data-density-choice=compact]").ClickAsync(), "**/account/appearance");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        var elsewhere = await SignInAsync(email, "/account");

        await Expect(elsewhere.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(elsewhere.Locator("html")).ToHaveAttributeAsync("data-density", "compact");
        await Expect(elsewhere.Locator("section [data-theme-choice=dark]")).ToHaveAttributeAsync("aria-pressed", "true");
        app.AssertNoProblems(page);
    }

    [JourneyFact]
    public async Task Every_page_works_under_the_content_security_policy()
    {
        var page = await app.SignInAsync("admin@demo.test");
        foreach (var path in new[] { "/", "/institutions", "/contacts", "/opportunities", "/opportunities?view=list", "/tasks", "/bin", "/imports", "/account", "/admin", "/admin/users", "/admin/teams", "/admin/roles", "/admin/stages", "/admin/jobs", "/admin/backups", "/admin/audit" })
        {
            await app.GoAsync(page, path);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            // A page that another part of the product brings answers 404 until it is there; nothing else may go wrong.
            Assert.DoesNotContain(app.ProblemsOf(page), problem => !problem.Contains("404", StringComparison.Ordinal));
        }

        var ran = await page.EvaluateAsync<bool>("() => { const script = document.createElement('script'); script.textContent = 'window.intruder = true'; document.head.append(script); return window.intruder === true; }");
        Assert.False(ran);
    }

    [JourneyFact]
    public async Task Somebody_without_the_right_is_told_so_inside_the_application()
    {
        var page = await app.SignInAsync("sales1@demo.test");
        await page.GotoAsync($"{app.Url}/admin/users");

        await Expect(page.GetByText("Votre rôle ne donne pas accès à cette page.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Administration" })).ToHaveCountAsync(0);
    }

    private async Task<string> AddUserAsync(string email)
    {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<MedCrmDbContext>().Begin(Actor.System, "Test");
        var user = new User(email.Split('@')[0], email, Role.Sales, null, DateTime.UtcNow);
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, TestSite.Password)).Succeeded);
        return email;
    }

    private async Task<IPage> SignInAsync(string email, string path)
    {
        var page = await app.VisitAsync(path);
        await LogInAsync(page, email, TestSite.Password);
        await Expect(page.Locator("main.main")).ToBeVisibleAsync();
        return page;
    }

    private async Task<IPage> GivePasswordAsync(string email)
    {
        var page = await app.VisitAsync("/login");
        await LogInAsync(page, email, TestSite.Password);
        await Expect(page.GetByTestId("field-Code")).ToBeVisibleAsync();
        return page;
    }

    private static async Task LogInAsync(IPage page, string email, string password)
    {
        await page.GetByTestId("field-Email").FillAsync(email);
        await page.GetByTestId("field-Password").FillAsync(password);
        await page.GetByTestId("save").ClickAsync();
    }

    private static string CodeOf(string secret, int step) => TimeCode.CodeOf(secret, TimeCode.StepOf(DateTimeOffset.UtcNow) + step);
}
