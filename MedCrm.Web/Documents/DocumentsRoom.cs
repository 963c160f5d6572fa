using System.IO.Compression;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;

namespace MedCrm.Web.Documents;

/// <summary>The addresses of documents: sending a file, reading one, several in an archive, and the way to the page where one stands.</summary>
public static class DocumentsRoom
{
    /// <summary>The header that carries the name of a file, percent-encoded: addresses end up in the logs of proxies, headers do not.</summary>
    public const string NameHeader = "X-File-Name";

    private const long MostOctetsOfArchive = 1L << 30;

    // Whatever a file holds, it runs nothing, asks for nothing and is of no origin; our own pages may frame it.
    private const string Closed = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

    /// <summary>Maps them.</summary>
    public static void MapDocuments(this WebApplication app)
    {
        // The limit is ours to hold while the file comes, with a sentence.
        app.MapPost("/documents/upload", UploadAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        app.MapPost("/documents/zip", ZipAsync);
        app.MapGet("/documents/{id:guid}", OpenAsync);
        app.MapGet("/documents/{id:guid}/place", GoToAsync);
    }

    // The body is the file, in one piece; the query says where it goes.
    private static async Task<IResult> UploadAsync(
        HttpRequest request,
        Guid? institution,
        Guid? contact,
        Guid? opportunity,
        Guid? document,
        bool? several,
        Guid? gesture,
        DocumentUploads uploads,
        DocumentShelf shelf,
        IStringLocalizer<Texts> t)
    {
        var aborted = request.HttpContext.RequestAborted;
        try
        {
            var place = new DocumentPlace(institution, contact, opportunity);
            await shelf.DemandMayAddAsync(place, document, aborted);
            uploads.DemandRoom(request.ContentLength);
            using var file = await uploads.ReceiveAsync(request.Body, Uri.UnescapeDataString(request.Headers[NameHeader].ToString()), aborted);
            var added = document is { } id ? await shelf.AddVersionAsync(file, id) : await shelf.AddAsync(file, place, several is true, gesture);
            return Results.Json(new { id = added.Document, name = added.Name, version = added.Number, isThere = added.IsThere, sentence = added.Done?.Sentence, gesture = added.Done?.ChangeSetId });
        }
        catch (BusinessRuleException refusal)
        {
            return Results.Json(new { error = t.Of(refusal) }, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        catch (Exception cut) when (cut is OperationCanceledException or BadHttpRequestException or IOException)
        {
            // Whoever sent it has gone, or the line was cut: nobody is left to answer, and nothing was kept.
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> OpenAsync(Guid id, int? version, int? inline, HttpResponse response, DocumentShelf shelf, CancellationToken cancellationToken)
    {
        if (await shelf.OpenAsync(id, version, cancellationToken) is not { } file)
        {
            return Results.NotFound();
        }

        var isShown = inline == 1 && file.Kind.IsInline;
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.FileName);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.ContentSecurityPolicy = Closed;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (isShown)
        {
            response.Headers.XFrameOptions = "SAMEORIGIN";
        }

        return Results.File(file.Path, file.Kind.MediaType, lastModified: file.At, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<IResult> ZipAsync(HttpRequest request, DocumentShelf shelf, BusinessClock clock, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
    {
        var form = await request.ReadFormAsync(cancellationToken);
        var ids = form["ids"].ToString().Split(',').Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Distinct().Take(DocumentShelf.Most + 1).ToList();
        if (ids.Count > DocumentShelf.Most)
        {
            return Results.Text(t["Une archive contient {0} documents au plus.", DocumentShelf.Most], "text/plain; charset=utf-8", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        var files = await shelf.OpenAllAsync(ids, cancellationToken);
        if (files.Count == 0)
        {
            return Results.NotFound();
        }

        if (files.Sum(file => File.Exists(file.Path) ? new FileInfo(file.Path).Length : 0) > MostOctetsOfArchive)
        {
            return Results.Text(t["Cette sélection dépasse 1 Go : téléchargez-la en plusieurs fois."], "text/plain; charset=utf-8", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        // The archive writer ends an entry with a few octets that it writes at once, whichever way it is asked.
        request.HttpContext.Features.Get<IHttpBodyControlFeature>()?.AllowSynchronousIO = true;
        return Results.Stream(
            target => WriteAsync(target, files, t["Fichiers manquants"], cancellationToken),
            "application/zip",
            $"documents-{clock.Today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}.zip");
    }

    private static async Task WriteAsync(Stream target, IReadOnlyList<DocumentFile> files, string missing, CancellationToken cancellationToken)
    {
        await using var archive = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var taken = new HashSet<string>();
        foreach (var file in files.Where(file => File.Exists(file.Path)))
        {
            var entry = archive.CreateEntry(FileNames.Unique(file.FileName, taken), file.Kind.IsCompressed ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
            entry.LastWriteTime = file.At;
            await using var content = File.OpenRead(file.Path);
            await using var part = await entry.OpenAsync(cancellationToken);
            await content.CopyToAsync(part, cancellationToken);
        }

        if (files.Where(file => !File.Exists(file.Path)).Select(file => file.FileName).ToList() is { Count: > 0 } lost)
        {
            await using var part = await archive.CreateEntry(FileNames.Unique($"{missing}.txt", taken)).OpenAsync(cancellationToken);
            await using var writer = new StreamWriter(part);
            await writer.WriteAsync(string.Join(Environment.NewLine, lost).AsMemory(), cancellationToken);
        }
    }

    private static async Task<IResult> GoToAsync(Guid id, DocumentShelf shelf, CancellationToken cancellationToken)
        => await shelf.FindPlaceAsync(id, cancellationToken) switch
        {
            { OpportunityId: { } deal } => Results.LocalRedirect($"/opportunities/{deal}?tab=documents&open={id}"),
            { InstitutionId: { } institution } => Results.LocalRedirect($"/institutions/{institution}?tab=documents&open={id}"),
            { ContactId: { } contact } => Results.LocalRedirect($"/contacts/{contact}?tab=documents&open={id}"),
            { } => Results.LocalRedirect($"/documents/{id}"),
            null => Results.NotFound(),
        };
}
