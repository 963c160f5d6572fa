using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Scoring;

/// <summary>Scores of institutions, and warnings.</summary>
public static class ScoringRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddScoring(this IServiceCollection services)
        => services
            .AddScoped<Scores>()
            .AddScoped<Alerts>()
            .AddScoped<Suggestions>()
            .AddHostedService<ScoreWatch>();
}
