using MedCrm.Core.Billing;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Quoting;

/// <summary>What a quote begins with before anybody writes in it: the company's usual validity and VAT.</summary>
internal static class QuoteDefaults
{
    /// <summary>The VAT of a new line: none in franchise (CGI art. 293 B), the normal rate otherwise.</summary>
    public static Vat VatOf(Company company) => company.IsVatExempt ? Vat.Franchise : Vat.Normal;

    /// <summary>The lines of a deal as those of a document. Needs its lines loaded.</summary>
    public static IReadOnlyList<LineDetails> LinesOf(Opportunity deal, Company company)
    {
        var vat = VatOf(company);
        return
        [
            .. deal.Lines.OrderBy(line => line.Position).Select(line => new LineDetails
            {
                Description = line.Description,
                Quantity = line.Quantity,
                UnitPrice = line.UnitPrice,
                VatCategory = vat.Category,
                VatRate = vat.Rate,
                VatReason = vat.Reason,
            }),
        ];
    }

    /// <summary>The last day of validity of a quote of a day: 30 days from 31 January end on 2 March.</summary>
    public static DateOnly ValidUntil(Company company, DateOnly issuedOn) => issuedOn.AddDays(Math.Max(1, company.QuoteDays));
}
