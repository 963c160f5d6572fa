using MedCrm.Core.Automation;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Mail;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static MedCrm.Tests.Contracting.GivenContracts;

namespace MedCrm.Tests.Contracting;

/// <summary>What the days bring to contracts: the clock is moved over months, over a change of hour, over weeks without the program.</summary>
public sealed class ContractWatchTests
{
    [Fact]
    public async Task A_year_of_days_tells_each_deadline_once_and_renews_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync();

        for (var day = Day("2026-06-25"); day <= Day("2027-01-10"); day = day.AddDays(1))
        {
            await world.ServeAsync(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            await world.ServeAsync(day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        }

        var contract = await world.LoadAsync(id);
        Assert.Equal((1, Day("2027-12-31"), Day("2027-09-30")), (contract.Renewals, contract.EndsOn, contract.LastNoticeOn));
        Assert.Equal([(1, 3_720m), (2, 3_720m)], contract.Periods.OrderBy(period => period.Number).Select(period => (period.Number, period.Net)));
        await using var db = world.Open();
        var zone = world.Get<Core.Foundation.BusinessClock>();
        Assert.Equal(
            [("notice-90", Day("2026-07-02")), ("notice-60", Day("2026-08-01")), ("notice-30", Day("2026-08-31")), ("end-90", Day("2026-10-02")), ("end-60", Day("2026-11-01")), ("task", Day("2026-11-01")), ("end-30", Day("2026-12-01")), ("letter", Day("2026-12-01"))],
            (await db.ContractAlerts.ToListAsync()).Select(alert => (alert.What, Day: zone.DayOf(alert.At))).OrderBy(alert => alert.Day).ThenBy(alert => alert.What));
        Assert.Equal(7, await db.Notifications.CountAsync(line => line.RecordId == id && line.UserId == world.Claire.Id));
        var task = await db.FollowUpTasks.SingleAsync();
        Assert.Equal(("Préparer le renouvellement", contract.InstitutionId, world.Claire.Id, Day("2026-11-08")), (task.Title, task.InstitutionId!.Value, task.OwnerId, task.DueOn!.Value));
        Assert.Equal((ContractLetterKind.Renewal, true), contract.Letters.Select(letter => (letter.Kind, letter.IsWaiting)).Single());
        Assert.Empty(await db.OutgoingMessages.ToListAsync());
    }

    [Fact]
    public async Task After_weeks_without_the_program_terms_are_caught_up_with_and_one_line_tells_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { InitialMonths = 3, RenewalMonths = 3, NoticeMonths = 1 });

        await world.ServeAsync("2026-12-20");

        var contract = await world.LoadAsync(id);
        Assert.Equal((3, Day("2026-12-31")), (contract.Renewals, contract.EndsOn));
        Assert.Equal([Day("2026-01-01"), Day("2026-04-01"), Day("2026-07-01"), Day("2026-10-01")], contract.Periods.OrderBy(period => period.Number).Select(period => period.StartsOn));
        await using var db = world.Open();
        Assert.Equal(["Contrat C-2026-0001 : fin le 31/12/2026", "Contrat C-2026-0001 : un e-mail au client est prêt à relire"], await db.Notifications.Select(line => line.Title).OrderBy(title => title).ToListAsync());
    }

    [Fact]
    public async Task A_contract_stopped_or_without_renewal_ends_and_a_limit_is_kept()
    {
        await using var world = await TestWorld.CreateAsync();
        var institution = await world.InstitutionAsync();
        var plain = await world.ContractAsync(institution, details => details with { IsTacit = false });
        var limited = await world.ContractAsync(institution, details => details with { MostRenewals = 1 });
        var noticed = await world.ContractAsync(institution);
        await world.Get<Contracts>().GiveNoticeAsync(noticed, new NoticeDetails { On = Day("2026-09-15"), Reason = EndReason.Price }, await world.VersionAsync(noticed));

        await world.ServeAsync("2028-02-01");

        Assert.Equal((ContractStatus.Ended, Day("2026-12-31")), ((await world.LoadAsync(plain)).Status, (await world.LoadAsync(plain)).LastDay!.Value));
        Assert.Equal((ContractStatus.Ended, 1, Day("2027-12-31")), ((await world.LoadAsync(limited)).Status, (await world.LoadAsync(limited)).Renewals, (await world.LoadAsync(limited)).LastDay!.Value));
        Assert.Equal((ContractStatus.Ended, Day("2026-12-31")), ((await world.LoadAsync(noticed)).Status, (await world.LoadAsync(noticed)).LastDay!.Value));
        Assert.Equal("Rien à signaler.", await world.ServeAsync("2028-02-01"));
    }

    [Fact]
    public async Task The_last_day_of_a_term_still_belongs_to_it()
    {
        await using var world = await TestWorld.CreateAsync();
        var contract = await world.LoadAsync(await world.ContractAsync());

        contract.Pass(Day("2026-12-31"), Core.Access.Actor.System, world.Now());
        Assert.Equal(0, contract.Renewals);
        contract.Pass(Day("2027-01-01"), Core.Access.Actor.System, world.Now());
        Assert.Equal(1, contract.Renewals);
    }

    [Theory]
    [InlineData("2026-06-29", 0)]
    [InlineData("2026-06-30", 1)]
    [InlineData("2026-08-30", 1)]
    [InlineData("2026-08-31", 0)]
    public async Task A_non_profit_customer_is_to_be_told_within_its_window(string day, int letters)
    {
        await using var world = await TestWorld.CreateAsync();
        var association = await world.InstitutionAsync("Association Les Acacias", with: details => details with { Ownership = Ownership.PrivateNonProfit });
        var id = await world.ContractAsync(association);

        await world.ServeAsync(day);

        var contract = await world.LoadAsync(id);
        Assert.Equal(letters, contract.Letters.Count);
        Assert.All(contract.Letters, letter =>
        {
            Assert.Equal((ContractLetterKind.Information, Day("2026-09-30"), Day("2026-08-30")), (letter.Kind, letter.Deadline, letter.SendBy!.Value));
            Assert.Contains("Date limite pour refuser la reconduction : 30/09/2026", letter.Text, StringComparison.Ordinal);
        });
        await using var db = world.Open();
        Assert.Equal(day == "2026-08-31" ? 1 : 0, await db.ContractAlerts.CountAsync(alert => alert.What == "information-missed"));
    }

    [Fact]
    public async Task A_company_that_buys_outside_its_trade_is_told_as_well()
    {
        await using var world = await TestWorld.CreateAsync();
        var company = await world.InstitutionAsync("Clinique du Parc", with: details => details with { Ownership = Ownership.PrivateForProfit });
        await world.Get<BillingProfiles>().EditAsync(company.Id, new(), new() { IsNonProfessional = true });
        var id = await world.ContractAsync(company);

        await world.ServeAsync("2026-07-10");

        Assert.Equal([ContractLetterKind.Information], (await world.LoadAsync(id)).Letters.Select(letter => letter.Kind));
    }

    [Fact]
    public async Task A_company_is_not_told_and_one_that_was_told_in_time_is_not_missed()
    {
        await using var world = await TestWorld.CreateAsync();
        var company = await world.InstitutionAsync("Clinique du Parc", with: details => details with { Ownership = Ownership.PrivateForProfit });
        var association = await world.InstitutionAsync("Association Les Acacias", with: details => details with { Ownership = Ownership.PrivateNonProfit });
        var contact = await world.ContactAsync(association);
        await world.SaveAsync(db => db.Contacts.Include(c => c.Labels).Single().Edit(contact.Details() with { Email = "h.renaud@example.org" }, world.Now()));
        var (plain, told) = (await world.ContractAsync(company), await world.ContractAsync(association));
        await world.ServeAsync("2026-07-10");
        var letter = (await world.LoadAsync(told)).Letters.Single();

        var details = new ContractLetterDetails { ContactId = contact.Id, Subject = letter.Subject, Text = letter.Text };
        await world.As(world.Claire).Get<ContractLetters>().SendAsync(told, letter.Id, details);
        await Assert.ThrowsAnyAsync<Core.Foundation.BusinessRuleException>(() => world.Get<ContractLetters>().SendAsync(told, letter.Id, details));
        await world.ServeAsync("2026-09-10");

        await using var db = world.Open();
        Assert.Empty((await world.LoadAsync(plain)).Letters);
        Assert.Equal(0, await db.ContractAlerts.CountAsync(alert => alert.What == "information-missed"));
        var message = await db.OutgoingMessages.Include(m => m.Recipients).SingleAsync();
        Assert.Equal(("h.renaud@example.org", MessageStatus.Waiting), (message.Recipients[0].Address, message.Status));
        Assert.Contains("<p style=\"border:2px solid", message.Html, StringComparison.Ordinal);
        Assert.Contains((await world.LoadAsync(told)).Events, happened => happened.Kind is ContractEventKind.Written);
    }

    [Fact]
    public async Task A_missing_index_is_told_and_revises_nothing()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { IndexName = "Syntec révisé", BaseIndex = 242.60m, BaseIndexMonth = Day("2025-12-01") });

        await world.ServeAsync("2026-12-05");
        await world.ServeAsync("2026-12-06");
        await using var db = world.Open();
        Assert.Equal("Contrat C-2026-0001 : indice « Syntec révisé » manquant", Assert.Single(await db.Notifications.Where(line => line.Title.Contains("indice")).Select(line => line.Title).ToListAsync()));
        Assert.Empty((await world.LoadAsync(id)).Revisions);

        // Once the index is known, by another contract, the proposal waits for somebody.
        var other = await world.ContractAsync(with: details => details with { IndexName = "Syntec révisé", BaseIndex = 240m, BaseIndexMonth = Day("2025-12-01") });
        await world.Get<IndexRevisions>().ProposeAsync(other, new RevisionDetails { EffectiveOn = Day("2027-01-01"), Index = 245.60m, Month = Day("2026-10-01") }, await world.VersionAsync(other));
        await world.ServeAsync("2026-12-07");

        var revision = (await world.LoadAsync(id)).Revisions.Single();
        Assert.Equal((RevisionStatus.Waiting, Day("2027-01-01"), 310m), (revision.Status, revision.EffectiveOn, (await world.LoadAsync(id)).Monthly));
    }

    [Fact]
    public async Task A_revision_that_a_later_amendment_overtook_is_told_and_keeps_nothing_else_from_being_done()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { InitialMonths = 13, IndexName = "Syntec révisé", BaseIndex = 242.60m, BaseIndexMonth = Day("2025-12-01") });
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2027-01-10"), Change = "Hausse", Lines = [Price(400)] }, await world.VersionAsync(id));
        var other = await world.ContractAsync(with: details => details with { IndexName = "Syntec révisé", BaseIndex = 242.60m, BaseIndexMonth = Day("2025-12-01") });
        await world.Get<IndexRevisions>().ProposeAsync(other, new RevisionDetails { EffectiveOn = Day("2026-12-01"), Index = 245.60m, Month = Day("2026-11-01") }, await world.VersionAsync(other));

        await world.ServeAsync("2027-01-15");

        await using var db = world.Open();
        Assert.Equal(["letter", "revision-overtaken", "task"], await db.ContractAlerts.Where(alert => alert.ContractId == id && !alert.What.StartsWith("end-")).Select(alert => alert.What).Order().ToListAsync());
        Assert.Contains("10/01/2027", await db.Notifications.Where(line => line.Title == "Contrat C-2026-0001 : révision des prix à proposer vous-même").Select(line => line.Body).SingleAsync(), StringComparison.Ordinal);
        Assert.Equal("Rien à signaler.", await world.ServeAsync("2027-01-15"));
    }

    [Fact]
    public async Task A_deadline_that_nobody_follows_is_told_to_the_managers_of_the_team_else_to_administrators()
    {
        await using var world = await TestWorld.CreateAsync();
        var (orphan, team) = (await world.ContractAsync(with: details => details with { InitialMonths = 11 }), await world.ContractAsync());
        await world.SaveAsync(db =>
        {
            db.Contracts.Single(contract => contract.Id == orphan).AssignTo(world.Claire.Id, null, world.Now());
            db.Users.Single(user => user.Id == world.Claire.Id).Disable();
        });

        await world.ServeAsync("2026-10-03");

        await using var db = world.Open();
        Assert.Equal([world.Manager.Id], await db.Notifications.Where(line => line.RecordId == team).Select(line => (Guid?)line.UserId).Distinct().ToListAsync());
        Assert.Equal([world.Admin.Id], await db.Notifications.Where(line => line.RecordId == orphan).Select(line => (Guid?)line.UserId).Distinct().ToListAsync());
    }

    [Fact]
    public async Task Drafts_are_prepared_some_days_ahead_and_never_twice()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.ContractAsync(with: details => details with { Billing = BillingPeriod.Quarterly, Lines = [Price(310), Price(900, BillingPeriod.OneOff, "Installation")] });

        await world.BillAsync("2026-03-21");
        Assert.Equal("Aucune facture à préparer.", await world.BillAsync("2026-03-21"));
        await world.BillAsync("2026-03-22");
        await world.BillAsync("2026-03-29");

        await using var db = world.Open();
        var drafts = await db.Invoices.Include(invoice => invoice.Lines).OrderBy(invoice => invoice.ServiceFrom).ToListAsync();
        Assert.Equal([(Day("2026-01-01"), Day("2026-03-31"), 1_830m), (Day("2026-04-01"), Day("2026-06-30"), 930m)], drafts.Select(draft => (draft.ServiceFrom!.Value, draft.ServiceTo!.Value, draft.Net)));
        Assert.Contains(drafts[0].Lines, line => line.Description == "Installation");
    }

    [Fact]
    public async Task In_arrears_a_draft_comes_at_the_end_and_the_last_one_stops_with_the_contract()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { IsInArrears = true });
        Assert.Equal("Aucune facture à préparer.", await world.BillAsync("2026-01-20"));
        Assert.Equal("1 brouillon de facture préparé.", await world.BillAsync("2026-01-23"));
        await world.ServeAsync("2026-02-12");
        await world.Get<Contracts>().TerminateAsync(id, new TerminationDetails { LastDay = Day("2026-02-14"), Reason = EndReason.Closure }, await world.VersionAsync(id));

        await world.BillAsync("2026-02-20");
        await world.BillAsync("2026-03-20");

        await using var db = world.Open();
        Assert.Equal([310m, 155m], await db.Invoices.OrderBy(invoice => invoice.ServiceFrom).Select(invoice => invoice.Net).ToListAsync());
    }

    [Fact]
    public async Task The_bridge_of_a_month_ends_where_the_contracts_stand_and_opens_them()
    {
        await using var world = await TestWorld.CreateAsync();
        var (first, second, third) = (await world.InstitutionAsync("CHU de Nantes"), await world.InstitutionAsync("CH de Cholet"), await world.InstitutionAsync("CH de Vannes"));
        var kept = await world.ContractAsync(first, details => details with { Lines = [Price(1_000)] });
        var lost = await world.ContractAsync(second, details => details with { Lines = [Price(500)] });
        var brief = await world.ContractAsync(third, details => details with { StartsOn = Day("2026-11-02"), Lines = [Price(70)] });
        var contracts = world.Get<Contracts>();
        await contracts.AmendAsync(kept, new AmendmentDetails { EffectiveOn = Day("2026-11-05"), Change = "Hausse", Lines = [Price(1_200)] }, await world.VersionAsync(kept));
        await contracts.TerminateAsync(lost, new TerminationDetails { LastDay = Day("2026-11-10"), Reason = EndReason.Price }, await world.VersionAsync(lost));
        await contracts.TerminateAsync(brief, new TerminationDetails { LastDay = Day("2026-11-15"), Reason = EndReason.Price }, await world.VersionAsync(brief));
        await world.ContractAsync(third, details => details with { StartsOn = Day("2026-12-15"), Lines = [Price(300, BillingPeriod.Quarterly)] });

        var november = await world.Get<ContractMetrics>().ReadAsync(Day("2026-11-21"));

        Assert.Equal(new MrrBridge(1_500, 0, 200, 0, 500), november.Bridge);
        Assert.Equal((1_200m, Day("2026-11-21"), 1, 2, 1, 1), (november.Bridge.End, november.AsOf, november.Contracts, november.CustomersAtStart, november.CustomersAtEnd, november.CustomersLost));
        Assert.Equal((50m, 80m), (november.LogoChurn, decimal.Round(november.Bridge.Nrr!.Value, 2)));
        Assert.Equal([lost], await IdsAsync(world, ContractList.Moved(MrrMovementKind.Churn, Day("2026-11-01"))));
        Assert.Equal([kept], await IdsAsync(world, ContractList.Moved(MrrMovementKind.Expansion, Day("2026-11-30"))));
        Assert.Equal([kept], await IdsAsync(world, ContractList.CountedBy(Day("2026-11-21"))));

        var december = await world.Get<ContractMetrics>().ReadAsync(Day("2026-12-31"));
        Assert.Equal(new MrrBridge(1_200, 100, 0, 0, 0), december.Bridge);
        var before = await world.Get<ContractMetrics>().ReadAsync(Day("2025-06-01"));
        Assert.Equal((0m, null, null, null), (before.Bridge.End, before.LogoChurn, before.Bridge.Nrr, before.RenewalRate));
    }

    [Fact]
    public async Task What_is_to_come_later_in_the_month_does_not_count_yet()
    {
        await using var world = await TestWorld.CreateAsync();
        var (raised, replaced, stopped) = (await world.ContractAsync(), await world.ContractAsync(), await world.ContractAsync());
        var contracts = world.Get<Contracts>();
        await contracts.AmendAsync(raised, new AmendmentDetails { EffectiveOn = Day("2026-11-05"), Change = "Hausse", Lines = [Price(360)] }, await world.VersionAsync(raised));
        await contracts.TerminateAsync(raised, new TerminationDetails { LastDay = Day("2026-11-25"), Reason = EndReason.Price }, await world.VersionAsync(raised));
        await contracts.AmendAsync(replaced, new AmendmentDetails { EffectiveOn = Day("2026-11-10"), Change = "Baisse", Lines = [Price(300)] }, await world.VersionAsync(replaced));
        await contracts.AmendAsync(replaced, new AmendmentDetails { EffectiveOn = Day("2026-11-26"), Change = "Hausse", Lines = [Price(500)] }, await world.VersionAsync(replaced));
        await contracts.TerminateAsync(stopped, new TerminationDetails { LastDay = Day("2026-11-14"), Reason = EndReason.Price }, await world.VersionAsync(stopped));
        var metrics = world.Get<ContractMetrics>();

        var running = await metrics.ReadAsync(Day("2026-11-01"));

        Assert.Equal((new MrrBridge(930, 0, 50, 10, 310), 1, 2), (running.Bridge, running.CustomersLost, running.CustomersAtEnd));
        Assert.Equal([raised], await IdsAsync(world, ContractList.Moved(MrrMovementKind.Expansion, Day("2026-11-01"))));
        Assert.Equal([replaced], await IdsAsync(world, ContractList.Moved(MrrMovementKind.Contraction, Day("2026-11-01"))));
        Assert.Equal([stopped], await IdsAsync(world, ContractList.Moved(MrrMovementKind.Churn, Day("2026-11-01"))));
        Assert.Empty(await IdsAsync(world, ContractList.Moved(MrrMovementKind.New, Day("2026-11-01"))));
        world.Time.MoveTo(new DateTime(2026, 12, 2, 8, 0, 0));
        Assert.Equal((new MrrBridge(930, 0, 190, 0, 620), 2), (await metrics.ReadAsync(Day("2026-11-01"))) is var whole ? (whole.Bridge, whole.CustomersLost) : default);
        Assert.Equal(new[] { raised, stopped }.Order(), (await IdsAsync(world, ContractList.Moved(MrrMovementKind.Churn, Day("2026-11-01")))).Order());
    }

    [Fact]
    public async Task The_margin_of_today_counts_what_stops_later_and_not_what_is_to_come()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.ContractAsync(with: details => details with { Lines = [Price(400) with { UnitCost = 100 }] });
        await world.ContractAsync(with: details => details with { StartsOn = Day("2026-12-01"), BillsFrom = null, Lines = [Price(800) with { UnitCost = 800 }] });
        var stopping = await world.ContractAsync(with: details => details with { Lines = [Price(400) with { UnitCost = 300 }] });
        await world.Get<Contracts>().TerminateAsync(stopping, new TerminationDetails { LastDay = Day("2026-11-25"), Reason = EndReason.Price }, await world.VersionAsync(stopping));

        Assert.Equal(50m, (await world.Get<ContractMetrics>().ReadAsync(Day("2026-11-01"))).MarginPercent);
    }

    [Fact]
    public async Task The_margin_of_a_past_month_is_that_of_the_prices_and_costs_it_had()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { Lines = [Price(400) with { UnitCost = 100 }] });
        await world.ContractAsync(with: details => details with { Lines = [Price(50)] });
        var stopped = await world.ContractAsync(with: details => details with { Lines = [Price(400) with { UnitCost = 300 }] });
        await world.Get<Contracts>().TerminateAsync(stopped, new TerminationDetails { LastDay = Day("2026-09-30"), Reason = EndReason.Price }, await world.VersionAsync(stopped));
        await world.Get<Contracts>().AmendAsync(id, new AmendmentDetails { EffectiveOn = Day("2026-10-05"), Change = "Sous-traitance", Lines = [Price(500) with { UnitCost = 400 }] }, await world.VersionAsync(id));

        var margins = new List<decimal?>();
        foreach (var month in new[] { "2025-12-01", "2026-09-01", "2026-10-01", "2026-11-01" })
        {
            margins.Add((await world.Get<ContractMetrics>().ReadAsync(Day(month))).MarginPercent);
        }

        Assert.Equal([null, 50m, 20m, 20m], margins);
    }

    [Fact]
    public async Task Terms_followed_by_another_make_the_renewal_rate()
    {
        await using var world = await TestWorld.CreateAsync();
        await world.ContractAsync();
        await world.ContractAsync(with: details => details with { IsTacit = false });

        await world.ServeAsync("2027-01-05");
        var figures = await world.Get<ContractMetrics>().ReadAsync(Day("2027-01-05"));

        Assert.Equal((2, 1, 50m), (figures.Expired, figures.Renewed, figures.RenewalRate));
        Assert.Equal(2, (await IdsAsync(world, ContractList.Expiring(Day("2027-01-05")))).Count);
        Assert.Single(await IdsAsync(world, ContractList.Expiring(Day("2027-01-05"), isRenewed: true)));
    }

    [Fact]
    public async Task The_schedule_serves_a_day_over_a_change_of_hour_once()
    {
        await using var world = await TestWorld.CreateAsync();
        var id = await world.ContractAsync(with: details => details with { StartsOn = Day("2025-10-25"), NoticeMonths = 0 });
        var clock = world.Get<Core.Foundation.BusinessClock>();

        // The last day of the term is the day of 25 hours.
        world.Time.MoveTo(clock.ToUtc(Day("2026-10-24"), new TimeOnly(23, 30)));
        await world.Get<JobRunner>().CatchUpAsync();
        Assert.Equal(0, (await world.LoadAsync(id)).Renewals);
        world.Time.MoveTo(clock.ToUtc(Day("2026-10-25"), new TimeOnly(6, 1)));
        await world.Get<JobRunner>().CatchUpAsync();
        await world.Get<JobRunner>().CatchUpAsync();

        Assert.Equal((1, Day("2027-10-24")), ((await world.LoadAsync(id)).Renewals, (await world.LoadAsync(id)).EndsOn));
    }

    private static Task<IReadOnlyList<Guid>> IdsAsync(TestWorld world, params IEnumerable<ListFilter> filters)
        => world.Get<ContractList>().IdsAsync(filters.Aggregate(ListQuery.Everything, (query, filter) => query.With(filter)));
}
