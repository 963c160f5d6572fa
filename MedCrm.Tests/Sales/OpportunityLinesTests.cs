using Bunit;
using MedCrm.Core.Sales;
using MedCrm.Web.Kit;
using MedCrm.Web.Sales;
using Microsoft.Extensions.DependencyInjection;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Sales;

public sealed class OpportunityLinesTests : ScreenTests
{
    private readonly List<(IReadOnlyList<OpportunityLineDetails> Lines, Guid Seen)> _saved = [];

    [Fact]
    public async Task Lines_are_saved_over_the_version_they_were_read_from_whatever_reaches_the_page_meanwhile()
    {
        var (opened, meanwhile) = (Guid.NewGuid(), Guid.NewGuid());
        var lines = Show(opened);
        await lines.Find("[data-testid=edit-lines]").ClickAsync(new());

        lines.Render(parameters => parameters.Add(l => l.Version, meanwhile).Add(l => l.Lines, [new() { Description = "D'un collègue", Quantity = 1, UnitPrice = 10 }]));
        await lines.Find("form").SubmitAsync();

        Assert.Equal(opened, Assert.Single(_saved).Seen);
        Assert.Equal(["Table", "Lampe"], _saved[0].Lines.Select(line => line.Description));
    }

    [Fact]
    public async Task An_amount_typed_by_hand_is_not_replaced_by_the_lines_without_a_word()
    {
        var lines = Show(Guid.NewGuid());
        await lines.Find("[data-testid=edit-lines]").ClickAsync(new());
        Assert.Empty(lines.FindAll("[data-testid=lines-amount]"));

        await lines.Find("[data-testid=field-UnitPrice-1]").ChangeAsync(new() { Value = "10,50" });

        Assert.Contains("passera de 250", lines.Find("[data-testid=lines-amount]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_taken_away_takes_what_was_wrong_in_it_along()
    {
        var lines = Show(Guid.NewGuid());
        await lines.Find("[data-testid=edit-lines]").ClickAsync(new());
        await lines.Find("[data-testid=field-UnitPrice-1]").ChangeAsync(new() { Value = "beaucoup" });

        await lines.FindAll("[data-testid=line-remove]")[1].ClickAsync(new());
        await lines.Find("form").SubmitAsync();

        Assert.Equal(["Table"], Assert.Single(_saved).Lines.Select(line => line.Description));
    }

    [Fact]
    public async Task What_is_wrong_in_a_line_stays_with_it_when_the_one_above_goes()
    {
        var lines = Show(Guid.NewGuid());
        await lines.Find("[data-testid=edit-lines]").ClickAsync(new());
        await lines.Find("[data-testid=field-UnitPrice-1]").ChangeAsync(new() { Value = "beaucoup" });

        await lines.FindAll("[data-testid=line-remove]")[0].ClickAsync(new());
        await lines.Find("form").SubmitAsync();
        Assert.Empty(_saved);

        await lines.Find("[data-testid=field-UnitPrice-1]").ChangeAsync(new() { Value = "250" });
        await lines.Find("form").SubmitAsync();
        Assert.Equal(250, Assert.Single(Assert.Single(_saved).Lines).UnitPrice);
    }

    private IRenderedComponent<OpportunityLines> Show(Guid version) => Render<OpportunityLines>(parameters => parameters
        .Add(lines => lines.Lines, [new() { Description = "Table", Quantity = 2, UnitPrice = 100 }, new() { Description = "Lampe", Quantity = 1, UnitPrice = 50 }])
        .Add(lines => lines.Amount, 250)
        .Add(lines => lines.Version, version)
        .Add(lines => lines.MayEdit, true)
        .Add(lines => lines.OnSave, (saved, seen) =>
        {
            _saved.Add(([.. saved], seen));
            return Task.CompletedTask;
        }));
}
