using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Billing;

public sealed class CompanyTests
{
    [Fact]
    public void Identifiers_are_kept_without_their_spaces_and_the_SIREN_follows_from_the_SIRET()
    {
        var company = Edited(new CompanyDetails { Siret = "787 878 784 00018", VatNumber = "fr 19 787 878 784", Iban = "FR76 3000 6000 0112 3456 7890 189", Bic = "agrifrpp", Phone = "01 99 00 12 34", Accent = "#0b7a75" });

        Assert.Equal(("787878784", "78787878400018", "FR19787878784"), (company.Siren, company.Siret, company.VatNumber));
        Assert.Equal(("FR7630006000011234567890189", "AGRIFRPP", "+33199001234", "#0B7A75"), (company.Iban, company.Bic, company.Phone, company.Accent));
    }

    [Theory]
    [InlineData("Siren", "787878785")]
    [InlineData("Siret", "99999999800019")]
    [InlineData("VatNumber", "FR20787878784")]
    [InlineData("VatNumber", "FR11999999998")]
    [InlineData("Iban", "FR7630006000011234567890188")]
    [InlineData("Bic", "BNPAFR")]
    [InlineData("Accent", "vert")]
    [InlineData("Email", "nulle part")]
    [InlineData("InvoicePrefix", "FA 1")]
    [InlineData("InvoicePrefix", "n°")]
    [InlineData("InvoicePrefix", "")]
    [InlineData("CreditNotePrefix", "fa")]
    public void What_is_wrong_is_refused_beside_its_field(string field, string typed)
    {
        var details = Filled();
        typeof(CompanyDetails).GetProperty(field)!.SetValue(details, typed);

        Assert.Equal(field, Assert.Throws<BusinessRuleException>(() => Edited(details)).Field);
    }

    [Fact]
    public void Terms_and_penalties_stay_within_the_law()
    {
        Assert.Equal("TermDays", Assert.Throws<BusinessRuleException>(() => Edited(Filled() with { TermDays = 61 })).Field);
        Assert.Equal("TermDays", Assert.Throws<BusinessRuleException>(() => Edited(Filled() with { TermKind = TermKind.EndOfMonthThenDays, TermDays = 46 })).Field);
        var facts = new CompanyFacts([], 2.62m);
        Assert.Equal("PenaltyRate", Assert.Throws<BusinessRuleException>(() => new Company().Edit(Filled() with { PenaltyRate = 7.85m }, facts)).Field);
        new Company().Edit(Filled() with { PenaltyRate = 7.86m }, facts);
    }

    [Fact]
    public void The_legal_mentions_that_are_missing_are_told_by_field()
    {
        Assert.Equal(["LegalName", "LegalForm", "Street", "Postcode", "City", "Siren", "VatNumber"], Missing(new CompanyDetails()));
        Assert.Equal(["ShareCapital", "RcsCity"], Missing(Filled() with { ShareCapital = null, RcsCity = null }));
        Assert.Empty(Missing(Filled() with { LegalForm = "Association loi 1901", ShareCapital = null, RcsCity = null }));
        Assert.Empty(Missing(Filled() with { VatNumber = null, IsVatExempt = true }));
        Assert.Equal(["EarlyPayment"], Missing(Filled() with { EarlyPayment = " " }));
        Assert.Empty(Missing(Filled()));
    }

    [Fact]
    public void An_invoice_is_refused_with_all_of_them_in_one_sentence()
    {
        var refusal = Assert.Throws<BusinessRuleException>(() => LegalMentions.Demand(Edited(Filled() with { Siren = null, Siret = null, VatNumber = null, City = null })));

        Assert.Contains("(ville, SIREN, n° de TVA)", refusal.Message, StringComparison.Ordinal);
        LegalMentions.Demand(Edited(Filled()));
    }

    [Fact]
    public async Task A_prefix_stays_as_it_is_once_a_number_of_the_year_was_given()
    {
        await using var world = await TestWorld.CreateAsync();
        await NumberSeriesTests.TakeAsync(world, new DateOnly(2026, 11, 21));
        await using var db = world.Open();
        var facts = new CompanyFacts(await db.NumberSeries.ToListAsync(), null);

        var refusal = Assert.Throws<BusinessRuleException>(() => new Company().Edit(Filled() with { InvoicePrefix = "F" }, facts));

        Assert.Equal("InvoicePrefix", refusal.Field);
        Assert.Contains("FA-2026-0001", refusal.Message, StringComparison.Ordinal);
        new Company().Edit(Filled() with { QuotePrefix = "DEV" }, facts);
    }

    internal static CompanyDetails Filled() => new()
    {
        LegalName = "Soignance",
        LegalForm = "SAS",
        ShareCapital = 50_000,
        Street = "12 rue des Tanneurs",
        Postcode = "44000",
        City = "Nantes",
        Siren = "787878784",
        Siret = "78787878400018",
        RcsCity = "Nantes",
        VatNumber = "FR19787878784",
    };

    private static IEnumerable<string> Missing(CompanyDetails details) => LegalMentions.MissingOf(Edited(details)).Select(mention => mention.Field);

    private static Company Edited(CompanyDetails details)
    {
        var company = new Company();
        company.Edit(details, CompanyFacts.None);
        Assert.Equal(company.Details(), company.Details());
        return company;
    }
}
