using Bunit;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using MedCrm.Web.Billing;
using MedCrm.Web.Components.Layout;
using MedCrm.Web.Kit;
using MedCrm.Web.Quoting;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Tests.Quoting;

public sealed class QuotePageTests : WorldScreenTests
{
    [Fact]
    public async Task A_finished_cell_is_saved_and_the_totals_follow()
    {
        var quote = await World.QuoteAsync();
        var page = Show(quote);
        Assert.Equal("1000.00", Total(page, "net"));

        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = "2,5" });

        page.WaitForAssertion(() => Assert.Equal("saved", page.Find("[data-testid=saved]").GetAttribute("data-state")));
        Assert.Equal(("2500.00", "500.00", "3000.00"), (Total(page, "net"), Total(page, "vat"), Total(page, "gross")));
        Assert.Equal(2.5m, (await World.ReadQuoteAsync(quote.Id)).Lines[0].Quantity);
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_refused_stays_in_its_cell_with_the_reason_and_nothing_is_lost()
    {
        var quote = await World.QuoteAsync();
        var page = Show(quote);

        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = "beaucoup" });
        Assert.Contains("Indiquez un nombre", page.Find("[data-testid=error-Quantity-0]").TextContent, StringComparison.Ordinal);
        Assert.Equal("beaucoup", page.Find("[data-testid=field-Quantity-0]").GetAttribute("value"));
        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = "0" });

        page.WaitForAssertion(() => Assert.Contains("ne peut pas être nulle", page.Find("[data-testid=error-Quantity-0]").TextContent, StringComparison.Ordinal));
        Assert.Equal("unsaved", page.Find("[data-testid=saved]").GetAttribute("data-state"));
        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = "3" });
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-testid=error-Quantity-0]")));
        Assert.Equal(3m, (await World.ReadQuoteAsync(quote.Id)).Lines[0].Quantity);
    }

    [Fact]
    public async Task Pasted_rows_come_in_the_place_of_a_blank_line_and_lines_change_places()
    {
        var quote = await World.QuoteAsync(with: details => details with { Lines = [] });
        var page = Show(quote);
        var grid = Grid(page);

        var last = await page.InvokeAsync(() => grid.PasteAsync(0, "Formation sur site\t1,5\tj\t980,00\t10\t20\nOuvrage technique\t3\t\t24,17\t\t5,5"));
        await page.InvokeAsync(() => grid.MoveLineAsync(last, -1));

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-testid=line]").Count));
        Assert.Equal(["Ouvrage technique", "Formation sur site"], (await World.ReadQuoteAsync(quote.Id)).Lines.Select(line => line.Description));
        Assert.Equal("1395.51", Total(page, "net"));
    }

    [Fact]
    public async Task Lines_typed_before_the_connection_was_lost_come_back_as_what_they_were()
    {
        var quote = await World.QuoteAsync(with: details => details with { Lines = [] });
        var page = Show(quote);

        await page.InvokeAsync(() => Grid(page).RestoreAsync(
        [
            new() { ["Kind"] = "Section", ["Description"] = "Matériel" },
            new() { ["Kind"] = "Item", ["IsOption"] = "True", ["Description"] = "Sonde", ["UnitPrice"] = "150" },
            new() { ["Kind"] = "Autre", ["Description"] = "Gel" },
        ]));

        Assert.Equal(
            [("Matériel", LineKind.Section, false), ("Sonde", LineKind.Item, true), ("Gel", LineKind.Item, false)],
            (await World.ReadQuoteAsync(quote.Id)).Lines.Select(line => (line.Description, line.Kind, line.IsOption)));
    }

    [Fact]
    public async Task What_is_older_than_the_last_save_never_takes_its_place()
    {
        var quote = await World.QuoteAsync();
        var page = Show(quote);
        var older = (await World.Get<QuoteSheets>().FindAsync(quote.Id))!;
        World.Time.Advance(TimeSpan.FromSeconds(1));
        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = "7" });
        var editor = page.FindComponent<QuoteEditor>().Instance;

        await page.InvokeAsync(() => editor.FollowAsync(older));

        Assert.Equal("7", page.Find("[data-testid=field-Quantity-0]").GetAttribute("value"));
        World.Time.Advance(TimeSpan.FromSeconds(1));
        var now = await World.ReadQuoteAsync(quote.Id);
        await World.Get<Quotes>().SaveAsync(quote.Id, now.Details() with { Lines = [GivenQuotes.Line("D'un collègue", 9)] }, now.Version);
        await page.InvokeAsync(async () => await editor.FollowAsync((await World.Get<QuoteSheets>().FindAsync(quote.Id))!));
        Assert.Equal("9", page.Find("[data-testid=field-Quantity-0]").GetAttribute("value"));
    }

    [Theory]
    [InlineData("send", "beaucoup")]
    [InlineData("send", "0")]
    [InlineData("duplicate", "beaucoup")]
    [InlineData("duplicate", "0")]
    public async Task A_quote_that_is_not_stored_as_it_reads_neither_leaves_nor_is_copied(string act, string typed)
    {
        var quote = await World.QuoteAsync();
        var page = Show(quote);
        await page.Find("[data-testid=field-Quantity-0]").ChangeAsync(new() { Value = typed });

        // A panel that opened would be waited for without end.
        _ = page.Find($"[data-testid={act}]").ClickAsync();

        page.WaitForAssertion(() => Assert.Contains("n'est pas enregistré", Services.GetRequiredService<Toasts>().Current?.Text ?? "", StringComparison.Ordinal));
        Assert.Contains(JSInterop.Invocations, call => call.Identifier == "focusRefused");
        Assert.Empty(Services.GetRequiredService<Panels>().Open);
        await using var db = World.Open();
        Assert.Equal(quote.Id, Assert.Single(db.Quotes).Id);
    }

    [Fact]
    public async Task Without_the_right_costs_and_margins_are_nowhere()
    {
        var quote = await World.QuoteAsync(World.Manager, with: details => details with { OwnerId = World.Claire.Id, TeamId = World.Claire.TeamId, Lines = [GivenQuotes.Line("Échographe", 1, 1_000) with { UnitCost = 643.21m }] });

        var hers = Show(quote);
        Assert.Empty(hers.FindAll("td.margin, [data-testid=total-margin]"));
        Assert.DoesNotContain("643,21", hers.Markup, StringComparison.Ordinal);
        World.As(World.Manager);
        Assert.Equal("356.79", Show(quote).Find("[data-testid=total-margin]").GetAttribute("data-value"));
    }

    [Fact]
    public async Task What_was_sent_is_read_and_offers_a_new_version()
    {
        var quote = await World.QuoteAsync();
        await World.SendAsync(quote);
        var page = Show(quote);

        Assert.Empty(page.FindAll("[data-testid=quote-editor]"));
        Assert.Equal(("Sent", "1200.00", 1), (page.Find("[data-testid=status]").GetAttribute("data-value"), Total(page, "gross"), page.FindAll("[data-testid=line]").Count));
        await page.Find("[data-testid=new-version]").ClickAsync();
        await using var db = World.Open();
        Assert.Equal([(1, QuoteStatus.Replaced), (2, QuoteStatus.Draft)], db.Quotes.OrderBy(q => q.VersionNumber).AsEnumerable().Select(q => (q.VersionNumber, q.Status)));
    }

    [Fact]
    public async Task Somebody_without_the_right_to_write_reads_a_draft()
    {
        var quote = await World.QuoteAsync();
        World.As(World.Admin with { Role = Role.Recruiter });

        var page = Show(quote);

        Assert.Empty(page.FindAll("[data-testid=quote-editor], [data-testid=more]"));
        Assert.NotEmpty(page.FindAll("[data-testid=quote-view]"));
    }

    private IRenderedComponent<QuotePage> Show(Quote quote)
    {
        var page = Render<QuotePage>(parameters => parameters.Add(p => p.Id, quote.Id));
        page.WaitForAssertion(() => page.Find("[data-testid=title]"));
        return page;
    }

    private static LinesGrid Grid(IRenderedComponent<QuotePage> page) => page.FindComponent<LinesGrid>().Instance;

    private static string? Total(IRenderedComponent<QuotePage> page, string which) => page.Find($"[data-testid=total-{which}]").GetAttribute("data-value");
}
