using MedCrm.Core.Documents;

namespace MedCrm.Web.Documents;

/// <summary>How the kinds of files look and what people call them.</summary>
public static class DocumentIcons
{
    /// <summary>The symbol of a kind.</summary>
    public static string Of(DocumentKind kind) => kind.Extensions[0] switch
    {
        ".pdf" => "picture_as_pdf",
        ".docx" or ".doc" or ".odt" => "description",
        ".xlsx" or ".xls" or ".ods" or ".csv" => "table",
        ".pptx" or ".ppt" or ".odp" => "slideshow",
        ".eml" or ".msg" => "mail",
        ".zip" => "folder_zip",
        ".txt" => "article",
        _ when kind.MediaType.StartsWith("image/", StringComparison.Ordinal) => "image",
        _ => "draft",
    };

    /// <summary>« PDF », « DOCX »: what people call it.</summary>
    public static string NameOf(DocumentKind kind) => kind.Extensions[0].TrimStart('.').ToUpperInvariant();
}
