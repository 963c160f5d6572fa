using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

public sealed class PaymentsTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public async Task A_payment_settles_the_oldest_first_and_what_is_left_serves_another_invoice()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var (first, second) = (await world.IssuedAsync(buyer), await world.IssuedAsync(buyer, details => details with { TermDays = 10 }));
        var payer = await world.Get<Payments>().PayerAsync(buyer.Id);
        Assert.Equal([second.Id, first.Id], payer!.Open.Select(open => open.Id));

        var shares = Allocation.Propose(payer.Open, 3000);
        Assert.Equal([new(second.Id, 1200), new AllocationShare(first.Id, 1200)], shares);
        var payment = await world.PaidAsync(buyer.Id, 3000, [.. shares]);

        Assert.Equal((600m, 1), (payment.Left, payment.JournalNumber));
        Assert.All([await world.ReadAsync(first.Id), await world.ReadAsync(second.Id)], paid => Assert.Equal((InvoiceStatus.Paid, 0m, 1200m, s_today), (paid.Status, paid.Balance, paid.Received, paid.SettledOn!.Value)));

        var third = await world.IssuedAsync(buyer);
        var credit = (await world.Get<Payments>().PayerAsync(buyer.Id))!.Credits.Single();
        await world.Get<Payments>().AllocateAsync(credit.Id, [new AllocationShare(third.Id, 600)], credit.Version);
        Assert.Equal((InvoiceStatus.PartlyPaid, 600m, null), ((await world.ReadAsync(third.Id)).Status, (await world.ReadAsync(third.Id)).Balance, (await world.ReadAsync(third.Id)).SettledOn));
        Assert.Empty((await world.Get<Payments>().PayerAsync(buyer.Id))!.Credits);
        await world.CheckAsync();
    }

    [Fact]
    public async Task Credits_settle_an_invoice_the_oldest_first_in_one_act_or_not_at_all()
    {
        await using var world = await Paper.WorldAsync();
        var (buyer, payments) = (await world.BuyerAsync(), world.Get<Payments>());
        var (old, recent, spare) = (await world.PaidAsync(buyer.Id, 500), await world.PaidAsync(buyer.Id, 900), await world.PaidAsync(buyer.Id, 50));
        var invoice = await world.IssuedAsync(buyer);

        var done = await payments.UseCreditsAsync(invoice.Id, invoice.Version);

        Assert.Equal("1\u202f200,00\u00a0€ d'avance affectés à FA-2026-0001", done.Sentence);
        var paid = await world.ReadAsync(invoice.Id);
        Assert.Equal((InvoiceStatus.Paid, 0m), (paid.Status, paid.Balance));
        Assert.Equal([0m, 200m, 50m], [(await world.PaymentAsync(old.Id)).Left, (await world.PaymentAsync(recent.Id)).Left, (await world.PaymentAsync(spare.Id)).Left]);
        await Assert.ThrowsAsync<StaleRecordException>(() => payments.UseCreditsAsync(invoice.Id, invoice.Version));
        Assert.Equal("Cette facture est déjà soldée.", (await Assert.ThrowsAsync<BusinessRuleException>(() => payments.UseCreditsAsync(invoice.Id, paid.Version))).Message);
        await world.CheckAsync();
    }

    [Fact]
    public async Task The_latest_invoices_stand_first_when_asked_for_and_those_not_yet_due_have_no_delay()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        foreach (var (day, days) in new[] { (1, 10), (2, 5), (3, 60) })
        {
            await world.IssuedAsync(buyer, details => details with { TermDays = days, Title = $"{days} jours" }, new DateOnly(2026, 11, day));
        }

        var list = world.Get<InvoiceList>();
        var rows = await list.RowsAsync(ListQuery.Parse("sort=-late", list.Definition), ["title", "late"], 0, 10);

        Assert.Equal([("5 jours", 14), ("10 jours", 10), ("60 jours", null)], rows.Select(row => ((string)row.Values[0]!, (int?)row.Values[1])));
    }

    [Fact]
    public async Task Nothing_is_allocated_above_what_is_due_or_left_nor_to_another_payer()
    {
        await using var world = await Paper.WorldAsync();
        var (buyer, other) = (await world.BuyerAsync(), await world.BuyerAsync("Autre clinique"));
        var invoice = await world.IssuedAsync(buyer);

        var field = AllocationShare.FieldOf(invoice.Id);
        Assert.Equal(field, (await Refused(buyer.Id, 2000, 1200.01m)).Field);
        Assert.Equal(field, (await Refused(buyer.Id, 100, 100.01m)).Field);
        Assert.Equal(field, (await Refused(other.Id, 1200, 1200)).Field);
        Assert.Equal("Amount", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.PaidAsync(buyer.Id, 0))).Field);
        Assert.Equal("ReceivedOn", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Payments>().RecordAsync(new PaymentDetails { InstitutionId = buyer.Id, Amount = 10, ReceivedOn = s_today.AddDays(1) }, []))).Field);
        await using var db = world.Open();
        Assert.False(await db.Payments.AnyAsync());

        Task<BusinessRuleException> Refused(Guid payer, decimal amount, decimal share) => Assert.ThrowsAsync<BusinessRuleException>(() => world.PaidAsync(payer, amount, new AllocationShare(invoice.Id, share)));
    }

    [Fact]
    public async Task Two_payments_at_once_never_pay_an_invoice_twice()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var invoice = await world.IssuedAsync(buyer);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            try
            {
                await world.PaidAsync(buyer.Id, 1200, new AllocationShare(invoice.Id, 1200));
                return true;
            }
            catch (BusinessRuleException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, done => done);
        Assert.Equal(0, (await world.ReadAsync(invoice.Id)).Balance);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_reversal_makes_the_invoice_due_again_and_stands_in_the_journal()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var invoice = await world.IssuedAsync(buyer);
        var payment = await world.PaidAsync(buyer.Id, 1200, new AllocationShare(invoice.Id, 1200));
        Assert.Equal("Note", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Payments>().ReverseAsync(payment.Id, s_today, " ", payment.Version))).Field);

        await world.Get<Payments>().ReverseAsync(payment.Id, s_today, "Chèque revenu impayé", payment.Version);

        Assert.Equal((InvoiceStatus.Issued, 1200m, null), ((await world.ReadAsync(invoice.Id)).Status, (await world.ReadAsync(invoice.Id)).Balance, (await world.ReadAsync(invoice.Id)).SettledOn));
        await using var db = world.Open();
        Assert.Equal([(1, PaymentKind.Received, 1200m, 0m), (2, PaymentKind.Reversal, -1200m, 0m)], (await db.Payments.OrderBy(p => p.JournalNumber).ToListAsync()).Select(p => (p.JournalNumber, p.Kind, p.Amount, p.Left)));
        var again = await world.PaymentAsync(payment.Id);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Payments>().ReverseAsync(payment.Id, s_today, "Encore", again.Version));
        await world.CheckAsync();
    }

    [Fact]
    public async Task The_history_never_takes_a_payment_back()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var invoice = await world.IssuedAsync(buyer);
        await world.PaidAsync(buyer.Id, 100, new AllocationShare(invoice.Id, 100));
        var payment = await world.PaidAsync(buyer.Id, 100, new AllocationShare(invoice.Id, 100));
        await using var db = world.Open();
        var gesture = await db.RecordChanges.Where(change => change.RecordId == payment.Id).Select(change => change.ChangeSetId).SingleAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(gesture));

        Assert.Contains("contre-passez-le", refusal.Message, StringComparison.Ordinal);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_whole_credit_note_of_an_unpaid_invoice_cancels_it()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync();
        var id = (await world.Get<Invoices>().CreditAsync(invoice.Id)).RecordId;
        Assert.Equal(id, (await world.Get<Invoices>().CreditAsync(invoice.Id)).RecordId);

        var note = await world.IssueAsync(id);

        Assert.Equal(("AV-2026-0001", InvoiceKind.CreditNote, 1200m, 0m, invoice.Id), (note.Number, note.Kind, note.Gross, note.Balance, note.OriginalId!.Value));
        Assert.Equal((InvoiceStatus.Credited, 0m, 1200m), ((await world.ReadAsync(invoice.Id)).Status, (await world.ReadAsync(invoice.Id)).Balance, (await world.ReadAsync(invoice.Id)).Credited));
        Assert.Contains("reprise en entier", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invoices>().CreditAsync(invoice.Id))).Message, StringComparison.Ordinal);
        await world.CheckAsync();
    }

    [Fact]
    public async Task Partial_credit_notes_lower_the_balance_and_never_pass_the_invoice()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync();

        await CreditAsync(world, invoice, 400);
        Assert.Equal((InvoiceStatus.Issued, 720m), ((await world.ReadAsync(invoice.Id)).Status, (await world.ReadAsync(invoice.Id)).Balance));

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => CreditAsync(world, invoice, 600.01m));
        Assert.Equal(("Lines", "L'avoir dépasse ce qui reste de FA-2026-0001 : 720,00\u00a0€ TTC au plus."), (refusal.Field, refusal.Message));
        await world.CheckAsync();
    }

    [Fact]
    public async Task Crediting_what_was_paid_leaves_the_payer_a_credit_that_may_be_given_back()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var invoice = await world.IssuedAsync(buyer);
        var payment = await world.PaidAsync(buyer.Id, 1000, new AllocationShare(invoice.Id, 1000));

        await CreditAsync(world, invoice, 500);

        var credited = await world.ReadAsync(invoice.Id);
        Assert.Equal((InvoiceStatus.Paid, 0m, 600m, 600m), (credited.Status, credited.Balance, credited.Received, credited.Credited));
        payment = await world.PaymentAsync(payment.Id);
        Assert.Equal(400m, payment.Left);
        Assert.Equal("Amount", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Payments>().RefundAsync(payment.Id, 400.01m, s_today, PaymentMeans.Transfer, "Trop perçu", payment.Version))).Field);
        await world.Get<Payments>().RefundAsync(payment.Id, 400, s_today, PaymentMeans.Transfer, "Trop perçu", payment.Version);
        Assert.Equal((0m, 400m), ((await world.PaymentAsync(payment.Id)).Left, (await world.PaymentAsync(payment.Id)).Withdrawn));
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_dispute_shows_before_lateness_and_ends()
    {
        await using var world = await Paper.WorldAsync();
        var invoice = await world.IssuedAsync();
        world.Time.Advance(TimeSpan.FromDays(40));
        var invoices = world.Get<Invoices>();
        Assert.Equal(InvoiceStatus.Overdue, (await world.Get<InvoiceSheets>().FindAsync(invoice.Id))!.State);
        Assert.Equal("DisputeReason", (await Assert.ThrowsAsync<BusinessRuleException>(() => invoices.DisputeAsync(invoice.Id, "", invoice.Version))).Field);

        await invoices.DisputeAsync(invoice.Id, "Prestation contestée", invoice.Version);
        var disputed = (await world.Get<InvoiceSheets>().FindAsync(invoice.Id))!;
        Assert.Equal((InvoiceStatus.InDispute, "Prestation contestée"), (disputed.State, disputed.DisputeReason));
        Assert.Null(await world.Get<InvoiceSheets>().OverdueAsync(invoice.InstitutionId));

        await invoices.SettleDisputeAsync(invoice.Id, disputed.Version);
        Assert.Equal(1200m, (await world.Get<InvoiceSheets>().OverdueAsync(invoice.InstitutionId))!.Balance);
    }

    /// <summary>Whatever is received, shared, taken back, credited and refunded, the sums agree.</summary>
    [Fact]
    public async Task Any_sequence_of_gestures_keeps_the_sums()
    {
        await using var world = await Paper.WorldAsync();
        var (random, buyer, payments) = (new Random(20261121), await world.BuyerAsync(), world.Get<Payments>());
        var invoices = new List<Invoice>();
        for (var i = 0; i < 6; i++)
        {
            invoices.Add(await world.IssuedAsync(buyer, details => details with { Lines = [Paper.Line(random.Next(1, 50), random.Next(100, 90_000) / 100m, i % 2 == 0 ? 20 : 5.5m)] }));
        }

        for (var round = 0; round < 60; round++)
        {
            var state = (await payments.PayerAsync(buyer.Id))!;
            var received = await ReceivedAsync(world);
            switch (random.Next(5))
            {
                case 0 or 1:
                    var amount = random.Next(1, 400_000) / 100m;
                    await world.PaidAsync(buyer.Id, amount, [.. Allocation.Propose(state.Open, amount)]);
                    break;
                case 2 when state.Credits.Count > 0:
                    await payments.AllocateAsync(state.Credits[0].Id, Allocation.Propose(state.Open, state.Credits[0].Left), state.Credits[0].Version);
                    break;
                case 3 when received.Count > 0:
                    var reversed = received[random.Next(received.Count)];
                    await payments.ReverseAsync(reversed.Id, s_today, "Erreur", reversed.Version);
                    break;
                case 4:
                    var original = await world.ReadAsync(invoices[random.Next(invoices.Count)].Id);
                    var most = Math.Floor((original.Due - original.Credited) / 1.2m);
                    if (most >= 1)
                    {
                        await CreditAsync(world, original, random.Next(1, (int)Math.Min(most, 5000) + 1));
                    }

                    break;
            }
        }

        await world.CheckAsync();
        await using var db = world.Open();
        var all = await db.Payments.ToListAsync();
        var paid = await db.Invoices.Where(i => i.Kind != InvoiceKind.CreditNote).SumAsync(i => i.Received);
        Assert.Equal(all.Sum(p => p.Amount), paid + all.Sum(p => p.Left));
        Assert.True(all.Count > 15);
    }

    private static async Task<List<Payment>> ReceivedAsync(TestWorld world)
    {
        await using var db = world.Open();
        return await db.Payments.AsNoTracking().Where(p => p.Kind == PaymentKind.Received && p.Withdrawn == 0).ToListAsync();
    }

    private static async Task CreditAsync(TestWorld world, Invoice original, decimal net)
    {
        var invoices = world.Get<Invoices>();
        var note = await world.ReadAsync((await invoices.CreditAsync(original.Id)).RecordId);
        var details = note.Details();
        await invoices.EditAsync(note.Id, details, details with { Lines = [Paper.Line(1, net, original.Lines[0].VatRate)] });
        try
        {
            await world.IssueAsync(note.Id);
        }
        catch (BusinessRuleException)
        {
            await invoices.DeleteAsync(note.Id, (await world.ReadAsync(note.Id)).Version);
            throw;
        }
    }
}
