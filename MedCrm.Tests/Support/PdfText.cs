using System.Diagnostics;

namespace MedCrm.Tests.Support;

/// <summary>What a PDF says, as poppler reads it.</summary>
public static class PdfText
{
    private const string Program = "/usr/bin/pdftotext";

    /// <summary>Whether a text says something, whatever the blanks: a reader finds them by the distance between letters, and is sometimes mistaken.</summary>
    public static bool Says(string text, string mention) => Bare(text).Contains(Bare(mention), StringComparison.Ordinal);

    /// <summary>Whether the reader is on this machine.</summary>
    public static bool IsThere => File.Exists(Program);

    /// <summary>The text, page after page, every blank of any width as one ordinary blank.</summary>
    public static async Task<string> OfAsync(byte[] pdf) => string.Join(' ', (await RawAsync(pdf)).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The text of each page, blanks as in <see cref="OfAsync"/>.</summary>
    public static async Task<IReadOnlyList<string>> PagesAsync(byte[] pdf)
        => [.. (await RawAsync(pdf)).Split('\f').SkipLast(1).Select(page => string.Join(' ', page.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))];

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static async Task<string> RawAsync(byte[] pdf)
    {
        var file = Path.Combine(Path.GetTempPath(), $"medcrm-tests-{Guid.NewGuid():N}.pdf");
        await File.WriteAllBytesAsync(file, pdf);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, ["-raw", file, "-"]) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>A fact that prints for good and reads what came out: skipped, with the reason, where Chromium or poppler is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PdfFactAttribute : FactAttribute
{
    public PdfFactAttribute()
    {
        if (Browser.Path is null || !PdfText.IsThere)
        {
            Skip = "No Chromium, or no pdftotext, on this machine: install chromium and poppler-utils.";
        }
    }
}
