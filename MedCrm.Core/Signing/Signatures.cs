using System.Text.Json;
using System.Text.Json.Serialization;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Mail;
using MedCrm.Core.Printing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Signing;

/// <summary>A personal address of a quote, without its secret. Moments are UTC.</summary>
public sealed record SignatureLinkLine(Guid Id, string Name, string? Email, string SentByName, DateTime CreatedAt, DateTime ExpiresAt, DateTime? OpenedAt, DateTime? UsedAt, bool IsReplaced);

/// <summary>A step on the way to an answer. The moment is UTC.</summary>
public sealed record SignatureStepLine(SignatureStep Step, DateTime At, string? Ip, string? UserAgent, string? Detail);

/// <summary>What the quote's page shows of its signature.</summary>
/// <param name="Links">The addresses, the newest first.</param>
/// <param name="Steps">What happened, in order.</param>
/// <param name="Signer">Who signed on line, with their quality; null when nobody did.</param>
/// <param name="SignedAt">When, UTC.</param>
/// <param name="IsIntact">The file, the evidence and the chain of steps are those of the signature.</param>
public sealed record SignatureState(IReadOnlyList<SignatureLinkLine> Links, IReadOnlyList<SignatureStepLine> Steps, string? Signer, DateTime? SignedAt, bool IsIntact);

/// <summary>The door of signatures on our side: how they stand, whether they hold, their certificates.</summary>
public sealed class Signatures(
    IDbContextFactory<MedCrmDbContext> contexts,
    ICurrentUser currentUser,
    IDocumentPrinter printer,
    PrintedFiles files,
    BusinessClock clock,
    ILogger<Signatures> logger)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() } };

    /// <summary>How the signature of a quote stands; null when the quote is gone or out of sight.</summary>
    public async Task<SignatureState?> StateAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Quotes.VisibleTo(actor).AnyAsync(quote => quote.Id == quoteId, cancellationToken))
        {
            return null;
        }

        var links = await db.SignatureLinks.Where(link => link.QuoteId == quoteId).OrderByDescending(link => link.CreatedAt)
            .Select(link => new SignatureLinkLine(link.Id, link.Name, link.Email, link.SentByName, link.CreatedAt, link.ExpiresAt, link.OpenedAt, link.UsedAt, link.ReplacedAt != null))
            .ToListAsync(cancellationToken);
        var steps = await EvidenceSteps.OfAsync(db, quoteId, cancellationToken);
        var evidence = await db.SignatureEvidences.AsNoTracking().SingleOrDefaultAsync(e => e.QuoteId == quoteId, cancellationToken);
        return new SignatureState(
            links,
            [.. steps.Select(step => new SignatureStepLine(step.Step, step.At, step.Ip, step.UserAgent, step.Detail))],
            evidence is null ? null : $"{evidence.SignerName}, {evidence.SignerQuality}",
            evidence?.SignedAt,
            evidence is null || await HoldsAsync(db, evidence, steps, cancellationToken));
    }

    /// <summary>The whole certificate of a quote signed on line, every reader named, for who sees the quote; null when there is none. The kept one is the signer's.</summary>
    /// <exception cref="BusinessRuleException">It cannot be printed here.</exception>
    public async Task<PrintedFile?> CertificateAsync(Guid quoteId, CancellationToken cancellationToken = default)
        => await SeesAsync(quoteId, cancellationToken) && await EvidenceOfAsync(quoteId, cancellationToken) is { } evidence
            ? new PrintedFile(CertificateName(evidence), (await printer.PrintAsync(PrintedKind.Evidence, quoteId, cancellationToken)).Content)
            : null;

    /// <summary>The whole evidence as JSON, for who sees the quote; null when there is none.</summary>
    public async Task<PrintedFile?> EvidenceAsync(Guid quoteId, CancellationToken cancellationToken = default)
        => await SeesAsync(quoteId, cancellationToken) ? await JsonAsync(quoteId, EvidenceReader.Team, cancellationToken) : null;

    /// <summary>The certificate of the signer, for whoever was already found to hold the right to it: the signer's link. Other readers are not named in it.</summary>
    /// <exception cref="BusinessRuleException">It was altered, or cannot be printed here.</exception>
    public async Task<PrintedFile?> SignerCertificateAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        if (await EvidenceOfAsync(quoteId, cancellationToken) is not { } evidence)
        {
            return null;
        }

        var content = evidence is { PdfPath: { } path, CertificateSha256: { } sha }
            ? await files.ReadAsync(path, sha, cancellationToken) ?? throw new BusinessRuleException(DocumentPrints.Altered)
            : (await printer.PrintAsync(PrintedKind.SignerEvidence, quoteId, cancellationToken)).Content;
        return new PrintedFile(CertificateName(evidence), content);
    }

    /// <summary>The evidence of the signer as JSON, for whoever was already found to hold the right to it. Other readers are not named in it.</summary>
    public Task<PrintedFile?> SignerEvidenceAsync(Guid quoteId, CancellationToken cancellationToken = default) => JsonAsync(quoteId, EvidenceReader.Signer, cancellationToken);

    /// <summary>Prints and keeps the certificate of an evidence and sends it to the signer; again and again nothing more happens. What printing refuses is left for the next turn: whether it was finished now.</summary>
    public async Task<bool> FinishAsync(Guid evidenceId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.SignatureEvidences.AsNoTracking().SingleOrDefaultAsync(e => e.Id == evidenceId && e.ConfirmedAt == null, cancellationToken) is not { } pending)
        {
            return false;
        }

        PrintedDocument? printed = null;
        string? path = null;
        if (printer.IsAvailable)
        {
            try
            {
                printed = await printer.PrintAsync(PrintedKind.SignerEvidence, pending.QuoteId, cancellationToken);
            }
            catch (BusinessRuleException refusal)
            {
                logger.LogWarning(refusal, "The certificate of {EvidenceId} could not be printed", evidenceId);
                return false;
            }

            path = await files.KeepAsync("signatures", pending.SignedAt.Year, $"{pending.QuoteName}-certificat", printed, cancellationToken);
        }

        // Everything the message carries is read before the transaction: nothing of it changes any more.
        var json = await SignerEvidenceAsync(pending.QuoteId, cancellationToken);
        var quote = await db.Quotes.IgnoreQueryFilters().AsNoTracking().SingleAsync(q => q.Id == pending.QuoteId, cancellationToken);
        var company = await Company.ReadAsync(db, cancellationToken);
        var content = quote.PdfPath is null ? null : await files.ReadAsync(quote.PdfPath, quote.PdfSha256!, cancellationToken);
        var isKept = false;
        await db.InTransactionAsync(
            async () =>
            {
                if (await db.SignatureEvidences.SingleOrDefaultAsync(e => e.Id == evidenceId && e.ConfirmedAt == null, CancellationToken.None) is not { } evidence)
                {
                    return;
                }

                evidence.Confirm(path, printed?.Sha256, clock.UtcNow);
                if (evidence.SignerEmail is { } email)
                {
                    await Outbox.QueueAsync(
                        db,
                        new MessageDetails
                        {
                            Key = $"signature-done:{evidence.Id:N}",
                            To = [new Correspondent(email, evidence.SignerName)],
                            Subject = $"Devis {evidence.QuoteName} : votre signature",
                            Text = $"Bonjour,\n\nVous avez signé le devis {evidence.QuoteName} le {LocalOf(evidence.SignedAt)}. Nous vous en remercions.\n\nVous trouverez ci-joint {(content is null ? "" : "le devis signé et ")}la preuve de votre signature. Conservez-{(content is null ? "la" : "les")}.\n\n{company.TradeName ?? company.LegalName}\n",
                            Files =
                            [
                                .. content is null ? [] : new[] { new MailFile($"Devis-{quote.RecordName.Replace(' ', '-')}.pdf", "application/pdf", content) },
                                .. printed is null ? [] : new[] { new MailFile(CertificateName(evidence), "application/pdf", printed.Content) },
                                new MailFile(json!.Name, "application/json", json.Content),
                            ],
                            RecordType = nameof(Quote),
                            RecordId = quote.Id,
                            InstitutionId = quote.InstitutionId,
                            OpportunityId = quote.OpportunityId,
                        },
                        Actor.System,
                        clock.UtcNow,
                        CancellationToken.None);
                }

                await db.SaveChangesAsync(CancellationToken.None);
                isKept = true;
            },
            CancellationToken.None);
        if (!isKept && path is not null)
        {
            await files.GiveUpAsync(db, path);
        }

        return isKept;
    }

    /// <summary>Finishes what a stop of the server, or a browser gone, left half-way; answers how many.</summary>
    public async Task<int> FinishAllAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = await db.SignatureEvidences.Where(evidence => evidence.ConfirmedAt == null).OrderBy(evidence => evidence.SignedAt).Select(evidence => evidence.Id).Take(100).ToListAsync(cancellationToken);
        var done = 0;
        foreach (var id in pending)
        {
            try
            {
                done += await FinishAsync(id, cancellationToken) ? 1 : 0;
            }
            catch (Exception failure) when (failure is BusinessRuleException or IOException or UnauthorizedAccessException)
            {
                // One file that cannot be read or written keeps the other signers from nothing.
                logger.LogError(failure, "Evidence {EvidenceId} is not finished", id);
            }
        }

        return done;
    }

    private async Task<bool> SeesAsync(Guid quoteId, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Quotes.VisibleTo(actor).AnyAsync(quote => quote.Id == quoteId, cancellationToken);
    }

    private async Task<bool> HoldsAsync(MedCrmDbContext db, SignatureEvidence evidence, List<SignatureEvent> steps, CancellationToken cancellationToken)
    {
        var quote = await db.Quotes.AsNoTracking().SingleAsync(q => q.Id == evidence.QuoteId, cancellationToken);
        return quote.PdfSha256 == evidence.PdfSha256
            && await files.IsIntactAsync(quote.PdfPath!, evidence.PdfSha256, cancellationToken)
            && SignatureEvent.IsWhole(steps)
            && steps.Find(step => step.Step is SignatureStep.Accepted)?.Detail?.EndsWith(evidence.Fingerprint(), StringComparison.Ordinal) is true
            && (evidence is not { PdfPath: { } path, CertificateSha256: { } sha } || await files.IsIntactAsync(path, sha, cancellationToken));
    }

    private async Task<SignatureEvidence?> EvidenceOfAsync(Guid quoteId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.SignatureEvidences.AsNoTracking().SingleOrDefaultAsync(e => e.QuoteId == quoteId, cancellationToken);
    }

    private async Task<PrintedFile?> JsonAsync(Guid quoteId, EvidenceReader reader, CancellationToken cancellationToken)
    {
        if (await EvidenceOfAsync(quoteId, cancellationToken) is not { } evidence)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var said = new
        {
            evidence.QuoteName,
            Document = new { Sha256 = evidence.PdfSha256 },
            Signer = new { Name = evidence.SignerName, Quality = evidence.SignerQuality, Email = evidence.SignerEmail, CheckedByCode = evidence.HasCode },
            SignedAtUtc = evidence.SignedAt,
            SignedAtParis = clock.ToLocal(evidence.SignedAt).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            Consent = new { evidence.ConsentVersion, evidence.ConsentText },
            Options = evidence.Options.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            AmountIncludingVat = evidence.Gross,
            evidence.InvitedByName,
            DrawnSignaturePng = evidence.Drawing is null ? null : Convert.ToBase64String(evidence.Drawing),
            Fingerprint = evidence.Fingerprint(),
            Steps = (await EvidenceSteps.ReadAsync(db, evidence, reader, cancellationToken)).Select(step => new { step.Number, step.Step, AtUtc = step.At, step.Ip, step.UserAgent, step.Detail, step.PreviousHash, step.Hash }),
        };
        return new PrintedFile($"{Path.GetFileNameWithoutExtension(CertificateName(evidence))}.json", JsonSerializer.SerializeToUtf8Bytes(said, s_json));
    }

    private string LocalOf(DateTime utc) => $"{FrenchText.FormatDay(clock.DayOf(utc))} à {clock.ToLocal(utc).ToString("HH:mm", FrenchText.Culture)}";

    private static string CertificateName(SignatureEvidence evidence) => $"Signature-{evidence.QuoteName.Replace(' ', '-')}.pdf";
}
