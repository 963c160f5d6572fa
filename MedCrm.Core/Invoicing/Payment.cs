using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
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

/// <summary>What a movement of money is.</summary>
public enum PaymentKind
{
    [Display(Name = "Règlement")] Received,
    [Display(Name = "Remboursement")] Refund,
    [Display(Name = "Contre-passation")] Reversal,
}

/// <summary>Money that came, as people enter it. Euros including VAT.</summary>
public sealed record PaymentDetails
{
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Reçu le")] public DateOnly ReceivedOn { get; set; }
    [Display(Name = "Montant")] public decimal Amount { get; set; }
    [Display(Name = "Moyen")] public PaymentMeans Means { get; set; }
    [Display(Name = "Référence")] public string? Reference { get; set; }
    [Display(Name = "Note")] public string? Note { get; set; }

    /// <summary>The line of the bank statement it comes from; null when typed.</summary>
    [Display(Name = "Ligne de relevé")] public string? BankKey { get; set; }
}

/// <summary>
/// Money received from an institution, allocated to one or several invoices; what is left is a credit it may use later. Nothing of it is rewritten nor
/// removed: a mistake is corrected by a movement the other way, and so is money given back, so that the bank journal stays whole (C. com. art. R123-174).
/// Euros including VAT.
/// </summary>
public sealed class Payment : IVersioned, ISealed
{
    private readonly List<PaymentAllocation> _allocations = [];

    private Payment()
    {
    }

    /// <summary>Money that came.</summary>
    /// <exception cref="BusinessRuleException">The payer or the amount is missing, or the day is to come.</exception>
    public Payment(PaymentDetails details, int journalNumber, DateTime at, DateOnly today)
    {
        Id = Guid.CreateVersion7();
        InstitutionId = details.InstitutionId ?? throw new BusinessRuleException("Choisissez l'établissement qui a payé.", nameof(InstitutionId));
        Amount = details.Amount is > 0 and <= 1_000_000_000 ? Money.Round(details.Amount) : throw new BusinessRuleException("Indiquez le montant reçu.", nameof(Amount));
        ReceivedOn = Past(details.ReceivedOn, today);
        Means = details.Means;
        Reference = Clean.Text(details.Reference, 140, nameof(Reference));
        Note = Clean.Text(details.Note, 1000, nameof(Note));
        (BankKey, JournalNumber, CreatedAt, Left) = (details.BankKey, journalNumber, at, Amount);
    }

    // The other way: what goes back of a payment, or the payment itself when it never was.
    private Payment(Payment original, PaymentKind kind, decimal amount, DateOnly on, PaymentMeans means, string reason, int journalNumber, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (InstitutionId, OriginalId, Kind, Amount, ReceivedOn, Means) = (original.InstitutionId, original.Id, kind, -amount, on, means);
        (Reference, Note, JournalNumber, CreatedAt) = (original.Reference, reason, journalNumber, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>Who paid.</summary>
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    [Display(Name = "Nature")] public PaymentKind Kind { get; private set; }

    /// <summary>The payment that a refund or a reversal takes back; null for money that came.</summary>
    [Display(Name = "Règlement d'origine")] public Guid? OriginalId { get; private set; }

    [Display(Name = "Reçu le")] public DateOnly ReceivedOn { get; private set; }

    /// <summary>Negative for money that went back.</summary>
    [Display(Name = "Montant")] public decimal Amount { get; private set; }
    [Display(Name = "Moyen")] public PaymentMeans Means { get; private set; }
    [Display(Name = "Référence")] public string? Reference { get; private set; }

    /// <summary>A note, or why money went back.</summary>
    [Display(Name = "Note")] public string? Note { get; private set; }

    /// <summary>What no invoice took yet, and what was not given back.</summary>
    [NotRecorded] public decimal Left { get; private set; }

    /// <summary>What refunds and a reversal took back of it.</summary>
    [NotRecorded] public decimal Withdrawn { get; private set; }

    /// <summary>The line of the bank statement it came from, to import none twice; null when typed.</summary>
    [NotRecorded] public string? BankKey { get; private set; }

    /// <summary>Its number among the payments of all years: 1, 2, 3…</summary>
    public int JournalNumber { get; private set; }

    /// <summary>The shares.</summary>
    public IReadOnlyList<PaymentAllocation> Allocations => _allocations;

    /// <summary>When it was entered, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => NameOf(Reference, JournalNumber);

    /// <inheritdoc/>
    public Sentence? WhySealed => "Un règlement ne s'annule pas par l'historique : contre-passez-le sur la page de sa facture, avec un motif.";

    /// <summary>What a payment is called: its reference, else its number, « RG000001 », which no number of an entry looks like.</summary>
    internal static string NameOf(string? reference, int journalNumber) => reference ?? $"RG{journalNumber:000000}";

    /// <summary>Gives a share to an invoice, added to what it already took of this payment. Needs <see cref="Allocations"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">It is more than is left, or than the invoice still asks for.</exception>
    internal void Allocate(Invoice invoice, decimal amount)
    {
        amount = Money.Round(amount);
        if (amount <= 0)
        {
            throw new BusinessRuleException("Indiquez un montant à affecter.", AllocationShare.FieldOf(invoice.Id));
        }

        if (amount > Left)
        {
            throw new BusinessRuleException($"Il ne reste que {FrenchText.FormatAmount(Left)} à affecter sur ce règlement.", AllocationShare.FieldOf(invoice.Id));
        }

        if (invoice.Status is InvoiceStatus.Draft || invoice.Kind is InvoiceKind.CreditNote || amount > invoice.Balance)
        {
            throw new BusinessRuleException($"{invoice.RecordName} n'attend plus que {FrenchText.FormatAmount(invoice.Balance)}.", AllocationShare.FieldOf(invoice.Id));
        }

        if (invoice.InstitutionId != InstitutionId)
        {
            throw new BusinessRuleException($"{invoice.RecordName} est due par un autre établissement.", AllocationShare.FieldOf(invoice.Id));
        }

        var before = _allocations.Find(allocation => allocation.InvoiceId == invoice.Id);
        _allocations.RemoveAll(allocation => allocation == before);
        _allocations.Add(new PaymentAllocation(Id, invoice.Id, invoice.Number!, amount + (before?.Amount ?? 0)));
        Reckon();
    }

    /// <summary>Takes back from an invoice some of what it took, or all of it; it becomes a credit of the payer. Answers how much. Needs <see cref="Allocations"/> loaded.</summary>
    internal decimal Release(Guid invoiceId, decimal most = decimal.MaxValue)
    {
        if (_allocations.Find(allocation => allocation.InvoiceId == invoiceId) is not { } before)
        {
            return 0;
        }

        var released = Math.Min(before.Amount, most);
        _allocations.Remove(before);
        if (before.Amount > released)
        {
            _allocations.Add(new PaymentAllocation(Id, invoiceId, before.InvoiceNumber, before.Amount - released));
        }

        Reckon();
        return released;
    }

    /// <summary>Gives money back to the payer, out of what is left.</summary>
    /// <exception cref="BusinessRuleException">It is more than is left, the day is wrong, or the reason is missing.</exception>
    internal Payment Refund(decimal amount, DateOnly on, PaymentMeans means, string? reason, int journalNumber, DateTime at, DateOnly today)
    {
        amount = Money.Round(amount);
        if (amount <= 0 || amount > Left)
        {
            throw new BusinessRuleException($"Le remboursement va jusqu'à {FrenchText.FormatAmount(Left)}, ce qui reste de ce règlement.", nameof(Amount));
        }

        var why = Clean.Required(reason, 1000, nameof(Note), "Indiquez le motif du remboursement.");
        if (Past(on, today) < ReceivedOn)
        {
            throw new BusinessRuleException("Le remboursement ne précède pas le règlement.", nameof(ReceivedOn));
        }

        Withdrawn += amount;
        Reckon();
        return new Payment(this, PaymentKind.Refund, amount, on, means, why, journalNumber, at);
    }

    /// <summary>Takes the whole payment back because it was entered by mistake or came back unpaid: its shares leave the invoices first.</summary>
    /// <exception cref="BusinessRuleException">It was taken back already, part of it was refunded, it is no receipt, or the reason is missing.</exception>
    internal Payment Reverse(DateOnly on, string? reason, int journalNumber, DateTime at, DateOnly today)
    {
        if (Kind is not PaymentKind.Received || Withdrawn > 0)
        {
            throw new BusinessRuleException("Ce règlement a déjà été contre-passé ou remboursé.");
        }

        var why = Clean.Required(reason, 1000, nameof(Note), "Indiquez le motif de la correction.");
        if (Past(on, today) < ReceivedOn)
        {
            throw new BusinessRuleException("La contre-passation ne précède pas le règlement.", nameof(ReceivedOn));
        }

        _allocations.Clear();
        Withdrawn = Amount;
        // The line of the statement may be recorded again, rightly this time.
        BankKey = null;
        Reckon();
        return new Payment(this, PaymentKind.Reversal, Amount, on, Means, why, journalNumber, at);
    }

    private void Reckon() => Left = Amount - Withdrawn - _allocations.Sum(allocation => allocation.Amount);

    private static DateOnly Past(DateOnly day, DateOnly today)
        => day > today ? throw new BusinessRuleException("La date du règlement ne peut pas être à venir.", nameof(ReceivedOn))
            : day <= today.AddYears(-10) ? throw new BusinessRuleException("Cette date a plus de dix ans : vérifiez l'année.", nameof(ReceivedOn))
            : day;
}

/// <summary>What an invoice takes of a payment. Euros including VAT.</summary>
public sealed record AllocationShare(Guid InvoiceId, decimal Amount)
{
    /// <summary>The field that a refusal about the share of an invoice names.</summary>
    public static string FieldOf(Guid invoiceId) => $"Share-{invoiceId:N}";
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
        payment.HasOne<Payment>().WithMany().HasForeignKey(p => p.OriginalId).OnDelete(DeleteBehavior.Restrict);
        payment.Ignore(p => p.WhySealed);
        payment.HasIndex(p => p.OriginalId).HasFilter("\"OriginalId\" IS NOT NULL");
        payment.HasIndex(p => p.JournalNumber).IsUnique();

        // Credits that a payer may use: few among all.
        payment.HasIndex(p => new { p.InstitutionId, p.Left }).HasDatabaseName("IX_Payments_Left").HasFilter("\"Left\" > 0");
        payment.HasIndex(p => p.BankKey).IsUnique().HasFilter("\"BankKey\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<PaymentAllocation> allocation)
    {
        allocation.HasOne<Invoice>().WithMany().HasForeignKey(a => a.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        allocation.HasIndex(a => a.InvoiceId);
    }
}
