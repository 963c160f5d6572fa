using MedCrm.Core.Billing;
using MedCrm.Core.Quoting;

namespace MedCrm.Tests.Quoting;

public sealed class QuoteDiffTests
{
    [Fact]
    public void Two_equal_versions_differ_in_nothing()
    {
        LineDetails[] lines = [GivenQuotes.Line("Un"), GivenQuotes.Line("Un"), GivenQuotes.Line("Deux")];

        Assert.Equal([LineFate.Kept, LineFate.Kept, LineFate.Kept], Fates(lines, [.. lines.Select(line => line with { LineId = Guid.NewGuid() })]));
    }

    [Fact]
    public void A_changed_line_tells_its_cells_before_and_after()
    {
        var change = Assert.Single(QuoteDiff.Between([GivenQuotes.Line("Échographe", 1, 1_000)], [GivenQuotes.Line("échographe", 2, 950)]));

        Assert.Equal(LineFate.Changed, change.Fate);
        Assert.Equal(
            [new LineCell("Description", "Échographe", "échographe"), new LineCell("Quantity", 1m, 2m), new LineCell("UnitPrice", 1_000m, 950m)],
            change.Cells);
    }

    [Fact]
    public void A_line_inserted_in_the_middle_is_one_addition()
        => Assert.Equal(
            [LineFate.Kept, LineFate.Added, LineFate.Kept, LineFate.Kept],
            Fates([GivenQuotes.Line("Un"), GivenQuotes.Line("Deux"), GivenQuotes.Line("Trois")], [GivenQuotes.Line("Un"), GivenQuotes.Line("Neuf", 5, 7), GivenQuotes.Line("Deux"), GivenQuotes.Line("Trois")]));

    [Fact]
    public void A_line_removed_stands_where_it_stood()
    {
        var changes = QuoteDiff.Between([GivenQuotes.Line("Un"), GivenQuotes.Line("Deux"), GivenQuotes.Line("Trois")], [GivenQuotes.Line("Un"), GivenQuotes.Line("Trois")]);

        Assert.Equal([LineFate.Kept, LineFate.Removed, LineFate.Kept], changes.Select(change => change.Fate));
        Assert.Equal("Deux", changes[1].Before!.Description);
    }

    [Fact]
    public void A_line_goes_with_the_one_of_its_catalogue_item_even_when_another_stands_at_its_place()
    {
        var item = Guid.NewGuid();
        var changes = QuoteDiff.Between(
            [GivenQuotes.Line("Sonde") with { CatalogItemId = item }, GivenQuotes.Line("Chariot")],
            [GivenQuotes.Line("Table", 2), GivenQuotes.Line("Sonde linéaire", 1, 90) with { CatalogItemId = item }]);

        Assert.Equal([("Chariot", "Table"), ("Sonde", "Sonde linéaire")], changes.Select(change => (change.Before!.Description, change.After!.Description)));
        Assert.All(changes, change => Assert.Equal(LineFate.Changed, change.Fate));
    }

    [Fact]
    public void A_title_is_never_compared_with_an_item()
        => Assert.Equal([LineFate.Removed, LineFate.Added], Fates([new LineDetails { Kind = LineKind.Section, Description = "Matériel" }], [GivenQuotes.Line("Matériel", 1, 0)]));

    [Fact]
    public void Another_rate_of_vat_reads_as_a_rate()
    {
        var change = Assert.Single(QuoteDiff.Between([GivenQuotes.Line("Livre")], [GivenQuotes.Line("Livre") with { VatRate = 5.5m }]));

        Assert.Equal(new LineCell("VatRate", "20 %", "5,5 %"), Assert.Single(change.Cells));
    }

    [Fact]
    public void A_line_that_becomes_an_option_says_so()
        => Assert.Equal(new LineCell("IsOption", false, true), Assert.Single(Assert.Single(QuoteDiff.Between([GivenQuotes.Line("Sonde")], [GivenQuotes.Line("Sonde") with { IsOption = true }])).Cells));

    private static IEnumerable<LineFate> Fates(IReadOnlyList<LineDetails> before, IReadOnlyList<LineDetails> after) => QuoteDiff.Between(before, after).Select(change => change.Fate);
}
