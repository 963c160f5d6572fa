using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;

namespace MedCrm.Core.Insights;

/// <summary>
/// What an institution brings, as far as the actor sees its quotes and invoices. What was invoiced is in euros excluding VAT, credit notes taken off and deposits
/// counted when they were asked for; what was received or remains due is in euros including VAT.
/// </summary>
public sealed record RevenueSheet
{
    /// <summary>Invoiced over the last twelve months, this one included, excluding VAT.</summary>
    public decimal Invoiced { get; init; }

    /// <summary>Received over the same months, including VAT.</summary>
    public decimal Received { get; init; }

    /// <summary>What remains due, including VAT.</summary>
    public decimal Outstanding { get; init; }

    /// <summary>How many invoices that makes.</summary>
    public int OutstandingCount { get; init; }

    /// <summary>What is due since before today and not disputed, including VAT.</summary>
    public decimal Overdue { get; init; }

    /// <summary>How many invoices that makes.</summary>
    public int OverdueCount { get; init; }

    /// <summary>All that was ever invoiced, excluding VAT.</summary>
    public decimal Lifetime { get; init; }

    /// <summary>Twelve months, the oldest first.</summary>
    public IReadOnlyList<RevenueMonth> Months { get; init; } = [];

    /// <summary>Quotes accepted over twelve months.</summary>
    public int QuotesAccepted { get; init; }

    /// <summary>Quotes accepted, refused or expired over twelve months.</summary>
    public int QuotesDecided { get; init; }

    /// <summary>Days from issue to the payment that settled, on average over the invoices settled in twelve months; null when there is none.</summary>
    public int? DaysToPay { get; init; }

    /// <summary>The largest quotes that wait for an answer or were accepted.</summary>
    public IReadOnlyList<QuoteFigure> TopQuotes { get; init; } = [];

    /// <summary>The largest invoices.</summary>
    public IReadOnlyList<InvoiceFigure> TopInvoices { get; init; } = [];

    /// <summary>What is overdue, the oldest first.</summary>
    public IReadOnlyList<InvoiceFigure> OverdueInvoices { get; init; } = [];

    /// <summary>The last payments that its invoices took.</summary>
    public IReadOnlyList<PaymentFigure> Payments { get; init; } = [];

    /// <summary>The share of decided quotes that were accepted, percent; null when none was decided.</summary>
    public decimal? Conversion => QuotesDecided == 0 ? null : decimal.Round(100m * QuotesAccepted / QuotesDecided, 0, MidpointRounding.AwayFromZero);

    /// <summary>What this month brought against the one before, percent; null when that one brought nothing.</summary>
    public decimal? Growth => Months is [.., var last, var now] && last.Invoiced > 0 ? decimal.Round(100 * (now.Invoiced - last.Invoiced) / last.Invoiced, 0, MidpointRounding.AwayFromZero) : null;

    /// <summary>Nothing was ever quoted nor invoiced.</summary>
    public bool IsEmpty => Lifetime == 0 && TopQuotes.Count == 0 && TopInvoices.Count == 0;
}

/// <summary>One month: what was invoiced (euros excluding VAT) and received (euros including VAT).</summary>
/// <param name="First">The first day of the month.</param>
public sealed record RevenueMonth(DateOnly First, decimal Invoiced, decimal Received);

/// <summary>A quote in a short list. Euros excluding VAT.</summary>
public sealed record QuoteFigure(Guid Id, string Number, string Title, QuoteStatus Status, DateOnly IssuedOn, decimal Net);

/// <summary>An invoice in a short list. Euros including VAT.</summary>
/// <param name="DaysLate">Days since the due day; 0 when not late.</param>
public sealed record InvoiceFigure(Guid Id, string Number, string Title, InvoiceStatus Status, DateOnly IssuedOn, DateOnly? DueOn, decimal Gross, decimal Balance, int DaysLate);

/// <summary>The share of a payment that an invoice took. Euros including VAT.</summary>
public sealed record PaymentFigure(Guid Id, DateOnly ReceivedOn, PaymentMeans Means, string? Reference, decimal Amount, Guid InvoiceId, string InvoiceNumber);
