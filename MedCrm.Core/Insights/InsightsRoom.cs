using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Insights;

/// <summary>Reads across all rooms; changes nothing.</summary>
public static class InsightsRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddInsights(this IServiceCollection services) => services.AddScoped<InstitutionRevenues>().AddScoped<DayPapers>();
}
