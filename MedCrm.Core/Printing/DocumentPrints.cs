using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Printing;

/// <summary>A PDF to hand over, under the name it is saved as.</summary>
public sealed record PrintedFile(string Name, byte[] Content);

/// <summary>The door of printed documents for who is signed in: what they look like, and the files that left the house.</summary>
public sealed class DocumentPrints(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, PrintReader reader, PrintedFiles files, IDocumentPrinter printer, InvoicePrints invoices)
{
    /// <summary>What an altered file is told as.</summary>
    public const string Altered = "Le fichier conservé n'est plus celui qui est parti : il a été modifié ou retiré sur le serveur. Prévenez un administrateur ; une sauvegarde le contient encore.";

    /// <summary>A document as it is printed; null when there is none, or it is out of sight.</summary>
    public async Task<DocumentPrint?> FindAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default)
        => await reader.ReadAsync(kind, id, await currentUser.GetAsync(cancellationToken), cancellationToken: cancellationToken);

    /// <summary>The PDF of a document: the file that left the house, byte for byte, or a fresh print of a draft. Null when there is none, or it is out of sight.</summary>
    /// <exception cref="BusinessRuleException">The file was altered, or printing is not possible here.</exception>
    public async Task<PrintedFile?> OpenAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(kind, id, cancellationToken) is not { } print)
        {
            return null;
        }

        // An invoice whose print failed when it was issued is printed and kept by whoever opens it first.
        if (kind is PrintedKind.Invoice)
        {
            await invoices.KeepAsync(id, cancellationToken);
        }

        if (await KeptAsync(kind, id, cancellationToken) is { } kept)
        {
            return new PrintedFile(print.FileName, await files.ReadAsync(kept.Path, kept.Sha256, cancellationToken) ?? throw new BusinessRuleException(Altered));
        }

        return new PrintedFile(print.FileName, (await printer.PrintAsync(kind, id, cancellationToken)).Content);
    }

    /// <summary>Whether the file of a document that left the house is not there any more as it left; false for a draft.</summary>
    public async Task<bool> IsAlteredAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default)
        => await KeptAsync(kind, id, cancellationToken) is { } kept && !await files.IsIntactAsync(kept.Path, kept.Sha256, cancellationToken);

    private async Task<KeptFile?> KeptAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return kind switch
        {
            PrintedKind.Quote => await db.Quotes.VisibleTo(actor).Where(quote => quote.Id == id && quote.PdfPath != null).Select(quote => new KeptFile(quote.PdfPath!, quote.PdfSha256!)).SingleOrDefaultAsync(cancellationToken),
            PrintedKind.Invoice => await db.Invoices.VisibleTo(actor).Where(invoice => invoice.Id == id && invoice.PdfPath != null).Select(invoice => new KeptFile(invoice.PdfPath!, invoice.PdfSha256!)).SingleOrDefaultAsync(cancellationToken),
            _ => null,
        };
    }

    private sealed record KeptFile(string Path, string Sha256);
}
