using System.Net;
using MedCrm.Web.Kit;

namespace MedCrm.Tests.Kit;

public sealed class LightMarkdownTests
{
    [Theory]
    [InlineData("**gras** et *italique*", "<p><strong>gras</strong> et <em>italique</em></p>")]
    [InlineData("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>")]
    [InlineData("[site](https://example.org)", "<p><a href=\"https://example.org\">site</a></p>")]
    public void Light_marks_become_layout(string text, string markup) => Assert.Equal(markup, LightMarkdown.Draw(text).Value.Trim());

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[clic](javascript:alert(1))")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](https://example.org/x.png)")]
    [InlineData("[x][1]\n\n[1]: javascript:alert(1)")]
    [InlineData("[x](data:text/html;base64,AA)")]
    public void Nothing_written_becomes_markup_of_its_own(string text)
    {
        var markup = LightMarkdown.Draw(text).Value;
        Assert.DoesNotContain("<script", markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"data", markup, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(">", 130, "")]
    [InlineData("[", 20_000, "")]
    [InlineData("> ", 130, "<b>")]
    [InlineData("- ", 140, "x")]
    public void What_is_nested_too_deep_is_shown_as_it_was_typed(string mark, int times, string end)
    {
        var text = string.Concat(Enumerable.Repeat(mark, times)) + end;

        Assert.Equal($"<p>{WebUtility.HtmlEncode(text)}<br />\nsuite</p>", LightMarkdown.Draw($"{text}\nsuite").Value);
        Assert.Equal($"{text.Trim()} suite", LightMarkdown.Plain($"{text}\nsuite"));
    }

    [Fact]
    public void A_refused_link_keeps_its_words_once() => Assert.Equal("<p>clic</p>", LightMarkdown.Draw("[clic](javascript:alert(1))").Value.Trim());

    [Fact]
    public void Plain_text_keeps_the_words_on_one_line() => Assert.Equal("Titre gras et suite", LightMarkdown.Plain("# Titre\n\n**gras** et suite"));
}
