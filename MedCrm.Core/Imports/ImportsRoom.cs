using MedCrm.Core.Foundation;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Imports;

/// <summary>The room of imports.</summary>
public static class ImportsRoom
{
    /// <summary>Registers the doors, the runner and the command of imports.</summary>
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddSingleton<ImportPulse>()
        .AddSingleton<ImportRunner>()
        .AddScoped<ImportOrders>()
        .AddScoped<ImportRuns>()
        .AddScoped<ImportUploads>()
        .AddScoped<IConsoleCommand, ImportCommand>();
}
