namespace MedCrm.Tests.Imports;

/// <summary>A test on the public SAE files, skipped where they are absent. They are sought in the folder named by MEDCRM_DATA, else in ../shared/data beside the repository.</summary>
public sealed class RealDataFactAttribute : FactAttribute
{
    /// <summary>Skips the test when the files are absent.</summary>
    public RealDataFactAttribute()
    {
        if (RealData.Folder is null)
        {
            Skip = "Les fichiers SAE 2023 sont absents : indiquez leur dossier dans MEDCRM_DATA.";
        }
    }
}

/// <summary>The public SAE files on this machine.</summary>
internal static class RealData
{
    /// <summary>Their folder, or null when they are absent.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "sae2023_ID.csv")));

    /// <summary>Opens one of the files.</summary>
    public static FileStream Open(string name) => File.OpenRead(Path.Combine(Folder!, name));

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("MEDCRM_DATA") is { Length: > 0 } named)
        {
            yield return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "..", "shared", "data");
        }
    }
}
