using MedCrm.Core.Customers;

namespace MedCrm.Core.Imports.Files;

/// <summary>What the official files hold that must not enter the CRM.</summary>
internal static class InstitutionFilters
{
    private const string NaturalPerson = "70";
    private const string PlaceOfLife = "462";

    /// <summary>Notes a skip for natural persons and for categories that are not wanted.</summary>
    public static void Apply(RowCells cells, ImportSettings settings, string categoryColumn, string? category, string legalStatusColumn, string? legalStatus)
    {
        if (legalStatus == NaturalPerson)
        {
            cells.Note(NoticeSeverity.Skip, legalStatusColumn, "Personne physique : ses données personnelles ne sont pas importées.", legalStatus);
        }

        if (category == PlaceOfLife)
        {
            cells.Note(NoticeSeverity.Skip, categoryColumn, "Lieu de vie : l'adresse peut être un domicile privé, la ligne n'est pas importée.", category);
        }
        else if (category is null || !settings.Categories.Contains(category))
        {
            cells.Note(NoticeSeverity.Skip, categoryColumn, category is null
                ? "Catégorie absente : la ligne n'est pas importée."
                : $"Catégorie {Nomenclature.Category(category)?.Label ?? category} : elle n'est pas dans la liste des catégories importées.", category);
        }
    }

    /// <summary>The parts that are not null, separated by commas; null when none is left.</summary>
    public static string? Joined(params ReadOnlySpan<string?> parts)
    {
        string? joined = null;
        foreach (var part in parts)
        {
            joined = part is null ? joined : joined is null ? part : $"{joined}, {part}";
        }

        return joined;
    }
}
