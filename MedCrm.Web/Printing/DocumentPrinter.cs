using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Printing;

namespace MedCrm.Web.Printing;

/// <summary>Prints documents: read from the database, written as a page, printed by the browser of the server.</summary>
public sealed class DocumentPrinter(PrintReader reader, PrintRenderer renderer, PrintingBrowser browser) : IDocumentPrinter
{
    /// <inheritdoc/>
    public bool IsAvailable => browser.Find() is not null;

    /// <inheritdoc/>
    public Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default) => PrintAsync(kind, id, isLeaving: false, cancellationToken);

    /// <inheritdoc/>
    public Task<PrintedDocument> PrintLeavingQuoteAsync(Guid quoteId, CancellationToken cancellationToken = default) => PrintAsync(PrintedKind.Quote, quoteId, isLeaving: true, cancellationToken);

    // Away from the caller: a circuit that asks keeps answering its user meanwhile.
    private Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, bool isLeaving, CancellationToken cancellationToken)
        => Task.Run(
            async () =>
            {
                var print = await reader.ReadAsync(kind, id, Actor.System, isLeaving, cancellationToken) ?? throw new BusinessRuleException("Ce document n'existe plus.");
                var content = await browser.PrintAsync(await renderer.RenderAsync(print), cancellationToken);
                return new PrintedDocument(content, PrintedFiles.Fingerprint(content));
            },
            cancellationToken);
}
