namespace MedCrm.Core.Imports.Files;

/// <summary>The kinds of file the import understands.</summary>
public enum ImportFormat
{
    /// <summary>Identity file of the SAE survey.</summary>
    Sae,

    /// <summary>MCO file of the SAE survey: beds, a companion of <see cref="Sae"/>.</summary>
    SaeBeds,

    /// <summary>BLOCS file of the SAE survey: operating rooms, a companion of <see cref="Sae"/>.</summary>
    SaeOperatingRooms,

    /// <summary>Historic FINESS extract (etalab-cs1100502 or cs1100507), as published or saved again by a spreadsheet.</summary>
    Finess,

    /// <summary>FINESS JSON flow of structures.</summary>
    FinessJson,

    /// <summary>Any delimited text with a header line.</summary>
    Csv,

    /// <summary>Any XLSX workbook with a header row.</summary>
    Xlsx,
}

/// <summary>Recognises a file by its contents and reads the official ones, whose layout is known.</summary>
public static class ImportFormats
{
    /// <summary>The kind of a seekable file, whatever its name. Throws <see cref="ImportFileException"/> when it is none of them.</summary>
    public static ImportFormat Detect(Stream file, ImportLimits? limits = null) => Recognise(file, limits ?? ImportLimits.Screen, corrections: null).Format;

    /// <summary>Whether the layout of a kind of file is known, so that nobody has to match its columns.</summary>
    public static bool IsOfficial(ImportFormat format) => format is ImportFormat.Sae or ImportFormat.Finess or ImportFormat.FinessJson;

    /// <summary>Whether a kind of file only completes another.</summary>
    public static bool IsCompanion(ImportFormat format) => format is ImportFormat.SaeBeds or ImportFormat.SaeOperatingRooms;

    /// <summary>The French name of a kind of file.</summary>
    public static string Label(ImportFormat format) => format switch
    {
        ImportFormat.Sae => "SAE, identité des établissements",
        ImportFormat.SaeBeds => "SAE, lits (MCO)",
        ImportFormat.SaeOperatingRooms => "SAE, salles d'opération (BLOCS)",
        ImportFormat.Finess => "FINESS, extraction historique",
        ImportFormat.FinessJson => "FINESS, flux JSON",
        ImportFormat.Xlsx => "Classeur XLSX",
        _ => "Fichier CSV",
    };

    /// <summary>
    /// Reads an official file of institutions line by line; the stream must be seekable and stay open, and is read from its start at
    /// each enumeration. Throws <see cref="ImportFileException"/> for a file that is not one, or while reading when a limit is passed.
    /// </summary>
    /// <param name="file">A SAE identity file, a FINESS extract or a FINESS JSON flow.</param>
    /// <param name="companions">MCO and BLOCS files that complete a SAE identity file.</param>
    /// <param name="settings">Limits and wanted categories; those of the screen when null.</param>
    public static IEnumerable<InstitutionLine> ReadInstitutions(Stream file, IReadOnlyCollection<Stream>? companions = null, ImportSettings? settings = null)
    {
        settings ??= ImportSettings.Screen;
        var (format, table) = Recognise(file, settings.Limits, settings.Corrections);
        return format switch
        {
            ImportFormat.Sae => SaeInstitutions.Read(table!, (companions ?? []).Select(companion => ImportTable.Open(companion, settings.Limits)), settings),
            ImportFormat.Finess => FinessInstitutions.Read(table!, settings),
            ImportFormat.FinessJson => FinessJsonInstitutions.Read(file, settings),
            ImportFormat.SaeBeds or ImportFormat.SaeOperatingRooms => throw new ImportFileException("Ce fichier complète le fichier d'identité de la SAE : joignez-le à celui-ci."),
            _ => throw new ImportFileException("Ce fichier n'est pas un fichier officiel : indiquez à quoi correspondent ses colonnes."),
        };
    }

    private static (ImportFormat Format, ImportTable? Table) Recognise(Stream file, ImportLimits limits, IReadOnlyDictionary<(int Line, int Column), string>? corrections)
    {
        if (FileSignature.Of(file, limits) is FileSignature.Json)
        {
            return FinessJsonInstitutions.IsFlow(file, limits)
                ? (ImportFormat.FinessJson, null)
                : throw new ImportFileException("Ce JSON ne contient aucun établissement FINESS (ni « pmej » ni « ege »).");
        }

        var table = ImportTable.Open(file, limits, corrections);
        return (table switch
        {
            _ when SaeInstitutions.IsIdentity(table) => ImportFormat.Sae,
            _ when SaeInstitutions.IsBeds(table) => ImportFormat.SaeBeds,
            _ when SaeInstitutions.IsOperatingRooms(table) => ImportFormat.SaeOperatingRooms,
            _ when FinessInstitutions.IsExtract(table) => ImportFormat.Finess,
            { IsWorkbook: true } => ImportFormat.Xlsx,
            _ => ImportFormat.Csv,
        }, table);
    }
}
