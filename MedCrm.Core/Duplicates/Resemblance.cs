using MedCrm.Core.Customers;

namespace MedCrm.Core.Duplicates;

/// <summary>The one judge of how much two records look like one: for the queue, and while somebody types.</summary>
public static class Resemblance
{
    /// <summary>How much two institutions look like one.</summary>
    public static Likeness Of(InstitutionDetails one, InstitutionDetails other)
        => InstitutionTraits.Compare(new InstitutionTraits(Guid.Empty, one), new InstitutionTraits(Guid.Empty, other));

    /// <summary>How much two contacts look like one; in the same institution when <paramref name="institution"/> is that of both, else in the towns given.</summary>
    public static Likeness Of(ContactDetails one, ContactDetails other, Guid? institution = null, string? town = null, string? otherTown = null)
    {
        return ContactTraits.Compare(new ContactTraits(Guid.Empty, one, Places(town)), new ContactTraits(Guid.Empty, other, Places(otherTown)));

        TraitPlace[] Places(string? city)
            => institution is { } id ? [new TraitPlace(id, new Town(null, city).Name())]
                : city is null ? []
                : [new TraitPlace(Guid.NewGuid(), new Town(null, city).Name())];
    }

    /// <summary>The pairs that share a key at least, each once. A key that many share tells nothing, and is passed over.</summary>
    internal static IEnumerable<(T One, T Other)> Candidates<T>(IReadOnlyList<T> records, int mostInBlock)
        where T : ITraits
    {
        var blocks = new Dictionary<string, List<int>>();
        for (var index = 0; index < records.Count; index++)
        {
            foreach (var key in records[index].Keys().Distinct())
            {
                if (!blocks.TryGetValue(key, out var block))
                {
                    blocks[key] = block = [];
                }

                block.Add(index);
            }
        }

        var seen = new HashSet<(int, int)>();
        foreach (var block in blocks.Values.Where(block => block.Count > 1 && block.Count <= mostInBlock))
        {
            for (var first = 0; first < block.Count; first++)
            {
                for (var second = first + 1; second < block.Count; second++)
                {
                    if (seen.Add((block[first], block[second])))
                    {
                        yield return (records[block[first]], records[block[second]]);
                    }
                }
            }
        }
    }
}
