using MedCrm.Core.Foundation.Lists;
using Microsoft.Extensions.DependencyInjection;

namespace MedCrm.Core.Invoicing;

/// <summary>What this room offers to the others.</summary>
public static class InvoicingRoom
{
    /// <summary>Registers the room.</summary>
    public static IServiceCollection AddInvoicing(this IServiceCollection services)
        => services
            .AddScoped<Invoices>()
            .AddScoped<Payments>()
            .AddScoped<InvoiceSheets>()
            .AddScoped<BankStatements>()
            .AddScoped<InvoicePrints>()
            .AddList<InvoiceList>();
}
