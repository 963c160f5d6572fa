using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;

namespace MedCrm.Core.Invoicing;

/// <summary>Another record that a page names, with what opens it.</summary>
public sealed record SheetLink(Guid Id, string Name);

/// <summary>An invoice as its own page shows it. Amounts in euros, moments in UTC.</summary>
public sealed record InvoiceSheet(Guid Id, InvoiceDetails Details, Guid Version)
{
    public required string? Number { get; init; }

    /// <summary>Where it stands today, disputes and lateness included.</summary>
    public required InvoiceStatus State { get; init; }

    public required DateOnly? IssuedOn { get; init; }
    public required DateOnly? DueOn { get; init; }
    public required DateOnly? SettledOn { get; init; }
    public required DateOnly? DisputedOn { get; init; }
    public required string? DisputeReason { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>The totals of the lines.</summary>
    public required DocumentTotals Totals { get; init; }

    /// <summary>What deposits already asked for, including VAT.</summary>
    public required decimal Prepaid { get; init; }

    /// <summary>What it asks for, or gives back for a credit note, including VAT.</summary>
    public required decimal Due { get; init; }

    public required decimal Received { get; init; }
    public required decimal Credited { get; init; }
    public required decimal Balance { get; init; }

    /// <summary>The PDF as issued was printed and kept.</summary>
    public required bool HasPdf { get; init; }

    public required string InstitutionName { get; init; }

    /// <summary>Who pays, as a draft would print it now; as it was printed once issued.</summary>
    public required EffectiveBilling Buyer { get; init; }

    /// <summary>What is missing of the buyer before a draft may be issued.</summary>
    public required IReadOnlyList<Sentence> BuyerMissing { get; init; }

    public required SheetLink? Contact { get; init; }
    public required SheetLink? Opportunity { get; init; }
    public required SheetLink? Quote { get; init; }

    /// <summary>The invoice that this credit note takes back, and its day.</summary>
    public required SheetLink? Original { get; init; }
    public required DateOnly? OriginalOn { get; init; }

    /// <summary>What a credit note may still take back of it, including VAT; 0 for drafts and credit notes.</summary>
    public required decimal Creditable { get; init; }

    /// <summary>The deposits deducted, by rate.</summary>
    public required IReadOnlyList<SheetDeposit> Deposits { get; init; }

    /// <summary>The deposits that a draft may deduct, those deducted included.</summary>
    public required IReadOnlyList<OfferedDeposit> Offered { get; init; }

    /// <summary>The payments that it took a share of, the last one first.</summary>
    public required IReadOnlyList<SheetPayment> Payments { get; init; }

    /// <summary>The credit notes on it, drafts included.</summary>
    public required IReadOnlyList<SheetCredit> Credits { get; init; }

    /// <summary>The day from which this payer usually pays: days from issue to payment, over its last twenty settled invoices; null without any.</summary>
    public required int? UsualDays { get; init; }
}

/// <summary>A deposit deducted, at one rate. Euros.</summary>
public sealed record SheetDeposit(Guid DepositId, string Number, Vat Vat, decimal Net, decimal Tax);

/// <summary>A deposit that may be deducted. Euros including VAT.</summary>
public sealed record OfferedDeposit(Guid Id, string Number, DateOnly IssuedOn, string Title, decimal Gross);

/// <summary>The share of a payment that an invoice took. Euros including VAT.</summary>
/// <param name="Share">What the invoice took.</param>
/// <param name="Amount">The whole payment.</param>
/// <param name="Left">What of it waits for another invoice.</param>
public sealed record SheetPayment(Guid Id, Guid Version, DateOnly ReceivedOn, decimal Share, decimal Amount, decimal Left, decimal Withdrawn, PaymentMeans Means, string? Reference, string? Note);

/// <summary>A credit note on an invoice. Euros including VAT.</summary>
public sealed record SheetCredit(Guid Id, string? Number, string Title, DateOnly? IssuedOn, decimal Amount);

/// <summary>An invoice in a short list: of a quote, of a deal. Euros including VAT.</summary>
public sealed record InvoiceLineRow(Guid Id, InvoiceKind Kind, string? Number, string Title, InvoiceStatus State, DateOnly? IssuedOn, DateOnly? DueOn, decimal Due, decimal Balance);

/// <summary>What of a quote was invoiced. Euros excluding VAT.</summary>
/// <param name="Invoices">Its invoices, deposits and credit notes apart, in their order.</param>
/// <param name="Net">The total of the quote.</param>
/// <param name="Deposits">What its deposits ask for, drafts included.</param>
/// <param name="IsBilled">Its balance, or all of it, is in an invoice that stands.</param>
public sealed record QuoteBillingState(IReadOnlyList<InvoiceLineRow> Invoices, decimal Net, decimal Deposits, decimal DepositPercent, bool IsBilled);

/// <summary>What an institution owes past its due day, disputes apart. Euros including VAT.</summary>
public sealed record OverdueState(int Count, decimal Balance, DateOnly OldestDueOn);
