using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MedCrm.Tests.Contracting.GivenContracts;

namespace MedCrm.Tests.Contracting;

/// <summary>What no next draft carries: it has a draft of its own, once; and no day between the first and the last one is billed twice or left out.</summary>
public sealed class ContractSettlementTests
{
    [Fact]
    public async Task A_rise_that_no_next_draft_will_carry_has_a_draft_of_its_own_some_days_ahead()
    {
        await using var world = await Paper.WorldAsync();
        var id = await YearAsync(world);
        var issued = await IssueAllAsync(world, "2026-01-05");

        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-07-02"), Change = "Un second bloc", Lines = [Price(7_300, BillingPeriod.Annual)] }, await world.VersionAsync(id));
        Assert.Equal((true, Day("2026-07-02")), ((await world.LoadAsync(id)).Amendments.Single().IsToSettle, (await world.LoadAsync(id)).NextBillOn!.Value));
        Assert.Equal("Aucune facture à préparer.", await world.BillAsync("2026-06-20"));
        Assert.Equal("1 brouillon de facture préparé.", await world.BillAsync("2026-06-22"));
        Assert.Equal("Aucune facture à préparer.", await world.BillAsync("2026-06-23"));

        var draft = Assert.Single(await DraftsAsync(world));
        Assert.Equal((InvoiceKind.Invoice, "Maintenance du bloc, régularisation", 1_830m, Day("2026-07-02"), Day("2026-12-31")), (draft.Kind, draft.Title, draft.Net, draft.ServiceFrom!.Value, draft.ServiceTo!.Value));
        Assert.Contains(draft.Lines, line => line.Description == "Avenant n° 1 – Maintenance, du 02/07/2026 au 31/12/2026" && line.Net == 3_660);
        var contract = await world.LoadAsync(id);
        Assert.Equal((false, (DateOnly?)null), (contract.Amendments.Single().IsToSettle, contract.NextBillOn));
        Assert.NotEqual(issued.Single().Id, (await world.IssueAsync(draft.Id)).Id);
    }

    [Fact]
    public async Task A_fall_that_no_next_draft_will_carry_returns_by_a_credit_note()
    {
        await using var world = await Paper.WorldAsync();
        var id = await YearAsync(world);
        var issued = (await IssueAllAsync(world, "2026-01-05")).Single();
        MoveTo(world, "2026-07-02");
        var details = new AmendmentDetails { EffectiveOn = Day("2026-07-02"), Change = "Moitié prix", Lines = [Price(1_825, BillingPeriod.Annual)] };
        Assert.False((await world.Get<Contracts>().PreviewAsync(id, details)).IsCarried);

        await world.Get<Contracts>().AmendAsync(id, details, await world.VersionAsync(id));
        await world.BillAsync("2026-07-03");
        await world.ServeAsync("2027-01-05");
        await world.BillAsync("2027-01-05");

        var note = Assert.Single(await DraftsAsync(world));
        Assert.Equal((InvoiceKind.CreditNote, issued.Id, id, 915m, 1_098m), (note.Kind, note.OriginalId!.Value, note.ContractId!.Value, note.Net, note.Gross));
        Assert.Equal(0, (await world.LoadAsync(id)).CreditDue);
        Assert.Equal("AV", (await world.IssueAsync(note.Id)).Number![..2]);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_price_due_once_that_comes_after_the_last_draft_is_billed_on_its_own()
    {
        await using var world = await Paper.WorldAsync();
        var id = await YearAsync(world);
        await IssueAllAsync(world, "2026-01-05");

        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-01-10"), Change = "Installation", Lines = [Price(3_650, BillingPeriod.Annual), Price(900, BillingPeriod.OneOff, "Installation")] }, await world.VersionAsync(id));
        await world.BillAsync("2026-01-06");

        Assert.Equal([900m], (await DraftsAsync(world)).Select(draft => draft.Net));
    }

    [Fact]
    public async Task What_was_billed_beyond_the_last_day_returns_at_the_price_of_each_day_and_once()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.ContractAsync(await world.BuyerAsync(), details => details with { Billing = BillingPeriod.Quarterly, TermDays = 30 });
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-03-01"), Change = "Double prix", Lines = [Price(620)] }, await world.VersionAsync(id));
        var issued = (await IssueAllAsync(world, "2026-01-05")).Single();
        Assert.Equal(1_250.34m, issued.Net);
        MoveTo(world, "2026-02-10");

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-02-14"), Reason = EndReason.Closure }, await world.VersionAsync(id));
        await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-02-12"), Reason = EndReason.Closure }, await world.VersionAsync(id)));
        Assert.Equal("Aucune facture à préparer.", await world.BillAsync("2026-02-11"));

        // Half of the quarter, at the price it had: the day of the rise never came.
        var note = Assert.Single(await DraftsAsync(world));
        Assert.Equal((InvoiceKind.CreditNote, issued.Id, 785.34m, 465m), (note.Kind, note.OriginalId!.Value, note.Net, issued.Net - note.Net));
        Assert.Equal(["Fin du contrat – Maintenance, du 15/02/2026 au 28/02/2026", "Fin du contrat – Maintenance, du 01/03/2026 au 31/03/2026"], note.Lines.OrderBy(line => line.Position).Select(line => line.Description));
        Assert.Equal((785.34m, (DateOnly?)null), ((await world.LoadAsync(id)).CreditDue, (await world.LoadAsync(id)).NextBillOn));
        Assert.Contains((await world.Get<ContractSheets>().FindAsync(id))!.Invoices, line => line.Id == note.Id && line.Kind is InvoiceKind.CreditNote);
        await world.IssueAsync(note.Id);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_difference_that_waited_is_settled_with_the_end()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.ContractAsync(await world.BuyerAsync());
        await IssueAllAsync(world, "2026-01-05");
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-01-12"), Change = "Un second bloc", Lines = [Price(310), Price(310, description: "Second bloc")] }, await world.VersionAsync(id));

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-01-20"), Reason = EndReason.Closure }, await world.VersionAsync(id));

        // 310 for the month; 20 days of the first price and 9 of the second are due.
        Assert.Equal([(InvoiceKind.CreditNote, 20m)], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net)));
    }

    [Fact]
    public async Task A_draft_that_still_waits_is_put_right_and_one_that_asks_for_nothing_goes()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.ContractAsync(await world.BuyerAsync());
        await world.BillAsync("2026-01-25");
        Assert.Equal(2, (await DraftsAsync(world)).Count);

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-01-11"), Reason = EndReason.Closure }, await world.VersionAsync(id));

        Assert.Equal([(InvoiceKind.Invoice, 110m)], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net)));
        Assert.Equal(0, (await world.LoadAsync(id)).CreditDue);
    }

    [Fact]
    public async Task A_fall_and_a_price_due_once_that_outweighs_it_make_one_invoice()
    {
        await using var world = await Paper.WorldAsync();
        var id = await YearAsync(world);
        await IssueAllAsync(world, "2026-01-05");
        MoveTo(world, "2026-07-02");

        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-07-02"), Change = "Moitié prix", Lines = [Price(1_825, BillingPeriod.Annual), Price(2_000, BillingPeriod.OneOff, "Installation")] }, await world.VersionAsync(id));

        Assert.Equal([(InvoiceKind.Invoice, 1_085m)], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net)));
    }

    [Fact]
    public async Task A_credit_note_that_still_waits_takes_what_the_end_gives_back_besides()
    {
        await using var world = await Paper.WorldAsync();
        var id = await YearAsync(world);
        await IssueAllAsync(world, "2026-01-05");
        MoveTo(world, "2026-07-02");
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-07-02"), Change = "Moitié prix", Lines = [Price(1_825, BillingPeriod.Annual)] }, await world.VersionAsync(id));

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-07-31"), Reason = EndReason.Closure }, await world.VersionAsync(id));

        Assert.Equal([(InvoiceKind.CreditNote, 915m + 765)], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net)));
    }

    [Fact]
    public async Task What_was_never_asked_for_is_not_given_back()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var thrown = await world.ContractAsync(buyer);
        await world.BillAsync("2026-01-05");
        var draft = Assert.Single(await DraftsAsync(world));
        await world.Get<Invoices>().DeleteAsync(draft.Id, draft.Version);
        var elsewhere = await world.ContractAsync(buyer, details => details with { BillsFrom = Day("2026-06-01"), Lines = [Price(310), Price(900, BillingPeriod.OneOff, "Installation")] });

        foreach (var id in new[] { thrown, elsewhere })
        {
            await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-01-11"), Reason = EndReason.Closure }, await world.VersionAsync(id));
        }

        await world.BillAsync("2026-02-05");
        Assert.Empty(await DraftsAsync(world));
    }

    [Fact]
    public async Task A_term_billed_ahead_and_not_opened_is_credited_when_the_day_comes()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.ContractAsync(await world.BuyerAsync(), details => details with { BillsFrom = Day("2026-12-01") });
        await IssueAllAsync(world, "2026-12-23");
        await world.Get<Contracts>().GiveNoticeAsync(id, new NoticeDetails { On = Day("2026-12-23"), Reason = EndReason.Price, AcceptsLate = true }, await world.VersionAsync(id));

        await world.ServeAsync("2027-01-01");
        await world.BillAsync("2027-01-01");
        await world.BillAsync("2027-01-02");

        Assert.Equal([(InvoiceKind.CreditNote, 310m, Day("2027-01-01"))], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net, draft.ServiceFrom!.Value)));
        Assert.Equal(310m, (await world.LoadAsync(id)).CreditDue);
    }

    [Fact]
    public async Task A_contract_replaced_gives_back_what_it_billed_of_the_other_ones_days()
    {
        await using var world = await Paper.WorldAsync();
        var former = await YearAsync(world);
        await IssueAllAsync(world, "2026-01-05");
        var details = await world.Get<Contracts>().StartAsync(replacesId: former);

        var next = (await world.Get<Contracts>().CreateAsync(details with { StartsOn = Day("2026-07-02") })).RecordId;
        await world.Get<Contracts>().ActivateAsync(next, await world.VersionAsync(next));

        Assert.Equal([(InvoiceKind.CreditNote, 1_830m)], (await DraftsAsync(world)).Select(draft => (draft.Kind, draft.Net)));
    }

    [Fact]
    public async Task Billing_that_starts_within_a_period_bills_the_days_left_of_it()
    {
        await using var world = await Paper.WorldAsync();
        await world.ContractAsync(with: details => details with { BillsFrom = Day("2026-01-12") });

        await world.BillAsync("2026-01-25");

        Assert.Equal([(200m, Day("2026-01-12"), Day("2026-01-31")), (310m, Day("2026-02-01"), Day("2026-02-28"))], (await DraftsAsync(world)).Select(draft => (draft.Net, draft.ServiceFrom!.Value, draft.ServiceTo!.Value)));
    }

    [Fact]
    public async Task A_period_cut_by_the_term_is_billed_on_once_the_contract_goes_on()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.ContractAsync(with: details => details with { IsTacit = false, InitialMonths = 4, Billing = BillingPeriod.Quarterly });
        await world.BillAsync("2026-04-05");

        await world.Get<Contracts>().RenewAsync(id, 2, await world.VersionAsync(id));
        await world.BillAsync("2026-05-05");

        Assert.Equal([(930m, Day("2026-03-31")), (306.59m, Day("2026-04-30")), (623.41m, Day("2026-06-30"))], (await DraftsAsync(world)).Select(draft => (draft.Net, draft.ServiceTo!.Value)));
    }

    [Fact]
    public async Task A_long_title_keeps_no_draft_from_being_made()
    {
        await using var world = await Paper.WorldAsync();
        await world.ContractAsync(with: details => details with { Title = new string('a', 200) });

        Assert.Equal("1 brouillon de facture préparé.", await world.BillAsync("2026-01-05"));
    }

    [Fact]
    public async Task An_invoice_that_comes_back_at_each_period_is_due_within_forty_five_days()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        await world.Get<BillingProfiles>().EditAsync(buyer.Id, new(), new() { TermKind = TermKind.Net, TermDays = 60 });
        Assert.Equal((TermKind.Net, 45), await world.Get<Contracts>().StartAsync(institutionId: buyer.Id) is var started ? (started.TermKind, started.TermDays) : default);
        var late = await world.ContractAsync(buyer, details => details with { TermDays = 60 }, activate: false);
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().ActivateAsync(late, await world.VersionAsync(late)));
        Assert.Equal((nameof(Contract.TermDays), true), (refusal.Field, refusal.Message.Contains("45 jours au plus", StringComparison.Ordinal)));

        await world.ContractAsync(buyer);
        await world.BillAsync("2026-01-05");
        var draft = Assert.Single(await DraftsAsync(world));
        await world.Get<Invoices>().EditAsync(draft.Id, draft.Details(), draft.Details() with { TermDays = 60 });

        Assert.Equal(nameof(Invoice.TermDays), (await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(draft.Id))).Field);
    }

    // 3 650 € a year in advance, billed once, without a renewal.
    private static async Task<Guid> YearAsync(TestWorld world)
        => await world.ContractAsync(await world.BuyerAsync(), details => details with { IsTacit = false, Billing = BillingPeriod.Annual, Lines = [Price(3_650, BillingPeriod.Annual)] });

    private static async Task<IReadOnlyList<Invoice>> IssueAllAsync(TestWorld world, string day)
    {
        await world.BillAsync(day);
        var issued = new List<Invoice>();
        foreach (var draft in await DraftsAsync(world))
        {
            issued.Add(await world.IssueAsync(draft.Id));
        }

        return issued;
    }

    private static async Task<IReadOnlyList<Invoice>> DraftsAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.Invoices.AsNoTracking().Include(invoice => invoice.Lines).Include(invoice => invoice.Deposits).Where(invoice => invoice.Number == null).OrderBy(invoice => invoice.ServiceFrom).ToListAsync();
    }

    private static void MoveTo(TestWorld world, string day) => world.Time.MoveTo(world.Get<BusinessClock>().ToUtc(Day(day), new TimeOnly(9, 0)));
}
