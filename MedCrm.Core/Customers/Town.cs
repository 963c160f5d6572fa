using MedCrm.Core.Foundation;

namespace MedCrm.Core.Customers;

/// <summary>Where an institution stands, as far as it tells two of the same name apart.</summary>
internal readonly record struct Town(string? Postcode, string? City)
{
    /// <summary>Whether both are the same: by the postcode when both have one, else by the name.</summary>
    public bool IsSame(Town other)
        => Postcode is not null && other.Postcode is not null
            ? Postcode == other.Postcode
            : SearchKey.Fold(City ?? "") == SearchKey.Fold(other.City ?? "");

    /// <summary>The town without what the post adds to it, the same for Nantes Cedex 1 and for NANTES; null when it is not known.</summary>
    public TownName? Name()
    {
        var words = Words();
        return words.Length == 0 ? null : new TownName(string.Join(' ', words), Departments.OfPostcode(Postcode)?.Code);
    }

    /// <summary>The words of its name.</summary>
    public string[] Words()
        => [.. SearchKey.Fold(City ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word is not ("cedex" or "arrondissement") && !word.Any(char.IsAsciiDigit))
            .Select(word => word switch { "st" => "saint", "ste" => "sainte", _ => word })];
}

/// <summary>A town by its name; the department tells those of the same name apart, where it is known.</summary>
internal readonly record struct TownName(string Name, string? Department)
{
    /// <summary>Whether both may be the same.</summary>
    public bool IsNear(TownName other) => Name == other.Name && (Department is null || other.Department is null || Department == other.Department);
}
