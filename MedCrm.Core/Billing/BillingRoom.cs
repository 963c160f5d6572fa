using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Billing;

/// <summary>What this room offers to the others: who sells, what is sold, VAT, totals, terms, numbers.</summary>
public static class BillingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddBilling(this IServiceCollection services)
        => services
            .AddSingleton<CompanyLogos>()
            .AddSingleton<IFileReferences>(provider => provider.GetRequiredService<CompanyLogos>())
            .AddSingleton<IDataCheck, NumberingCheck>()
            .AddScoped<CompanySettings>()
            .AddScoped<PenaltyRates>()
            .AddScoped<BillingProfiles>()
            .AddScoped<Catalog>()
            .AddList<CatalogList>()
            .AddList<CatalogCostList>();
}
