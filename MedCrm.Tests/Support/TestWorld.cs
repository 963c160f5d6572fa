using MedCrm.Core;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Printing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Support;

/// <summary>
/// A private, real database in a folder of its own, with the whole Core over it, two sales teams and their people, and a clock
/// that stands on Saturday 21 November 2026, 09:30 in Paris. Disposing of it removes the folder.
/// </summary>
public sealed class TestWorld : IAsyncDisposable
{
    private static readonly SemaphoreSlim s_templateTurn = new(1, 1);
    private static string? s_template;

    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;

    private TestWorld(DataFolder folder, FixedTime time, Action<IServiceCollection>? configure)
    {
        Folder = folder;
        Time = time;
        Me = new SignedIn(Actor.System);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMedCrmCore(folder, time, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris"));
        services.AddSingleton<ICurrentUser>(Me);
        services.AddSingleton<IDocumentPrinter>(Printer);
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
        _scope = _services.CreateAsyncScope();
    }

    public DataFolder Folder { get; }

    public FixedTime Time { get; }

    /// <summary>What prints: no browser is needed, unless a test registers the real one.</summary>
    public FakePrinter Printer { get; } = new();

    /// <summary>Who acts; the administrator at first.</summary>
    public SignedIn Me { get; }

    public Actor Admin { get; private set; } = null!;

    /// <summary>Commercial of team Ouest.</summary>
    public Actor Claire { get; private set; } = null!;

    /// <summary>Commercial of team Ouest, Claire's colleague.</summary>
    public Actor Paul { get; private set; } = null!;

    /// <summary>Commercial of team Sud, who must not see team Ouest.</summary>
    public Actor Lea { get; private set; } = null!;

    public Actor Manager { get; private set; } = null!;

    /// <summary>A world of its own. <paramref name="configure"/> replaces services; <paramref name="root"/> puts the data folder elsewhere.</summary>
    public static async Task<TestWorld> CreateAsync(Action<IServiceCollection>? configure = null, string? root = null)
    {
        var folder = new DataFolder(root ?? Path.Combine(Path.GetTempPath(), "medcrm-tests", Guid.NewGuid().ToString("N")));
        File.Copy(await TemplateAsync(), folder.Database);
        var world = new TestWorld(folder, new FixedTime(new DateTime(2026, 11, 21, 8, 30, 0)), configure);
        await world.PopulateAsync();
        return world;
    }

    /// <summary>A service of the Core: a door, the context factory.</summary>
    public T Get<T>()
        where T : notnull
        => _scope.ServiceProvider.GetRequiredService<T>();

    /// <summary>A fresh context, to look at what was really saved.</summary>
    public MedCrmDbContext Open() => Get<IDbContextFactory<MedCrmDbContext>>().CreateDbContext();

    /// <summary>Acts as somebody from here on.</summary>
    public TestWorld As(Actor actor)
    {
        Me.Actor = actor;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
        SqliteConnection.ClearPool(new SqliteConnection(Folder.ConnectionString));
        Directory.Delete(Folder.Root, recursive: true);
    }

    // The migrations run once per test run; each world starts from a copy of the result.
    private static async Task<string> TemplateAsync()
    {
        await s_templateTurn.WaitAsync();
        try
        {
            if (s_template is null)
            {
                var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "medcrm-tests", $"template-{Environment.ProcessId}"));
                await using (var world = new TestWorldTemplate(folder))
                {
                    await world.PrepareAsync();
                }

                AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder.Root, recursive: true);
                s_template = folder.Database;
            }

            return s_template;
        }
        finally
        {
            s_templateTurn.Release();
        }
    }

    private async Task PopulateAsync()
    {
        await using var db = Open();
        db.Begin(Actor.System, "Test");
        var at = Time.GetUtcNow().UtcDateTime;
        var (west, south) = (new Team("Ouest"), new Team("Sud"));
        db.Teams.AddRange(west, south);
        Admin = Add(new User("Alice Admin", "admin@demo.test", Role.Administrator, null, at));
        Manager = Add(new User("Marc Manager", "manager@demo.test", Role.Manager, west.Id, at));
        Claire = Add(new User("Claire Martin", "sales1@demo.test", Role.Sales, west.Id, at));
        Paul = Add(new User("Paul Bernard", "paul@demo.test", Role.Sales, west.Id, at));
        Lea = Add(new User("Léa Dubois", "sales2@demo.test", Role.Sales, south.Id, at));
        await db.SaveChangesAsync();
        Me.Actor = Admin;

        Actor Add(User user)
        {
            db.Users.Add(user);
            return new Actor(user.Id, user.DisplayName, user.Role, user.TeamId, RolePolicy.DefaultOf(user.Role));
        }
    }

    private sealed class TestWorldTemplate(DataFolder folder) : IAsyncDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection()
            .AddLogging()
            .AddMedCrmCore(folder, TimeProvider.System, TimeZoneInfo.Utc)
            .AddScoped<ICurrentUser, SystemUser>()
            .BuildServiceProvider();

        public async Task PrepareAsync()
        {
            await _services.GetRequiredService<Installation>().PrepareAsync();
            await using var db = _services.GetRequiredService<IDbContextFactory<MedCrmDbContext>>().CreateDbContext();
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            SqliteConnection.ClearPool(new SqliteConnection(folder.ConnectionString));
        }
    }
}
