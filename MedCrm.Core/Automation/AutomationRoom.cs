using MedCrm.Core.Foundation;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Automation;

/// <summary>What the product does by itself.</summary>
public static class AutomationRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddAutomation(this IServiceCollection services)
        => services
            .AddSingleton<JobRunner>()
            .AddScoped<Jobs>()
            .AddScoped<IConsoleCommand, RunJobCommand>();
}
