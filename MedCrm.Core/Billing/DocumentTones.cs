using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;

namespace MedCrm.Core.Billing;

/// <summary>The tone in which lists and pages show where a document stands.</summary>
public static class DocumentTones
{
    /// <summary>The tone of a quote.</summary>
    public static string? Of(QuoteStatus status) => status switch
    {
        QuoteStatus.Sent or QuoteStatus.Viewed => "info",
        QuoteStatus.Accepted => "ok",
        QuoteStatus.Refused => "bad",
        QuoteStatus.Expired => "warn",
        _ => null,
    };

    /// <summary>The tone of an invoice.</summary>
    public static string? Of(InvoiceStatus status) => status switch
    {
        InvoiceStatus.Issued => "info",
        InvoiceStatus.PartlyPaid => "warn",
        InvoiceStatus.Paid => "ok",
        InvoiceStatus.Overdue or InvoiceStatus.InDispute => "bad",
        _ => null,
    };
}
