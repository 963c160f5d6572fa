using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Contracting;

/// <summary>
/// What an institution and the company agreed on for some time: prices that come back, a term, how it goes on. A draft is edited freely; once in force it binds,
/// and its prices change by an amendment alone.
/// </summary>
public sealed class Contract : IOwned, IVersioned, IBinnable, IRestorable, ISealed
{
    private const int MostYearsAgo = 30;

    private readonly List<ContractLine> _lines = [];
    private readonly List<Amendment> _amendments = [];
    private readonly List<ContractPeriod> _periods = [];
    private readonly List<ContractEvent> _events = [];
    private readonly List<MrrMovement> _movements = [];
    private readonly List<ContractBilling> _billings = [];
    private readonly List<ContractLetter> _letters = [];
    private readonly List<IndexRevision> _revisions = [];

    private Contract()
    {
    }

    /// <summary>A new draft.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public Contract(ContractDetails details, string number, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (Number, CreatedAt) = (number, at);
        (OpportunityId, QuoteId, ReplacesId) = (details.OpportunityId, details.QuoteId, details.ReplacesId);
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>« C-2026-0001 ».</summary>
    [Display(Name = "Numéro")] public string Number { get; private set; } = "";

    [Display(Name = "Statut")] public ContractStatus Status { get; private set; }
    [Display(Name = "Objet")] public string Title { get; private set; } = "";
    [Display(Name = "Type")] public ContractType Type { get; private set; }
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>The institution.</summary>
    public Institution Institution { get; private set; } = null!;

    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }
    [Display(Name = "Devis")] public Guid? QuoteId { get; private set; }
    [Display(Name = "Remplace")] public Guid? ReplacesId { get; private set; }
    [Display(Name = "Remplacé par")] public Guid? ReplacedById { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Début")] public DateOnly StartsOn { get; private set; }
    [Display(Name = "Durée initiale (mois)")] public int InitialMonths { get; private set; }
    [Display(Name = "Reconduction tacite")] public bool IsTacit { get; private set; }
    [Display(Name = "Durée de reconduction (mois)")] public int RenewalMonths { get; private set; }
    [Display(Name = "Nombre maximal de reconductions")] public int? MostRenewals { get; private set; }
    [Display(Name = "Préavis (mois)")] public int NoticeMonths { get; private set; }
    [Display(Name = "Facturation")] public BillingPeriod Billing { get; private set; }
    [Display(Name = "À terme échu")] public bool IsInArrears { get; private set; }
    [Display(Name = "Facturer à partir du")] public DateOnly? BillsFrom { get; private set; }
    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; private set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; private set; }
    [Display(Name = "N° de bon de commande")] public string? PurchaseOrder { get; private set; }
    [Display(Name = "Indice de révision")] public string? IndexName { get; private set; }
    [Display(Name = "Indice de base")] public decimal? BaseIndex { get; private set; }
    [Display(Name = "Mois de l'indice de base")] public DateOnly? BaseIndexMonth { get; private set; }
    [Display(Name = "Part fixe (%)")] public decimal FixedPercent { get; private set; }
    [Display(Name = "Plafond de hausse (%)")] public decimal? CapPercent { get; private set; }
    [Display(Name = "Jamais à la baisse")] public bool NeverDown { get; private set; }
    [Display(Name = "Notes internes")] public string? Notes { get; private set; }

    /// <summary>The months opened: the initial term and the renewals.</summary>
    [NotRecorded] public int Months { get; private set; }

    /// <summary>How long it runs or ran, months: what was opened, less what the end cut off.</summary>
    [NotRecorded] public int DurationMonths { get; private set; }

    [Display(Name = "Reconductions")] public int Renewals { get; private set; }

    /// <summary>The last day of the present term, kept for lists.</summary>
    [Display(Name = "Fin")] public DateOnly EndsOn { get; private set; }

    /// <summary>The last day for notice of the present term, kept for lists.</summary>
    [NotRecorded] public DateOnly LastNoticeOn { get; private set; }

    [Display(Name = "Dénoncé le")] public DateOnly? NoticeOn { get; private set; }
    [Display(Name = "Dénoncé par nous")] public bool IsNoticeOurs { get; private set; }
    [Display(Name = "Dénoncé hors délai")] public bool IsNoticeLate { get; private set; }
    [Display(Name = "Motif de fin")] public EndReason? EndReason { get; private set; }
    [Display(Name = "Précision sur la fin")] public string? EndNote { get; private set; }

    /// <summary>The last day it is in force, once known to stop; null while it goes on.</summary>
    [Display(Name = "Dernier jour")] public DateOnly? LastDay { get; private set; }

    /// <summary>What was billed beyond the last day and returns by credit notes, euros excluding VAT.</summary>
    [Display(Name = "À créditer HT")] public decimal CreditDue { get; private set; }

    /// <summary>When it came into force here, UTC; null for a draft.</summary>
    [Display(Name = "Activé le")] public DateTime? ActivatedAt { get; private set; }

    /// <summary>The signed file among the documents of the institution.</summary>
    [Display(Name = "Exemplaire signé")] public Guid? SignedDocumentId { get; private set; }

    /// <summary>What the recurring prices in force come to by month, euros excluding VAT.</summary>
    [Display(Name = "Montant mensuel HT")] public decimal Monthly { get; private set; }

    /// <summary>What they cost us by month, euros excluding VAT; null when a cost is unknown.</summary>
    [NotRecorded] public decimal? MonthlyCost { get; private set; }

    /// <summary>The day its next draft is for, an instalment or what none carries any more; null when nothing more is to be billed.</summary>
    [NotRecorded] public DateOnly? NextBillOn { get; private set; }

    /// <summary>The next day on which an amendment already made takes effect.</summary>
    [NotRecorded] public DateOnly? NextChangeOn { get; private set; }

    /// <summary>Its prices, past ones included, in their order.</summary>
    public IReadOnlyList<ContractLine> Lines => _lines;

    /// <summary>Its amendments.</summary>
    public IReadOnlyList<Amendment> Amendments => _amendments;

    /// <summary>Its terms.</summary>
    public IReadOnlyList<ContractPeriod> Periods => _periods;

    /// <summary>Its story.</summary>
    public IReadOnlyList<ContractEvent> Events => _events;

    /// <summary>How it moves the recurring revenue.</summary>
    public IReadOnlyList<MrrMovement> Movements => _movements;

    /// <summary>What was billed.</summary>
    public IReadOnlyList<ContractBilling> Billings => _billings;

    /// <summary>E-mails prepared for the customer.</summary>
    public IReadOnlyList<ContractLetter> Letters => _letters;

    /// <summary>Revisions proposed.</summary>
    public IReadOnlyList<IndexRevision> Revisions => _revisions;

    /// <summary>Number and title folded, for search.</summary>
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
    public string RecordName => Number;

    /// <inheritdoc/>
    public Sentence? WhySealed => Status is ContractStatus.Draft ? null : $"Le contrat {Number} engage les deux parties : il ne change plus que par un avenant, une dénonciation ou une résiliation.";

    /// <summary>Its terms, as they stand.</summary>
    public ContractTerms Terms => new(StartsOn, Months == 0 ? InitialMonths : Months, IsTacit, RenewalMonths, Renewals, MostRenewals, NoticeMonths);

    /// <summary>The contracts that bind and go on, to be asked of the database.</summary>
    internal static Expression<Func<Contract, bool>> Live { get; } = contract => contract.Status == ContractStatus.Active || contract.Status == ContractStatus.Noticed;

    /// <summary>The day from which the last amendment holds: nothing takes effect before it any more.</summary>
    internal DateOnly? LastAmendedOn => _amendments.Max(amendment => (DateOnly?)amendment.EffectiveOn);

    /// <summary>Whether it renews by itself when its present term is over.</summary>
    public bool WillRenew => Status is ContractStatus.Active && ReplacedById is null && Terms.WillRenew;

    /// <summary>The clause that revises its prices; null without one.</summary>
    public IndexFormula? Formula => IndexName is not null && BaseIndex is { } index ? new IndexFormula(index, FixedPercent, CapPercent, NeverDown) : null;

    /// <summary>Everything people edit, as it stands.</summary>
    public ContractDetails Details() => new()
    {
        Title = Title,
        Type = Type,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
        QuoteId = QuoteId,
        ReplacesId = ReplacesId,
        OwnerId = OwnerId,
        TeamId = TeamId,
        StartsOn = StartsOn,
        InitialMonths = InitialMonths,
        IsTacit = IsTacit,
        RenewalMonths = RenewalMonths,
        MostRenewals = MostRenewals,
        NoticeMonths = NoticeMonths,
        Billing = Billing,
        IsInArrears = IsInArrears,
        BillsFrom = BillsFrom,
        TermKind = TermKind,
        TermDays = TermDays,
        PurchaseOrder = PurchaseOrder,
        IndexName = IndexName,
        BaseIndex = BaseIndex,
        BaseIndexMonth = BaseIndexMonth,
        FixedPercent = FixedPercent,
        CapPercent = CapPercent,
        NeverDown = NeverDown,
        Notes = Notes,
        Lines = [.. _lines.Where(line => line.Until is null).OrderBy(line => line.Position).Select(line => line.Details())],
    };

    /// <summary>Takes new values, after checking each. Once in force, only the contact, who follows it and the notes change. Needs <see cref="Lines"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">A value is refused, or it changes only by an amendment; nothing was taken.</exception>
    public void Edit(ContractDetails details, DateTime at)
    {
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        if (Status is not ContractStatus.Draft)
        {
            var now = Details();
            if (details with { ContactId = now.ContactId, OwnerId = now.OwnerId, TeamId = now.TeamId, Notes = now.Notes, Lines = now.Lines } != now || !details.Lines.SequenceEqual(now.Lines))
            {
                throw new BusinessRuleException(WhySealed!);
            }

            (ContactId, OwnerId, TeamId, Notes, UpdatedAt) = (details.ContactId, details.OwnerId, details.TeamId, notes, at);
            return;
        }

        var title = Clean.Required(details.Title, 200, nameof(Title), "Indiquez l'objet du contrat.");
        var institutionId = details.InstitutionId ?? throw new BusinessRuleException("Choisissez l'établissement.", nameof(InstitutionId));
        var startsOn = details.StartsOn ?? throw new BusinessRuleException("Indiquez le premier jour du contrat.", nameof(StartsOn));
        if (startsOn < DateOnly.FromDateTime(at).AddYears(-MostYearsAgo) || startsOn > DateOnly.FromDateTime(at).AddYears(MostYearsAgo))
        {
            throw new BusinessRuleException("Ce premier jour est à plus de trente ans d'ici : vérifiez l'année.", nameof(StartsOn));
        }

        var purchaseOrder = Clean.Text(details.PurchaseOrder, 50, nameof(PurchaseOrder));
        CheckTerms(details);
        var index = CheckedIndex(details);
        var lines = details.Lines.Select((line, position) => new ContractLine(Id, line, position, startsOn)).ToList();

        (Title, Type, InstitutionId, ContactId, OwnerId, TeamId) = (title, details.Type, institutionId, details.ContactId, details.OwnerId, details.TeamId);
        (StartsOn, InitialMonths, IsTacit, RenewalMonths, MostRenewals, NoticeMonths) = (startsOn, details.InitialMonths, details.IsTacit, details.RenewalMonths, details.IsTacit ? details.MostRenewals : null, details.NoticeMonths);
        (Billing, IsInArrears, BillsFrom, TermKind, TermDays, PurchaseOrder, Notes) = (details.Billing, details.IsInArrears, details.BillsFrom, details.TermKind, details.TermDays, purchaseOrder, notes);
        (IndexName, BaseIndex, BaseIndexMonth) = (index, index is null ? null : details.BaseIndex, index is null ? null : FirstOfMonth(details.BaseIndexMonth));
        (FixedPercent, CapPercent, NeverDown) = (index is null ? 0 : details.FixedPercent, index is null ? null : details.CapPercent, details.NeverDown);
        if (_lines.Exists(line => line.From != startsOn) || !_lines.OrderBy(line => line.Position).Select(line => line.Details()).SequenceEqual(lines.Select(line => line.Details())))
        {
            _lines.Clear();
            _lines.AddRange(lines);
        }

        UpdatedAt = at;
        Reckon(startsOn);
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>Comes into force: its first term opens. Needs <see cref="Lines"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">It is in force already, or has no price.</exception>
    public void Activate(Actor by, DateTime at, DateOnly today)
    {
        if (Status is not ContractStatus.Draft)
        {
            throw new BusinessRuleException("Ce contrat est déjà en vigueur.");
        }

        if (!_lines.Exists(line => line.Kind is LineKind.Item))
        {
            throw new BusinessRuleException("Ajoutez au moins un prix avant d'activer le contrat.");
        }

        (Status, ActivatedAt, UpdatedAt, Months) = (ContractStatus.Active, at, at, InitialMonths);
        BillsFrom ??= StartsOn < today ? Instalments.Holding(StartsOn, Billing.Months(), today).From : StartsOn;
        _periods.Add(new ContractPeriod(Id, 1, StartsOn, Terms.EndsOn, at));
        Move(StartsOn, MonthlyOn(StartsOn));
        Tell(ContractEventKind.Concluded, StartsOn, Title, MonthlyOn(StartsOn), by, at);
        Reckon(today);
    }

    /// <summary>
    /// Replaces the recurring prices from a day on, and adds prices due once. What was billed already for days that change is worked out, to be carried by the next
    /// draft, or by one of its own when none follows. Needs everything loaded.
    /// </summary>
    /// <exception cref="BusinessRuleException">It is not in force on that day, nothing changes, or a value is refused; nothing was taken.</exception>
    public Amendment Amend(AmendmentDetails details, Actor by, DateTime at, DateOnly today)
    {
        var effectiveOn = CheckedEffect(details.EffectiveOn);
        var change = Clean.Required(details.Change, 500, nameof(Amendment.Change), "Indiquez ce qui change.");
        var reason = Clean.Text(details.Reason, 1000, nameof(Amendment.Reason));
        var (closed, added) = Difference(details.Lines, effectiveOn);
        var amendment = new Amendment(Id, _amendments.Count + 1, effectiveOn, change, reason, by, at);
        var (before, after) = (MonthlyOn(effectiveOn), MonthlyAfter(closed, added, effectiveOn));
        List<ProrationPart> parts = [.. Regularised(closed, added, effectiveOn, _billings)];
        amendment.Reckon(before, after, parts.Where(part => part.Amount > 0).Sum(part => part.Amount), -parts.Where(part => part.Amount < 0).Sum(part => part.Amount));

        foreach (var line in closed)
        {
            line.Close(effectiveOn.AddDays(-1), amendment.Id);
        }

        foreach (var line in added)
        {
            _lines.Add(new ContractLine(Id, line.Details(), _lines.Count, effectiveOn, amendment.Id));
        }

        _amendments.Add(amendment);
        Move(effectiveOn, after - before);
        Tell(ContractEventKind.Amended, effectiveOn, $"Avenant n° {amendment.Number} : {change}", after - before, by, at);
        UpdatedAt = at;
        Reckon(today);
        return amendment;
    }

    /// <summary>What an amendment would change, without making it: by month, and for the period under way, day by day.</summary>
    /// <exception cref="BusinessRuleException">It is not in force on that day, nothing changes, or a value is refused.</exception>
    public ProrationPreview Preview(AmendmentDetails details)
    {
        var effectiveOn = CheckedEffect(details.EffectiveOn);
        var (closed, added) = Difference(details.Lines, effectiveOn);
        var billed = _billings.Where(billing => billing.To >= effectiveOn).ToList();
        var current = Instalments.Holding(StartsOn, Billing.Months(), effectiveOn);

        // What is not billed yet will be, at the new price from its day: the same figures, told without being carried over.
        List<ProrationPart> parts = [.. Regularised(closed, added, effectiveOn, billed.Count > 0 ? billed : [new ContractBilling(Id, current.Index, current.From, Earlier(current.To, Limit), null, 0, default)])];
        return new ProrationPreview(
            MonthlyOn(effectiveOn),
            MonthlyAfter(closed, added, effectiveOn),
            parts.Where(part => part.Amount > 0).Sum(part => part.Amount),
            -parts.Where(part => part.Amount < 0).Sum(part => part.Amount),
            billed.Count > 0,
            NextInstalment() is not null,
            parts);
    }

    /// <summary>
    /// One of the parties gives notice: the contract stops at the end of its present term. Once the last day has passed it counts only if both agree.
    /// </summary>
    /// <exception cref="BusinessRuleException">It is not in force, the notice comes too late, or the reason is missing.</exception>
    public void GiveNotice(NoticeDetails details, Actor by, DateTime at, DateOnly today)
    {
        Demand(ContractStatus.Active);
        var on = details.On ?? today;
        if (on > today || on < StartsOn)
        {
            throw new BusinessRuleException("Le jour de la dénonciation est entre le début du contrat et aujourd'hui.", nameof(NoticeDetails.On));
        }

        var reason = details.Reason ?? throw new BusinessRuleException("Indiquez le motif de la dénonciation.", nameof(NoticeDetails.Reason));
        var note = Clean.Text(details.Note, 1000, nameof(NoticeDetails.Note));
        var isLate = Terms.WillRenew && on > LastNoticeOn;
        if (isLate && !details.AcceptsLate)
        {
            throw new BusinessRuleException($"Le dernier jour pour dénoncer était le {FrenchText.FormatDay(LastNoticeOn)} : le contrat se reconduit. Cochez « Accepter hors délai » si les deux parties en conviennent.", nameof(NoticeDetails.On));
        }

        (Status, NoticeOn, IsNoticeOurs, IsNoticeLate, EndReason, EndNote, UpdatedAt) = (ContractStatus.Noticed, on, details.IsOurs, isLate, reason, note, at);
        Tell(ContractEventKind.Noticed, on, isLate ? $"Hors délai, accepté. Fin le {FrenchText.FormatDay(EndsOn)}" : $"Fin le {FrenchText.FormatDay(EndsOn)}", null, by, at);
        Reckon(today);
    }

    /// <summary>The notice is taken back: the contract goes on as before.</summary>
    /// <exception cref="BusinessRuleException">No notice was given, or the contract is over.</exception>
    public void WithdrawNotice(Actor by, DateTime at, DateOnly today)
    {
        Demand(ContractStatus.Noticed);
        (Status, NoticeOn, IsNoticeOurs, IsNoticeLate, EndReason, EndNote, UpdatedAt) = (ContractStatus.Active, null, false, false, null, null, at);
        Tell(ContractEventKind.NoticeWithdrawn, today, null, null, by, at);
        Reckon(today);
    }

    /// <summary>Stops before its term, for a reason, on a last day past or to come. What was billed beyond is to be credited. Needs everything loaded.</summary>
    /// <exception cref="BusinessRuleException">It is not in force, the day is outside its present term, or the reason is missing.</exception>
    public void Terminate(TerminationDetails details, Actor by, DateTime at, DateOnly today)
    {
        DemandLive();
        var lastDay = details.LastDay ?? throw new BusinessRuleException("Indiquez le dernier jour du contrat.", nameof(LastDay));
        if (lastDay < StartsOn || lastDay > EndsOn)
        {
            throw new BusinessRuleException($"Le dernier jour est entre le {FrenchText.FormatDay(StartsOn)} et le {FrenchText.FormatDay(EndsOn)}.", nameof(LastDay));
        }

        EndReason = details.Reason ?? throw new BusinessRuleException("Indiquez le motif de la résiliation.", nameof(TerminationDetails.Reason));
        EndNote = Clean.Text(details.Note, 1000, nameof(TerminationDetails.Note));
        var lost = MonthlyOn(lastDay);
        Close(ContractStatus.Terminated, lastDay, at);
        Tell(ContractEventKind.Terminated, lastDay.AddDays(1), Labels.Of(EndReason.Value) + (EndNote is null ? "" : $" : {EndNote}"), -lost, by, at);
        Reckon(today);
    }

    /// <summary>Opens a next term by agreement, whether or not the contract would renew by itself. Needs everything loaded.</summary>
    /// <exception cref="BusinessRuleException">It is not in force, or the months are out of bounds.</exception>
    public void Renew(int months, Actor by, DateTime at, DateOnly today)
    {
        Demand(ContractStatus.Active);
        CheckMonths(months, nameof(RenewalMonths));
        OpenNext(months, by, at);
        Reckon(today);
    }

    /// <summary>
    /// What time does to it on a day: terms that are over are followed by the next ones, as many as needed, or end the contract. A second call for the same day does
    /// nothing. Needs everything loaded.
    /// </summary>
    public void Pass(DateOnly today, Actor by, DateTime at)
    {
        while (Status.IsLive() && EndsOn < today)
        {
            if (WillRenew)
            {
                OpenNext(RenewalMonths, by, at);
                continue;
            }

            var (wasNoticed, lost) = (Status is ContractStatus.Noticed, MonthlyOn(EndsOn));
            Close(ContractStatus.Ended, EndsOn, at);
            Tell(ContractEventKind.Ended, EndsOn.AddDays(1), wasNoticed ? "Dénoncé" : IsTacit ? "Nombre de reconductions atteint" : "Sans reconduction tacite", -lost, by, at);
        }

        Reckon(today);
    }

    /// <summary>Another contract takes its place: it stops the day before that one starts. Needs everything loaded.</summary>
    /// <exception cref="BusinessRuleException">It is not in force, or the other one starts before it.</exception>
    public void ReplaceBy(Contract other, Actor by, DateTime at, DateOnly today)
    {
        DemandLive();
        if (other.StartsOn <= StartsOn)
        {
            throw new BusinessRuleException($"Le contrat de remplacement commence après le {FrenchText.FormatDay(StartsOn)}.", nameof(StartsOn));
        }

        var lastDay = other.StartsOn.AddDays(-1) < EndsOn ? other.StartsOn.AddDays(-1) : EndsOn;
        var lost = MonthlyOn(lastDay);
        ReplacedById = other.Id;
        Close(ContractStatus.Ended, lastDay, at);
        Tell(ContractEventKind.Replaced, lastDay.AddDays(1), $"Remplacé par {other.Number}", -lost, by, at);
        Reckon(today);
    }

    /// <summary>Says which document is the signed one; null takes it back.</summary>
    public void Sign(Guid? documentId, DateTime at) => (SignedDocumentId, UpdatedAt) = (documentId, at);

    /// <summary>Prepares an e-mail for the customer; null when one was already prepared for that day.</summary>
    internal ContractLetter? Prepare(ContractLetterKind kind, DateOnly deadline, DateOnly? sendBy, string subject, string text, DateTime at)
    {
        if (_letters.Exists(letter => letter.Kind == kind && letter.Deadline == deadline))
        {
            return null;
        }

        var letter = new ContractLetter(Id, kind, deadline, sendBy, subject, text, at);
        _letters.Add(letter);
        return letter;
    }

    /// <summary>The e-mail was reviewed and sent.</summary>
    /// <exception cref="BusinessRuleException">It was sent or set aside already.</exception>
    internal void Written(ContractLetter letter, string subject, string text, string to, Actor by, DateTime at, DateOnly today)
    {
        letter.Send(subject, text, at);
        Tell(ContractEventKind.Written, today, $"{subject} ({to})", null, by, at);
        UpdatedAt = at;
    }

    /// <summary>The next day from which the clause may revise the prices: an anniversary of the start.</summary>
    public DateOnly NextRevisionOn(DateOnly today)
    {
        for (var years = 1; ; years++)
        {
            var day = StartsOn.AddMonths(12 * years);
            if (day >= today && !_revisions.Exists(revision => revision.EffectiveOn == day && revision.Status is RevisionStatus.Applied))
            {
                return day;
            }
        }
    }

    /// <summary>Proposes a revision for a day; nothing changes until somebody applies it. One that was set aside for that day is proposed again. Null when one is there already.</summary>
    /// <exception cref="BusinessRuleException">There is no clause, or the index does not follow the base.</exception>
    internal IndexRevision? Propose(DateOnly effectiveOn, decimal index, DateOnly month, DateTime at)
    {
        var formula = Formula ?? throw new BusinessRuleException("Ce contrat n'a pas de clause de révision.");
        DemandLive();
        if (index <= 0)
        {
            throw new BusinessRuleException("Indiquez la valeur de l'indice.", nameof(IndexRevision.Index));
        }

        DemandAfterBase(month);
        var revision = _revisions.Find(known => known.EffectiveOn == effectiveOn);
        if (revision is { Status: not RevisionStatus.Dropped })
        {
            return null;
        }

        CheckedEffect(effectiveOn);
        if (revision is null)
        {
            revision = new IndexRevision(Id, effectiveOn);
            _revisions.Add(revision);
        }

        revision.Propose(index, month, at);
        Reckon(revision, formula);
        return revision;
    }

    /// <summary>Applies a revision that waited: it becomes an amendment, and its index is the base of the next one. Needs everything loaded.</summary>
    /// <exception cref="BusinessRuleException">It was already dealt with, its index does not follow the base, or it changes nothing.</exception>
    internal Amendment Apply(IndexRevision revision, Actor by, DateTime at, DateOnly today)
    {
        var formula = Formula!.Value;
        DemandAfterBase(revision.Month);
        Reckon(revision, formula);
        revision.Close(RevisionStatus.Applied);
        var amendment = Amend(
            new AmendmentDetails
            {
                EffectiveOn = revision.EffectiveOn,
                Change = $"Révision des prix : {IndexName}",
                Reason = string.Create(FrenchText.Culture, $"Indice {BaseIndex:0.######} ({BaseIndexMonth:MM/yyyy}) → {revision.Index:0.######} ({revision.Month:MM/yyyy}), coefficient {revision.Coefficient:0.000000}"),
                Lines = RevisedLines(revision.EffectiveOn, formula, revision.Index),
            },
            by,
            at,
            today);
        amendment.Revise(revision.Index, revision.Coefficient);
        (BaseIndex, BaseIndexMonth) = (revision.Index, revision.Month);
        Reckon(today);
        return amendment;
    }

    /// <summary>The recurring prices in force on a day, revised.</summary>
    public IReadOnlyList<LineDetails> RevisedLines(DateOnly day, IndexFormula formula, decimal index)
        => [.. InForceOn(day).Select(line => line.Details() with { UnitPrice = formula.Revised(line.UnitPrice, index) })];

    /// <summary>The recurring prices in force on a day, in their order.</summary>
    public IEnumerable<ContractLine> InForceOn(DateOnly day) => _lines.Where(line => line.IsRecurring && !line.IsOption && line.IsInForceOn(day)).OrderBy(line => line.Position);

    /// <summary>What they come to by month, euros excluding VAT.</summary>
    public decimal MonthlyOn(DateOnly day) => Instalments.Monthly(InForceOn(day).Select(line => (line.Net, line.Period)));

    /// <summary>
    /// The next stretch to bill, with the first and the last day of it that are billed: less than the whole when billing starts or the contract stops within it. No
    /// day is left out: it follows the last one billed. Null when nothing more is to be billed.
    /// </summary>
    public (Instalment Whole, DateOnly From, DateOnly To)? NextInstalment()
    {
        if (Status is ContractStatus.Draft || BillsFrom is not { } billsFrom)
        {
            return null;
        }

        var from = _billings.Count > 0 ? _billings.Max(billing => billing.To).AddDays(1) : Later(billsFrom, StartsOn);
        var whole = Instalments.Holding(StartsOn, Billing.Months(), from);
        return from > Limit ? null : (whole, from, Earlier(whole.To, Limit));
    }

    /// <summary>What a draft for a stretch says: the recurring prices, day by day where they change; prices due once and not billed yet; what amendments changed of former drafts.</summary>
    internal IReadOnlyList<LineDetails> LinesFor(Instalment whole, DateOnly from, DateOnly to)
    {
        var lines = new List<LineDetails>();
        foreach (var line in _lines.Where(line => line.IsRecurring && !line.IsOption).OrderBy(line => line.Position))
        {
            var (first, last) = (Later(line.From, from), Earlier(line.Until, to));
            if (Instalments.DaysWithin(whole, first, last) is > 0 and var days)
            {
                lines.Add(Billed(line, Amount(line, whole, first, last), days == whole.Days ? null : (first, last)));
            }
        }

        return [.. lines.Concat(Besides(to).Select(part => part.Line)).Where(line => line.Net != 0)];
    }

    /// <summary>Notes that a draft was made for a stretch, with everything it carried.</summary>
    internal void Bill(Instalment whole, DateOnly from, DateOnly to, Guid? invoiceId, decimal net, DateTime at, DateOnly today)
    {
        _billings.Add(new ContractBilling(Id, whole.Index, from, to, invoiceId, net, at));
        Carry(from, to);
        Reckon(today);
    }

    /// <summary>
    /// What no draft of a stretch will carry, once nothing more is to be billed: what amendments changed of former drafts, prices due once, and the days billed beyond
    /// the last one, each at its own price. Nothing while a stretch is still to be billed. Needs everything loaded.
    /// </summary>
    internal IReadOnlyList<ProrationPart> Unsettled()
        => Status is ContractStatus.Draft || NextInstalment() is not null || (_billings.Count == 0 && BillsFrom > Limit) ? [] : [.. Besides(Limit), .. Unserved()];

    /// <summary>Notes that drafts carry what <see cref="Unsettled"/> told, so that it is told once.</summary>
    /// <param name="credited">What returns by credit notes, euros excluding VAT.</param>
    /// <param name="today">The local day.</param>
    internal void Settle(decimal credited, DateOnly today)
    {
        Carry(today, Limit);
        if (LastDay is { } lastDay)
        {
            CreditDue = credited;
            _billings.ForEach(billing => billing.EndBy(lastDay));
        }

        Reckon(today);
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        SearchKey = Foundation.SearchKey.Fold($"{Number} {Title}");
        if (Status is ContractStatus.Draft)
        {
            Reckon(StartsOn);
        }
    }

    /// <summary>Works out what follows from the rest. Needs everything loaded once in force.</summary>
    internal void Reckon(DateOnly today)
    {
        var terms = Terms;
        (EndsOn, LastNoticeOn) = (terms.EndsOn, terms.LastNoticeOn);
        DurationMonths = LastDay < EndsOn ? (int)Math.Round((LastDay.Value.DayNumber + 1 - StartsOn.DayNumber) / 30.4375, MidpointRounding.AwayFromZero) : terms.Months;
        var day = today < StartsOn ? StartsOn : LastDay < today ? LastDay.Value : today;
        var lines = InForceOn(day).ToList();
        Monthly = Instalments.Monthly(lines.Select(line => (line.Net, line.Period)));
        MonthlyCost = Instalments.MonthlyCost([.. lines.Select(line => (line.Quantity, line.UnitCost, line.Period))]);
        NextChangeOn = _lines.Where(line => line.From > day).Min(line => (DateOnly?)line.From);
        NextBillOn = NextInstalment() is { } next ? IsInArrears ? next.To.AddDays(1) : next.From
            : Unsettled() is { Count: > 0 } left ? LastDay is null ? left.Min(part => part.From) : today
            : null;
        foreach (var revision in _revisions.Where(revision => revision.Status is RevisionStatus.Waiting))
        {
            Reckon(revision, Formula!.Value);
        }

        foreach (var period in _periods)
        {
            period.Reckon(NetOf(period));
        }

        SearchKey = Foundation.SearchKey.Fold($"{Number} {Title}");
    }

    private static DateOnly? FirstOfMonth(DateOnly? day) => day is { } known ? new DateOnly(known.Year, known.Month, 1) : null;

    private static void CheckMonths(int months, string field)
    {
        if (months is < 1 or > 120)
        {
            throw new BusinessRuleException("La durée va de 1 à 120 mois.", field);
        }
    }

    private static void CheckTerms(ContractDetails details)
    {
        CheckMonths(details.InitialMonths, nameof(InitialMonths));
        if (details.IsTacit)
        {
            CheckMonths(details.RenewalMonths, nameof(RenewalMonths));
        }

        if (details.NoticeMonths is < 0 or > 24)
        {
            throw new BusinessRuleException("Le préavis va de 0 à 24 mois.", nameof(NoticeMonths));
        }

        if (details.IsTacit && details.NoticeMonths >= Math.Min(details.InitialMonths, details.RenewalMonths))
        {
            throw new BusinessRuleException("Le préavis est plus court que la durée initiale et que celle de reconduction.", nameof(NoticeMonths));
        }

        if (details is { IsTacit: true, MostRenewals: < 1 or > 50 })
        {
            throw new BusinessRuleException("Le nombre de reconductions va de 1 à 50.", nameof(MostRenewals));
        }

        if (details.Billing is BillingPeriod.OneOff)
        {
            throw new BusinessRuleException("Choisissez tous les combien le contrat est facturé.", nameof(Billing));
        }
    }

    private static string? CheckedIndex(ContractDetails details)
    {
        if (Clean.Text(details.IndexName, 80, nameof(IndexName)) is not { } name)
        {
            return null;
        }

        if (details.BaseIndex is not > 0 || decimal.Round(details.BaseIndex.Value, 6) != details.BaseIndex)
        {
            throw new BusinessRuleException("Indiquez l'indice de base : le dernier publié à la signature.", nameof(BaseIndex));
        }

        if (details.BaseIndexMonth is null)
        {
            throw new BusinessRuleException("Indiquez le mois de l'indice de base.", nameof(BaseIndexMonth));
        }

        if (details.FixedPercent is < 0 or >= 100)
        {
            throw new BusinessRuleException("La part fixe va de 0 à moins de 100 %.", nameof(FixedPercent));
        }

        return details.CapPercent is < 0 or > 100 ? throw new BusinessRuleException("Le plafond va de 0 à 100 %.", nameof(CapPercent)) : name;
    }

    private void Demand(params ReadOnlySpan<ContractStatus> allowed)
    {
        if (!allowed.Contains(Status))
        {
            throw new BusinessRuleException(Status is ContractStatus.Draft
                ? "Ce contrat est encore un brouillon : activez-le d'abord."
                : (Sentence)$"Ce contrat est à l'état « {Labels.Of(Status)} » : ce geste n'est plus possible.");
        }
    }

    private void DemandLive() => Demand(ContractStatus.Active, ContractStatus.Noticed);

    private DateOnly CheckedEffect(DateOnly? day)
    {
        DemandLive();
        var effectiveOn = day ?? throw new BusinessRuleException("Indiquez le jour à partir duquel l'avenant s'applique.", nameof(Amendment.EffectiveOn));
        if (effectiveOn < StartsOn || effectiveOn > Limit)
        {
            throw new BusinessRuleException("L'avenant prend effet pendant le contrat.", nameof(Amendment.EffectiveOn));
        }

        return LastAmendedOn is { } last && effectiveOn < last
            ? throw new BusinessRuleException($"Le dernier avenant prend effet le {FrenchText.FormatDay(last)} : celui-ci prend effet le même jour ou après.", nameof(Amendment.EffectiveOn))
            : effectiveOn;
    }

    // Prices that stay keep their row, so that an amendment shows what it changed and nothing else.
    private (List<ContractLine> Closed, List<ContractLine> Added) Difference(IReadOnlyList<LineDetails> wanted, DateOnly effectiveOn)
    {
        var closed = InForceOn(effectiveOn).ToList();
        var added = new List<ContractLine>();
        foreach (var (position, details) in wanted.Index())
        {
            if (closed.Find(line => line.Details() == details) is { } kept)
            {
                closed.Remove(kept);
            }
            else
            {
                added.Add(new ContractLine(Id, details, position, effectiveOn));
            }
        }

        return closed.Count + added.Count > 0 ? (closed, added) : throw new BusinessRuleException("Cet avenant ne change aucun prix.");
    }

    private decimal MonthlyAfter(List<ContractLine> closed, List<ContractLine> added, DateOnly day)
        => Instalments.Monthly(InForceOn(day).Except(closed).Concat(added).Where(line => line.IsRecurring && !line.IsOption).Select(line => (line.Net, line.Period)));

    private static decimal MonthlyOf(IEnumerable<LineDetails> lines)
        => Instalments.Monthly(lines.Where(line => line.Kind is LineKind.Item && !line.IsOption).Select(line => (line.Net, line.Period)));

    // The last day on which it can ask for money, as far as is known.
    private DateOnly Limit => LastDay ?? (WillRenew ? DateOnly.MaxValue : EndsOn);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Earlier(DateOnly? one, DateOnly other) => one < other ? one.Value : other;

    private void DemandAfterBase(DateOnly month)
    {
        if (BaseIndexMonth is { } known && FirstOfMonth(month) <= known)
        {
            throw new BusinessRuleException($"L'indice de révision suit celui de base, de {known:MM/yyyy}.", nameof(IndexRevision.Month));
        }
    }

    // A revision that waits follows the prices and the base as they stand: it says what it would do today.
    private void Reckon(IndexRevision revision, IndexFormula formula)
        => revision.Reckon(formula.Coefficient(revision.Index), MonthlyOn(revision.EffectiveOn), MonthlyOf(RevisedLines(revision.EffectiveOn, formula, revision.Index)));

    private IEnumerable<ContractLine> DueOnce(DateOnly to)
        => _lines.Where(line => line.Kind is LineKind.Item && !line.IsRecurring && !line.IsOption && line.BilledFrom is null && line.From <= to).OrderBy(line => line.Position);

    // What a draft carries besides its own days: prices due once up to a day, and what amendments changed of former drafts.
    private IEnumerable<ProrationPart> Besides(DateOnly to)
        => DueOnce(to).Select(line => new ProrationPart(line.Details(), line.Net, line.From, line.From, null))
            .Concat(_amendments.Where(amendment => amendment.IsToSettle).SelectMany(amendment => Regularised(
                    [.. _lines.Where(line => line.ClosedById == amendment.Id)],
                    [.. _lines.Where(line => line.AmendmentId == amendment.Id)],
                    amendment.EffectiveOn,
                    _billings)
                .Select(part => part.Named(amendment.RecordName))));

    private void Carry(DateOnly from, DateOnly to)
    {
        foreach (var line in DueOnce(to))
        {
            line.MarkBilled(from);
        }

        foreach (var amendment in _amendments.Where(amendment => amendment.IsToSettle))
        {
            amendment.Settle(from);
        }
    }

    // Days already billed at the former prices: those are given back, the new ones asked for.
    private IEnumerable<ProrationPart> Regularised(IReadOnlyCollection<ContractLine> closed, IReadOnlyCollection<ContractLine> added, DateOnly effectiveOn, IEnumerable<ContractBilling> billings)
        => from billing in billings
           where billing.To >= effectiveOn
           orderby billing.From
           from change in closed.Select(line => (Line: line, Sign: -1)).Concat(added.Select(line => (Line: line, Sign: 1)))
           where change.Line.IsRecurring
           let part = PartOf(change.Line, billing, Later(effectiveOn, billing.From), billing.To, change.Sign)
           where part.Amount != 0
           select part;

    // Days billed beyond the last one, at the prices of each of them.
    private IEnumerable<ProrationPart> Unserved()
        => from billing in _billings
           where billing.To > LastDay
           orderby billing.From
           from line in _lines.Where(line => line.IsRecurring && !line.IsOption).OrderBy(line => line.Position)
           let first = Later(Later(line.From, billing.From), LastDay!.Value.AddDays(1))
           let last = Earlier(line.Until, billing.To)
           where first <= last
           let part = PartOf(line, billing, first, last, -1)
           where part.Amount != 0
           select part.Named("Fin du contrat");

    private ProrationPart PartOf(ContractLine line, ContractBilling billing, DateOnly first, DateOnly last, int sign)
    {
        var amount = sign * Amount(line, Instalments.At(StartsOn, Billing.Months(), billing.Index), first, last);
        return new ProrationPart(Billed(line, amount, (first, last)), amount, first, last, billing.InvoiceId);
    }

    private decimal Amount(ContractLine line, Instalment whole, DateOnly first, DateOnly last)
        => Instalments.Prorated(Instalments.Share(line.Net, line.Period.Months(), Billing.Months(), whole.Index), whole, first, last);

    // A whole period at its own price is billed as it is written in the contract; anything else as one amount, with its days.
    private LineDetails Billed(ContractLine line, decimal amount, (DateOnly First, DateOnly Last)? days)
    {
        var details = line.Details();
        if (days is null && line.Period == Billing)
        {
            return details;
        }

        var description = days is { } part ? $"{details.Description}, du {FrenchText.FormatDay(part.First)} au {FrenchText.FormatDay(part.Last)}" : details.Description;
        return details with { Description = Clean.Shortened(description, 2000), Quantity = amount < 0 ? -1 : 1, UnitPrice = Math.Abs(amount), DiscountPercent = 0, Period = Billing, UnitCost = null };
    }

    private decimal NetOf(ContractPeriod period)
    {
        var net = 0m;
        var months = Billing.Months();
        var to = LastDay < period.EndsOn ? LastDay.Value : period.EndsOn;
        for (var part = Instalments.Holding(StartsOn, months, period.StartsOn); part.From <= to; part = Instalments.At(StartsOn, months, part.Index + 1))
        {
            foreach (var line in _lines.Where(line => line.IsRecurring && !line.IsOption))
            {
                var (first, last) = (line.From > period.StartsOn ? line.From : period.StartsOn, line.Until < to ? line.Until.Value : to);
                net += Instalments.DaysWithin(part, first, last) > 0 ? Amount(line, part, first, last) : 0;
            }
        }

        return net;
    }

    private void OpenNext(int months, Actor by, DateTime at)
    {
        var terms = Terms;
        var next = terms.Renewed(months);
        (Months, Renewals, UpdatedAt) = (next.Months, next.Renewals, at);
        (EndsOn, LastNoticeOn) = (next.EndsOn, next.LastNoticeOn);
        _periods.Add(new ContractPeriod(Id, Renewals + 1, terms.RenewsOn, next.EndsOn, at));
        Tell(ContractEventKind.Renewed, terms.RenewsOn, $"Du {FrenchText.FormatDay(terms.RenewsOn)} au {FrenchText.FormatDay(next.EndsOn)}", MonthlyOn(terms.RenewsOn), by, at);
    }

    // Whatever was to change after the last day no longer does.
    private void Close(ContractStatus status, DateOnly lastDay, DateTime at)
    {
        _movements.RemoveAll(movement => movement.On > lastDay);
        Move(lastDay.AddDays(1), -_movements.Sum(movement => movement.Amount));
        (Status, LastDay, UpdatedAt) = (status, lastDay, at);
        CreditDue = -Unserved().Sum(part => part.Amount);
    }

    private void Move(DateOnly on, decimal amount)
    {
        if (amount != 0)
        {
            _movements.Add(new MrrMovement(Id, on, amount));
        }
    }

    private void Tell(ContractEventKind kind, DateOnly on, string? text, decimal? amount, Actor by, DateTime at)
        => _events.Add(new ContractEvent(Id, kind, on, text is null ? null : Clean.Shortened(text, 1000), amount, by, at));
}

/// <summary>A difference on what was billed: the line that carries it and its amount, negative to give back. Euros excluding VAT.</summary>
/// <param name="Line">The line of a draft.</param>
/// <param name="Amount">What it comes to.</param>
/// <param name="From">Its first day.</param>
/// <param name="To">Its last day.</param>
/// <param name="InvoiceId">The invoice that billed those days; null for a price due once.</param>
public sealed record ProrationPart(LineDetails Line, decimal Amount, DateOnly From, DateOnly To, Guid? InvoiceId)
{
    /// <summary>The same, its line opened by what brings it.</summary>
    internal ProrationPart Named(string why) => this with { Line = Line with { Description = Clean.Shortened($"{why} – {Line.Description}", 2000) } };
}

/// <summary>What an amendment would change. Euros excluding VAT.</summary>
/// <param name="OldMonthly">By month, before.</param>
/// <param name="NewMonthly">By month, after.</param>
/// <param name="ToInvoice">Due besides, for the days of the period under way.</param>
/// <param name="ToCredit">No longer due, for the same days.</param>
/// <param name="IsBilled">The period was billed already: another draft carries the difference. Otherwise its own draft will, at the new prices from their day.</param>
/// <param name="IsCarried">A period is still to be billed, whose draft carries it. Otherwise the difference has a draft of its own.</param>
/// <param name="Parts">Line by line.</param>
public sealed record ProrationPreview(decimal OldMonthly, decimal NewMonthly, decimal ToInvoice, decimal ToCredit, bool IsBilled, bool IsCarried, IReadOnlyList<ProrationPart> Parts)
{
    /// <summary>The difference.</summary>
    public decimal Net => ToInvoice - ToCredit;
}

internal sealed class ContractConfiguration : IEntityTypeConfiguration<Contract>
{
    public void Configure(EntityTypeBuilder<Contract> contract)
    {
        contract.Ignore(c => c.WhySealed);
        contract.Ignore(c => c.Terms);
        contract.Ignore(c => c.WillRenew);
        contract.Ignore(c => c.Formula);
        contract.Property(c => c.BaseIndex).HasConversion<Millionths>();
        contract.HasOne(c => c.Institution).WithMany().HasForeignKey(c => c.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Contact>().WithMany().HasForeignKey(c => c.ContactId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Opportunity>().WithMany().HasForeignKey(c => c.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Quote>().WithMany().HasForeignKey(c => c.QuoteId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Contract>().WithMany().HasForeignKey(c => c.ReplacesId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Contract>().WithMany().HasForeignKey(c => c.ReplacedById).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Document>().WithMany().HasForeignKey(c => c.SignedDocumentId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<User>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Restrict);
        contract.HasOne<Team>().WithMany().HasForeignKey(c => c.TeamId).OnDelete(DeleteBehavior.Restrict);
        Parts(c => c.Lines, "_lines");
        Parts(c => c.Amendments, "_amendments");
        Parts(c => c.Periods, "_periods");
        Parts(c => c.Events, "_events");
        Parts(c => c.Billings, "_billings");
        Parts(c => c.Letters, "_letters");
        Parts(c => c.Revisions, "_revisions");
        contract.HasMany(c => c.Movements).WithOne(movement => movement.Contract).HasForeignKey(movement => movement.ContractId).OnDelete(DeleteBehavior.Cascade);
        contract.Navigation(c => c.Movements).HasField("_movements").UsePropertyAccessMode(PropertyAccessMode.Field);
        contract.HasMany<ContractAlert>().WithOne().HasForeignKey(alert => alert.ContractId).OnDelete(DeleteBehavior.Cascade);

        contract.HasIndex(c => c.Number).IsUnique();
        contract.HasIndex(c => new { c.DeletedAt, c.SearchKey });
        contract.HasIndex(c => new { c.DeletedAt, c.Status, c.EndsOn });
        contract.HasIndex(c => new { c.DeletedAt, c.EndsOn });
        contract.HasIndex(c => new { c.DeletedAt, c.StartsOn });
        contract.HasIndex(c => new { c.DeletedAt, c.LastNoticeOn });
        contract.HasIndex(c => new { c.DeletedAt, c.Monthly });
        contract.HasIndex(c => c.NextBillOn).HasFilter("\"NextBillOn\" IS NOT NULL AND \"DeletedAt\" IS NULL");
        contract.HasIndex(c => c.NextChangeOn).HasFilter("\"NextChangeOn\" IS NOT NULL AND \"DeletedAt\" IS NULL");
        contract.HasIndex(c => new { c.InstitutionId, c.DeletedAt, c.Status, c.EndsOn });
        contract.HasIndex(c => new { c.OwnerId, c.DeletedAt, c.Status, c.EndsOn });
        contract.HasIndex(c => new { c.TeamId, c.DeletedAt, c.Status });
        contract.HasIndex(c => c.OpportunityId).HasFilter("\"OpportunityId\" IS NOT NULL");
        contract.HasIndex(c => c.QuoteId).HasFilter("\"QuoteId\" IS NOT NULL");
        contract.HasIndex(c => c.ContactId).HasFilter("\"ContactId\" IS NOT NULL");

        void Parts<TPart>(Expression<Func<Contract, IEnumerable<TPart>?>> parts, string field)
            where TPart : class
        {
            contract.HasMany(parts).WithOne().HasForeignKey("ContractId").OnDelete(DeleteBehavior.Cascade);
            contract.Navigation(parts).HasField(field).UsePropertyAccessMode(PropertyAccessMode.Field);
        }
    }
}
