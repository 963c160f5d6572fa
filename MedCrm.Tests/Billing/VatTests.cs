using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Billing;

public sealed class VatTests
{
    [Theory]
    [InlineData(0.025, 0.03)]
    [InlineData(-0.025, -0.03)]
    [InlineData(2.675, 2.68)]
    [InlineData(1.004999, 1.00)]
    public void Amounts_are_rounded_half_away_from_zero(decimal amount, decimal rounded) => Assert.Equal(rounded, Money.Round(amount));

    [Fact]
    public void A_price_including_VAT_gives_back_the_one_excluding_it()
    {
        var net = Vat.NetOf(100, 20);

        Assert.Equal((83.33m, 16.67m), (net, 100 - net));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(10)]
    [InlineData(5.5)]
    [InlineData(2.1)]
    public void A_taxed_line_bears_a_rate_in_force(decimal rate) => Assert.Equal(new Vat(VatCategory.Standard, rate, null), Vat.Checked(VatCategory.Standard, rate, "oubliée"));

    [Theory]
    [InlineData(19)]
    [InlineData(0)]
    [InlineData(-20)]
    [InlineData(19.6)]
    public void Another_rate_is_refused(decimal rate)
        => Assert.Equal("VatRate", Assert.Throws<BusinessRuleException>(() => Vat.Checked(VatCategory.Standard, rate, null)).Field);

    [Fact]
    public void Without_VAT_the_reason_is_asked_for_and_the_rate_is_nought()
    {
        Assert.Equal("VatReason", Assert.Throws<BusinessRuleException>(() => Vat.Checked(VatCategory.Exempt, 0, " ")).Field);
        Assert.Equal("VatRate", Assert.Throws<BusinessRuleException>(() => Vat.Checked(VatCategory.ReverseCharge, 20, "Autoliquidation")).Field);
        Assert.Equal(new Vat(VatCategory.Exempt, 0, "art. 261-4-4° a du CGI"), Vat.Checked(VatCategory.Exempt, 0, " art. 261-4-4° a du CGI "));
    }
}
