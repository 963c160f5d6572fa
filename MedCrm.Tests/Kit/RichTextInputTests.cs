using Bunit;
using MedCrm.Tests.Support;
using MedCrm.Core.Engagement;
using MedCrm.Web.Kit.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Kit;

public sealed class RichTextInputTests : WorldScreenTests
{
    protected override Task<TestWorld> CreateWorldAsync() => TestWorld.CreateAsync();

    [Fact]
    public void The_preview_shows_a_note_as_it_will_be_read_and_gives_back_what_was_typed()
    {
        var note = new ActivityDetails();
        var field = Render<RichTextInput>(parameters => parameters.Bind(input => input.Value, note.Text ?? "", text => note.Text = text, () => note.Text!));
        Assert.Empty(field.FindAll("[data-testid=previewed-Text]"));

        field.Find("[data-testid=preview-Text]").Click();
        Assert.Equal("Rien n'est encore écrit.", field.Find("[data-testid=previewed-Text]").TextContent.Trim());
        field.Find("[data-testid=preview-Text]").Click();
        field.Find("[data-testid=field-Text]").Change("- **Devis** <b>signé</b>");
        field.Find("[data-testid=preview-Text]").Click();

        Assert.Equal("Devis", field.Find("[data-testid=previewed-Text] li strong").TextContent);
        Assert.Empty(field.FindAll("[data-testid=previewed-Text] b"));
        Assert.True(field.Find("[data-testid=field-Text]").HasAttribute("hidden"));

        field.Find("[data-testid=preview-Text]").Click();
        Assert.Equal("- **Devis** <b>signé</b>", note.Text);
        Assert.False(field.Find("[data-testid=field-Text]").HasAttribute("hidden"));
    }
}
