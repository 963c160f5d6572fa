using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Invoicing;

public sealed class IssuingTests
{
    private static readonly DateOnly s_today = new(2026, 11, 21);

    [Fact]
    public async Task A_draft_is_tied_to_no_deal_of_another_institution_and_a_draft_or_a_stranger_is_not_told_of_printers()
    {
        await using var world = await Paper.WorldAsync();
        var (buyer, deal) = (await world.BuyerAsync(), await world.OpportunityAsync());

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.DraftAsync(buyer, details => details with { OpportunityId = deal.Id }));

        Assert.Equal(("OpportunityId", "Cette affaire est celle d'un autre établissement."), (refusal.Field!, refusal.Message));
        var draft = await world.DraftAsync(buyer);
        var letter = new InvoiceLetter { To = "compta@example.org", Subject = "Facture", Text = "Bonjour." };
        Assert.Equal("Cette facture n'existe plus, ou n'est pas visible pour vous.", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<InvoicePrints>().SendAsync(draft, letter))).Message);
    }

    [Fact]
    public async Task Issuing_gives_a_number_a_due_day_the_buyer_as_printed_and_the_balance()
    {
        await using var world = await Paper.WorldAsync();
        var id = await world.DraftAsync(with: details => details with { Lines = Paper.Mixed, TermKind = TermKind.EndOfMonthThenDays, TermDays = 45 });
        Assert.Null((await world.ReadAsync(id)).Number);

        var done = await world.Get<Invoices>().IssueAsync(id, (await world.ReadAsync(id)).Version);

        var invoice = await world.ReadAsync(id);
        Assert.Equal(("FA-2026-0001", InvoiceStatus.Issued, s_today, new DateOnly(2027, 1, 14), s_today), (invoice.Number, invoice.Status, invoice.IssuedOn!.Value, invoice.DueOn!.Value, invoice.ServiceFrom!.Value));
        Assert.Equal((4394.31m, 628.35m, 5022.66m, 5022.66m), (invoice.Net, invoice.Tax, invoice.Gross, invoice.Balance));
        Assert.Equal(("Clinique des Tilleuls", "12 rue des Tilleuls", "44000", "Nantes", "732829320"), (invoice.BuyerName, invoice.BuyerStreet, invoice.BuyerPostcode, invoice.BuyerCity, invoice.BuyerSiren));
        Assert.Equal(("Facture FA-2026-0001 émise", null), (done.Sentence, done.ChangeSetId));
        await world.CheckAsync();
    }

    [Fact]
    public async Task Fifty_issuings_at_once_take_fifty_numbers_in_a_row()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync();
        var drafts = new List<Guid>();
        for (var i = 0; i < 50; i++)
        {
            drafts.Add(await world.DraftAsync(buyer));
        }

        var versions = await Task.WhenAll(drafts.Select(id => world.ReadAsync(id)));
        await Task.WhenAll(versions.Select(draft => Task.Run(() => world.Get<Invoices>().IssueAsync(draft.Id, draft.Version))));

        await using var db = world.Open();
        var numbers = await db.Invoices.Select(i => i.Number!).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 50).Select(number => $"FA-2026-{number:0000}"), numbers.Order(StringComparer.Ordinal));
        await world.CheckAsync();
    }

    [Fact]
    public async Task Two_windows_that_issue_the_same_draft_give_it_one_number()
    {
        await using var world = await Paper.WorldAsync();
        var draft = await world.ReadAsync(await world.DraftAsync());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            try
            {
                await world.Get<Invoices>().IssueAsync(draft.Id, draft.Version);
                return true;
            }
            catch (BusinessRuleException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, done => done);
        Assert.Equal("FA-2026-0001", (await world.ReadAsync(draft.Id)).Number);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_number_given_up_is_taken_by_the_next()
    {
        await using var world = await Paper.WorldAsync();
        var failing = await world.DraftAsync();
        await using (var db = world.Open())
        {
            db.Begin(world.Admin, "Test");
            await Assert.ThrowsAsync<TimeoutException>(() => db.InTransactionAsync(async () =>
            {
                await NumberSeries.TakeAsync(db, DocumentSeries.Invoice, s_today, "FA", CancellationToken.None);
                await db.SaveChangesAsync();
                throw new TimeoutException("Between the number and the commit.");
            }));
        }

        Assert.Equal("FA-2026-0001", (await world.IssueAsync(failing)).Number);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_day_before_the_last_number_or_to_come_is_refused_and_the_year_begins_again_at_one()
    {
        await using var world = await Paper.WorldAsync();
        await world.IssuedAsync(on: s_today);
        var id = await world.DraftAsync();

        Assert.Equal("IssuedOn", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(id, s_today.AddDays(-1)))).Field);
        Assert.Equal("IssuedOn", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(id, s_today.AddDays(1)))).Field);

        world.Time.Advance(TimeSpan.FromDays(60));
        Assert.Equal("FA-2027-0001", (await world.IssueAsync(id)).Number);
        var late = await world.DraftAsync();
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.IssueAsync(late, new DateOnly(2026, 12, 31)));
        Assert.Contains("20/01/2027", refusal.Message, StringComparison.Ordinal);
        await world.CheckAsync();
    }

    [Fact]
    public async Task What_the_law_and_the_buyer_ask_for_is_demanded_beside_its_field()
    {
        await using var world = await Paper.WorldAsync();
        var nowhere = await world.InstitutionAsync("CHU sans adresse");
        var missing = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.IssuedAsync(nowhere));
        Assert.Equal(("InstitutionId", "Il manque sur la fiche de « CHU sans adresse » : l'adresse, le SIREN. La loi les demande sur la facture."), (missing.Field, missing.Message));

        var buyer = await world.BuyerAsync();
        Assert.Equal("Lines", (await Refused(details => details with { Lines = [] })).Field);
        Assert.Equal("Lines", (await Refused(details => details with { Lines = [Paper.Line(-1, 10)] })).Field);
        Assert.Equal("TermDays", (await Refused(details => details with { TermDays = 61 })).Field);
        Assert.Equal("TermDays", (await Refused(details => details with { TermKind = TermKind.DaysThenEndOfMonth, TermDays = 60 })).Field);
        Assert.Equal("ServiceTo", (await Refused(details => details with { ServiceFrom = s_today, ServiceTo = s_today.AddDays(-1) })).Field);
        Assert.Equal("DiscountAmount", (await Refused(details => details with { DiscountAmount = 1000.01m })).Field);

        Task<BusinessRuleException> Refused(Func<InvoiceDetails, InvoiceDetails> with) => Assert.ThrowsAsync<BusinessRuleException>(async () => await world.IssuedAsync(buyer, with));
    }

    [Fact]
    public async Task An_issued_invoice_is_neither_edited_nor_deleted_nor_undone()
    {
        await using var world = await Paper.WorldAsync();
        var (invoices, buyer) = (world.Get<Invoices>(), await world.BuyerAsync());
        var issued = await world.IssuedAsync(buyer);
        await using var db = world.Open();
        var gesture = await db.RecordChanges.Where(change => change.RecordId == issued.Id && change.Kind == ChangeKind.Updated).Select(change => change.ChangeSetId).FirstAsync();

        var sentence = "FA-2026-0001 est émise : elle ne se modifie ni ne se supprime, un avoir la corrige.";
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BusinessRuleException>(() => invoices.EditAsync(issued.Id, issued.Details(), issued.Details() with { Title = "Autre" }))).Message);
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BusinessRuleException>(() => invoices.DeleteAsync(issued.Id, issued.Version))).Message);
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(gesture))).Message);
        var bulk = await world.Get<InvoiceList>().ChangeAsync(Core.Foundation.Lists.ListSelection.Of([issued.Id]), new Core.Foundation.Lists.BulkChange.Delete());
        Assert.Equal([sentence], bulk.Failures.Select(row => row.Reason.ToString()));
    }

    [Fact]
    public async Task Several_drafts_are_issued_in_order_and_those_refused_are_told()
    {
        await using var world = await Paper.WorldAsync();
        var first = await world.DraftAsync();
        var empty = await world.DraftAsync(with: details => details with { Title = "Vide", Lines = [] });
        var last = await world.DraftAsync();

        var result = await world.Get<Invoices>().IssueManyAsync([first, empty, last]);

        Assert.Equal((2, "Vide", "2 factures émises"), (result.Changed, result.Failures.Single().Name, result.Done.Sentence));
        Assert.Equal(("FA-2026-0001", null, "FA-2026-0002"), ((await world.ReadAsync(first)).Number, (await world.ReadAsync(empty)).Number, (await world.ReadAsync(last)).Number));
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_colleague_of_another_team_neither_sees_nor_touches_it()
    {
        await using var world = await Paper.WorldAsync();
        var buyer = await world.BuyerAsync(with: details => details with { OwnerId = world.Claire.Id, TeamId = world.Claire.TeamId });
        var id = await world.DraftAsync(buyer);
        Assert.Equal(world.Claire.Id, (await world.ReadAsync(id)).OwnerId);

        world.As(world.Lea with { Role = Role.Manager });

        Assert.Null(await world.Get<InvoiceSheets>().FindAsync(id));
        Assert.Equal("Cette facture n'existe plus, ou n'est pas visible pour vous.", (await Assert.ThrowsAsync<StaleRecordException>(() => world.Get<Invoices>().IssueAsync(id, Guid.Empty))).Message);
        world.As(world.Claire);
        Assert.Contains("rôle", (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Invoices>().IssueAsync(id, Guid.Empty))).Message, StringComparison.Ordinal);
    }
}
