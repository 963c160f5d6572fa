using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Search;
using MedCrm.Core.Timeline;
using MedCrm.Tests.Documents;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Quoting;

public sealed class QuotesTests : IAsyncLifetime
{
    private TestWorld _world = null!;

    private Quotes Door => _world.Get<Quotes>();

    public async Task InitializeAsync() => (_world = await TestWorld.CreateAsync()).As(_world.Claire);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Numbers_follow_one_another_and_one_that_was_refused_is_given_to_the_next()
    {
        var first = await _world.QuoteAsync();
        await Assert.ThrowsAsync<BusinessRuleException>(() => _world.QuoteAsync(with: details => details with { Title = "" }));
        var second = await _world.QuoteAsync();

        Assert.Equal(("D-2026-0001", "D-2026-0002"), (first.Number, second.Number));
    }

    [Fact]
    public async Task Ten_people_at_once_take_ten_numbers()
    {
        var hospital = await _world.InstitutionAsync();
        var details = await Door.NewAsync(hospital.Id);

        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => Door.CreateAsync(details with { Title = $"Devis {index}" })));

        await using var db = _world.Open();
        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"D-2026-{number:0000}"), await db.Quotes.OrderBy(quote => quote.Number).Select(quote => quote.Number).ToListAsync());
        Assert.Equal(10, made.Select(done => done.RecordId).Distinct().Count());
    }

    [Fact]
    public async Task Terms_that_a_change_of_status_made_unlawful_give_way_in_a_new_quote()
    {
        _world.As(Actor.System);
        var clinic = await _world.InstitutionAsync("Clinique", with: details => details with { LegalStatusCode = "95" });
        await _world.Get<BillingProfiles>().EditAsync(clinic.Id, new(), new() { TermKind = TermKind.Net, TermDays = 60 });
        await _world.Get<Institutions>().EditAsync(clinic.Id, clinic.Details(), clinic.Details() with { LegalStatusCode = "13", Ownership = Ownership.Public });

        var details = await Door.NewAsync(clinic.Id);
        await Door.CreateAsync(details with { Title = "Échographe" });

        Assert.Equal((TermKind.Net, 50), (details.TermKind, details.TermDays));
        Assert.Equal(new PaymentTerm(TermKind.Net, 50), await Door.TermOfAsync(clinic.Id));
    }

    [Fact]
    public async Task A_quote_of_a_deal_takes_its_institution_contact_owner_and_lines()
    {
        var hospital = await _world.InstitutionAsync(with: details => details with { LegalStatusCode = "13" });
        var contact = await _world.ContactAsync(hospital);
        var deal = await _world.OpportunityAsync(owner: _world.Paul, institution: hospital, with: details => details with { ContactId = contact.Id });
        await _world.Get<Opportunities>().SetLinesAsync(deal.Id, [new() { Description = "IRM 1,5 T", Quantity = 1, UnitPrice = 900_000 }, new() { Description = "Formation", Quantity = 3, UnitPrice = 1_200 }], deal.Version);

        var quote = await _world.ReadQuoteAsync((await Door.CreateAsync(await Door.NewAsync(opportunityId: deal.Id))).RecordId);

        Assert.Equal((deal.Name, hospital.Id, contact.Id, deal.Id, _world.Paul.Id), (quote.Title, quote.InstitutionId, quote.ContactId, quote.OpportunityId, quote.OwnerId));
        Assert.Equal([("IRM 1,5 T", 1m, 900_000m, 20m), ("Formation", 3m, 1_200m, 20m)], quote.Lines.Select(line => (line.Description, line.Quantity, line.UnitPrice, line.VatRate)));
        Assert.Equal((new DateOnly(2026, 11, 21), new DateOnly(2026, 12, 21), 50), (quote.IssuedOn, quote.ValidUntil, quote.TermDays));
    }

    [Fact]
    public async Task A_stale_save_is_told_and_overwrites_nothing()
    {
        var quote = await _world.QuoteAsync();
        await Door.SaveAsync(quote.Id, quote.Details() with { Title = "De Claire" }, quote.Version);

        _world.As(_world.Paul);
        await Assert.ThrowsAsync<StaleRecordException>(() => Door.SaveAsync(quote.Id, quote.Details() with { Title = "De Paul" }, quote.Version));

        Assert.Equal("De Claire", (await _world.ReadQuoteAsync(quote.Id)).Title);
    }

    [Fact]
    public async Task A_save_that_changes_nothing_writes_nothing()
    {
        var quote = await _world.QuoteAsync();

        var saved = await Door.SaveAsync(quote.Id, quote.Details(), quote.Version);

        Assert.Equal(quote.Version, saved.Version);
        Assert.Single(await HistoryAsync(quote));
    }

    [Fact]
    public async Task Ten_minutes_of_writing_are_one_gesture_that_reads_as_one_change_and_comes_back_whole()
    {
        var quote = await _world.QuoteAsync(with: details => details with { Lines = [GivenQuotes.Line("Un"), GivenQuotes.Line("Deux")] });
        var version = quote.Version;
        var lines = quote.Details().Lines.ToList();
        await Write(lines[0] = lines[0] with { UnitPrice = 150 });
        lines.Add(GivenQuotes.Line("T"));
        var ids = await Write();
        lines[2] = lines[2] with { LineId = ids[2], Description = "Trois" };
        await Write(lines[0] = lines[0] with { UnitPrice = 180 });
        lines.Add(GivenQuotes.Line("De trop"));
        ids = await Write();
        lines.RemoveAt(3);
        lines.RemoveAt(1);
        await Write();

        var history = await HistoryAsync(quote);
        Assert.Equal(["Devis D-2026-0001 rédigé", "Devis D-2026-0001 créé"], history.Select(entry => entry.Sentence));
        var parts = history[0].Changes.Where(change => change.IsPart).ToList();
        Assert.Equal([("Un", ChangeKind.Updated), ("Deux", ChangeKind.Deleted), ("Trois", ChangeKind.Created)], parts.Select(part => (part.Name, part.Kind)).OrderByDescending(part => part.Name == "Un").ThenBy(part => part.Name));
        var price = Assert.Single(parts.Single(part => part.Name == "Un").Fields);
        Assert.Equal(("Prix unitaire HT", "100,00 €", "180,00 €"), (price.Label, price.Before?.Replace('\u00A0', ' '), price.After?.Replace('\u00A0', ' ')));

        await _world.Get<Changes>().UndoAsync(history[0].ChangeSetId);

        var back = await _world.ReadQuoteAsync(quote.Id);
        Assert.Equal([("Un", 100m), ("Deux", 100m)], back.Lines.Select(line => (line.Description, line.UnitPrice)));
        Assert.Equal(200m, back.Net);

        async Task<IReadOnlyList<Guid>> Write(LineDetails? _ = null)
        {
            _world.Time.Advance(TimeSpan.FromMinutes(1));
            var saved = await Door.SaveAsync(quote.Id, quote.Details() with { Lines = [.. lines] }, version);
            version = saved.Version;
            return saved.LineIds;
        }
    }

    [Fact]
    public async Task Somebody_else_or_a_later_hour_begins_another_gesture()
    {
        var quote = await _world.QuoteAsync();
        var version = (await Door.SaveAsync(quote.Id, quote.Details() with { Title = "Un" }, quote.Version)).Version;
        _world.As(_world.Paul);
        version = (await Door.SaveAsync(quote.Id, quote.Details() with { Title = "Deux" }, version)).Version;
        _world.As(_world.Claire);
        version = (await Door.SaveAsync(quote.Id, quote.Details() with { Title = "Trois" }, version)).Version;
        _world.Time.Advance(TimeSpan.FromMinutes(11));
        await Door.SaveAsync(quote.Id, quote.Details() with { Title = "Quatre" }, version);

        Assert.Equal(5, (await HistoryAsync(quote)).Count);
    }

    [Fact]
    public async Task Costs_stay_for_those_who_may_not_see_them_and_never_reach_them()
    {
        var quote = await _world.QuoteAsync(_world.Manager, with: details => details with { OwnerId = _world.Claire.Id, TeamId = _world.Claire.TeamId, Lines = [GivenQuotes.Line("Échographe", 1, 1_000) with { UnitCost = 640 }] });

        var sheet = (await _world.Get<QuoteSheets>().FindAsync(quote.Id))!;
        Assert.Null(Assert.Single(sheet.Details.Lines).UnitCost);
        await Door.SaveAsync(quote.Id, sheet.Details with { Lines = [sheet.Details.Lines[0] with { Quantity = 2 }, GivenQuotes.Line("Sonde") with { UnitCost = 1 }] }, sheet.Version);

        Assert.Equal([(2m, 640m), (1m, (decimal?)null)], (await _world.ReadQuoteAsync(quote.Id)).Lines.Select(line => (line.Quantity, line.UnitCost)));
        Assert.DoesNotContain((await HistoryAsync(quote)).SelectMany(entry => entry.Changes).SelectMany(change => change.Fields), field => field.Field == "UnitCost");
    }

    [Fact]
    public async Task Versions_compared_tell_costs_to_none_but_those_who_may_see_them()
    {
        var quote = await _world.QuoteAsync(_world.Manager, with: details => details with { OwnerId = _world.Claire.Id, TeamId = _world.Claire.TeamId, Lines = [GivenQuotes.Line("Échographe", 1, 1_000) with { UnitCost = 640 }] });
        await _world.SendAsync(quote);
        _world.As(_world.Manager);
        var next = await _world.ReadQuoteAsync((await Door.NewVersionAsync(quote.Id, (await _world.ReadQuoteAsync(quote.Id)).Version)).RecordId);
        await Door.SaveAsync(next.Id, next.Details() with { Lines = [next.Details().Lines[0] with { UnitCost = 700, Quantity = 2 }] }, next.Version);

        Assert.Equal(["Quantity", "UnitCost"], await CellsAsync());
        _world.As(_world.Claire);
        Assert.Equal(["Quantity"], await CellsAsync());

        async Task<IEnumerable<string>> CellsAsync() => Assert.Single((await _world.Get<QuoteSheets>().CompareAsync(quote.Id, next.Id))!).Cells.Select(cell => cell.Field);
    }

    [Fact]
    public async Task A_new_version_keeps_the_number_and_replaces_the_one_before()
    {
        var quote = await _world.QuoteAsync();
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.NewVersionAsync(quote.Id, quote.Version));
        await _world.SendAsync(quote);

        var next = await _world.ReadQuoteAsync((await Door.NewVersionAsync(quote.Id, (await _world.ReadQuoteAsync(quote.Id)).Version)).RecordId);

        Assert.Equal((quote.Number, 2, QuoteStatus.Draft, true), (next.Number, next.VersionNumber, next.Status, next.IsLast));
        var before = await _world.ReadQuoteAsync(quote.Id);
        Assert.Equal((QuoteStatus.Replaced, false), (before.Status, before.IsLast));
        Assert.Equal([("Échographe", 1_000m)], next.Lines.Select(line => (line.Description, line.UnitPrice)));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.NewVersionAsync(before.Id, before.Version));
        Assert.Equal([next.Id], await _world.Get<QuoteList>().IdsAsync(ListQuery.Everything));
        Assert.Equal([1, 2], (await _world.Get<QuoteSheets>().FindAsync(next.Id))!.Versions.Select(version => version.VersionNumber));
    }

    [Fact]
    public async Task A_version_given_up_lets_the_one_before_stand_again_and_its_number_is_not_given_twice()
    {
        var quote = await _world.QuoteAsync();
        await _world.SendAsync(quote);
        var second = await _world.ReadQuoteAsync((await Door.NewVersionAsync(quote.Id, (await _world.ReadQuoteAsync(quote.Id)).Version)).RecordId);

        var done = await Door.DeleteAsync(second.Id, second.Version);

        var back = await _world.ReadQuoteAsync(quote.Id);
        Assert.Equal((quote.Id, null), (done.RecordId, done.ChangeSetId));
        Assert.Equal((QuoteStatus.Sent, true), (back.Status, back.IsLast));
        var third = await _world.ReadQuoteAsync((await Door.NewVersionAsync(back.Id, back.Version)).RecordId);
        Assert.Equal(3, third.VersionNumber);
        await _world.Get<Bin>().RestoreAsync(nameof(Quote), second.Id);
        Assert.Equal([third.Id], await _world.Get<QuoteList>().IdsAsync(ListQuery.Everything));
        await using var db = _world.Open();
        Assert.Empty(await _world.Get<IEnumerable<IDataCheck>>().Single(check => check.Name == "Devis et versions").FaultsAsync(db, default));
    }

    [Fact]
    public async Task A_draft_goes_to_the_bin_and_returns_and_what_was_sent_stays()
    {
        var quote = await _world.QuoteAsync();

        var done = await Door.DeleteAsync(quote.Id, quote.Version);
        Assert.Null(await _world.Get<QuoteSheets>().FindAsync(quote.Id));
        Assert.Equal("D-2026-0001", Assert.Single((await _world.Get<Bin>().PageAsync(nameof(Quote), null, 0, 10)).Rows).Name);
        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.NotNull(await _world.Get<QuoteSheets>().FindAsync(quote.Id));

        await _world.SendAsync(quote);
        var sent = await _world.ReadQuoteAsync(quote.Id);
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.DeleteAsync(quote.Id, sent.Version));
        var bulk = await _world.Get<QuoteList>().ChangeAsync(ListSelection.Of([quote.Id]), new BulkChange.Delete());
        Assert.Equal((0, 1), (bulk.Changed, bulk.Failures.Count));
    }

    [Fact]
    public async Task A_duplicate_is_a_draft_of_today_with_a_number_of_its_own()
    {
        var quote = await _world.QuoteAsync(with: details => details with { IssuedOn = new(2026, 1, 5), ValidUntil = new(2026, 2, 5) });
        _world.As(_world.Paul);

        var copy = await _world.ReadQuoteAsync((await Door.DuplicateAsync(quote.Id)).RecordId);

        Assert.Equal(("D-2026-0002", 1, new DateOnly(2026, 11, 21), _world.Paul.Id, 1_000m), (copy.Number, copy.VersionNumber, copy.IssuedOn, copy.OwnerId, copy.Net));
        Assert.NotEqual(quote.Lines[0].Id, copy.Lines[0].Id);
    }

    [Fact]
    public async Task Sending_gives_the_deal_its_amount_and_brings_it_to_the_proposal()
    {
        var deal = await _world.OpportunityAsync("Qualification");
        var quote = await _world.QuoteAsync(deal: deal);

        var told = await _world.SendAsync(quote);

        await using var db = _world.Open();
        var after = await db.Opportunities.Include(o => o.Stage).SingleAsync();
        Assert.Equal((1_000m, "Proposal"), (after.Amount, after.Stage.Code));
        Assert.Contains("L'affaire passe en Proposition", told!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deal_with_lines_keeps_its_amount_and_one_beyond_the_proposal_its_stage()
    {
        var deal = await _world.OpportunityAsync("Negotiation");
        await _world.Get<Opportunities>().SetLinesAsync(deal.Id, [new() { Description = "IRM", UnitPrice = 7_000 }], deal.Version);

        Assert.Null(await _world.SendAsync(await _world.QuoteAsync(deal: deal)));

        await using var db = _world.Open();
        var after = await db.Opportunities.Include(o => o.Stage).SingleAsync();
        Assert.Equal((7_000m, "Negotiation"), (after.Amount, after.Stage.Code));
    }

    [Fact]
    public async Task A_checklist_that_refuses_the_move_does_not_stop_the_sending()
    {
        var deal = await _world.OpportunityAsync("Qualification");
        await _world.SaveAsync(db => db.Stages.Include(s => s.Requirements).Single(s => s.Code == "Proposal").Require([Requirement.Contact]));

        var told = await _world.SendAsync(await _world.QuoteAsync(deal: deal));

        await using var check = _world.Open();
        Assert.Equal(QuoteStatus.Sent, (await check.Quotes.SingleAsync()).Status);
        Assert.Equal("Qualification", (await check.Opportunities.Include(o => o.Stage).SingleAsync()).Stage.Code);
        Assert.Contains("L'affaire reste en Qualification", told!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_on_paper_it_wins_the_deal_and_keeps_the_signed_copy()
    {
        var deal = await _world.OpportunityAsync("Negotiation");
        var quote = await _world.QuoteAsync(deal: deal, with: details => details with { Lines = [GivenQuotes.Line("Échographe", 1, 1_000), GivenQuotes.Line("Sonde", 1, 150) with { IsOption = true }] });
        await _world.SendAsync(quote);
        var sent = await _world.ReadQuoteAsync(quote.Id);
        using var scan = await _world.ReceiveAsync(FileSample.Pdf("Signé"), "Bon pour accord.pdf");

        using var text = await _world.ReceiveAsync("Pas un PDF."u8.ToArray(), "accord.txt");
        Assert.Equal("File", (await Assert.ThrowsAsync<BusinessRuleException>(() => Door.AcceptOnPaperAsync(quote.Id, "Dr Renaud", [sent.Lines[1].Id], text, sent.Version))).Field);
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.AcceptOnPaperAsync(quote.Id, " ", [], scan, sent.Version));
        await Door.AcceptOnPaperAsync(quote.Id, "Dr Renaud", [sent.Lines[1].Id], scan, sent.Version);

        var accepted = await _world.ReadQuoteAsync(quote.Id);
        Assert.Equal((QuoteStatus.Accepted, "Dr Renaud", AcceptanceMeans.Scan, 1_150m), (accepted.Status, accepted.AcceptedBy, accepted.Acceptance, accepted.Net));
        await using var db = _world.Open();
        var document = await db.Documents.SingleAsync();
        Assert.Equal((document.Id, (Guid?)deal.Id), (accepted.ScanId!.Value, document.OpportunityId));
        var won = await db.Opportunities.SingleAsync();
        Assert.Equal((StageOutcome.Won, 1_150m), (won.Outcome, won.Amount));
    }

    [Fact]
    public async Task Terms_longer_than_the_law_are_refused_beside_their_field()
    {
        var hospital = await _world.InstitutionAsync(with: details => details with { LegalStatusCode = "13" });

        var refusal = await Assert.ThrowsAsync<BusinessRuleException>(() => _world.QuoteAsync(institution: hospital, with: details => details with { TermDays = 60 }));

        Assert.Equal("TermDays", refusal.Field);
    }

    [Fact]
    public async Task Another_team_neither_sees_nor_writes_nor_finds_it()
    {
        var deal = await _world.OpportunityAsync();
        var quote = await _world.QuoteAsync(deal: deal);
        var theirs = await _world.InstitutionAsync("Clinique de Claire", _world.Claire);
        _world.As(_world.Lea);

        Assert.Null(await _world.Get<QuoteSheets>().FindAsync(quote.Id));
        Assert.Empty(await _world.Get<QuoteList>().IdsAsync(ListQuery.Everything));
        Assert.Empty(await _world.Get<QuoteSheets>().OfDealAsync(deal.Id));
        Assert.Empty(await _world.Get<Searches>().FindAsync("D-2026-0001"));
        await Assert.ThrowsAsync<StaleRecordException>(() => Door.SaveAsync(quote.Id, quote.Details(), quote.Version));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.DuplicateAsync(quote.Id));
        await Assert.ThrowsAsync<StaleRecordException>(() => Door.DeleteAsync(quote.Id, quote.Version));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.NewAsync(opportunityId: deal.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.TermOfAsync(theirs.Id));
        await Assert.ThrowsAsync<BusinessRuleException>(() => _world.QuoteAsync(_world.Lea, deal: deal));
    }

    [Fact]
    public async Task A_role_without_the_right_cannot_write()
    {
        var quote = await _world.QuoteAsync();
        _world.As(_world.Admin with { Role = Role.Recruiter });

        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.SaveAsync(quote.Id, quote.Details(), quote.Version));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.CreateAsync(quote.Details()));
        await Assert.ThrowsAsync<BusinessRuleException>(() => Door.DuplicateAsync(quote.Id));
    }

    [Fact]
    public async Task The_list_tells_the_expired_apart_and_filters_on_them()
    {
        var (draft, sent, expired) = (await _world.QuoteAsync(), await _world.QuoteAsync(), await _world.QuoteAsync());
        await _world.SendAsync(sent);
        await _world.SendAsync(expired);
        var list = _world.Get<QuoteList>();
        _world.Time.Advance(TimeSpan.FromDays(30));
        Assert.Empty(await list.IdsAsync(With(QuoteStatus.Expired)));
        _world.Time.Advance(TimeSpan.FromDays(1));
        var late = await _world.ReadQuoteAsync(sent.Id);
        await Door.ExtendAsync(sent.Id, new DateOnly(2027, 1, 15), late.Version);

        Assert.Equal([expired.Id], await list.IdsAsync(With(QuoteStatus.Expired)));
        Assert.Equal([sent.Id], await list.IdsAsync(With(QuoteStatus.Sent)));
        Assert.Equal([draft.Id], await list.IdsAsync(With(QuoteStatus.Draft)));
        Assert.Equal([QuoteStatus.Expired, QuoteStatus.Sent, QuoteStatus.Draft], (await list.RowsAsync(ListQuery.Everything, ["status"], 0, 10)).Select(row => row.Values[0]));

        static ListQuery With(QuoteStatus status) => ListQuery.Everything with { Filters = [new ListFilter("status", FilterOperator.AnyOf, [status.ToString()])] };
    }

    [Fact]
    public async Task What_was_sent_changes_hands_in_the_list_and_nothing_else()
    {
        var quote = await _world.QuoteAsync();
        await _world.SendAsync(quote);
        var list = _world.Get<QuoteList>();

        var done = await list.EditAsync(quote.Id, "owner", _world.Claire.Id.ToString(), _world.Paul.Id.ToString());
        await Assert.ThrowsAsync<BusinessRuleException>(() => list.EditAsync(quote.Id, "title", quote.Title, "Autre"));

        Assert.Equal(_world.Paul.Id, (await _world.ReadQuoteAsync(quote.Id)).OwnerId);
        await _world.Get<Changes>().UndoAsync(done.ChangeSetId!.Value);
        Assert.Equal(_world.Claire.Id, (await _world.ReadQuoteAsync(quote.Id)).OwnerId);
    }

    [Theory]
    [InlineData("D-2026-0001")]
    [InlineData("d2026 1")]
    [InlineData("échographe")]
    [InlineData("0001")]
    public async Task It_is_found_by_its_number_and_its_title(string typed)
    {
        var quote = await _world.QuoteAsync();
        await _world.QuoteAsync(with: details => details with { Title = "Autre chose" });

        var hit = (await _world.Get<Searches>().FindAsync(typed))[0];

        Assert.Equal((nameof(Quote), quote.Id), (hit.RecordType, hit.RecordId));
    }

    [Fact]
    public async Task Its_events_stand_in_the_feeds_of_the_institution_the_deal_and_its_own()
    {
        var deal = await _world.OpportunityAsync();
        var quote = await _world.QuoteAsync(deal: deal);
        await _world.SendAsync(quote);
        _world.Time.Advance(TimeSpan.FromHours(1));
        await Door.RefuseAsync(quote.Id, "Budget repoussé", (await _world.ReadQuoteAsync(quote.Id)).Version);

        foreach (var subject in new[] { TimelineSubject.Institution(quote.InstitutionId), TimelineSubject.Opportunity(deal.Id), TimelineSubject.Quote(quote.Id) })
        {
            var page = await _world.Get<Timelines>().PageAsync(subject, new TimelineFilter(["quote"]));
            Assert.Equal(
                [(QuoteStatus.Refused, "Budget repoussé", "D-2026-0001 · Échographe du bloc"), (QuoteStatus.Sent, null, "D-2026-0001 · Échographe du bloc")],
                page.Entries.Select(entry => ((QuoteStatus)entry.State!, entry.Detail, entry.Title)));
            Assert.Equal(2, (await _world.Get<Timelines>().CountAsync(subject, new TimelineFilter([])))["quote"]);
        }
    }

    private async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(Quote quote) => (await _world.Get<Histories>().OfRecordAsync(nameof(Quote), quote.Id, 0, 50)).Rows;
}
