using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>What a quote begins with before anybody writes in it: the company's usual validity and conditions, the terms of payment of the institution.</summary>
internal static class QuoteDefaults
{
    /// <summary>The VAT of a new line: none in franchise (CGI art. 293 B), the normal rate otherwise.</summary>
    public static Vat VatOf(Company company) => company.IsVatExempt ? new Vat(VatCategory.Exempt, 0, Vat.Reasons[0]) : Vat.Normal;

    /// <summary>The last day of validity of a quote of a day: 30 days from 31 January end on 2 March.</summary>
    public static DateOnly ValidUntil(Company company, DateOnly issuedOn) => issuedOn.AddDays(Math.Max(1, company.QuoteDays));

    /// <summary>What was agreed with the institution; else what the law sets for a public buyer, or the company's usual terms.</summary>
    public static async Task<PaymentTerm> TermAsync(MedCrmDbContext db, Company company, Guid institutionId, CancellationToken cancellationToken)
    {
        var agreed = await db.BillingProfiles.AsNoTracking().Where(profile => profile.InstitutionId == institutionId).Select(profile => new { profile.TermKind, profile.TermDays }).SingleOrDefaultAsync(cancellationToken);
        return agreed is { TermDays: { } days }
            ? new PaymentTerm(agreed.TermKind ?? TermKind.Net, days)
            : PaymentTerm.Statutory(await BuyerAsync(db, institutionId, cancellationToken)) ?? company.Term;
    }

    /// <summary>What kind of payer an institution is: as its billing profile says, or by its legal status.</summary>
    public static async Task<BuyerKind> BuyerAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        if (await db.BillingProfiles.Where(profile => profile.InstitutionId == institutionId).Select(profile => profile.Buyer).SingleOrDefaultAsync(cancellationToken) is { } chosen)
        {
            return chosen;
        }

        var institution = await db.Institutions.IgnoreQueryFilters().Where(i => i.Id == institutionId).Select(i => new { i.LegalStatusCode, i.Ownership }).SingleOrDefaultAsync(cancellationToken);
        return institution is null ? BuyerKind.Private : PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership);
    }
}
