using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Tests.Foundation;

public sealed class CompanyNumberTests
{
    [Theory]
    [InlineData("267500452", true)]
    [InlineData("267500453", false)]
    [InlineData("18", true)]
    [InlineData("19", false)]
    [InlineData("", false)]
    [InlineData("2675A0452", false)]
    [InlineData("٢٦٧٥٠٠٤٥٢", false)]
    public void The_last_digit_is_a_Luhn_key(string digits, bool valid) => Assert.Equal(valid, Luhn.IsValid(digits));

    [Fact]
    public void A_wrong_Luhn_key_is_refused_when_strict_and_warned_about_otherwise()
    {
        Assert.Equal("267500452", Luhn.Check("267 500 452").Value);
        Assert.NotNull(Luhn.Check("267500453").Error);
        Assert.Equal("267500453", Luhn.Check("267500453", strict: false).Value);
        Assert.NotNull(Luhn.Check("267500453", strict: false).Warning);
        Assert.NotNull(Luhn.Check("26A", strict: false).Error);
    }

    [Theory]
    [InlineData("267500452", true)]
    [InlineData("266900273", true)]
    [InlineData("261300081", true)]
    [InlineData("263100125", true)]
    [InlineData("263305823", true)]
    [InlineData("265906719", true)]
    [InlineData("263500076", true)]
    [InlineData("356000000", true)]
    [InlineData("267 500 452", true)]
    [InlineData("267\u00A0500\u202F452", true)]
    [InlineData("267.500-452", true)]
    [InlineData("000000000", false)]
    [InlineData("987654321", false)]
    [InlineData("123456789", false)]
    [InlineData("26750045", false)]
    [InlineData("26750045A", false)]
    public void A_SIREN_has_9_digits_and_a_key(string input, bool valid)
    {
        Assert.Equal(valid, Siren.IsValid(input));
        Assert.Equal(valid, Siren.Check(input).Error is null);
    }

    [Theory]
    [InlineData("26750045200714", true)]
    [InlineData("26690027300969", true)]
    [InlineData("26130008100096", true)]
    [InlineData("26310012500511", true)]
    [InlineData("26330582300035", true)]
    [InlineData("26590671900017", true)]
    [InlineData("26010004500012", true)]
    [InlineData("260 100 045 00012", true)]
    [InlineData("35600000000048", true)]
    [InlineData("35600000009075", true)]
    [InlineData("35600000000006", true)]
    [InlineData("35600000009076", false)]
    [InlineData("26750045200012", false)]
    [InlineData("2675004520001", false)]
    [InlineData("26130008100011", false)]
    [InlineData("99999999800019", true)]
    [InlineData("78787878400018", true)]
    [InlineData("00000000000000", false)]
    [InlineData("00000000000018", false)]
    public void A_SIRET_has_14_digits_and_a_key(string input, bool valid)
    {
        Assert.Equal(valid, Siret.IsValid(input));
        Assert.Equal(valid, Siret.Check(input).Error is null);
    }

    [Fact]
    public void A_SIRET_with_the_right_key_still_needs_a_valid_SIREN()
    {
        const string RightKeyOnWrongSiren = "26750045300001";
        Assert.True(Luhn.IsValid(RightKeyOnWrongSiren));
        Assert.False(Siret.IsValid(RightKeyOnWrongSiren));
    }

    [Fact]
    public void La_Poste_leaves_Luhn_for_a_sum_of_digits()
    {
        const string LuhnOnly = "35600000000014";
        Assert.True(Luhn.IsValid(LuhnOnly));
        Assert.False(Siret.IsValid(LuhnOnly));
    }

    [Fact]
    public void A_SIRET_is_kept_without_its_spaces_and_shown_with_them()
    {
        Assert.Equal("26010004500012", Siret.Check(" 260 100 045 00012 ").Value);
        Assert.Equal("260 100 045 00012", Siret.Format("26010004500012"));
        Assert.Equal("2601", Siret.Format("2601"));
    }

    [Fact]
    public void A_SIREN_and_a_SIRET_are_told_from_one_another()
    {
        Assert.Contains("SIREN", Siret.Check("267500452").Error?.ToString(), StringComparison.Ordinal);
        Assert.Contains("SIRET", Siren.Check("26750045200714").Error?.ToString(), StringComparison.Ordinal);
        Assert.Equal("267500452", Siren.Check("26750045200714").Suggestion);
    }

    [Theory]
    [InlineData("2,601E+13")]
    [InlineData("2.601E+13")]
    [InlineData("2E+13")]
    public void A_SIRET_abridged_by_a_spreadsheet_is_lost_and_said_so(string input)
    {
        var check = Siret.Check(input, strict: false);
        Assert.Null(check.Value);
        Assert.Contains("tableur", check.Error?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_key_from_a_third_party_is_kept_with_a_warning()
    {
        Assert.Equal(new IdentifierCheck("987654321", null, "SIREN : la clé est fausse, vérifiez les chiffres.", null), Siren.Check("987654321", strict: false));
        Assert.Equal(new IdentifierCheck("26750045200012", null, "SIRET : la clé est fausse, vérifiez les chiffres.", null), Siret.Check("26750045200012", strict: false));
        Assert.Equal("FR15123456789", VatNumber.Check("FR15123456789", strict: false).Value);
        Assert.NotNull(VatNumber.Check("FR15123456789", strict: false).Warning);
    }

    [Theory]
    [InlineData("000000000")]
    [InlineData("26750045")]
    public void What_cannot_be_a_SIREN_is_refused_even_when_not_strict(string input)
        => Assert.NotNull(Siren.Check(input, strict: false).Error);

    [Theory]
    [InlineData("267500452", "FR95267500452")]
    [InlineData("266900273", "FR72266900273")]
    [InlineData("261300081", "FR90261300081")]
    [InlineData("263100125", "FR38263100125")]
    [InlineData("263305823", "FR18263305823")]
    [InlineData("265906719", "FR26265906719")]
    [InlineData("263500076", "FR01263500076")]
    [InlineData("999999998", "FR11999999998")]
    [InlineData("787878784", "FR19787878784")]
    [InlineData("100000009", "FR88100000009")]
    [InlineData("200000008", "FR37200000008")]
    [InlineData("123 456 782", "FR11123456782")]
    public void A_SIREN_gives_its_VAT_number(string siren, string vatNumber)
    {
        Assert.Equal(vatNumber, VatNumber.FromSiren(siren));
        Assert.True(VatNumber.IsValid(vatNumber));
    }

    [Fact]
    public void A_wrong_SIREN_gives_no_VAT_number() => Assert.Throws<ArgumentException>(() => VatNumber.FromSiren("987654321"));

    [Theory]
    [InlineData("FR95267500452", true)]
    [InlineData("FR96267500452", false)]
    [InlineData("FR40303265045", true)]
    [InlineData("FRK7399859412", true)]
    [InlineData("K7399859412", true)]
    [InlineData("FR4Z123456782", true)]
    [InlineData("4Z123456782", true)]
    [InlineData("FR4Y123456782", false)]
    [InlineData("FRK8399859412", false)]
    [InlineData("23334175221", true)]
    [InlineData("84323140391", false)]
    [InlineData("FRIO334175221", false)]
    [InlineData("fr 95 267 500 452", true)]
    [InlineData("FR1263500076", false)]
    [InlineData("FR12000000000", false)]
    [InlineData("DE811569869", false)]
    [InlineData("FR34000123456", true)]
    [InlineData("FR35000123456", false)]
    public void A_VAT_number_has_a_key_and_a_SIREN(string input, bool valid)
    {
        Assert.Equal(valid, VatNumber.IsValid(input));
        Assert.Equal(valid, VatNumber.Check(input).Error is null);
    }

    [Fact]
    public void A_VAT_number_is_kept_with_its_country()
    {
        Assert.Equal("FR95267500452", VatNumber.Check("fr 95 267 500 452").Value);
        Assert.Equal("FR40303265045", VatNumber.Check("40 303 265 045").Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u00A0\u202F ")]
    public void Nothing_typed_is_nothing_kept_and_nothing_wrong(string? input)
    {
        var nothing = new IdentifierCheck(null, null, null, null);
        Assert.Equal(nothing, Luhn.Check(input));
        Assert.Equal(nothing, Siren.Check(input));
        Assert.Equal(nothing, Siret.Check(input));
        Assert.Equal(nothing, VatNumber.Check(input));
        Assert.Equal(nothing, Finess.Check(input));
        Assert.Equal(nothing, Rpps.Check(input));
        Assert.Equal(nothing, Adeli.Check(input));
        Assert.Equal(nothing, Iban.Check(input));
        Assert.Equal(nothing, Bic.Check(input));
        Assert.Equal(nothing, PhoneNumber.Check(input));
        Assert.Null(Siret.Normalize(input));
    }
}
