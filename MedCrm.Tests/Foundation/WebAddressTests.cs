using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Foundation;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("chu-nantes.fr", "https://chu-nantes.fr")]
    [InlineData("http://www.chu-nantes.fr/bloc", "http://www.chu-nantes.fr/bloc")]
    [InlineData(" ", null)]
    public void A_form_takes_a_web_address_with_or_without_its_scheme(string typed, string? kept) => Assert.Equal(kept, Clean.Website(typed, "Website"));

    [Theory]
    [InlineData("6")]
    [InlineData("ftp://chu-nantes.fr")]
    [InlineData("accueil")]
    [InlineData("https://moi:secret@chu-nantes.fr")]
    public void A_form_refuses_what_is_no_web_address_as_an_import_does(string typed)
        => Assert.Equal("Website", Assert.Throws<BusinessRuleException>(() => Clean.Website(typed, "Website")).Field);
}
