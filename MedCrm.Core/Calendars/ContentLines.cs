using System.Globalization;
using System.Text;

namespace MedCrm.Core.Calendars;

/// <summary>The lines that calendars and cards are made of (RFC 5545, 3.1): 75 octets at most, folded between characters, ended by CRLF.</summary>
public sealed class ContentLines
{
    private const int Longest = 75;

    private readonly StringBuilder _lines = new();

    /// <summary>A line whose value is written as it is: a moment, an address, several escaped parts.</summary>
    public ContentLines Add(string name, string value)
    {
        var octets = 0;
        foreach (var rune in $"{name}:{value}".EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > Longest)
            {
                _lines.Append("\r\n ");
                octets = 1;
            }

            _lines.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        _lines.Append("\r\n");
        return this;
    }

    /// <summary>A line whose value is text; none when there is no text.</summary>
    public ContentLines AddText(string name, string? text) => string.IsNullOrEmpty(text) ? this : Add(name, Escape(text));

    /// <summary>A text as a value: backslash, semicolon, comma and line ends are escaped, other control characters left out.</summary>
    public static string Escape(string? text)
    {
        var escaped = new StringBuilder();
        foreach (var character in (text ?? "").ReplaceLineEndings("\n"))
        {
            _ = character switch
            {
                '\\' => escaped.Append(@"\\"),
                ';' => escaped.Append(@"\;"),
                ',' => escaped.Append(@"\,"),
                '\n' => escaped.Append(@"\n"),
                _ when char.IsControl(character) && character != '\t' => escaped,
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The value of a parameter, quoted when it holds a comma, a colon or a semicolon. A quotation mark has no form there: it becomes an apostrophe.</summary>
    public static string Parameter(string text)
    {
        var value = string.Concat(text.Select(character => character switch
        {
            '"' => '\'',
            _ when char.IsControl(character) => ' ',
            _ => character,
        })).Trim();
        return value.AsSpan().IndexOfAny(',', ';', ':') < 0 ? value : $"\"{value}\"";
    }

    /// <summary>A moment, UTC: 20261121T083000Z.</summary>
    public static string Moment(DateTime utc) => utc.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => _lines.ToString();
}
