using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>Registers lists, so that exports find them by name.</summary>
public static class ListServices
{
    /// <summary>Registers a list under its own type and among all lists.</summary>
    public static IServiceCollection AddList<TList>(this IServiceCollection services)
        where TList : class, IRecordList
        => services.AddScoped<TList>().AddScoped<IRecordList>(provider => provider.GetRequiredService<TList>());
}
