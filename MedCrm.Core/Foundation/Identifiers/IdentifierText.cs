using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MedCrm.Core.Foundation.Identifiers;

/// <summary>What all identifiers share: how they are typed, and what spreadsheets do to them.</summary>
internal static partial class IdentifierText
{
    /// <summary>Upper case without spaces of any kind, dots, hyphens and invisible marks; null when nothing is left.</summary>
    public static string? Compact(string? input)
    {
        if (input is null)
        {
            return null;
        }

        var kept = new StringBuilder(input.Length);
        foreach (var character in input)
        {
            if (!IsSeparator(character))
            {
                kept.Append(char.ToUpperInvariant(character));
            }
        }

        return kept.Length == 0 ? null : kept.ToString();
    }

    /// <summary>Whether a text has exactly this many digits 0 to 9 and nothing else.</summary>
    public static bool IsDigits(string text, int count) => text.Length == count && text.All(char.IsAsciiDigit);

    /// <summary>Whether a text is made of zeros only, which every Luhn key accepts.</summary>
    public static bool IsZeros(string text) => text.All(character => character == '0');

    /// <summary>Why a text is no number of this many digits, null when it is one.</summary>
    public static Sentence? ProblemOf(string? input, string compact, int count, string name)
    {
        if (LostDigits(input, name) is { } lost)
        {
            return lost;
        }

        if (!compact.All(char.IsAsciiDigit))
        {
            return $"{name} : ce numéro ne contient que des chiffres.";
        }

        if (compact.Length != count)
        {
            return $"{name} : il faut {count} chiffres, il y en a {compact.Length}.";
        }

        return IsZeros(compact) ? (Sentence)$"{name} : ce numéro n'existe pas." : null;
    }

    /// <summary>Why a number that a spreadsheet rewrote as 2,601E+13 is refused, null for any other text.</summary>
    public static Sentence? LostDigits(string? input, string name)
        => input is not null && Scientific().IsMatch(input)
            ? (Sentence)$"{name} : un tableur a abrégé ce numéro ({input.Trim()}), ses chiffres sont perdus."
            : null;

    /// <summary>Whether a character only separates: spaces of any width, dots, hyphens and dashes, marks that do not show.</summary>
    public static bool IsSeparator(char character)
        => char.IsWhiteSpace(character)
            || character == '.'
            || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;

    [GeneratedRegex(@"^\s*[0-9]([.,][0-9]+)?[eE]\+[0-9]+\s*$")]
    private static partial Regex Scientific();
}
