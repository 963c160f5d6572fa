using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace MedCrm.Tests.Support;

/// <summary>
/// The real application on a port of its own, with its own data folder and the demonstration in it, and a real browser in front. One serves
/// all journeys of the collection <see cref="JourneyGroup"/>; a journey that moves the clock or breaks things starts its own.
/// </summary>
public sealed class RunningApp : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The password of every account of the demonstration.</summary>
    public const string Password = "Demo-2026!";

    private readonly ConditionalWeakTable<IPage, ConcurrentQueue<string>> _problems = [];
    private readonly ConcurrentDictionary<string, string> _signedIn = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N"));
    private readonly FixedTime? _time;
    private readonly bool _demo = true;
    private readonly Action<IServiceCollection>? _configure;
    private Factory? _factory;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>For the collection's fixture; a journey calls <see cref="StartAsync"/>.</summary>
    public RunningApp()
    {
    }

    private RunningApp(FixedTime? time, bool demo, Action<IServiceCollection>? configure)
    {
        _time = time;
        _demo = demo;
        _configure = configure;
    }

    /// <summary>The address, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The application's own services.</summary>
    public IServiceProvider Services => _factory!.Services;

    /// <summary>The data folder.</summary>
    public DataFolder Folder => Services.GetRequiredService<DataFolder>();

    /// <summary>An application of one's own; dispose of it. The clock stands where <paramref name="time"/> says; cookies keep real time.</summary>
    public static async Task<RunningApp> StartAsync(FixedTime? time = null, bool demo = true, Action<IServiceCollection>? configure = null)
    {
        var app = new RunningApp(time, demo, configure);
        await app.InitializeAsync();
        return app;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Browser.Path is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(15_000);
        _factory = new Factory(_folder, _time, _demo, _configure, new ErrorLog(TellEveryPage));
        _factory.UseKestrel(0);
        _factory.StartServer();
        Url = _factory.ClientOptions.BaseAddress.ToString().TrimEnd('/');
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Browser.Path, Args = Browser.Arguments, Headless = true });
    }

    /// <summary>A fresh context, to look at what was really saved.</summary>
    public MedCrmDbContext Open() => Services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContext();

    /// <summary>A page in a browser session of its own, nobody signed in. Errors in it are collected: see <see cref="ProblemsOf"/>.</summary>
    public async Task<IPage> VisitAsync(string path = "/", (int Width, int Height)? viewport = null) => await OpenPageAsync(path, viewport, storageState: null);

    /// <summary>A page of somebody of the demonstration, in a session of its own, standing on <paramref name="path"/>. Each account types its password once.</summary>
    public async Task<IPage> SignInAsync(string email, string path = "/", (int Width, int Height)? viewport = null)
    {
        if (_signedIn.TryGetValue(email, out var state))
        {
            var known = await OpenPageAsync(path, viewport, state);
            await StandsAsync(known);
            return known;
        }

        var page = await OpenPageAsync($"/login?returnUrl={Uri.EscapeDataString(path)}", viewport, storageState: null);
        await page.GetByTestId("field-Email").FillAsync(email);
        await page.GetByTestId("field-Password").FillAsync(Password);
        await page.GetByTestId("save").ClickAsync();
        await StandsAsync(page);
        _signedIn[email] = await page.Context.StorageStateAsync();
        return page;
    }

    /// <summary>Goes to an address of the application and waits for the layout to stand.</summary>
    public async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(Url + path);
        await StandsAsync(page);
    }

    /// <summary>
    /// What went wrong since a page was opened: its console errors (refusals of the content-security policy among them), script errors,
    /// answers of 500 and more, and what the server logged as an error.
    /// </summary>
    public IReadOnlyCollection<string> ProblemsOf(IPage page) => _problems.GetOrCreateValue(page);

    /// <summary>Fails with what went wrong in a page, if anything did.</summary>
    public void AssertNoProblems(IPage page) => Assert.True(_problems.GetOrCreateValue(page).IsEmpty, string.Join('\n', ProblemsOf(page)));

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
            SqliteConnection.ClearPool(new SqliteConnection(new DataFolder(_folder).ConnectionString));
            await RemoveAsync(_folder);
        }
    }

    // The browser that prints may still be tidying its profile when the application has stopped.
    private static async Task RemoveAsync(string folder)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 20)
            {
                await Task.Delay(250);
            }
        }
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private async Task<IPage> OpenPageAsync(string path, (int Width, int Height)? viewport, string? storageState)
    {
        var (width, height) = viewport ?? (1440, 900);
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = "fr-FR",
            TimezoneId = "Europe/Paris",
            StorageState = storageState,
        });
        context.SetDefaultTimeout(15_000);
        await context.SlowAsync();
        var page = await context.NewPageAsync();
        var problems = _problems.GetOrCreateValue(page);
        page.Console += (_, message) => Keep(problems, message.Type == "error" ? $"console: {message.Text} ({message.Location})" : null);
        page.PageError += (_, error) => Keep(problems, $"script: {error}");
        page.Response += (_, response) => Keep(problems, response.Status >= 500 ? $"{response.Status}: {response.Url}" : null);
        await page.GotoAsync(Url + path);
        return page;
    }

    private async Task StandsAsync(IPage page)
    {
        try
        {
            await page.Locator("main.main").WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{page.Url} does not stand.\n{string.Join('\n', ProblemsOf(page))}\n{await page.InnerTextAsync("body")}");
        }
    }

    private static void Keep(ConcurrentQueue<string> problems, string? problem)
    {
        if (problem is not null)
        {
            problems.Enqueue(problem);
        }
    }

    private void TellEveryPage(string error)
    {
        foreach (var (_, problems) in _problems)
        {
            problems.Enqueue($"server: {error}");
        }
    }

    private sealed class Factory(string folder, FixedTime? time, bool demo, Action<IServiceCollection>? configure, ErrorLog errors) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("MedCrm:DataDirectory", folder);
            builder.UseSetting("MedCrm:Demo", demo ? "true" : "false");
            builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(errors));
            builder.ConfigureTestServices(services =>
            {
                if (time is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
                    services.Replace(ServiceDescriptor.Singleton(new BusinessClock(time, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"))));
                    services.PostConfigureAll<CookieAuthenticationOptions>(options => options.TimeProvider = TimeProvider.System);
                    services.PostConfigureAll<SecurityStampValidatorOptions>(options => options.TimeProvider = TimeProvider.System);
                }

                configure?.Invoke(services);
            });
        }
    }
}

/// <summary>The journeys that share one running application and browser: <c>[Collection(JourneyGroup.Name)]</c>. They run alone, for what they wait for is measured in seconds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class JourneyGroup : ICollectionFixture<RunningApp>
{
    public const string Name = "Journeys";
}
