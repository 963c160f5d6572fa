using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Tests.Foundation;

public sealed class HealthNumberTests
{
    [Theory]
    [InlineData("750712184", true)]
    [InlineData("690781810", true)]
    [InlineData("130786049", true)]
    [InlineData("310781406", true)]
    [InlineData("330781196", true)]
    [InlineData("010780054", true)]
    [InlineData("010000024", true)]
    [InlineData("750100125", true)]
    [InlineData("2A0000014", true)]
    [InlineData("2B0000020", true)]
    [InlineData("970300026", true)]
    [InlineData("980600027", true)]
    [InlineData("010 000 024", true)]
    [InlineData("2a0000014", true)]
    [InlineData("010000025", false)]
    [InlineData("750712185", false)]
    [InlineData("2A0000015", false)]
    [InlineData("2B0000021", false)]
    [InlineData("10000024", false)]
    [InlineData("000000000", false)]
    [InlineData("2C0000014", false)]
    [InlineData("75A712184", false)]
    public void A_FINESS_has_9_characters_and_a_key(string input, bool valid)
    {
        Assert.Equal(valid, Finess.IsValid(input));
        Assert.Equal(valid, Finess.Check(input).Error is null);
    }

    [Fact]
    public void A_leading_zero_lost_by_a_spreadsheet_is_suggested_back()
    {
        var check = Finess.Check("10000024");
        Assert.Null(check.Value);
        Assert.Equal("010000024", check.Suggestion);
        Assert.Contains("zéro", check.Error?.ToString(), StringComparison.Ordinal);
        Assert.Equal("010000024", Finess.Check("10000024", strict: false).Suggestion);
    }

    [Fact]
    public void A_zero_that_does_not_make_the_key_right_is_not_suggested() => Assert.Null(Finess.Check("10000025").Suggestion);

    [Fact]
    public void A_wrong_key_is_refused_by_hand_and_kept_on_import()
    {
        Assert.Equal(new IdentifierCheck(null, "FINESS : la clé est fausse, vérifiez les caractères.", null, null), Finess.Check("750712185"));
        Assert.Equal(new IdentifierCheck("750712185", null, "FINESS : la clé est fausse, vérifiez les caractères.", null), Finess.Check("750712185", strict: false));
        Assert.NotNull(Finess.Check("7507121", strict: false).Error);
        Assert.NotNull(Finess.Check("75071218é", strict: false).Error);
        Assert.Contains("tableur", Finess.Check("7,51E+08", strict: false).Error?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("010000024", "010 000 024")]
    [InlineData("2A0000014", "2A0 000 014")]
    [InlineData("10000024", "10000024")]
    public void A_FINESS_is_shown_in_threes(string finess, string shown) => Assert.Equal(shown, Finess.Format(finess));

    [Theory]
    [InlineData("99900000003", true)]
    [InlineData("99900000011", true)]
    [InlineData("99900000029", true)]
    [InlineData("899900000003", true)]
    [InlineData("999 0000 0003", true)]
    [InlineData("99900000004", false)]
    [InlineData("9990000000", false)]
    [InlineData("799900000003", false)]
    [InlineData("10003461033", false)]
    [InlineData("00000000000", false)]
    public void An_RPPS_has_11_digits_and_a_key(string input, bool valid)
    {
        Assert.Equal(valid, Rpps.IsValid(input));
        Assert.Equal(valid, Rpps.Check(input).Error is null);
    }

    [Fact]
    public void The_national_form_of_an_RPPS_loses_its_8() => Assert.Equal("99900000003", Rpps.Check("899900000003").Value);

    [Fact]
    public void An_official_test_RPPS_enters_only_when_asked_for()
    {
        Assert.NotNull(Rpps.Check("10003461033").Error);
        Assert.True(Rpps.IsValid("10003461033", acceptTestNumbers: true));

        var accepted = Rpps.Check("10003461033", acceptTestNumbers: true);
        Assert.Equal("10003461033", accepted.Value);
        Assert.Null(accepted.Error);
        Assert.NotNull(accepted.Warning);
        Assert.NotNull(Rpps.Check("9990000000", acceptTestNumbers: true).Error);
    }

    [Fact]
    public void A_wrong_RPPS_key_is_a_warning_when_not_strict()
        => Assert.Equal(new IdentifierCheck("99900000004", null, "RPPS : la clé est fausse, vérifiez les chiffres.", null), Rpps.Check("99900000004", strict: false));

    [Theory]
    [InlineData("751000019", true)]
    [InlineData("751000018", false)]
    [InlineData("75100001", false)]
    public void An_ADELI_never_blocks_unless_strict(string input, bool valid)
    {
        Assert.Equal(valid, Adeli.IsValid(input));

        var check = Adeli.Check(input);
        Assert.Equal(input, check.Value);
        Assert.Null(check.Error);
        Assert.Equal(valid, check.Warning is null);
        Assert.Equal(valid, Adeli.Check(input, strict: true).Error is null);
    }
}
