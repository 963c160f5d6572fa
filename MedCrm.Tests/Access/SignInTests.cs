using System.Net;
using MedCrm.Core.Access;
using MedCrm.Tests.Support;
using MedCrm.Web.Account;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MedCrm.Tests.Access;

public sealed class SignInTests : IAsyncLifetime
{
    private readonly TestSite _site = new();

    public async Task InitializeAsync()
    {
        await _site.AddUserAsync("alice@test.fr", Role.Administrator);
        await _site.AddUserAsync("claire@test.fr", Role.Sales);
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task A_right_password_leads_where_one_was_going()
    {
        var answer = await TestSite.LogInAsync(_site.Visit(), "Claire@Test.fr ", TestSite.Password, "/login?returnUrl=%2Finstitutions%3Fq%3Dchu");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/institutions?q=chu", TestSite.WhereTo(answer));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("medcrm=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        await using var db = _site.Open();
        Assert.NotNull((await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).LastSignInAt);
    }

    [Fact]
    public async Task A_right_password_never_leads_to_another_site()
    {
        var answer = await TestSite.LogInAsync(_site.Visit(), "claire@test.fr", TestSite.Password, "/login?returnUrl=%2F%2Fevil.example");

        Assert.Equal("/", TestSite.WhereTo(answer));
    }

    [Fact]
    public async Task Five_wrong_passwords_close_the_account_for_a_while_and_the_answer_never_changes()
    {
        var wrong = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            wrong.Add(await RefusalAsync("claire@test.fr", $"faux {i}", $"192.0.2.{i}"));
        }

        var locked = await RefusalAsync("claire@test.fr", TestSite.Password, "192.0.2.77");
        var unknown = await RefusalAsync("personne@test.fr", TestSite.Password, "192.0.2.78");

        Assert.Single(wrong.Append(locked).Append(unknown).Distinct());
        await using var db = _site.Open();
        var user = await db.Users.SingleAsync(u => u.Email == "claire@test.fr");
        Assert.InRange(user.LockoutEnd!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.LogInAsync(_site.Visit("192.0.2.79"), "alice@test.fr", TestSite.Password)).StatusCode);
    }

    [Fact]
    public async Task Thirty_guesses_from_one_address_are_answered_429_from_the_eleventh_in_French()
    {
        var client = _site.Visit("203.0.113.9");
        var answers = new List<HttpStatusCode>();
        string? last = null;
        for (var i = 0; i < 30; i++)
        {
            // A header that claims another address is not believed.
            client.DefaultRequestHeaders.Remove("X-Forwarded-For");
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{i}");
            var answer = await TestSite.LogInAsync(client, $"personne{i}@test.fr", "faux faux faux");
            answers.Add(answer.StatusCode);
            last = await answer.Content.ReadAsStringAsync();
            if (i == 29)
            {
                Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter!.Delta);
            }
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.OK, 10).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 20)), answers);
        Assert.Contains("Patientez une minute", last, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.LogInAsync(_site.Visit("203.0.113.10"), "claire@test.fr", TestSite.Password)).StatusCode);
    }

    [Fact]
    public async Task A_known_proxy_is_believed_about_who_calls()
    {
        await using var site = new TestSite("MedCrm:KnownProxies=10.0.0.1, 10.0.0.2");
        await site.AddUserAsync("alice@test.fr", Role.Administrator);
        var client = site.Visit("10.0.0.2");
        for (var i = 0; i < 12; i++)
        {
            client.DefaultRequestHeaders.Remove("X-Forwarded-For");
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"198.51.100.{i}");

            Assert.Equal(HttpStatusCode.OK, (await TestSite.LogInAsync(client, "personne@test.fr", "faux faux faux")).StatusCode);
        }
    }

    [Fact]
    public async Task A_known_and_an_unknown_address_are_refused_after_the_same_work()
    {
        await using var scope = _site.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var hasher = new CountingHasher();
        services.GetRequiredService<UserManager<User>>().PasswordHasher = hasher;
        var signIns = ActivatorUtilities.CreateInstance<SignIns>(services, new NobodysPassword(hasher));

        Assert.Equal(SignInOutcome.Refused, await signIns.PasswordAsync("claire@test.fr", "faux", false, IPAddress.Loopback));
        Assert.Equal(1, hasher.Checks);
        Assert.Equal(SignInOutcome.Refused, await signIns.PasswordAsync("personne@test.fr", "faux", false, IPAddress.Loopback));
        Assert.Equal(2, hasher.Checks);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var client = await _site.SignInAsync("claire@test.fr");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/institutions")).StatusCode);

        var token = TestSite.HiddenOf(await client.GetStringAsync("/account/password"))["__RequestVerificationToken"];
        var answer = await client.PostAsync("/logout", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal("/login", TestSite.WhereTo(answer));
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/institutions")).StatusCode);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_other_sessions_at_once()
    {
        var (here, elsewhere) = (await _site.SignInAsync("claire@test.fr"), await _site.SignInAsync("claire@test.fr"));
        var token = TestSite.HiddenOf(await here.GetStringAsync("/account/password"))["__RequestVerificationToken"];

        await here.PostAsync("/account/end-sessions", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal(HttpStatusCode.Redirect, (await here.GetAsync("/institutions")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/institutions")).StatusCode);
    }

    [Fact]
    public async Task A_disabled_account_is_out_at_its_next_request()
    {
        var client = await _site.SignInAsync("claire@test.fr");
        await using (var db = _site.Open())
        {
            db.Begin(Actor.System, "Test");
            (await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).Disable();
            await db.SaveChangesAsync();
        }

        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/institutions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.LogInAsync(_site.Visit(), "claire@test.fr", TestSite.Password)).StatusCode);
    }

    [Fact]
    public async Task A_new_password_keeps_this_session_and_ends_the_others()
    {
        var (here, elsewhere) = (await _site.SignInAsync("claire@test.fr"), await _site.SignInAsync("claire@test.fr"));

        var wrong = await ChangeAsync("pas le bon", "une loutre sous la pluie");
        Assert.Contains("error-CurrentPassword", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var weak = await ChangeAsync(TestSite.Password, "motdepasse1");
        Assert.Contains("error-Password", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var done = await ChangeAsync(TestSite.Password, "une loutre sous la pluie");

        Assert.Equal("/account?done=password", TestSite.WhereTo(done));
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/institutions")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/institutions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.LogInAsync(_site.Visit(), "claire@test.fr", TestSite.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.LogInAsync(_site.Visit(), "claire@test.fr", "une loutre sous la pluie")).StatusCode);

        Task<HttpResponseMessage> ChangeAsync(string present, string wanted)
            => TestSite.SubmitAsync(here, "/account/password", new() { ["Form.CurrentPassword"] = present, ["Form.Password"] = wanted, ["Form.ConfirmPassword"] = wanted });
    }

    [Fact]
    public async Task A_temporary_password_opens_nothing_but_the_page_that_changes_it()
    {
        var client = await _site.SignInAsync("claire@test.fr");
        await using (var db = _site.Open())
        {
            db.Begin(Actor.System, "Test");
            (await db.Users.SingleAsync(user => user.Email == "claire@test.fr")).NotePassword(temporary: true, DateTime.UtcNow);
            await db.SaveChangesAsync();
        }

        client = await _site.SignInAsync("claire@test.fr");
        var asked = await client.GetAsync("/institutions?q=chu");
        Assert.Equal("/account/password?returnUrl=%2Finstitutions%3Fq%3Dchu", TestSite.WhereTo(asked));

        var changed = await TestSite.SubmitAsync(client, TestSite.WhereTo(asked), new() { ["Form.CurrentPassword"] = TestSite.Password, ["Form.Password"] = "une loutre sous la pluie", ["Form.ConfirmPassword"] = "une loutre sous la pluie" });
        Assert.Equal("/institutions?q=chu", TestSite.WhereTo(changed));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/institutions")).StatusCode);
    }

    [Theory]
    [InlineData("motdepasse1")]
    [InlineData("Motdepasse!2026")]
    [InlineData("azertyuiop")]
    [InlineData("qwerty-qwerty")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("court")]
    [InlineData("nora.petit@test.fr")]
    public async Task A_password_that_is_guessed_first_is_refused(string password)
    {
        await using var scope = _site.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();

        var result = await users.CreateAsync(new User("Nora Petit", "nora.petit@test.fr", Role.Sales, null, DateTime.UtcNow), password);

        Assert.False(result.Succeeded);
        Assert.DoesNotContain(result.Errors, error => error.Description.Contains("Passwords must", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Passwords_are_kept_with_220_000_rounds()
    {
        var collection = new ServiceCollection();
        collection.AddMedCrmAccount();
        await using var provider = collection.BuildServiceProvider();

        Assert.Equal(220_000, provider.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
    }

    private async Task<string> RefusalAsync(string email, string password, string from)
    {
        var answer = await TestSite.LogInAsync(_site.Visit(from), email, password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        var start = page.IndexOf("data-testid=\"error-Login\"", StringComparison.Ordinal);
        Assert.True(start > 0, page);
        return page[start..page.IndexOf("</div>", start, StringComparison.Ordinal)];
    }

    private sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _hasher = new();

        public int Checks { get; private set; }

        public string HashPassword(User user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Checks++;
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
