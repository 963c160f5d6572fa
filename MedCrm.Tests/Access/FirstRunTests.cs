using System.Net;
using MedCrm.Core.Access;
using MedCrm.Tests.Support;
using MedCrm.Web.Account;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Access;

public sealed class FirstRunTests
{
    private static readonly Dictionary<string, string> s_alice = new()
    {
        ["Form.DisplayName"] = "Alice Admin",
        ["Form.Email"] = "alice@test.fr",
        ["Form.Password"] = TestSite.Password,
        ["Form.ConfirmPassword"] = TestSite.Password,
    };

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/institutions?q=chu")]
    [InlineData("/admin/users")]
    [InlineData("/nowhere")]
    public async Task Before_the_first_account_every_address_leads_to_the_set_up(string path)
    {
        await using var site = new TestSite();

        var answer = await site.Visit().GetAsync(path);

        Assert.Equal((HttpStatusCode.Redirect, "/setup"), (answer.StatusCode, TestSite.WhereTo(answer)));
    }

    [Fact]
    public async Task Health_and_style_answer_before_the_first_account()
    {
        await using var site = new TestSite();

        Assert.Equal(HttpStatusCode.OK, (await site.Visit().GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.Visit().GetAsync("/tokens.css")).StatusCode);
    }

    [Fact]
    public async Task Somebody_at_the_machine_creates_the_administrator_is_in_and_the_door_closes_for_ever()
    {
        await using var site = new TestSite();
        var client = site.Visit();

        var created = await TestSite.SubmitAsync(client, "/setup", new(s_alice));
        Assert.Equal("/", TestSite.WhereTo(created));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/admin")).StatusCode);

        foreach (var visitor in new[] { client, site.Visit() })
        {
            var again = await visitor.GetAsync("/setup");
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
            Assert.Contains("ne sert plus", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await using var db = site.Open();
        Assert.Equal(Role.Administrator, (await db.Users.SingleAsync()).Role);
    }

    [Theory]
    [InlineData("198.51.100.7", "http://localhost", null)]
    [InlineData("127.0.0.1", "http://crm.example", null)]
    [InlineData("127.0.0.1", "http://localhost", "198.51.100.7")]
    public async Task From_elsewhere_the_code_of_the_console_is_asked(string from, string address, string? forwardedFor)
    {
        await using var site = new TestSite();
        var client = site.Visit(from);
        client.BaseAddress = new Uri(address);
        if (forwardedFor is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        }

        var without = await TestSite.SubmitAsync(client, "/setup", new(s_alice));
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        var wrong = await TestSite.SubmitAsync(client, "/setup", new(s_alice) { ["Form.Code"] = "AAAA-AAAA" });
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        await using (var db = site.Open())
        {
            Assert.Empty(await db.Users.ToListAsync());
        }

        var code = site.Services.GetRequiredService<FirstAdministrator>().Code;
        var right = await TestSite.SubmitAsync(client, "/setup", new(s_alice) { ["Form.Code"] = code.ToLowerInvariant() });
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    [Fact]
    public async Task The_code_is_not_guessed()
    {
        await using var site = new TestSite();
        var client = site.Visit("198.51.100.7");
        HttpResponseMessage answer = null!;
        for (var i = 0; i < 11; i++)
        {
            answer = await TestSite.SubmitAsync(client, "/setup", new(s_alice) { ["Form.Code"] = $"AAAA-{i:D4}" });
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_missing_is_told_beside_its_field()
    {
        await using var site = new TestSite();

        var answer = await TestSite.SubmitAsync(site.Visit(), "/setup", new(s_alice) { ["Form.Email"] = "alice", ["Form.ConfirmPassword"] = "autre chose" });
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("error-ConfirmPassword", page, StringComparison.Ordinal);

        page = await (await TestSite.SubmitAsync(site.Visit(), "/setup", new(s_alice) { ["Form.Email"] = "alice" })).Content.ReadAsStringAsync();
        Assert.Contains("error-Email", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_visitors_at_once_create_one_administrator()
    {
        await using var site = new TestSite();
        var visitors = Enumerable.Range(0, 4).Select(_ => site.Visit()).ToList();

        var forms = await Task.WhenAll(visitors.Select(async visitor => TestSite.HiddenOf(await visitor.GetStringAsync("/setup"))));
        await Task.WhenAll(visitors.Zip(forms, (visitor, hidden) => visitor.PostAsync("/setup", new FormUrlEncodedContent(hidden.Concat(s_alice.Where(field => field.Key != "Form.Email")).Append(new("Form.Email", $"alice{visitors.IndexOf(visitor)}@test.fr"))))));

        await using var db = site.Open();
        Assert.Equal(1, await db.Users.CountAsync());
    }

    [Fact]
    public async Task The_administrator_of_the_settings_is_created_at_start()
    {
        await using var site = new TestSite($"MedCrm:Setup:AdminEmail=alice@test.fr;MedCrm:Setup:AdminPassword={TestSite.Password}");

        Assert.Equal(HttpStatusCode.NotFound, (await site.Visit().GetAsync("/setup")).StatusCode);
        await site.SignInAsync("alice@test.fr");
    }
}
