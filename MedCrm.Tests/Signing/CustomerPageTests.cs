using System.Net;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Signing;

/// <summary>The addresses that customers come in by, without an account.</summary>
public sealed class CustomerPageTests
{
    [Fact]
    public async Task An_unknown_address_is_told_calmly_and_named_to_nobody()
    {
        await using var site = new TestSite();
        await site.AddUserAsync("admin@demo.test", Role.Administrator);
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
        await site.AddUserAsync("admin@demo.test", Role.Administrator);
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
        await site.AddUserAsync("admin@demo.test", Role.Administrator);
        using var visitor = site.Visit();

        foreach (var path in new[] { $"/quotes/{Guid.NewGuid()}.pdf", $"/print/quote/{Guid.NewGuid()}", $"/quotes/{Guid.NewGuid()}/signature.pdf", $"/invoices/{Guid.NewGuid()}.pdf" })
        {
            var answer = await visitor.GetAsync(path);
            Assert.True(answer.StatusCode is HttpStatusCode.Redirect && TestSite.WhereTo(answer).StartsWith("/login", StringComparison.Ordinal), $"{path} answered {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Printed_documents_answer_only_who_sees_them()
    {
        await using var site = new TestSite();
        var (west, south) = (new Team("Ouest"), new Team("Sud"));
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var clinic = new Institution(new InstitutionDetails { Name = "Clinique du Parc", TeamId = west.Id }, DateTime.UtcNow);
        var quote = new Quote(new QuoteDetails { Title = "Échographe", InstitutionId = clinic.Id, TeamId = west.Id, IssuedOn = today, ValidUntil = today.AddDays(30) }, "D-1", 1, DateTime.UtcNow);
        var invoice = new Invoice(new InvoiceDetails { Title = "Échographe", InstitutionId = clinic.Id, TeamId = west.Id }, DateTime.UtcNow);
        await site.AddUserAsync("admin@test.fr", Role.Administrator);
        await using (var db = site.Open())
        {
            db.Begin(Actor.System, "Test");
            db.AddRange(west, south, clinic, quote, invoice);
            await db.SaveChangesAsync();
        }

        await site.AddUserAsync("claire@test.fr", Role.Sales, west.Id);
        await site.AddUserAsync("lea@test.fr", Role.Sales, south.Id);
        using var claire = await site.SignInAsync("claire@test.fr");
        using var lea = await site.SignInAsync("lea@test.fr");

        foreach (var path in new[] { $"/print/quote/{quote.Id}", $"/print/invoice/{invoice.Id}", $"/quotes/{quote.Id}.pdf", $"/invoices/{invoice.Id}.pdf" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await lea.GetAsync(path)).StatusCode);
            if (path.StartsWith("/print/", StringComparison.Ordinal))
            {
                Assert.Equal(HttpStatusCode.OK, (await claire.GetAsync(path)).StatusCode);
            }
        }
    }
}
