using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using MedCrm.Core.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedCrm.Core.Data.Demo;

/// <summary>Somebody of the demonstration. The password is given by whoever creates the account.</summary>
public sealed record DemoAccount(string Name, string Email, Role Role, Guid? TeamId);

/// <summary>
/// A small company to try the product on: six people, two sales teams, real French institutions, invented persons, and deals, tasks and documents
/// placed around the clock's today, so that a board and a day always have something to show. The same every time.
/// </summary>
public sealed class DemoWorld(IDbContextFactory<MedCrmDbContext> contexts, DocumentUploads uploads, DocumentFiles files, NotificationNews bells, BusinessClock clock, ILogger<ContractWatch> logger)
{
    /// <summary>The team of sales1@demo.test.</summary>
    public const string West = "Ouest";

    /// <summary>The team of sales2@demo.test, which must not see the other.</summary>
    public const string South = "Sud";

    private const string FirstSales = "sales1@demo.test";
    private const string SecondSales = "sales2@demo.test";

    private static readonly string[] s_emails = ["admin@demo.test", "manager@demo.test", FirstSales, SecondSales, "recruiter@demo.test", "billing@demo.test"];

    /// <summary>Whether the demonstration is already here, whole.</summary>
    public async Task<bool> IsCompleteAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Users.CountAsync(user => s_emails.Contains(user.Email), cancellationToken) == s_emails.Length
            && await db.Opportunities.IgnoreQueryFilters().AnyAsync(cancellationToken);
    }

    /// <summary>Refuses a database that serves for something else.</summary>
    /// <exception cref="BusinessRuleException">The database already has accounts or institutions of its own.</exception>
    public async Task DemandEmptyAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AnyAsync(user => !s_emails.Contains(user.Email), cancellationToken) || await db.Institutions.IgnoreQueryFilters().AnyAsync(cancellationToken))
        {
            throw new BusinessRuleException("Les données de démonstration ne vont que dans une base vide, et celle-ci contient déjà des données. Choisissez un autre dossier (--data) ou démarrez sans --demo.");
        }
    }

    /// <summary>The accounts to create, after making sure that their teams exist.</summary>
    public async Task<IReadOnlyList<DemoAccount>> AccountsAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Begin(Actor.System, "Équipes de démonstration", ChangeOrigin.Command);
        var west = await TeamAsync(db, West, cancellationToken);
        var south = await TeamAsync(db, South, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return
        [
            new("Anne Lefèvre", s_emails[0], Role.Administrator, null),
            new("Marc Girard", s_emails[1], Role.Manager, null),
            new("Claire Martin", FirstSales, Role.Sales, west.Id),
            new("Julien Moreau", SecondSales, Role.Sales, south.Id),
            new("Sofia Benali", s_emails[4], Role.Recruiter, null),
            new("Hugo Lambert", s_emails[5], Role.Billing, null),
        ];
    }

    /// <summary>Adds institutions, contacts, deals, tasks and documents, all or nothing. The accounts must exist.</summary>
    public async Task FillAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Begin(Actor.System, "Données de démonstration", ChangeOrigin.Command);
        var people = await db.Users.Where(user => s_emails.Contains(user.Email)).ToDictionaryAsync(user => user.Email!, cancellationToken);
        var stages = await db.Stages.Include(stage => stage.Requirements).ToDictionaryAsync(stage => stage.Code, cancellationToken);

        var institutions = DemoInstitutions.Read().ToDictionary(row => row.Details.FinessEt!, row => NewInstitution(row, people));
        db.Institutions.AddRange(institutions.Values);
        db.Companies.Add(DemoBilling.NewCompany());
        db.CatalogItems.AddRange(DemoBilling.NewItems(DaysAgo(100, 9)));
        db.BillingProfiles.AddRange(DemoBilling.NewProfiles(institutions.Values));
        var contacts = DemoContacts.All.Select((person, index) => NewContact(person, index, institutions[person.Finess])).ToList();
        foreach (var house in contacts.GroupBy(contact => contact.Roles[0].InstitutionId))
        {
            // Those who decide lead the others of their institution.
            var head = house.FirstOrDefault(contact => contact.Roles[0].Influence is Influence.DecisionMaker);
            foreach (var report in house.Where(contact => head is not null && contact != head))
            {
                report.ReportTo(report.Roles[0].Id, head!.Id, DaysAgo(110, 10));
            }
        }

        db.Contacts.AddRange(contacts);
        AddTwins(db, institutions, people);
        var opportunities = new List<Opportunity>();
        foreach (var deal in DemoDeals.All)
        {
            opportunities.Add(NewOpportunity(deal, institutions[deal.Finess], contacts, stages, people[deal.Owner], Opportunity.RankStep * (opportunities.Count + 1)));
        }

        db.Opportunities.AddRange(opportunities);
        foreach (var task in DemoTasks.All)
        {
            AddTask(db, task, opportunities, people[task.Owner]);
        }

        db.Activities.AddRange(DemoActivities.All.Select(activity => NewActivity(activity, institutions[activity.Finess], contacts, opportunities, people[activity.Owner])));
        foreach (var row in DemoDocuments.All)
        {
            db.Documents.Add(await NewDocumentAsync(row, institutions, opportunities, people[FirstSales], cancellationToken));
        }

        db.Segments.AddRange(DemoSegments.All.Select(segment => new Segment(segment, ActorOf(people[s_emails[1]]))));
        await db.SaveChangesAsync(cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                // A number is taken in the transaction that stores its document.
                await DemoQuotes.AddAsync(db, opportunities, clock, DaysAgo, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                await DemoInvoices.AddAsync(new ListScope(db, Actor.System, clock), institutions, cancellationToken);
            },
            cancellationToken);
        await ContractsAsync(db, institutions, contacts, people, cancellationToken);

        // What the night does to contracts is done, so that the first day has its alerts, its tasks and its letters.
        await new ContractWatch(contexts, bells, clock, logger).FollowAsync(clock.Today, cancellationToken);
        await new DuplicateSearch(contexts, new SystemUser(), clock).RunAsync(cancellationToken);
    }

    // Numbers are taken in the transaction that saves what they number.
    private async Task ContractsAsync(MedCrmDbContext db, Dictionary<string, Institution> institutions, List<Contact> contacts, Dictionary<string, User> people, CancellationToken cancellationToken)
    {
        var company = await Company.ReadAsync(db, cancellationToken);
        await db.InTransactionAsync(
            async () =>
            {
                foreach (var row in DemoContracts.All)
                {
                    var (institution, owner) = (institutions[row.Finess], ActorOf(people[row.Owner]));
                    var number = await NumberSeries.TakeAsync(db, DocumentSeries.Contract, row.StartsOn(clock.Today), company.PrefixOf(DocumentSeries.Contract), cancellationToken);
                    var contract = DemoContracts.Make(row, institution, contacts.Find(contact => contact.Roles[0].InstitutionId == institution.Id)?.Id, owner, number, clock.Today, clock.UtcNow);
                    MrrBook.Judge([.. contract.Movements]);
                    if (institution.Status is not CustomerStatus.Customer)
                    {
                        // The contract is older than what is known of the institution: it was entered as a customer.
                        institution.BecomeCustomer(institution.UpdatedAt);
                    }

                    db.Contracts.Add(contract);
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
    }

    private static async Task<Team> TeamAsync(MedCrmDbContext db, string name, CancellationToken cancellationToken)
    {
        if (await db.Teams.SingleOrDefaultAsync(team => team.Name == name, cancellationToken) is { } known)
        {
            return known;
        }

        var created = new Team(name);
        db.Teams.Add(created);
        return created;
    }

    private static Actor ActorOf(User user) => new(user.Id, user.DisplayName, user.Role, user.TeamId, RolePolicy.DefaultOf(user.Role));

    private static User? OwnerOf(string team, Dictionary<string, User> people) => team switch { West => people[FirstSales], South => people[SecondSales], _ => null };

    private Institution NewInstitution(DemoInstitution row, Dictionary<string, User> people)
    {
        var owner = OwnerOf(row.Team, people);
        return new Institution(row.Details with { OwnerId = owner?.Id, TeamId = owner?.TeamId }, DaysAgo(120, 9));
    }

    private void AddTwins(MedCrmDbContext db, Dictionary<string, Institution> known, Dictionary<string, User> people)
    {
        var institutions = new Dictionary<string, Institution>();
        foreach (var (details, team) in DemoTwins.Institutions)
        {
            var owner = OwnerOf(team, people);
            institutions[details.Name] = new Institution(details with { OwnerId = owner?.Id, TeamId = owner?.TeamId }, DaysAgo(30, 11));
        }

        db.Institutions.AddRange(institutions.Values);
        foreach (var twin in DemoTwins.Contacts)
        {
            var institution = twin.Finess is { } finess ? known[finess] : institutions[twin.Institution!];
            var contact = new Contact(twin.Details with { OwnerId = institution.OwnerId, TeamId = institution.TeamId }, DaysAgo(25, 11));
            contact.Join(new ContactRoleDetails { InstitutionId = institution.Id, Title = twin.Title }, DaysAgo(25, 11));
            db.Contacts.Add(contact);
        }
    }

    private Contact NewContact(DemoContact person, int index, Institution institution)
    {
        var contact = new Contact(
            new ContactDetails
            {
                Civility = person.Civility,
                FirstName = person.FirstName,
                LastName = person.LastName,
                JobTitle = person.JobTitle,
                Email = $"{SearchKey.Fold(person.FirstName)}.{SearchKey.Fold(person.LastName)}@example.org".Replace(' ', '-'),
                Phone = $"01 99 00 {index / 100 + 10:00} {index % 100:00}",
                Mobile = $"06 39 98 {index / 100 + 10:00} {index % 100:00}",
                OwnerId = institution.OwnerId,
                TeamId = institution.TeamId,
            },
            DaysAgo(110, 10));
        contact.Join(
            new ContactRoleDetails
            {
                InstitutionId = institution.Id,
                Title = person.JobTitle,
                Department = person.Department,
                Influence = person.Influence,
                StartedOn = clock.Today.AddYears(-2).AddDays(index),
                IsPrimary = person.IsPrimary,
            },
            DaysAgo(110, 10));
        return contact;
    }

    private Opportunity NewOpportunity(DemoDeal deal, Institution institution, List<Contact> contacts, Dictionary<string, Stage> stages, User owner, long rank)
    {
        var by = ActorOf(owner);
        var details = new OpportunityDetails
        {
            Name = deal.Name,
            InstitutionId = institution.Id,
            ContactId = contacts.Find(contact => contact.Roles[0].InstitutionId == institution.Id)?.Id,
            OwnerId = owner.Id,
            TeamId = owner.TeamId,
            Amount = deal.Amount,
            ExpectedCloseOn = deal.ClosesInDays is { } days ? clock.Today.AddDays(days) : null,
            Source = deal.Source,
            NextAction = deal.NextAction,
            NextActionOn = deal.NextActionInDays is { } next ? clock.Today.AddDays(next) : null,
            Tags = deal.Tags,
            Competitors = deal.Competitors,
        };
        string[] way = ["Prospecting", "Qualification", "Proposal", "Negotiation"];
        var steps = deal.Stage.StartsWith("Closed", StringComparison.Ordinal) ? [.. way, deal.Stage] : way[..(Array.IndexOf(way, deal.Stage) + 1)];
        var opportunity = new Opportunity(details, stages[steps[0]], rank, by, DaysAgo(deal.CreatedDaysAgo, 9));
        for (var step = 1; step < steps.Length; step++)
        {
            var daysAgo = deal.CreatedDaysAgo - ((deal.CreatedDaysAgo - deal.TouchedDaysAgo) * step / (steps.Length - 1));
            opportunity.MoveTo(stages[steps[step]], by, DaysAgo(daysAgo, 9 + step), clock.Today, TermsOf(deal, clock.Today.AddDays(-daysAgo)));
        }

        opportunity.Touch(DaysAgo(deal.TouchedDaysAgo, 8));
        if (opportunity.Outcome is StageOutcome.Won)
        {
            institution.BecomeCustomer(DaysAgo(deal.TouchedDaysAgo, 9));
        }

        return opportunity;
    }

    private static MoveTerms TermsOf(DemoDeal deal, DateOnly on)
        => new() { LossReason = deal.LossReason, LostTo = deal.LostTo, LossNote = deal.LossNote, ClosedOn = on };

    private void AddTask(MedCrmDbContext db, DemoTask task, List<Opportunity> opportunities, User owner)
    {
        var opportunity = opportunities.Find(candidate => candidate.Name == task.Deal);
        var created = new FollowUpTask(
            new FollowUpTaskDetails
            {
                Title = task.Title,
                DueOn = task.DueInDays is { } days ? clock.Today.AddDays(days) : null,
                DueTime = task.Hour is { } hour ? new TimeOnly(hour, 0) : null,
                Priority = task.Priority,
                Reminder = task.Reminder,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                OpportunityId = opportunity?.Id,
                InstitutionId = opportunity?.InstitutionId,
                ContactId = opportunity?.ContactId,
            },
            ActorOf(owner),
            DaysAgo(12, 14));
        if (task.Result is not null)
        {
            created.Complete(task.Result, DaysAgo(1, 16));
        }

        foreach (var step in task.Steps)
        {
            var isDone = step.StartsWith("x ", StringComparison.Ordinal);
            created.AddStep(isDone ? step[2..] : step).Tick(isDone);
        }

        db.FollowUpTasks.Add(created);
        if (task.Rule is { } rule)
        {
            Occurrences.Begin(new ListScope(db, ActorOf(owner), clock), created, rule(created.DueOn!.Value));
        }
    }

    private Activity NewActivity(DemoActivity activity, Institution institution, List<Contact> contacts, List<Opportunity> opportunities, User owner)
    {
        var at = activity.InDays < 0 ? DaysAgo(-activity.InDays, activity.Hour) : clock.ToUtc(clock.Today.AddDays(activity.InDays), new TimeOnly(activity.Hour, 0));
        var contact = contacts.Find(candidate => candidate.FullName == activity.Contact);
        return new Activity(
            new ActivityDetails
            {
                Kind = activity.Kind,
                Subject = activity.Subject,
                At = at,
                DurationMinutes = activity.Minutes,
                Direction = activity.Direction,
                Status = activity.Status,
                Result = activity.Result,
                Place = activity.Place,
                Agenda = activity.Agenda,
                Text = activity.Text,
                Sharing = activity.Sharing,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                InstitutionId = institution.Id,
                OpportunityId = opportunities.Find(candidate => candidate.Name == activity.Deal && candidate.InstitutionId == institution.Id)?.Id,
                ContactIds = contact is null ? [] : [contact.Id],
                Tags = activity.Tags,
            },
            ActorOf(owner),
            at < clock.UtcNow ? at : clock.UtcNow);
    }

    private async Task<Document> NewDocumentAsync(DemoDocument row, Dictionary<string, Institution> institutions, List<Opportunity> opportunities, User owner, CancellationToken cancellationToken)
    {
        var (by, at) = (ActorOf(owner), DaysAgo(row.DaysAgo, 11));
        using var content = new MemoryStream(row.Content());
        using var file = await uploads.ReceiveAsync(content, row.FileName, cancellationToken);
        var document = new Document(
            new DocumentDetails
            {
                Name = FileNames.StemOf(file.FileName),
                Category = row.Category,
                Description = row.Description,
                KeepUntil = row.KeptInDays is { } days ? clock.Today.AddDays(days) : null,
                OwnerId = owner.Id,
                TeamId = owner.TeamId,
                InstitutionId = row.Deal is null ? institutions[row.Finess].Id : null,
                OpportunityId = opportunities.Find(deal => deal.Name == row.Deal)?.Id,
            },
            by,
            at);
        files.Keep(file.Path, document.AddVersion(file, by, at).PathKey);
        return document;
    }

    // Never ahead of the clock, even before nine in the morning.
    private DateTime DaysAgo(int days, int hour)
    {
        var moment = clock.ToUtc(clock.Today.AddDays(-days), new TimeOnly(hour, 15));
        return moment < clock.UtcNow ? moment : clock.UtcNow;
    }
}
