using Bunit;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Support;

/// <summary>What a part of a screen stands on: French texts, toasts, panels, scripts that answer nothing, and a clock that stands on Saturday 21 November 2026, 09:30 in Paris unless told otherwise.</summary>
public abstract class ScreenTests : BunitContext
{
    protected ScreenTests(DateTime? utcNow = null)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLocalization();
        Services.AddScoped<ScreenTime>();
        Services.AddScoped<Toasts>();
        Services.AddTransient<Acts>();
        Services.AddScoped<Panels>();
        Services.AddSingleton(new BusinessClock(new FixedTime(utcNow ?? new DateTime(2026, 11, 21, 8, 30, 0)), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")));
    }
}

/// <summary>The same over the real doors and a real database.</summary>
public abstract class WorldScreenTests : ScreenTests, IAsyncLifetime
{
    /// <summary>The world behind the screen.</summary>
    protected TestWorld World { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        World = await CreateWorldAsync();
        Services.AddSingleton(World.Get<BusinessClock>());
        Services.AddFallbackServiceProvider(World.Get<IServiceProvider>());
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await World.DisposeAsync();
    }

    /// <summary>Claire's world, unless a test wants another.</summary>
    protected virtual async Task<TestWorld> CreateWorldAsync()
    {
        var world = await TestWorld.CreateAsync();
        return world.As(world.Claire);
    }
}
