using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Signing;

/// <summary>
/// What proves an acceptance on line, a simple electronic signature (regulation eIDAS art. 25; C. civ. art. 1366 and 1367): who, what, when, how they were
/// known. Its fingerprint stands in the step « signed » of the chain: a changed value is seen.
/// </summary>
public sealed class SignatureEvidence
{
    /// <summary>The longest drawn signature, in bytes.</summary>
    public const int LargestDrawing = 200_000;

    private SignatureEvidence()
    {
    }

    internal SignatureEvidence(Quote quote, SignatureLink link, Signing signing, string consent, string options, bool codeChecked, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (QuoteId, LinkId, QuoteName, PdfSha256) = (quote.Id, link.Id, quote.RecordName, quote.PdfSha256!);
        (SignerName, SignerQuality, SignerEmail) = (signing.Name, signing.Quality, link.Email);
        (ConsentText, ConsentVersion, Options, Gross) = (consent, Consent.Version, options, quote.Gross);
        (Drawing, HasCode, InvitedByName) = (signing.Drawing, codeChecked, link.SentByName);
        SignedAt = new DateTime(at.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }

    public Guid Id { get; private set; }

    /// <summary>The quote, accepted once.</summary>
    public Guid QuoteId { get; private set; }

    /// <summary>Under which link.</summary>
    public Guid LinkId { get; private set; }

    /// <summary>Number and version of the quote.</summary>
    public string QuoteName { get; private set; } = "";

    /// <summary>SHA-256 of the PDF that was shown and accepted, lower-case hexadecimal.</summary>
    public string PdfSha256 { get; private set; } = "";

    public string SignerName { get; private set; } = "";
    public string SignerQuality { get; private set; } = "";

    /// <summary>The address that the link was sent to; null when it was handed over another way.</summary>
    public string? SignerEmail { get; private set; }

    /// <summary>A one-time code sent to that address was entered.</summary>
    public bool HasCode { get; private set; }

    /// <summary>The sentence that was agreed to, word for word.</summary>
    public string ConsentText { get; private set; } = "";

    /// <summary>The version of that sentence.</summary>
    public string ConsentVersion { get; private set; } = "";

    /// <summary>The options that were taken, one a line.</summary>
    public string Options { get; private set; } = "";

    /// <summary>What was accepted, options included, euros including VAT.</summary>
    public decimal Gross { get; private set; }

    /// <summary>The drawn signature, a PNG; null when the name was typed alone.</summary>
    public byte[]? Drawing { get; private set; }

    /// <summary>Who sent the link.</summary>
    public string InvitedByName { get; private set; } = "";

    /// <summary>When, UTC.</summary>
    public DateTime SignedAt { get; private set; }

    /// <summary>The certificate, in the folder of files; null until it was printed.</summary>
    public string? PdfPath { get; private set; }

    /// <summary>SHA-256 of the certificate, lower-case hexadecimal.</summary>
    public string? CertificateSha256 { get; private set; }

    /// <summary>When the signer was sent the certificate, UTC.</summary>
    public DateTime? ConfirmedAt { get; private set; }

    /// <summary>SHA-256 of everything that was agreed, lower-case hexadecimal.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new[]
        {
            QuoteId.ToString(), LinkId.ToString(), QuoteName, PdfSha256, SignerName, SignerQuality, SignerEmail, HasCode ? "code" : "", ConsentText, ConsentVersion, Options,
            Gross.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), Drawing is null ? null : Convert.ToHexStringLower(SHA256.HashData(Drawing)), InvitedByName,
            SignedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        }))));

    /// <summary>The certificate was printed; null when there is no browser to print it with, and the signer is told without it.</summary>
    internal void Confirm(string? pdfPath, string? sha256, DateTime at) => (PdfPath, CertificateSha256, ConfirmedAt) = (pdfPath ?? PdfPath, sha256 ?? CertificateSha256, at);
}

/// <summary>What a signer agrees to.</summary>
public static class Consent
{
    /// <summary>Changes with the sentence.</summary>
    public const string Version = "2026-11";

    /// <summary>The sentence, for a quote of an institution.</summary>
    public static string Text(string quoteName, string institution)
        => $"J'ai lu le devis {quoteName} et je l'accepte au nom de «\u00A0{institution}\u00A0», que je suis habilité(e) à engager. Je sais que cette signature électronique (règlement eIDAS, art. 25 ; code civil, art. 1366 et 1367) m'engage comme une signature sur papier, et que mon nom, mon adresse e-mail, l'heure, mon adresse IP et mon navigateur sont conservés comme preuve.";
}

/// <summary>What a signer gives, once checked.</summary>
internal sealed record Signing(string Name, string Quality, byte[]? Drawing)
{
    private const string Prefix = "data:image/png;base64,";

    /// <summary>What was typed and drawn, once checked.</summary>
    /// <exception cref="BusinessRuleException">A name is missing, the box is not ticked, or the drawing is no picture.</exception>
    public static Signing Of(SigningDetails details)
    {
        var name = Clean.Required(details.Name, 150, nameof(SigningDetails.Name), "Indiquez vos nom et prénom.");
        var quality = Clean.Required(details.Quality, 150, nameof(SigningDetails.Quality), "Indiquez votre qualité (fonction).");
        if (!details.Consents)
        {
            throw new BusinessRuleException("Cochez la case pour accepter le devis.", nameof(SigningDetails.Consents));
        }

        return new Signing(name, quality, DrawingOf(details.Drawing));
    }

    private static byte[]? DrawingOf(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        var content = new byte[SignatureEvidence.LargestDrawing];
        return address.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(address[Prefix.Length..], content, out var length) && content.AsSpan(0, length) is [0x89, 0x50, 0x4E, 0x47, ..]
            ? content[..length]
            : throw new BusinessRuleException("La signature dessinée n'a pas pu être lue. Effacez-la et recommencez, ou signez par votre nom seul.", nameof(SigningDetails.Drawing));
    }
}

internal sealed class SignatureEvidenceConfiguration : IEntityTypeConfiguration<SignatureEvidence>
{
    public void Configure(EntityTypeBuilder<SignatureEvidence> evidence)
    {
        evidence.Property(e => e.Id).ValueGeneratedNever();
        evidence.HasOne<Quote>().WithMany().HasForeignKey(e => e.QuoteId).OnDelete(DeleteBehavior.Restrict);
        evidence.HasIndex(e => e.QuoteId).IsUnique();
        evidence.HasIndex(e => e.ConfirmedAt).HasFilter("\"ConfirmedAt\" IS NULL");
    }
}
