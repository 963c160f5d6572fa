using System.Text;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;
using MedCrm.Web.Account;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;

namespace MedCrm.Web.Printing;

/// <summary>The printer of the program, and the addresses of printed documents: as PDF, and as a page to look at or to print from one's own browser.</summary>
public static class PrintingRoom
{
    // Beyond these, somebody asks for prints faster than they come: they are told to wait.
    private const int MostWaiting = 20;

    // A page that is framed by ours, of no origin, that runs nothing.
    private const string Framed = $"sandbox allow-modals; {PrintStyle.Policy}; frame-ancestors 'self'";

    /// <summary>Registers the printer in the place of the one that prints nothing.</summary>
    public static IServiceCollection AddMedCrmPrinting(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLocalization();
        services.AddSingleton(MedCrmSettings.PrintingOf(configuration));
        services.AddSingleton<PrintingBrowser>();
        services.AddSingleton<PrintRenderer>();
        services.AddSingleton<IDocumentPrinter, DocumentPrinter>();
        return services;
    }

    /// <summary>/quotes/{id}.pdf, /invoices/{id}.pdf, /letters/{id}.pdf and /print/{kind}/{id}, for who sees the document.</summary>
    public static void MapPrinting(this WebApplication app)
    {
        app.MapGet("/quotes/{id:guid}.pdf", (Guid id, HttpContext context) => AnswerAsync(PrintedKind.Quote, id, context));
        app.MapGet("/invoices/{id:guid}.pdf", (Guid id, HttpContext context) => AnswerAsync(PrintedKind.Invoice, id, context));
        app.MapGet("/letters/{id:guid}.pdf", (Guid id, HttpContext context) => AnswerAsync(PrintedKind.Letter, id, context));
        app.MapGet("/print/{kind}/{id:guid}", ShowAsync);
    }

    /// <summary>The address of the PDF of a document.</summary>
    public static string FileAddress(PrintedKind kind, Guid id) => kind switch
    {
        PrintedKind.Quote => $"/quotes/{id}.pdf",
        PrintedKind.Invoice => $"/invoices/{id}.pdf",
        PrintedKind.Evidence or PrintedKind.SignerEvidence => $"/quotes/{id}/signature.pdf",
        _ => $"/letters/{id}.pdf",
    };

    /// <summary>The address of the page of a document.</summary>
    public static string PageAddress(PrintedKind kind, Guid id) => $"/print/{kind.ToString().ToLowerInvariant()}/{id}";

    /// <summary>A file as the answer of a request, under its name: a PDF, or the JSON of an evidence.</summary>
    public static IResult Answer(HttpResponse response, PrintedFile file)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Name);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.CacheControl = "no-store";
        return Results.Bytes(file.Content, Path.GetExtension(file.Name) is ".json" ? "application/json" : "application/pdf");
    }

    /// <summary>A page as the answer of a request: framed by ours at most, of no origin.</summary>
    public static async Task<IResult> AnswerPageAsync(HttpResponse response, DocumentPrint print, PrintRenderer renderer)
    {
        response.Headers.ContentSecurityPolicy = Framed;
        response.Headers.XFrameOptions = "SAMEORIGIN";
        response.Headers.CacheControl = "no-store";
        return Results.Text(await renderer.RenderAsync(print), "text/html; charset=utf-8", Encoding.UTF8);
    }

    /// <summary>The answer to whoever asks for a print while too many wait; null when there is room.</summary>
    public static IResult? Busy(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<PrintingBrowser>().Waiting <= MostWaiting)
        {
            return null;
        }

        context.Response.TooMany();
        return Results.Text(
            context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>()["Beaucoup de documents s'impriment en ce moment. Réessayez dans une minute."],
            "text/plain; charset=utf-8",
            statusCode: StatusCodes.Status429TooManyRequests);
    }

    private static async Task<IResult> AnswerAsync(PrintedKind kind, Guid id, HttpContext context)
    {
        var (services, t) = (context.RequestServices, context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>());
        if (Busy(context) is { } busy)
        {
            return busy;
        }

        try
        {
            return await services.GetRequiredService<DocumentPrints>().OpenAsync(kind, id, context.RequestAborted) is { } file ? Answer(context.Response, file) : Results.NotFound();
        }
        catch (BusinessRuleException refusal)
        {
            return Results.Text(t.Of(refusal), "text/plain; charset=utf-8", statusCode: StatusCodes.Status409Conflict);
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has gone.
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> ShowAsync(string kind, Guid id, HttpResponse response, DocumentPrints prints, PrintRenderer renderer, CancellationToken cancellationToken)
        => Enum.TryParse<PrintedKind>(kind, ignoreCase: true, out var known) && await prints.FindAsync(known, id, cancellationToken) is { } print
            ? await AnswerPageAsync(response, print, renderer)
            : Results.NotFound();
}
