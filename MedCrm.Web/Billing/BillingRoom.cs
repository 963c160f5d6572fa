using MedCrm.Core.Billing;

namespace MedCrm.Web.Billing;

/// <summary>The addresses of this room: the logo of the company, and the one that opens an item of the catalogue.</summary>
public static class BillingRoom
{
    /// <summary>Maps them.</summary>
    public static void MapBilling(this WebApplication app) => app.MapGet("/company/logo", LogoAsync);

    private static async Task<IResult> LogoAsync(HttpResponse response, CompanySettings company, CancellationToken cancellationToken)
    {
        if (await company.OpenLogoAsync(cancellationToken) is not { } logo)
        {
            return Results.NotFound();
        }

        // Whatever the file holds, it runs nothing and asks for nothing.
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "private, no-cache";
        return Results.File(logo.Path, logo.MediaType);
    }
}
