using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Quoting;

/// <summary>What this room offers to the others.</summary>
public static class QuotingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddQuoting(this IServiceCollection services) => services;
}
