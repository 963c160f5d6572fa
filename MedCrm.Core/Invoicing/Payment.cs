using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Invoicing;

/// <summary>By what means money came.</summary>
public enum PaymentMeans
{
    [Display(Name = "Virement")] Transfer,
    [Display(Name = "Mandat administratif")] PublicMandate,
    [Display(Name = "Prélèvement")] DirectDebit,
    [Display(Name = "Chèque")] Cheque,
    [Display(Name = "Carte")] Card,
    [Display(Name = "Autre")] Other,
}

/// <summary>Money received from an institution, allocated to one or several invoices; what is left is a credit it may use later. Euros including VAT.</summary>
public sealed class Payment : IVersioned, IRecorded
{
    private readonly List<PaymentAllocation> _allocations = [];

    private Payment()
    {
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>Who paid.</summary>
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    [Display(Name = "Reçu le")] public DateOnly ReceivedOn { get; private set; }
    [Display(Name = "Montant")] public decimal Amount { get; private set; }
    [Display(Name = "Moyen")] public PaymentMeans Means { get; private set; }
    [Display(Name = "Référence")] public string? Reference { get; private set; }
    [Display(Name = "Note")] public string? Note { get; private set; }

    /// <summary>What no invoice took yet.</summary>
    [NotRecorded] public decimal Left { get; private set; }

    /// <summary>The line of the bank statement it came from, to import none twice; null when typed.</summary>
    [NotRecorded] public string? BankKey { get; private set; }

    /// <summary>Its number in the bank journal, « BQ000001 ».</summary>
    public int JournalNumber { get; private set; }

    /// <summary>The shares.</summary>
    public IReadOnlyList<PaymentAllocation> Allocations => _allocations;

    /// <summary>When it was entered, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => Reference ?? "Règlement";
}

/// <summary>The share of a payment that an invoice took. Euros including VAT.</summary>
public sealed class PaymentAllocation : IRecordedPart
{
    private PaymentAllocation()
    {
    }

    internal PaymentAllocation(Guid paymentId, Guid invoiceId, string invoiceNumber, decimal amount)
    {
        Id = Guid.CreateVersion7();
        (PaymentId, InvoiceId, InvoiceNumber, Amount) = (paymentId, invoiceId, invoiceNumber, amount);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The payment.</summary>
    public Guid PaymentId { get; private set; }

    /// <summary>The invoice.</summary>
    [Display(Name = "Facture")] public Guid InvoiceId { get; private set; }

    /// <summary>Its number.</summary>
    [NotRecorded] public string InvoiceNumber { get; private set; } = "";

    [Display(Name = "Montant")] public decimal Amount { get; private set; }

    /// <inheritdoc/>
    public string RecordName => InvoiceNumber;

    /// <inheritdoc/>
    public string WholeType => nameof(Payment);

    /// <inheritdoc/>
    public Guid WholeId => PaymentId;
}

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>, IEntityTypeConfiguration<PaymentAllocation>
{
    public void Configure(EntityTypeBuilder<Payment> payment)
    {
        payment.HasOne<Institution>().WithMany().HasForeignKey(p => p.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        payment.HasMany(p => p.Allocations).WithOne().HasForeignKey(allocation => allocation.PaymentId).OnDelete(DeleteBehavior.Cascade);
        payment.Navigation(p => p.Allocations).HasField("_allocations").UsePropertyAccessMode(PropertyAccessMode.Field);
        payment.HasIndex(p => new { p.InstitutionId, p.ReceivedOn });
        payment.HasIndex(p => p.ReceivedOn);
        payment.HasIndex(p => p.BankKey).IsUnique().HasFilter("\"BankKey\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<PaymentAllocation> allocation)
    {
        allocation.HasOne<Invoice>().WithMany().HasForeignKey(a => a.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        allocation.HasIndex(a => a.InvoiceId);
    }
}
