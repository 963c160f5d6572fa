namespace MedCrm.Core.Documents;

/// <summary>A kind of file that is accepted: its media type, the extensions it may carry (the first is given when another lies), and whether a browser shows it in the page.</summary>
public sealed record DocumentKind(string MediaType, string[] Extensions, bool IsInline = false)
{
    /// <summary>The content is an image that browsers draw.</summary>
    public bool IsImage => IsInline && MediaType.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>Squeezed already: an archive gains nothing by trying again.</summary>
    public bool IsCompressed => MediaType is not ("text/plain" or "text/csv" or "message/rfc822" or "application/msword" or "application/vnd.ms-excel" or "application/vnd.ms-outlook" or "application/vnd.ms-powerpoint" or "image/tiff");
}

/// <summary>The kinds of files that are accepted.</summary>
public static class DocumentKinds
{
    private const string Office = "application/vnd.openxmlformats-officedocument.";
    private const string OpenDocument = "application/vnd.oasis.opendocument.";

    internal static readonly DocumentKind
        Pdf = new("application/pdf", [".pdf"], IsInline: true),
        Png = new("image/png", [".png"], IsInline: true),
        Jpeg = new("image/jpeg", [".jpg", ".jpeg", ".jpe", ".jfif"], IsInline: true),
        Gif = new("image/gif", [".gif"], IsInline: true),
        Webp = new("image/webp", [".webp"], IsInline: true),
        Tiff = new("image/tiff", [".tif", ".tiff"]),
        Docx = new(Office + "wordprocessingml.document", [".docx"]),
        Xlsx = new(Office + "spreadsheetml.sheet", [".xlsx"]),
        Pptx = new(Office + "presentationml.presentation", [".pptx"]),
        Odt = new(OpenDocument + "text", [".odt"]),
        Ods = new(OpenDocument + "spreadsheet", [".ods"]),
        Odp = new(OpenDocument + "presentation", [".odp"]),
        Doc = new("application/msword", [".doc"]),
        Xls = new("application/vnd.ms-excel", [".xls"]),
        Ppt = new("application/vnd.ms-powerpoint", [".ppt"]),
        Msg = new("application/vnd.ms-outlook", [".msg"]),
        Eml = new("message/rfc822", [".eml"]),
        Csv = new("text/csv", [".csv"]),
        Text = new("text/plain", [".txt"]),
        Zip = new("application/zip", [".zip"]);

    private static readonly DocumentKind[] s_all = [Pdf, Png, Jpeg, Gif, Webp, Tiff, Docx, Xlsx, Pptx, Odt, Ods, Odp, Doc, Xls, Ppt, Msg, Eml, Csv, Text, Zip];

    // What a name may end with without being believed; the text ones among them are refused, for their text is a program.
    private static readonly HashSet<string> s_programs =
    [
        ".exe", ".dll", ".com", ".scr", ".cpl", ".msi", ".msp", ".jar", ".apk", ".app", ".lnk", ".pif", ".sys", ".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".js", ".jse", ".mjs",
        ".wsf", ".wsh", ".hta", ".sh", ".bash", ".py", ".pl", ".rb", ".php", ".reg", ".scf", ".url", ".inf", ".chm", ".iso", ".html", ".htm", ".xhtml", ".mht", ".mhtml", ".svg", ".svgz", ".xml", ".xsl", ".xslt",
    ];

    private static readonly HashSet<string> s_extensions = [.. s_all.SelectMany(kind => kind.Extensions), .. s_programs, ".docm", ".xlsm", ".pptm", ".rtf", ".bmp", ".heic", ".md", ".log", ".tsv", ".json", ".bin", ".dat"];

    /// <summary>What the browser's file chooser offers first.</summary>
    public static string Accept { get; } = string.Join(',', s_all.SelectMany(kind => kind.Extensions));

    /// <summary>The kind of a stored file.</summary>
    public static DocumentKind Of(string mediaType) => Array.Find(s_all, kind => kind.MediaType == mediaType) ?? new DocumentKind("application/octet-stream", [".bin"]);

    internal static bool IsExtension(string extension) => s_extensions.Contains(extension.ToLowerInvariant());

    internal static bool IsProgram(string name) => s_programs.Contains(Path.GetExtension(name).ToLowerInvariant());
}
