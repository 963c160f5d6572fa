using System.Globalization;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Mail;
using MedCrm.Web.Printing;

namespace MedCrm.Web;

/// <summary>The settings that the start of the program reads, under the section MedCrm.</summary>
public static class MedCrmSettings
{
    /// <summary>MedCrm:DataDirectory, or the folder « data » beside the current one.</summary>
    public static DataFolder FolderOf(IConfiguration configuration)
        => new(configuration["MedCrm:DataDirectory"] is { Length: > 0 } path ? path : Path.Combine(Directory.GetCurrentDirectory(), "data"));

    /// <summary>MedCrm:TimeZone, Europe/Paris unless set.</summary>
    public static TimeZoneInfo ZoneOf(IConfiguration configuration)
        => TimeZoneInfo.FindSystemTimeZoneById(configuration["MedCrm:TimeZone"] is { Length: > 0 } zone ? zone : "Europe/Paris");

    /// <summary>MedCrm:Mail:*, the mail server; without a host nothing is sent.</summary>
    public static MailSettings MailOf(IConfiguration configuration) => MailSettings.Read(key => configuration[$"MedCrm:Mail:{key}"]);

    /// <summary>MedCrm:Documents: the largest file and, if one is set, how long documents are to be kept.</summary>
    public static DocumentSettings DocumentsOf(IConfiguration configuration)
    {
        var usual = new DocumentSettings();
        return new DocumentSettings
        {
            MaxMegabytes = NumberOf(configuration["MedCrm:Documents:MaxMegabytes"]) ?? usual.MaxMegabytes,
            RetentionYears = NumberOf(configuration["MedCrm:Documents:RetentionYears"]),
        };
    }

    /// <summary>MedCrm:Browser and MedCrm:BrowserSandbox: with what documents are printed.</summary>
    public static PrintingSettings PrintingOf(IConfiguration configuration) => new()
    {
        Browser = configuration["MedCrm:Browser"] is { Length: > 0 } path ? path : null,
        Sandbox = !string.Equals(configuration["MedCrm:BrowserSandbox"], "false", StringComparison.OrdinalIgnoreCase),
    };

    private static int? NumberOf(string? text) => text is { Length: > 0 } ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
