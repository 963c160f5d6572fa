namespace MedCrm.Core.Printing;

/// <summary>What can be printed.</summary>
public enum PrintedKind
{
    Quote,
    Invoice,
    Letter,
    Evidence,
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

    /// <summary>Prints a document as it stands in the database.</summary>
    /// <exception cref="Foundation.BusinessRuleException">No browser is installed here, or printing failed again and again; the sentence says what to do.</exception>
    Task<PrintedDocument> PrintAsync(PrintedKind kind, Guid id, CancellationToken cancellationToken = default);
}
