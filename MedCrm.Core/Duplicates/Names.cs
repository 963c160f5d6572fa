using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Duplicates;

/// <summary>How close two names are.</summary>
internal enum NameLikeness
{
    Apart,
    Close,
    Same,
}

/// <summary>Words that a slip of the hand, or another spelling of the same sound, tells apart.</summary>
internal static class CloseWords
{
    private const int ShortestWithSound = 4;
    private const int ShortestWithSlip = 5;
    private const int ShortestWithTwo = 9;

    /// <summary>
    /// Whether two folded words are one: the same sound (Renaud, Renault; Josef, Joseph), or a letter more, less, other or swapped with its
    /// neighbour in words of five letters and more, two of them in long words. Figures are never close.
    /// </summary>
    public static bool AreOne(string one, string other)
    {
        var shortest = Math.Min(one.Length, other.Length);
        if (one == other || shortest < ShortestWithSound || Math.Abs(one.Length - other.Length) > 2 || one.Any(char.IsAsciiDigit) || other.Any(char.IsAsciiDigit))
        {
            return one == other;
        }

        return Sound(one) == Sound(other) || (shortest >= ShortestWithSlip && Distance(one, other) <= (shortest >= ShortestWithTwo ? 2 : 1));
    }

    // What French writes in several ways and says in one; the last letters are often silent.
    private static string Sound(string word)
    {
        var said = word.Replace("ault", "o", StringComparison.Ordinal).Replace("eau", "o", StringComparison.Ordinal).Replace("au", "o", StringComparison.Ordinal)
            .Replace("ph", "f", StringComparison.Ordinal).Replace("th", "t", StringComparison.Ordinal).Replace("qu", "k", StringComparison.Ordinal).Replace('y', 'i');
        return string.Concat(said.TrimEnd('e', 's', 't', 'd', 'x', 'z', 'h').Where((letter, index) => index == 0 || said[index - 1] != letter));
    }

    // How many letters are to be added, taken away, changed or swapped.
    private static int Distance(string one, string other)
    {
        Span<int> before = stackalloc int[other.Length + 1];
        Span<int> last = stackalloc int[other.Length + 1];
        Span<int> now = stackalloc int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++)
        {
            last[column] = column;
        }

        for (var row = 1; row <= one.Length; row++)
        {
            now[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var cost = one[row - 1] == other[column - 1] ? 0 : 1;
                now[column] = Math.Min(Math.Min(now[column - 1], last[column]) + 1, last[column - 1] + cost);
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                {
                    now[column] = Math.Min(now[column], before[column - 2] + 1);
                }
            }

            last.CopyTo(before);
            now.CopyTo(last);
        }

        return last[other.Length];
    }
}

/// <summary>The name of an institution as it is compared: what it is (centre hospitalier, clinique) apart from what it is called.</summary>
internal sealed class InstitutionName
{
    private const double CloseFrom = 0.8;
    private const double CloseWord = 0.9;
    private const double KindWeight = 0.15;

    private static readonly HashSet<string> s_small = ["de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "a", "au", "aux", "sur", "sous", "of", "pour"];

    private static readonly Dictionary<string, string[]> s_short = new()
    {
        ["ch"] = ["centre", "hospitalier"],
        ["chu"] = ["centre", "hospitalier", "universitaire"],
        ["chr"] = ["centre", "hospitalier", "regional"],
        ["chru"] = ["centre", "hospitalier", "regional", "universitaire"],
        ["chi"] = ["centre", "hospitalier", "intercommunal"],
        ["chs"] = ["centre", "hospitalier", "specialise"],
        ["gh"] = ["groupe", "hospitalier"],
        ["hl"] = ["hopital", "local"],
        ["hopitaux"] = ["hopital"],
        ["hospitaliers"] = ["hospitalier"],
        ["cliniques"] = ["clinique"],
        ["st"] = ["saint"],
        ["ste"] = ["sainte"],
    };

    private static readonly HashSet<string> s_kinds =
    [
        "centre", "hospitalier", "hospitaliere", "hopital", "clinique", "polyclinique", "universitaire", "regional", "intercommunal", "specialise", "local", "groupe",
        "etablissement", "ehpad", "maison", "retraite", "residence", "institut", "institution", "fondation", "association", "societe", "sas", "sarl", "sa", "site", "public", "prive", "privee", "sante",
        "medical", "chirurgical", "had", "ssr", "smr", "usld", "dialyse", "soins", "convalescence", "reeducation", "readaptation", "fonctionnelle",
    ];

    private InstitutionName(string[] proper, string[] kinds) => (Proper, Kinds) = (proper, kinds);

    /// <summary>What it is called: the words that others of its kind do not share.</summary>
    public string[] Proper { get; }

    /// <summary>What it is.</summary>
    public string[] Kinds { get; }

    /// <summary>The name as it was written, made ready.</summary>
    public static InstitutionName Of(string name)
    {
        var words = SearchKey.Fold(name).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => s_short.TryGetValue(word, out var whole) ? whole : [word])
            .Where(word => !s_small.Contains(word))
            .Distinct()
            .ToLookup(s_kinds.Contains);
        return new InstitutionName([.. words[false]], [.. words[true]]);
    }

    /// <summary>How close two names are, the words of their towns left out.</summary>
    public NameLikeness To(InstitutionName other, string[] town, string[] otherTown)
    {
        var (mine, theirs) = (Without(Proper, town, otherTown), Without(other.Proper, town, otherTown));
        var kinds = Kinds.Length == 0 || other.Kinds.Length == 0 ? 1 : Shared(Kinds, other.Kinds);
        var share = (mine.Length, theirs.Length) switch
        {
            (0, 0) when Kinds.Length == 0 != (other.Kinds.Length == 0) => 0,
            // Two towns that call two institutions, or one town that calls both.
            (0, 0) => Proper.Length == 0 || other.Proper.Length == 0 || Shared(Proper, other.Proper) > 0 ? kinds : 0,
            (0, _) or (_, 0) => 0,
            _ => (Shared(mine, theirs) * (1 - KindWeight)) + (kinds * KindWeight),
        };
        if (!Figures(mine).SetEquals(Figures(theirs)))
        {
            share *= CloseFrom;
        }

        return share > 0.999 ? NameLikeness.Same : share >= CloseFrom ? NameLikeness.Close : NameLikeness.Apart;
    }

    private static string[] Without(string[] words, string[] town, string[] otherTown)
        => Array.Exists(words, word => town.Contains(word) || otherTown.Contains(word)) ? [.. words.Where(word => !town.Contains(word) && !otherTown.Contains(word))] : words;

    private static HashSet<string> Figures(string[] words) => [.. words.Where(word => word.Any(char.IsAsciiDigit))];

    // The share of the words that both have, each counted once.
    private static double Shared(string[] one, string[] other)
    {
        var left = other.ToList();
        var found = 0.0;
        foreach (var word in one)
        {
            var same = left.IndexOf(word);
            var index = same >= 0 ? same : left.FindIndex(candidate => CloseWords.AreOne(word, candidate));
            if (index >= 0)
            {
                left.RemoveAt(index);
                found += same >= 0 ? 1 : CloseWord;
            }
        }

        return 2 * found / (one.Length + other.Length);
    }
}

/// <summary>The name of somebody as it is compared: in either order, whatever the capitals, accents and hyphens.</summary>
internal sealed class PersonName(string? firstName, string? lastName)
{
    private readonly string _key = PersonNames.KeyOf(firstName, lastName);

    /// <summary>The first name, folded.</summary>
    public string First { get; } = SearchKey.Fold(firstName ?? "");

    /// <summary>The last name, folded.</summary>
    public string Last { get; } = SearchKey.Fold(lastName ?? "");

    /// <summary>Nothing to compare.</summary>
    public bool IsEmpty => _key.Length == 0;

    /// <summary>How close two names are.</summary>
    public NameLikeness To(PersonName other)
        => IsEmpty || other.IsEmpty ? NameLikeness.Apart
            : _key == other._key ? First.Length == 0 && other.First.Length == 0 && !Last.Contains(' ', StringComparison.Ordinal) ? NameLikeness.Close : NameLikeness.Same
            : (IsLast(Last, other.Last) && IsFirst(First, other.First)) || (First.Length > 0 && other.First.Length > 0 && IsLast(Last, other.First) && IsFirst(First, other.Last)) ? NameLikeness.Close
            : NameLikeness.Apart;

    private static bool IsLast(string one, string other) => CloseWords.AreOne(one.Replace(" ", "", StringComparison.Ordinal), other.Replace(" ", "", StringComparison.Ordinal)) || StartsName(one, other) || StartsName(other, one);

    // An initial, or the first half of a double name, is the whole; nobody's first name may be unknown.
    private static bool IsFirst(string one, string other)
        => one.Length == 0 || other.Length == 0
            || CloseWords.AreOne(one.Replace(" ", "", StringComparison.Ordinal), other.Replace(" ", "", StringComparison.Ordinal))
            || StartsName(one, other) || StartsName(other, one)
            || (one[0] == other[0] && (one.Length == 1 || other.Length == 1));

    private static bool StartsName(string part, string whole) => part.Length > 2 && whole.Length > part.Length && whole.StartsWith(part, StringComparison.Ordinal) && whole[part.Length] == ' ';
}
