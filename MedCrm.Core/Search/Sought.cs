using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Search;

/// <summary>What somebody typed, as the indexes are asked for it.</summary>
/// <param name="From">The first key that starts with it.</param>
/// <param name="To">What comes after the last one.</param>
/// <param name="Words">The full-text expression: every word but single letters, as a prefix; null when nothing else was typed.</param>
/// <param name="Letters">The single letters and digits: each begins a word too.</param>
internal sealed record Sought(string From, string To, string? Words, IReadOnlyList<string> Letters)
{
    private const int MostWords = 8;

    /// <summary>Null when nothing is left to search.</summary>
    public static Sought? Of(string text)
    {
        var key = SearchKey.Fold(text);
        if (key.Length == 0)
        {
            return null;
        }

        var (parts, letters) = PartsOf([.. key.Split(' ', MostWords + 1).Take(MostWords)]);
        return new Sought(key, key + '\uffff', parts.Count == 0 ? null : string.Join(" AND ", parts), letters);
    }

    // A number is typed in pairs, with dots, with 0 or +33; the index holds it in one piece. Beside a name its groups may also be words of their own.
    private static (List<string> Parts, List<string> Letters) PartsOf(string[] words)
    {
        var (parts, letters) = (new List<string>(), new List<string>());
        var isNumber = Array.TrueForAll(words, IsDigits);
        for (var at = 0; at < words.Length;)
        {
            if (words[at].Length == 1 && (at + 1 == words.Length || !IsDigits(words[at]) || !IsDigits(words[at + 1])))
            {
                letters.Add(words[at++]);
                continue;
            }

            var group = words.Skip(at).TakeWhile(IsDigits).ToArray();
            if (group.Length == 0)
            {
                parts.Add(Word(words[at++]));
                continue;
            }

            var whole = string.Join(" OR ", PhoneNumber.KeptAs(string.Concat(group)).Prepend(string.Concat(group)).Select(Beginning));
            parts.Add(isNumber || group.Length == 1 ? $"({whole})" : $"(({string.Join(" AND ", group.Select(Beginning))}) OR {whole})");
            at += group.Length;
        }

        return (parts, letters);
    }

    // « St Malo » is Saint-Malo, and « Ste Anne » Sainte-Anne.
    private static string Word(string word) => word is "st" or "ste" ? $"({Beginning(word)} OR {Beginning(word == "st" ? "saint" : "sainte")})" : Beginning(word);

    private static string Beginning(string word) => $"\"{word}\"*";

    private static bool IsDigits(string word) => word.All(char.IsAsciiDigit);
}
