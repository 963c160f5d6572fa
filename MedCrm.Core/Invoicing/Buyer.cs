using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>Who pays, as the invoice prints it.</summary>
public sealed record BuyerIdentity
{
    public required string Name { get; init; }
    public string? Street { get; init; }
    public string? AddressLine2 { get; init; }
    public string? Postcode { get; init; }
    public string? City { get; init; }
    public string? Siren { get; init; }
    public string? Siret { get; init; }
    public string? VatNumber { get; init; }

    /// <summary>Whose terms the law sets.</summary>
    public BuyerKind Kind { get; init; }

    /// <summary>What it asks on an invoice before it takes it.</summary>
    public PublicReference Reference { get; init; }

    /// <summary>The code of the service it usually asks for.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>Where invoices are sent.</summary>
    public string? Email { get; init; }

    /// <summary>The terms agreed with it, or those of the law or the house.</summary>
    public PaymentTerm Term { get; init; }

    /// <summary>What is missing of it before an invoice may be issued, in the words of a refusal; nothing when all is there (C. com. art. L441-9; décret 2022-1299).</summary>
    public IReadOnlyList<Sentence> Missing
        =>
        [
            .. new (bool Lacks, Sentence Said)[]
            {
                (Street is null && AddressLine2 is null, "l'adresse"),
                (Postcode is null || City is null, "le code postal et la ville"),
                (Siren is null, "le SIREN"),
            }.Where(part => part.Lacks).Select(part => part.Said),
        ];

    /// <summary>The buyer that an institution is, once its billing profile is joined to it.</summary>
    internal static async Task<BuyerIdentity> OfAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
    {
        var institution = await db.Institutions.IgnoreQueryFilters().AsNoTracking().SingleAsync(i => i.Id == institutionId, cancellationToken);
        var profile = await db.BillingProfiles.AsNoTracking().SingleOrDefaultAsync(p => p.InstitutionId == institutionId, cancellationToken);
        var kind = profile?.Buyer ?? PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership);
        var house = (await Company.ReadAsync(db, cancellationToken)).Term;
        var usual = PaymentTerm.Statutory(kind) ?? house;

        // An address of its own replaces the other whole: half of each would be nobody's.
        var isApart = profile is { Street: not null } or { Postcode: not null };
        return new BuyerIdentity
        {
            Name = profile?.Name ?? institution.Name,
            Street = isApart ? profile!.Street : institution.Street,
            AddressLine2 = isApart ? profile!.AddressLine2 : institution.AddressLine2,
            Postcode = isApart ? profile!.Postcode : institution.Postcode,
            City = isApart ? profile!.City : institution.City,
            Siren = institution.Siren ?? (institution.Siret is { } siret ? siret[..9] : null),
            Siret = institution.Siret,
            VatNumber = institution.VatNumber,
            Kind = kind,
            Reference = profile?.Reference ?? PublicReference.None,
            ServiceCode = profile?.ServiceCode,
            Email = profile?.Email ?? institution.Email,
            Term = new PaymentTerm(profile?.TermKind ?? usual.Kind, profile?.TermDays ?? usual.Days),
        };
    }

    /// <summary>Refuses an invoice that this buyer could not take: identity, references, terms.</summary>
    /// <exception cref="BusinessRuleException">Something is missing; the field is that of the invoice.</exception>
    internal void Demand(Invoice invoice)
    {
        if (Missing is { Count: > 0 } missing)
        {
            throw new BusinessRuleException($"Il manque sur la fiche de « {Name} » : {Sentence.Join(", ", missing)}. La loi les demande sur la facture.", nameof(Invoice.InstitutionId));
        }

        if (Asks(PublicReference.Service) && invoice.ServiceCode is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le code service.", nameof(Invoice.ServiceCode));
        }

        if (Asks(PublicReference.Engagement) && invoice.Engagement is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le n° d'engagement.", nameof(Invoice.Engagement));
        }

        if (Reference is PublicReference.Either && invoice.ServiceCode is null && invoice.Engagement is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le code service ou le n° d'engagement.", nameof(Invoice.ServiceCode));
        }

        if (invoice.Kind is not InvoiceKind.CreditNote)
        {
            new PaymentTerm(invoice.TermKind, invoice.TermDays).Checked(Kind, nameof(Invoice.TermDays));
        }
    }

    private bool Asks(PublicReference reference) => Reference == reference || Reference is PublicReference.Both;
}
