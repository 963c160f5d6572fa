using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Tests.Support;

namespace MedCrm.Tests.Invoicing;

public sealed class QuoteBillingTests
{
    [Fact]
    public async Task A_deposit_of_thirty_percent_is_deducted_from_the_balance()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);

        var deposit = await world.IssueAsync(await BillAsync(world, quote, new QuoteShare(Percent: 30)));
        Assert.Equal((InvoiceKind.Deposit, "Acompte de 30 % sur le devis D-2026-0041", 3000m, 600m, 3600m), (deposit.Kind, deposit.Title, deposit.Net, deposit.Tax, deposit.Gross));

        var balance = await world.IssueAsync(await BillAsync(world, quote, QuoteShare.Rest));
        Assert.Equal((12_000m, 3600m, 8400m, 8400m), (balance.Gross, balance.Prepaid, balance.Due, balance.Balance));
        Assert.Equal(("FA-2026-0002", 1400m), (balance.Number, balance.Tax - balance.Deposits.Sum(row => row.Tax)));
        Assert.Equal(("FA-2026-0001", 3000m, 600m), (balance.Deposits.Single().DepositNumber, balance.Deposits.Single().Net, balance.Deposits.Single().Tax));
        Assert.Equal("Ce devis est déjà facturé : FA-2026-0002.", (await Refused(world, quote, QuoteShare.Rest)).Message);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_project_without_a_quote_is_invoiced_with_the_lines_of_its_deal_and_one_with_a_quote_from_it()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var deal = await world.OpportunityAsync(institution: buyer, with: details => details with { Name = "Équipement du bloc" });
        await world.Get<Opportunities>().SetLinesAsync(deal.Id, [new() { Description = "Pose", Quantity = 3, UnitPrice = 250 }], deal.Version);

        var start = await world.Get<Invoices>().StartAsync(null, deal.Id);
        var issued = await world.IssueAsync((await world.Get<Invoices>().CreateAsync(start)).RecordId);

        Assert.Equal(("Équipement du bloc", deal.Id, 900m), (issued.Title, issued.OpportunityId!.Value, issued.Gross));
        Assert.Null(await world.Get<InvoiceSheets>().AcceptedQuoteAsync(deal.Id));
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)], buyer, details => details with { OpportunityId = deal.Id });
        Assert.Equal(quote.Id, await world.Get<InvoiceSheets>().AcceptedQuoteAsync(deal.Id));
    }

    [Fact]
    public async Task An_invoice_holds_as_many_lines_as_a_quote()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        IReadOnlyList<LineDetails> lines = [.. Enumerable.Range(0, LineDetails.Most + 1).Select(_ => Paper.Line(1, 1))];

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.DraftAsync(buyer, details => details with { Lines = lines }));

        Assert.Equal(("Lines", "Un document porte au plus 500 lignes."), (refusal.Field!, refusal.Message));
        await world.DraftAsync(buyer, details => details with { Lines = [.. lines.Skip(1)] });
    }

    [Fact]
    public async Task A_deposit_is_shared_among_rates_to_the_cent()
    {
        var quote = DocumentTotals.Of(Paper.Mixed);

        var parts = new QuoteShare(Percent: 33.33m).Split(quote);
        Assert.Equal(Money.Round(4394.31m * 33.33m / 100), parts.Sum(part => part.Net));
        Assert.Equal([20m, 5.5m, 0m], parts.Select(part => part.Vat.Rate));

        await using var world = await Paper.WorldAsync();
        var accepted = await world.AcceptedQuoteAsync(Paper.Mixed);
        var deposit = await world.IssueAsync(await BillAsync(world, accepted, new QuoteShare(Amount: 1000.01m)));
        var rest = await world.IssueAsync(await BillAsync(world, accepted, QuoteShare.Rest));
        Assert.Equal((1000.01m, 5022.66m), (deposit.Net, deposit.Gross + rest.Due));
        await world.CheckAsync();
    }

    /// <summary>Whatever the lines and the share, the parts add up to what was asked and none passes its base by more than a cent.</summary>
    [Fact]
    public void Any_deposit_is_whole()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 2000; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 8)).Select(_ => Paper.Line(random.Next(1, 500) / 10m, random.Next(1, 900_000) / 100m, Vat.Rates[random.Next(4)], random.Next(0, 40))).ToList();
            var quote = DocumentTotals.Of(lines, new GlobalDiscount(random.Next(0, 30), 0));
            var percent = random.Next(1, 10_001) / 100m;
            if (Money.Round(quote.Net * percent / 100) == 0)
            {
                continue;
            }

            var parts = new QuoteShare(Percent: percent).Split(quote);

            Assert.Equal(Money.Round(quote.Net * percent / 100), parts.Sum(part => part.Net));
            Assert.All(parts, part => Assert.True(part.Net <= quote.Rates.Single(rate => rate.Vat == part.Vat).Net + 0.01m));
        }
    }

    [Fact]
    public async Task Deposits_never_pass_the_quote_and_an_unissued_one_holds_the_balance_back()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        var deposit = await BillAsync(world, quote, new QuoteShare(Percent: 60));

        Assert.Equal(("Percent", "Les acomptes dépasseraient le total du devis : 4\u202f000,00\u00a0€ HT au plus."), Told(await Refused(world, quote, new QuoteShare(Percent: 50))));
        Assert.Contains("encore en brouillon", (await Refused(world, quote, QuoteShare.Rest)).Message, StringComparison.Ordinal);
        Assert.Equal("Percent", (await Refused(world, quote, new QuoteShare(Percent: 101))).Field);

        await world.IssueAsync(deposit);
        var rest = await BillAsync(world, quote, QuoteShare.Rest);
        Assert.Equal(rest, await BillAsync(world, quote, QuoteShare.Rest));
        Assert.Equal(4800m, (await world.IssueAsync(rest)).Due);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_balance_of_nothing_is_paid_as_soon_as_it_is_issued()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        await world.IssueAsync(await BillAsync(world, quote, new QuoteShare(Percent: 100)));

        var balance = await world.IssueAsync(await BillAsync(world, quote, QuoteShare.Rest));

        Assert.Equal((InvoiceStatus.Paid, 0m, new DateOnly(2026, 11, 21)), (balance.Status, balance.Balance, balance.SettledOn!.Value));
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_deposit_is_deducted_once_and_stays_while_an_invoice_deducts_it()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        var deposit = await world.IssueAsync(await BillAsync(world, quote, new QuoteShare(Percent: 30)));
        await BillAsync(world, quote, QuoteShare.Rest);

        var twice = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Invoices>().CreateAsync(new InvoiceDetails { Title = "Autre", InstitutionId = quote.InstitutionId, DepositIds = [deposit.Id], Lines = [Paper.Line(1, 10_000)] }));
        Assert.Equal(("DepositIds", "L'acompte FA-2026-0001 est déjà déduit d'une autre facture."), Told(twice));

        var held = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invoices>().CreditAsync(deposit.Id));
        Assert.Equal(("OriginalId", "L'acompte FA-2026-0001 est déduit du brouillon « Équipement du bloc » : retirez-le d'abord de ce brouillon."), Told(held));
    }

    [Fact]
    public async Task Only_an_accepted_quote_is_invoiced_and_options_left_out_stay_out()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 1000), Paper.Line(1, 500) with { IsOption = true }], with: details => details with { DiscountPercent = 10 });
        var draft = await world.ReadAsync(await BillAsync(world, quote, QuoteShare.Rest));
        Assert.Equal((900m, 1080m, 1), (draft.Net, draft.Gross, draft.Lines.Count));

        var sent = new Quote(quote.Details(), "D-2026-0042", 1, world.Now());
        sent.Send("devis.pdf", new string('0', 64), world.Now(), new(2026, 11, 21));
        await world.SaveAsync(db => db.Quotes.Add(sent));
        Assert.Equal("Seul un devis accepté se facture.", (await Refused(world, sent, QuoteShare.Rest)).Message);
    }

    private static (string?, string) Told(BusinessRuleException refusal) => (refusal.Field, refusal.Message);

    private static async Task<Guid> BillAsync(TestWorld world, Quote quote, QuoteShare share) => (await world.Get<Invoices>().BillQuoteAsync(quote.Id, share)).RecordId;

    private static Task<BusinessRuleException> Refused(TestWorld world, Quote quote, QuoteShare share) => Assert.ThrowsAsync<BusinessRuleException>(() => BillAsync(world, quote, share));
}
