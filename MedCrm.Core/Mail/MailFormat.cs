using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MedCrm.Core.Mail;

/// <summary>
/// Writes a message as it travels (RFC 5322, MIME): text, HTML and calendar as alternatives of each other, files after them. The same
/// message gives the same bytes at each try.
/// </summary>
public static partial class MailFormat
{
    private const int LongestEncodedBytes = 36;
    private const int LongestCodedLine = 76;
    private const int LongestPlainHeader = 60;

    /// <summary>The bytes of a message, whose parts are loaded.</summary>
    public static byte[] Write(OutgoingMessage message, Correspondent from, string? secret = null)
    {
        var header = new StringBuilder();
        Add(header, "Date", DateOf(message.CreatedAt));
        Add(header, "From", Who(from));
        if (message.ReplyToAddress is { } replyTo)
        {
            Add(header, "Reply-To", Who(new Correspondent(replyTo, message.ReplyToName)));
        }

        foreach (var (name, kind) in new[] { ("To", RecipientKind.To), ("Cc", RecipientKind.Cc) })
        {
            var people = message.Recipients.Where(recipient => recipient.Kind == kind).OrderBy(recipient => recipient.Place).Select(recipient => Who(new Correspondent(recipient.Address, recipient.Name))).ToList();
            if (people.Count > 0)
            {
                Add(header, name, string.Join(",\r\n ", people));
            }
        }

        Add(header, "Subject", Words(message.Subject));
        Add(header, "Message-ID", $"<{message.MessageId}>");
        Add(header, "MIME-Version", "1.0");
        return Encoding.ASCII.GetBytes(header + Body(message, secret));
    }

    /// <summary>Whether a text names a media type: « application/pdf ».</summary>
    public static bool IsMediaType(string text) => MediaType().IsMatch(text);

    /// <summary>A text of a header: as it is when plain, in encoded words otherwise (RFC 2047).</summary>
    internal static string Words(string text)
    {
        text = MailWords.OneLine(text);
        return text.Length <= LongestPlainHeader && text.All(c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal) ? text : Encoded(text);
    }

    /// <summary>A correspondent in a header: « "Renaud, Hélène" &lt;h.renaud@chu.test&gt; ».</summary>
    internal static string Who(Correspondent who)
    {
        var name = MailWords.OneLine(who.Name ?? "");
        var address = $"<{MailWords.OneLine(who.Address)}>";
        return name.Length == 0 ? MailWords.OneLine(who.Address)
            : name.Length <= LongestPlainHeader && name.All(c => c is >= ' ' and <= '~') && !name.Contains("=?", StringComparison.Ordinal)
                ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" {address}"
                : $"{Encoded(name)}\r\n {address}";
    }

    /// <summary>Text as printable ASCII lines of 76 characters (RFC 2045, 6.7).</summary>
    internal static string QuotedPrintable(string text)
    {
        var coded = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var length = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var isLast = i == bytes.Length - 1;
                var value = bytes[i];
                var isPlain = value is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (value is (byte)' ' or (byte)'\t' && !isLast);
                var next = isPlain ? ((char)value).ToString() : $"={value:X2}";
                if (length + next.Length > LongestCodedLine - (isLast ? 0 : 1))
                {
                    coded.Append("=\r\n");
                    length = 0;
                }

                coded.Append(next);
                length += next.Length;
            }

            coded.Append("\r\n");
        }

        return coded.ToString(0, coded.Length - 2);
    }

    private static string Body(OutgoingMessage message, string? secret)
    {
        var text = new StringBuilder();
        var ways = new List<string> { TextPart("text/plain", secret is null ? message.Text ?? "" : (message.Text ?? "").Replace(MessageDetails.SecretMark, secret, StringComparison.Ordinal)) };
        if (message.Html is { } html)
        {
            ways.Add(TextPart("text/html", html));
        }

        if (message is { CalendarMethod: { } method, CalendarText: { } calendar })
        {
            ways.Add($"Content-Type: text/calendar; charset=utf-8; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n{Base64(Encoding.UTF8.GetBytes(calendar))}");
        }

        text.Append(ways.Count == 1 ? ways[0] : Multipart("alternative", $"=_{message.Id:N}_a", ways));
        return message.Files.Count == 0
            ? text.ToString()
            : Multipart("mixed", $"=_{message.Id:N}_m", [text.ToString(), .. message.Files.OrderBy(file => file.Place).Select(FilePart)]);
    }

    private static string Multipart(string kind, string boundary, IEnumerable<string> parts)
    {
        var text = new StringBuilder($"Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n");
        foreach (var part in parts)
        {
            text.Append("--").Append(boundary).Append("\r\n").Append(part);
        }

        return text.Append("--").Append(boundary).Append("--\r\n").ToString();
    }

    private static string TextPart(string type, string text) => $"Content-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{QuotedPrintable(text)}\r\n";

    // The plain name beside the type is for programs of before RFC 2231.
    private static string FilePart(OutgoingFile file)
    {
        var ascii = string.Concat(file.Name.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\') ? c : '_'));
        var plain = ascii.Length <= LongestPlainHeader ? ascii : $"document{Path.GetExtension(ascii)}";
        var name = plain == file.Name ? $";\r\n filename=\"{plain}\"" : Continued(file.Name);
        return $"Content-Type: {file.ContentType};\r\n name=\"{plain}\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment{name}\r\n\r\n{Base64(file.Content)}";
    }

    // filename*0*=utf-8''…; filename*1*=…: pieces that fit a line, never cut inside a coded character.
    private static string Continued(string name)
    {
        var pieces = new List<StringBuilder> { new("utf-8''") };
        foreach (var rune in name.EnumerateRunes())
        {
            var coded = Uri.EscapeDataString(rune.ToString()).Replace("'", "%27", StringComparison.Ordinal).Replace("*", "%2A", StringComparison.Ordinal).Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
            if (pieces[^1].Length + coded.Length > LongestPlainHeader)
            {
                pieces.Add(new StringBuilder());
            }

            pieces[^1].Append(coded);
        }

        return pieces.Count == 1
            ? $";\r\n filename*={pieces[0]}"
            : string.Concat(pieces.Select((piece, place) => string.Create(CultureInfo.InvariantCulture, $";\r\n filename*{place}*={piece}")));
    }

    private static string Base64(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        var lines = new StringBuilder(text.Length + (text.Length / LongestCodedLine * 2) + 2);
        for (var i = 0; i < text.Length; i += LongestCodedLine)
        {
            lines.Append(text, i, Math.Min(LongestCodedLine, text.Length - i)).Append("\r\n");
        }

        return lines.ToString();
    }

    private static string Encoded(string text)
    {
        var words = new List<string>();
        var piece = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (piece.Count + bytes.Length > LongestEncodedBytes)
            {
                Flush();
            }

            piece.AddRange(bytes);
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. piece])}?=");
            piece.Clear();
        }
    }

    private static string DateOf(DateTime utc) => utc.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    private static void Add(StringBuilder header, string name, string value) => header.Append(name).Append(": ").Append(value).Append("\r\n");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}\z")]
    private static partial Regex MediaType();
}
