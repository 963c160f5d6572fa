using System.Text.RegularExpressions;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Search;

/// <summary>One kind of record alone: « c: martin » looks for contacts.</summary>
public sealed partial record SearchFilter(string Letter, string RecordType, string Name)
{
    /// <summary>Every filter, in the order of the hint.</summary>
    public static IReadOnlyList<SearchFilter> All { get; } =
    [
        new("c", nameof(Contact), "contact"),
        new("e", nameof(Institution), "établissement"),
        new("a", nameof(Opportunity), "affaire"),
        new("v", nameof(Quote), "devis"),
        new("t", nameof(FollowUpTask), "tâche"),
        new("f", nameof(Invoice), "facture"),
        new("k", nameof(Contract), "contrat"),
        new("d", nameof(Document), "document"),
        new("n", nameof(Activity), "notes et appels"),
    ];

    /// <summary>The filter that a text begins with, if any, and what is left to look for.</summary>
    public static (SearchFilter? Filter, string Text) Split(string typed)
        => Prefix().Match(typed) is { Success: true } prefix && All.FirstOrDefault(filter => filter.Letter == SearchKey.Fold(prefix.Groups[1].Value)) is { } filter
            ? (filter, typed[prefix.Length..].Trim())
            : (null, typed.Trim());

    // In French a colon takes a space before it.
    [GeneratedRegex(@"^\s*(\p{L})\s?:")]
    private static partial Regex Prefix();
}
