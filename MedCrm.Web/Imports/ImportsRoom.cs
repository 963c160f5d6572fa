using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Imports;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Imports;

/// <summary>The addresses of the imports room that are not pages.</summary>
public static class ImportsRoom
{
    /// <summary>/imports/{id}/errors.csv: the rows in error, ready to be mended and imported again.</summary>
    public static void MapImports(this WebApplication app)
        => app.MapGet("/imports/{id:guid}/errors.csv", async (Guid id, ImportRuns runs, IStringLocalizer<Texts> t, CancellationToken cancellationToken) =>
        {
            try
            {
                // The mark tells spreadsheets that the file is UTF-8.
                return await runs.ErrorsCsvAsync(id, cancellationToken) is { } csv
                    ? Results.File([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(csv)], "text/csv; charset=utf-8", t["lignes-en-erreur.csv"])
                    : Results.NotFound();
            }
            catch (BusinessRuleException refusal)
            {
                return Results.Text(t.Of(refusal), "text/plain; charset=utf-8", statusCode: StatusCodes.Status403Forbidden);
            }
        }).RequireAuthorization(nameof(Right.Import));
}
