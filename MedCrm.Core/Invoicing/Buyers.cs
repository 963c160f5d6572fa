using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Invoicing;

/// <summary>What an invoice must know of its buyer before it is issued.</summary>
public static class Buyers
{
    /// <summary>What is missing of a buyer, in the words of a refusal; nothing when all is there (C. com. art. L441-9; décret 2022-1299 for the SIREN).</summary>
    public static IReadOnlyList<Sentence> Missing(EffectiveBilling buyer)
        =>
        [
            .. new (bool Lacks, Sentence Said)[]
            {
                (buyer.Street is null && buyer.AddressLine2 is null, "l'adresse"),
                (buyer.Postcode is null || buyer.City is null, "le code postal et la ville"),
                (buyer.Siren is null, "le SIREN"),
            }.Where(part => part.Lacks).Select(part => part.Said),
        ];

    /// <summary>Refuses an invoice that a buyer could not take: identity, references, terms.</summary>
    /// <exception cref="BusinessRuleException">Something is missing; the field is that of the invoice.</exception>
    internal static void Demand(EffectiveBilling buyer, Invoice invoice)
    {
        if (Missing(buyer) is { Count: > 0 } missing)
        {
            throw new BusinessRuleException($"Il manque sur la fiche de « {buyer.Name} » : {Sentence.Join(", ", missing)}. La loi les demande sur la facture.", nameof(Invoice.InstitutionId));
        }

        var asks = buyer.Reference;
        if (asks is PublicReference.Service or PublicReference.Both && invoice.ServiceCode is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le code service.", nameof(Invoice.ServiceCode));
        }

        if (asks is PublicReference.Engagement or PublicReference.Both && invoice.Engagement is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le n° d'engagement.", nameof(Invoice.Engagement));
        }

        if (asks is PublicReference.Either && invoice.ServiceCode is null && invoice.Engagement is null)
        {
            throw new BusinessRuleException("Cet acheteur public demande le code service ou le n° d'engagement.", nameof(Invoice.ServiceCode));
        }

        if (invoice.Kind is not InvoiceKind.CreditNote)
        {
            new PaymentTerm(invoice.TermKind, invoice.TermDays).Checked(buyer.Buyer, nameof(Invoice.TermDays), isPeriodic: invoice.PeriodFrom is not null);
        }
    }
}
