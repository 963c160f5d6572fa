using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Accounting;

/// <summary>What this room offers to the others: entries for accountants.</summary>
public static class AccountingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddAccounting(this IServiceCollection services) => services.AddScoped<AccountingExports>();
}
