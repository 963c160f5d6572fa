using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Tests.Documents;
using MedCrm.Tests.History;
using MedCrm.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Tests.Duplicates;

/// <summary>Random worlds are merged and taken apart again: no row is lost, none is left behind, and what comes back is what was.</summary>
public sealed class MergeAccountingTests
{
    // The rows that may stand once beside a record: a second one leaves with the record that goes, or is taken away and returns with the undo.
    private static readonly Type[] s_once = [typeof(InstitutionLabel), typeof(ContactLabel), typeof(ContactRole), typeof(OpportunityContact), typeof(ActivityPerson), typeof(BillingProfile)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Institutions_merged_and_taken_apart_leave_every_row_accounted_for(int seed)
    {
        await using var world = await TestWorld.CreateAsync();
        var random = new RandomWorld(world, seed);
        await random.FillAsync();

        await AccountAsync(world, nameof(Institution), typeof(Institution), random.Institutions[..random.Next(2, 5)], random.Institutions[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Contacts_merged_and_taken_apart_leave_every_row_accounted_for(int seed)
    {
        await using var world = await TestWorld.CreateAsync();
        var random = new RandomWorld(world, seed);
        await random.FillAsync();

        await AccountAsync(world, nameof(Contact), typeof(Contact), random.Contacts[..random.Next(2, 5)], random.Contacts[0]);
    }

    [Fact]
    public async Task Every_kind_of_record_that_refers_to_institutions_or_contacts_is_in_the_random_worlds()
    {
        await using var world = await TestWorld.CreateAsync();
        await new RandomWorld(world, 1).FillAsync();
        await using var db = world.Open();
        var uncovered = new List<string>();

        foreach (var type in new[] { typeof(Institution), typeof(Contact) })
        {
            foreach (var key in WholeDatabase.KeysTo(db, type))
            {
                // The undo of a merge is made of recorded changes: a row without history would not find its way back.
                Assert.True(key.DeclaringEntityType.ClrType.IsAssignableTo(typeof(IRecorded)), $"{key.DeclaringEntityType.ClrType.Name}.{key.Properties[0].Name} refers to {type.Name} and is not recorded.");
                if ((await ReferringAsync(db, key)).Count == 0)
                {
                    uncovered.Add($"{key.DeclaringEntityType.ClrType.Name}.{key.Properties[0].Name}");
                }
            }
        }

        Assert.Empty(uncovered);
    }

    private static async Task AccountAsync(TestWorld world, string type, Type clr, Guid[] ids, Guid kept)
    {
        await using var db = world.Open();
        var before = await WholeDatabase.ReadAsync(db);
        var draft = await world.As(world.Admin).Get<Merges>().PrepareAsync(type, ids, kept);
        WholeDatabase.AssertSame(before, await WholeDatabase.ReadAsync(db));

        var done = await world.Get<Merges>().MergeAsync(new MergeOrder(type, kept, draft.Sides.ToDictionary(side => side.Id, side => side.Version), new Dictionary<string, Guid>()));

        var merged = await WholeDatabase.ReadAsync(db);
        var going = ids.Where(id => id != kept).ToList();
        var gone = before.Keys.Where(key => !merged.ContainsKey(key) && !key.StartsWith("SearchEntries", StringComparison.Ordinal)).ToList();
        Assert.All(gone, key => Assert.Contains(s_once, once => key.StartsWith(db.Model.FindEntityType(once)!.GetTableName()!, StringComparison.Ordinal)));
        foreach (var key in WholeDatabase.KeysTo(db, clr))
        {
            // What still refers to a record that went is a part of it that would stand twice, or the record itself.
            foreach (var (record, to) in (await ReferringAsync(db, key)).Where(row => going.Contains(row.To)))
            {
                Assert.True(
                    going.Contains(record.Id) || (record is IRecordedPart part && going.Contains(part.WholeId) && s_once.Contains(record.GetType())),
                    $"{record.GetType().Name} {record.RecordName} still refers to a record that went.");
            }
        }

        foreach (var id in going)
        {
            Assert.Equal(kept, (await world.Get<Merges>().FindAsync(type, id))?.Id);
        }

        await world.Get<Merges>().UndoAsync(done.ChangeSetId!.Value);
        WholeDatabase.AssertSame(before, await WholeDatabase.ReadAsync(db));
    }

    private static async Task<List<(IRecorded Record, Guid To)>> ReferringAsync(MedCrmDbContext db, Microsoft.EntityFrameworkCore.Metadata.IForeignKey key)
    {
        db.ChangeTracker.Clear();
        var property = key.Properties[0].PropertyInfo!;
        var rows = new List<(IRecorded Record, Guid To)>();
        var set = (IQueryable<IRecorded>)typeof(DbContext).GetMethod(nameof(DbContext.Set), Type.EmptyTypes)!.MakeGenericMethod(key.DeclaringEntityType.ClrType).Invoke(db, null)!;
        foreach (var record in await set.IgnoreQueryFilters().AsNoTracking().ToListAsync())
        {
            if (property.GetValue(record) is Guid to)
            {
                rows.Add((record, to));
            }
        }

        return rows;
    }

    /// <summary>Institutions and contacts that look alike, and everything that can hang on them, tangled at random; the bin included.</summary>
    private sealed class RandomWorld(TestWorld world, int seed)
    {
        private static readonly string[] s_tags = ["GHT", "ght", "Compte clé", "À rappeler", "UniHA"];
        private static readonly string[] s_finess = ["010000024", "440000271", "440000016", "350000741", "350000121"];

        private readonly Random _random = new(seed);

        public Guid[] Institutions { get; private set; } = [];

        public Guid[] Contacts { get; private set; } = [];

        public int Next(int from, int to) => _random.Next(from, to + 1);

        public async Task FillAsync()
        {
            var at = world.Now();
            var institutions = Enumerable.Range(0, 7).Select(number => new Institution(
                new InstitutionDetails
                {
                    Name = $"Clinique {number % 3}",
                    FinessEt = number < 5 && (number == 1 || Chance()) ? s_finess[number] : null,
                    City = Maybe("Nantes"),
                    Postcode = Maybe("44000"),
                    Phone = Maybe("0240083333"),
                    Email = Maybe($"contact{number}@clinique.test"),
                    Status = (CustomerStatus)Next(0, 3),
                    BedsMedicine = Chance() ? Next(1, 90) : null,
                    OperatingRooms = Chance() ? Next(1, 9) : null,
                    Notes = Maybe($"Note {number}"),
                    Tags = Some(s_tags),
                    Specialities = number == 1 ? ["Cardiologie"] : Some(["Cardiologie", "Urologie"]),
                    OwnerId = Chance() ? world.Claire.Id : world.Lea.Id,
                },
                at)).ToList();
            await world.SaveAsync(db => db.Institutions.AddRange(institutions));
            Institutions = [.. institutions.Select(institution => institution.Id)];
            await world.SaveAsync(db =>
            {
                // One that is merged carries a site, and one is attached to another of the merge or to its site.
                Attach(db, institutions[5], Institutions[1]);
                Attach(db, institutions[0], Chance() ? Institutions[1] : Institutions[5]);
                Attach(db, institutions[6], Institutions[Next(0, 4)]);
            });

            var contacts = Enumerable.Range(0, 7).Select(number => new Contact(
                new ContactDetails
                {
                    FirstName = Maybe("Hélène"),
                    LastName = $"Renaud {number % 2}",
                    Email = Maybe($"helene{number}@chu.test"),
                    Rpps = number == 1 && Chance() ? "99900000003" : null,
                    JobTitle = Maybe("Cadre"),
                    Mobile = Maybe("0639981234"),
                    Notes = Maybe($"Note {number}"),
                    Tags = number == 1 ? ["Congrès"] : Some(s_tags),
                    OwnerId = Chance() ? world.Paul.Id : null,
                },
                at)).ToList();
            foreach (var contact in contacts)
            {
                foreach (var institution in Institutions.Where(_ => Chance()).Append(Institutions[1]).Distinct())
                {
                    contact.Join(
                        new ContactRoleDetails
                        {
                            InstitutionId = institution,
                            Title = Maybe("Cheffe du bloc"),
                            Department = Maybe("Bloc"),
                            Influence = (Influence)Next(0, 5),
                            StartedOn = Chance() ? new DateOnly(2020, 1, Next(1, 28)) : null,
                            EndedOn = Chance(0.2) ? new DateOnly(2025, 1, 1) : null,
                            IsPrimary = Chance(0.3),
                        },
                        at);
                }
            }

            await world.SaveAsync(db => db.Contacts.AddRange(contacts));
            Contacts = [.. contacts.Select(contact => contact.Id)];

            var stage = await world.StageAsync("Prospecting");
            await world.SaveAsync(db =>
            {
                db.Attach(stage);
                for (var number = 0; number < 14; number++)
                {
                    var deal = new Opportunity(
                        new OpportunityDetails
                        {
                            Name = $"Affaire {number}",
                            InstitutionId = Institutions[number % 7],
                            ContactId = number == 1 || Chance(0.7) ? Contacts[number % 7] : null,
                            OwnerId = world.Claire.Id,
                            TeamId = world.Claire.TeamId,
                            Amount = number,
                            Tags = Some(s_tags),
                        },
                        stage,
                        number,
                        world.Claire,
                        at);
                    deal.SetContacts([.. Contacts.Where(_ => Chance()).Append(Contacts[(number + 1) % 7]).Distinct()], at);
                    deal.DeletedAt = Chance(0.2) ? at : null;
                    db.Opportunities.Add(deal);
                    var task = new FollowUpTask(
                        new FollowUpTaskDetails
                        {
                            Title = $"Tâche {number}",
                            InstitutionId = Institutions[number % 7],
                            ContactId = Contacts[(number + 2) % 7],
                            OwnerId = world.Lea.Id,
                            TeamId = world.Lea.TeamId,
                        },
                        world.Lea,
                        at)
                    {
                        DeletedAt = Chance(0.2) ? at : null,
                    };
                    db.FollowUpTasks.Add(task);
                }
            });
            using var file = await world.ReceiveAsync(FileSample.Pdf("1"), "Contrat.pdf");
            await world.SaveAsync(db =>
            {
                for (var number = 0; number < 9; number++)
                {
                    db.Activities.Add(new Activity(
                        new ActivityDetails
                        {
                            Kind = (ActivityKind)(number % 3),
                            Subject = $"Échange {number}",
                            At = at,
                            InstitutionId = Institutions[number % 7],
                            ContactIds = [.. Contacts.Where(_ => Chance()).Append(Contacts[(number + 1) % 7]).Distinct()],
                            OwnerId = world.Lea.Id,
                            Sharing = (Sharing)Next(0, 2),
                        },
                        world.Lea,
                        at)
                    {
                        DeletedAt = Chance(0.2) ? at : null,
                    });
                    var document = new Document(new DocumentDetails { Name = $"Document {number}", InstitutionId = Institutions[number % 7], ContactId = Contacts[(number + 1) % 7], OwnerId = world.Paul.Id }, world.Paul, at);
                    db.TaskSeries.Add(new TaskSeries(
                        new FollowUpTaskDetails { Title = $"Série {number}", InstitutionId = Institutions[number % 7], ContactId = Contacts[(number + 1) % 7], OwnerId = world.Paul.Id },
                        new Recurrence { Kind = RecurrenceKind.Daily, FirstDay = new DateOnly(2026, 11, 21) },
                        world.Paul,
                        at));
                    document.AddVersion(file, world.Paul, at);
                    db.Documents.Add(document);
                }
            });
            await world.SaveAsync(db => Papers(db, at));
            await world.SaveAsync(db =>
            {
                foreach (var contact in db.Contacts.Include(candidate => candidate.Roles).ToList())
                {
                    foreach (var role in contact.Roles.Where(role => role.EndedOn is null))
                    {
                        var manager = Contacts[Next(0, 6)];
                        contact.ReportTo(role.Id, manager == contact.Id ? null : manager, contact.UpdatedAt);
                    }
                }
            });
            await world.SaveAsync(db =>
            {
                foreach (var ids in new[] { Institutions, Contacts })
                {
                    var type = ids == Institutions ? nameof(Institution) : nameof(Contact);
                    db.DuplicatePairs.Add(new DuplicatePair(type, ids[0], ids[1], new Likeness(80, TwinSigns.SameName), at));
                    db.DuplicatePairs.Add(new DuplicatePair(type, ids[1], ids[6], new Likeness(60, TwinSigns.SameName), at));
                }
            });
        }

        // What is sent, issued or active is sealed: a merge moves it all the same, and its undo brings it back.
        private void Papers(MedCrmDbContext db, DateTime at)
        {
            var today = DateOnly.FromDateTime(at);
            for (var number = 0; number < 9; number++)
            {
                var (institution, contact) = (Institutions[number % 7], Contacts[(number + 1) % 7]);
                LineDetails[] lines = [new LineDetails { Description = "Abonnement", UnitPrice = 100, Period = BillingPeriod.Monthly }];
                var quote = new Quote(new QuoteDetails { Title = "Offre", InstitutionId = institution, ContactId = contact, OwnerId = world.Lea.Id, IssuedOn = today, ValidUntil = today.AddDays(30), Lines = lines }, $"D-2026-{number:0000}", 1, at);
                if (Chance())
                {
                    quote.Send("devis.pdf", new string('0', 64), at, today);
                }

                var issued = Accounting.BookedRows.Document(db.Institutions.Find(institution)!, $"FA-2026-{number:0000}", today, lines);
                var invoice = new Invoice(new InvoiceDetails { Title = "Mission", InstitutionId = institution, ContactId = contact, OwnerId = world.Lea.Id, Lines = lines }, at);

                db.AddRange(
                    quote,
                    issued,
                    invoice,
                    new Payment(new PaymentDetails { InstitutionId = institution, Amount = 10, ReceivedOn = today }, number + 1, at, today),
                    new Contract(new ContractDetails { Title = "Maintenance", InstitutionId = institution, ContactId = contact, OwnerId = world.Lea.Id, StartsOn = today, BillsFrom = today, Lines = lines }, $"C-2026-{number:0000}", at),
                    new DunningLetter(institution, "Clinique", PayerProfile.Private, today));
            }

            foreach (var institution in Institutions.Where(_ => Chance()).Append(Institutions[1]).Distinct())
            {
                db.BillingProfiles.Add(new BillingProfile(institution, "Clinique"));
            }
        }

        private static void Attach(MedCrmDbContext db, Institution institution, Guid parentId)
        {
            db.Attach(institution);
            institution.Edit(institution.Details() with { ParentId = parentId == institution.Id ? null : parentId }, institution.UpdatedAt);
        }

        private bool Chance(double probability = 0.5) => _random.NextDouble() < probability;

        private string? Maybe(string text) => Chance() ? text : null;

        private List<string> Some(string[] among) => [.. among.Where(_ => Chance())];
    }
}
