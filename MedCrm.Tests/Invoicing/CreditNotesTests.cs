using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

public sealed class CreditNotesTests
{
    [Fact]
    public async Task An_invoice_wholly_covered_by_its_deposit_is_taken_back_then_the_deposit_is_and_its_money_returns()
    {
        await using var world = await Paper.WorldAsync();
        var (deposit, balance) = await BilledAsync(world, percent: 100);
        var payment = await world.PaidAsync(deposit.InstitutionId, 12_000, new AllocationShare(deposit.Id, 12_000));
        Assert.Equal((InvoiceStatus.Paid, 0m), (balance.Status, balance.Due));

        var held = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invoices>().CreditAsync(deposit.Id));
        Assert.Equal("L'acompte FA-2026-0001 est déduit de FA-2026-0002 : faites d'abord un avoir sur FA-2026-0002, il rendra l'acompte disponible.", held.Message);

        var note = await CreditAsync(world, balance);
        Assert.Equal((12_000m, 12_000m, 0m), (note.Gross, note.Prepaid, note.Due));
        Assert.Equal(InvoiceStatus.Credited, (await world.ReadAsync(balance.Id)).Status);
        Assert.Equal(0m, (await world.Get<InvoiceSheets>().FindAsync(balance.Id))!.Creditable);

        Assert.Equal((12_000m, 0m), (await CreditAsync(world, deposit)) is var back ? (back.Due, back.Prepaid) : default);
        Assert.Equal((InvoiceStatus.Credited, 0m), ((await world.ReadAsync(deposit.Id)).Status, (await world.ReadAsync(deposit.Id)).Balance));
        Assert.Equal(12_000m, (await world.PaymentAsync(payment.Id)).Left);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_note_takes_first_what_the_invoice_asked_for_and_gives_the_deposit_back_beyond_it()
    {
        await using var world = await Paper.WorldAsync();
        var (deposit, balance) = await BilledAsync(world, percent: 30);
        await world.PaidAsync(balance.InstitutionId, 8400, new AllocationShare(balance.Id, 8400));

        var first = await CreditAsync(world, balance, Paper.Line(1, 1000));
        Assert.Equal((1200m, 0m), (first.Due, first.Prepaid));
        Assert.Equal((InvoiceStatus.Paid, 7200m, 1200m), State(await world.ReadAsync(balance.Id)));

        var second = await CreditAsync(world, balance, Paper.Line(1, 8000));
        Assert.Equal((9600m, 2400m, 7200m), (second.Gross, second.Prepaid, second.Due));
        Assert.Equal((InvoiceStatus.Paid, 0m, 8400m), State(await world.ReadAsync(balance.Id)));

        // What came back of the deposit may be returned, no more; what is left of the invoice is offered by the next note.
        var over = await Assert.ThrowsAsync<BusinessRuleException>(() => CreditAsync(world, deposit, Paper.Line(1, 2000.01m)));
        Assert.Contains("est déduit de FA-2026-0002", over.Message, StringComparison.Ordinal);
        Assert.Equal(2400m, (await CreditAsync(world, deposit)).Due);
        var last = await CreditAsync(world, balance);
        Assert.Equal((1200m, 1200m, "Reste de FA-2026-0002"), (last.Gross, last.Prepaid, last.Lines.Single().Description));
        Assert.Equal(InvoiceStatus.Credited, (await world.ReadAsync(balance.Id)).Status);
        Assert.Equal(1200m, (await CreditAsync(world, deposit)).Due);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_deposit_given_back_is_deducted_from_the_next_invoice_of_its_quote()
    {
        await using var world = await Paper.WorldAsync();
        var (deposit, balance) = await BilledAsync(world, percent: 100);
        await CreditAsync(world, balance);

        var again = await world.IssueAsync((await world.Get<Invoices>().BillQuoteAsync(balance.QuoteId!.Value, QuoteShare.Rest)).RecordId);

        Assert.Equal((InvoiceStatus.Paid, 12_000m, deposit.Id), (again.Status, again.Prepaid, again.Deposits.Single().DepositId));
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_note_stays_within_each_rate_of_its_invoice()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync(with: details => details with { Lines = [Paper.Line(1, 1000), Paper.Line(1, 500, 5.5m)] });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => CreditAsync(world, invoice, Paper.Line(1, 600, 5.5m)));
        Assert.Equal(("Lines", "L'avoir dépasse ce qui reste de FA-2026-0001 à la TVA « 5,5 % » : 500,00\u00a0€ HT et 27,50\u00a0€ de TVA au plus."), (refusal.Field, refusal.Message));
        Assert.Contains("« 10 % » : 0,00", (await Assert.ThrowsAsync<BusinessRuleException>(() => CreditAsync(world, invoice, Paper.Line(1, 100, 10)))).Message, StringComparison.Ordinal);
        Assert.Contains("« 5,5 % »", (await Assert.ThrowsAsync<BusinessRuleException>(() => CreditAsync(world, invoice, Paper.Line(1, 1000), Paper.Line(-1, 100, 5.5m)))).Message, StringComparison.Ordinal);

        await CreditAsync(world, invoice, Paper.Line(1, 500, 5.5m));
        Assert.Equal([20m], (await CreditAsync(world, invoice)).Lines.Select(line => line.VatRate));
        Assert.Equal(InvoiceStatus.Credited, (await world.ReadAsync(invoice.Id)).Status);
        await world.CheckAsync();
    }

    [Fact]
    public async Task An_exempt_deposit_taken_back_in_part_under_another_provision_is_deducted_for_the_rest()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 1000, 0, reason: Vat.Training.Reason)]);
        var deposit = await BillAsync(world, quote, new QuoteShare(Percent: 50));
        await CreditAsync(world, deposit, Paper.Line(1, 200, 0, reason: Vat.Provisions[1].Reason));

        Assert.Equal(300m, (await BillAsync(world, quote, QuoteShare.Rest)).Prepaid);
        await world.CheckAsync();
    }

    /// <summary>However an invoice and its deposit are taken back, piece by piece, what comes back is what was asked for.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_pieces_add_up_to_the_whole(int seed)
    {
        await using var world = await Paper.WorldAsync();
        var random = new Random(seed);
        var quote = await world.AcceptedQuoteAsync(Paper.Mixed);
        var deposit = await BillAsync(world, quote, new QuoteShare(Percent: random.Next(1, 10_001) / 100m));
        var balance = await BillAsync(world, quote, QuoteShare.Rest);
        var asked = deposit.Gross + balance.Due;

        for (var piece = 0; piece < 4; piece++)
        {
            await CreditAsync(world, balance, Paper.Line(1, random.Next(1, 70_000) / 100m), Paper.Line(1, random.Next(1, 1_000) / 100m, 5.5m));
            await world.CheckAsync();
        }

        Assert.Equal(1200m, (await CreditAsync(world, balance, Paper.Mixed[3])).Gross);
        await using var db = world.Open();
        var notes = await db.Invoices.Where(i => i.Kind == InvoiceKind.CreditNote && i.OriginalId == balance.Id).ToListAsync();
        var after = await world.ReadAsync(balance.Id);
        Assert.Equal(after.Due - after.Balance, notes.Sum(note => note.Due));
        Assert.True(notes.Sum(note => note.Prepaid) <= deposit.Gross && asked == 5022.66m);
        await world.CheckAsync();
    }

    [Fact]
    public async Task Cents_of_VAT_that_rounding_adds_never_keep_an_invoice_from_being_taken_back_whole()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync(with: details => details with { Lines = [Paper.Line(3, 10.03m)] });
        await CreditAsync(world, invoice, Paper.Line(1, 10.03m));
        await CreditAsync(world, invoice, Paper.Line(1, 10.03m));

        Assert.Equal((10.02m, 2.00m), (await CreditAsync(world, invoice)) is var third ? (third.Net, third.Tax) : default);
        Assert.Equal(0.01m, (await CreditAsync(world, invoice)).Gross);
        Assert.Equal(InvoiceStatus.Credited, (await world.ReadAsync(invoice.Id)).Status);
        await world.CheckAsync();
    }

    [Fact]
    public async Task The_list_and_the_page_of_a_partly_credited_invoice_say_the_same_before_and_after_its_due_day()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync();
        await CreditAsync(world, invoice, Paper.Line(1, 400));

        Assert.Equal((InvoiceStatus.Issued, "Issued", 720m), await ShownAsync(world, invoice));
        world.Time.Advance(TimeSpan.FromDays(40));
        Assert.Equal((InvoiceStatus.Overdue, "Overdue", 720m), await ShownAsync(world, invoice));
        await CreditAsync(world, invoice);
        Assert.Equal((InvoiceStatus.Credited, "Credited", 0m), await ShownAsync(world, invoice));
    }

    [Fact]
    public async Task A_quote_is_invoiced_once_whatever_the_bin_gives_back()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        var lost = (await world.Get<Invoices>().BillQuoteAsync(quote.Id, QuoteShare.Rest)).RecordId;
        await world.Get<Invoices>().DeleteAsync(lost, (await world.ReadAsync(lost)).Version);
        var billed = await BillAsync(world, quote, QuoteShare.Rest);
        await RestoreAsync(world, lost);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(lost));
        Assert.Equal("Ce devis est déjà facturé par FA-2026-0001 : supprimez ce brouillon, ou faites d'abord un avoir sur FA-2026-0001.", refusal.Message);
        await world.IssueAsync((await world.Get<Invoices>().DuplicateAsync(billed.Id)).RecordId);

        await CreditAsync(world, billed);
        Assert.Equal("FA-2026-0003", (await world.IssueAsync(lost)).Number);
        await world.CheckAsync();
    }

    [Fact]
    public async Task Deposits_issued_never_pass_the_quote_whatever_the_bin_gives_back()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        var lost = (await world.Get<Invoices>().BillQuoteAsync(quote.Id, new QuoteShare(Percent: 60))).RecordId;
        await world.Get<Invoices>().DeleteAsync(lost, (await world.ReadAsync(lost)).Version);
        var deposit = await BillAsync(world, quote, new QuoteShare(Percent: 50));
        await RestoreAsync(world, lost);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(lost));
        Assert.Equal(("Lines", "Les acomptes dépasseraient le total du devis : 5\u202f000,00\u00a0€ HT au plus."), (refusal.Field, refusal.Message));

        await CreditAsync(world, deposit, Paper.Line(1, 1000));
        Assert.Equal(7200m, (await world.IssueAsync(lost)).Due);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_deposit_back_from_the_bin_is_deducted_before_the_balance_is_issued()
    {
        await using var world = await Paper.WorldAsync();
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        var lost = (await world.Get<Invoices>().BillQuoteAsync(quote.Id, new QuoteShare(Percent: 30))).RecordId;
        await world.Get<Invoices>().DeleteAsync(lost, (await world.ReadAsync(lost)).Version);
        var balance = (await world.Get<Invoices>().BillQuoteAsync(quote.Id, QuoteShare.Rest)).RecordId;
        await RestoreAsync(world, lost);
        await world.IssueAsync(lost);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(balance));
        Assert.Equal(("DepositIds", "L'acompte FA-2026-0001 de ce devis n'est pas déduit : cochez-le avant d'émettre."), (refusal.Field, refusal.Message));
        var details = (await world.ReadAsync(balance)).Details();
        await world.Get<Invoices>().EditAsync(balance, details, details with { DepositIds = [lost] });
        Assert.Equal(8400m, (await world.IssueAsync(balance)).Due);
    }

    private static (InvoiceStatus, decimal Received, decimal Credited) State(Invoice invoice) => (invoice.Status, invoice.Received, invoice.Credited);

    // The state on its page, the states under which the list finds it, and what remains due.
    private static async Task<(InvoiceStatus, string, decimal)> ShownAsync(TestWorld world, Invoice invoice)
    {
        var found = new List<InvoiceStatus>();
        foreach (var state in Enum.GetValues<InvoiceStatus>())
        {
            var query = new ListQuery { Filters = [new ListFilter("state", FilterOperator.AnyOf, [state.ToString()]), new ListFilter("kind", FilterOperator.AnyOf, [nameof(InvoiceKind.Invoice)])] };
            if ((await world.Get<InvoiceList>().TotalsAsync(query)).Count > 0)
            {
                found.Add(state);
            }
        }

        var sheet = (await world.Get<InvoiceSheets>().FindAsync(invoice.Id))!;
        return (sheet.State, string.Join(", ", found), sheet.Balance);
    }

    private static async Task RestoreAsync(TestWorld world, Guid invoiceId)
    {
        await using var db = world.Open();
        await db.Invoices.IgnoreQueryFilters().Where(i => i.Id == invoiceId).ExecuteUpdateAsync(set => set.SetProperty(i => i.DeletedAt, (DateTime?)null));
    }

    private static async Task<Invoice> BillAsync(TestWorld world, Quote quote, QuoteShare share) => await world.IssueAsync((await world.Get<Invoices>().BillQuoteAsync(quote.Id, share)).RecordId);

    private static async Task<(Invoice Deposit, Invoice Balance)> BilledAsync(TestWorld world, decimal percent)
    {
        var quote = await world.AcceptedQuoteAsync([Paper.Line(1, 10_000)]);
        return (await BillAsync(world, quote, new QuoteShare(Percent: percent)), await BillAsync(world, quote, QuoteShare.Rest));
    }

    /// <summary>Takes an invoice back, whole unless lines are given; a note that is refused goes to the bin.</summary>
    private static async Task<Invoice> CreditAsync(TestWorld world, Invoice original, params LineDetails[] lines)
    {
        var invoices = world.Get<Invoices>();
        var note = await world.ReadAsync((await invoices.CreditAsync(original.Id)).RecordId);
        if (lines.Length > 0)
        {
            var details = note.Details();
            await invoices.EditAsync(note.Id, details, details with { Lines = lines });
        }

        try
        {
            return await world.IssueAsync(note.Id);
        }
        catch (BusinessRuleException)
        {
            await invoices.DeleteAsync(note.Id, (await world.ReadAsync(note.Id)).Version);
            throw;
        }
    }
}
