using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.History;

/// <summary>What was done, by whom, and how it is taken back.</summary>
public static class HistoryRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services)
        => services
            .AddSingleton<ChangeNews>()
            .AddScoped<Changes>()
            .AddScoped<Histories>()
            .AddScoped<Bin>()
            .AddList<AuditList>();
}
