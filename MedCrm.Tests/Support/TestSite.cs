using System.Net;
using System.Text.RegularExpressions;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedCrm.Tests.Support;

/// <summary>The real application without a browser: requests and answers, each visitor with cookies and an address of its own.</summary>
public sealed partial class TestSite(string? configuration = null) : IAsyncDisposable
{
    /// <summary>The password of the accounts that <see cref="AddUserAsync"/> creates.</summary>
    public const string Password = "un lapin dans la neige";

    private const string From = "Test-From";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N"));
    private Factory? _factory;

    /// <summary>The application's own services.</summary>
    public IServiceProvider Services => (_factory ??= new Factory(_folder, configuration)).Services;

    /// <summary>A fresh context, to look at what was really saved.</summary>
    public MedCrmDbContext Open() => Services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContext();

    /// <summary>A browser without script, at an address; nobody signed in.</summary>
    public HttpClient Visit(string from = "127.0.0.1")
    {
        _ = Services;
        var client = _factory!.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new Uri("http://localhost") });
        client.DefaultRequestHeaders.Add(From, from);
        return client;
    }

    /// <summary>An account with <see cref="Password"/>.</summary>
    public async Task<Guid> AddUserAsync(string email, Role role, Guid? teamId = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MedCrmDbContext>();
        db.Begin(Actor.System, "Test");
        var user = new User(email.Split('@')[0], email, role, teamId, DateTime.UtcNow);
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, Password)).Succeeded);
        return user.Id;
    }

    /// <summary>A visitor who is signed in.</summary>
    public async Task<HttpClient> SignInAsync(string email, string from = "127.0.0.1")
    {
        var client = Visit(from);
        var answer = await LogInAsync(client, email, Password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>Fills the login page and sends it.</summary>
    public static Task<HttpResponseMessage> LogInAsync(HttpClient client, string email, string password, string path = "/login")
        => SubmitAsync(client, path, new() { ["Form.Email"] = email, ["Form.Password"] = password });

    /// <summary>Opens a page, fills its form and sends it, with the hidden fields it carries.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient client, string path, Dictionary<string, string> fields)
    {
        var page = await (await client.GetAsync(path)).Content.ReadAsStringAsync();
        var form = HiddenOf(page);
        Assert.True(form.ContainsKey("__RequestVerificationToken"), $"{path} has no form:\n{page}");
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }

        return await client.PostAsync(path, new FormUrlEncodedContent(form));
    }

    /// <summary>The address of this site that an answer leads to.</summary>
    public static string WhereTo(HttpResponseMessage answer)
    {
        Assert.NotNull(answer.Headers.Location);
        var address = new Uri(new Uri("http://localhost"), answer.Headers.Location);
        Assert.Equal("http://localhost", address.GetLeftPart(UriPartial.Authority));
        return address.PathAndQuery;
    }

    /// <summary>The hidden fields of a page.</summary>
    public static Dictionary<string, string> HiddenOf(string page)
        => Hidden().Matches(page)
            .Select(match => (Name: Attribute(match.Value, "name"), Value: Attribute(match.Value, "value")))
            .Where(field => field.Name.Length > 0)
            .DistinctBy(field => field.Name)
            .ToDictionary(field => field.Name, field => field.Value);

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
            SqliteConnection.ClearPool(new SqliteConnection(new DataFolder(_folder).ConnectionString));
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string Attribute(string element, string name)
        => WebUtility.HtmlDecode(Regex.Match(element, $"\\s{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    private sealed class Factory(string folder, string? configuration) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("MedCrm:DataDirectory", folder);
            foreach (var setting in (configuration ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                var (key, value) = (setting.Split('=')[0], setting.Split('=')[1]);
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
            builder.ConfigureServices(services =>
            {
                services.AddSingleton<IStartupFilter, CallerAddress>();

                // Hashing as in production would make these tests wait, and says nothing more; SignInTests looks at the real setting.
                services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000);
            });
        }
    }

    // The test server has no network: the address of a caller comes from a header of the test.
    private sealed class CallerAddress : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, proceed) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers[From], out var address) ? address : null;
                return proceed(context);
            });
            next(app);
        };
    }
}
