using Bunit;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Kit;

public sealed class ConflictDialogTests : ScreenTests
{
    private static readonly InstitutionDetails s_seen = new() { Name = "CHU de Nantes", City = "Nantes", BedsSurgery = 120 };

    private readonly Record _record = new(s_seen);

    [Fact]
    public async Task Fields_that_do_not_meet_are_saved_without_a_question()
    {
        _record.Now = s_seen with { City = "Rezé" };
        var dialog = Render<ConflictDialog>();

        var done = await dialog.InvokeAsync(() => dialog.Instance.SaveAsync(s_seen, s_seen with { BedsSurgery = 130 }, _record.SaveAsync));

        Assert.NotNull(done);
        Assert.Equal(("Rezé", 130), (_record.Now.City, _record.Now.BedsSurgery));
        Assert.Empty(dialog.FindAll("dialog"));
    }

    [Fact]
    public async Task Only_the_fields_that_both_changed_are_asked_about_with_what_each_side_says()
    {
        _record.Now = s_seen with { City = "Rezé", BedsSurgery = null, Phone = "+33240083333" };
        var dialog = Render<ConflictDialog>();
        var saving = Ask(dialog, s_seen with { City = "Orvault", BedsSurgery = 130, Email = "bloc@chu.fr" });

        Assert.Equal(["City", "BedsSurgery"], dialog.FindAll("[data-testid=conflict-field]").Select(field => field.GetAttribute("data-field")));
        Assert.Equal("Ville avant : Nantes", Text(dialog.Find("[data-field=City] legend")));
        Assert.Equal(["Rezé Claire Martin, 20 nov. 18:05", "Orvault Votre saisie"], dialog.FindAll("[data-field=City] label").Select(Text));
        Assert.Equal(["(vide) Claire Martin, 20 nov. 18:05", "130 Votre saisie"], dialog.FindAll("[data-field=BedsSurgery] label").Select(Text));
        Assert.All(dialog.FindAll("[data-testid=conflict-theirs]"), choice => Assert.True(choice.HasAttribute("checked")));
        Assert.All(dialog.FindAll("[data-testid=conflict-mine]"), choice => Assert.False(choice.HasAttribute("checked")));

        await dialog.Find("form").SubmitAsync();
        Assert.NotNull(await saving);
        Assert.Equal(s_seen with { City = "Rezé", BedsSurgery = null, Phone = "+33240083333", Email = "bloc@chu.fr" }, _record.Now);
        Assert.Empty(dialog.FindAll("dialog"));
    }

    [Fact]
    public async Task Each_field_takes_the_value_chosen_last()
    {
        _record.Now = s_seen with { City = "Rezé", BedsSurgery = 90 };
        var dialog = Render<ConflictDialog>();
        var saving = Ask(dialog, s_seen with { City = "Orvault", BedsSurgery = 130 });

        await dialog.Find("[data-field=City] [data-testid=conflict-mine]").ChangeAsync("on");
        await dialog.Find("[data-field=City] [data-testid=conflict-theirs]").ChangeAsync("on");
        await dialog.Find("[data-field=BedsSurgery] [data-testid=conflict-mine]").ChangeAsync("on");
        await dialog.Find("form").SubmitAsync();

        Assert.NotNull(await saving);
        Assert.Equal(("Rezé", 130), (_record.Now.City, _record.Now.BedsSurgery));
    }

    [Theory]
    [InlineData("[data-testid=cancel]")]
    [InlineData("dialog")]
    public async Task Going_back_saves_nothing(string leave)
    {
        _record.Now = s_seen with { City = "Rezé" };
        var dialog = Render<ConflictDialog>();
        var saving = Ask(dialog, s_seen with { City = "Orvault" });

        await (leave == "dialog" ? dialog.Find(leave).TriggerEventAsync("oncancel", EventArgs.Empty) : dialog.Find(leave).ClickAsync());

        Assert.Null(await saving);
        Assert.Equal((1, "Rezé"), (_record.Asked, _record.Now.City));
        Assert.Empty(dialog.FindAll("dialog"));
    }

    [Fact]
    public async Task A_third_value_asks_again_and_the_first_answer_does_not_count()
    {
        _record.Now = s_seen with { City = "Rezé" };
        var dialog = Render<ConflictDialog>();
        var saving = Ask(dialog, s_seen with { City = "Orvault" });
        await dialog.Find("[data-testid=conflict-mine]").ChangeAsync("on");
        _record.Now = s_seen with { City = "Saint-Herblain" };

        await dialog.Find("form").SubmitAsync();

        Assert.False(saving.IsCompleted);
        Assert.Equal("Saint-Herblain", dialog.Find("[data-testid=conflict-theirs] + span strong").TextContent);
        Assert.True(dialog.Find("[data-testid=conflict-theirs]").HasAttribute("checked"));
        await dialog.Find("form").SubmitAsync();
        Assert.NotNull(await saving);
        Assert.Equal("Saint-Herblain", _record.Now.City);
    }

    [Fact]
    public async Task A_page_left_in_the_middle_of_the_question_saves_nothing_and_waits_no_longer()
    {
        _record.Now = s_seen with { City = "Rezé" };
        var dialog = Render<ConflictDialog>();
        var saving = Ask(dialog, s_seen with { City = "Orvault" });

        await dialog.InvokeAsync(() => dialog.Instance.DisposeAsync().AsTask());

        Assert.Null(await saving.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal("Rezé", _record.Now.City);
    }

    private Task<Done?> Ask(IRenderedComponent<ConflictDialog> dialog, InstitutionDetails mine)
    {
        var saving = dialog.InvokeAsync(() => dialog.Instance.SaveAsync(s_seen, mine, _record.SaveAsync));
        dialog.WaitForElement("dialog");
        return saving;
    }

    private static string Text(AngleSharp.Dom.IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A record that others change, as its door would keep it.</summary>
    private sealed class Record(InstitutionDetails now)
    {
        public InstitutionDetails Now { get; set; } = now;

        public int Asked { get; private set; }

        public Task<Done> SaveAsync(InstitutionDetails seen, InstitutionDetails mine)
        {
            Asked++;
            try
            {
                Now = ThreeWayMerge.Apply(seen, mine, Now, Guid.NewGuid());
            }
            catch (EditConflictException conflict)
            {
                throw new EditConflictException([.. conflict.Conflicts.Select(field => field with { By = "Claire Martin", At = new DateTime(2026, 11, 20, 17, 5, 0, DateTimeKind.Utc) })], conflict.CurrentVersion, conflict.Current);
            }

            return Task.FromResult(new Done(Guid.NewGuid(), "Modifié", Guid.NewGuid()));
        }
    }
}
