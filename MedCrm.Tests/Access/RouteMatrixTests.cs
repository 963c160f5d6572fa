using System.Net;
using System.Text.RegularExpressions;
using MedCrm.Core.Access;
using MedCrm.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Access;

/// <summary>Every address of the application times everybody who may call. A new one needs its row here.</summary>
public sealed partial class RouteMatrixTests(RouteMatrixTests.Site site) : IClassFixture<RouteMatrixTests.Site>
{
    private static readonly Who s_anyone = new(NeedsLogin: false, null);
    private static readonly Who s_signedIn = new(NeedsLogin: true, null);
    private static readonly Who s_administrators = new(NeedsLogin: true, Right.Administer);

    private static readonly Dictionary<string, Who> s_rows = new()
    {
        ["/login"] = s_anyone,
        ["/login/second-factor"] = s_anyone,
        ["/login/recovery"] = s_anyone,
        ["/setup"] = s_anyone,
        ["/healthz"] = s_anyone,
        ["/error"] = s_anyone,
        ["/calendar/feed/{token}.ics"] = s_anyone,
        ["/p/{Token}"] = s_anyone,
        ["/p/{token}/devis.pdf"] = s_anyone,
        ["/p/{token}/signature.json"] = s_anyone,
        ["/p/{token}/signature.pdf"] = s_anyone,

        ["/"] = s_signedIn,
        ["/not-found"] = s_signedIn,
        ["/logout"] = s_signedIn,
        ["/account"] = s_signedIn,
        ["/account/appearance"] = s_signedIn,
        ["/account/end-sessions"] = s_signedIn,
        ["/account/password"] = s_signedIn,
        ["/account/second-factor"] = s_signedIn,
        ["/institutions"] = s_signedIn,
        ["/institutions/{Id:guid}"] = s_signedIn,
        ["/institutions/{Id:guid}/edit"] = s_signedIn,
        ["/contacts"] = s_signedIn,
        ["/contacts/{Id:guid}"] = s_signedIn,
        ["/contacts/{id:guid}/vcard"] = s_signedIn,
        ["/opportunities"] = s_signedIn,
        ["/opportunities/{Id:guid}"] = s_signedIn,
        ["/quotes"] = s_signedIn,
        ["/quotes/{Id:guid}"] = s_signedIn,
        ["/quotes/{id:guid}.pdf"] = s_signedIn,
        ["/quotes/{id:guid}/signature.json"] = s_signedIn,
        ["/quotes/{id:guid}/signature.pdf"] = s_signedIn,
        ["/invoices"] = s_signedIn,
        ["/invoices/{Id:guid}"] = s_signedIn,
        ["/invoices/{id:guid}.pdf"] = s_signedIn,
        ["/letters/{id:guid}.pdf"] = s_signedIn,
        ["/print/{kind}/{id:guid}"] = s_signedIn,
        ["/contracts"] = s_signedIn,
        ["/contracts/new"] = s_signedIn,
        ["/contracts/{Id:guid}"] = s_signedIn,
        ["/contracts/{Id:guid}/edit"] = s_signedIn,
        ["/catalog"] = s_signedIn,
        ["/catalog/{Id:guid}"] = s_signedIn,
        ["/company/logo"] = s_signedIn,
        ["/tasks"] = s_signedIn,
        ["/activities"] = s_signedIn,
        ["/activities/{Id:guid}"] = s_signedIn,
        ["/calendar"] = s_signedIn,
        ["/segments"] = s_signedIn,
        ["/segments/new"] = s_signedIn,
        ["/segments/{Id:guid}"] = s_signedIn,
        ["/activities/{id:guid}/ics"] = s_signedIn,
        ["/duplicates"] = s_signedIn,
        ["/duplicates/merge"] = s_signedIn,
        ["/bin"] = s_signedIn,
        ["/export/{name}.xlsx"] = s_signedIn,
        ["/export/{name}.csv"] = s_signedIn,
        ["/documents/upload"] = s_signedIn,
        ["/documents/zip"] = s_signedIn,
        ["/documents/{id:guid}"] = s_signedIn,
        ["/documents/{id:guid}/place"] = s_signedIn,
        ["/_blazor"] = s_signedIn,
        ["/_blazor/negotiate"] = s_signedIn,
        ["/_blazor/disconnect/"] = s_signedIn,
        ["/_blazor/initializers/"] = s_signedIn,
        ["/_framework/opaque-redirect"] = s_signedIn,
        ["{**path:file}"] = s_signedIn,

        ["/invoices/bank"] = new(NeedsLogin: true, Right.EditInvoices),
        ["/invoices/reminders"] = new(NeedsLogin: true, Right.EditInvoices),
        ["/invoices/treasury"] = new(NeedsLogin: true, Right.EditInvoices),
        ["/invoices/accounting"] = new(NeedsLogin: true, Right.EditInvoices),
        ["/accounting/export/{format}"] = new(NeedsLogin: true, Right.EditInvoices),
        ["/imports"] = new(NeedsLogin: true, Right.Import),
        ["/imports/new"] = new(NeedsLogin: true, Right.Import),
        ["/imports/{Id:guid}"] = new(NeedsLogin: true, Right.Import),
        ["/imports/{id:guid}/errors.csv"] = new(NeedsLogin: true, Right.Import),
        ["/admin"] = s_administrators,
        ["/admin/company"] = s_administrators,
        ["/admin/accounting"] = s_administrators,
        ["/admin/dunning"] = s_administrators,
        ["/admin/users"] = s_administrators,
        ["/admin/users/{Id:guid}"] = s_administrators,
        ["/admin/teams"] = s_administrators,
        ["/admin/roles"] = s_administrators,
        ["/admin/stages"] = s_administrators,
        ["/admin/jobs"] = s_administrators,
        ["/admin/scores"] = s_administrators,
        ["/admin/outbox"] = s_administrators,
        ["/admin/outbox/{Id:guid}"] = s_administrators,
        ["/admin/backups"] = s_administrators,
        ["/admin/audit"] = new(NeedsLogin: true, Right.ReadAudit),
        ["/admin/audit/{Id:guid}"] = new(NeedsLogin: true, Right.ReadAudit),
    };

    [Fact]
    public void Every_address_has_its_row()
        => Assert.Equal([], Routes().Select(route => route.RoutePattern.RawText!).Distinct().Except(s_rows.Keys));

    [Fact]
    public async Task Nobody_gets_further_than_the_row_says()
    {
        var slips = new List<string>();
        foreach (var route in Routes().DistinctBy(route => route.RoutePattern.RawText))
        {
            var who = s_rows.GetValueOrDefault(route.RoutePattern.RawText!, s_administrators);
            foreach (var (name, role, visitor) in site.Visitors)
            {
                var expected = role is null && who.NeedsLogin ? Answer.Login : role is not null && who.Right is { } right && !role.Value.Has(right) ? Answer.Refused : Answer.In;
                var actual = await AskAsync(visitor, route);
                if (actual != expected)
                {
                    slips.Add($"{route.RoutePattern.RawText} for {name}: {actual}, expected {expected}");
                }
            }
        }

        Assert.Empty(slips);
    }

    [Fact]
    public async Task Nothing_is_written_without_the_token_of_its_form()
    {
        var slips = new List<string>();
        foreach (var route in Routes().Where(route => !route.RoutePattern.RawText!.StartsWith("/_blazor", StringComparison.Ordinal)))
        {
            foreach (var method in MethodsOf(route).Where(method => method is not ("GET" or "HEAD" or "OPTIONS")))
            {
                var (_, _, admin) = site.Visitors.Single(visitor => visitor.Role is Role.Administrator);
                var answer = await admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), AddressOf(route)) { Content = new FormUrlEncodedContent([new("x", "1")]) });
                if (answer.StatusCode is not HttpStatusCode.BadRequest)
                {
                    slips.Add($"{method} {route.RoutePattern.RawText}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(slips);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_protect_it()
    {
        foreach (var (name, _, visitor) in site.Visitors)
        {
            foreach (var path in new[] { "/", "/login", "/institutions", "/admin/users", "/nowhere", "/tokens.css", "/healthz", "/setup" })
            {
                var answer = await visitor.GetAsync(path);
                var csp = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
                foreach (var part in new[] { "default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "form-action 'self'" })
                {
                    Assert.Contains(part, csp, StringComparison.Ordinal);
                }

                Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
                Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
                Assert.True(answer.Headers.Contains("Referrer-Policy"), $"{path} for {name}");
            }
        }
    }

    [Theory]
    [InlineData("http://localhost", false)]
    [InlineData("https://evil.example", true)]
    [InlineData("http://localhost.evil.example", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("null", true)]
    public async Task A_circuit_opens_only_from_our_own_pages(string origin, bool isForeign)
    {
        var (_, _, claire) = site.Visitors.Single(visitor => visitor.Role is Role.Sales);
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1"), (HttpMethod.Get, "/_blazor?id=x") })
        {
            var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Origin", origin);

            Assert.Equal(isForeign, (await claire.SendAsync(request)).StatusCode is HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Over_https_the_cookie_and_the_browser_stay_on_https()
    {
        var client = site.Application.Visit();
        client.BaseAddress = new Uri("https://crm.example");

        var answer = await TestSite.LogInAsync(client, "sales@test.fr", TestSite.Password);

        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("medcrm=", StringComparison.Ordinal) && cookie.Contains("secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_host_names_are_refused_once_the_settings_name_ours()
    {
        await using var named = new TestSite("AllowedHosts=crm.example");
        var client = named.Visit();

        client.BaseAddress = new Uri("http://crm.example");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("http://evil.example/healthz")).StatusCode);
    }

    [Fact]
    public async Task Somebody_unknown_who_asks_for_a_missing_page_comes_back_to_it()
    {
        var answer = await site.Application.Visit().GetAsync("/nowhere?x=1");

        Assert.Equal("/login?returnUrl=%2Fnowhere%3Fx%3D1", TestSite.WhereTo(answer));
    }

    private IEnumerable<RouteEndpoint> Routes()
        => site.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(route => route.Metadata.GetMetadata<StaticAssetDescriptor>() is null);

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static string AddressOf(RouteEndpoint route)
    {
        var path = Parameter().Replace(route.RoutePattern.RawText!, parameter => parameter.Value switch
        {
            _ when parameter.Value.Contains(":guid", StringComparison.Ordinal) => Guid.NewGuid().ToString(),
            _ when parameter.Value.Contains(":file", StringComparison.Ordinal) => "nothing.txt",
            _ => "institutions",
        });
        return path.StartsWith('/') ? path : $"/{path}";
    }

    private static async Task<Answer> AskAsync(HttpClient visitor, RouteEndpoint route)
    {
        // A write without its form's token is refused as such once the caller is let in: 400 then means in.
        var method = MethodsOf(route).Contains("GET") ? HttpMethod.Get : HttpMethod.Post;
        var answer = await visitor.SendAsync(new HttpRequestMessage(method, AddressOf(route)));
        return answer.StatusCode switch
        {
            // The second step of signing in sends those who skipped the first one back to it.
            HttpStatusCode.Redirect when !route.RoutePattern.RawText!.StartsWith("/login/", StringComparison.Ordinal) && TestSite.WhereTo(answer).Split('?')[0] == "/login" => Answer.Login,
            HttpStatusCode.Forbidden => Answer.Refused,
            HttpStatusCode.InternalServerError when route.RoutePattern.RawText != "/error" => Answer.Failed,
            _ => Answer.In,
        };
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    private enum Answer
    {
        In,
        Login,
        Refused,
        Failed,
    }

    private sealed record Who(bool NeedsLogin, Right? Right);

    /// <summary>One application and a visitor of each role, and one without account.</summary>
    public sealed class Site : IAsyncLifetime
    {
        public TestSite Application { get; } = new();

        public List<(string Name, Role? Role, HttpClient Client)> Visitors { get; } = [];

        public async Task InitializeAsync()
        {
            foreach (var role in Enum.GetValues<Role>())
            {
                var email = $"{role.ToString().ToLowerInvariant()}@test.fr";
                await Application.AddUserAsync(email, role);
                Visitors.Add((role.ToString(), role, await Application.SignInAsync(email)));
            }

            Visitors.Add(("anonymous", null, Application.Visit()));
        }

        public async Task DisposeAsync() => await Application.DisposeAsync();
    }
}
