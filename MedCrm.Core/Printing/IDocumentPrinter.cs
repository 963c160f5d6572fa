namespace MedCrm.Core.Printing;

/// <summary>What can be printed.</summary>
public enum PrintedKind
{
    Quote,
    Invoice,
    Letter,

    /// <summary>The certificate of a signature, every reader named: for the team.</summary>
    Evidence,

    /// <summary>The same for who signed: other readers are not named.</summary>
    SignerEvidence,
}

/// <summary>A printed document.</summary>
/// <param name="Content">The PDF.</param>
/// <param name="Sha256">Its fingerprint, lower-case hexadecimal.</param>
public sealed record PrintedDocument(byte[] Content, string Sha256);

/// <summary>Prints documents as PDF, from the same templates that the screen shows. Never inside a transaction: it takes a second.</summary>
public interface IDocumentPrinter
{
    /// <summary>Whether a browser to print with is there; without one, people print from their own.</summary>
    bool IsAvailable { get; }

    /// <summary>Prints a document as it stands in the database; a draft bears the mark « BROUILLON ».</summary>
    /// <exception cref="Foundation.BusinessRuleException">The document is gone, no browser is installed here, or printing failed again and again; the sentence says what to do.</exception>
    Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default);

    /// <summary>Prints a quote that is about to leave, without the mark of drafts. Whoever keeps the file states the version that was printed.</summary>
    /// <exception cref="Foundation.BusinessRuleException">As for <see cref="PrintAsync"/>.</exception>
    Task<PrintedDocument> PrintLeavingQuoteAsync(Guid quoteId, CancellationToken cancellationToken = default);
}

/// <summary>A program that prints nothing: its users are told so.</summary>
internal sealed class NoPrinter : IDocumentPrinter
{
    /// <summary>Why nothing is printed here.</summary>
    public const string Missing = "Aucun navigateur n'est installé sur le serveur : les PDF ne peuvent pas être fabriqués. Un administrateur installe Chromium ou indique son chemin dans MedCrm:Browser.";

    public bool IsAvailable => false;

    public Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default) => throw new Foundation.BusinessRuleException(Missing);

    public Task<PrintedDocument> PrintLeavingQuoteAsync(Guid quoteId, CancellationToken cancellationToken = default) => throw new Foundation.BusinessRuleException(Missing);
}
