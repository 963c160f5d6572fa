using System.Globalization;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Exports;

/// <summary>The addresses of exports. Two are written at a time; the others wait their turn, so that screens stay quick.</summary>
public static class ExportRoom
{
    private static readonly SemaphoreSlim s_turns = new(2, 2);

    /// <summary>Registers the exporter, and the words of its headers.</summary>
    public static void AddExports(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddScoped<ListExport>();
    }

    /// <summary>/export/{list}.xlsx and .csv with the query string of the list's own address; posted with <c>ids</c>, the records picked alone.</summary>
    public static void MapExports(this WebApplication app)
    {
        foreach (var format in Enum.GetValues<ExportFormat>())
        {
            var address = $"/export/{{name}}.{ExtensionOf(format)}";
            app.MapGet(address, (string name, HttpRequest request, ListExport export, BusinessClock clock, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
                => AnswerAsync(name, format, request, picked: null, export, clock, t, cancellationToken));
            app.MapPost(address, async (string name, HttpRequest request, ListExport export, BusinessClock clock, IStringLocalizer<Texts> t, CancellationToken cancellationToken) =>
            {
                var form = await request.ReadFormAsync(cancellationToken);
                var ids = form["ids"].ToString().Split(',').Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).ToHashSet();
                return await AnswerAsync(name, format, request, ids, export, clock, t, cancellationToken);
            });
        }
    }

    private static string ExtensionOf(ExportFormat format) => format.ToString().ToLowerInvariant();

    private static async Task<IResult> AnswerAsync(string name, ExportFormat format, HttpRequest request, IReadOnlyCollection<Guid>? picked, ListExport export, BusinessClock clock, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
    {
        if (export.Find(name) is not { } list)
        {
            return Results.NotFound();
        }

        await s_turns.WaitAsync(cancellationToken);
        try
        {
            var query = ListQuery.Parse(request.QueryString.Value?.TrimStart('?'), list.Definition);
            var file = await export.WriteAsync(list, query, picked, format, cancellationToken);
            return Results.File(
                file,
                format is ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                $"{SearchKey.Fold(list.Definition.Plural).Replace(' ', '-')}-{clock.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{ExtensionOf(format)}");
        }
        catch (BusinessRuleException refusal)
        {
            return Results.Text(t.Of(refusal), "text/plain; charset=utf-8", statusCode: StatusCodes.Status403Forbidden);
        }
        finally
        {
            s_turns.Release();
        }
    }
}
