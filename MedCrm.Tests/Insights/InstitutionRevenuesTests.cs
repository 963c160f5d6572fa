using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Insights;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Invoicing;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Insights;

public sealed class InstitutionRevenuesTests
{
    [Fact]
    public async Task Quotes_that_were_answered_make_the_conversion_and_those_that_expired_count_as_lost()
    {
        await using var world = await TestWorld.CreateAsync();
        var hospital = await world.InstitutionAsync();
        var today = new DateOnly(2026, 11, 21);
        await QuoteAsync(world, hospital.Id, 1000, today.AddDays(-30), quote => quote.Accept("Mme Roy", AcceptanceMeans.Scan, world.Now(), today));
        await QuoteAsync(world, hospital.Id, 3000, today.AddDays(-30), quote => quote.Refuse("Trop cher", world.Now(), today));
        await QuoteAsync(world, hospital.Id, 2000, today.AddDays(-60), null, validDays: 30);
        await QuoteAsync(world, hospital.Id, 500, today, null);

        var sheet = (await world.As(world.Claire).Get<InstitutionRevenues>().FindAsync(hospital.Id))!;

        Assert.Equal((1, 3, 33m), (sheet.QuotesAccepted, sheet.QuotesDecided, sheet.Conversion!.Value));
        Assert.Equal([(2000m, QuoteStatus.Expired), (1000m, QuoteStatus.Accepted), (500m, QuoteStatus.Sent)], sheet.TopQuotes.Select(quote => (quote.Net, quote.Status)));
        Assert.False(sheet.IsEmpty);
        Assert.Equal(12, sheet.Months.Count);
        Assert.Equal(new DateOnly(2025, 12, 1), sheet.Months[0].First);
        Assert.Null(sheet.Growth);
    }

    [Fact]
    public async Task What_was_asked_for_counts_once_deposits_and_credit_notes_included()
    {
        await using var world = await Paper.WorldAsync();
        var clinic = await world.BuyerAsync();
        var quote = await world.AcceptedQuoteAsync([new LineDetails { Description = "Mission", UnitPrice = 10_000 }], clinic);
        var deposit = await world.IssueAsync((await world.Get<Invoices>().BillQuoteAsync(quote.Id, new QuoteShare(Percent: 30))).RecordId);
        var rest = await world.IssueAsync((await world.Get<Invoices>().BillQuoteAsync(quote.Id, QuoteShare.Rest)).RecordId);
        await world.PaidAsync(clinic.Id, deposit.Balance, new AllocationShare(deposit.Id, deposit.Balance));

        var sheet = (await world.Get<InstitutionRevenues>().FindAsync(clinic.Id))!;

        Assert.Equal((10_000m, 10_000m, 3600m, 8400m, 1), (sheet.Lifetime, sheet.Invoiced, sheet.Received, sheet.Outstanding, sheet.OutstandingCount));
        Assert.Equal((0m, 0, 0), (sheet.Overdue, sheet.OverdueCount, sheet.DaysToPay!.Value));
        Assert.Equal([rest.Number!, deposit.Number!], sheet.TopInvoices.Select(invoice => invoice.Number));

        world.Time.Advance(TimeSpan.FromDays(80));
        sheet = (await world.Get<InstitutionRevenues>().FindAsync(clinic.Id))!;

        Assert.Equal((8400m, 1), (sheet.Overdue, sheet.OverdueCount));
        Assert.Equal([(rest.Number!, InvoiceStatus.Overdue)], sheet.OverdueInvoices.Select(invoice => (invoice.Number, invoice.Status)));
        Assert.Equal((8400m, 1), await OverdueOfPageAsync(world, clinic.Id));
    }

    [Fact]
    public async Task Nothing_is_told_of_an_institution_out_of_sight()
    {
        await using var world = await TestWorld.CreateAsync();
        var theirs = await world.InstitutionAsync("Chez Léa", world.Lea);

        Assert.Null(await world.As(world.Claire).Get<InstitutionRevenues>().FindAsync(theirs.Id));
    }

    private static async Task<(decimal, int)> OverdueOfPageAsync(TestWorld world, Guid institutionId)
    {
        var sheet = (await world.Get<Institutions>().GetAsync(institutionId))!;
        return (sheet.OverdueAmount, sheet.OverdueCount);
    }

    private static async Task QuoteAsync(TestWorld world, Guid institutionId, decimal price, DateOnly on, Action<Quote>? answer, int validDays = 60)
    {
        var details = new QuoteDetails { Title = "Offre", InstitutionId = institutionId, IssuedOn = on, ValidUntil = on.AddDays(validDays), Lines = [new LineDetails { Description = "Abonnement", UnitPrice = price }] };
        var quote = new Quote(details, $"D-2026-{Guid.NewGuid():N}"[..16], 1, world.Now());
        quote.Send("devis/essai.pdf", new string('0', 64), world.Now().AddDays(-1), on);
        answer?.Invoke(quote);
        await world.SaveAsync(db => db.Add(quote));
    }
}
