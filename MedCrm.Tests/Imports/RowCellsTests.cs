using MedCrm.Core.Imports.Files;

namespace MedCrm.Tests.Imports;

public sealed class RowCellsTests
{
    private readonly RowCells _cells = new(7);

    [Theory]
    [InlineData("010000024", "010000024", false)]
    [InlineData(" 01 00 00 024 ", "010000024", false)]
    [InlineData("2a0000014", "2A0000014", false)]
    [InlineData("10000024", "010000024", true)]
    [InlineData("10000024.0", "010000024", true)]
    [InlineData("1,0000024E+07", "010000024", true)]
    [InlineData("10000025", null, true)]
    [InlineData("010000025", "010000025", true)]
    [InlineData("7,50E+08", null, true)]
    [InlineData("ABCDEFGHI", null, true)]
    [InlineData("01000002A", null, true)]
    [InlineData("", null, false)]
    public void A_finess_number_is_repaired_only_where_its_key_proves_it(string raw, string? expected, bool isNoted)
    {
        Assert.Equal(expected, _cells.Finess("c", raw));
        Assert.Equal(isNoted, _cells.Notices.Count > 0);
    }

    [Theory]
    [InlineData("26010004500012", "260100045", "26010004500012", false)]
    [InlineData("260 100 045 00012", "260100045", "26010004500012", false)]
    [InlineData("267500452", "267500452", null, false)]
    [InlineData("58504390", "058504390", null, true)]
    [InlineData("2,601E+13", null, null, true)]
    [InlineData("2.6010004500012E+13", "260100045", "26010004500012", true)]
    [InlineData("26010004500012.0", "260100045", "26010004500012", false)]
    [InlineData("26750045200012", "267500452", "26750045200012", true)]
    [InlineData("2675004520001", null, null, true)]
    [InlineData("00000000000000", null, null, true)]
    public void A_siret_or_a_siren_is_told_apart(string raw, string? siren, string? siret, bool isNoted)
    {
        Assert.Equal((siren, siret), _cells.SiretOrSiren("c", raw));
        Assert.Equal(isNoted, _cells.Notices.Count > 0);
    }

    [Theory]
    [InlineData("01 40 27 30 00", "FR", "+33140273000")]
    [InlineData("+33 (0)1 40 27 30 00", "FR", "+33140273000")]
    [InlineData("0033140273000", "FR", "+33140273000")]
    [InlineData("'+33140273000", "FR", "+33140273000")]
    [InlineData("'0140273000", "FR", "+33140273000")]
    [InlineData("0262 90 50 50", "RE", "+262262905050")]
    [InlineData("474454647", "FR", "+33474454647")]
    [InlineData("474454647.0", "FR", "+33474454647")]
    [InlineData("3646", "FR", "3646")]
    [InlineData("01 99 00 30 00 / 06 39 98 56 78", "FR", "+33199003000")]
    [InlineData("01/99/00/30/00", "FR", "+33199003000")]
    [InlineData("01 40 27 30 0", "FR", null)]
    [InlineData("voir standard", "FR", null)]
    public void A_telephone_number_becomes_e164(string raw, string region, string? expected) => Assert.Equal(expected, _cells.Phone("c", raw, region));

    [Theory]
    [InlineData("899900000003", "99900000003", false)]
    [InlineData("99900000004", null, true)]
    [InlineData("9990000000", null, true)]
    public void An_rpps_number_has_eleven_digits(string raw, string? expected, bool isNoted)
    {
        Assert.Equal(expected, _cells.Rpps("c", raw));
        Assert.Equal(isNoted, _cells.Notices.Count > 0);
    }

    [Theory]
    [InlineData("13/02/1979", "1979-02-13")]
    [InlineData("3/2/1979", "1979-02-03")]
    [InlineData("1979-02-13", "1979-02-13")]
    [InlineData("2021-10-18 00:00:00", "2021-10-18")]
    [InlineData("1900-01-01", null)]
    [InlineData("01/01/1900", null)]
    [InlineData("31/02/2020", null)]
    [InlineData("hier", null)]
    public void A_date_becomes_iso(string raw, string? expected) => Assert.Equal(expected, _cells.Date("c", raw));

    [Theory]
    [InlineData("1440", "01440")]
    [InlineData("01440", "01440")]
    [InlineData("75 013", "75013")]
    [InlineData("1440.0", "01440")]
    [InlineData("144", null)]
    [InlineData("B-1000", null)]
    public void A_postcode_has_five_digits(string raw, string? expected) => Assert.Equal(expected, _cells.Postcode("c", raw));

    [Theory]
    [InlineData("1", "01")]
    [InlineData("9A", "971")]
    [InlineData("974", "974")]
    [InlineData("2a", "2A")]
    [InlineData("Côtes d'Armor", "22")]
    [InlineData("99", null)]
    public void A_department_is_known_by_code_or_name(string raw, string? expected) => Assert.Equal(expected, _cells.Department("c", raw));

    [Theory]
    [InlineData("1 175", "1175")]
    [InlineData("12,0", "12")]
    [InlineData("12,5", null)]
    [InlineData("-3", null)]
    public void A_count_is_a_whole_number(string raw, string? expected) => Assert.Equal(expected, _cells.Count("c", raw));

    [Theory]
    [InlineData("www.example.org", "https://www.example.org")]
    [InlineData("http://example.org/a", "http://example.org/a")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("ftp://example.org", null)]
    [InlineData("https://user:pass@example.org", null)]
    [InlineData("www.chu-orléans.example", "https://www.chu-orléans.example")]
    [InlineData("6", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData("site", null)]
    public void A_web_address_is_http(string raw, string? expected) => Assert.Equal(expected, _cells.Website("c", raw));

    [Theory]
    [InlineData("mailto:a@example.org", "a@example.org")]
    [InlineData("a@example", null)]
    public void An_email_has_the_form_of_one(string raw, string? expected) => Assert.Equal(expected, _cells.Email("c", raw));

    [Theory]
    [InlineData("'=1+1", "=1+1")]
    [InlineData("'-2+3", "-2+3")]
    [InlineData("'@x", "@x")]
    [InlineData("' =1+1", "=1+1")]
    [InlineData("'s-Hertogenbosch", "'s-Hertogenbosch")]
    [InlineData("\u00a0Hôpital\u202f \tA ", "Hôpital A")]
    [InlineData("  ", null)]
    [InlineData("#N/A", null)]
    [InlineData(" #Nombre! ", null)]
    [InlineData("#1 de la région", "#1 de la région")]
    public void A_text_loses_the_apostrophe_that_exports_add_and_nothing_else(string raw, string? expected) => Assert.Equal(expected, CellText.Clean(raw));

    [Theory]
    [InlineData("01606 TREVOUX CEDEX", "01606", "TREVOUX", "CEDEX")]
    [InlineData("75651 PARIS CEDEX 13", "75651", "PARIS", "CEDEX 13")]
    [InlineData("01440 VIRIAT", "01440", "VIRIAT", null)]
    [InlineData("BOURG EN BRESSE", null, "BOURG EN BRESSE", null)]
    [InlineData("", null, null, null)]
    public void A_city_line_is_split(string line, string? postcode, string? city, string? cedex) => Assert.Equal((postcode, city, cedex), PostalLines.Split(line));

    [Theory]
    [InlineData("103T", null, "AV", "DE NICE", "103 TER AVENUE DE NICE")]
    [InlineData("9", "B", "R", "X", "9 BIS RUE X")]
    [InlineData("12-14", null, "Rue", "X", "12-14 RUE X")]
    [InlineData("", "", "", "", null)]
    public void A_street_is_put_together(string number, string? repeat, string type, string name, string? expected) => Assert.Equal(expected, PostalLines.Street(number, repeat, type, name));

    [Fact]
    public void A_notice_tells_where_what_and_by_what()
    {
        _cells.Finess("nofinesset", "10000024");

        Assert.Equal(new ImportNotice(7, NoticeSeverity.Warning, "nofinesset", "Le numéro FINESS avait perdu son zéro initial.", "10000024", "010000024"), Assert.Single(_cells.Notices));
    }
}
