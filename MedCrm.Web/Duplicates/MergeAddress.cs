using MedCrm.Core.Customers;
using MedCrm.Core.Duplicates;

namespace MedCrm.Web.Duplicates;

/// <summary>The addresses of this room: a kind of record is called by its word.</summary>
public static class MergeAddress
{
    /// <summary>The page on which some records are merged.</summary>
    public static string Of(string type, IEnumerable<Guid> ids) => $"/duplicates/merge?type={WordOf(type)}&ids={string.Join(',', ids)}";

    /// <summary>« institution », « contact ».</summary>
    public static string WordOf(string type) => type == nameof(Contact) ? "contact" : "institution";

    /// <summary>The kind that a word of the address calls; institutions unless it says otherwise.</summary>
    public static string TypeOf(string? word) => word == "contact" ? nameof(Contact) : nameof(Institution);

    /// <summary>The ids of an address, those that are none left out.</summary>
    public static IReadOnlyList<Guid> IdsOf(string? text)
        => [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => Guid.TryParse(part, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().Take(Merges.Most + 1)];
}
