using System.Runtime.CompilerServices;
using System.Text;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Web.Exports;
using MedCrm.Web.Kit;
using Microsoft.Extensions.Localization;

namespace MedCrm.Web.Accounting;

/// <summary>The addresses of accounting files: /accounting/export/fec?from=2026-01-01&amp;to=2026-12-31&amp;journals=Both. One is made at a time.</summary>
public static class AccountingRoom
{
    private static readonly SemaphoreSlim s_turn = new(1, 1);

    /// <summary>Maps them.</summary>
    public static void MapAccounting(this WebApplication app) => app.MapGet("/accounting/export/{format}", AnswerAsync).RequireAuthorization(nameof(Right.EditInvoices));

    /// <summary>The address of a file.</summary>
    public static string AddressOf(string format, LedgerScope scope) => FormattableString.Invariant($"/accounting/export/{format.ToLowerInvariant()}?from={scope.From:yyyy-MM-dd}&to={scope.To:yyyy-MM-dd}&journals={scope.Journals}");

    private static async Task<IResult> AnswerAsync(string format, DateOnly? from, DateOnly? to, LedgerJournals? journals, AccountingExports exports, DataFolder folder, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
    {
        if (from is not { } first || to is not { } last)
        {
            return Results.BadRequest();
        }

        var scope = new LedgerScope(first, last, journals ?? LedgerJournals.Both);
        await s_turn.WaitAsync(cancellationToken);
        try
        {
            switch (format)
            {
                case "fec":
                    return FileOf(await exports.FecAsync(scope, cancellationToken));
                case "sage":
                    return FileOf(await exports.CsvAsync(scope, AccountingFormat.Sage, cancellationToken));
                case "quickbooks":
                    return FileOf(await exports.CsvAsync(scope, AccountingFormat.QuickBooks, cancellationToken));
                case "xlsx":
                    return FileOf(await WorkbookAsync(exports, scope, folder, t, cancellationToken));
                case "description":
                    var (name, text) = await exports.DescribeAsync(scope, cancellationToken);
                    return Results.File(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", name);
                default:
                    return Results.NotFound();
            }
        }
        catch (BusinessRuleException refusal)
        {
            return Results.Text(t.Of(refusal), "text/plain; charset=utf-8", statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        finally
        {
            s_turn.Release();
        }
    }

    private static IResult FileOf(AccountingFile file) => Results.File(file.Content, file.MediaType, file.Name);

    private static async Task<AccountingFile> WorkbookAsync(AccountingExports exports, LedgerScope scope, DataFolder folder, IStringLocalizer<Texts> t, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.Combine(folder.Temporary, $"accounting-{Guid.NewGuid():N}.xlsx"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await WorkbookWriter.WriteAsync(
                file,
                t["Écritures"],
                [
                    new(t["Journal"], CellKind.Text, 70), new(t["N° d'écriture"], CellKind.Text, 100), new(t["Date"], CellKind.Day, 90), new(t["Compte"], CellKind.Text, 80),
                    new(t["Nom du compte"], CellKind.Text, 200), new(t["Compte auxiliaire"], CellKind.Text, 110), new(t["Nom du client"], CellKind.Text, 220), new(t["Pièce"], CellKind.Text, 120),
                    new(t["Libellé"], CellKind.Text, 240), new(t["Débit"], CellKind.Euros, 110), new(t["Crédit"], CellKind.Euros, 110), new(t["Lettrage"], CellKind.Text, 80),
                    new(t["Lettré le"], CellKind.Day, 90),
                ],
                RowsAsync(exports, scope, cancellationToken),
                cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        file.Position = 0;
        return new AccountingFile(file, FormattableString.Invariant($"ecritures-{scope.From:yyyyMMdd}-{scope.To:yyyyMMdd}.xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    }

    private static async IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync(AccountingExports exports, LedgerScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in exports.LinesAsync(scope, cancellationToken))
        {
            yield return
            [
                line.Journal, line.Entry, line.Day, line.Account, line.AccountLabel, line.Auxiliary, line.AuxiliaryLabel, line.Piece, line.Label,
                line.Debit == 0 ? null : line.Debit, line.Credit == 0 ? null : line.Credit, line.Lettering, line.LetteredOn,
            ];
        }
    }
}
