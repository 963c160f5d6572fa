using System.Globalization;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data.Demo;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Data.Seed;

/// <summary>
/// Fills an installation with invented records, through the entities' own verbs, the same for the same seed and day. Scale 1 is 10,000
/// institutions, 30,000 contacts, 50,000 opportunities of which 2,000 are open, 20,000 tasks, 200,000 activities, 20,000 quotes, 20,000 invoices, 2,000 contracts, 20 users in 4 teams, 200 items of
/// the catalogue.
/// </summary>
internal sealed class SeedWorld(IDbContextFactory<MedCrmDbContext> contexts, WriteGate gate, BusinessClock clock, int seed)
{
    // Everybody made here signs in with this password, on measuring installations alone.
    private const string Password = "Demo-2026!";
    private const int Chunk = 500;

    private readonly Random _random = new(seed);
    private readonly List<User> _users = [];
    private readonly List<(Guid Id, User? Owner, Guid[] Contacts)> _institutions = [];
    private readonly List<(Guid Id, Guid Institution, User Owner)> _openDeals = [];

    /// <summary>Fills, and returns the result line.</summary>
    public async Task<string> FillAsync(decimal scale, Action<string> tell, CancellationToken cancellationToken)
    {
        var (institutions, opportunities, open, tasks, activities) = ((int)(10_000 * scale), (int)(50_000 * scale), (int)(2_000 * scale), (int)(20_000 * scale), (int)(200_000 * scale));
        await PeopleAsync(cancellationToken);
        tell($"{_users.Count} utilisateurs");
        await InstitutionsAsync(institutions, cancellationToken);
        tell($"{institutions} établissements");
        var contacts = await ContactsAsync(cancellationToken);
        tell($"{contacts} contacts");
        await OpportunitiesAsync(opportunities, open, cancellationToken);
        tell($"{opportunities} affaires");
        await TasksAsync(tasks, cancellationToken);
        tell($"{tasks} tâches");
        await ActivitiesAsync(activities, cancellationToken);
        tell($"{activities} activités");
        var items = (int)Math.Ceiling(200 * scale);
        await CatalogAsync(items, cancellationToken);
        tell($"{items} articles");
        var quotes = (int)(20_000 * scale);
        await QuotesAsync(quotes, cancellationToken);
        tell($"{quotes} devis");
        var contracts = await ContractsAsync((int)(2_000 * scale), cancellationToken);
        tell($"{contracts} contrats");
        var invoices = (int)(20_000 * scale);
        var payments = await new SeedInvoices(contexts, clock, seed).FillAsync(invoices, [.. _institutions.Select(row => (row.Id, row.Owner))], cancellationToken);
        tell($"{invoices} factures, {payments} règlements");

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        using (await gate.EnterAsync(cancellationToken))
        {
            await db.Database.ExecuteSqlRawAsync("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);", cancellationToken);
        }

        return $"users={_users.Count} institutions={institutions} contacts={contacts} opportunities={opportunities} open={open} tasks={tasks} activities={activities} catalog={items} contracts={contracts} quotes={quotes} invoices={invoices} payments={payments}";
    }

    private async Task PeopleAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Begin(Actor.System, "Données de mesure", ChangeOrigin.Command);
        var hasher = new PasswordHasher<User>();
        var hash = "";
        foreach (var (name, index) in SeedNames.Teams.Select((name, index) => (name, index)))
        {
            var team = await db.Teams.SingleOrDefaultAsync(t => t.Name == name, cancellationToken) ?? db.Teams.Add(new Team(name)).Entity;
            for (var member = 0; member < 5; member++)
            {
                var number = (index * 5) + member + 1;
                var user = new User(PersonName(), $"user{number:00}@seed.test", member == 0 ? Role.Manager : Role.Sales, team.Id, clock.UtcNow);
                hash = hash.Length > 0 ? hash : hasher.HashPassword(user, Password);
                user.PasswordHash = hash;
                _users.Add(user);
            }
        }

        if (await db.Users.AnyAsync(user => user.Email == _users[0].Email, cancellationToken))
        {
            throw new BusinessRuleException("Ces données de mesure sont déjà là : partez d'un dossier de données vide.");
        }

        db.Users.AddRange(_users);
        await db.SaveChangesAsync(cancellationToken);
    }

    // Nobody's, with the key that it would have.
    private static string SirenOf(int index)
    {
        var stem = $"{78_000_000 + index:00000000}";
        return Enumerable.Range(0, 10).Select(key => $"{stem}{key}").First(Siren.IsValid);
    }

    private Task InstitutionsAsync(int count, CancellationToken cancellationToken) => SaveAsync(count, (db, index) =>
    {
        var (department, postcode, city) = Pick(SeedNames.Cities);
        var (code, kind) = Pick(SeedNames.Kinds);
        var owner = Chance(0.8) ? Pick(_users) : null;
        var isPublic = code is "355" or "101" or "106" or "292";
        var institution = new Institution(
            new InstitutionDetails
            {
                Name = $"{kind} {Pick(SeedNames.Patrons)} {index + 1}",
                FinessEt = FinessOf(department, index),
                Siren = SirenOf(index),
                CategoryCode = code,
                LegalStatusCode = isPublic ? "13" : Chance(0.7) ? "95" : "60",
                Street = $"{_random.Next(1, 200)} rue {Pick(SeedNames.Patrons)}",
                Postcode = postcode,
                City = city,
                DepartmentCode = department,
                Phone = $"01 99 00 {_random.Next(100):00} {_random.Next(100):00}",
                Email = $"contact{index + 1}@seed.test",
                OwnerId = owner?.Id,
                TeamId = owner?.TeamId,
                Status = (CustomerStatus)_random.Next(4),
                Tags = Some(SeedNames.Tags, 2),
                Specialities = Some(SeedNames.Specialities, 3),
                BedsMedicine = code == "141" ? null : _random.Next(20, 400),
                BedsSurgery = isPublic ? _random.Next(10, 200) : null,
                OperatingRooms = code is "355" or "365" or "101" or "128" ? _random.Next(2, 30) : null,
                Conformity = (Conformity)_random.Next(4),
                LastAuditOn = Chance(0.5) ? clock.Today.AddDays(-_random.Next(30, 900)) : null,
                AcceptsWrongKeys = true,
            },
            Past(900));
        db.Institutions.Add(institution);
        _institutions.Add((institution.Id, owner, []));
    }, cancellationToken);

    private async Task<int> ContactsAsync(CancellationToken cancellationToken)
    {
        var count = _institutions.Count * 3;
        await SaveAsync(count, (db, index) =>
        {
            var (institutionId, owner, contacts) = _institutions[index / 3];
            var contact = new Contact(
                new ContactDetails
                {
                    FirstName = Pick(SeedNames.FirstNames),
                    LastName = Pick(SeedNames.LastNames),
                    JobTitle = Pick(SeedNames.JobTitles),
                    Email = $"personne{index + 1}@seed.test",
                    Mobile = $"06 39 98 {_random.Next(100):00} {_random.Next(100):00}",
                    OwnerId = owner?.Id,
                    TeamId = owner?.TeamId,
                },
                Past(800));
            contact.Join(
                new ContactRoleDetails
                {
                    InstitutionId = institutionId,
                    Title = contact.JobTitle,
                    Department = Pick(SeedNames.Departments),
                    Influence = (Influence)_random.Next(6),
                    StartedOn = clock.Today.AddDays(-_random.Next(100, 3000)),
                    IsPrimary = index % 3 == 0,
                },
                clock.UtcNow);
            db.Contacts.Add(contact);
            _institutions[index / 3] = (institutionId, owner, [.. contacts, contact.Id]);
        }, cancellationToken);
        return count;
    }

    private async Task OpportunitiesAsync(int count, int open, CancellationToken cancellationToken)
    {
        await using var reading = await contexts.CreateDbContextAsync(cancellationToken);
        var stages = await reading.Stages.AsNoTracking().Include(stage => stage.Requirements).OrderBy(stage => stage.Position).ToListAsync(cancellationToken);
        var openStages = stages.Where(stage => stage.Outcome is StageOutcome.Open).ToList();
        await SaveAsync(count, (db, index) =>
        {
            foreach (var stage in stages.Where(stage => db.Entry(stage).State is EntityState.Detached))
            {
                db.Attach(stage);
            }

            var (institutionId, institutionOwner, contacts) = Pick(_institutions);
            var owner = institutionOwner ?? Pick(_users);
            var by = new Actor(owner.Id, owner.DisplayName, owner.Role, owner.TeamId, Visibility.Team);
            var isOpen = index < open;
            var at = isOpen ? Past(90) : Past(900);
            var opportunity = new Opportunity(
                new OpportunityDetails
                {
                    Name = $"{Pick(SeedNames.Deals)} {index + 1}",
                    InstitutionId = institutionId,
                    ContactId = contacts.Length > 0 ? contacts[_random.Next(contacts.Length)] : null,
                    OwnerId = owner.Id,
                    TeamId = owner.TeamId,
                    Amount = _random.Next(5, 2500) * 100,
                    ManualProbabilityPercent = Chance(0.1) ? _random.Next(0, 20) * 5 : null,
                    ExpectedCloseOn = Chance(0.9) ? clock.DayOf(at).AddDays(_random.Next(20, 240)) : null,
                    Source = (OpportunitySource)_random.Next(1, 9),
                    NextAction = Chance(0.6) ? Pick(SeedNames.Tasks) : null,
                    NextActionOn = isOpen && Chance(0.6) ? clock.Today.AddDays(_random.Next(-10, 30)) : null,
                    Tags = Some(SeedNames.Tags, 1),
                    Competitors = Some(SeedNames.Competitors, 1),
                },
                openStages[0],
                (long)index * Opportunity.RankStep,
                by,
                at);

            var last = isOpen ? _random.Next(openStages.Count) : openStages.Count - 1;
            for (var step = 1; step <= last; step++)
            {
                at = Later(at);
                Move(opportunity, openStages[step], by, at);
            }

            if (!isOpen)
            {
                at = Later(at);
                var won = Chance(0.35);
                Move(opportunity, stages.Single(stage => stage.Outcome == (won ? StageOutcome.Won : StageOutcome.Lost)), by, at, new MoveTerms
                {
                    LossReason = won ? null : LossReason.Price,
                    ClosedOn = clock.DayOf(at),
                });
            }
            else
            {
                _openDeals.Add((opportunity.Id, institutionId, owner));
            }

            db.Opportunities.Add(opportunity);
        }, cancellationToken);
    }

    private Task TasksAsync(int count, CancellationToken cancellationToken) => SaveAsync(count, (db, index) =>
    {
        var (opportunityId, institutionId, owner) = Pick(_openDeals);
        var isDone = index % 5 != 0;
        var task = new FollowUpTask(
            new FollowUpTaskDetails
            {
                Title = Pick(SeedNames.Tasks),
                DueOn = clock.Today.AddDays(isDone ? -_random.Next(1, 300) : _random.Next(-5, 40)),
                Priority = (TaskPriority)_random.Next(3),
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                InstitutionId = institutionId,
                OpportunityId = opportunityId,
            },
            new Actor(owner.Id, owner.DisplayName, owner.Role, owner.TeamId, Visibility.Team),
            Past(300));
        if (isDone)
        {
            task.Complete(null, Past(200));
        }

        db.FollowUpTasks.Add(task);
    }, cancellationToken);

    // Too many to be tracked one by one.
    private async Task ActivitiesAsync(int count, CancellationToken cancellationToken)
    {
        var gesture = new Gesture(Actor.System, "Données de mesure", ChangeOrigin.Command);
        for (var start = 0; start < count; start += Chunk)
        {
            var activities = Enumerable.Range(start, Math.Min(Chunk, count - start)).Select(NewActivity).ToList();
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Gesture = gesture;
            await db.InTransactionAsync(
                async () =>
                {
                    await db.InsertAsync(activities, cancellationToken);
                    await db.InsertAsync([.. activities.SelectMany(activity => activity.People)], cancellationToken);
                },
                cancellationToken);
        }
    }

    // What a customer's contracts move is judged over all of them: they are made first, then inserted.
    private async Task<int> ContractsAsync(int count, CancellationToken cancellationToken)
    {
        var contracts = new List<Contract>(count);
        var numbers = new Dictionary<int, int>();
        for (var index = 0; index < count; index++)
        {
            contracts.Add(NewContract(numbers));
        }

        foreach (var customer in contracts.GroupBy(contract => contract.InstitutionId))
        {
            MrrBook.Judge([.. customer.SelectMany(contract => contract.Movements)]);
        }

        var gesture = new Gesture(Actor.System, "Données de mesure", ChangeOrigin.Command);
        foreach (var portion in contracts.Chunk(Chunk))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Gesture = gesture;
            await db.InTransactionAsync(
                async () =>
                {
                    foreach (var contract in portion)
                    {
                        await NumberSeries.TakeAsync(db, DocumentSeries.Contract, contract.StartsOn, "C", cancellationToken);
                    }

                    await db.InsertAsync(portion, cancellationToken);
                    await db.InsertAsync([.. portion.SelectMany(contract => contract.Lines)], cancellationToken);
                    await db.InsertAsync([.. portion.SelectMany(contract => contract.Amendments)], cancellationToken);
                    await db.InsertAsync([.. portion.SelectMany(contract => contract.Periods)], cancellationToken);
                    await db.InsertAsync([.. portion.SelectMany(contract => contract.Events)], cancellationToken);
                    db.MrrMovements.AddRange(portion.SelectMany(contract => contract.Movements));
                    await db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
        }

        return contracts.Count;
    }

    private Contract NewContract(Dictionary<int, int> numbers)
    {
        var (institutionId, institutionOwner, contacts) = Pick(_institutions);
        var owner = institutionOwner ?? Pick(_users);
        var by = new Actor(owner.Id, owner.DisplayName, owner.Role, owner.TeamId, Visibility.Team);
        var startsOn = clock.Today.AddDays(-_random.Next(5, 1_400));
        var number = numbers[startsOn.Year] = numbers.GetValueOrDefault(startsOn.Year) + 1;
        var at = clock.ToUtc(startsOn, new TimeOnly(9, 0));
        var period = Pick<BillingPeriod>([BillingPeriod.Monthly, BillingPeriod.Quarterly, BillingPeriod.Annual]);
        var contract = new Contract(
            new ContractDetails
            {
                Title = Pick(SeedNames.Deals),
                Type = (ContractType)_random.Next(3),
                InstitutionId = institutionId,
                ContactId = contacts.Length > 0 ? Pick(contacts) : null,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                StartsOn = startsOn,
                IsTacit = Chance(0.7),
                NoticeMonths = _random.Next(1, 4),
                Billing = period,
                BillsFrom = Instalments.StartingBy(startsOn, period.Months(), clock.Today).From,
                Lines = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new LineDetails { Description = Pick(SeedNames.Deals), Quantity = _random.Next(1, 6), UnitPrice = _random.Next(40, 900), UnitCost = _random.Next(10, 40), Period = period })],
            },
            string.Create(CultureInfo.InvariantCulture, $"C-{startsOn.Year}-{number:0000}"),
            at);
        contract.Activate(by, at, startsOn);
        var amendedOn = startsOn.AddDays(_random.Next(30, 300));
        if (Chance(0.25) && amendedOn < clock.Today)
        {
            contract.Amend(new AmendmentDetails { EffectiveOn = amendedOn, Change = Pick(SeedNames.Tasks), Lines = [.. contract.InForceOn(amendedOn).Select(line => line.Details() with { UnitPrice = _random.Next(30, 1_000) })] }, by, clock.ToUtc(amendedOn, new TimeOnly(9, 0)), amendedOn);
        }

        contract.Pass(clock.Today, Actor.System, clock.UtcNow);
        if (contract.Status is ContractStatus.Active && Chance(0.08))
        {
            var lastDay = clock.Today.AddDays(-_random.Next(1, 200));
            if (lastDay > contract.StartsOn && contract.Amendments.All(amendment => amendment.EffectiveOn <= lastDay) && contract.Periods.Max(term => term.StartsOn) <= lastDay)
            {
                contract.Terminate(new TerminationDetails { LastDay = lastDay, Reason = (EndReason)_random.Next(8) }, by, clock.UtcNow, clock.Today);
            }
        }

        return contract;
    }

    private Activity NewActivity(int index)
    {
        var (institutionId, institutionOwner, contacts) = Pick(_institutions);
        var owner = institutionOwner ?? Pick(_users);
        var kind = (index % 10) switch { < 6 => ActivityKind.Call, < 8 => ActivityKind.Meeting, _ => ActivityKind.Note };
        var isToCome = kind is ActivityKind.Meeting && index % 50 == 6;
        var at = isToCome ? clock.UtcNow.AddHours(_random.Next(2, 1000)) : Past(900);
        return new Activity(
            new ActivityDetails
            {
                Kind = kind,
                Subject = $"{Pick(SeedNames.Tasks)} : {Pick(SeedNames.Deals)}",
                At = at,
                DurationMinutes = kind is ActivityKind.Note ? null : _random.Next(1, 24) * 5,
                Direction = (CallDirection)_random.Next(3),
                Status = isToCome ? MeetingStatus.Planned : MeetingStatus.Held,
                Result = Chance(0.5) ? Pick(SeedNames.Tasks) : null,
                Text = kind is ActivityKind.Note || Chance(0.3) ? $"{Pick(SeedNames.Tasks)}, {Pick(SeedNames.Departments)} : {Pick(SeedNames.Deals)}." : null,
                Sharing = Chance(0.05) ? Sharing.Private : Chance(0.1) ? Sharing.Team : Sharing.Everyone,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                InstitutionId = institutionId,
                ContactIds = contacts.Length > 0 ? [Pick(contacts)] : [],
            },
            new Actor(owner.Id, owner.DisplayName, owner.Role, owner.TeamId, Visibility.Team),
            at < clock.UtcNow ? at : clock.UtcNow);
    }

    // Too many to be tracked one by one, and each takes its number.
    private async Task QuotesAsync(int count, CancellationToken cancellationToken)
    {
        var gesture = new Gesture(Actor.System, "Données de mesure", ChangeOrigin.Command);
        for (var start = 0; start < count; start += Chunk)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Gesture = gesture;
            await db.InTransactionAsync(
                async () =>
                {
                    var prefix = (await Company.ReadAsync(db, cancellationToken)).PrefixOf(DocumentSeries.Quote);
                    var quotes = new List<Quote>();
                    for (var index = start; index < Math.Min(count, start + Chunk); index++)
                    {
                        var at = Past(900);
                        var number = await NumberSeries.TakeAsync(db, DocumentSeries.Quote, clock.DayOf(at), prefix, cancellationToken);
                        quotes.Add(NewQuote(index, number, at));
                    }

                    await db.SaveChangesAsync(cancellationToken);
                    await db.InsertAsync(quotes, cancellationToken);
                    await db.InsertAsync([.. quotes.SelectMany(quote => quote.Lines)], cancellationToken);
                },
                cancellationToken);
        }
    }

    private Quote NewQuote(int index, string number, DateTime at)
    {
        var (institutionId, institutionOwner, contacts) = Pick(_institutions);
        var owner = institutionOwner ?? Pick(_users);
        var day = clock.DayOf(at);
        var quote = new Quote(
            new QuoteDetails
            {
                Title = $"{Pick(SeedNames.Deals)} {index + 1}",
                InstitutionId = institutionId,
                ContactId = contacts.Length > 0 ? Pick(contacts) : null,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                IssuedOn = day,
                ValidUntil = day.AddDays(30),
                DiscountPercent = Chance(0.1) ? 5 : 0,
                Lines = [.. Enumerable.Range(0, _random.Next(3, 7)).Select(_ => new LineDetails { Description = Pick(SeedNames.Deals), Quantity = _random.Next(1, 12), UnitPrice = _random.Next(10, 900) * 10, VatRate = Chance(0.9) ? 20 : 5.5m, UnitCost = _random.Next(5, 400) * 10 })],
            },
            number,
            1,
            at);
        if (Chance(0.15))
        {
            return quote;
        }

        quote.Send(null, null, at, day);
        if (Chance(0.7))
        {
            quote.MarkViewed(Later(at));
        }

        if (Chance(0.4))
        {
            quote.Accept("Signataire", AcceptanceMeans.Online, Later(at), day);
        }
        else if (Chance(0.3))
        {
            quote.Refuse("Budget repoussé", Later(at), day);
        }

        return quote;
    }


    // The company that sells comes with it: without its mentions nothing could be issued.
    private async Task CatalogAsync(int count, CancellationToken cancellationToken)
    {
        await SaveAsync(count, (db, index) =>
        {
            var period = (BillingPeriod)(index % 5);
            db.CatalogItems.Add(new CatalogItem(
                new CatalogItemDetails
                {
                    Code = string.Create(CultureInfo.InvariantCulture, $"ART-{index + 1:0000}"),
                    Name = $"{SeedNames.Deals[index % SeedNames.Deals.Length]} {index + 1}",
                    Category = SeedNames.Specialities[index % SeedNames.Specialities.Length],
                    Unit = period is BillingPeriod.OneOff ? "jour" : "licence",
                    UnitPrice = 50 + (index * 7 % 1_000) + 0.9m,
                    UnitCost = 20 + (index * 3 % 400),
                    Period = period,
                    VatRate = index % 12 == 0 ? 5.5m : 20,
                    IsOffered = index % 10 != 9,
                },
                clock.UtcNow.AddDays(-index % 700)));
        }, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Companies.AnyAsync(cancellationToken))
        {
            db.Begin(Actor.System, "Données de mesure", ChangeOrigin.Command);
            db.Companies.Add(DemoBilling.NewCompany());
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private void Move(Opportunity opportunity, Stage destination, Actor by, DateTime at, MoveTerms? terms = null)
        => opportunity.MoveTo(destination, by, at, clock.DayOf(at), (terms ?? new MoveTerms()) with { MayForce = true, ForceReason = "Données de mesure" });

    private async Task SaveAsync(int count, Action<MedCrmDbContext, int> add, CancellationToken cancellationToken)
    {
        var gesture = new Gesture(Actor.System, "Données de mesure", ChangeOrigin.Command);
        for (var start = 0; start < count; start += Chunk)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Gesture = gesture;
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var index = start; index < Math.Min(count, start + Chunk); index++)
            {
                add(db, index);
            }

            await db.SaveChangesAsync(cancellationToken);
        }
    }

    // The number of a department and a rank, closed with the key that the register would give it.
    private static string FinessOf(string department, int index)
    {
        var stem = string.Create(CultureInfo.InvariantCulture, $"{department[..2]}{index + 1:000000}");
        return Enumerable.Range(0, 10).Select(key => $"{stem}{key}").First(Finess.IsValid);
    }

    private string PersonName() => $"{Pick(SeedNames.FirstNames)} {Pick(SeedNames.LastNames)}";

    private DateTime Past(int days) => clock.UtcNow.AddMinutes(-_random.Next(60, days * 1440));

    private DateTime Later(DateTime at)
    {
        var next = at.AddHours(_random.Next(24, 500));
        return next < clock.UtcNow ? next : at.AddMinutes(1);
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    private List<string> Some(string[] among, int most)
        => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => Pick(among)).Distinct()];
}
