using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Sales;

/// <summary>A deal with an institution, from the first contact to won or lost. Every way of moving it ends in <see cref="MoveTo"/>.</summary>
public sealed class Opportunity : IOwned, IVersioned, IBinnable, IRestorable
{
    /// <summary>The distance between two neighbours when a column is numbered afresh.</summary>
    public const long RankStep = 1L << 20;

    private const string MoveInstead = "L'étape et ce qui va avec (clôture, motif de perte) ne reviennent pas seuls : déplacez l'affaire.";

    private const string LinesMakeTheAmount = "Le montant vient des lignes de produits : modifiez les lignes pour le changer.";

    private readonly List<OpportunityLine> _lines = [];
    private readonly List<OpportunityContact> _contacts = [];
    private readonly List<OpportunityLabel> _labels = [];
    private readonly List<StageChange> _stageChanges = [];

    private Opportunity()
    {
    }

    /// <summary>A new deal, in an open stage whose checklist it meets. Its first line of history says when it entered.</summary>
    /// <exception cref="StageGateException">The stage's checklist lacks items that the terms neither answer nor force.</exception>
    /// <exception cref="BusinessRuleException">A field is refused, or the stage is a closed one.</exception>
    public Opportunity(OpportunityDetails details, Stage stage, long rank, Actor by, DateTime at, MoveTerms? terms = null)
    {
        if (stage.Outcome is not StageOutcome.Open)
        {
            throw new BusinessRuleException("Une affaire commence dans une étape ouverte ; elle se gagne ou se perd ensuite.", nameof(StageId));
        }

        Id = Guid.CreateVersion7();
        CreatedAt = at;
        LastInteractionAt = at;
        (StageId, Stage, StageEnteredAt, Rank) = (stage.Id, stage, at, rank);
        Edit(details, at);
        var forceReason = PassGate(stage, terms ?? new MoveTerms());
        _stageChanges.Add(new StageChange(Id, Name, null, stage, by, at) { ForceReason = forceReason });
        Weigh();
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nom")] public string Name { get; private set; } = "";
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>The institution.</summary>
    public Institution Institution { get; private set; } = null!;

    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    /// <summary>Euros, excluding VAT.</summary>
    [Display(Name = "Montant HT")] public decimal Amount { get; private set; }

    /// <summary>Set by hand and kept through moves; null follows the stage. Percent.</summary>
    [Display(Name = "Probabilité manuelle (%)")] public int? ManualProbabilityPercent { get; private set; }

    /// <summary>The probability in force, percent.</summary>
    [Display(Name = "Probabilité (%)")] public int ProbabilityPercent { get; private set; }

    /// <summary>Amount times probability, euros excluding VAT; kept so that columns add up in the database.</summary>
    [NotRecorded] public decimal WeightedAmount { get; private set; }

    [Display(Name = "Clôture prévue")] public DateOnly? ExpectedCloseOn { get; private set; }
    [Display(Name = "Clôture réelle"), ReturnsWithGesture(MoveInstead)] public DateOnly? ClosedOn { get; private set; }
    [Display(Name = "Source")] public OpportunitySource Source { get; private set; }
    [Display(Name = "Prochaine action")] public string? NextAction { get; private set; }
    [Display(Name = "Prochaine action le")] public DateOnly? NextActionOn { get; private set; }
    [Display(Name = "Notes")] public string? Notes { get; private set; }
    [Display(Name = "Étape"), ReturnsWithGesture(MoveInstead)] public Guid StageId { get; private set; }

    /// <summary>The stage.</summary>
    public Stage Stage { get; private set; } = null!;

    /// <summary>What the stage means, kept beside it for filters.</summary>
    public StageOutcome Outcome { get; private set; }

    /// <summary>When it entered the stage, UTC.</summary>
    public DateTime StageEnteredAt { get; private set; }

    /// <summary>The place in the column: the smallest is on top.</summary>
    public long Rank { get; private set; }

    [Display(Name = "Motif de perte"), ReturnsWithGesture(MoveInstead)] public LossReason? LossReason { get; private set; }
    [Display(Name = "Précision sur la perte"), ReturnsWithGesture(MoveInstead)] public string? LossNote { get; private set; }
    [Display(Name = "Perdue au profit de"), ReturnsWithGesture(MoveInstead)] public string? LostTo { get; private set; }

    /// <summary>The last time a person dealt with it (a move, a finished task, a logged exchange), UTC: rotting counts from here.</summary>
    public DateTime LastInteractionAt { get; private set; }

    /// <summary>Not shown as dormant before this day.</summary>
    [Display(Name = "En sommeil jusqu'au")] public DateOnly? SnoozedUntil { get; private set; }

    [Display(Name = "Motif de la mise en sommeil")] public string? SnoozeReason { get; private set; }

    /// <summary>Product lines.</summary>
    public IReadOnlyList<OpportunityLine> Lines => _lines;

    /// <summary>The contacts involved beside the main one.</summary>
    public IReadOnlyList<OpportunityContact> Contacts => _contacts;

    /// <summary>Tags and competitors.</summary>
    public IReadOnlyList<OpportunityLabel> Labels => _labels;

    /// <summary>The stages crossed.</summary>
    public IReadOnlyList<StageChange> StageChanges => _stageChanges;

    /// <summary>Name folded, for search.</summary>
    public string SearchKey { get; private set; } = "";

    /// <summary>When it was created, UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>When a field last changed, UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public DateTime? DeletedAt { get; set; }

    /// <inheritdoc/>
    public string RecordName => Name;

    /// <summary>Everything people edit, as it stands.</summary>
    public OpportunityDetails Details() => new()
    {
        Name = Name,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OwnerId = OwnerId,
        TeamId = TeamId,
        Amount = Amount,
        ManualProbabilityPercent = ManualProbabilityPercent,
        ExpectedCloseOn = ExpectedCloseOn,
        Source = Source,
        NextAction = NextAction,
        NextActionOn = NextActionOn,
        Tags = TextsOf(OpportunityLabelKind.Tag),
        Competitors = TextsOf(OpportunityLabelKind.Competitor),
        Notes = Notes,
    };

    /// <summary>Takes new values, after checking each. Needs <see cref="Stage"/> and <see cref="Lines"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; nothing was taken.</exception>
    public void Edit(OpportunityDetails details, DateTime at)
    {
        var name = Clean.Required(details.Name, 200, nameof(Name), "Indiquez le nom de l'affaire.");
        var institutionId = details.InstitutionId ?? throw new BusinessRuleException("Choisissez l'établissement.", nameof(InstitutionId));
        var nextAction = Clean.Text(details.NextAction, 200, nameof(NextAction));
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        var tags = LabelList.Clean(details.Tags, nameof(OpportunityDetails.Tags));
        var competitors = LabelList.Clean(details.Competitors, nameof(OpportunityDetails.Competitors));
        CheckAmount(details.Amount);
        if (details.ManualProbabilityPercent is < 0 or > 100)
        {
            throw new BusinessRuleException("La probabilité va de 0 à 100 %.", nameof(ManualProbabilityPercent));
        }

        if (_lines.Count > 0 && details.Amount != _lines.Sum(line => line.Total))
        {
            throw new BusinessRuleException(LinesMakeTheAmount, nameof(Amount));
        }

        (Name, InstitutionId, ContactId, OwnerId, TeamId) = (name, institutionId, details.ContactId, details.OwnerId, details.TeamId);
        (ExpectedCloseOn, Source, NextAction, NextActionOn, Notes) = (details.ExpectedCloseOn, details.Source, nextAction, details.NextActionOn, notes);
        ManualProbabilityPercent = details.ManualProbabilityPercent;
        Amount = decimal.Round(details.Amount, 2, MidpointRounding.AwayFromZero);
        Label(OpportunityLabelKind.Tag, tags);
        Label(OpportunityLabelKind.Competitor, competitors);
        SearchKey = Foundation.SearchKey.Fold(Name);
        UpdatedAt = at;
        Weigh();
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>
    /// Moves to another stage. Needs <see cref="Stage"/>, <see cref="Lines"/>, <see cref="Contacts"/> and the destination's requirements loaded.
    /// A probability set by hand stays.
    /// </summary>
    /// <exception cref="StageGateException">The destination's checklist lacks items that the terms neither answer nor force.</exception>
    /// <exception cref="BusinessRuleException">A loss without its reason, an impossible closing day or a refused answer; nothing was taken.</exception>
    public void MoveTo(Stage destination, Actor by, DateTime at, DateOnly today, MoveTerms? terms = null)
    {
        if (destination.Id == StageId)
        {
            return;
        }

        terms ??= new MoveTerms();
        var isLost = destination.Outcome is StageOutcome.Lost;
        terms.CheckLoss(destination.Outcome);
        var lossNote = isLost ? Clean.Text(terms.LossNote, 2000, nameof(LossNote)) : null;
        var lostTo = isLost && terms.LossReason is Sales.LossReason.Competitor ? Clean.Text(terms.LostTo, 150, nameof(LostTo)) : null;
        if (terms.ClosedOn > today)
        {
            throw new BusinessRuleException("La date de clôture ne peut pas être dans le futur.", nameof(ClosedOn));
        }

        var forceReason = isLost ? null : PassGate(destination, terms);

        _stageChanges.Add(new StageChange(Id, Name, Stage, destination, by, at)
        {
            DaysInStage = Math.Max(0, (int)(at - StageEnteredAt).TotalDays),
            ForceReason = forceReason,
        });
        (StageId, Stage, StageEnteredAt) = (destination.Id, destination, at);
        (LossReason, LossNote, LostTo) = (isLost ? terms.LossReason : null, lossNote, lostTo);
        ClosedOn = destination.Outcome is StageOutcome.Open ? null : terms.ClosedOn ?? today;
        (SnoozedUntil, SnoozeReason) = (null, null);
        UpdatedAt = at;
        Weigh();
    }

    /// <summary>What the destination asks for and the deal lacks, in the order of the checklist. Needs <see cref="Lines"/> and <see cref="Contacts"/> loaded.</summary>
    public IReadOnlyList<Requirement> MissingFor(Stage destination) => MissingFor(destination, Facts());

    /// <summary>The stage's default probability changed: takes it, unless one was set by hand. Needs <see cref="Stage"/> loaded.</summary>
    public void FollowStage(DateTime at)
    {
        var before = WeightedAmount;
        Weigh();
        if (WeightedAmount != before)
        {
            UpdatedAt = at;
        }
    }

    /// <summary>Takes a place in its column.</summary>
    public void RankAt(long rank) => Rank = rank;

    /// <summary>A person dealt with it: rotting starts again from this moment.</summary>
    public void Touch(DateTime at)
    {
        if (at > LastInteractionAt)
        {
            LastInteractionAt = at;
        }
    }

    /// <summary>Not shown as dormant before a day, for a reason.</summary>
    /// <exception cref="BusinessRuleException">The deal is closed, the day is past or the reason is missing.</exception>
    public void Snooze(DateOnly until, string? reason, DateOnly today, DateTime at)
    {
        if (Outcome is not StageOutcome.Open)
        {
            throw new BusinessRuleException("Cette affaire est close : elle n'a plus à être relancée.", nameof(SnoozedUntil));
        }

        if (until <= today)
        {
            throw new BusinessRuleException("Choisissez un jour à venir.", nameof(SnoozedUntil));
        }

        SnoozeReason = Clean.Required(reason, 300, nameof(SnoozeReason), "Indiquez le motif de la mise en sommeil.");
        SnoozedUntil = until;
        UpdatedAt = at;
    }

    /// <summary>Ends the snooze.</summary>
    public void WakeUp(DateTime at)
    {
        (SnoozedUntil, SnoozeReason) = (null, null);
        UpdatedAt = at;
    }

    /// <summary>Replaces the product lines; the amount becomes their sum.</summary>
    /// <exception cref="BusinessRuleException">A line is incomplete.</exception>
    public void SetLines(IReadOnlyList<OpportunityLineDetails> lines, DateTime at)
    {
        var rows = lines.Select((line, position) => new OpportunityLine(Id, line, position)).ToList();
        if (!_lines.Select(line => line.Details()).SequenceEqual(rows.Select(row => row.Details())))
        {
            _lines.Clear();
            _lines.AddRange(rows);
        }

        if (_lines.Count > 0)
        {
            Amount = _lines.Sum(line => line.Total);
        }

        UpdatedAt = at;
        Weigh();
    }

    /// <summary>Replaces the contacts involved beside the main one, who is left out of them.</summary>
    public void SetContacts(IReadOnlyCollection<Guid> contactIds, DateTime at)
    {
        var wanted = contactIds.Where(id => id != ContactId).Distinct().ToList();
        _contacts.RemoveAll(row => !wanted.Contains(row.ContactId));
        _contacts.AddRange(wanted.Where(id => !_contacts.Exists(row => row.ContactId == id)).Select(id => new OpportunityContact(Id, Name, id)));
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        SearchKey = Foundation.SearchKey.Fold(Name);
        if (_lines.Count > 0)
        {
            Amount = _lines.Sum(line => line.Total);
        }

        Weigh();
        new MoveTerms { LossReason = LossReason, LossNote = LossNote, LostTo = LostTo }.CheckLoss(Outcome);
        if (Outcome is StageOutcome.Open == ClosedOn.HasValue)
        {
            throw new BusinessRuleException("Cette valeur ne peut pas revenir seule : l'étape et la date de clôture vont ensemble.", nameof(StageId));
        }
    }

    private static void CheckAmount(decimal amount)
    {
        if (amount is < 0 or > 1_000_000_000)
        {
            throw new BusinessRuleException("Le montant va de 0 à un milliard d'euros.", nameof(Amount));
        }
    }

    private static List<Requirement> MissingFor(Stage destination, GateFacts facts)
        => [.. destination.Requirements.Select(row => row.Requirement).Where(facts.Lacks).Order()];

    // Checks the destination's checklist against the deal as the terms complete it, then takes what they bring. Returns why it was forced, if it was.
    private string? PassGate(Stage destination, MoveTerms terms)
    {
        var (isWon, line) = (destination.Outcome is StageOutcome.Won, terms.Line is null ? null : new OpportunityLine(Id, terms.Line, _lines.Count));
        var facts = Facts();
        var amount = (isWon ? terms.FinalAmount : null) ?? terms.Amount;
        if (amount is { } typed && (_lines.Count > 0 || line is not null) && typed != _lines.Sum(row => row.Total) + (line?.Total ?? 0))
        {
            throw new BusinessRuleException(LinesMakeTheAmount, nameof(Amount));
        }

        CheckAmount(amount ?? 0);
        var nextAction = Clean.Text(terms.NextAction, 200, nameof(NextAction));
        facts = facts with
        {
            Amount = line is null ? amount ?? facts.Amount : _lines.Sum(row => row.Total) + line.Total,
            ExpectedCloseOn = terms.ExpectedCloseOn ?? facts.ExpectedCloseOn,
            HasContact = facts.HasContact || terms.ContactId is not null,
            NextActionOn = terms.NextActionOn ?? facts.NextActionOn,
            HasLines = facts.HasLines || line is not null,
            Source = terms.Source ?? facts.Source,
        };
        var missing = MissingFor(destination, facts);
        var forceReason = terms.MayForce && missing.Count > 0 ? Clean.Text(terms.ForceReason, 500, nameof(MoveTerms.ForceReason)) : null;
        if (missing.Count > 0 && forceReason is null)
        {
            throw new StageGateException(destination.Name, missing);
        }

        if (line is not null)
        {
            _lines.Add(line);
        }

        Amount = decimal.Round(facts.Amount, 2, MidpointRounding.AwayFromZero);
        (ExpectedCloseOn, NextActionOn, Source) = (facts.ExpectedCloseOn, facts.NextActionOn, facts.Source);
        NextAction = nextAction ?? NextAction;
        ContactId ??= terms.ContactId;
        return forceReason;
    }

    private GateFacts Facts() => new(Amount, ExpectedCloseOn, ContactId is not null || _contacts.Count > 0, NextActionOn, _lines.Count > 0, Source);

    private void Weigh()
    {
        Outcome = Stage.Outcome;
        ProbabilityPercent = Outcome is StageOutcome.Open ? ManualProbabilityPercent ?? Stage.ProbabilityPercent : Stage.ProbabilityPercent;
        WeightedAmount = decimal.Round(Amount * ProbabilityPercent / 100, 2, MidpointRounding.AwayFromZero);
    }

    private List<string> TextsOf(OpportunityLabelKind kind) => [.. _labels.Where(label => label.Kind == kind).Select(label => label.Text)];

    private void Label(OpportunityLabelKind kind, IReadOnlyList<string> texts)
        => LabelList.Match(_labels, label => label.Kind == kind, label => label.Text, texts, text => new OpportunityLabel(Id, kind, text));

    // What a stage's checklist looks at.
    private sealed record GateFacts(decimal Amount, DateOnly? ExpectedCloseOn, bool HasContact, DateOnly? NextActionOn, bool HasLines, OpportunitySource Source)
    {
        public bool Lacks(Requirement requirement) => requirement switch
        {
            Requirement.Amount => Amount <= 0,
            Requirement.ExpectedCloseOn => ExpectedCloseOn is null,
            Requirement.Contact => !HasContact,
            Requirement.NextAction => NextActionOn is null,
            Requirement.Lines => !HasLines,
            Requirement.Source => Source is OpportunitySource.Unknown,
            _ => throw new InvalidOperationException($"Unknown requirement {requirement}"),
        };
    }
}

internal sealed class OpportunityConfiguration : IEntityTypeConfiguration<Opportunity>
{
    public void Configure(EntityTypeBuilder<Opportunity> opportunity)
    {
        opportunity.HasOne(o => o.Institution).WithMany().HasForeignKey(o => o.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Contact>().WithMany().HasForeignKey(o => o.ContactId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne(o => o.Stage).WithMany().HasForeignKey(o => o.StageId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<User>().WithMany().HasForeignKey(o => o.OwnerId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasOne<Team>().WithMany().HasForeignKey(o => o.TeamId).OnDelete(DeleteBehavior.Restrict);
        opportunity.HasMany(o => o.Lines).WithOne().HasForeignKey(line => line.OpportunityId).OnDelete(DeleteBehavior.Cascade);
        opportunity.Navigation(o => o.Lines).HasField("_lines").UsePropertyAccessMode(PropertyAccessMode.Field);
        opportunity.HasMany(o => o.Contacts).WithOne().HasForeignKey(row => row.OpportunityId).OnDelete(DeleteBehavior.Cascade);
        opportunity.Navigation(o => o.Contacts).HasField("_contacts").UsePropertyAccessMode(PropertyAccessMode.Field);
        opportunity.HasMany(o => o.Labels).WithOne().HasForeignKey(label => label.OpportunityId).OnDelete(DeleteBehavior.Cascade);
        opportunity.Navigation(o => o.Labels).HasField("_labels").UsePropertyAccessMode(PropertyAccessMode.Field);
        opportunity.HasMany(o => o.StageChanges).WithOne().HasForeignKey(change => change.OpportunityId).OnDelete(DeleteBehavior.Cascade);
        opportunity.Navigation(o => o.StageChanges).HasField("_stageChanges").UsePropertyAccessMode(PropertyAccessMode.Field);

        opportunity.HasIndex(o => new { o.StageId, o.DeletedAt, o.Rank });
        opportunity.HasIndex(o => new { o.Outcome, o.DeletedAt, o.LastInteractionAt });

        // The board adds up and judges all open deals: from this index alone, without opening one.
        opportunity.HasIndex(o => new { o.StageId, o.LastInteractionAt, o.SnoozedUntil, o.NextActionOn, o.Id, o.Amount, o.WeightedAmount, o.OwnerId, o.TeamId })
            .HasDatabaseName("IX_Opportunities_OpenByStage")
            .HasFilter("\"DeletedAt\" IS NULL AND \"Outcome\" = 0");

        // A search begins with the open deals whose name starts with what is typed.
        opportunity.HasIndex(o => o.SearchKey).HasDatabaseName("IX_Opportunities_OpenByName").HasFilter("\"DeletedAt\" IS NULL AND \"Outcome\" = 0");
        opportunity.HasIndex(o => new { o.DeletedAt, o.SearchKey });
        opportunity.HasIndex(o => new { o.DeletedAt, o.Amount });
        opportunity.HasIndex(o => new { o.DeletedAt, o.ExpectedCloseOn });
        opportunity.HasIndex(o => new { o.DeletedAt, o.UpdatedAt });
        opportunity.HasIndex(o => new { o.InstitutionId, o.DeletedAt, o.Outcome, o.Amount });
        opportunity.HasIndex(o => new { o.OwnerId, o.DeletedAt, o.Outcome });
        opportunity.HasIndex(o => new { o.TeamId, o.DeletedAt, o.Outcome });
        opportunity.HasIndex(o => o.ContactId);
        opportunity.HasIndex(o => new { o.Outcome, o.NextActionOn });
    }
}
