using System.Globalization;
using System.Text;

namespace MedCrm.Core.Accounting;

/// <summary>The texts of the file of entries: only characters that its charset holds (LPF art. A47 A-1: ASCII or ISO 8859-15), on one line, without a separator.</summary>
public static class FecText
{
    private static readonly Encoding s_latin9 = CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15", new EncoderExceptionFallback(), new DecoderExceptionFallback())!;

    /// <summary>The bytes of a charset.</summary>
    public static Encoding EncodingOf(FecCharset charset) => charset is FecCharset.Ascii ? Encoding.ASCII : s_latin9;

    /// <summary>Whether a text can be written as it is.</summary>
    public static bool IsEncodable(string text)
    {
        try
        {
            s_latin9.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>A text made fit: line ends, tabs and bars become blanks, and what the charset does not hold its nearest writing.</summary>
    public static string Of(string? text, FecCharset charset)
    {
        var written = new StringBuilder();
        foreach (var c in text ?? "")
        {
            written.Append(char.IsControl(c) || c is '|' || char.IsWhiteSpace(c) ? " " : Holds(c, charset) ? c.ToString() : Nearest(c, charset));
        }

        return string.Join(' ', written.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool Holds(char c, FecCharset charset) => c is >= ' ' and <= '~' || (charset is FecCharset.Latin9 && IsEncodable(c.ToString()));

    private static string Nearest(char c, FecCharset charset) => c switch
    {
        '’' or '‘' or '‚' or '´' or '`' => "'",
        '“' or '”' or '„' or '«' or '»' => "\"",
        '–' or '—' or '‑' or '‐' or '−' => "-",
        '…' => "...",
        '•' or '·' => "-",
        'œ' => "oe",
        'Œ' => "OE",
        'æ' => "ae",
        'Æ' => "AE",
        'ß' => "ss",
        '€' => "EUR",
        '°' or 'º' => "o",
        '™' => "(TM)",
        '\u200B' or '\uFEFF' => "",
        _ => WithoutAccents(c, charset),
    };

    private static string WithoutAccents(char c, FecCharset charset)
    {
        if (char.IsSurrogate(c))
        {
            return char.IsHighSurrogate(c) ? "?" : "";
        }

        var bare = string.Concat(c.ToString().Normalize(NormalizationForm.FormD).Where(part => CharUnicodeInfo.GetUnicodeCategory(part) is not UnicodeCategory.NonSpacingMark));
        return bare.Length > 0 && bare.All(part => Holds(part, charset)) ? bare : "?";
    }
}
