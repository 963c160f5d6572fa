using System.Collections.Frozen;

namespace MedCrm.Core.Customers;

/// <summary>The 101 departments and the overseas territories, found by INSEE code, FINESS code, commune or postcode.</summary>
public static class Departments
{
    private static readonly FrozenDictionary<string, string> s_finessCodes = new Dictionary<string, string>
    {
        ["9A"] = "971",
        ["9B"] = "972",
        ["9C"] = "973",
        ["9D"] = "974",
        ["9E"] = "975",
        ["9F"] = "976",
        ["9J"] = "986",
    }.ToFrozenDictionary();

    /// <summary>Every department and territory, by code.</summary>
    public static IReadOnlyList<Department> All { get; } =
    [
        new("01", "Ain", Nomenclature.Region("84")),
        new("02", "Aisne", Nomenclature.Region("32")),
        new("03", "Allier", Nomenclature.Region("84")),
        new("04", "Alpes-de-Haute-Provence", Nomenclature.Region("93")),
        new("05", "Hautes-Alpes", Nomenclature.Region("93")),
        new("06", "Alpes-Maritimes", Nomenclature.Region("93")),
        new("07", "Ardèche", Nomenclature.Region("84")),
        new("08", "Ardennes", Nomenclature.Region("44")),
        new("09", "Ariège", Nomenclature.Region("76")),
        new("10", "Aube", Nomenclature.Region("44")),
        new("11", "Aude", Nomenclature.Region("76")),
        new("12", "Aveyron", Nomenclature.Region("76")),
        new("13", "Bouches-du-Rhône", Nomenclature.Region("93")),
        new("14", "Calvados", Nomenclature.Region("28")),
        new("15", "Cantal", Nomenclature.Region("84")),
        new("16", "Charente", Nomenclature.Region("75")),
        new("17", "Charente-Maritime", Nomenclature.Region("75")),
        new("18", "Cher", Nomenclature.Region("24")),
        new("19", "Corrèze", Nomenclature.Region("75")),
        new("21", "Côte-d'Or", Nomenclature.Region("27")),
        new("22", "Côtes-d'Armor", Nomenclature.Region("53")),
        new("23", "Creuse", Nomenclature.Region("75")),
        new("24", "Dordogne", Nomenclature.Region("75")),
        new("25", "Doubs", Nomenclature.Region("27")),
        new("26", "Drôme", Nomenclature.Region("84")),
        new("27", "Eure", Nomenclature.Region("28")),
        new("28", "Eure-et-Loir", Nomenclature.Region("24")),
        new("29", "Finistère", Nomenclature.Region("53")),
        new("2A", "Corse-du-Sud", Nomenclature.Region("94")),
        new("2B", "Haute-Corse", Nomenclature.Region("94")),
        new("30", "Gard", Nomenclature.Region("76")),
        new("31", "Haute-Garonne", Nomenclature.Region("76")),
        new("32", "Gers", Nomenclature.Region("76")),
        new("33", "Gironde", Nomenclature.Region("75")),
        new("34", "Hérault", Nomenclature.Region("76")),
        new("35", "Ille-et-Vilaine", Nomenclature.Region("53")),
        new("36", "Indre", Nomenclature.Region("24")),
        new("37", "Indre-et-Loire", Nomenclature.Region("24")),
        new("38", "Isère", Nomenclature.Region("84")),
        new("39", "Jura", Nomenclature.Region("27")),
        new("40", "Landes", Nomenclature.Region("75")),
        new("41", "Loir-et-Cher", Nomenclature.Region("24")),
        new("42", "Loire", Nomenclature.Region("84")),
        new("43", "Haute-Loire", Nomenclature.Region("84")),
        new("44", "Loire-Atlantique", Nomenclature.Region("52")),
        new("45", "Loiret", Nomenclature.Region("24")),
        new("46", "Lot", Nomenclature.Region("76")),
        new("47", "Lot-et-Garonne", Nomenclature.Region("75")),
        new("48", "Lozère", Nomenclature.Region("76")),
        new("49", "Maine-et-Loire", Nomenclature.Region("52")),
        new("50", "Manche", Nomenclature.Region("28")),
        new("51", "Marne", Nomenclature.Region("44")),
        new("52", "Haute-Marne", Nomenclature.Region("44")),
        new("53", "Mayenne", Nomenclature.Region("52")),
        new("54", "Meurthe-et-Moselle", Nomenclature.Region("44")),
        new("55", "Meuse", Nomenclature.Region("44")),
        new("56", "Morbihan", Nomenclature.Region("53")),
        new("57", "Moselle", Nomenclature.Region("44")),
        new("58", "Nièvre", Nomenclature.Region("27")),
        new("59", "Nord", Nomenclature.Region("32")),
        new("60", "Oise", Nomenclature.Region("32")),
        new("61", "Orne", Nomenclature.Region("28")),
        new("62", "Pas-de-Calais", Nomenclature.Region("32")),
        new("63", "Puy-de-Dôme", Nomenclature.Region("84")),
        new("64", "Pyrénées-Atlantiques", Nomenclature.Region("75")),
        new("65", "Hautes-Pyrénées", Nomenclature.Region("76")),
        new("66", "Pyrénées-Orientales", Nomenclature.Region("76")),
        new("67", "Bas-Rhin", Nomenclature.Region("44")),
        new("68", "Haut-Rhin", Nomenclature.Region("44")),
        new("69", "Rhône", Nomenclature.Region("84")),
        new("70", "Haute-Saône", Nomenclature.Region("27")),
        new("71", "Saône-et-Loire", Nomenclature.Region("27")),
        new("72", "Sarthe", Nomenclature.Region("52")),
        new("73", "Savoie", Nomenclature.Region("84")),
        new("74", "Haute-Savoie", Nomenclature.Region("84")),
        new("75", "Paris", Nomenclature.Region("11")),
        new("76", "Seine-Maritime", Nomenclature.Region("28")),
        new("77", "Seine-et-Marne", Nomenclature.Region("11")),
        new("78", "Yvelines", Nomenclature.Region("11")),
        new("79", "Deux-Sèvres", Nomenclature.Region("75")),
        new("80", "Somme", Nomenclature.Region("32")),
        new("81", "Tarn", Nomenclature.Region("76")),
        new("82", "Tarn-et-Garonne", Nomenclature.Region("76")),
        new("83", "Var", Nomenclature.Region("93")),
        new("84", "Vaucluse", Nomenclature.Region("93")),
        new("85", "Vendée", Nomenclature.Region("52")),
        new("86", "Vienne", Nomenclature.Region("75")),
        new("87", "Haute-Vienne", Nomenclature.Region("75")),
        new("88", "Vosges", Nomenclature.Region("44")),
        new("89", "Yonne", Nomenclature.Region("27")),
        new("90", "Territoire de Belfort", Nomenclature.Region("27")),
        new("91", "Essonne", Nomenclature.Region("11")),
        new("92", "Hauts-de-Seine", Nomenclature.Region("11")),
        new("93", "Seine-Saint-Denis", Nomenclature.Region("11")),
        new("94", "Val-de-Marne", Nomenclature.Region("11")),
        new("95", "Val-d'Oise", Nomenclature.Region("11")),
        new("971", "Guadeloupe", Nomenclature.Region("01")),
        new("972", "Martinique", Nomenclature.Region("02")),
        new("973", "Guyane", Nomenclature.Region("03")),
        new("974", "La Réunion", Nomenclature.Region("04")),
        new("975", "Saint-Pierre-et-Miquelon", null),
        new("976", "Mayotte", Nomenclature.Region("06")),
        new("977", "Saint-Barthélemy", null),
        new("978", "Saint-Martin", null),
        new("986", "Wallis-et-Futuna", null),
        new("987", "Polynésie française", null),
        new("988", "Nouvelle-Calédonie", null),
    ];

    private static readonly FrozenDictionary<string, Department> s_byCode = All.ToFrozenDictionary(department => department.Code);

    /// <summary>The department of an INSEE code (01, 2A, 974) or of an overseas FINESS code (9D); null when unknown.</summary>
    public static Department? Find(string? code)
    {
        var key = code?.Trim().ToUpperInvariant();
        return key is null ? null : s_byCode.GetValueOrDefault(s_finessCodes.GetValueOrDefault(key, key));
    }

    /// <summary>The department of an INSEE commune code (01451, 2A004, 97411, or 9D411 as FINESS writes it); null when unknown.</summary>
    public static Department? OfCommune(string? inseeCode) =>
        inseeCode is not { Length: 5 } ? null : Find(inseeCode[..2]) ?? Find(inseeCode[..3]);

    /// <summary>The department a postcode usually belongs to; Corsica is divided at 20200. Null when unknown.</summary>
    public static Department? OfPostcode(string? postcode) => postcode switch
    {
        not { Length: 5 } => null,
        _ when postcode.StartsWith("20", StringComparison.Ordinal) => Find(string.CompareOrdinal(postcode, "20200") < 0 ? "2A" : "2B"),
        "97133" => Find("977"),
        "97150" => Find("978"),
        _ => Find(postcode[..2]) ?? Find(postcode[..3]),
    };

    /// <summary>A commune code as INSEE writes it: the overseas form of FINESS (9A101) becomes 97101; other codes come back unchanged.</summary>
    public static string InseeCommune(string finessCommune)
    {
        ArgumentNullException.ThrowIfNull(finessCommune);
        return finessCommune.Length == 5 && s_finessCodes.TryGetValue(finessCommune[..2], out var code)
            ? string.Concat(code.AsSpan(0, 2), finessCommune.AsSpan(2))
            : finessCommune;
    }
}
