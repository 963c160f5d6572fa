using System.Net;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MedCrm.Core.Foundation;
using Microsoft.AspNetCore.Components;

namespace MedCrm.Web.Kit;

/// <summary>The light layout of notes: bold, italics, lists, titles, links. What people write never becomes markup of its own: no HTML, no pictures, web links alone.</summary>
public static class LightMarkdown
{
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().DisableHtml().UseSoftlineBreakAsHardlineBreak().UseEmphasisExtras().UseAutoLinks().Build();

    /// <summary>The text as markup; as it was typed when its marks are nested deeper than a layout goes.</summary>
    public static MarkupString Draw(string text)
    {
        try
        {
            return Laid(text);
        }
        catch (ArgumentException)
        {
            return new MarkupString($"<p>{WebUtility.HtmlEncode(text).ReplaceLineEndings("<br />\n")}</p>");
        }
    }

    /// <summary>The text without its layout, on one line; with its marks when they are nested deeper than a layout goes.</summary>
    public static string Plain(string text)
    {
        var plain = text;
        try
        {
            plain = Markdown.ToPlainText(text, s_pipeline);
        }
        catch (ArgumentException)
        {
            // The library refuses such depths: the text stands as it was typed.
        }

        return string.Join(' ', plain.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static MarkupString Laid(string text)
    {
        var document = Markdown.Parse(text, s_pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || link.Url is null || !IsSafe(link.Url))
            {
                link.ReplaceBy(new LiteralInline(link.FirstChild?.ToString() ?? link.Url ?? ""), copyChildren: false);
            }
        }

        // « <javascript:…> » is a link of its own in Markdown.
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !IsSafe(link.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }

        return new MarkupString(document.ToHtml(s_pipeline));
    }

    private static bool IsSafe(string url) => url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || WebAddress.IsValid(url);
}
