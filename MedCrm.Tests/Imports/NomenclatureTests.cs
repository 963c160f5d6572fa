using MedCrm.Core.Customers;

namespace MedCrm.Tests.Imports;

public sealed class NomenclatureTests
{
    [Fact]
    public void The_official_lists_are_complete()
    {
        Assert.Equal(39, Nomenclature.Categories.Count);
        Assert.Equal(69, Nomenclature.LegalStatuses.Count);
        Assert.Equal(18, Nomenclature.Regions.Count);
        Assert.Equal(30, Nomenclature.GroupedCategories.Count);
        Assert.Equal(50, Nomenclature.Specialities.Count);
    }

    [Theory]
    [InlineData("355", "CH", CategoryKind.Hospital)]
    [InlineData("101", "CHR", CategoryKind.RegionalHospital)]
    [InlineData("365", "Clinique", CategoryKind.Clinic)]
    [InlineData("109", "SSR/SMR", CategoryKind.Rehabilitation)]
    [InlineData("500", "EHPAD", CategoryKind.MedicoSocial)]
    [InlineData("362", "USLD", CategoryKind.LongTermCare)]
    public void A_category_has_a_short_label_and_a_family(string code, string shortLabel, CategoryKind kind)
    {
        var category = Nomenclature.Category(code)!;

        Assert.Equal((shortLabel, kind), (category.ShortLabel, category.Kind));
    }

    [Fact]
    public void Short_labels_are_unique() =>
        Assert.Equal(Nomenclature.Categories.Count, Nomenclature.Categories.Select(category => category.ShortLabel).Distinct().Count());

    [Theory]
    [InlineData("ch", "355")]
    [InlineData("CHU", "101")]
    [InlineData("clinique", "365")]
    [InlineData("Établissement de soins pluridisciplinaires", "365")]
    [InlineData("centre hospitalier", "355")]
    [InlineData("ssr", "109")]
    [InlineData("zorglub", null)]
    public void A_category_is_found_by_what_people_write(string text, string? expected) => Assert.Equal(expected, Nomenclature.FindCategory(text)?.Code);

    [Theory]
    [InlineData("01", Ownership.Public)]
    [InlineData("13", Ownership.Public)]
    [InlineData("30", Ownership.Public)]
    [InlineData("40", Ownership.PrivateNonProfit)]
    [InlineData("60", Ownership.PrivateNonProfit)]
    [InlineData("66", Ownership.PrivateNonProfit)]
    [InlineData("89", Ownership.PrivateNonProfit)]
    [InlineData("70", Ownership.PrivateForProfit)]
    [InlineData("88", Ownership.PrivateForProfit)]
    [InlineData("95", Ownership.PrivateForProfit)]
    [InlineData("35", null)]
    [InlineData("", null)]
    public void A_legal_status_tells_public_from_private(string code, Ownership? expected) => Assert.Equal(expected, Nomenclature.OwnershipOf(code));

    [Theory]
    [InlineData("09", false)]
    [InlineData("10", true)]
    [InlineData("15", true)]
    [InlineData("16", false)]
    public void Only_codes_10_to_15_are_public_hospitals(string code, bool expected) => Assert.Equal(expected, Nomenclature.LegalStatus(code)?.IsPublicHospital ?? false);

    [Fact]
    public void There_are_101_departments_in_18_regions()
    {
        var inRegions = Departments.All.Where(department => department.Region is not null).ToList();

        Assert.Equal(101, inRegions.Count);
        Assert.Equal(18, inRegions.Select(department => department.Region!.Code).Distinct().Count());
    }

    [Theory]
    [InlineData("9A", "971")]
    [InlineData("9F", "976")]
    [InlineData("9J", "986")]
    [InlineData("2a", "2A")]
    [InlineData("01", "01")]
    [InlineData("99", null)]
    public void A_department_is_found_by_its_insee_or_finess_code(string code, string? expected) => Assert.Equal(expected, Departments.Find(code)?.Code);

    [Theory]
    [InlineData("20000", "2A")]
    [InlineData("20600", "2B")]
    [InlineData("97405", "974")]
    [InlineData("97133", "977")]
    [InlineData("01440", "01")]
    [InlineData("99999", null)]
    public void A_postcode_gives_its_department(string postcode, string? expected) => Assert.Equal(expected, Departments.OfPostcode(postcode)?.Code);

    [Theory]
    [InlineData("9D411", "97411")]
    [InlineData("9J611", "98611")]
    [InlineData("01451", "01451")]
    [InlineData("2A004", "2A004")]
    public void A_finess_commune_becomes_an_insee_one(string commune, string expected) => Assert.Equal(expected, Departments.InseeCommune(commune));
}
