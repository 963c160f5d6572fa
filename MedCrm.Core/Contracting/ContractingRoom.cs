using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Contracting;

/// <summary>What this room offers to the others: contracts, what they bring each month, and what time does to them.</summary>
public static class ContractingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddContracting(this IServiceCollection services)
        => services
            .AddScoped<Contracts>()
            .AddScoped<ContractSheets>()
            .AddScoped<ContractMetrics>()
            .AddScoped<ContractLetters>()
            .AddScoped<IndexRevisions>()
            .AddScoped<ContractWatch>()
            .AddScoped<RecurringInvoices>()
            .AddTimeline<ContractTimeline>()
            .AddList<ContractList>();
}
