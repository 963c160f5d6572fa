using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation;

/// <summary>The form in which texts are searched, so that « hopital » finds « HÔPITAL » and « chu » finds « C.H.U. ».</summary>
public static partial class SearchKey
{
    /// <summary>Lower case without accents, œ as oe, acronyms without their dots, everything but letters and digits as one space, no space at the ends.</summary>
    public static string Fold(string text) => Ascii.IsValid(text) && !text.Contains('.', StringComparison.Ordinal) ? FoldPlain(text) : FoldAny(text);

    // Most names are plain letters: no accent to take off, no acronym to close up. Filters fold thousands of them for one page.
    private static string FoldPlain(string text)
    {
        Span<char> folded = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                folded[length++] = char.ToLowerInvariant(character);
            }
            else if (length > 0 && folded[length - 1] != ' ')
            {
                folded[length++] = ' ';
            }
        }

        return new string(folded[..length].TrimEnd(' '));
    }

    private static string FoldAny(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in Acronym().Replace(Unaccent(text), match => match.Value.Replace(".", "", StringComparison.Ordinal)))
        {
            if (char.IsLetterOrDigit(character) || char.IsSurrogate(character))
            {
                folded.Append(character);
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>Lower case without accents or ligatures, punctuation as it was.</summary>
    internal static string Unaccent(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
            {
                plain.Append(Expand(character));
            }
        }

        return plain.ToString();
    }

    // The letters that Unicode does not take apart.
    private static string Expand(char character) => character switch
    {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => character.ToString(),
    };

    [GeneratedRegex(@"(?<![\p{L}\p{N}])\p{L}(\.\p{L})+\.?(?![\p{L}\p{N}])")]
    private static partial Regex Acronym();
}
