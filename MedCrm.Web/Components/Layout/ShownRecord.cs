using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Engagement;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;

namespace MedCrm.Web.Components.Layout;

/// <summary>The record that a page is about, as its address says it.</summary>
public sealed record ShownRecord(string RecordType, Guid Id)
{
    /// <summary>The record of an address; null when it shows none.</summary>
    public static ShownRecord? Of(string address)
        => new Uri(address).Segments is ["/", var room, var id, ..] && TypeOf(room) is { } type && Guid.TryParse(id.TrimEnd('/'), out var recordId) ? new(type, recordId) : null;

    private static string? TypeOf(string room) => room switch
    {
        "institutions/" => nameof(Institution),
        "contacts/" => nameof(Contact),
        "opportunities/" => nameof(Opportunity),
        "contracts/" => nameof(Contract),
        "invoices/" => nameof(Invoice),
        "activities/" => nameof(Activity),
        "quotes/" => nameof(Quote),
        _ => null,
    };
}
