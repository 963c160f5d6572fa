using System.Collections.Frozen;
using System.Text;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Imports.Files;

/// <summary>The text of a cell freed from what exports and spreadsheets add to it.</summary>
public static class CellText
{
    private static readonly FrozenSet<string> s_errors = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "#N/A", "#REF!", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NAME?", "#NOM?", "#NUM!", "#NOMBRE!", "#NULL!", "#NUL!");

    /// <summary>Whether a cell holds nothing but what a spreadsheet writes, in English or French, for a formula that failed.</summary>
    public static bool IsError(string? raw) => raw is not null && s_errors.Contains(raw.Trim());

    /// <summary>
    /// Trims, turns every run of blanks (no-break ones included) into one space but keeps line breaks, removes the apostrophe
    /// that protects a cell from being read as a formula ('+33…, '=…), and gives null for an empty cell or the error of a formula.
    /// </summary>
    public static string? Clean(string? raw)
    {
        if (string.IsNullOrWhiteSpace(raw) || IsError(raw))
        {
            return null;
        }

        var text = raw.Trim();
        if (text.StartsWith('\'') && text.AsSpan(1).TrimStart(' ') is [var trigger, ..] && trigger is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = text[1..].Trim();
        }

        return NeedsCollapsing(text) ? Collapsed(text) : text;
    }

    /// <summary>The form of an identifier: upper case, without separators nor the apostrophe that forces a spreadsheet to keep text; null when empty.</summary>
    public static string? Compact(string? raw) => IdentifierText.Compact(Clean(raw)?.TrimStart('\''));

    private static bool NeedsCollapsing(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsWhiteSpace(text[index]) && text[index] != '\n' && (text[index] != ' ' || text[index - 1] is ' ' or '\n'))
            {
                return true;
            }
        }

        return false;
    }

    private static string Collapsed(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (var character in text.Replace("\r\n", "\n", StringComparison.Ordinal))
        {
            if (character == '\n' || !char.IsWhiteSpace(character))
            {
                collapsed.Append(character);
            }
            else if (collapsed.Length > 0 && collapsed[^1] is not (' ' or '\n'))
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString();
    }
}
