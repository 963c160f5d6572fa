using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Signing;

/// <summary>Quotes on their way to customers, and their answers. The program that serves says under which address it is reached.</summary>
public static class SigningRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddSigning(this IServiceCollection services)
        => services
            .AddSingleton(new PublicSite(null))
            .AddScoped<QuoteSending>()
            .AddScoped<CustomerQuotes>()
            .AddScoped<Signatures>();
}
