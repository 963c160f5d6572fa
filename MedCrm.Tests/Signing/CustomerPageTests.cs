using System.Net;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Signing;

/// <summary>The addresses that customers come in by, without an account.</summary>
public sealed class CustomerPageTests
{
    [Fact]
    public async Task An_unknown_address_is_told_calmly_and_named_to_nobody()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("admin@demo.test", Core.Access.Role.Administrator);
        using var visitor = site.Visit();

        var answer = await visitor.GetAsync("/p/does-not-exist");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Cette adresse ne mène à rien", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal("noindex, nofollow", string.Join(", ", answer.Headers.GetValues("X-Robots-Tag")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        foreach (var path in new[] { "/p/does-not-exist/devis.pdf", "/p/does-not-exist/signature.pdf", "/p/does-not-exist/signature.json" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Whoever_guesses_is_slowed_down()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("admin@demo.test", Core.Access.Role.Administrator);
        using var visitor = site.Visit("198.51.100.4");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add((await visitor.GetAsync($"/p/guess-{i}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Visit("203.0.113.9").GetAsync("/p/guess")).StatusCode);
    }

    [Fact]
    public async Task Printed_documents_ask_for_a_login()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("admin@demo.test", Core.Access.Role.Administrator);
        using var visitor = site.Visit();

        foreach (var path in new[] { $"/quotes/{Guid.NewGuid()}.pdf", $"/print/quote/{Guid.NewGuid()}", $"/quotes/{Guid.NewGuid()}/signature.pdf", $"/invoices/{Guid.NewGuid()}.pdf" })
        {
            var answer = await visitor.GetAsync(path);
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect && TestSite.WhereTo(answer).StartsWith("/login", StringComparison.Ordinal), $"{path} answered {answer.StatusCode}");
        }
    }
}
