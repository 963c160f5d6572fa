using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Tests.Foundation;

public sealed class BankNumberTests
{
    [Theory]
    [InlineData("FR14 2004 1010 0505 0001 3M02 606", true)]
    [InlineData("FR76 3000 6000 0112 3456 7890 189", true)]
    [InlineData("FR76 3000 4000 0312 3456 7890 143", true)]
    [InlineData("fr76\u00A03000\u202F4000 0312 3456 7890 143", true)]
    [InlineData("GB29NWBK60161331926819", true)]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("FR7630006000011234567890188", false)]
    [InlineData("FR0630006000011234567890188", true)]
    [InlineData("FR76300060000112345678901", false)]
    [InlineData("DE8937040044053201300", false)]
    [InlineData("FR", false)]
    [InlineData("7630006000011234567890189", false)]
    [InlineData("FR76 3000 6000 0112 3456 7890 18é", false)]
    public void An_IBAN_has_the_length_of_its_country_and_a_key(string input, bool valid)
    {
        Assert.Equal(valid, Iban.IsValid(input));
        Assert.Equal(valid, Iban.Check(input).Error is null);
    }

    [Theory]
    [InlineData("FR14 2004 1010 0505 0001 3M02 606", false)]
    [InlineData("FR76 3000 6000 0112 3456 7890 189", false)]
    [InlineData("FR76 3000 4000 0312 3456 7890 143", false)]
    [InlineData("GB29NWBK60161331926819", false)]
    [InlineData("FR083000600001ABCDEFGHI0189", false)]
    [InlineData("FR043000600001JKLMNOPQR0286", false)]
    [InlineData("FR983000600001STUVWXYZ00343", false)]
    [InlineData("FR0630006000011234567890188", true)]
    public void A_wrong_RIB_key_is_warned_about(string input, bool warned)
    {
        var check = Iban.Check(input);
        Assert.Null(check.Error);
        Assert.Equal(warned, check.Warning is not null);
    }

    [Fact]
    public void An_IBAN_is_kept_without_its_spaces()
        => Assert.Equal("FR1420041010050500013M02606", Iban.Check("FR14 2004 1010 0505 0001 3M02 606").Value);

    [Fact]
    public void A_wrong_IBAN_key_is_a_warning_when_not_strict()
    {
        Assert.NotNull(Iban.Check("FR7630006000011234567890188").Error);
        Assert.Equal("FR7630006000011234567890188", Iban.Check("FR7630006000011234567890188", strict: false).Value);
        Assert.NotNull(Iban.Check("FR7630006000011234567890188", strict: false).Warning);
    }

    [Fact]
    public void A_key_that_is_never_issued_is_wrong_though_its_remainder_is_right()
    {
        Assert.True(Iban.IsValid("DE98370400440532010025"));
        Assert.False(Iban.IsValid("DE01370400440532010025"));
    }

    [Theory]
    [InlineData("BNPAFRPP", true)]
    [InlineData("BNPAFRPPXXX", true)]
    [InlineData("AGRIFRPP882", true)]
    [InlineData("BDFEFRPPCCT", true)]
    [InlineData("bnpa fr pp", true)]
    [InlineData("BNPAFR", false)]
    [InlineData("BNPAFRPPXX", false)]
    [InlineData("BN1AFRPP", false)]
    [InlineData("BNPAZZPP", false)]
    public void A_BIC_has_8_or_11_characters_and_a_country(string input, bool valid)
    {
        Assert.Equal(valid, Bic.IsValid(input));
        Assert.Equal(valid, Bic.Check(input).Error is null);
    }

    [Fact]
    public void An_unknown_country_in_a_BIC_is_a_warning_when_not_strict()
        => Assert.Equal(new IdentifierCheck("BNPAZZPP", null, "BIC : le pays « ZZ » n'existe pas.", null), Bic.Check("BNPAZZPP", strict: false));
}
