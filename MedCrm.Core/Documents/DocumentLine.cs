using MedCrm.Core.Foundation;

namespace MedCrm.Core.Documents;

/// <summary>What documents are attached to: one of the three, as a page stands for it.</summary>
public sealed record DocumentPlace(Guid? InstitutionId = null, Guid? ContactId = null, Guid? OpportunityId = null);

/// <summary>A document in the list of a record, with its version in force. The moment is UTC.</summary>
public sealed record DocumentLine(
    Guid Id,
    string Name,
    DocumentCategory Category,
    string? Description,
    DateOnly? KeepUntil,
    int Number,
    int Versions,
    string MediaType,
    long Length,
    Guid? ById,
    DateTime At)
{
    /// <summary>The deal it is attached to.</summary>
    public Guid? OpportunityId { get; init; }

    /// <summary>The name of that deal, when the actor sees it.</summary>
    public string? Opportunity { get; init; }

    /// <summary>The file is not where it should be: a backup may still hold it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>What the content is.</summary>
    public DocumentKind Kind => DocumentKinds.Of(MediaType);
}

/// <summary>A version of a document. The moment is UTC.</summary>
public sealed record DocumentVersionLine(int Number, string FileName, string MediaType, long Length, string Sha256, Guid? ById, DateTime At);

/// <summary>A document as its panel opens it, its versions the last one first.</summary>
public sealed record DocumentSheet(Guid Id, DocumentDetails Details, int Number, IReadOnlyList<DocumentVersionLine> Versions);

/// <summary>What became of a file that was received.</summary>
/// <param name="Document">The document that holds it.</param>
/// <param name="IsThere">The same content was there already: nothing was added.</param>
public sealed record AddedDocument(Guid Document, string Name, int Number, bool IsThere, Done? Done);

/// <summary>A stored file, to be sent to somebody.</summary>
public sealed record DocumentFile(string Path, string FileName, DocumentKind Kind, string Sha256, DateTime At);
