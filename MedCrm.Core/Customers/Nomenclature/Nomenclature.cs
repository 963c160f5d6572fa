using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Customers;

/// <summary>The official lists behind the codes of FINESS and of the SAE survey (DREES, 2021 edition), completed with five FINESS categories it leaves out.</summary>
public static class Nomenclature
{
    private static readonly ILookup<string, string[]> s_lines = ReadLines();

    private static readonly FrozenDictionary<string, InstitutionCategory> s_categories = s_lines["categorie"]
        .Select(line => NewCategory(line[1], line[2]))
        .ToFrozenDictionary(category => category.Code);

    private static readonly FrozenDictionary<string, LegalStatus> s_legalStatuses = s_lines["statut_juridique"]
        .Select(line => new LegalStatus(line[1], line[2], OwnershipOf(line[1])!.Value))
        .ToFrozenDictionary(status => status.Code);

    private static readonly FrozenDictionary<string, NomenclatureEntry> s_regions = Entries("region");
    private static readonly FrozenDictionary<string, NomenclatureEntry> s_espic = Entries("espic");
    private static readonly FrozenDictionary<string, NomenclatureEntry> s_groupedCategories = Entries("categorie_regroupee");
    private static readonly FrozenDictionary<string, NomenclatureEntry> s_specialities = Entries("specialite_medicale");

    private static readonly FrozenDictionary<string, InstitutionCategory> s_categoriesByName = CategoriesByName();

    /// <summary>Every known category, by code.</summary>
    public static IReadOnlyList<InstitutionCategory> Categories { get; } = [.. s_categories.Values.OrderBy(category => category.Code, StringComparer.Ordinal)];

    /// <summary>Every known legal status, by code.</summary>
    public static IReadOnlyList<LegalStatus> LegalStatuses { get; } = [.. s_legalStatuses.Values.OrderBy(status => status.Code, StringComparer.Ordinal)];

    /// <summary>The eighteen regions, by code.</summary>
    public static IReadOnlyList<NomenclatureEntry> Regions { get; } = Sorted(s_regions);

    /// <summary>The grouped categories used by the SAE survey (PUB1, PNL5…), by code.</summary>
    public static IReadOnlyList<NomenclatureEntry> GroupedCategories { get; } = Sorted(s_groupedCategories);

    /// <summary>Medical specialities and the headings above them (codes ending in 000, and 9999), by code.</summary>
    public static IReadOnlyList<NomenclatureEntry> Specialities { get; } = Sorted(s_specialities);

    /// <summary>The codes of the categories that enter the CRM by default.</summary>
    public static IReadOnlySet<string> ImportableCategories { get; } = s_categories.Values
        .Where(category => category.IsImportable)
        .Select(category => category.Code)
        .ToFrozenSet();

    /// <summary>The category of a code, or null when the code is unknown.</summary>
    public static InstitutionCategory? Category(string? code) => Find(s_categories, code);

    /// <summary>The category a person means by a code, a label or a short label, whatever the case and accents; null when none matches.</summary>
    public static InstitutionCategory? FindCategory(string? text) =>
        Category(text) ?? (text is null ? null : s_categoriesByName.GetValueOrDefault(SearchKey.Fold(text)));

    /// <summary>The legal status of a code, or null when the code is unknown.</summary>
    public static LegalStatus? LegalStatus(string? code) => Find(s_legalStatuses, code);

    /// <summary>The region of a code, or null when the code is unknown.</summary>
    public static NomenclatureEntry? Region(string? code) => Find(s_regions, code);

    /// <summary>The meaning of an ESPIC code (0, 1, 6, 7, 9), or null when the code is unknown.</summary>
    public static NomenclatureEntry? Espic(string? code) => Find(s_espic, code);

    /// <summary>The grouped category of a code, or null when the code is unknown.</summary>
    public static NomenclatureEntry? GroupedCategory(string? code) => Find(s_groupedCategories, code);

    /// <summary>The medical speciality of a code, or null when the code is unknown.</summary>
    public static NomenclatureEntry? Speciality(string? code) => Find(s_specialities, code);

    /// <summary>Public or private, from a legal status code even when the list lacks it; null outside the ranges FINESS uses.</summary>
    public static Ownership? OwnershipOf(string? legalStatusCode) =>
        !int.TryParse(legalStatusCode, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? null
            : code switch
            {
                >= 1 and <= 30 => Ownership.Public,
                89 or (>= 40 and <= 66) => Ownership.PrivateNonProfit,
                >= 70 and <= 95 => Ownership.PrivateForProfit,
                _ => null,
            };

    private static ILookup<string, string[]> ReadLines()
    {
        var assembly = typeof(Nomenclature).Assembly;
        var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith("nomenclatures.csv", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.TrimEnd('\r').Split(';'))
            .ToLookup(fields => fields[0]);
    }

    private static FrozenDictionary<string, NomenclatureEntry> Entries(string nomenclature) => s_lines[nomenclature]
        .Select(line => new NomenclatureEntry(line[1], line[2]))
        .ToFrozenDictionary(entry => entry.Code);

    private static FrozenDictionary<string, InstitutionCategory> CategoriesByName() => s_categories.Values
        .OrderBy(category => category.Code is "101" or "355" or "365" or "141" or "697" ? 0 : 1)
        .ThenBy(category => category.Code, StringComparer.Ordinal)
        .SelectMany(category => new[] { category.Label, category.ShortLabel }.Concat(Aliases(category.Code)).Select(name => (Name: SearchKey.Fold(name), category)))
        .DistinctBy(pair => pair.Name)
        .ToFrozenDictionary(pair => pair.Name, pair => pair.category);

    private static string[] Aliases(string code) => code switch
    {
        "101" => ["CHU", "CHRU", "Centre hospitalier universitaire", "Centre hospitalier régional"],
        "109" => ["SSR", "SMR", "Soins de suite", "Soins de suite et de réadaptation", "Soins médicaux et de réadaptation"],
        "106" => ["Hôpital local", "Hôpital de proximité"],
        "127" => ["Hospitalisation à domicile"],
        "131" => ["Centre de lutte contre le cancer"],
        "141" => ["Centre de dialyse"],
        "292" => ["EPSM", "Centre hospitalier spécialisé", "Hôpital psychiatrique"],
        "355" => ["Centre hospitalier", "Hôpital"],
        "362" => ["Soins de longue durée", "SLD", "ULSD"],
        "365" => ["Clinique privée", "Polyclinique"],
        "500" => ["Maison de retraite médicalisée"],
        "697" => ["GCS"],
        _ => [],
    };

    private static InstitutionCategory NewCategory(string code, string label)
    {
        var (shortLabel, kind) = code switch
        {
            "101" => ("CHR", CategoryKind.RegionalHospital),
            "106" => ("CH ex-hôpital local", CategoryKind.Hospital),
            "109" => ("SSR/SMR", CategoryKind.Rehabilitation),
            "114" => ("Hôpital militaire", CategoryKind.Hospital),
            "115" => ("Santé des armées", CategoryKind.Hospital),
            "122" => ("Clinique obstétricale", CategoryKind.Clinic),
            "127" => ("HAD", CategoryKind.HomeCare),
            "128" => ("Clinique chirurgicale", CategoryKind.Clinic),
            "129" => ("Clinique médicale", CategoryKind.Clinic),
            "131" => ("CLCC", CategoryKind.CancerCentre),
            "141" => ("Dialyse", CategoryKind.Dialysis),
            "146" => ("Dialyse hors centre", CategoryKind.Dialysis),
            "156" => ("CMP", CategoryKind.MentalHealth),
            "161" => ("Clinique psychiatrique", CategoryKind.MentalHealth),
            "189" => ("CMPP", CategoryKind.MedicoSocial),
            "223" => ("PMI", CategoryKind.MedicoSocial),
            "292" => ("CHS", CategoryKind.MentalHealth),
            "340" => ("Mandataire judiciaire", CategoryKind.MedicoSocial),
            "355" => ("CH", CategoryKind.Hospital),
            "362" => ("USLD", CategoryKind.LongTermCare),
            "365" => ("Clinique", CategoryKind.Clinic),
            "366" => ("Atelier thérapeutique", CategoryKind.MentalHealth),
            "412" => ("Appartement thérapeutique", CategoryKind.MentalHealth),
            "415" => ("SMPR", CategoryKind.MentalHealth),
            "422" => ("Soins à domicile", CategoryKind.HomeCare),
            "425" => ("CATTP", CategoryKind.MentalHealth),
            "426" => ("SIH", CategoryKind.Grouping),
            "430" => ("Postcure", CategoryKind.MentalHealth),
            "433" => ("Prison", CategoryKind.Hospital),
            "444" => ("Centre de crise", CategoryKind.MentalHealth),
            "462" => ("Lieu de vie", CategoryKind.MedicoSocial),
            "500" => ("EHPAD", CategoryKind.MedicoSocial),
            "695" => ("GCS exploitant", CategoryKind.Grouping),
            "696" => ("GCS moyens", CategoryKind.Grouping),
            "697" => ("GCS-ES", CategoryKind.Grouping),
            "698" => ("Autre hospitalier", CategoryKind.Other),
            "699" => ("Entité autorisée", CategoryKind.Other),
            "899" => ("EJ dialyse", CategoryKind.Dialysis),
            _ => ("Indéterminé", CategoryKind.Other),
        };
        // Places of life and court-appointed guardians often work from a private home.
        return new InstitutionCategory(code, label, shortLabel, kind, IsImportable: code is not ("462" or "340"));
    }

    private static NomenclatureEntry[] Sorted(FrozenDictionary<string, NomenclatureEntry> entries) =>
        [.. entries.Values.OrderBy(entry => entry.Code, StringComparer.Ordinal)];

    private static T? Find<T>(FrozenDictionary<string, T> entries, string? code)
        where T : class =>
        code is null ? null : entries.GetValueOrDefault(code.Trim());
}
