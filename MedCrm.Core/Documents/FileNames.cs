using System.Globalization;
using System.Text;

namespace MedCrm.Core.Documents;

/// <summary>Names of files as they come from anywhere, made harmless on every system: no way out of a folder, nothing invisible, the extension of what is inside.</summary>
public static class FileNames
{
    /// <summary>The characters that a name may have, its extension included.</summary>
    public const int Longest = 200;

    private const string Forbidden = "<>:\"|?*";
    private const string Nameless = "document";
    private static readonly HashSet<string> s_reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "0123456789¹²³".SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A name with the extension that the content asks for. One that lies is replaced; what is no extension of a file stays part of the name.</summary>
    public static string Clean(string? name, DocumentKind kind)
    {
        var text = Harmless(name);
        var extension = Path.GetExtension(text);
        var known = extension.Length > 1 && DocumentKinds.IsExtension(extension);
        var stem = known ? text[..^extension.Length] : text;
        extension = known && kind.Extensions.Contains(extension.ToLowerInvariant()) ? extension : kind.Extensions[0];
        return Guarded(stem, Longest - extension.Length) + extension;
    }

    /// <summary>The name without its extension, as a document is first called.</summary>
    public static string StemOf(string fileName) => Path.GetFileNameWithoutExtension(fileName);

    /// <summary>Another name for a file that would stand beside one of the same name: « devis (2).pdf ». Systems that ignore case must tell them apart.</summary>
    public static string Unique(string fileName, ISet<string> taken)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(fileName), Path.GetExtension(fileName));
        var name = fileName;
        for (var number = 2; !taken.Add(name.ToUpperInvariant()); number++)
        {
            name = $"{stem} ({number.ToString(CultureInfo.InvariantCulture)}){extension}";
        }

        return name;
    }

    private static string Harmless(string? name)
    {
        var clean = new StringBuilder();
        var last = (name ?? "")[((name ?? "").LastIndexOfAny(['/', '\\']) + 1)..];
        foreach (var rune in last.EnumerateRunes())
        {
            // A lone surrogate comes out of the enumeration as the replacement character.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || rune.Value is '\t' or '\n' or '\r')
            {
                clean.Append(' ');
            }
            else if (!IsInvisible(rune))
            {
                clean.Append(rune.IsBmp && Forbidden.Contains((char)rune.Value) ? "_" : rune.ToString());
            }
        }

        return string.Join(' ', clean.ToString().Normalize().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    // Controls and marks that turn the direction of reading; the joiner that holds emoji together stays.
    private static bool IsInvisible(Rune rune)
        => rune.Value is not 0x200D and not (>= 0xE0020 and <= 0xE007F)
            && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    private static string Guarded(string stem, int longest)
    {
        stem = stem.Trim(' ', '.');
        stem = s_reserved.Contains(stem.Split('.')[0].TrimEnd()) ? $"_{stem}" : stem;
        return Shortened(stem, longest).TrimEnd(' ', '.') is { Length: > 0 } kept ? kept : Nameless;
    }

    // Cut between characters as people see them, never inside an emoji.
    private static string Shortened(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = 0;
        foreach (var start in StringInfo.ParseCombiningCharacters(text))
        {
            if (start > longest)
            {
                break;
            }

            end = start;
        }

        return text[..end];
    }
}
