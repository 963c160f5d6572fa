using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Billing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

/// <summary>Valid buyers, drafts and quotes; a test changes only what it is about.</summary>
internal static class Paper
{
    /// <summary>A line at 20 % unless said otherwise.</summary>
    public static LineDetails Line(decimal quantity, decimal price, decimal rate = 20, decimal discount = 0, string? reason = null) => new()
    {
        Description = "Formation au bloc",
        Quantity = quantity,
        UnitPrice = price,
        DiscountPercent = discount,
        VatCategory = reason is null ? VatCategory.Standard : VatCategory.Exempt,
        VatRate = rate,
        VatReason = reason,
    };

    /// <summary>The lines of the worked mixed invoice: 4 394,31 HT, 628,35 of VAT, 5 022,66 TTC.</summary>
    public static IReadOnlyList<LineDetails> Mixed { get; } =
    [
        Line(12, 149.90m), Line(1.5m, 980, discount: 10), Line(3, 24.17m, 5.5m), Line(1, 1200, 0, reason: "Exonération de TVA, art. 261-4-4° a du CGI (formation)"),
    ];

    /// <summary>A world whose company says all that the law asks of it.</summary>
    public static async Task<TestWorld> WorldAsync()
    {
        var world = await TestWorld.CreateAsync();
        var company = new Company();
        company.Edit(CompanyTests.Filled(), CompanyFacts.None);
        await world.SaveAsync(db => db.Companies.Add(company));
        return world;
    }

    /// <summary>A private clinic with all that an invoice prints of it.</summary>
    public static Task<Institution> BuyerAsync(this TestWorld world, string name = "Clinique des Tilleuls", Func<InstitutionDetails, InstitutionDetails>? with = null)
        => world.InstitutionAsync(name, with: details =>
        {
            var whole = details with { Street = "12 rue des Tilleuls", Siren = "732829320", LegalStatusCode = "95" };
            return with?.Invoke(whole) ?? whole;
        });

    /// <summary>A draft of 1 000 € HT, 1 200 € TTC, for a buyer of its own unless one is given.</summary>
    public static async Task<Guid> DraftAsync(this TestWorld world, Institution? buyer = null, Func<InvoiceDetails, InvoiceDetails>? with = null)
    {
        buyer ??= await world.BuyerAsync();
        var details = new InvoiceDetails { Title = "Formation", InstitutionId = buyer.Id, Lines = [Line(1, 1000)] };
        return (await world.Get<Invoices>().CreateAsync(with?.Invoke(details) ?? details)).RecordId;
    }

    /// <summary>Issues a draft as it stands.</summary>
    public static async Task<Invoice> IssueAsync(this TestWorld world, Guid invoiceId, DateOnly? on = null)
    {
        await world.Get<Invoices>().IssueAsync(invoiceId, (await world.ReadAsync(invoiceId)).Version, on);
        return await world.ReadAsync(invoiceId);
    }

    /// <summary>An issued invoice of 1 200 € TTC.</summary>
    public static async Task<Invoice> IssuedAsync(this TestWorld world, Institution? buyer = null, Func<InvoiceDetails, InvoiceDetails>? with = null, DateOnly? on = null)
        => await world.IssueAsync(await world.DraftAsync(buyer, with), on);

    /// <summary>An accepted quote with these lines.</summary>
    public static async Task<Quote> AcceptedQuoteAsync(this TestWorld world, IReadOnlyList<LineDetails> lines, Institution? buyer = null, Func<QuoteDetails, QuoteDetails>? with = null)
    {
        buyer ??= await world.BuyerAsync();
        var today = DateOnly.FromDateTime(world.Now());
        var details = new QuoteDetails { Title = "Équipement du bloc", InstitutionId = buyer.Id, IssuedOn = today, ValidUntil = today.AddDays(30), Lines = lines };
        var quote = new Quote(with?.Invoke(details) ?? details, "D-2026-0041", 1, world.Now());
        quote.Send("devis.pdf", new string('0', 64), world.Now(), today);
        quote.Accept("Dr Renaud", AcceptanceMeans.Scan, world.Now(), today);
        await world.SaveAsync(db => db.Quotes.Add(quote));
        return quote;
    }

    /// <summary>Money received from a buyer, on the world's today.</summary>
    public static async Task<Payment> PaidAsync(this TestWorld world, Guid institutionId, decimal amount, params AllocationShare[] shares)
    {
        var done = await world.Get<Payments>().RecordAsync(new PaymentDetails { InstitutionId = institutionId, Amount = amount, ReceivedOn = DateOnly.FromDateTime(world.Now()), Reference = "VIR 1" }, shares);
        return await world.PaymentAsync(done.RecordId);
    }

    /// <summary>An invoice as it was really saved.</summary>
    public static async Task<Invoice> ReadAsync(this TestWorld world, Guid invoiceId)
    {
        await using var db = world.Open();
        return await db.Invoices.IgnoreQueryFilters().AsNoTracking().Include(i => i.Lines).Include(i => i.Deposits).SingleAsync(i => i.Id == invoiceId);
    }

    /// <summary>A payment as it was really saved.</summary>
    public static async Task<Payment> PaymentAsync(this TestWorld world, Guid paymentId)
    {
        await using var db = world.Open();
        return await db.Payments.AsNoTracking().Include(p => p.Allocations).SingleAsync(p => p.Id == paymentId);
    }

    /// <summary>Nothing stored contradicts the rows it was counted from.</summary>
    public static async Task CheckAsync(this TestWorld world)
    {
        await using var db = world.Open();
        var check = world.Get<IEnumerable<IDataCheck>>().Single(check => check.Name == "Factures et règlements");
        Assert.Empty(await check.FaultsAsync(db, CancellationToken.None));
    }
}
