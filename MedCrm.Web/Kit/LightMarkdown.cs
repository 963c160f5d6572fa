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

    /// <summary>The text as markup.</summary>
    public static MarkupString Draw(string text)
    {
        var document = Markdown.Parse(text, s_pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (link.IsImage || link.Url is null || !IsSafe(link.Url))
            {
                link.ReplaceBy(new LiteralInline(link.FirstChild?.ToString() ?? link.Url ?? ""));
            }
        }

        // « <javascript:…> » is a link of its own in Markdown.
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !IsSafe(link.Url)).ToList())
        {
            link.ReplaceBy(new LiteralInline(link.Url));
        }

        return new MarkupString(document.ToHtml(s_pipeline));
    }

    /// <summary>The text without its layout, on one line.</summary>
    public static string Plain(string text) => string.Join(' ', Markdown.ToPlainText(text, s_pipeline).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool IsSafe(string url) => url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || WebAddress.IsValid(url);
}
