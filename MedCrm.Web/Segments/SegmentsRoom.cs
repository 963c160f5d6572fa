namespace MedCrm.Web.Segments;

/// <summary>Segments on screen.</summary>
public static class SegmentsRoom
{
    /// <summary>Registers what says them.</summary>
    public static IServiceCollection AddSegmentWords(this IServiceCollection services) => services.AddScoped<SegmentWords>();
}
