using MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Tests.Foundation;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("01 40 27 30 00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("01.40.27.30.00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("+33 (0)1 40 27 30 00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("0033140273000", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("+33 1 40 27 30 00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("+33 01 40 27 30 00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("01/40/27/30/00", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("\u202A01\u00A040\u202F27-30–00\u202C", "FR", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("06.12.34.56.78", "FR", "+33612345678", "06 12 34 56 78", PhoneKind.Mobile)]
    [InlineData("07 12 34 56 78", "FR", "+33712345678", "07 12 34 56 78", PhoneKind.Mobile)]
    [InlineData("0800 123 456", "FR", "+33800123456", "0 800 12 34 56", PhoneKind.Freephone)]
    [InlineData("0806 123 456", "FR", "+33806123456", "0 806 12 34 56", PhoneKind.Fixed)]
    [InlineData("08 92 70 12 39", "FR", "+33892701239", "0 892 70 12 39", PhoneKind.Premium)]
    [InlineData("09 70 00 00 00", "FR", "+33970000000", "09 70 00 00 00", PhoneKind.Voip)]
    [InlineData("3646", "FR", "3646", "36 46", PhoneKind.ShortCode)]
    [InlineData("15", "FR", "15", "15", PhoneKind.ShortCode)]
    [InlineData("112", "FR", "112", "112", PhoneKind.ShortCode)]
    [InlineData("118 218", "FR", "118218", "118 218", PhoneKind.ShortCode)]
    [InlineData("0262 90 50 50", "RE", "+262262905050", "0262 90 50 50", PhoneKind.Fixed)]
    [InlineData("0590 89 10 10", "GP", "+590590891010", "0590 89 10 10", PhoneKind.Fixed)]
    [InlineData("0594 39 50 50", "GF", "+594594395050", "0594 39 50 50", PhoneKind.Fixed)]
    [InlineData("0596 55 20 00", "MQ", "+596596552000", "0596 55 20 00", PhoneKind.Fixed)]
    [InlineData("0269 61 80 00", "YT", "+262269618000", "0269 61 80 00", PhoneKind.Fixed)]
    [InlineData("0692 12 34 56", "RE", "+262692123456", "0692 12 34 56", PhoneKind.Mobile)]
    [InlineData("0693 12 34 56", "RE", "+262693123456", "0693 12 34 56", PhoneKind.Mobile)]
    [InlineData("0690 12 34 56", "GP", "+590690123456", "0690 12 34 56", PhoneKind.Mobile)]
    [InlineData("0691 12 34 56", "GP", "+590691123456", "0691 12 34 56", PhoneKind.Mobile)]
    [InlineData("0696 12 34 56", "MQ", "+596696123456", "0696 12 34 56", PhoneKind.Mobile)]
    [InlineData("0697 12 34 56", "MQ", "+596697123456", "0697 12 34 56", PhoneKind.Mobile)]
    [InlineData("0694 12 34 56", "GF", "+594694123456", "0694 12 34 56", PhoneKind.Mobile)]
    [InlineData("0639 12 34 56", "YT", "+262639123456", "0639 12 34 56", PhoneKind.Mobile)]
    [InlineData("01 40 27 30 00", "RE", "+33140273000", "01 40 27 30 00", PhoneKind.Fixed)]
    [InlineData("+262 (0)262 90 50 50", "FR", "+262262905050", "0262 90 50 50", PhoneKind.Fixed)]
    [InlineData("01 99 00 12 34", "FR", "+33199001234", "01 99 00 12 34", PhoneKind.Fixed)]
    [InlineData("06 39 98 12 34", "FR", "+33639981234", "06 39 98 12 34", PhoneKind.Mobile)]
    [InlineData("+44 20 7946 0958", "FR", "+442079460958", "+442079460958", PhoneKind.International)]
    [InlineData("+41 22 123 45 67", "RE", "+41221234567", "+41221234567", PhoneKind.International)]
    public void A_number_is_kept_in_one_form_and_shown_as_the_French_read_it(string input, string region, string kept, string shown, PhoneKind kind)
    {
        var phone = PhoneNumber.Parse(input, region);
        Assert.Equal(new ParsedPhone(kept, kind, null, null), phone);
        Assert.Equal(shown, PhoneNumber.FormatNational(kept));
        Assert.True(PhoneNumber.IsValid(input, region));
    }

    [Theory]
    [InlineData("01 40 27 30 00", "FR")]
    [InlineData("0800 123 456", "FR")]
    [InlineData("3646", "FR")]
    [InlineData("0262 90 50 50", "RE")]
    [InlineData("+44 20 7946 0958", "FR")]
    public void A_kept_number_is_read_back_unchanged(string input, string region)
    {
        var kept = PhoneNumber.Parse(input, region);
        Assert.Equal(kept, PhoneNumber.Parse(kept.Value, region));
        Assert.Equal(kept, PhoneNumber.Parse(PhoneNumber.FormatNational(kept.Value!), region));
    }

    [Theory]
    [InlineData("01 40 27 30 0", "celui-ci en a 9")]
    [InlineData("01 40 27 30 00 / 06 12 34 56 78", "un seul numéro")]
    [InlineData("01 40 27 30 00 ou 06 12 34 56 78", "un seul numéro")]
    [InlineData("standard", "que des chiffres")]
    [InlineData("01 40 27 30 00 poste 12", "que des chiffres")]
    [InlineData("0140273000+", "que des chiffres")]
    [InlineData("+", "que des chiffres")]
    [InlineData("12345678901", "celui-ci en a 11")]
    [InlineData("+44 12", "7 à 15")]
    [InlineData("+0140273000", "7 à 15")]
    [InlineData("+33 1 40 27 30", "9 chiffres après +33")]
    [InlineData("+262 140 27 30 00", "derrière +262")]
    public void What_is_not_one_number_is_refused_with_its_reason(string input, string reason)
    {
        var phone = PhoneNumber.Parse(input);
        Assert.Null(phone.Value);
        Assert.Null(phone.Kind);
        Assert.Contains(reason, phone.Error?.ToString(), StringComparison.Ordinal);
        Assert.False(PhoneNumber.IsValid(input));
    }

    [Theory]
    [InlineData("0262905050", "FR", "+262262905050", "La Réunion")]
    [InlineData("0692 12 34 56", "FR", "+262692123456", "La Réunion")]
    [InlineData("0590 89 10 10", "FR", "+590590891010", "Guadeloupe")]
    [InlineData("0596 55 20 00", "GP", "+596596552000", "Martinique")]
    [InlineData("0639 12 34 56", "FR", "+262639123456", "Mayotte")]
    [InlineData("+33 262 90 50 50", "FR", "+262262905050", "La Réunion")]
    [InlineData("+590 594 39 50 50", "FR", "+594594395050", "Guyane")]
    public void An_overseas_number_typed_as_a_metropolitan_one_is_refused_and_set_right(string input, string region, string suggestion, string place)
    {
        var check = PhoneNumber.Check(input, region);
        Assert.Null(check.Value);
        Assert.Equal(suggestion, check.Suggestion);
        Assert.Contains(place, check.Error?.ToString(), StringComparison.Ordinal);
        Assert.True(PhoneNumber.IsValid(suggestion));
    }

    [Theory]
    [InlineData("474454647", "FR", "+33474454647")]
    [InlineData("474 45 46 47", "FR", "+33474454647")]
    [InlineData("262905050", "RE", "+262262905050")]
    public void The_zero_stripped_by_a_spreadsheet_is_given_back(string input, string region, string expected)
    {
        Assert.True(PhoneNumber.TryRepair(input, region, out var repaired));
        Assert.Equal(expected, repaired);
        Assert.Null(PhoneNumber.Parse(input, region).Value);
        Assert.Equal(expected, PhoneNumber.Check(input, region).Suggestion);
    }

    [Theory]
    [InlineData("014027300")]
    [InlineData("47445464")]
    [InlineData("0474454647")]
    [InlineData("47445464A")]
    [InlineData("262905050")]
    [InlineData(null)]
    public void Nothing_else_is_repaired(string? input)
    {
        Assert.False(PhoneNumber.TryRepair(input, "FR", out var repaired));
        Assert.Equal("", repaired);
    }

    [Theory]
    [InlineData("971", "GP")]
    [InlineData("972", "MQ")]
    [InlineData("973", "GF")]
    [InlineData("974", "RE")]
    [InlineData("976", "YT")]
    [InlineData("977", "GP")]
    [InlineData("978", "GP")]
    [InlineData("9A", "GP")]
    [InlineData("9B", "MQ")]
    [InlineData("9C", "GF")]
    [InlineData("9d", "RE")]
    [InlineData("9F", "YT")]
    [InlineData("75", "FR")]
    [InlineData("2A", "FR")]
    [InlineData(null, "FR")]
    public void The_department_says_which_region_dials(string? department, string region)
        => Assert.Equal(region, PhoneNumber.RegionOfDepartment(department));
}
