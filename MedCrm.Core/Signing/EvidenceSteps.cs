using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Signing;

/// <summary>For whom an evidence is written.</summary>
internal enum EvidenceReader
{
    /// <summary>Who sees the quote: everything.</summary>
    Team,

    /// <summary>Who signed: their own steps in full, those of others without what tells who they are (GDPR art. 5(1)(c)).</summary>
    Signer,
}

/// <summary>A step as an evidence tells it. The moment is UTC.</summary>
internal sealed record EvidenceStep(int Number, SignatureStep Step, DateTime At, string? Ip, string? UserAgent, string? Detail, string PreviousHash, string Hash);

/// <summary>The steps of an evidence, as its reader may see them.</summary>
internal static class EvidenceSteps
{
    /// <summary>What is told of somebody else.</summary>
    public const string OtherReader = "un autre lecteur";

    /// <summary>The steps, in order. All are there for everybody, with their fingerprints: the chain stays whole.</summary>
    public static async Task<IReadOnlyList<EvidenceStep>> ReadAsync(MedCrmDbContext db, SignatureEvidence evidence, EvidenceReader reader, CancellationToken cancellationToken)
    {
        // A link that was sent again is another link of the same person.
        var own = await db.SignatureLinks
            .Where(link => link.Id == evidence.LinkId || (link.QuoteId == evidence.QuoteId && link.Email != null && link.Email == evidence.SignerEmail))
            .Select(link => (Guid?)link.Id)
            .ToListAsync(cancellationToken);
        return
        [
            .. (await OfAsync(db, evidence.QuoteId, cancellationToken)).Select(step => reader is EvidenceReader.Team || own.Contains(step.LinkId)
                ? new EvidenceStep(step.Number, step.Step, step.At, step.Ip, step.UserAgent, step.Detail, step.PreviousHash, step.Hash)
                : new EvidenceStep(step.Number, step.Step, step.At, null, null, OtherReader, step.PreviousHash, step.Hash)),
        ];
    }

    /// <summary>The steps of a quote as they were written, in order.</summary>
    public static Task<List<SignatureEvent>> OfAsync(MedCrmDbContext db, Guid quoteId, CancellationToken cancellationToken)
        => db.SignatureEvents.AsNoTracking().Where(step => step.QuoteId == quoteId).OrderBy(step => step.Number).ToListAsync(cancellationToken);
}
