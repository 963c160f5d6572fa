using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Signing;

/// <summary>What happened on the way to an answer.</summary>
public enum SignatureStep
{
    [Display(Name = "Lien personnel créé")] Invited,
    [Display(Name = "Devis ouvert")] Opened,
    [Display(Name = "PDF téléchargé")] Downloaded,
    [Display(Name = "Question posée")] Asked,
    [Display(Name = "Code envoyé")] CodeSent,
    [Display(Name = "Code refusé")] CodeRefused,
    [Display(Name = "Code reconnu")] CodeEntered,
    [Display(Name = "Consentement coché")] Consented,
    [Display(Name = "Devis signé")] Accepted,
    [Display(Name = "Devis refusé")] Refused,
}

/// <summary>Who came, as far as a server sees it.</summary>
/// <param name="Ip">The address they came from.</param>
/// <param name="UserAgent">What their browser says it is.</param>
public sealed record Visitor(string? Ip, string? UserAgent)
{
    /// <summary>The product itself, or somebody of ours.</summary>
    public static Visitor Inside { get; } = new(null, null);
}

/// <summary>
/// One step, for good: each carries the fingerprint of the one before, so that a line taken out, changed or put in is seen (C. civ. art. 1366:
/// integrity). The database refuses to change or delete them.
/// </summary>
public sealed class SignatureEvent
{
    private SignatureEvent()
    {
    }

    internal SignatureEvent(Guid quoteId, Guid? linkId, SignatureEvent? before, SignatureStep step, Visitor visitor, string? detail, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (QuoteId, LinkId, Number, Step, Detail) = (quoteId, linkId, (before?.Number ?? 0) + 1, step, detail);

        // Microseconds are all that the file keeps of a moment: the fingerprint must not depend on more.
        At = new DateTime(at.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        Ip = visitor.Ip is { Length: > 64 } ip ? ip[..64] : visitor.Ip;
        UserAgent = visitor.UserAgent is { Length: > 400 } agent ? agent[..400] : visitor.UserAgent;
        PreviousHash = before?.Hash ?? "";
        Hash = Fingerprint();
    }

    public Guid Id { get; private set; }

    /// <summary>The quote.</summary>
    public Guid QuoteId { get; private set; }

    /// <summary>Under which link; null for what is done without one.</summary>
    public Guid? LinkId { get; private set; }

    /// <summary>1, 2, 3… for each quote.</summary>
    public int Number { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    public SignatureStep Step { get; private set; }

    /// <summary>The address they came from.</summary>
    public string? Ip { get; private set; }

    /// <summary>What their browser says it is.</summary>
    public string? UserAgent { get; private set; }

    /// <summary>What else there is to say of it.</summary>
    public string? Detail { get; private set; }

    /// <summary>The fingerprint of the step before, empty for the first.</summary>
    public string PreviousHash { get; private set; } = "";

    /// <summary>SHA-256 of this step and of the fingerprint before, lower-case hexadecimal.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Adds a step after the last one of a quote, in the caller's transaction.</summary>
    internal static async Task<SignatureEvent> AddAsync(Data.MedCrmDbContext db, Guid quoteId, Guid? linkId, SignatureStep step, Visitor visitor, string? detail, DateTime at, CancellationToken cancellationToken)
    {
        var last = db.SignatureEvents.Local.Where(known => known.QuoteId == quoteId).MaxBy(known => known.Number)
            ?? await db.SignatureEvents.Where(known => known.QuoteId == quoteId).OrderByDescending(known => known.Number).FirstOrDefaultAsync(cancellationToken);
        var added = new SignatureEvent(quoteId, linkId, last, step, visitor, detail, at);
        db.SignatureEvents.Add(added);
        return added;
    }

    /// <summary>Whether steps, in their order, are the ones that were written: none changed, none missing.</summary>
    internal static bool IsWhole(IReadOnlyList<SignatureEvent> steps)
        => steps.Index().All(step => step.Item.Number == step.Index + 1 && step.Item.PreviousHash == (step.Index == 0 ? "" : steps[step.Index - 1].Hash) && step.Item.Hash == step.Item.Fingerprint());

    private string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new[] { PreviousHash, QuoteId.ToString(), LinkId?.ToString(), Number.ToString(CultureInfo.InvariantCulture), At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), Step.ToString(), Ip, UserAgent, Detail }))));
}

internal sealed class SignatureEventConfiguration : IEntityTypeConfiguration<SignatureEvent>
{
    public void Configure(EntityTypeBuilder<SignatureEvent> step)
    {
        step.Property(s => s.Id).ValueGeneratedNever();
        step.HasOne<Quote>().WithMany().HasForeignKey(s => s.QuoteId).OnDelete(DeleteBehavior.Restrict);
        step.HasIndex(s => new { s.QuoteId, s.Number }).IsUnique();
    }
}
