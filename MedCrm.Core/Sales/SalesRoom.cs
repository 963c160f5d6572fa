using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Sales;

/// <summary>What this room offers to the others.</summary>
public static class SalesRoom
{
    /// <summary>Registers the doors of deals and stages.</summary>
    public static IServiceCollection AddSales(this IServiceCollection services)
        => services.AddScoped<Opportunities>().AddScoped<Board>().AddScoped<OpportunitySheets>().AddScoped<Stages>().AddList<OpportunityList>();
}
