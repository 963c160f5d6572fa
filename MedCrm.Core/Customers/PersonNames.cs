using MedCrm.Core.Foundation;

namespace MedCrm.Core.Customers;

/// <summary>The names of people as they are written: civilities, capitals, either order.</summary>
internal static class PersonNames
{
    private static readonly Dictionary<string, string> s_civilities = new()
    {
        ["m"] = "M.",
        ["mr"] = "M.",
        ["monsieur"] = "M.",
        ["mme"] = "Mme",
        ["mlle"] = "Mme",
        ["madame"] = "Mme",
        ["mademoiselle"] = "Mme",
        ["dr"] = "Dr",
        ["docteur"] = "Dr",
        ["pr"] = "Pr",
        ["prof"] = "Pr",
        ["professeur"] = "Pr",
    };

    /// <summary>A civility as the product writes it; one that it does not know stays as it is.</summary>
    public static string? Civility(string? text) => text is not null && s_civilities.TryGetValue(SearchKey.Fold(text), out var known) ? known : text;

    /// <summary>First and last name in a form that case, accents and their order leave alone.</summary>
    public static string KeyOf(string? firstName, string? lastName)
        => string.Join(' ', SearchKey.Fold($"{firstName} {lastName}").Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    /// <summary>The parts of « Dr Hélène RENAUD », « Renaud, Hélène », « Hélène Renaud »: capitals or a comma tell the last name, else the first word is the first name.</summary>
    public static (string? Civility, string? FirstName, string? LastName) Split(string? text)
    {
        if (text is null)
        {
            return default;
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        string? civility = null;
        while (words.Count > 1 && s_civilities.TryGetValue(SearchKey.Fold(words[0]), out var known))
        {
            civility = civility is null or "M." or "Mme" ? known : civility;
            words.RemoveAt(0);
        }

        if (words.FindIndex(word => word.EndsWith(',')) is >= 0 and var comma && comma < words.Count - 1)
        {
            return (civility, Joined(words[(comma + 1)..]), Joined(words[..(comma + 1)])!.TrimEnd(','));
        }

        var capitals = words.FindAll(IsInCapitals);
        if (capitals.Count > 0 && capitals.Count < words.Count)
        {
            return (civility, Joined(words.FindAll(word => !IsInCapitals(word))), Joined(capitals));
        }

        return words.Count == 1 ? (civility, null, words[0]) : (civility, words[0], Joined(words[1..]));
    }

    private static bool IsInCapitals(string word) => word.Count(char.IsLetter) > 1 && word.All(character => !char.IsLetter(character) || char.IsUpper(character));

    private static string? Joined(List<string> words) => words.Count == 0 ? null : string.Join(' ', words);
}
