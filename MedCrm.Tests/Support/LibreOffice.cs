using System.Diagnostics;

namespace MedCrm.Tests.Support;

/// <summary>The office suite that opens what we export.</summary>
public static class LibreOffice
{
    // Comma, double quotes, UTF-8, from the first line on; every text quoted, cells as they are shown.
    private const string AsShown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,true,false";

    /// <summary>The program, or null when it is not installed.</summary>
    public static string? Path { get; } = Array.Find(["/usr/bin/soffice", "/usr/bin/libreoffice", "/opt/libreoffice/program/soffice"], File.Exists);

    /// <summary>Opens a workbook and returns its first sheet as comma-separated text, cells as they are shown.</summary>
    public static async Task<string> ToCsvAsync(Stream workbook)
    {
        var folder = Directory.CreateTempSubdirectory("medcrm-office-").FullName;
        try
        {
            await using (var file = File.Create(System.IO.Path.Combine(folder, "liste.xlsx")))
            {
                await workbook.CopyToAsync(file);
            }

            using var office = Process.Start(new ProcessStartInfo(Path!, [$"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", AsShown, "--outdir", folder, System.IO.Path.Combine(folder, "liste.xlsx")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LC_ALL"] = "C.UTF-8" },
            })!;
            var (said, wrong) = (office.StandardOutput.ReadToEndAsync(), office.StandardError.ReadToEndAsync());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            await office.WaitForExitAsync(patience.Token);
            var written = System.IO.Path.Combine(folder, "liste.csv");
            Assert.True(File.Exists(written), $"LibreOffice wrote nothing.\n{await said}\n{await wrong}");
            return await File.ReadAllTextAsync(written);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A fact that needs LibreOffice: skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibreOfficeFactAttribute : FactAttribute
{
    public LibreOfficeFactAttribute()
    {
        if (LibreOffice.Path is null)
        {
            Skip = "No LibreOffice on this machine: apt-get install libreoffice-calc.";
        }
    }
}
