using MedCrm.Core.Billing;

namespace MedCrm.Tests.Billing;

public sealed class PastedLinesTests
{
    [Fact]
    public void Rows_of_a_spreadsheet_become_lines_with_french_decimals()
    {
        var lines = PastedLines.Read("Désignation\tQté\tUnité\tPU HT\tRemise\tTVA\r\nFormation sur site\t1,5\tj\t980,00 €\t10 %\t20 %\r\nOuvrage technique\t3\t\t24,17\t\t5,5\r\n", Vat.Normal).Select(pasted => pasted.Line).ToList();

        Assert.Equal(
            [("Formation sur site", 1.5m, "j", 980m, 10m, 20m), ("Ouvrage technique", 3m, null, 24.17m, 0m, 5.5m)],
            lines.Select(line => (line.Description, line.Quantity, line.Unit, line.UnitPrice, line.DiscountPercent, line.VatRate)));
    }

    [Fact]
    public void A_description_alone_among_others_is_a_title()
        => Assert.Equal([LineKind.Section, LineKind.Item], PastedLines.Read("Matériel\t\t\t\nÉchographe\t1\t\t1000", Vat.Normal).Select(pasted => pasted.Line.Kind));

    [Fact]
    public void A_cell_between_quotes_keeps_its_lines_and_quotes()
        => Assert.Equal("Lit \"Confort\"\nhauteur variable", PastedLines.Read("\"Lit \"\"Confort\"\"\nhauteur variable\"\t2\t\t10", Vat.Normal)[0].Line.Description);

    [Fact]
    public void A_rate_of_zero_is_a_line_without_vat_whose_reason_is_to_be_chosen()
    {
        var line = PastedLines.Read("Formation\t1\t\t1200\t\t0", Vat.Normal)[0].Line;

        Assert.Equal((VatCategory.Exempt, 0m, null), (line.VatCategory, line.VatRate, line.VatReason));
    }

    [Fact]
    public void What_is_missing_keeps_what_a_new_line_has()
    {
        var franchise = Vat.Franchise;
        var line = PastedLines.Read("Conseil\t\t\t900", franchise)[0].Line;

        Assert.Equal((1m, 900m, VatCategory.Exempt, Vat.Franchise.Reason), (line.Quantity, line.UnitPrice, line.VatCategory, line.VatReason));
    }

    [Theory]
    [InlineData("1 234,5", 1234.5)]
    [InlineData("1\u202F234,56 €", 1234.56)]
    [InlineData("1.234,50", 1234.5)]
    [InlineData("1,234.50", 1234.5)]
    [InlineData("1234.5", 1234.5)]
    [InlineData("12 %", 12)]
    [InlineData("-3", -3)]
    [InlineData("0,123456", 0.123456)]
    [InlineData("12k", 12_000)]
    public void Numbers_are_read_as_people_write_them(string text, double expected)
    {
        Assert.True(PastedLines.TryReadNumber(text, out var number));
        Assert.Equal((decimal)expected, number);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1,2,3.4.5x")]
    public void What_is_no_number_is_not_read(string text) => Assert.False(PastedLines.TryReadNumber(text, out _));

    [Fact]
    public void What_is_no_number_is_handed_back_as_it_was_typed_instead_of_a_price_of_nothing()
    {
        var (first, second) = (PastedLines.Read("Câble\t3\tu\tprix à voir", Vat.Normal)[0], PastedLines.Read("Cordon\tdeux\tu\t12.50", Vat.Normal)[0]);

        Assert.Equal(new Dictionary<string, string> { [nameof(LineDetails.UnitPrice)] = "prix à voir" }, first.Unread);
        Assert.Equal(new Dictionary<string, string> { [nameof(LineDetails.Quantity)] = "deux" }, second.Unread);
        Assert.Equal((3m, 12.5m), (first.Line.Quantity, second.Line.UnitPrice));
    }
}
