using System.Globalization;
using MedCrm.Core.Calendars;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Mail;

/// <summary>Somebody messages come from or go to.</summary>
public sealed record Correspondent(string Address, string? Name = null)
{
    /// <summary>« Hélène Renaud &lt;h.renaud@chu.test&gt; », or the address alone.</summary>
    public override string ToString() => string.IsNullOrEmpty(Name) ? Address : $"{Name} <{Address}>";
}

/// <summary>A file that travels with a message.</summary>
public sealed record MailFile(string Name, string ContentType, byte[] Content);

/// <summary>A calendar that a message carries, as <see cref="CalendarFile.Write"/> gives it, and what it asks for.</summary>
public sealed record MailCalendar(CalendarMethod Method, string Text);

/// <summary>A message to be queued by <see cref="Outbox.QueueAsync"/>.</summary>
public sealed record MessageDetails
{
    /// <summary>The most people one message goes to.</summary>
    public const int MostRecipients = 100;

    /// <summary>The most bytes of attachments, all together: with their coding they stay under the 25 MB of most servers.</summary>
    public const int MostBytes = 15 * 1024 * 1024;

    /// <summary>What makes the act unique, such as « meeting:ID:invite:3 » : the same key is queued once, whatever is run again.</summary>
    public required string Key { get; init; }

    /// <summary>To whom.</summary>
    public required IReadOnlyList<Correspondent> To { get; init; }

    /// <summary>Who gets a copy.</summary>
    public IReadOnlyList<Correspondent> Cc { get; init; } = [];

    /// <summary>Whom answers go to; the sender of the settings unless given.</summary>
    public Correspondent? ReplyTo { get; init; }

    public required string Subject { get; init; }

    /// <summary>The message as plain text.</summary>
    public required string Text { get; init; }

    /// <summary>Where the secret goes in the text; who reads the outbox reads these words in its place.</summary>
    public const string SecretMark = "[confidentiel]";

    /// <summary>A personal link or a code, as <see cref="MailSecrets.Seal"/> gives it: it stands in the text once the message leaves, and nowhere else.</summary>
    public byte[]? Secret { get; init; }

    /// <summary>The same in HTML, for those who read it so.</summary>
    public string? Html { get; init; }

    /// <summary>An invitation or its cancellation.</summary>
    public MailCalendar? Calendar { get; init; }

    public IReadOnlyList<MailFile> Files { get; init; } = [];

    /// <summary>The record it is about: its type name.</summary>
    public string? RecordType { get; init; }

    /// <summary>The record it is about.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>The institution in whose timeline it shows.</summary>
    public Guid? InstitutionId { get; init; }

    /// <summary>The contact in whose timeline it shows.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>The deal in whose timeline it shows.</summary>
    public Guid? OpportunityId { get; init; }
}

/// <summary>What may enter the header of a message.</summary>
internal static class MailWords
{
    private static readonly IdnMapping s_domains = new();

    /// <summary>A text on one line: line ends and other control characters, which would start another header, become blanks.</summary>
    public static string OneLine(string text) => string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An address as servers take it: its domain in ASCII.</summary>
    /// <exception cref="BusinessRuleException">The text is no address, or one that mail servers do not take.</exception>
    public static string Address(string text)
    {
        var address = text.Trim();
        if (!EmailAddress.IsValid(address) || address.Any(char.IsControl))
        {
            throw new BusinessRuleException($"« {OneLine(address)} » n'est pas une adresse e-mail.");
        }

        var at = address.LastIndexOf('@');
        try
        {
            var ascii = $"{address[..at]}@{s_domains.GetAscii(address[(at + 1)..])}";
            return ascii.All(char.IsAscii) && ascii.Length <= 254
                ? ascii
                : throw new BusinessRuleException($"« {address} » porte des caractères que les serveurs de messagerie refusent.");
        }
        catch (ArgumentException)
        {
            throw new BusinessRuleException($"« {address} » n'est pas une adresse e-mail.");
        }
    }
}
