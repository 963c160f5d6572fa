using MedCrm.Core.Access;

namespace MedCrm.Core.Engagement;

/// <summary>Colleagues named in a text by « @Prénom Nom ».</summary>
public static class Mentions
{
    /// <summary>Who is named, each once. The longest name that fits wins: « @Anne Martin » is not Anne.</summary>
    public static IReadOnlyList<Colleague> In(string? text, IReadOnlyList<Colleague> colleagues)
    {
        if (text is null || !text.Contains('@'))
        {
            return [];
        }

        var byLength = colleagues.Where(colleague => !colleague.IsDisabled && colleague.Name.Length > 0).OrderByDescending(colleague => colleague.Name.Length).ToList();
        var named = new List<Colleague>();
        for (var at = text.IndexOf('@'); at >= 0; at = text.IndexOf('@', at + 1))
        {
            // An address such as claire@example.org names nobody.
            if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
            {
                continue;
            }

            var start = at + 1;
            if (byLength.Find(colleague => Fits(text, start, colleague.Name)) is { } longest)
            {
                named.AddRange(byLength.Where(colleague => string.Equals(colleague.Name, longest.Name, StringComparison.OrdinalIgnoreCase)));
            }
        }

        return [.. named.DistinctBy(colleague => colleague.Id)];
    }

    private static bool Fits(string text, int start, string name)
    {
        var end = start + name.Length;
        return string.Compare(text, start, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
            && (end == text.Length || (end < text.Length && !char.IsLetterOrDigit(text[end])));
    }
}
