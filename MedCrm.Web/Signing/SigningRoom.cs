using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;
using MedCrm.Core.Signing;
using MedCrm.Web.Account;
using MedCrm.Web.Kit;
using MedCrm.Web.Printing;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Signing;

/// <summary>The files of a quote for the customer who holds its secret address, and those of a signature for us.</summary>
public static class SigningRoom
{
    /// <summary>Registers what watches over these addresses, and the one they begin with.</summary>
    public static void AddMedCrmSigning(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new PublicSite(Uri.TryCreate(configuration["MedCrm:PublicUrl"] is { Length: > 0 } url ? url.TrimEnd('/') + "/" : null, UriKind.Absolute, out var site) ? site : null));
        services.AddSingleton<CustomerThrottle>();
    }

    /// <summary>/p/{token}/devis.pdf, signature.pdf and signature.json, anonymous; /quotes/{id}/signature.pdf and .json, for who sees the quote.</summary>
    public static void MapSigning(this WebApplication app)
    {
        app.MapGet("/p/{token}/devis.pdf", (string token, HttpContext context, CustomerQuotes quotes) => AnswerAsync(context, () => quotes.FileAsync(token, VisitorOf(context), context.RequestAborted))).AllowAnonymous();
        app.MapGet("/p/{token}/signature.pdf", (string token, HttpContext context, CustomerQuotes quotes, Signatures signatures)
            => AnswerAsync(context, async () => await quotes.SignedUnderAsync(token, context.RequestAborted) is { } id ? await signatures.SignerCertificateAsync(id, context.RequestAborted) : null, mayPrint: true)).AllowAnonymous();
        app.MapGet("/p/{token}/signature.json", (string token, HttpContext context, CustomerQuotes quotes, Signatures signatures)
            => AnswerAsync(context, async () => await quotes.SignedUnderAsync(token, context.RequestAborted) is { } id ? await signatures.SignerEvidenceAsync(id, context.RequestAborted) : null)).AllowAnonymous();
        app.MapGet("/quotes/{id:guid}/signature.pdf", (Guid id, HttpContext context, Signatures signatures) => InsideAsync(context, () => signatures.CertificateAsync(id, context.RequestAborted), mayPrint: true));
        app.MapGet("/quotes/{id:guid}/signature.json", (Guid id, HttpContext context, Signatures signatures) => InsideAsync(context, () => signatures.EvidenceAsync(id, context.RequestAborted)));
    }

    /// <summary>Who comes.</summary>
    internal static Visitor VisitorOf(HttpContext context) => new(context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null);

    /// <summary>Nothing of these pages is indexed, kept, or named to another site: the address itself is the secret.</summary>
    internal static void KeepQuiet(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<Task<PrintedFile?>> find, bool mayPrint = false)
    {
        KeepQuiet(context.Response);
        var (throttle, t) = (context.RequestServices.GetRequiredService<CustomerThrottle>(), context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>());
        if (!throttle.Tries.TryTake(context.Connection.RemoteIpAddress))
        {
            context.Response.TooMany();
            return Results.Text(t["Trop d'essais. Réessayez dans une minute."], "text/plain; charset=utf-8", statusCode: StatusCodes.Status429TooManyRequests);
        }

        // With words of its own the answer stays a 404: without, the page of missing pages would ask for a login.
        var answer = await FindAsync(context, find, mayPrint) ?? Results.Text(t["Ce document n'existe pas à cette adresse."], "text/plain; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
        if (answer is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound })
        {
            throttle.Tries.GiveBack(context.Connection.RemoteIpAddress);
        }

        return answer;
    }

    private static async Task<IResult> InsideAsync(HttpContext context, Func<Task<PrintedFile?>> find, bool mayPrint = false) => await FindAsync(context, find, mayPrint) ?? Results.NotFound();

    private static async Task<IResult?> FindAsync(HttpContext context, Func<Task<PrintedFile?>> find, bool mayPrint)
    {
        if (mayPrint && Printing.PrintingRoom.Busy(context) is { } busy)
        {
            return busy;
        }

        try
        {
            return await find() is { } file ? Printing.PrintingRoom.Answer(context.Response, file) : null;
        }
        catch (BusinessRuleException refusal)
        {
            return Results.Text(context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>().Of(refusal), "text/plain; charset=utf-8", statusCode: StatusCodes.Status409Conflict);
        }
    }
}

/// <summary>Slows down who guesses addresses of quotes. A budget of its own: it must not keep anybody from signing in.</summary>
public sealed class CustomerThrottle(TimeProvider time)
{
    /// <summary>The tries left to each address.</summary>
    public SignInThrottle Tries { get; } = new(time);
}
