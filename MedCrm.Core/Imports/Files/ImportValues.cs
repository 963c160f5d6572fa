using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Imports.Files;

/// <summary>A value that a field may take: what the mapping keeps, and what people read.</summary>
public sealed record ImportChoice(string Value, string Label);

/// <summary>The fields that take one of a few values, what people write for each, and what they choose from when a text is not understood.</summary>
public static class ImportValues
{
    private static readonly Dictionary<string, CustomerStatus> s_statuses = Named(
        ("prospect", CustomerStatus.ColdProspect),
        ("froid", CustomerStatus.ColdProspect),
        ("suspect", CustomerStatus.ColdProspect),
        ("chaud", CustomerStatus.HotProspect),
        ("client actif", CustomerStatus.Customer),
        ("client perdu", CustomerStatus.FormerCustomer),
        ("client inactif", CustomerStatus.FormerCustomer));

    private static readonly Dictionary<string, Influence> s_influences = Named(
        ("decisionnaire", Influence.DecisionMaker),
        ("decision", Influence.DecisionMaker),
        ("signataire", Influence.DecisionMaker),
        ("prescription", Influence.Prescriber),
        ("influenceur", Influence.Prescriber),
        ("acheteuse", Influence.Buyer),
        ("achats", Influence.Buyer),
        ("utilisatrice", Influence.EndUser),
        ("user", Influence.EndUser),
        ("opposante", Influence.Opponent),
        ("detracteur", Influence.Opponent));

    private static readonly Dictionary<string, SupplyNature> s_natures = Named(
        ("service", SupplyNature.Services),
        ("prestation", SupplyNature.Services),
        ("bien", SupplyNature.Goods),
        ("biens", SupplyNature.Goods),
        ("produit", SupplyNature.Goods),
        ("livraison", SupplyNature.Goods));

    private static readonly Dictionary<string, BillingPeriod> s_periods = Named(
        ("ponctuel", BillingPeriod.OneOff),
        ("unique", BillingPeriod.OneOff),
        ("mensuel", BillingPeriod.Monthly),
        ("mensuelle", BillingPeriod.Monthly),
        ("mois", BillingPeriod.Monthly),
        ("trimestriel", BillingPeriod.Quarterly),
        ("trimestrielle", BillingPeriod.Quarterly),
        ("trimestre", BillingPeriod.Quarterly),
        ("semestriel", BillingPeriod.HalfYearly),
        ("semestrielle", BillingPeriod.HalfYearly),
        ("semestre", BillingPeriod.HalfYearly),
        ("annuel", BillingPeriod.Annual),
        ("annuelle", BillingPeriod.Annual),
        ("an", BillingPeriod.Annual),
        ("yearly", BillingPeriod.Annual));

    /// <summary>The fields whose values a person may have to explain.</summary>
    public static IReadOnlyList<ImportField> Explained { get; } = [ImportField.Category, ImportField.Ownership, ImportField.Status, ImportField.Owner, ImportField.ContactInfluence, ImportField.ContactPrimary, ImportField.ItemNature, ImportField.ItemPeriod, ImportField.ItemIsOffered];

    /// <summary>What a text stands for, as the mapping keeps it; null when it is not understood. Owners are known by the database alone.</summary>
    public static string? Meaning(ImportField field, string text)
    {
        var clean = CellText.Clean(text) ?? "";
        return field switch
        {
            ImportField.Category => Nomenclature.FindCategory(clean)?.Code,
            ImportField.Ownership => OwnershipOf(SearchKey.Fold(clean))?.ToString(),
            ImportField.Status => s_statuses.TryGetValue(SearchKey.Fold(clean), out var status) ? status.ToString() : null,
            ImportField.ContactInfluence => s_influences.TryGetValue(SearchKey.Fold(clean), out var influence) ? influence.ToString() : null,
            ImportField.ItemNature => s_natures.TryGetValue(SearchKey.Fold(clean), out var nature) ? nature.ToString() : null,
            ImportField.ItemPeriod => s_periods.TryGetValue(SearchKey.Fold(clean), out var period) ? period.ToString() : null,
            ImportField.ContactPrimary or ImportField.ItemIsOffered => SearchKey.Fold(clean) switch
            {
                "oui" or "o" or "x" or "1" or "vrai" or "true" or "yes" or "y" or "principal" => "true",
                "non" or "n" or "0" or "faux" or "false" or "no" => "false",
                _ => null,
            },
            _ => null,
        };
    }

    /// <summary>What a person chooses from; none for owners, who are the accounts.</summary>
    public static IReadOnlyList<ImportChoice> Choices(ImportField field) => field switch
    {
        ImportField.Category => [.. Nomenclature.Categories.Where(category => category.IsImportable).Select(category => new ImportChoice(category.Code, $"{category.Label} ({category.Code})"))],
        ImportField.Ownership => [.. Enum.GetValues<Ownership>().Where(ownership => ownership is not Ownership.Unknown).Select(ownership => new ImportChoice(ownership.ToString(), Labels.Of(ownership)))],
        ImportField.Status => [.. Enum.GetValues<CustomerStatus>().Select(status => new ImportChoice(status.ToString(), Labels.Of(status)))],
        ImportField.ContactInfluence => [.. Enum.GetValues<Influence>().Where(influence => influence is not Influence.Unknown).Select(influence => new ImportChoice(influence.ToString(), Labels.Of(influence)))],
        ImportField.ItemNature => [.. Enum.GetValues<SupplyNature>().Select(nature => new ImportChoice(nature.ToString(), Labels.Of(nature)))],
        ImportField.ItemPeriod => [.. Enum.GetValues<BillingPeriod>().Select(period => new ImportChoice(period.ToString(), Labels.Of(period)))],
        ImportField.ContactPrimary or ImportField.ItemIsOffered => [new("true", "Oui"), new("false", "Non")],
        _ => [],
    };

    private static Ownership? OwnershipOf(string folded) => folded switch
    {
        "1" => Ownership.Public,
        "2" => Ownership.PrivateForProfit,
        "3" or "espic" or "pnl" or "association" or "fondation" or "mutualiste" => Ownership.PrivateNonProfit,
        _ when folded.Contains("non lucratif", StringComparison.Ordinal) || folded.Contains("but non", StringComparison.Ordinal) || folded.Contains("non profit", StringComparison.Ordinal) || folded.Contains("nonprofit", StringComparison.Ordinal) => Ownership.PrivateNonProfit,
        _ when folded.Contains("public", StringComparison.Ordinal) => Ownership.Public,
        _ when folded.StartsWith("priv", StringComparison.Ordinal) || folded.Contains("lucratif", StringComparison.Ordinal) => Ownership.PrivateForProfit,
        _ => null,
    };

    // What people write beside the French and the English name of each value.
    private static Dictionary<string, TEnum> Named<TEnum>(params ReadOnlySpan<(string Text, TEnum Value)> others)
        where TEnum : struct, Enum
    {
        var named = new Dictionary<string, TEnum>();
        foreach (var (text, value) in others)
        {
            named[text] = value;
        }

        foreach (var value in Enum.GetValues<TEnum>())
        {
            named[SearchKey.Fold(value.ToString())] = value;
            named[SearchKey.Fold(Labels.Of(value))] = value;
        }

        return named;
    }
}
