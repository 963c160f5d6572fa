using Bunit;
using MedCrm.Core.Foundation;
using MedCrm.Web.Kit.Forms;
using Microsoft.Extensions.DependencyInjection;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Kit;

public sealed class LookupTests : ScreenTests
{
    private static readonly LookupItem s_nantes = new(Guid.NewGuid(), "CHU de Nantes", "Nantes");
    private static readonly LookupItem s_rennes = new(Guid.NewGuid(), "CHU de Rennes", "Rennes");

    private readonly Dictionary<string, TaskCompletionSource<IReadOnlyList<LookupItem>>> _answers = [];
    private readonly List<Guid?> _taken = [];
    private string? _created;

    [Fact]
    public async Task A_slow_answer_to_an_older_text_does_not_replace_the_newer_one()
    {
        var lookup = Show();
        var older = lookup.InvokeAsync(() => lookup.Instance.SearchAsync("chu"));
        var newer = lookup.InvokeAsync(() => lookup.Instance.SearchAsync("chu re"));

        _answers["chu re"].SetResult([s_rennes]);
        await newer;
        _answers["chu"].SetResult([s_nantes]);
        await older;

        Assert.Equal(["CHU de Rennes"], lookup.FindAll("[data-testid=option] span").Select(option => option.TextContent));
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_field_was_left_opens_nothing()
    {
        var lookup = Show();
        var search = lookup.InvokeAsync(() => lookup.Instance.SearchAsync("chu"));

        await lookup.InvokeAsync(() => lookup.Instance.LeaveAsync(left: null));
        _answers["chu"].SetResult([s_nantes]);
        await search;

        Assert.Empty(lookup.FindAll("[role=listbox]"));
    }

    [Fact]
    public async Task Leaving_gives_the_former_choice_back_and_emptying_lets_it_go()
    {
        var lookup = Show(value: s_nantes.Id);

        await lookup.InvokeAsync(() => lookup.Instance.LeaveAsync(left: null));
        Assert.Empty(_taken);
        Assert.Equal("CHU de Nantes", Shown());

        await lookup.InvokeAsync(() => lookup.Instance.LeaveAsync(left: ""));
        Assert.Equal([null], _taken);
        Assert.Equal("", Shown());
    }

    [Fact]
    public async Task A_name_typed_whole_is_chosen_and_what_is_no_record_stays_and_is_told()
    {
        var form = new FormState();
        var lookup = Show(form: form);

        await LeaveAsync("xyzzy", [s_nantes]);
        Assert.Empty(_taken);
        Assert.Contains("« xyzzy » n'est pas choisi", form.ErrorOf("InstitutionId")!.ToString(), StringComparison.Ordinal);
        Assert.False(await form.SaveAsync(() => Task.CompletedTask));

        await LeaveAsync("chu de nantes", [s_rennes, s_nantes]);
        Assert.Equal([s_nantes.Id], _taken);
        Assert.Null(form.ErrorOf("InstitutionId"));

        async Task LeaveAsync(string text, IReadOnlyList<LookupItem> found)
        {
            var leave = lookup.InvokeAsync(() => lookup.Instance.LeaveAsync(text));
            _answers[text].SetResult(found);
            await leave;
        }
    }

    [Fact]
    public async Task A_required_choice_is_not_let_go()
    {
        var lookup = Show(value: s_nantes.Id, required: true);

        await lookup.InvokeAsync(() => lookup.Instance.LeaveAsync(left: ""));

        Assert.Empty(_taken);
        Assert.Equal("CHU de Nantes", Shown());
        Assert.Empty(lookup.FindAll(".lookup-clear"));
    }

    [Fact]
    public async Task What_nobody_knows_can_be_created_under_the_name_typed()
    {
        var lookup = Show(creates: true);
        var search = lookup.InvokeAsync(() => lookup.Instance.SearchAsync(" Clinique des Acacias "));
        _answers["Clinique des Acacias"].SetResult([]);
        await search;

        Assert.Contains("Créer « Clinique des Acacias »", lookup.Find("[data-testid=option-new]").TextContent, StringComparison.Ordinal);
        await lookup.Find("[data-testid=option-new]").ClickAsync();

        Assert.Equal("Clinique des Acacias", _created);
        Assert.Empty(lookup.FindAll("[role=listbox]"));
    }

    [Fact]
    public async Task Nothing_found_is_said()
    {
        var lookup = Show();
        var search = lookup.InvokeAsync(() => lookup.Instance.SearchAsync("zzz"));
        _answers["zzz"].SetResult([]);
        await search;

        Assert.Equal("Aucun résultat.", lookup.Find("[role=listbox]").TextContent.Trim());
    }

    [Fact]
    public void Until_its_script_stands_Enter_in_it_saves_no_form()
        => Assert.Equal("unheard", Show().Find("input").GetAttribute("form"));

    // The browser owns the text: what it was last told to show.
    private string? Shown() => (string?)JSInterop.Invocations["show"][^1].Arguments[1];

    private IRenderedComponent<Lookup> Show(Guid? value = null, bool required = false, bool creates = false, FormState? form = null)
    {
        JSInterop.SetupModule("./Kit/Forms/Lookup.razor.js").Mode = JSRuntimeMode.Loose;
        return Render<Lookup>(parameters =>
        {
            parameters.Add(l => l.Name, "InstitutionId").Add(l => l.Label, "Établissement").Add(l => l.Value, value).Add(l => l.Required, required)
                .Add(l => l.ValueChanged, id => _taken.Add(id))
                .Add(l => l.Find, (id, _) => Task.FromResult<LookupItem?>(id == s_nantes.Id ? s_nantes : null))
                .Add(l => l.Search, (text, _) => (_answers[text] = new()).Task);
            if (form is not null)
            {
                parameters.AddCascadingValue(form);
            }

            if (creates)
            {
                parameters.Add(l => l.OnCreate, name => _created = name);
            }
        });
    }
}
