namespace MedCrm.Tests.Support;

/// <summary>The Chromium that journeys drive.</summary>
public static class Browser
{
    private static readonly string?[] s_places = [Environment.GetEnvironmentVariable("MedCrm__Browser"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>The program, or null when no browser is installed.</summary>
    public static string? Path { get; } = Array.Find(s_places, File.Exists);

    /// <summary>How it is started: nothing of its own on the network, and no sandbox, which root cannot have.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];
}

/// <summary>A fact that needs a browser: skipped, with the reason, where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JourneyFactAttribute : FactAttribute
{
    public JourneyFactAttribute()
    {
        if (Browser.Path is null)
        {
            Skip = "No Chromium on this machine: install chromium, or name one in MedCrm__Browser.";
        }
    }
}
