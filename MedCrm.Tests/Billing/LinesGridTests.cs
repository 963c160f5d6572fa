using Bunit;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using MedCrm.Web.Billing;
using MedCrm.Web.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Billing;

/// <summary>The one grid of quotes and invoices, where they differ.</summary>
public sealed class LinesGridTests : WorldScreenTests
{
    private IReadOnlyList<LineDetails> _lines = [];

    protected override Task<TestWorld> CreateWorldAsync() => TestWorld.CreateAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Options_are_offered_where_they_mean_something(bool offersOptions)
    {
        var grid = Show(offersOptions, new LineDetails { Description = "Sonde", UnitPrice = 150 });

        await grid.Find("[data-testid=line-more]").ClickAsync();

        Assert.Equal(offersOptions, grid.FindAll("[data-testid=option-add]").Count == 1);
        Assert.Equal(offersOptions, grid.FindAll("[data-testid=field-IsOption-0]").Count == 1);
    }

    [Fact]
    public async Task A_line_that_is_an_option_can_cease_to_be_one_anywhere()
    {
        var grid = Show(false, new LineDetails { Description = "Sonde", UnitPrice = 150, IsOption = true });
        await grid.Find("[data-testid=line-more]").ClickAsync();

        await grid.Find("[data-testid=field-IsOption-0]").ChangeAsync(new() { Value = false });

        Assert.False(Assert.Single(_lines).IsOption);
    }

    [Fact]
    public async Task A_cell_that_means_nothing_stays_in_sight_until_it_is_corrected()
    {
        var grid = Show(true, new LineDetails { Description = "Sonde", UnitPrice = 150 }, seesMargins: true);
        await grid.Find("[data-testid=line-more]").ClickAsync();
        await grid.Find("[data-testid=field-UnitCost-0]").ChangeAsync(new() { Value = "cher" });

        await grid.Find("[data-testid=line-more]").ClickAsync();

        Assert.True(grid.Instance.IsUnread);
        Assert.NotEmpty(grid.FindAll("[data-testid=error-UnitCost-0]"));
    }

    [Fact]
    public async Task More_rows_than_a_document_bears_are_refused_whole()
    {
        var grid = Show(true, new LineDetails { Description = "Sonde", UnitPrice = 150 });

        await grid.InvokeAsync(() => grid.Instance.PasteAsync(0, string.Join('\n', Enumerable.Range(1, LineDetails.Most).Select(n => $"Ligne {n}\t1\t\t10"))));

        Assert.Single(grid.FindAll("[data-testid=line]"));
        Assert.Contains("500 lignes", Services.GetRequiredService<Toasts>().Current!.Text, StringComparison.Ordinal);
    }

    private IRenderedComponent<LinesGrid> Show(bool offersOptions, LineDetails line, bool seesMargins = false)
    {
        _lines = [line];
        return Render<LinesGrid>(parameters => parameters
            .Add(grid => grid.Lines, _lines)
            .Add(grid => grid.LinesChanged, lines => _lines = lines)
            .Add(grid => grid.RecordId, Guid.NewGuid())
            .Add(grid => grid.Label, "Lignes")
            .Add(grid => grid.SeesMargins, seesMargins)
            .Add(grid => grid.OffersOptions, offersOptions));
    }
}
