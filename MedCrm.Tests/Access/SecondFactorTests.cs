using System.Net;
using System.Text.RegularExpressions;
using MedCrm.Core.Access;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Access;

public sealed partial class SecondFactorTests : IAsyncLifetime
{
    private readonly TestSite _site = new();
    private readonly long _firstStep = TimeCode.StepOf(DateTimeOffset.UtcNow);
    private HttpClient _claire = null!;
    private string _secret = "";
    private List<string> _codes = [];

    public async Task InitializeAsync()
    {
        await _site.AddUserAsync("claire@test.fr", Role.Administrator);
        _claire = await _site.SignInAsync("claire@test.fr");
        _secret = TestSite.HiddenOf(await _claire.GetStringAsync("/account/second-factor"))["Enrolment.Secret"];
        _codes = await CodesAsync(await TestSite.SubmitAsync(_claire, "/account/second-factor", new() { ["Enrolment.Secret"] = _secret, ["Enrolment.Code"] = CodeAt(0) }));
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task The_page_gives_ten_recovery_codes_once_and_keeps_this_session()
    {
        Assert.Equal(10, _codes.Distinct().Count());
        var page = await _claire.GetStringAsync("/account/second-factor");
        Assert.DoesNotContain(_codes[0], page, StringComparison.Ordinal);
        Assert.Contains("10 sur 10", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_turns_nothing_on()
    {
        await _site.AddUserAsync("paul@test.fr", Role.Sales);
        var paul = await _site.SignInAsync("paul@test.fr");

        var answer = await TestSite.SubmitAsync(paul, "/account/second-factor", new() { ["Enrolment.Code"] = "000000" });

        Assert.Contains("error-Code", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var db = _site.Open();
        Assert.Null((await db.Users.SingleAsync(user => user.Email == "paul@test.fr")).SecondFactorSince);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing()
    {
        var visitor = await GivePasswordAsync();

        Assert.Equal("/login?returnUrl=%2Finstitutions", TestSite.WhereTo(await visitor.GetAsync("/institutions")));
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(visitor, "/login/second-factor", new() { ["Form.Code"] = "000000" })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/institutions")).StatusCode);
        Assert.Equal("/login", TestSite.WhereTo(await _site.Visit().GetAsync("/login/second-factor")));
        Assert.Equal("/login", TestSite.WhereTo(await _site.Visit().GetAsync("/login/recovery")));
    }

    [Fact]
    public async Task A_code_opens_once()
    {
        var code = CodeAt(1);
        var (first, second) = (await GivePasswordAsync(), await GivePasswordAsync());

        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.SubmitAsync(first, "/login/second-factor", new() { ["Form.Code"] = code })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(second, "/login/second-factor", new() { ["Form.Code"] = code })).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/institutions")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/institutions")).StatusCode);
    }

    [Fact]
    public async Task The_code_that_turned_it_on_opens_nothing_more()
        => Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(await GivePasswordAsync(), "/login/second-factor", new() { ["Form.Code"] = CodeAt(0) })).StatusCode);

    [Fact]
    public async Task Five_wrong_codes_close_the_account()
    {
        for (var i = 0; i < 5; i++)
        {
            await TestSite.SubmitAsync(await GivePasswordAsync(), "/login/second-factor", new() { ["Form.Code"] = "000000" });
        }

        await using var db = _site.Open();
        Assert.NotNull((await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).LockoutEnd);
    }

    [Fact]
    public async Task A_recovery_code_opens_once_however_it_is_typed()
    {
        var code = _codes[3];
        var (first, second) = (await GivePasswordAsync(), await GivePasswordAsync());

        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.SubmitAsync(first, "/login/recovery", new() { ["Form.Code"] = $" {code.ToUpperInvariant()}" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(second, "/login/recovery", new() { ["Form.Code"] = code })).StatusCode);
        Assert.Contains("9 sur 10", await _claire.GetStringAsync("/account/second-factor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_browser_is_not_asked_again_until_the_account_changes()
    {
        var browser = await GivePasswordAsync();
        await TestSite.SubmitAsync(browser, "/login/second-factor", new() { ["Form.Code"] = CodeAt(1), ["Form.RememberBrowser"] = "true" });

        Assert.Equal("/", TestSite.WhereTo(await LogInAgainAsync()));
        await using (var db = _site.Open())
        {
            db.Begin(Actor.System, "Test");
            (await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).EndSessions(DateTime.UtcNow);
            await db.SaveChangesAsync();
        }

        Assert.StartsWith("/login/second-factor", TestSite.WhereTo(await LogInAgainAsync()), StringComparison.Ordinal);

        async Task<HttpResponseMessage> LogInAgainAsync()
        {
            if (await browser.GetAsync("/account/password") is { StatusCode: HttpStatusCode.OK } page)
            {
                var token = TestSite.HiddenOf(await page.Content.ReadAsStringAsync())["__RequestVerificationToken"];
                await browser.PostAsync("/logout", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));
            }

            return await TestSite.LogInAsync(browser, "claire@test.fr", TestSite.Password);
        }
    }

    [Fact]
    public async Task New_codes_and_turning_it_off_ask_for_the_password()
    {
        var refused = await TestSite.SubmitAsync(_claire, "/account/second-factor", new() { ["Settings.CurrentPassword"] = "pas le bon", ["Settings.Act"] = "renew" });
        Assert.Contains("error-CurrentPassword", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var since = await SinceAsync();
        var renewed = await CodesAsync(await TestSite.SubmitAsync(_claire, "/account/second-factor", new() { ["Settings.CurrentPassword"] = TestSite.Password, ["Settings.Act"] = "renew" }));
        Assert.Equal(10, renewed.Except(_codes).Count());
        Assert.Equal(since, await SinceAsync());
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(await GivePasswordAsync(), "/login/recovery", new() { ["Form.Code"] = _codes[0] })).StatusCode);

        await TestSite.SubmitAsync(_claire, "/account/second-factor", new() { ["Settings.CurrentPassword"] = TestSite.Password, ["Settings.Act"] = "disable" });
        Assert.Equal("/", TestSite.WhereTo(await TestSite.LogInAsync(_site.Visit(), "claire@test.fr", TestSite.Password)));
    }

    private async Task<DateTime?> SinceAsync()
    {
        await using var db = _site.Open();
        return (await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).SecondFactorSince;
    }

    [Fact]
    public async Task The_secret_and_the_codes_are_unreadable_in_the_database()
    {
        await using var db = _site.Open();
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = System.Text.Encoding.Latin1.GetString(await ReadAsync(_site.Services.GetRequiredService<MedCrm.Core.Data.DataFolder>().Database));

        Assert.DoesNotContain(_secret, bytes, StringComparison.Ordinal);
        Assert.All(_codes, code => Assert.DoesNotContain(code, bytes, StringComparison.Ordinal));
        Assert.Contains("AuthenticatorKey", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_were_lost_keep_the_account_closed()
    {
        await using (var db = _site.Open())
        {
            await db.Database.ExecuteSqlRawAsync("UPDATE UserTokens SET Value = 'CfDJ8illisible'");
        }

        var visitor = await GivePasswordAsync();
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(visitor, "/login/second-factor", new() { ["Form.Code"] = CodeAt(1) })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SubmitAsync(visitor, "/login/recovery", new() { ["Form.Code"] = _codes[0] })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/institutions")).StatusCode);
    }

    private async Task<HttpClient> GivePasswordAsync()
    {
        var visitor = _site.Visit();
        var answer = await TestSite.LogInAsync(visitor, "claire@test.fr", TestSite.Password);
        Assert.StartsWith("/login/second-factor", TestSite.WhereTo(answer), StringComparison.Ordinal);
        return visitor;
    }

    // From the step the test began in: one before, it and one after are accepted, so a step that ends meanwhile changes nothing.
    private string CodeAt(int step) => TimeCode.CodeOf(_secret, _firstStep + step);

    private static async Task<List<string>> CodesAsync(HttpResponseMessage answer)
    {
        var page = await answer.Content.ReadAsStringAsync();
        var codes = Codes().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.True(codes.Count > 0, page);
        return codes;
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    [GeneratedRegex("<code[^>]*>([a-z0-9]{5}-[a-z0-9]{5})</code>")]
    private static partial Regex Codes();
}
