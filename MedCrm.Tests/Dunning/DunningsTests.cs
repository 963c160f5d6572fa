using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Automation;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Dunning;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Billing;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Accounting;
using MedCrm.Tests.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static MedCrm.Tests.Accounting.BookedRows;

namespace MedCrm.Tests.Dunning;

public sealed class DunningsTests
{
    private static readonly DateOnly s_due = new(2026, 3, 31);

    [Fact]
    public async Task Each_level_is_prepared_once_on_its_day_and_running_twice_adds_nothing()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);

        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-03-27"));
        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-03-30"));
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-03-30"));
        var courtesy = await WaitingAsync(world);
        Assert.Equal((DunningLevel.Courtesy, 1200m, "compta@chu.test"), (courtesy.Level, courtesy.Total, courtesy.Email));
        await SendAsync(world, courtesy);
        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-04-07"));
        await SendAsync(world, await WaitingAsync(world));
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-29"));
        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-04-30"));
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-06-30"));
        Assert.Equal([DunningLevel.Formal, DunningLevel.Firm, DunningLevel.Courtesy], (await Door(world).HistoryOfAsync(invoice.Id)).Select(line => line.Level));
    }

    [Fact]
    public async Task The_job_itself_runs_as_the_product_and_twice_for_one_day_is_once()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);
        world.Time.MoveTo(new DateTime(2026, 4, 7, 7, 0, 0));

        await world.Get<Jobs>().RunNowAsync("dunning");
        await world.Get<Jobs>().RunNowAsync("dunning");

        Assert.Single((await Door(world).TrayAsync(TrayView.ToApprove)).Lines);
    }

    [Theory]
    [InlineData("2026-04-04")]
    [InlineData("2026-04-05")]
    [InlineData("2026-04-06")]
    public async Task Nothing_is_prepared_on_a_weekend_or_a_holiday(string day)
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world, due: new DateOnly(2026, 3, 28));

        Assert.Equal("Jour non travaillé : aucune relance.", await RunAsync(world, day));
        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-04-07"));
    }

    [Fact]
    public async Task A_payment_on_the_sixth_day_cancels_the_reminder_of_the_seventh()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);

        await PayAsync(world, invoice, 1200);

        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-07"));
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-30"));
    }

    [Fact]
    public async Task A_payment_gives_up_what_waits_and_holds_back_the_e_mail_that_has_not_left()
    {
        await using var world = await WorldAsync();
        var (waiting, queued) = (await InvoiceAsync(world), await InvoiceAsync(world, "Clinique du Parc", "FA-2026-0002"));
        await RunAsync(world, "2026-04-07");
        var letters = (await Door(world).TrayAsync(TrayView.ToApprove)).Lines;
        await SendAsync(world, letters.Single(line => line.InstitutionName == "Clinique du Parc"));

        await PayAsync(world, waiting, 1200);
        await PayAsync(world, queued, 1200);

        await using var db = world.Open();
        Assert.Equal([(LetterState.Cancelled, "Réglée avant l'envoi."), (LetterState.Cancelled, "Réglée avant l'envoi.")], await db.DunningLetters.Select(letter => ValueTuple.Create(letter.State, letter.Reason!)).ToListAsync());
        Assert.Equal(MessageStatus.Cancelled, (await db.OutgoingMessages.SingleAsync()).Status);
    }

    [Fact]
    public async Task An_address_that_somebody_typed_stays_when_a_part_is_paid_and_when_an_invoice_joins()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        await AddAsync(world, invoice.InstitutionId, "FA-2026-0002", new DateOnly(2026, 4, 10));
        await RunAsync(world, "2026-04-07");
        var letter = await WaitingAsync(world);
        var sheet = (await Door(world).FindAsync(letter.Id))!;
        await Door(world).EditAsync(letter.Id, "direction@chu.test", sheet.Subject, sheet.Body, letter.Version);

        await PayAsync(world, invoice, 200);
        Assert.Equal(("direction@chu.test", 1000m), (await WaitingAsync(world)) is var paid ? (paid.Email, paid.Total) : default);
        await RunAsync(world, "2026-04-17");

        Assert.Equal(("direction@chu.test", 2), (await WaitingAsync(world)) is var joined ? (joined.Email, joined.Invoices) : default);
    }

    [Fact]
    public async Task Money_recorded_at_its_door_gives_up_the_reminder_that_waits()
    {
        await using var world = await SellingAsync();
        var invoice = await RemindedAsync(world);

        await world.PaidAsync(invoice.InstitutionId, 500, new AllocationShare(invoice.Id, 500));
        Assert.Equal(700m, (await WaitingAsync(world)).Total);
        await world.PaidAsync(invoice.InstitutionId, 700, new AllocationShare(invoice.Id, 700));

        Assert.Equal("Réglée avant l'envoi.", await GivenUpAsync(world));
    }

    [Fact]
    public async Task A_dispute_opened_at_its_door_gives_up_the_reminder_that_waits()
    {
        await using var world = await SellingAsync();
        var invoice = await RemindedAsync(world);

        await world.Get<Invoices>().DisputeAsync(invoice.Id, "Heures contestées", (await world.ReadAsync(invoice.Id)).Version);

        Assert.Equal("En litige.", await GivenUpAsync(world));
    }

    [Fact]
    public async Task A_credit_note_that_is_issued_gives_up_the_reminder_of_its_invoice()
    {
        await using var world = await SellingAsync();
        var invoice = await RemindedAsync(world);

        var note = (await world.Get<Invoices>().CreditAsync(invoice.Id)).RecordId;
        Assert.Equal(1200m, (await WaitingAsync(world)).Total);
        await world.IssueAsync(note);

        Assert.Equal("Annulée par un avoir.", await GivenUpAsync(world));
    }

    [Fact]
    public async Task What_has_left_stays_and_a_part_paid_changes_what_waits()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");
        await SendAsync(world, await WaitingAsync(world));
        await using (var db = world.Open())
        {
            var message = await db.OutgoingMessages.Include(m => m.Recipients).SingleAsync();
            message.Claim("test", world.Now());
            await db.SaveChangesAsync();
        }

        await PayAsync(world, invoice, 200);
        Assert.Equal(1, (await Door(world).TrayAsync(TrayView.Sent)).Total);
        await RunAsync(world, "2026-04-30");
        var formal = await WaitingAsync(world);
        Assert.Equal(1000m, formal.Total);

        await PayAsync(world, invoice, 400);

        var sheet = (await Door(world).FindAsync(formal.Id))!;
        Assert.Equal(600m, sheet.Line.Total);
        Assert.Contains("600,00", sheet.Body, StringComparison.Ordinal);
        Assert.NotEqual(formal.Version, sheet.Line.Version);
        await Assert.ThrowsAsync<StaleRecordException>(() => Door(world).SendAsync(formal.Id, formal.Version));
    }

    [Fact]
    public async Task A_server_that_stood_still_catches_up_with_the_last_level_alone()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);

        await RunAsync(world, "2026-06-15");

        var letter = await WaitingAsync(world);
        Assert.Equal(DunningLevel.Formal, letter.Level);
        await using var db = world.Open();
        Assert.Equal(1, await db.DunningNotices.CountAsync());
    }

    [Fact]
    public async Task A_reminder_nobody_approved_gives_way_to_a_firmer_one()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");

        await RunAsync(world, "2026-04-30");

        Assert.Equal(DunningLevel.Formal, (await WaitingAsync(world)).Level);
    }

    [Fact]
    public async Task One_message_a_payer_groups_its_invoices_under_the_highest_level()
    {
        await using var world = await WorldAsync();
        var first = await InvoiceAsync(world);
        var place = first.InstitutionId;
        await AddAsync(world, place, "FA-2026-0002", new DateOnly(2026, 3, 24));
        await AddAsync(world, place, "FA-2026-0003", new DateOnly(2026, 4, 24));
        await AddAsync(world, place, "FA-2026-0004", new DateOnly(2026, 7, 1));

        await RunAsync(world, "2026-05-04");

        var letter = await WaitingAsync(world);
        Assert.Equal((DunningLevel.Formal, 3, 2400m), (letter.Level, letter.Invoices, letter.Total));
        var body = (await Door(world).FindAsync(letter.Id))!.Body;
        Assert.True(body.IndexOf("FA-2026-0002", StringComparison.Ordinal) < body.IndexOf("FA-2026-0001", StringComparison.Ordinal));
        Assert.DoesNotContain("FA-2026-0004", body, StringComparison.Ordinal);
        Assert.True(body.IndexOf("Pour mémoire, restent aussi à régler", StringComparison.Ordinal) is > 0 and var others && body.IndexOf("FA-2026-0003", StringComparison.Ordinal) > others);

        // Another that reaches a level meanwhile joins what waits.
        await RunAsync(world, "2026-06-29");
        Assert.Equal(4, (await WaitingAsync(world)).Invoices);
    }

    [Fact]
    public async Task Paid_credited_disputed_draft_and_spared_invoices_are_never_asked_for()
    {
        await using var world = await WorldAsync();
        var place = await world.InstitutionAsync("CHU de Nantes");
        var spared = await world.InstitutionAsync("Sans relance");
        DateOnly on = new(2026, 3, 1);
        await world.SaveAsync(db => db.AddRange(
            Profile(spared, isNeverDunned: true),
            Document(spared, "FA-1", on, [Line("A", 1, 100)]),
            Document(place, "FA-2", on, [Line("A", 1, 100)], received: 120),
            Document(place, "FA-3", on, [Line("A", 1, 100)], balance: 0).With(nameof(Invoice.Status), InvoiceStatus.Credited),
            Document(place, "FA-4", on, [Line("A", 1, 100)]).With(nameof(Invoice.DisputedOn), on),
            Document(place, "FA-5", on, [Line("A", 1, 100)]).With(nameof(Invoice.Status), InvoiceStatus.Draft),
            Document(place, "AV-6", on, [Line("A", 1, 100)], InvoiceKind.CreditNote)));

        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-06-15"));
    }

    [Fact]
    public async Task A_dispute_gives_up_what_waits_and_its_end_brings_it_back()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");

        await DisputeAsync(world, invoice, new DateOnly(2026, 4, 8));
        Assert.Empty((await Door(world).TrayAsync(TrayView.ToApprove)).Lines);
        Assert.Equal("En litige.", (await Door(world).TrayAsync(TrayView.Closed)).Lines.Single().Reason);
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-13"));

        await DisputeAsync(world, invoice, null);
        await RunAsync(world, "2026-04-14");
        Assert.Equal(DunningLevel.Firm, (await WaitingAsync(world)).Level);
    }

    [Fact]
    public async Task What_nobody_told_is_seen_by_the_next_run_and_by_the_sending()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");
        var letter = await WaitingAsync(world);
        await using (var changed = world.Open())
        {
            await changed.BillingProfiles.Where(profile => profile.InstitutionId == invoice.InstitutionId).ExecuteUpdateAsync(set => set.SetProperty(profile => profile.IsNeverDunned, true));
        }


        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).SendAsync(letter.Id, letter.Version));

        Assert.Contains("annulée", refusal.Message, StringComparison.OrdinalIgnoreCase);
        await using var db = world.Open();
        Assert.Empty(await db.OutgoingMessages.ToListAsync());
    }

    [Fact]
    public async Task Public_buyers_hear_later_and_never_before_their_due_day()
    {
        await using var world = await WorldAsync();
        var place = await world.InstitutionAsync("CHU de Nantes", with: details => details with { Email = "dsi@chu.test" });
        await world.SaveAsync(db => db.Add(Document(place, "FA-1", new DateOnly(2026, 3, 10), [Line("A", 1, 1000)], dueOn: new DateOnly(2026, 4, 29), buyer: BuyerKind.PublicHospital)));

        foreach (var day in new[] { "2026-04-27", "2026-05-06", "2026-05-13" })
        {
            Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, day));
        }

        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-05-15"));
        Assert.Equal(DunningLevel.Firm, (await WaitingAsync(world)).Level);
        var refused = await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).EditPolicyAsync(PayerProfile.Public, DunningTexts.Usual(PayerProfile.Public), DunningTexts.Usual(PayerProfile.Public) with { FirmDays = 6 }));
        Assert.Equal("FirmDays", refused.Field);
    }

    [Fact]
    public async Task A_formal_notice_says_what_it_is_until_when_and_what_is_claimed()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);

        await RunAsync(world, "2026-04-30");

        var letter = await WaitingAsync(world);
        var sheet = (await Door(world).FindAsync(letter.Id))!;
        Assert.StartsWith("Mise en demeure", sheet.Subject, StringComparison.Ordinal);
        Assert.Contains("mise en demeure", sheet.Body, StringComparison.Ordinal);
        Assert.Contains("FA-2026-0001", sheet.Body, StringComparison.Ordinal);
        Assert.Equal((new DateOnly(2026, 5, 11), 40m, Money.Round(1200m * 30 * 12.15m / 100 / 365)), (sheet.FinalOn!.Value, sheet.FixedCosts, sheet.Interest));
        Assert.Contains("11/05/2026", sheet.Body, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).EditAsync(letter.Id, "a@b.fr", "Mise en demeure", "Payez.", letter.Version));
        Assert.Equal("Body", refused.Field);
        await Door(world).RegisterAsync(letter.Id, "1A 123 456 7890 1", letter.Version);
        Assert.Equal("1A 123 456 7890 1", (await WaitingAsync(world)).PostalNumber);
    }

    [Theory]
    [InlineData("Payez {{factures}}, merci.", "Payez {{factures}}\n\n{{autres_factures}}, merci.")]
    [InlineData("Payez {{total}}.", "Payez {{total}}.\n\n{{autres_factures}}")]
    [InlineData("{{factures}}\n{{autres_factures}}", "{{factures}}\n{{autres_factures}}")]
    public void A_text_without_the_other_invoices_tells_them_all_the_same(string body, string told) => Assert.Equal(told, DunningTexts.WithOthers(body));

    [Fact]
    public async Task A_formal_notice_that_waited_leaves_its_days_from_the_day_it_leaves()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);
        await RunAsync(world, "2026-04-30");
        var letter = await WaitingAsync(world);
        var sheet = (await Door(world).FindAsync(letter.Id))!;
        await Door(world).EditAsync(letter.Id, "direction@chu.test", sheet.Subject, sheet.Body, letter.Version);
        world.Time.MoveTo(new DateTime(2026, 6, 15, 8, 0, 0));

        await SendAsync(world, await WaitingAsync(world));

        await using var db = world.Open();
        var (sent, message) = (await db.DunningLetters.SingleAsync(), await db.OutgoingMessages.Include(m => m.Recipients).SingleAsync());
        Assert.Equal((new DateOnly(2026, 6, 23), Money.Round(1200m * 76 * 12.15m / 100 / 365)), (sent.FinalOn!.Value, sent.Interest));
        Assert.Contains("23/06/2026", message.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("11/05/2026", message.Text, StringComparison.Ordinal);
        Assert.Equal("direction@chu.test", message.Recipients.Single().Address);
    }

    [Fact]
    public async Task Somebody_s_words_in_a_formal_notice_stay_and_their_last_day_moves()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);
        await RunAsync(world, "2026-04-30");
        var letter = await WaitingAsync(world);
        await Door(world).EditAsync(letter.Id, letter.Email, "Mise en demeure", "Cette mise en demeure vous laisse jusqu'au 11/05/2026.", letter.Version);
        world.Time.MoveTo(new DateTime(2026, 6, 15, 8, 0, 0));

        await SendAsync(world, await WaitingAsync(world));

        await using var db = world.Open();
        Assert.Equal("Cette mise en demeure vous laisse jusqu'au 23/06/2026.", (await db.DunningLetters.SingleAsync()).Body);
    }

    [Fact]
    public async Task A_reminder_is_seen_by_whoever_sees_all_of_its_invoices_wherever_the_institution_stands()
    {
        await using var world = await WorldAsync();
        var hers = await InvoiceAsync(world);
        await AddAsync(world, hers.InstitutionId, "FA-2026-0002", s_due);
        await RunAsync(world, "2026-04-07");
        await SendAsync(world, await WaitingAsync(world));
        var billing = world.Lea with { Role = Role.Manager };

        foreach (var (owners, seen) in new[] { ((world.Lea.Id, world.Lea.Id), 1), ((world.Lea.Id, world.Claire.Id), 0), ((world.Claire.Id, world.Claire.Id), 0) })
        {
            await using (var db = world.Open())
            {
                await db.Invoices.Where(i => i.Id == hers.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.OwnerId, owners.Item1));
                await db.Invoices.Where(i => i.Id != hers.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.OwnerId, owners.Item2));
            }

            world.As(billing);
            Assert.Equal(seen, (await Door(world).TrayAsync(TrayView.Sent)).Total);
            await using var read = world.Open();
            Assert.Equal(seen, await new DunningTimeline().Of(read, billing, TimelineSubject.Institution(hers.InstitutionId)).CountAsync());
        }
    }

    [Fact]
    public async Task Disputed_invoices_are_listed_with_their_reason_until_the_dispute_ends()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        Assert.Empty(await Door(world).DisputedAsync());
        await ActAsync(world, invoice.Id, tracked => tracked.With(nameof(Invoice.DisputedOn), s_due).With(nameof(Invoice.DisputeReason), "Heures contestées"));

        Assert.Equal(("FA-2026-0001", "CHU de Nantes", s_due, "Heures contestées", 1200m), (await Door(world).DisputedAsync()).Single() is var line ? (line.Number, line.InstitutionName, line.On, line.Reason, line.Balance) : default);
    }

    [Fact]
    public async Task Without_an_address_the_tray_says_so_and_nothing_leaves_by_itself()
    {
        await using var world = await WorldAsync();
        await SendAloneAsync(world);
        await InvoiceAsync(world, email: null);

        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-04-07"));
        var tray = await Door(world).TrayAsync(TrayView.ToApprove);
        Assert.Equal((1, null), (tray.WithoutAddress, tray.Lines.Single().Email));
        Assert.Equal("Email", (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).SendAsync(tray.Lines[0].Id, tray.Lines[0].Version))).Field);
        await Door(world).EditAsync(tray.Lines[0].Id, "Compta@CHU.test", "Relance", "Bonjour", tray.Lines[0].Version);
        await SendAsync(world, await WaitingAsync(world));
        await using var db = world.Open();
        Assert.Equal("compta@chu.test", (await db.OutgoingMessages.Include(m => m.Recipients).SingleAsync()).Recipients.Single().Address);
    }

    [Fact]
    public async Task Left_alone_reminders_leave_and_formal_notices_wait_when_that_was_chosen()
    {
        await using var world = await WorldAsync();
        await SendAloneAsync(world, DunningMode.SendReminders);
        await InvoiceAsync(world);

        Assert.Equal("Relances préparées : 1, dont envoyées : 1.", await RunAsync(world, "2026-04-07"));
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-07"));
        Assert.Equal("Relances préparées : 1.", await RunAsync(world, "2026-04-30"));
        await SendAloneAsync(world);
        Assert.Equal("Relances envoyées : 1.", await RunAsync(world, "2026-05-04"));
        await using var db = world.Open();
        Assert.Equal(2, await db.OutgoingMessages.CountAsync());
    }

    [Fact]
    public async Task What_was_put_aside_never_returns_and_what_was_put_off_does_in_its_day()
    {
        await using var world = await WorldAsync();
        await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");
        var letter = await WaitingAsync(world);

        Assert.Equal("Reason", (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).SkipAsync(letter.Id, " ", letter.Version))).Field);
        await Door(world).SnoozeAsync(letter.Id, new DateOnly(2026, 4, 10), letter.Version);
        Assert.Equal((0, 1), await CountsAsync(world));
        world.Time.MoveTo(new DateTime(2026, 4, 10, 8, 0, 0));
        Assert.Equal((1, 0), await CountsAsync(world));

        var skipped = await Door(world).SkipAsync(letter.Id, "Vu au téléphone", (await WaitingAsync(world)).Version);
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-13"));
        Assert.Null(skipped.ChangeSetId);
        var put = (await Door(world).TrayAsync(TrayView.Closed)).Lines.Single();
        await Door(world).RestoreAsync(put.Id, put.Version);
        Assert.Equal((1200m, 1), ((await WaitingAsync(world)).Total, (await WaitingAsync(world)).Invoices));
    }

    [Fact]
    public async Task A_double_click_sends_once_and_the_feed_tells_it()
    {
        await using var world = await WorldAsync();
        var invoice = await InvoiceAsync(world);
        await RunAsync(world, "2026-04-07");
        var letter = await WaitingAsync(world);

        var sends = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            try
            {
                await Door(world).SendAsync(letter.Id, letter.Version);
                return true;
            }
            catch (BusinessRuleException)
            {
                return false;
            }
        }));

        Assert.Single(sends, sent => sent);
        await using var db = world.Open();
        Assert.Equal(1, await db.OutgoingMessages.CountAsync());
        var feed = await world.Get<Timelines>().PageAsync(TimelineSubject.Institution(invoice.InstitutionId), new TimelineFilter(["dunning"]));
        Assert.StartsWith("Relance", feed.Entries.Single().Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_are_checked()
    {
        await using var world = await WorldAsync();
        var usual = DunningTexts.Usual(PayerProfile.Private);
        foreach (var (wrong, field) in new[]
        {
            (usual with { CourtesyDays = 1 }, "CourtesyDays"), (usual with { FormalDays = 7, FirmDays = 8 }, "FormalDays"), (usual with { FormalDays = 10, FirmDays = 10 }, "FormalDays"), (usual with { FinalDays = 16 }, "FinalDays"), (usual with { FinalDays = 7 }, "FinalDays"),
            (usual with { FirmBody = "Dû : {{montant}}" }, "FirmBody"), (usual with { FormalSubject = "Dernier avis" }, "FormalSubject"), (usual with { FormalBody = "Payez." }, "FormalBody"), (usual with { FirmSubject = "" }, "FirmSubject"),
        })
        {
            Assert.Equal(field, (await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world).EditPolicyAsync(PayerProfile.Private, usual, wrong))).Field);
        }

        await Door(world).EditPolicyAsync(PayerProfile.Private, usual, usual with { FirmOn = false });
        await InvoiceAsync(world);
        Assert.Equal("Aucune nouvelle relance.", await RunAsync(world, "2026-04-07"));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Manager)).EditPolicyAsync(PayerProfile.Private, usual, usual));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door(world.As(world.Claire)).TrayAsync(TrayView.ToApprove));
    }

    [Fact]
    public async Task Treasury_foresees_by_what_a_payer_did_before_then_its_kind_then_the_due_day()
    {
        await using var world = await WorldAsync();
        var (slow, fresh, state) = (await world.InstitutionAsync("Lent"), await world.InstitutionAsync("Nouveau"), await world.InstitutionAsync("Mairie"));
        DateOnly on = new(2026, 9, 1);
        await world.SaveAsync(db =>
        {
            foreach (var (i, late) in new[] { 10, 40, 50 }.Index())
            {
                db.Add(Document(slow, $"FA-{i}", on, [Line("A", 1, 100)], dueOn: on, received: 120).With(nameof(Invoice.SettledOn), on.AddDays(late)));
            }

            var disputed = Document(slow, "FA-D", on, [Line("A", 1, 100)]).With(nameof(Invoice.DisputedOn), on);
            db.AddRange(
                Document(slow, "FA-A", new DateOnly(2026, 11, 1), [Line("A", 1, 1000)], dueOn: new DateOnly(2026, 12, 1)),
                Document(fresh, "FA-B", new DateOnly(2026, 10, 1), [Line("A", 1, 500)], dueOn: new DateOnly(2026, 11, 1)),
                Document(state, "FA-C", new DateOnly(2026, 11, 1), [Line("A", 1, 300)], dueOn: new DateOnly(2027, 1, 10), buyer: BuyerKind.State),
                Document(slow, "AV-1", new DateOnly(2026, 11, 2), [Line("A", 1, 50)], InvoiceKind.CreditNote),
                disputed);
            db.Add(Paid(slow, "VIR", new DateOnly(2026, 10, 20), 1, 120));
        });
        world.Time.MoveTo(new DateTime(2026, 11, 21, 8, 0, 0));

        var sheet = await world.Get<Treasury>().ReadAsync();

        Assert.Equal(
            [("Lent", 40, DelaySource.Payer, 0m, 1200m, 0m), ("Nouveau", 33, DelaySource.Kind, 600m, 0m, 0m), ("Mairie", 0, DelaySource.DueDay, 0m, 360m, 0m)],
            sheet.Payers.Select(payer => (payer.Name, payer.Delay, payer.Source, payer.Within30, payer.Within60, payer.Within90)));
        Assert.Equal((2280m, 600m, 1, 120m), (sheet.Open, sheet.Overdue, sheet.OverdueCount, sheet.Disputed));
        Assert.Equal((new DateOnly(2025, 12, 1), 12), (sheet.Months[0].From, sheet.Months.Count));
        Assert.Equal((1200m + 360m - 60m, 0m), (sheet.Months[^1].Invoiced, sheet.Months[^1].Received));
        Assert.Equal((600m, 120m), (sheet.Months[^2].Invoiced, sheet.Months[^2].Received));
    }

    private static Dunnings Door(TestWorld world) => world.Get<Dunnings>();

    private static async Task<TestWorld> WorldAsync()
    {
        var world = await TestWorld.CreateAsync();
        world.Time.MoveTo(new DateTime(2026, 3, 1, 8, 0, 0));
        await world.SaveAsync(db => db.Add(Seller()));
        return world;
    }

    // A company that issues its own invoices.
    private static async Task<TestWorld> SellingAsync()
    {
        var world = await Paper.WorldAsync();
        world.Time.MoveTo(new DateTime(2026, 3, 1, 8, 0, 0));
        return world;
    }

    private static async Task<Invoice> RemindedAsync(TestWorld world)
    {
        var invoice = await world.IssuedAsync();
        await RunAsync(world, "2026-05-04");
        await WaitingAsync(world);
        return invoice;
    }

    private static async Task<string?> GivenUpAsync(TestWorld world) => Assert.Single((await Door(world).TrayAsync(TrayView.Closed)).Lines).Reason;

    private static async Task<Invoice> InvoiceAsync(TestWorld world, string name = "CHU de Nantes", string number = "FA-2026-0001", DateOnly? due = null, string? email = "compta@chu.test")
    {
        var place = await world.InstitutionAsync(name);
        if (email is not null)
        {
            await world.SaveAsync(db => db.Add(Profile(place, email: email)));
        }

        return await AddAsync(world, place.Id, number, due ?? s_due);
    }

    private static async Task<Invoice> AddAsync(TestWorld world, Guid institutionId, string number, DateOnly due)
    {
        await using var db = world.Open();
        var place = await db.Institutions.AsNoTracking().SingleAsync(institution => institution.Id == institutionId);
        var invoice = Document(place, number, new DateOnly(2026, 3, 1), [Line("Mission", 1, 1000)], dueOn: due);
        await world.SaveAsync(db => db.Add(invoice));
        return invoice;
    }

    private static Task<string> RunAsync(TestWorld world, string day)
    {
        var on = DateOnly.Parse(day, CultureInfo.InvariantCulture);
        world.Time.MoveTo(on.ToDateTime(new TimeOnly(6, 30), DateTimeKind.Utc));
        return world.Get<DunningRun>().PrepareAsync(on, ActivatorUtilities.CreateInstance<Dunnings>(new Doors(world), new SystemUser()));
    }

    private static async Task<TrayLine> WaitingAsync(TestWorld world) => Assert.Single((await Door(world).TrayAsync(TrayView.ToApprove)).Lines);

    private static Task<Done> SendAsync(TestWorld world, TrayLine line) => Door(world).SendAsync(line.Id, line.Version);

    private static async Task<(int ToApprove, int Snoozed)> CountsAsync(TestWorld world)
        => (await Door(world).TrayAsync(TrayView.ToApprove)).Counts is var counts ? (counts[TrayView.ToApprove], counts[TrayView.Snoozed]) : default;

    private static async Task SendAloneAsync(TestWorld world, DunningMode mode = DunningMode.SendAlone)
    {
        var seen = await Door(world).PolicyAsync(PayerProfile.Private);
        await Door(world).EditPolicyAsync(PayerProfile.Private, seen, seen with { Mode = mode });
    }

    private static Task PayAsync(TestWorld world, Invoice invoice, decimal amount) => ActAsync(world, invoice.Id, tracked => tracked
        .With(nameof(Invoice.Received), tracked.Received + amount)
        .With(nameof(Invoice.Balance), tracked.Balance - amount)
        .With(nameof(Invoice.Status), tracked.Balance == amount ? InvoiceStatus.Paid : InvoiceStatus.PartlyPaid));

    private static Task DisputeAsync(TestWorld world, Invoice invoice, DateOnly? on) => ActAsync(world, invoice.Id, tracked => tracked.With(nameof(Invoice.DisputedOn), on));

    private static async Task ActAsync(TestWorld world, Guid invoiceId, Action<Invoice> act)
    {
        await using var db = world.Open();
        db.Begin(world.Manager, "Test");
        await db.InTransactionAsync(async () =>
        {
            act(await db.Invoices.SingleAsync(invoice => invoice.Id == invoiceId));
            await db.SaveChangesAsync();
            // What the doors of payments and invoices call.
            await (Task)typeof(Dunnings).GetMethod("AfterPaymentAsync", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.Invoke(null, [db, new[] { invoiceId }, CancellationToken.None])!;
        });
    }

    private sealed class Doors(TestWorld world) : IServiceProvider
    {
        private static readonly System.Reflection.MethodInfo s_get = typeof(TestWorld).GetMethod(nameof(TestWorld.Get))!;

        public object? GetService(Type serviceType) => s_get.MakeGenericMethod(serviceType).Invoke(world, null);
    }
}
