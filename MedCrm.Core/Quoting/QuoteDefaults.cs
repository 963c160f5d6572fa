using MedCrm.Core.Billing;

namespace MedCrm.Core.Quoting;

/// <summary>What a quote begins with before anybody writes in it: the company's usual validity and VAT.</summary>
internal static class QuoteDefaults
{
    /// <summary>The VAT of a new line: none in franchise (CGI art. 293 B), the normal rate otherwise.</summary>
    public static Vat VatOf(Company company) => company.IsVatExempt ? Vat.Franchise : Vat.Normal;

    /// <summary>The last day of validity of a quote of a day: 30 days from 31 January end on 2 March.</summary>
    public static DateOnly ValidUntil(Company company, DateOnly issuedOn) => issuedOn.AddDays(Math.Max(1, company.QuoteDays));
}
