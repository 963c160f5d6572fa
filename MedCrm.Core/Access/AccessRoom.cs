using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Access;

/// <summary>People, teams, what each role sees, and what each person prefers.</summary>
public static class AccessRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
        => services
            .AddSingleton<Actors>()
            .AddSingleton<Colleagues>()
            .AddScoped<Users>()
            .AddScoped<Teams>()
            .AddScoped<RolePolicies>()
            .AddScoped<Preferences>();
}
