using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Signing;

/// <summary>
/// The personal address under which somebody reads a quote and answers it, once. Of its secret only the hash is kept, of its one-time code too. Left
/// out of the change history: what happens under it stands in <see cref="SignatureEvent"/>.
/// </summary>
public sealed class SignatureLink
{
    /// <summary>How long a one-time code can be entered, in minutes.</summary>
    public const int CodeMinutes = 10;

    /// <summary>How often a one-time code may be entered wrong.</summary>
    public const int CodeTries = 5;

    /// <summary>How many codes leave under one link in an hour.</summary>
    public const int CodesAnHour = 5;

    private const int SecretBytes = 32;

    private SignatureLink()
    {
    }

    /// <summary>A link for somebody.</summary>
    public SignatureLink(Guid quoteId, string secret, string name, string? email, Guid? contactId, Guid? sentById, string sentByName, DateTime at, int days)
    {
        Id = Guid.CreateVersion7();
        (QuoteId, TokenHash, Name, Email, ContactId) = (quoteId, HashOf(secret), name, email, contactId);
        (SentById, SentByName, CreatedAt, ExpiresAt) = (sentById, sentByName, at, at.AddDays(days));
    }

    public Guid Id { get; private set; }

    /// <summary>The quote.</summary>
    public Guid QuoteId { get; private set; }

    /// <summary>SHA-256 of the secret, lower-case hexadecimal.</summary>
    public string TokenHash { get; private set; } = "";

    /// <summary>For whom.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Where it was sent, and where codes go; null when it was handed over another way.</summary>
    public string? Email { get; private set; }

    /// <summary>The contact it was made for.</summary>
    public Guid? ContactId { get; private set; }

    /// <summary>Who made it.</summary>
    public Guid? SentById { get; private set; }

    /// <summary>Their name.</summary>
    public string SentByName { get; private set; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>From when on it no longer answers, UTC.</summary>
    public DateTime ExpiresAt { get; private set; }

    /// <summary>When a later one took its place, UTC.</summary>
    public DateTime? ReplacedAt { get; private set; }

    /// <summary>When it was first opened, UTC.</summary>
    public DateTime? OpenedAt { get; private set; }

    /// <summary>When the quote was answered under it, UTC.</summary>
    public DateTime? UsedAt { get; private set; }

    /// <summary>SHA-256 of the one-time code under way; null when there is none.</summary>
    public string? CodeHash { get; private set; }

    /// <summary>When that code left, UTC.</summary>
    public DateTime? CodeSentAt { get; private set; }

    /// <summary>How often it was entered wrong.</summary>
    public int CodeFailures { get; private set; }

    /// <summary>How many codes left since <see cref="CodesSince"/>.</summary>
    public int CodesSent { get; private set; }

    /// <summary>The beginning of the hour in which codes are counted, UTC.</summary>
    public DateTime? CodesSince { get; private set; }

    /// <summary>A new secret: 256 bits of chance.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is kept of a secret. A look-up by it takes as long whatever secret is close by.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Somebody opened it; only the first time counts. True that time.</summary>
    public bool Open(DateTime at)
    {
        if (OpenedAt is not null)
        {
            return false;
        }

        OpenedAt = at;
        return true;
    }

    /// <summary>A later one takes its place.</summary>
    public void Replace(DateTime at) => ReplacedAt ??= at;

    /// <summary>The quote was answered under it.</summary>
    public void Use(DateTime at) => (UsedAt, CodeHash) = (at, null);

    /// <summary>A one-time code that is about to leave; the former one no longer counts.</summary>
    /// <exception cref="BusinessRuleException">There is nowhere to send it, or too many left already.</exception>
    public string NewCode(DateTime at)
    {
        if (Email is null)
        {
            throw new BusinessRuleException("Ce lien n'a pas d'adresse e-mail où envoyer le code. Demandez-en un autre à votre interlocuteur.");
        }

        if (CodesSince is not { } since || at - since >= TimeSpan.FromHours(1))
        {
            (CodesSince, CodesSent) = (at, 0);
        }

        if (CodesSent >= CodesAnHour)
        {
            throw new BusinessRuleException("Trop de codes ont été demandés. Réessayez dans une heure.");
        }

        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        (CodeHash, CodeSentAt, CodeFailures) = (HashOfCode(code), at, 0);
        CodesSent++;
        return code;
    }

    /// <summary>Whether a code is the one that left, in time. A wrong one is counted: after <see cref="CodeTries"/> of them another must be asked for.</summary>
    public CodeVerdict Try(string? code, DateTime at)
    {
        if (CodeHash is null || CodeSentAt is not { } sent)
        {
            return CodeVerdict.NoneSent;
        }

        if (at > sent.AddMinutes(CodeMinutes))
        {
            return CodeVerdict.TooLate;
        }

        if (CodeFailures >= CodeTries)
        {
            return CodeVerdict.TooMany;
        }

        var typed = string.Concat((code ?? "").Where(char.IsAsciiDigit));
        if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOfCode(typed)), Encoding.ASCII.GetBytes(CodeHash)))
        {
            return CodeVerdict.Right;
        }

        CodeFailures++;
        return CodeFailures >= CodeTries ? CodeVerdict.TooMany : CodeVerdict.Wrong;
    }

    private string HashOfCode(string code) => HashOf($"{Id:N}:{code}");
}

/// <summary>What came of a one-time code.</summary>
public enum CodeVerdict
{
    Right,
    Wrong,
    TooMany,
    TooLate,
    NoneSent,
}

internal sealed class SignatureLinkConfiguration : IEntityTypeConfiguration<SignatureLink>
{
    public void Configure(EntityTypeBuilder<SignatureLink> link)
    {
        link.Property(l => l.Id).ValueGeneratedNever();
        link.HasOne<Quote>().WithMany().HasForeignKey(l => l.QuoteId).OnDelete(DeleteBehavior.Cascade);
        link.HasIndex(l => l.TokenHash).IsUnique();
        link.HasIndex(l => new { l.QuoteId, l.CreatedAt });
    }
}
