using Bunit;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;
using MedCrm.Web.Kit;
using MedCrm.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Kit;

public sealed class FormTests : ScreenTests
{
    private readonly OpportunityDetails _details = new();
    private readonly FormState _form = new();

    [Fact]
    public void A_control_takes_its_name_and_label_from_the_property()
    {
        var form = Show<TextInput, string>(nameof(OpportunityDetails.Name), () => _details.Name, value => _details.Name = value);

        var input = form.Find("[data-testid=field-Name]");
        Assert.Equal("Nom", form.Find($"label[for='{input.Id}']").TextContent);

        input.Change("IRM");
        Assert.Equal("IRM", _details.Name);
    }

    [Theory]
    [InlineData("12k", 12000, "12 000")]
    [InlineData("1 234,56", 1234.56, "1 234,56")]
    public void An_amount_is_read_as_people_type_it(string typed, decimal expected, string shown)
    {
        var form = Show<AmountInput<decimal>, decimal>(nameof(OpportunityDetails.Amount), () => _details.Amount, value => _details.Amount = value);

        form.Find("input").Change(typed);

        Assert.Equal(expected, _details.Amount);
        Assert.Equal(shown, form.Find("input").GetAttribute("value")!.Replace('\u202f', ' ').Replace('\u00a0', ' '));
    }

    [Theory]
    [InlineData("demain", "2026-11-22")]
    [InlineData("lun", "2026-11-23")]
    [InlineData("+15j", "2026-12-06")]
    [InlineData("1512", "2026-12-15")]
    public void A_day_is_read_as_people_type_it(string typed, string expected)
    {
        var form = Show<DayInput<DateOnly?>, DateOnly?>(nameof(OpportunityDetails.ExpectedCloseOn), () => _details.ExpectedCloseOn, value => _details.ExpectedCloseOn = value);

        form.Find("[data-testid=field-ExpectedCloseOn]").Change(typed);

        Assert.Equal(DateOnly.Parse(expected), _details.ExpectedCloseOn);
        Assert.Equal(expected, form.Find("[data-testid=field-ExpectedCloseOn]").GetAttribute("data-value"));
    }

    [Fact]
    public async Task What_cannot_be_read_stays_in_the_field_and_keeps_the_form_from_being_saved()
    {
        var saved = 0;
        var form = Show<AmountInput<decimal>, decimal>(nameof(OpportunityDetails.Amount), () => _details.Amount, value => _details.Amount = value, () => Task.FromResult(saved++));

        form.Find("input").Change("beaucoup");
        await form.Find("form").SubmitAsync();

        Assert.Equal((0, "beaucoup"), (saved, form.Find("input").GetAttribute("value")));
        Assert.Equal("Indiquez un montant, par exemple 1 234,56 ou 12k.", form.Find("[data-testid=error-Amount]").TextContent);

        form.Find("input").Change("12");
        await form.Find("form").SubmitAsync();

        Assert.Equal(1, saved);
        Assert.Empty(form.FindAll("[data-testid=error-Amount]"));
    }

    [Fact]
    public async Task A_refusal_stands_beside_its_field_until_the_field_changes()
    {
        var form = Show<TextInput, string>(nameof(OpportunityDetails.Name), () => _details.Name, value => _details.Name = value, () => throw new BusinessRuleException("Indiquez le nom.", "Name"));

        await form.Find("form").SubmitAsync();

        var input = form.Find("[data-testid=field-Name]");
        var error = form.Find("[data-testid=error-Name]");
        Assert.Equal(("Indiquez le nom.", "true", error.Id), (error.TextContent, input.GetAttribute("aria-invalid"), input.GetAttribute("aria-describedby")));

        input.Change("IRM");
        Assert.Empty(form.FindAll("[data-testid=error-Name]"));
    }

    [Fact]
    public async Task A_refusal_about_a_field_the_form_does_not_show_stands_on_the_form()
    {
        var form = Show<TextInput, string>(nameof(OpportunityDetails.Name), () => _details.Name, value => _details.Name = value, () => throw new BusinessRuleException("Choisissez l'établissement.", "InstitutionId"));

        await form.Find("form").SubmitAsync();

        Assert.Contains("Choisissez l'établissement.", form.Find("[data-testid=error-form]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_click_while_saving_does_not_save_twice()
    {
        var (saved, gate) = (0, new TaskCompletionSource());
        var form = Show<TextInput, string>(nameof(OpportunityDetails.Name), () => _details.Name, value => _details.Name = value, () =>
        {
            saved++;
            return gate.Task;
        });

        var first = form.Find("form").SubmitAsync();
        var second = form.Find("form").SubmitAsync();
        Assert.True(_form.IsSaving);
        gate.SetResult();
        await first;
        await second;

        Assert.Equal((1, false), (saved, _form.IsSaving));
    }

    [Fact]
    public async Task A_lookup_offers_what_was_found_and_keeps_the_choice()
    {
        Guid? chosen = null;
        var item = new LookupItem(Guid.NewGuid(), "CHU de Nantes", "Nantes");
        var lookup = Render<Lookup>(parameters => parameters
            .Add(l => l.Name, "InstitutionId")
            .Add(l => l.Search, (text, _) => Task.FromResult<IReadOnlyList<LookupItem>>(text == "chu" ? [item] : []))
            .Add(l => l.ValueChanged, id => chosen = id));

        await lookup.InvokeAsync(() => lookup.Instance.SearchAsync("chu"));
        await lookup.Find("[data-testid=option]").ClickAsync();

        Assert.Equal(item.Id, chosen);
        Assert.Equal("CHU de Nantes", lookup.Find("[data-testid=field-InstitutionId]").GetAttribute("value"));
        Assert.Empty(lookup.FindAll("[role=listbox]"));
    }

    private IRenderedComponent<EntryForm> Show<TInput, TValue>(string name, Func<TValue> read, Action<TValue> write, Func<Task>? save = null)
        where TInput : FieldInput<TValue>
    {
        var property = typeof(OpportunityDetails).GetProperty(name)!;
        var expression = System.Linq.Expressions.Expression.Lambda<Func<TValue>>(System.Linq.Expressions.Expression.Property(System.Linq.Expressions.Expression.Constant(_details), property));
        return Render<EntryForm>(parameters => parameters
            .Add(form => form.State, _form)
            .Add(form => form.OnSave, save ?? (() => Task.CompletedTask))
            .AddChildContent<TInput>(input => input
                .Add(i => i.Value, read())
                .Add(i => i.ValueExpression, expression)
                .Add(i => i.ValueChanged, EventCallback.Factory.Create<TValue>(this, write))));
    }
}
