using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Duplicates;

/// <summary>Records that are one and the same: found, told, merged and taken apart again.</summary>
public static class DuplicatesRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddDuplicates(this IServiceCollection services)
        => services
            .AddScoped<Twins>()
            .AddScoped<DuplicateSearch>()
            .AddScoped<DuplicatePairs>()
            .AddScoped<Merges>();
}
