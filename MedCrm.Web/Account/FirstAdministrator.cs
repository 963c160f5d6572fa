using System.Net;
using System.Security.Cryptography;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Web.Account;

/// <summary>
/// The time before the first account: every address leads to /setup, which closes for ever once an administrator exists. From another
/// machine the page asks for a code that only the console of the server shows, so that nobody takes a fresh installation over.
/// </summary>
public sealed class FirstAdministrator(IDbContextFactory<MedCrmDbContext> contexts)
{
    private const string Readable = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    private volatile bool _exists;

    /// <summary>The one-time code of this start.</summary>
    public string Code { get; } = $"{RandomNumberGenerator.GetString(Readable, 4)}-{RandomNumberGenerator.GetString(Readable, 4)}";

    /// <summary>Whether an account exists. Once true it stays true.</summary>
    public async ValueTask<bool> ExistsAsync()
    {
        if (!_exists)
        {
            await using var db = await contexts.CreateDbContextAsync();
            _exists = await db.Users.AnyAsync();
        }

        return _exists;
    }

    /// <summary>Whether a request must show the code: it comes from elsewhere, or through a proxy that may bring anybody.</summary>
    public static bool NeedsCode(HttpContext context)
        => context.Connection.RemoteIpAddress is not { } address
            || !IPAddress.IsLoopback(address)
            || !(context.Request.Host.Host is "localhost" || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)))
            || context.Request.Headers.ContainsKey("X-Forwarded-For")
            || context.Request.Headers.ContainsKey("Forwarded");

    /// <summary>Whether a typed code is the right one.</summary>
    public bool Accepts(string? typed)
    {
        var letters = string.Concat((typed ?? "").ToUpperInvariant().Where(char.IsLetterOrDigit));
        return CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(letters),
            System.Text.Encoding.UTF8.GetBytes(Code.Replace("-", "", StringComparison.Ordinal)));
    }

    /// <summary>At start: creates the administrator named in MedCrm:Setup when there is no account yet, or says how to create one.</summary>
    public static async Task PrepareAsync(IServiceProvider services)
    {
        var first = services.GetRequiredService<FirstAdministrator>();
        if (await first.ExistsAsync())
        {
            return;
        }

        var configuration = services.GetRequiredService<IConfiguration>();
        var logger = services.GetRequiredService<ILogger<FirstAdministrator>>();
        if (configuration["MedCrm:Setup:AdminEmail"] is { Length: > 0 } email && configuration["MedCrm:Setup:AdminPassword"] is { Length: > 0 } password)
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<Credentials>().CreateFirstAsync(email.Split('@')[0], email, password);
                return;
            }
            catch (BusinessRuleException refusal)
            {
                logger.LogError("MedCrm:Setup est refusé : {Reason}", refusal.Message);
            }
        }

        logger.LogInformation("Première installation : ouvrez /setup dans le navigateur. Code demandé depuis une autre machine : {Code}", first.Code);
    }

    /// <summary>Leads every page to /setup until an account exists; files and the health address answer as always.</summary>
    public static async Task GuideAsync(HttpContext context, RequestDelegate next)
    {
        var isPage = !context.Request.Path.StartsWithSegments("/setup")
            && !context.Request.Path.StartsWithSegments("/healthz")
            && !context.Request.Path.StartsWithSegments("/_framework")
            && context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null;
        if (isPage && !await context.RequestServices.GetRequiredService<FirstAdministrator>().ExistsAsync())
        {
            context.Response.Redirect("/setup");
            return;
        }

        await next(context);
    }
}
