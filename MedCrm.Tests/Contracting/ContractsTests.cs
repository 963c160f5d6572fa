using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MedCrm.Tests.Contracting.GivenContracts;

namespace MedCrm.Tests.Contracting;

public sealed class ContractsTests
{
    [Fact]
    public async Task A_contract_has_a_number_and_binds_once_it_is_in_force()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(activate: false);
        var draft = await world.LoadAsync(id);
        Assert.Equal(("C-2026-0001", ContractStatus.Draft, 310m), (draft.Number, draft.Status, draft.Monthly));

        await world.Get<Contracts>().ActivateAsync(id, draft.Version);

        var contract = await world.LoadAsync(id);
        Assert.Equal((ContractStatus.Active, Day("2026-12-31"), Day("2026-09-30")), (contract.Status, contract.EndsOn, contract.LastNoticeOn));
        Assert.Equal((1, Day("2026-01-01"), Day("2026-12-31"), 3_720m), contract.Periods.Select(period => (period.Number, period.StartsOn, period.EndsOn, period.Net)).Single());
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contracts>().EditAsync(id, contract.Details(), contract.Details() with { Title = "Autre" }));
        Assert.StartsWith("Le contrat C-2026-0001 engage les deux parties", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contracts>().DeleteAsync(id, contract.Version));
        await world.Get<Contracts>().EditAsync(id, contract.Details(), contract.Details() with { Notes = "Parler à la pharmacie" });
        Assert.Equal("Parler à la pharmacie", (await world.LoadAsync(id)).Notes);
    }

    [Fact]
    public async Task Terms_longer_than_the_law_allows_keep_a_contract_a_draft()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { TermDays = 90 }, activate: false);

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().ActivateAsync(id, await world.VersionAsync(id)));

        Assert.Contains("45 jours au plus", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_quote_gives_its_recurring_lines_and_its_discount()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var today = world.Get<BusinessClock>().Today;
        var quote = new Quote(
            new QuoteDetails
            {
                Title = "Suivi des respirateurs",
                InstitutionId = institution.Id,
                IssuedOn = today,
                ValidUntil = today.AddDays(30),
                TermDays = 45,
                DiscountPercent = 10,
                Lines = [Price(100), Price(900, BillingPeriod.OneOff, "Installation"), Price(50, description: "Option de nuit") with { IsOption = true }],
            },
            "D-2026-0001",
            1,
            world.Now());
        await world.SaveAsync(db => db.Quotes.Add(quote));
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contracts>().StartAsync(quoteId: quote.Id));
        await world.SaveAsync(db =>
        {
            var stored = db.Quotes.Include(q => q.Lines).Single();
            stored.Send("x.pdf", new string('0', 64), world.Now(), today);
            stored.Accept("Dr Renaud", AcceptanceMeans.Scan, world.Now(), today);
        });

        var details = await world.Get<Contracts>().StartAsync(quoteId: quote.Id);

        Assert.Equal(("Suivi des respirateurs", quote.Id, 45), (details.Title, details.QuoteId!.Value, details.TermDays));
        Assert.Equal(("Maintenance", 90m, BillingPeriod.Monthly), details.Lines.Select(line => (line.Description, line.UnitPrice, line.Period)).Single());
    }

    [Fact]
    public async Task A_contract_is_born_from_an_accepted_quote_a_won_deal_or_a_contract_of_the_same_customer()
    {
        await using var world = await TestWorld.CreateAsync();
        var (institution, other) = (await world.InstitutionAsync(), await world.InstitutionAsync("CH de Cholet"));
        var deal = await world.OpportunityAsync(institution: institution);
        var today = world.Get<BusinessClock>().Today;
        var quote = new Quote(new QuoteDetails { Title = "Suivi", InstitutionId = institution.Id, OpportunityId = deal.Id, IssuedOn = today, ValidUntil = today.AddDays(30), Lines = [Price(100)] }, "D-2026-0001", 1, world.Now());
        await world.SaveAsync(db => db.Quotes.Add(quote));
        var former = await world.ContractAsync(institution);

        Assert.Equal(nameof(ContractDetails.QuoteId), await RefusedAsync(details => details with { QuoteId = quote.Id, OpportunityId = deal.Id }));
        Assert.Equal(nameof(ContractDetails.OpportunityId), await RefusedAsync(details => details with { OpportunityId = deal.Id }));
        Assert.Equal(nameof(ContractDetails.InstitutionId), await RefusedAsync(details => details with { ReplacesId = former, InstitutionId = other.Id }));

        // The deal of an accepted quote may still be open.
        await world.SaveAsync(db =>
        {
            var stored = db.Quotes.Include(q => q.Lines).Single();
            stored.Send("x.pdf", new string('0', 64), world.Now(), today);
            stored.Accept("Dr Renaud", AcceptanceMeans.Scan, world.Now(), today);
        });
        await world.ContractAsync(institution, details => details with { QuoteId = quote.Id, OpportunityId = deal.Id });
        var next = await world.LoadAsync(await world.ContractAsync(institution, details => details with { ReplacesId = former }, activate: false));
        Assert.Equal(nameof(ContractDetails.InstitutionId), (await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contracts>().EditAsync(next.Id, next.Details(), next.Details() with { InstitutionId = other.Id }))).Field);

        async Task<string?> RefusedAsync(Func<ContractDetails, ContractDetails> with) => (await Assert.ThrowsAsync<BusinessRuleException>(() => world.ContractAsync(institution, with))).Field;
    }

    [Theory]
    [InlineData(3, 12, 3)]
    [InlineData(12, 3, 3)]
    public async Task Notice_is_shorter_than_the_first_term_and_than_the_next_ones(int initial, int renewal, int notice)
    {
        await using var world = await TestWorld.CreateAsync();

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => world.ContractAsync(with: details => details with { InitialMonths = initial, RenewalMonths = renewal, NoticeMonths = notice }));

        Assert.Equal(nameof(Contract.NoticeMonths), refusal.Field);
        await world.ContractAsync(with: details => details with { InitialMonths = initial, RenewalMonths = renewal, NoticeMonths = notice, IsTacit = false });
    }

    [Fact]
    public async Task Contracts_in_force_come_before_drafts_and_how_many_there_are_is_told()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        await world.ContractAsync(institution, activate: false);
        var (late, soon) = (await world.ContractAsync(institution), await world.ContractAsync(institution, details => details with { InitialMonths = 11 }));
        await world.Get<Contracts>().GiveNoticeAsync(soon, new NoticeDetails { Reason = EndReason.Price, AcceptsLate = true }, await world.VersionAsync(soon));

        var (rows, total) = await world.Get<ContractSheets>().OfInstitutionAsync(institution.Id, 2);

        Assert.Equal([soon, late], rows.Select(row => row.Id));
        Assert.Equal(3, total);
    }

    [Fact]
    public async Task What_somebody_has_to_deal_with_opens_as_a_list_of_the_same_contracts()
    {
        await using var world = await TestWorld.CreateAsync();
        var due = await world.ContractAsync();
        await world.ContractAsync(with: details => details with { OwnerId = world.Lea.Id });
        await world.ContractAsync(with: details => details with { InitialMonths = 36 });
        world.As(world.Claire);

        var mine = await world.Get<ContractSheets>().MineAsync();
        var listed = await world.Get<ContractList>().IdsAsync(ListQuery.Everything.With(new ListFilter("owner", FilterOperator.AnyOf, ListFilter.Me)).With(ContractList.Handled(ContractSheets.DaysAhead)));

        Assert.Equal([due], mine.Rows.Select(row => row.Id));
        Assert.Equal([due], listed);
    }

    [Fact]
    public async Task An_amendment_shows_what_it_changes_day_by_day_before_and_after()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await world.BillAsync("2026-01-05");
        var details = new AmendmentDetails { EffectiveOn = Day("2026-01-12"), Change = "Un second bloc", Lines = [Price(310), Price(310, description: "Second bloc")] };

        var preview = await world.Get<Contracts>().PreviewAsync(id, details);
        Assert.Equal((310m, 620m, 200m, 0m, 200m, true), (preview.OldMonthly, preview.NewMonthly, preview.ToInvoice, preview.ToCredit, preview.Net, preview.IsBilled));

        await world.Get<Contracts>().AmendAsync(id, details, await world.VersionAsync(id));
        var contract = await world.LoadAsync(id);
        var amendment = contract.Amendments.Single();
        Assert.Equal((310m, 620m, 200m, 0m, true), (amendment.OldMonthly, amendment.NewMonthly, amendment.ToInvoice, amendment.ToCredit, amendment.IsToSettle));
        Assert.Equal(200 + (620 * 11) + 310, contract.Periods.Single().Net);

        // The next draft carries what January owes, once.
        await world.BillAsync("2026-01-22");
        await world.BillAsync("2026-02-19");
        await using var db = world.Open();
        var drafts = await db.Invoices.Include(invoice => invoice.Lines).OrderBy(invoice => invoice.ServiceFrom).ToListAsync();
        Assert.Equal([310m, 820m, 620m], drafts.Select(draft => draft.Net));
        Assert.Contains(drafts[1].Lines, line => line.Description == "Avenant n° 1 – Second bloc, du 12/01/2026 au 31/01/2026" && line.Net == 200);
    }

    [Fact]
    public async Task The_last_day_billed_changes_price_too()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await world.BillAsync("2026-01-05");

        var preview = await world.Get<Contracts>().PreviewAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-01-31"), Change = "Double prix", Lines = [Price(620)] });

        Assert.Equal((20m, 10m, true, true), (preview.ToInvoice, preview.ToCredit, preview.IsBilled, preview.IsCarried));
    }

    [Fact]
    public async Task A_lower_price_is_given_back_on_the_next_draft()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await world.BillAsync("2026-01-05");

        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-01-12"), Change = "Moitié prix", Lines = [Price(155)] }, await world.VersionAsync(id));
        await world.BillAsync("2026-01-25");

        var amendment = (await world.LoadAsync(id)).Amendments.Single();
        Assert.Equal((100m, 200m), (amendment.ToInvoice, amendment.ToCredit));
        await using var db = world.Open();
        Assert.Equal(155m - 100, await db.Invoices.Where(invoice => invoice.ServiceFrom == Day("2026-02-01")).Select(invoice => invoice.Net).SingleAsync());
    }

    [Fact]
    public async Task An_amendment_that_changes_nothing_or_comes_before_another_is_refused()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Contracts>().PreviewAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-05-01"), Change = "Rien", Lines = [Price(310)] }));
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-05-01"), Change = "Hausse", Lines = [Price(400)] }, await world.VersionAsync(id));

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-04-01"), Change = "Avant", Lines = [Price(500)] }, await world.VersionAsync(id)));

        Assert.Equal(nameof(Amendment.EffectiveOn), refusal.Field);
    }

    [Fact]
    public async Task Notice_after_its_last_day_is_refused_unless_both_agree()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        var late = new NoticeDetails { On = Day("2026-10-01"), Reason = EndReason.Price };
        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().GiveNoticeAsync(id, late, await world.VersionAsync(id)));
        Assert.Contains("30/09/2026", refusal.Message, StringComparison.Ordinal);

        await world.Get<Contracts>().GiveNoticeAsync(id, late with { AcceptsLate = true }, await world.VersionAsync(id));

        var contract = await world.LoadAsync(id);
        Assert.Equal((ContractStatus.Noticed, true, false), (contract.Status, contract.IsNoticeLate, contract.WillRenew));
        await world.Get<Contracts>().WithdrawNoticeAsync(id, contract.Version);
        Assert.True((await world.LoadAsync(id)).WillRenew);
    }

    [Fact]
    public async Task Notice_on_its_last_day_is_in_time_and_a_contract_without_renewal_knows_no_late_one()
    {
        await using var world = await TestWorld.CreateAsync();
        var (tacit, plain) = (await world.ContractAsync(), await world.ContractAsync(with: details => details with { IsTacit = false }));

        await world.Get<Contracts>().GiveNoticeAsync(tacit, new NoticeDetails { On = Day("2026-09-30"), Reason = EndReason.Price }, await world.VersionAsync(tacit));
        await world.Get<Contracts>().GiveNoticeAsync(plain, new NoticeDetails { On = Day("2026-10-01"), Reason = EndReason.Price }, await world.VersionAsync(plain));

        Assert.Equal((false, false), ((await world.LoadAsync(tacit)).IsNoticeLate, (await world.LoadAsync(plain)).IsNoticeLate));
    }

    [Fact]
    public async Task A_rise_that_was_to_come_after_the_end_moves_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-12-15"), Change = "Hausse", Lines = [Price(400)] }, await world.VersionAsync(id));

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-11-30"), Reason = EndReason.Price }, await world.VersionAsync(id));

        Assert.Equal([(Day("2026-01-01"), 310m), (Day("2026-12-01"), -310m)], (await world.LoadAsync(id)).Movements.OrderBy(movement => movement.On).Select(movement => (movement.On, movement.Amount)));
    }

    [Fact]
    public async Task Stopping_early_asks_why_and_takes_what_was_billed_beyond_off_the_draft()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        await world.BillAsync("2026-01-05");
        await Assert.ThrowsAsync<BusinessRuleException>(async () => await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-01-11") }, await world.VersionAsync(id)));

        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-01-11"), Reason = EndReason.Closure }, await world.VersionAsync(id));

        var contract = await world.LoadAsync(id);
        Assert.Equal((ContractStatus.Terminated, 0m, (DateOnly?)null), (contract.Status, contract.CreditDue, contract.NextBillOn));
        Assert.Equal(0, contract.Movements.Sum(movement => movement.Amount));
        await world.BillAsync("2026-02-20");
        await using var db = world.Open();
        Assert.Equal([110m], await db.Invoices.Select(invoice => invoice.Net).ToListAsync());
    }

    [Fact]
    public async Task A_replacement_in_force_stops_the_former_contract_the_day_before()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var former = await world.ContractAsync(institution);
        var details = await world.Get<Contracts>().StartAsync(replacesId: former);
        Assert.Equal((Day("2027-01-01"), former), (details.StartsOn, details.ReplacesId!.Value));

        var next = (await world.Get<Contracts>().CreateAsync(details with { Lines = [Price(400)] })).RecordId;
        await world.Get<Contracts>().ActivateAsync(next, await world.VersionAsync(next));

        var stopped = await world.LoadAsync(former);
        Assert.Equal((ContractStatus.Ended, Day("2026-12-31"), next), (stopped.Status, stopped.LastDay!.Value, stopped.ReplacedById!.Value));
        await world.ServeAsync("2027-01-31");
        Assert.Equal(0, (await world.LoadAsync(former)).Renewals);
        var january = (await world.Get<ContractMetrics>().ReadAsync(Day("2027-01-01"))).Bridge;
        Assert.Equal((310m, 0m, 90m, 0m, 0m, 400m), (january.Start, january.New, january.Expansion, january.Contraction, january.Churn, january.End));
    }

    [Fact]
    public async Task A_revision_waits_for_a_person_and_becomes_an_amendment()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { Lines = [Price(1_000)], IndexName = "Syntec révisé", BaseIndex = 242.60m, BaseIndexMonth = Day("2025-12-01") });
        var revisions = world.Get<IndexRevisions>();
        var asked = new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 245.60m, Month = Day("2026-10-15") };
        var preview = await revisions.PreviewAsync(id, asked);
        Assert.Equal((1.012366m, 1_012.37m), (preview.Coefficient, preview.NewMonthly));

        await revisions.ProposeAsync(id, asked, await world.VersionAsync(id));
        var waiting = await world.LoadAsync(id);
        Assert.Equal((1_000m, 0), (waiting.Monthly, waiting.Amendments.Count));

        await revisions.ApplyAsync(id, waiting.Revisions.Single().Id, waiting.Version);

        var contract = await world.LoadAsync(id);
        Assert.Equal((1_012.37m, 245.60m, Day("2026-10-01")), (contract.MonthlyOn(Day("2026-12-01")), contract.BaseIndex!.Value, contract.BaseIndexMonth!.Value));
        Assert.Equal(1.012366m, contract.Amendments.Single().Coefficient);
        await Assert.ThrowsAsync<BusinessRuleException>(async () => await revisions.ApplyAsync(id, waiting.Revisions.Single().Id, await world.VersionAsync(id)));
    }

    [Fact]
    public async Task A_revision_set_aside_frees_its_day_and_its_index_is_forgotten_unless_another_stands_on_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var (id, other) = (await IndexedAsync(world), await IndexedAsync(world));
        var revisions = world.Get<IndexRevisions>();
        var wrong = new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 2_456m, Month = Day("2026-11-15") };
        await revisions.ProposeAsync(id, wrong, await world.VersionAsync(id));
        await revisions.ProposeAsync(other, wrong, await world.VersionAsync(other));
        var first = (await world.LoadAsync(id)).Revisions.Single().Id;

        await revisions.DropAsync(id, first, await world.VersionAsync(id));
        Assert.Equal(2_456m, (await world.Get<ContractSheets>().FindAsync(id))!.KnownIndex!.Value.Value);
        await revisions.DropAsync(other, (await world.LoadAsync(other)).Revisions.Single().Id, await world.VersionAsync(other));

        var sheet = (await world.Get<ContractSheets>().FindAsync(id))!;
        Assert.Equal((null, null, Day("2027-01-01")), (sheet.KnownIndex, sheet.Revision, sheet.RevisesOn!.Value));
        await revisions.ProposeAsync(id, new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 245.60m, Month = Day("2026-10-15") }, await world.VersionAsync(id));
        var again = (await world.LoadAsync(id)).Revisions.Single();
        Assert.Equal((first, RevisionStatus.Waiting, 245.60m, 1.012366m, 1_012.37m), (again.Id, again.Status, again.Index, again.Coefficient, again.NewMonthly));
        await revisions.ApplyAsync(id, again.Id, await world.VersionAsync(id));
        Assert.Equal(1_012.37m, (await world.LoadAsync(id)).MonthlyOn(Day("2026-12-01")));
    }

    [Fact]
    public async Task Of_two_revisions_that_wait_the_second_says_and_does_the_same_once_the_first_is_applied()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await IndexedAsync(world);
        var revisions = world.Get<IndexRevisions>();
        await revisions.ProposeAsync(id, new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 245.60m, Month = Day("2026-10-01") }, await world.VersionAsync(id));
        await revisions.ProposeAsync(id, new RevisionDetails { EffectiveOn = Day("2027-01-01"), Index = 250m, Month = Day("2026-11-01") }, await world.VersionAsync(id));
        var (first, second) = await world.LoadAsync(id) is var waiting ? (waiting.Revisions.Single(r => r.EffectiveOn == Day("2026-12-01")).Id, waiting.Revisions.Single(r => r.EffectiveOn == Day("2027-01-01")).Id) : default;

        await revisions.ApplyAsync(id, first, await world.VersionAsync(id));
        var left = (await world.LoadAsync(id)).Revisions.Single(r => r.Id == second);
        Assert.Equal((1.017915m, 1_012.37m, 1_030.51m), (left.Coefficient, left.OldMonthly, left.NewMonthly));
        await revisions.ApplyAsync(id, second, await world.VersionAsync(id));

        var contract = await world.LoadAsync(id);
        var last = contract.Amendments.Single(amendment => amendment.Number == 2);
        Assert.Equal((1.017915m, 1_030.51m, true), (last.Coefficient!.Value, contract.MonthlyOn(Day("2027-01-01")), last.Reason!.Contains("1,017915", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_revision_whose_index_no_longer_follows_the_base_is_refused()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await IndexedAsync(world);
        var revisions = world.Get<IndexRevisions>();
        await revisions.ProposeAsync(id, new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 245.60m, Month = Day("2026-10-01") }, await world.VersionAsync(id));
        await revisions.ProposeAsync(id, new RevisionDetails { EffectiveOn = Day("2027-01-01"), Index = 250m, Month = Day("2026-10-01") }, await world.VersionAsync(id));
        var waiting = (await world.LoadAsync(id)).Revisions.OrderBy(revision => revision.EffectiveOn).Select(revision => revision.Id).ToList();
        await revisions.ApplyAsync(id, waiting[0], await world.VersionAsync(id));

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(async () => await revisions.ApplyAsync(id, waiting[1], await world.VersionAsync(id)));

        Assert.Equal(nameof(IndexRevision.Month), refusal.Field);
    }

    private static Task<Guid> IndexedAsync(TestWorld world)
        => world.ContractAsync(with: details => details with { Lines = [Price(1_000)], IndexName = "Syntec révisé", BaseIndex = 242.60m, BaseIndexMonth = Day("2025-12-01") });

    [Fact]
    public async Task Prices_to_come_stand_beside_those_in_force()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();

        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-12-01"), Change = "Hausse", Lines = [Price(400)] }, await world.VersionAsync(id));

        var sheet = (await world.Get<ContractSheets>().FindAsync(id))!;
        Assert.Equal([(310m, Day("2026-01-01"), Day("2026-11-30")), (400m, Day("2026-12-01"), (DateOnly?)null)], sheet.Prices.Select(price => (price.UnitPrice, price.From, price.Until)));
        Assert.Equal((310m, 3_720m), (sheet.Monthly, sheet.Yearly));
        await world.ServeAsync("2026-12-01");
        Assert.Equal(400m, (await world.LoadAsync(id)).Monthly);
    }

    [Fact]
    public async Task Another_team_neither_sees_nor_counts_a_contract()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();

        world.As(world.Lea);

        Assert.Null(await world.Get<ContractSheets>().FindAsync(id));
        Assert.Equal(0, (await world.Get<ContractMetrics>().ReadAsync(Day("2026-11-01"))).Bridge.End);
        await Assert.ThrowsAsync<StaleRecordException>(async () => await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-11-30"), Reason = EndReason.Price }, await world.VersionAsync(id)));
    }

    [Fact]
    public async Task Two_editors_are_told_of_each_other_and_what_binds_is_not_taken_back()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();
        var seen = await world.VersionAsync(id);
        var done = await world.Get<Contracts>().RenewAsync(id, 12, seen);

        await Assert.ThrowsAsync<StaleRecordException>(() => world.Get<Contracts>().RenewAsync(id, 12, seen));
        Assert.Null(done.ChangeSetId);
        await using var db = world.Open();
        var change = await db.ChangeSets.OrderByDescending(set => set.At).ThenByDescending(set => set.Id).FirstAsync();
        await Assert.ThrowsAsync<BusinessRuleException>(() => world.Get<Changes>().UndoAsync(change.Id));
    }
}
