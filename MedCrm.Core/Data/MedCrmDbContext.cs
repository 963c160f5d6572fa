using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Automation;
using MedCrm.Core.Billing;
using MedCrm.Core.Calendars;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Imports;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Mail;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;
using MedCrm.Core.Signing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MedCrm.Core.Data;

/// <summary>
/// The unit of work over the one database file. Every save of a recorded row needs a <see cref="Gesture"/> and writes the change
/// history in the same transaction; writers enter one at a time; open screens hear of the change after the commit.
/// </summary>
public sealed class MedCrmDbContext(DbContextOptions<MedCrmDbContext> options, WriteGate gate, ChangeNews news, BusinessClock clock) : DbContext(options)
{
    /// <summary>The name of the query filter that hides records in the bin.</summary>
    public const string BinFilter = "Bin";

    private const int FewestInBulk = 20;

    private readonly List<CommittedChange> _toAnnounce = [];
    private bool _holdsTheGate;

    public DbSet<User> Users => Set<User>();
    public DbSet<Team> Teams => Set<Team>();
    public DbSet<RolePolicy> RolePolicies => Set<RolePolicy>();
    public DbSet<UserPreference> UserPreferences => Set<UserPreference>();
    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<ChangeSet> ChangeSets => Set<ChangeSet>();
    public DbSet<RecordChange> RecordChanges => Set<RecordChange>();

    public DbSet<Institution> Institutions => Set<Institution>();
    public DbSet<InstitutionLabel> InstitutionLabels => Set<InstitutionLabel>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<ContactRole> ContactRoles => Set<ContactRole>();
    public DbSet<ContactLabel> ContactLabels => Set<ContactLabel>();

    public DbSet<DuplicatePair> DuplicatePairs => Set<DuplicatePair>();
    public DbSet<MergedRecord> MergedRecords => Set<MergedRecord>();

    public DbSet<Stage> Stages => Set<Stage>();
    public DbSet<StageRequirement> StageRequirements => Set<StageRequirement>();
    public DbSet<Opportunity> Opportunities => Set<Opportunity>();
    public DbSet<OpportunityLine> OpportunityLines => Set<OpportunityLine>();
    public DbSet<OpportunityContact> OpportunityContacts => Set<OpportunityContact>();
    public DbSet<OpportunityLabel> OpportunityLabels => Set<OpportunityLabel>();
    public DbSet<StageChange> StageChanges => Set<StageChange>();

    public DbSet<FollowUpTask> FollowUpTasks => Set<FollowUpTask>();
    public DbSet<TaskSeries> TaskSeries => Set<TaskSeries>();
    public DbSet<TaskStep> TaskSteps => Set<TaskStep>();
    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<JobRun> JobRuns => Set<JobRun>();

    public DbSet<Activity> Activities => Set<Activity>();
    public DbSet<ActivityPerson> ActivityPeople => Set<ActivityPerson>();
    public DbSet<ActivityLabel> ActivityLabels => Set<ActivityLabel>();

    public DbSet<InstitutionScore> InstitutionScores => Set<InstitutionScore>();
    public DbSet<HealthPoint> HealthPoints => Set<HealthPoint>();
    public DbSet<ScoringPolicy> ScoringPolicies => Set<ScoringPolicy>();
    public DbSet<AlertDismissal> AlertDismissals => Set<AlertDismissal>();

    public DbSet<Document> Documents => Set<Document>();
    public DbSet<DocumentVersion> DocumentVersions => Set<DocumentVersion>();

    public DbSet<Segment> Segments => Set<Segment>();
    public DbSet<SegmentMember> SegmentMembers => Set<SegmentMember>();
    public DbSet<SegmentSnapshot> SegmentSnapshots => Set<SegmentSnapshot>();

    public DbSet<ImportRun> ImportRuns => Set<ImportRun>();
    public DbSet<ImportIssue> ImportIssues => Set<ImportIssue>();
    public DbSet<RememberedMapping> RememberedMappings => Set<RememberedMapping>();

    public DbSet<Company> Companies => Set<Company>();
    public DbSet<PenaltyRate> PenaltyRates => Set<PenaltyRate>();
    public DbSet<NumberSeries> NumberSeries => Set<NumberSeries>();
    public DbSet<BillingProfile> BillingProfiles => Set<BillingProfile>();
    public DbSet<CatalogItem> CatalogItems => Set<CatalogItem>();

    public DbSet<Quote> Quotes => Set<Quote>();
    public DbSet<QuoteLine> QuoteLines => Set<QuoteLine>();
    public DbSet<SignatureLink> SignatureLinks => Set<SignatureLink>();
    public DbSet<SignatureEvent> SignatureEvents => Set<SignatureEvent>();
    public DbSet<SignatureEvidence> SignatureEvidences => Set<SignatureEvidence>();

    public DbSet<Invoice> Invoices => Set<Invoice>();
    public DbSet<InvoiceLine> InvoiceLines => Set<InvoiceLine>();
    public DbSet<InvoiceDeposit> InvoiceDeposits => Set<InvoiceDeposit>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<PaymentAllocation> PaymentAllocations => Set<PaymentAllocation>();

    public DbSet<DunningPolicy> DunningPolicies => Set<DunningPolicy>();
    public DbSet<DunningLetter> DunningLetters => Set<DunningLetter>();
    public DbSet<DunningNotice> DunningNotices => Set<DunningNotice>();

    public DbSet<Contract> Contracts => Set<Contract>();
    public DbSet<ContractLine> ContractLines => Set<ContractLine>();
    public DbSet<Amendment> Amendments => Set<Amendment>();
    public DbSet<ContractPeriod> ContractPeriods => Set<ContractPeriod>();
    public DbSet<ContractEvent> ContractEvents => Set<ContractEvent>();
    public DbSet<ContractLetter> ContractLetters => Set<ContractLetter>();
    public DbSet<ContractAlert> ContractAlerts => Set<ContractAlert>();
    public DbSet<ContractBilling> ContractBillings => Set<ContractBilling>();
    public DbSet<MrrMovement> MrrMovements => Set<MrrMovement>();
    public DbSet<IndexValue> IndexValues => Set<IndexValue>();
    public DbSet<IndexRevision> IndexRevisions => Set<IndexRevision>();

    public DbSet<AccountPlan> AccountPlans => Set<AccountPlan>();

    public DbSet<OutgoingMessage> OutgoingMessages => Set<OutgoingMessage>();
    public DbSet<CalendarFeed> CalendarFeeds => Set<CalendarFeed>();

    /// <summary>The clock of the product, for what a room does inside the transaction of another.</summary>
    internal BusinessClock Clock => clock;

    /// <summary>The act under way; required before a recorded row is saved.</summary>
    public Gesture? Gesture { get; set; }

    /// <summary>Names the act under way and returns it.</summary>
    public Gesture Begin(Actor actor, string sentence, ChangeOrigin origin = ChangeOrigin.Screen)
        => Gesture = new Gesture(actor, sentence, origin);

    /// <summary>States the version somebody was looking at: the save is refused when the record has moved on.</summary>
    /// <exception cref="StaleRecordException">The record already carries another version.</exception>
    public void Expect<T>(T record, Guid seenVersion)
        where T : class, IVersioned
    {
        if (record.Version != seenVersion)
        {
            throw new StaleRecordException();
        }

        Entry(record).Property(nameof(IVersioned.Version)).OriginalValue = seenVersion;
    }

    /// <summary>Runs several saves as one transaction behind the write gate. Keep it under 200 ms.</summary>
    public async Task InTransactionAsync(Func<Task> work, CancellationToken cancellationToken = default)
    {
        using var turn = await gate.EnterAsync(cancellationToken);
        _holdsTheGate = true;
        var wasStored = Gesture?.IsStored;
        try
        {
            await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
            await work();
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            _toAnnounce.Clear();
            // The row of the change set left with the rest: whoever tries again writes it again.
            if (wasStored is false)
            {
                Gesture!.IsStored = false;
            }

            if ((SqliteRefusal.Of(failure) ?? ConstraintRefusal.Of(failure)) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
        finally
        {
            _holdsTheGate = false;
        }

        AnnounceAll();
    }

    /// <summary>
    /// Inserts many new records with their history, inside <see cref="InTransactionAsync"/>: ten times faster than tracking them. What they
    /// point to must be stored, and their parts are given too, after them.
    /// </summary>
    public async Task InsertAsync(IReadOnlyCollection<IRecorded> records, CancellationToken cancellationToken = default)
    {
        if (Gesture is null || !_holdsTheGate)
        {
            throw new InvalidOperationException("Records are inserted in bulk under a gesture and inside a transaction.");
        }

        if (records.Count == 0)
        {
            return;
        }

        if (!Gesture.IsStored)
        {
            ChangeSets.Add(new ChangeSet(Gesture, clock.UtcNow));
            Gesture.IsStored = true;
            await SaveChangesAsync(cancellationToken);
        }

        foreach (var record in records.OfType<IVersioned>())
        {
            record.Version = Guid.NewGuid();
        }

        var changes = records.Select(record => ChangeRecorder.Creation(Model.FindEntityType(record.GetType())!, record, Gesture.ChangeSetId)).ToList();
        BulkInsert.Insert(this, records.Concat<object>(changes));
        _toAnnounce.Add(CommittedBy(Gesture, changes, ChangeLinks.Of(Model, records)));
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
        => throw new InvalidOperationException("Save with SaveChangesAsync: writers wait for their turn.");

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        ChangeTracker.DetectChanges();
        RenewVersions();
        var gathered = new List<RecordChange>();
        var change = Record(gathered);
        var firstOfGesture = change is not null && !Gesture!.IsStored;
        var outsideHistory = AnnouncedRows();

        var turn = _holdsTheGate ? null : await gate.EnterAsync(cancellationToken);
        int written;
        try
        {
            if (firstOfGesture)
            {
                Gesture!.IsStored = true;
            }

            written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            if (gathered.Count > 0)
            {
                BulkInsert.Insert(this, gathered);
            }
        }
        catch (Exception failure)
        {
            if (firstOfGesture)
            {
                Gesture!.IsStored = false;
            }

            if (failure is DbUpdateConcurrencyException)
            {
                throw new StaleRecordException();
            }

            if ((SqliteRefusal.Of(failure) ?? ConstraintRefusal.Of(failure)) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
        finally
        {
            turn?.Dispose();
        }

        if (change is not null)
        {
            _toAnnounce.Add(change);
        }

        if (outsideHistory is not null)
        {
            _toAnnounce.Add(outsideHistory);
        }

        if (!_holdsTheGate)
        {
            AnnounceAll();
        }

        return written;
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HaveConversion<Cents>();
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcMoment>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<IdentityUserClaim<Guid>>().ToTable("UserClaims");
        modelBuilder.Entity<IdentityUserLogin<Guid>>(login =>
        {
            login.ToTable("UserLogins");
            login.HasKey(l => new { l.LoginProvider, l.ProviderKey });
        });
        modelBuilder.Entity<IdentityUserToken<Guid>>(token =>
        {
            token.ToTable("UserTokens");
            token.HasKey(t => new { t.UserId, t.LoginProvider, t.Name });
        });

        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MedCrmDbContext).Assembly);
        SqlFunctions.Describe(modelBuilder);

        foreach (var type in modelBuilder.Model.GetEntityTypes())
        {
            Complete(modelBuilder, type);
        }
    }

    // What every entity of a kind shares is stated once here; the rest stands beside each entity.
    private static void Complete(ModelBuilder modelBuilder, IMutableEntityType type)
    {
        var entity = modelBuilder.Entity(type.ClrType);

        if (typeof(IRecorded).IsAssignableFrom(type.ClrType))
        {
            entity.Property<Guid>(nameof(IRecorded.Id)).ValueGeneratedNever();
            entity.Ignore(nameof(IRecorded.RecordName));
        }

        if (typeof(IRecordedPart).IsAssignableFrom(type.ClrType))
        {
            entity.Ignore(nameof(IRecordedPart.WholeType));
            entity.Ignore(nameof(IRecordedPart.WholeId));
        }

        if (typeof(IVersioned).IsAssignableFrom(type.ClrType))
        {
            entity.Property<Guid>(nameof(IVersioned.Version)).IsConcurrencyToken();
        }

        if (typeof(IBinnable).IsAssignableFrom(type.ClrType))
        {
            var record = Expression.Parameter(type.ClrType);
            var lives = Expression.Equal(Expression.Property(record, nameof(IBinnable.DeletedAt)), Expression.Constant(null, typeof(DateTime?)));
            entity.HasQueryFilter(BinFilter, Expression.Lambda(lives, record));
        }

        foreach (var key in type.GetForeignKeys().Where(key => key is { IsOwnership: false, DeleteBehavior: DeleteBehavior.ClientSetNull }))
        {
            key.DeleteBehavior = DeleteBehavior.Restrict;
        }
    }

    private void RenewVersions()
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
            {
                entry.Property(record => record.Version).CurrentValue = Guid.NewGuid();
            }
        }
    }

    // Many lines of history in one transaction are gathered, to be written at once: the gate opens sooner.
    // They come after the savepoint of the save: only what ends the whole transaction, a full disk, can stop them.
    private CommittedChange? Record(List<RecordChange> gathered)
    {
        if (Gesture is null)
        {
            return ChangeRecorder.Collect(ChangeTracker, Guid.Empty).Count == 0
                ? null
                : throw new InvalidOperationException("A recorded row is saved without a gesture: call Begin first.");
        }

        var changes = ChangeRecorder.Collect(ChangeTracker, Gesture.ChangeSetId);
        if (changes.Count == 0)
        {
            return null;
        }

        if (!Gesture.IsStored)
        {
            ChangeSets.Add(new ChangeSet(Gesture, clock.UtcNow));
        }

        if (_holdsTheGate && changes.Count >= FewestInBulk)
        {
            gathered.AddRange(changes);
        }
        else
        {
            RecordChanges.AddRange(changes);
        }

        return CommittedBy(Gesture, changes, ChangeLinks.Of(ChangeTracker));
    }

    private CommittedChange? AnnouncedRows()
    {
        var rows = ChangeTracker.Entries<IAnnounced>().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToList();
        return rows.Count == 0 ? null : new CommittedChange(
            Gesture?.ChangeSetId ?? Guid.Empty,
            Gesture?.Actor.Id,
            Gesture?.Origin ?? ChangeOrigin.Job,
            [.. rows.Select(entry => (entry.Metadata.ClrType.Name, entry.Entity.Id))])
        {
            Links = rows.SelectMany(entry => entry.Entity.Links).ToHashSet(),
        };
    }

    private static CommittedChange CommittedBy(Gesture gesture, List<RecordChange> changes, HashSet<Guid> links) => new(
        gesture.ChangeSetId,
        gesture.Actor.Id,
        gesture.Origin,
        [.. changes.SelectMany(change => new[] { (change.RecordType, change.RecordId), (change.WholeType, change.WholeId) }).Distinct()])
    {
        Links = links,
    };

    private void AnnounceAll()
    {
        foreach (var change in _toAnnounce)
        {
            news.Announce(change);
        }

        _toAnnounce.Clear();
    }
}
