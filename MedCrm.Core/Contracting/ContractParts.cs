using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Contracting;

/// <summary>A price of a contract, in force between two days.</summary>
public sealed class ContractLine : PricedLine
{
    private ContractLine()
    {
    }

    internal ContractLine(Guid contractId, LineDetails details, int position, DateOnly from, Guid? amendmentId = null)
        : base(details, position)
        => (ContractId, From, AmendmentId) = (contractId, from, amendmentId);

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    [Display(Name = "En vigueur du")] public DateOnly From { get; private set; }

    /// <summary>The last day it was in force; null while it is.</summary>
    [Display(Name = "En vigueur jusqu'au")] public DateOnly? Until { get; private set; }

    /// <summary>The amendment that brought it; null for those signed at first.</summary>
    [NotRecorded] public Guid? AmendmentId { get; private set; }

    /// <summary>The amendment that ended it.</summary>
    [NotRecorded] public Guid? ClosedById { get; private set; }

    /// <summary>For a price due once: the first day of the instalment that billed it, or the day of the draft that did when no instalment followed.</summary>
    [NotRecorded] public DateOnly? BilledFrom { get; private set; }

    /// <inheritdoc/>
    public override string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public override Guid WholeId => ContractId;

    /// <summary>Whether it comes back at each period.</summary>
    public bool IsRecurring => Kind is LineKind.Item && Period is not BillingPeriod.OneOff;

    /// <summary>Whether it is in force on a day.</summary>
    public bool IsInForceOn(DateOnly day) => From <= day && (Until is null || day <= Until);

    internal void Close(DateOnly until, Guid amendmentId) => (Until, ClosedById) = (until, amendmentId);

    internal void MarkBilled(DateOnly from) => BilledFrom = from;
}

/// <summary>A change of the prices from a day on. Amounts by month, euros excluding VAT.</summary>
public sealed class Amendment : IRecordedPart
{
    private Amendment()
    {
    }

    internal Amendment(Guid contractId, int number, DateOnly effectiveOn, string change, string? reason, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, Number, EffectiveOn, Change, Reason, ByName, At) = (contractId, number, effectiveOn, change, reason, by.Name, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    [Display(Name = "Avenant n°")] public int Number { get; private set; }
    [Display(Name = "Prend effet le")] public DateOnly EffectiveOn { get; private set; }
    [Display(Name = "Ce qui change")] public string Change { get; private set; } = "";
    [Display(Name = "Motif")] public string? Reason { get; private set; }
    [Display(Name = "Ancien montant mensuel HT")] public decimal OldMonthly { get; private set; }
    [Display(Name = "Nouveau montant mensuel HT")] public decimal NewMonthly { get; private set; }

    /// <summary>What was billed already and is now due besides, euros excluding VAT.</summary>
    [NotRecorded] public decimal ToInvoice { get; private set; }

    /// <summary>What was billed already and is no longer due, euros excluding VAT.</summary>
    [NotRecorded] public decimal ToCredit { get; private set; }

    /// <summary>The first day of the instalment whose draft carries the difference, or the day of its own draft when no instalment followed; null while none does.</summary>
    [NotRecorded] public DateOnly? SettledFrom { get; private set; }

    /// <summary>The index of a revision; null for another change.</summary>
    [Display(Name = "Indice")] public decimal? Index { get; private set; }

    /// <summary>The coefficient of a revision, six decimals; null for another change.</summary>
    [Display(Name = "Coefficient")] public decimal? Coefficient { get; private set; }

    /// <summary>Who made it.</summary>
    [NotRecorded] public string ByName { get; private set; } = "";

    /// <summary>When it was made, UTC.</summary>
    public DateTime At { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"Avenant n° {Number}";

    /// <inheritdoc/>
    public string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public Guid WholeId => ContractId;

    /// <summary>Whether a difference on what was billed waits for a draft.</summary>
    public bool IsToSettle => SettledFrom is null && (ToInvoice != 0 || ToCredit != 0);

    internal void Reckon(decimal oldMonthly, decimal newMonthly, decimal toInvoice, decimal toCredit)
        => (OldMonthly, NewMonthly, ToInvoice, ToCredit) = (oldMonthly, newMonthly, toInvoice, toCredit);

    internal void Revise(decimal index, decimal coefficient) => (Index, Coefficient) = (index, coefficient);

    internal void Settle(DateOnly from) => SettledFrom = from;
}

/// <summary>One term of a contract: the initial one, then each renewal.</summary>
public sealed class ContractPeriod : IRecordedPart
{
    private ContractPeriod()
    {
    }

    internal ContractPeriod(Guid contractId, int number, DateOnly startsOn, DateOnly endsOn, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, Number, StartsOn, EndsOn, OpenedAt) = (contractId, number, startsOn, endsOn, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    /// <summary>1 for the initial term.</summary>
    [Display(Name = "Période n°")] public int Number { get; private set; }

    [Display(Name = "Du")] public DateOnly StartsOn { get; private set; }
    [Display(Name = "Au")] public DateOnly EndsOn { get; private set; }

    /// <summary>What its recurring prices come to, amendments counted from their day, euros excluding VAT.</summary>
    [NotRecorded] public decimal Net { get; private set; }

    /// <summary>When it was opened, UTC.</summary>
    public DateTime OpenedAt { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"Période {Number}";

    /// <inheritdoc/>
    public string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public Guid WholeId => ContractId;

    internal void Reckon(decimal net) => Net = net;
}

/// <summary>What happened to a contract.</summary>
public enum ContractEventKind
{
    [Display(Name = "Signé")] Concluded,
    [Display(Name = "Reconduit")] Renewed,
    [Display(Name = "Avenant")] Amended,
    [Display(Name = "Dénoncé")] Noticed,
    [Display(Name = "Dénonciation retirée")] NoticeWithdrawn,
    [Display(Name = "Résilié")] Terminated,
    [Display(Name = "Terminé")] Ended,
    [Display(Name = "Remplacé")] Replaced,
    [Display(Name = "E-mail au client")] Written,
}

/// <summary>A line of a contract's story, written by its verbs.</summary>
public sealed class ContractEvent : IRecordedPart
{
    private ContractEvent()
    {
    }

    internal ContractEvent(Guid contractId, ContractEventKind kind, DateOnly on, string? text, decimal? amount, Actor by, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, Kind, On, Text, Amount, ById, ByName, At) = (contractId, kind, on, text, amount, by.Id, by.Name, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    [Display(Name = "Événement")] public ContractEventKind Kind { get; private set; }

    /// <summary>The day it counts from: the first one of a renewal, the day after a term.</summary>
    [Display(Name = "Le")] public DateOnly On { get; private set; }

    [Display(Name = "Détail")] public string? Text { get; private set; }

    /// <summary>By month, euros excluding VAT: what it brings or takes.</summary>
    [NotRecorded] public decimal? Amount { get; private set; }

    /// <summary>Who did it; null for the product.</summary>
    [NotRecorded] public Guid? ById { get; private set; }

    /// <summary>Their name.</summary>
    [NotRecorded] public string ByName { get; private set; } = "";

    /// <summary>When it was done, UTC.</summary>
    public DateTime At { get; private set; }

    /// <inheritdoc/>
    public string RecordName => Labels.Of(Kind);

    /// <inheritdoc/>
    public string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public Guid WholeId => ContractId;
}

/// <summary>How a contract moves the monthly recurring revenue, as the five movements of a bridge.</summary>
public enum MrrMovementKind
{
    [Display(Name = "Nouveaux clients")] New,
    [Display(Name = "Expansion")] Expansion,
    [Display(Name = "Contraction")] Contraction,
    [Display(Name = "Perdus")] Churn,
}

/// <summary>
/// A change of the monthly recurring revenue on a day, written by the verbs of a contract so that sums are read and nothing is worked out. Not a record of the
/// business: left out of the change history.
/// </summary>
public sealed class MrrMovement
{
    private MrrMovement()
    {
    }

    internal MrrMovement(Guid contractId, DateOnly on, decimal amount)
    {
        Id = Guid.CreateVersion7();
        (ContractId, On, Amount) = (contractId, on, amount);
    }

    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    /// <summary>The contract.</summary>
    public Contract Contract { get; private set; } = null!;

    /// <summary>The first day on which it counts.</summary>
    public DateOnly On { get; private set; }

    /// <summary>By month, euros excluding VAT; negative for what goes.</summary>
    public decimal Amount { get; private set; }

    /// <summary>What it is for the customer, all its contracts taken together over the month (<see cref="MrrBook"/>).</summary>
    public MrrMovementKind Kind { get; private set; }

    internal void Is(MrrMovementKind kind) => Kind = kind;
}

/// <summary>What was told of a deadline, so that it is told once. The key is unique.</summary>
public sealed class ContractAlert
{
    private ContractAlert()
    {
    }

    internal ContractAlert(Guid contractId, string what, DateOnly deadline, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, What, Deadline, At) = (contractId, what, deadline, at);
    }

    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    /// <summary>« end-90 », « notice-30 », « task »…</summary>
    public string What { get; private set; } = "";

    /// <summary>The day it was about.</summary>
    public DateOnly Deadline { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }
}

/// <summary>An instalment for which a draft invoice was made: the pair of contract and first day is unique, so that none is billed twice.</summary>
public sealed class ContractBilling
{
    private ContractBilling()
    {
    }

    internal ContractBilling(Guid contractId, int index, DateOnly from, DateOnly to, Guid? invoiceId, decimal net, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, Index, From, To, InvoiceId, Net, At) = (contractId, index, from, to, invoiceId, net, at);
    }

    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    /// <summary>The rank of the instalment, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>The first day billed.</summary>
    public DateOnly From { get; private set; }

    /// <summary>The last day billed; what was billed beyond the end of the contract is taken off once a draft gives it back.</summary>
    public DateOnly To { get; private set; }

    /// <summary>The draft, invoice since; null when there was nothing to bill.</summary>
    public Guid? InvoiceId { get; private set; }

    /// <summary>What the draft came to, euros excluding VAT.</summary>
    public decimal Net { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTime At { get; private set; }

    internal void EndBy(DateOnly lastDay)
    {
        if (To > lastDay)
        {
            To = lastDay < From ? From.AddDays(-1) : lastDay;
        }
    }
}

/// <summary>Why a letter was prepared.</summary>
public enum ContractLetterKind
{
    [Display(Name = "Échéance prochaine")] Renewal,
    [Display(Name = "Information avant reconduction")] Information,
}

/// <summary>An e-mail to the customer that waits for somebody to review and send it.</summary>
public sealed class ContractLetter : IRecordedPart
{
    private ContractLetter()
    {
    }

    internal ContractLetter(Guid contractId, ContractLetterKind kind, DateOnly deadline, DateOnly? sendBy, string subject, string text, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (ContractId, Kind, Deadline, SendBy, Subject, Text, At) = (contractId, kind, deadline, sendBy, subject, text, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    /// <summary>Why it was prepared.</summary>
    [Display(Name = "Nature")] public ContractLetterKind Kind { get; private set; }

    /// <summary>The day it is about, once for each kind.</summary>
    [Display(Name = "Échéance")] public DateOnly Deadline { get; private set; }

    /// <summary>The last day on which it does what it is for; null without one.</summary>
    [Display(Name = "À envoyer avant le")] public DateOnly? SendBy { get; private set; }

    [Display(Name = "Objet")] public string Subject { get; private set; } = "";
    [Display(Name = "Message")] public string Text { get; private set; } = "";

    /// <summary>When it was prepared, UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>When somebody sent it, UTC.</summary>
    [Display(Name = "Envoyé le")] public DateTime? SentAt { get; private set; }

    /// <summary>When somebody set it aside, UTC.</summary>
    [Display(Name = "Écarté le")] public DateTime? DroppedAt { get; private set; }

    /// <inheritdoc/>
    public string RecordName => Subject;

    /// <inheritdoc/>
    public string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public Guid WholeId => ContractId;

    /// <summary>Whether it still waits.</summary>
    public bool IsWaiting => SentAt is null && DroppedAt is null;

    internal void Send(string subject, string text, DateTime at)
    {
        DemandWaiting();
        (Subject, Text, SentAt) = (subject, text, at);
    }

    internal void Drop(DateTime at)
    {
        DemandWaiting();
        DroppedAt = at;
    }

    private void DemandWaiting()
    {
        if (!IsWaiting)
        {
            throw new BusinessRuleException("Cet e-mail a déjà été envoyé ou écarté.");
        }
    }
}

/// <summary>A published index, as somebody typed it from its publication.</summary>
public sealed class IndexValue : IRecorded
{
    private IndexValue()
    {
    }

    internal IndexValue(string name, DateOnly month)
    {
        Id = Guid.CreateVersion7();
        (Name, Month) = (name, new DateOnly(month.Year, month.Month, 1));
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Indice")] public string Name { get; private set; } = "";

    /// <summary>The first day of the month it was published for.</summary>
    [Display(Name = "Mois")] public DateOnly Month { get; private set; }

    [Display(Name = "Valeur")] public decimal Value { get; private set; }

    /// <inheritdoc/>
    public string RecordName => $"{Name} {Month:MM/yyyy}";

    internal void Set(decimal value) => Value = value;
}

/// <summary>Where a revision stands.</summary>
public enum RevisionStatus
{
    [Display(Name = "À valider")] Waiting,
    [Display(Name = "Appliquée")] Applied,
    [Display(Name = "Écartée")] Dropped,
}

/// <summary>A revision that the clause allows from a day on: it waits for a person, and becomes an amendment.</summary>
public sealed class IndexRevision : IRecordedPart
{
    private IndexRevision()
    {
    }

    internal IndexRevision(Guid contractId, DateOnly effectiveOn)
    {
        Id = Guid.CreateVersion7();
        (ContractId, EffectiveOn) = (contractId, effectiveOn);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contract.</summary>
    public Guid ContractId { get; private set; }

    [Display(Name = "Prend effet le")] public DateOnly EffectiveOn { get; private set; }
    [Display(Name = "Indice")] public decimal Index { get; private set; }
    [Display(Name = "Mois")] public DateOnly Month { get; private set; }
    [Display(Name = "Coefficient")] public decimal Coefficient { get; private set; }
    [Display(Name = "Ancien montant mensuel HT")] public decimal OldMonthly { get; private set; }
    [Display(Name = "Nouveau montant mensuel HT")] public decimal NewMonthly { get; private set; }
    [Display(Name = "État")] public RevisionStatus Status { get; private set; }

    /// <summary>When it was proposed, UTC.</summary>
    public DateTime At { get; private set; }

    /// <inheritdoc/>
    public string RecordName => "Révision";

    /// <inheritdoc/>
    public string WholeType => nameof(Contract);

    /// <inheritdoc/>
    public Guid WholeId => ContractId;

    /// <summary>It waits for a person, with the index of any day of a month.</summary>
    internal void Propose(decimal index, DateOnly month, DateTime at) => (Index, Month, At, Status) = (index, new DateOnly(month.Year, month.Month, 1), at, RevisionStatus.Waiting);

    internal void Reckon(decimal coefficient, decimal oldMonthly, decimal newMonthly) => (Coefficient, OldMonthly, NewMonthly) = (coefficient, oldMonthly, newMonthly);

    internal void Close(RevisionStatus status)
    {
        if (Status is not RevisionStatus.Waiting)
        {
            throw new BusinessRuleException("Cette révision a déjà été traitée.");
        }

        Status = status;
    }
}

internal sealed class ContractPartsConfiguration :
    IEntityTypeConfiguration<ContractLine>, IEntityTypeConfiguration<Amendment>, IEntityTypeConfiguration<ContractPeriod>, IEntityTypeConfiguration<ContractEvent>,
    IEntityTypeConfiguration<MrrMovement>, IEntityTypeConfiguration<ContractAlert>, IEntityTypeConfiguration<ContractBilling>, IEntityTypeConfiguration<ContractLetter>,
    IEntityTypeConfiguration<IndexValue>, IEntityTypeConfiguration<IndexRevision>
{
    public void Configure(EntityTypeBuilder<ContractLine> line)
    {
        PricedLineMapping.Describe(line, nameof(ContractLine.ContractId));
        line.Ignore(l => l.IsRecurring);
    }

    public void Configure(EntityTypeBuilder<Amendment> amendment)
    {
        amendment.Ignore(a => a.IsToSettle);
        amendment.Property(a => a.Index).HasConversion<Millionths>();
        amendment.Property(a => a.Coefficient).HasConversion<Millionths>();
        amendment.HasIndex(a => new { a.ContractId, a.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ContractPeriod> period) => period.HasIndex(p => new { p.ContractId, p.Number }).IsUnique();

    public void Configure(EntityTypeBuilder<ContractEvent> happened)
    {
        happened.HasIndex(e => new { e.ContractId, e.At });
        happened.HasIndex(e => new { e.Kind, e.On });
    }

    public void Configure(EntityTypeBuilder<MrrMovement> movement)
    {
        movement.Property(m => m.Id).ValueGeneratedNever();
        movement.HasIndex(m => new { m.On, m.Kind, m.Amount, m.ContractId });
        movement.HasIndex(m => new { m.ContractId, m.On });
    }

    public void Configure(EntityTypeBuilder<ContractAlert> alert)
    {
        alert.Property(a => a.Id).ValueGeneratedNever();
        alert.HasIndex(a => new { a.ContractId, a.What, a.Deadline }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ContractBilling> billing)
    {
        billing.Property(b => b.Id).ValueGeneratedNever();
        billing.HasIndex(b => new { b.ContractId, b.From }).IsUnique();
        billing.HasIndex(b => b.InvoiceId).HasFilter("\"InvoiceId\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<ContractLetter> letter)
    {
        letter.Ignore(l => l.IsWaiting);
        letter.HasIndex(l => new { l.ContractId, l.Kind, l.Deadline }).IsUnique();
        letter.HasIndex(l => l.ContractId).HasDatabaseName("IX_ContractLetters_Waiting").HasFilter("\"SentAt\" IS NULL AND \"DroppedAt\" IS NULL");
    }

    public void Configure(EntityTypeBuilder<IndexValue> value)
    {
        value.Property(v => v.Value).HasConversion<Millionths>();
        value.HasIndex(v => new { v.Name, v.Month }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<IndexRevision> revision)
    {
        revision.Property(r => r.Index).HasConversion<Millionths>();
        revision.Property(r => r.Coefficient).HasConversion<Millionths>();
        revision.HasIndex(r => new { r.ContractId, r.EffectiveOn }).IsUnique();
        revision.HasIndex(r => r.Status).HasFilter("\"Status\" = 0");
    }
}
