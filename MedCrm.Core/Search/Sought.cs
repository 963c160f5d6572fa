using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Search;

/// <summary>What somebody typed, as the indexes are asked for it.</summary>
/// <param name="From">The first key that starts with it.</param>
/// <param name="To">What comes after the last one.</param>
/// <param name="Words">The full-text expression: every word, as a prefix.</param>
internal sealed record Sought(string From, string To, string Words)
{
    private const int MostWords = 12;

    /// <summary>Null when nothing is left to search.</summary>
    public static Sought? Of(string text)
    {
        var key = SearchKey.Fold(text);
        return key.Length == 0 ? null : new Sought(key, key + '\uffff', WordsOf([.. key.Split(' ', MostWords + 1).Take(MostWords)]));
    }

    // A number is typed in pairs, with dots, with 0 or +33; the index holds it in one piece. Beside a name its groups may also be words of their own.
    private static string WordsOf(string[] words)
    {
        var parts = new List<string>();
        var isNumber = Array.TrueForAll(words, IsDigits);
        for (var at = 0; at < words.Length;)
        {
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

        return string.Join(" AND ", parts);
    }

    // « St Malo » is Saint-Malo, and « Ste Anne » Sainte-Anne.
    private static string Word(string word) => word is "st" or "ste" ? $"({Beginning(word)} OR {Beginning(word == "st" ? "saint" : "sainte")})" : Beginning(word);

    private static string Beginning(string word) => $"\"{word}\"*";

    private static bool IsDigits(string word) => word.All(char.IsAsciiDigit);
}
