using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web;

/// <summary>What protects every answer and every write, whatever the page: headers, the origin of sockets, the token of forms.</summary>
public static class SiteSecurity
{
    private const string Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    /// <summary>Believes the addresses that a reverse proxy forwards, only from the proxies listed in MedCrm:KnownProxies (addresses separated by commas).</summary>
    public static void AddKnownProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var proxies = (configuration["MedCrm:KnownProxies"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToList();
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost : ForwardedHeaders.None;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            proxies.ForEach(options.KnownProxies.Add);
        });
    }

    /// <summary>Comes first in the way of a request.</summary>
    public static void UseSiteSecurity(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseHsts();
        app.Use((context, next) =>
        {
            context.Response.OnStarting(AddHeadersAsync, context.Response);
            if (IsForeignSocket(context.Request, app.Configuration["MedCrm:PublicUrl"]))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return context.Response.WriteAsync(WordsFor(context)["Origine refusée."]);
            }

            return next(context);
        });
    }

    /// <summary>Refuses every write without the token of its form, after the framework has looked at the endpoints it knows. Circuits are held by their origin instead.</summary>
    public static void UseFormTokens(this WebApplication app)
        => app.Use(async (context, next) =>
        {
            var writes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method);
            if (writes && context.GetEndpoint() is not null && !context.Request.Path.StartsWithSegments("/_blazor") && !await IsOursAsync(context))
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await context.Response.WriteAsync(WordsFor(context)["Ce formulaire a expiré. Rechargez la page et recommencez."]);
                return;
            }

            await next(context);
        });

    private static IStringLocalizer<Texts> WordsFor(HttpContext context) => context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();

    private static Task AddHeadersAsync(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.TryAdd("Content-Security-Policy", Policy);
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers.TryAdd("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
        headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
        return Task.CompletedTask;
    }

    // Browsers always name the origin of a socket; SignalR itself accepts any.
    private static bool IsForeignSocket(HttpRequest request, string? publicUrl)
        => request.Path.StartsWithSegments("/_blazor")
            && request.Headers.Origin is [{ Length: > 0 } origin]
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && (from.Authority == new Uri($"{from.Scheme}://{request.Host}").Authority || IsPublic(from, publicUrl)));

    private static bool IsPublic(Uri from, string? publicUrl) => Uri.TryCreate(publicUrl, UriKind.Absolute, out var ours) && from.Authority == ours.Authority;

    private static async Task<bool> IsOursAsync(HttpContext context)
        => context.Features.Get<IAntiforgeryValidationFeature>() is { } checkedAlready
            ? checkedAlready.IsValid
            : await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
}
