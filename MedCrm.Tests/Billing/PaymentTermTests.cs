using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;

namespace MedCrm.Tests.Billing;

/// <summary>The table of due days (C. com. art. L441-10, both readings admitted by the CEPC), and the delays of public buyers (CCP art. R2192-10 and R2192-11).</summary>
public sealed class PaymentTermTests
{
    [Theory]
    [InlineData("2026-01-15", "2026-02-14", "2026-03-17", "2026-03-31", "2026-03-16")]
    [InlineData("2026-01-31", "2026-03-02", "2026-03-17", "2026-03-31", "2026-04-01")]
    [InlineData("2026-02-28", "2026-03-30", "2026-04-14", "2026-04-30", "2026-04-29")]
    [InlineData("2026-10-05", "2026-11-04", "2026-12-15", "2026-11-30", "2026-12-04")]
    [InlineData("2026-10-22", "2026-11-21", "2026-12-15", "2026-12-31", "2026-12-21")]
    [InlineData("2027-12-31", "2028-01-30", "2028-02-14", "2028-02-29", "2028-02-29")]
    public void Due_days_of_the_usual_terms(string issued, string net30, string endThen45, string then45End, string net60)
    {
        var day = DateOnly.Parse(issued);
        var due = new PaymentTerm[] { new(TermKind.Net, 30), new(TermKind.EndOfMonthThenDays, 45), new(TermKind.DaysThenEndOfMonth, 45), new(TermKind.Net, 60) }.Select(term => term.DueOn(day));

        Assert.Equal(new[] { net30, endThen45, then45End, net60 }.Select(text => DateOnly.Parse(text)), due);
    }

    [Theory]
    [InlineData("2026-01-15", "2026-02-28")]
    [InlineData("2026-01-31", "2026-03-31")]
    public void Thirty_days_then_the_end_of_the_month(string issued, string due)
        => Assert.Equal(DateOnly.Parse(due), new PaymentTerm(TermKind.DaysThenEndOfMonth, 30).DueOn(DateOnly.Parse(issued)));

    [Theory]
    [InlineData("2026-03-10", "2026-04-29")]
    [InlineData("2026-11-20", "2027-01-09")]
    public void A_public_hospital_pays_fifty_days_after_it_received(string received, string due)
        => Assert.Equal(DateOnly.Parse(due), PaymentTerm.Statutory(BuyerKind.PublicHospital)!.Value.DueOn(DateOnly.Parse(received)));

    [Theory]
    [InlineData(BuyerKind.Private, TermKind.Net, 60, true)]
    [InlineData(BuyerKind.Private, TermKind.Net, 61, false)]
    [InlineData(BuyerKind.Private, TermKind.EndOfMonthThenDays, 45, true)]
    [InlineData(BuyerKind.Private, TermKind.EndOfMonthThenDays, 46, false)]
    [InlineData(BuyerKind.Private, TermKind.DaysThenEndOfMonth, 45, true)]
    [InlineData(BuyerKind.Private, TermKind.DaysThenEndOfMonth, 46, false)]
    [InlineData(BuyerKind.Private, TermKind.Net, -1, false)]
    [InlineData(BuyerKind.State, TermKind.Net, 30, true)]
    [InlineData(BuyerKind.State, TermKind.Net, 31, false)]
    [InlineData(BuyerKind.PublicHospital, TermKind.Net, 50, true)]
    [InlineData(BuyerKind.PublicHospital, TermKind.Net, 51, false)]
    [InlineData(BuyerKind.PublicCompany, TermKind.Net, 60, true)]
    [InlineData(BuyerKind.PublicCompany, TermKind.Net, 61, false)]
    [InlineData(BuyerKind.PublicHospital, TermKind.DaysThenEndOfMonth, 30, false)]
    public void Terms_stay_within_the_law(BuyerKind buyer, TermKind kind, int days, bool isLawful)
    {
        var term = new PaymentTerm(kind, days);

        Assert.Equal(isLawful, term.IsLawful(buyer));
        if (isLawful)
        {
            Assert.Equal(term, term.Checked(buyer, "TermDays"));
        }
        else
        {
            Assert.Equal("TermDays", Assert.Throws<BusinessRuleException>(() => term.Checked(buyer, "TermDays")).Field);
        }
    }

    [Theory]
    [InlineData(BuyerKind.Private, TermKind.Net, 45, 45)]
    [InlineData(BuyerKind.Private, TermKind.Net, 46, 45)]
    [InlineData(BuyerKind.Private, TermKind.EndOfMonthThenDays, 15, 15)]
    [InlineData(BuyerKind.Private, TermKind.DaysThenEndOfMonth, 16, 45)]
    [InlineData(BuyerKind.PublicHospital, TermKind.Net, 50, 50)]
    public void A_periodic_invoice_is_due_within_forty_five_days_of_its_issue(BuyerKind buyer, TermKind kind, int days, int kept)
    {
        var term = new PaymentTerm(kind, days);

        Assert.Equal(days == kept ? term : new PaymentTerm(TermKind.Net, kept), term.ForPeriodic(buyer));
        Assert.Equal(days == kept, Record.Exception(() => term.Checked(buyer, "TermDays", isPeriodic: true)) is null);
    }

    [Theory]
    [InlineData("13", Ownership.Unknown, BuyerKind.PublicHospital)]
    [InlineData("15", Ownership.Public, BuyerKind.PublicHospital)]
    [InlineData("03", Ownership.Public, BuyerKind.State)]
    [InlineData("60", Ownership.PrivateNonProfit, BuyerKind.Private)]
    [InlineData("95", Ownership.PrivateForProfit, BuyerKind.Private)]
    [InlineData("95", Ownership.Public, BuyerKind.Private)]
    [InlineData(null, Ownership.Public, BuyerKind.PublicHospital)]
    [InlineData(null, Ownership.Unknown, BuyerKind.Private)]
    public void The_legal_status_says_who_is_a_public_buyer(string? status, Ownership ownership, BuyerKind buyer) => Assert.Equal(buyer, PaymentTerm.BuyerOf(status, ownership));

    [Theory]
    [InlineData(TermKind.Net, 0, "à réception")]
    [InlineData(TermKind.Net, 30, "30 jours nets")]
    [InlineData(TermKind.DaysThenEndOfMonth, 45, "45 jours fin de mois")]
    [InlineData(TermKind.EndOfMonthThenDays, 45, "fin de mois, 45 jours")]
    [InlineData(TermKind.EndOfMonthThenDays, 0, "fin de mois")]
    public void Terms_read_as_people_say_them(TermKind kind, int days, string words) => Assert.Equal(words, new PaymentTerm(kind, days).ToString());
}
