using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Segments;

/// <summary>Lists that keep themselves up to date, by conditions.</summary>
public static class SegmentsRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddSegments(this IServiceCollection services) => services.AddScoped<SegmentBook>().AddScoped<SegmentMoves>();
}
