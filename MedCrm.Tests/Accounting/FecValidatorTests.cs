using MedCrm.Core.Accounting;

namespace MedCrm.Tests.Accounting;

public sealed class FecValidatorTests
{
    private static readonly FiscalYear s_year = new(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));
    private static readonly string s_header = string.Join('|', FecWriter.Columns);

    private static readonly string[] s_right =
    [
        s_header,
        "VE|Ventes|VE000001|20260115|411000|Clients|C1|CH DEMO|FA-1|20260115|Facture FA-1|120,00|0,00|AAA|20260302|20260115||",
        "VE|Ventes|VE000001|20260115|706000|Prestations de services|||FA-1|20260115|Facture FA-1|0,00|100,00|||20260115||",
        "VE|Ventes|VE000001|20260115|445711|TVA collectée 20 % à 5 €|||FA-1|20260115|Facture FA-1|0,00|20,00|||20260115||",
        "BQ|Banque|BQ000001|20260302|512000|Banque|||VIR|20260302|Règlement|120,00|0,00|||20260302||",
        "BQ|Banque|BQ000001|20260302|411000|Clients|C1|CH DEMO|VIR|20260302|Règlement|0,00|120,00|AAA|20260302|20260302||",
        "VE|Ventes|VE000002|20260310|411000|Clients|C1|CH DEMO|FA-2|20260310|Facture FA-2|-5,00|0,00|||20260310||",
        "VE|Ventes|VE000002|20260310|706000|Prestations de services|||FA-2|20260310|Facture FA-2|0,00|-5,00|||20260310||",
    ];

    [Fact]
    public async Task A_right_file_passes()
    {
        var verdict = await CheckAsync(s_right);

        Assert.Equal((0, 7, 3, 235m, 235m, 2), (verdict.FaultCount, verdict.Lines, verdict.Entries, verdict.Debit, verdict.Credit, verdict.Lettered));
    }

    /// <summary>Each line of 5.3 with a file that fails it alone: the line, what is replaced in it, by what.</summary>
    [Theory]
    [InlineData(FecRule.Header, 0, "EcritureLet", "EcrtureLet")]
    [InlineData(FecRule.Header, 0, "Debit|Credit", "Credit|Debit")]
    [InlineData(FecRule.FieldCount, 1, "Facture FA-1", "Facture|FA-1")]
    [InlineData(FecRule.FieldCount, 2, "||20260115||", "||20260115|")]
    [InlineData(FecRule.Date, 1, "|FA-1|20260115|", "|FA-1|20260230|")]
    [InlineData(FecRule.Date, 4, "|20260302||", "|02/03/2026||")]
    [InlineData(FecRule.Date, 2, "VE000001|20260115", "VE000001|20260115T")]
    [InlineData(FecRule.Date, 1, "|AAA|20260302|", "|AAA|20261302|")]
    [InlineData(FecRule.OutsideYear, 1, "VE000001|20260115", "VE000001|20251231")]
    [InlineData(FecRule.OutsideYear, 1, "VE000001|20260115", "VE000001|20270101")]
    [InlineData(FecRule.Account, 2, "|706000|", "|VENTES|")]
    [InlineData(FecRule.Required, 2, "|Prestations de services|", "||")]
    [InlineData(FecRule.Required, 3, "|Facture FA-1|", "||")]
    [InlineData(FecRule.LetteringPair, 1, "|AAA|20260302|", "|AAA||")]
    [InlineData(FecRule.LetteringPair, 1, "|AAA|20260302|", "||20260302|")]
    [InlineData(FecRule.Encoding, 1, "CH DEMO", "CH DEMO – site")]
    [InlineData(FecRule.Encoding, 1, "CH DEMO", "CH d’Auray")]
    [InlineData(FecRule.Encoding, 1, "CH DEMO", "CH\u202FDEMO")]
    [InlineData(FecRule.Encoding, 1, "CH DEMO", "CH\tDEMO")]
    [InlineData(FecRule.Order, 6, "|20260310||", "|20260101||")]
    public async Task A_file_that_fails_a_rule_is_told_which_and_where(FecRule rule, int line, string right, string wrong)
    {
        var file = s_right.ToArray();
        Assert.Contains(right, file[line], StringComparison.Ordinal);
        file[line] = file[line].Replace(right, wrong, StringComparison.Ordinal);

        var verdict = await CheckAsync(file);

        Assert.Contains(verdict.Faults, fault => fault.Rule == rule && fault.Line == line + 1);
    }

    [Fact]
    public async Task Each_of_the_twelve_fields_that_must_be_there_is_named_when_it_is_not()
    {
        foreach (var place in new[] { 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16 })
        {
            var file = s_right.ToArray();
            file[2] = string.Join('|', file[2].Split('|').Select((field, i) => i == place - 1 ? "" : field));

            Assert.Contains((await CheckAsync(file)).Faults, fault => fault is { Rule: FecRule.Required, Line: 3 } && fault.Sentence.ToString().Contains($"{FecWriter.Columns[place - 1]} est vide", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("120.00")]
    [InlineData("120,0")]
    [InlineData("1 120,00")]
    [InlineData("1120")]
    public async Task An_amount_has_a_comma_and_two_decimals(string amount)
    {
        var file = s_right.ToArray();
        file[4] = file[4].Replace("|120,00|", $"|{amount}|", StringComparison.Ordinal);

        Assert.Contains((await CheckAsync(file)).Faults, fault => fault.Rule is FecRule.Amount && fault.Line == 5);
    }

    [Fact]
    public async Task An_entry_that_does_not_balance_is_named_and_so_is_the_file()
    {
        var file = s_right.ToArray();
        file[2] = file[2].Replace("|100,00|", "|99,99|", StringComparison.Ordinal);

        var faults = (await CheckAsync(file)).Faults;

        Assert.Equal([FecRule.EntryBalance, FecRule.FileBalance], faults.Select(fault => fault.Rule));
        Assert.Equal("L'écriture VE000001 n'est pas équilibrée : écart de 0,01 €.", faults[0].Sentence.ToString().Replace('\u00a0', ' '));
    }

    [Fact]
    public async Task Two_entries_whose_faults_cancel_out_are_both_named()
    {
        var file = s_right.ToArray();
        file[2] = file[2].Replace("|100,00|", "|99,00|", StringComparison.Ordinal);
        file[7] = file[7].Replace("|-5,00|", "|-4,00|", StringComparison.Ordinal);

        Assert.Equal([FecRule.EntryBalance, FecRule.EntryBalance], (await CheckAsync(file)).Faults.Select(fault => fault.Rule));
    }

    [Fact]
    public async Task A_letter_that_does_not_sum_to_zero_is_named()
    {
        var file = s_right.ToArray();
        file[5] = file[5].Replace("|AAA|20260302|", "|AAB|20260302|", StringComparison.Ordinal);

        Assert.Equal([FecRule.LetteringBalance, FecRule.LetteringBalance], (await CheckAsync(file)).Faults.Select(fault => fault.Rule));
    }

    [Fact]
    public async Task The_letters_of_one_customer_do_not_make_up_for_those_of_another()
    {
        var file = s_right.ToArray();
        file[5] = file[5].Replace("|C1|", "|C2|", StringComparison.Ordinal);

        Assert.Equal([FecRule.LetteringBalance, FecRule.LetteringBalance], (await CheckAsync(file)).Faults.Select(fault => fault.Rule));
    }

    [Fact]
    public async Task Twenty_faults_are_told_and_all_are_counted()
    {
        var file = s_right.Concat(Enumerable.Repeat("x", 30)).ToArray();

        var verdict = await CheckAsync(file);

        Assert.Equal((20, 30, false), (verdict.Faults.Count, verdict.FaultCount, verdict.IsRight));
    }

    [Fact]
    public async Task A_debit_and_a_credit_on_one_line_are_refused()
    {
        var file = s_right.ToArray();
        file[2] = file[2].Replace("|0,00|100,00|", "|1,00|101,00|", StringComparison.Ordinal);

        Assert.Equal([FecRule.BothSides], (await CheckAsync(file)).Faults.Select(fault => fault.Rule));
    }

    [Fact]
    public async Task A_number_left_out_and_an_empty_line_are_refused()
    {
        var gap = s_right.Select(line => line.Replace("VE000002", "VE000003", StringComparison.Ordinal)).ToArray();

        Assert.Equal([FecRule.Continuity], (await CheckAsync(gap)).Faults.Select(fault => fault.Rule));
        Assert.Equal([FecRule.EmptyLine], (await CheckAsync([.. s_right, "", "x"])).Faults.Take(1).Select(fault => fault.Rule));
    }

    [Fact]
    public async Task A_part_of_a_year_may_leave_numbers_out_but_never_goes_back()
    {
        var gap = s_right.Select(line => line.Replace("VE000002", "VE000004", StringComparison.Ordinal)).ToArray();
        var back = s_right.Select(line => line.Replace("VE000001", "VE000003", StringComparison.Ordinal)).ToArray();

        Assert.True((await CheckAsync(gap, isWhole: false)).IsRight);
        Assert.Equal([FecRule.Continuity], (await CheckAsync(back, isWhole: false)).Faults.Select(fault => fault.Rule));
    }

    [Fact]
    public async Task A_file_without_anything_in_it_is_refused()
    {
        var verdict = await CheckAsync([]);

        Assert.Equal((false, FecRule.Header), (verdict.IsRight, Assert.Single(verdict.Faults).Rule));
    }

    [Fact]
    public void The_name_has_one_form() => Assert.Equal("267500452FEC20261231.txt", FecWriter.NameOf("267500452", new DateOnly(2026, 12, 31)));

    [Theory]
    [InlineData("Prestation – d’avril", "Prestation - d'avril")]
    [InlineData("12\u202F000 € | œuvre\tTVA\r\n5,5\u00A0%", "12 000 € œuvre TVA 5,5 %")]
    [InlineData("Łódź ✓", "?ódz ?")]
    public void Labels_keep_to_their_charset(string text, string expected) => Assert.Equal(expected, FecText.Of(text, FecCharset.Latin9));

    [Theory]
    [InlineData("TVA collectée – œuvre 5 €", "TVA collectee - oeuvre 5 EUR")]
    public void Ascii_loses_accents_and_nothing_else(string text, string expected) => Assert.Equal(expected, FecText.Of(text, FecCharset.Ascii));

    [Theory]
    [InlineData(0, "AAA")]
    [InlineData(25, "AAZ")]
    [InlineData(26, "ABA")]
    [InlineData(17_575, "ZZZ")]
    [InlineData(17_576, "BAAA")]
    public void Letters_follow_each_other(int place, string code) => Assert.Equal(code, Lettering.CodeOf(place));

    private static Task<FecVerdict> CheckAsync(string[] lines, bool isWhole = true) => FecValidator.CheckAsync(new StringReader(string.Join("\r\n", lines)), s_year, isWhole);
}
