using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Quoting;

/// <summary>
/// One version of an offer to an institution. Versions share a number; the last one counts. A draft is edited freely; once sent it changes by a new
/// version alone, and once accepted it is a contract (C. civ. art. 1113) and stays as it is.
/// </summary>
public sealed class Quote : IOwned, IVersioned, IBinnable, IRestorable, ISealed
{
    private readonly List<QuoteLine> _lines = [];

    private Quote()
    {
    }

    /// <summary>A new draft, first version or next one of a number.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public Quote(QuoteDetails details, string number, int versionNumber, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (Number, VersionNumber, CreatedAt, IsLast) = (number, versionNumber, at, true);
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>« D-2026-0041 », the same for every version.</summary>
    [Display(Name = "Numéro")] public string Number { get; private set; } = "";

    /// <summary>1, 2, 3…</summary>
    [Display(Name = "Version")] public int VersionNumber { get; private set; }

    /// <summary>Whether no later version exists: lists show these.</summary>
    [NotRecorded] public bool IsLast { get; private set; }

    [Display(Name = "Statut")] public QuoteStatus Status { get; private set; }
    [Display(Name = "Objet")] public string Title { get; private set; } = "";
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>The institution.</summary>
    public Institution Institution { get; private set; } = null!;

    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Date")] public DateOnly IssuedOn { get; private set; }
    [Display(Name = "Valable jusqu'au")] public DateOnly ValidUntil { get; private set; }
    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; private set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; private set; }
    [Display(Name = "Acompte à la commande (%)")] public decimal DepositPercent { get; private set; }
    [Display(Name = "Remise globale (%)")] public decimal DiscountPercent { get; private set; }
    [Display(Name = "Remise globale HT")] public decimal DiscountAmount { get; private set; }
    [Display(Name = "Introduction")] public string? Introduction { get; private set; }
    [Display(Name = "Conditions")] public string? Terms { get; private set; }
    [Display(Name = "Notes internes")] public string? Notes { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    [Display(Name = "Total HT")] public decimal Net { get; private set; }

    /// <summary>Euros.</summary>
    [NotRecorded] public decimal Tax { get; private set; }

    /// <summary>Euros including VAT.</summary>
    [NotRecorded] public decimal Gross { get; private set; }

    /// <summary>When it was sent, UTC.</summary>
    [Display(Name = "Envoyé le")] public DateTime? SentAt { get; private set; }

    /// <summary>When the customer first opened it, UTC.</summary>
    [Display(Name = "Consulté le")] public DateTime? ViewedAt { get; private set; }

    /// <summary>When it was accepted or refused, UTC.</summary>
    [Display(Name = "Décidé le")] public DateTime? DecidedAt { get; private set; }

    [Display(Name = "Accepté par")] public string? AcceptedBy { get; private set; }
    [Display(Name = "Mode d'acceptation")] public AcceptanceMeans? Acceptance { get; private set; }
    [Display(Name = "Motif du refus")] public string? RefusalReason { get; private set; }

    /// <summary>The signed copy that the customer sent back on paper, among the documents; null without one.</summary>
    [Display(Name = "Exemplaire signé")] public Guid? ScanId { get; private set; }

    /// <summary>The PDF that was sent, in the folder of files; null while it is a draft.</summary>
    [NotRecorded] public string? PdfPath { get; private set; }

    /// <summary>SHA-256 of that PDF, lower-case hexadecimal.</summary>
    [NotRecorded] public string? PdfSha256 { get; private set; }

    /// <summary>The lines in their order.</summary>
    public IReadOnlyList<QuoteLine> Lines => _lines;

    /// <summary>Number, title and institution folded, for search.</summary>
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
    public string RecordName => VersionNumber == 1 ? Number : $"{Number} v{VersionNumber}";

    /// <inheritdoc/>
    public Sentence? WhySealed => Status is QuoteStatus.Draft && IsLast ? null : $"Le devis {RecordName} a quitté la maison : il ne change plus que par une nouvelle version.";

    /// <summary>The totals, from the lines.</summary>
    public DocumentTotals Totals => DocumentTotals.Of(_lines, new GlobalDiscount(DiscountPercent, DiscountAmount));

    /// <summary>Where it stands on a day: what was sent and not answered expires after its last day.</summary>
    public QuoteStatus StateOn(DateOnly today) => StateOf(Status, ValidUntil, today);

    /// <summary>The same rule, for a row that was read without its quote.</summary>
    public static QuoteStatus StateOf(QuoteStatus status, DateOnly validUntil, DateOnly today)
        => QuoteQueries.IsExpired(status, validUntil, today) ? QuoteStatus.Expired : status;

    /// <summary>Everything people edit, as it stands.</summary>
    public QuoteDetails Details() => new()
    {
        Title = Title,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
        OwnerId = OwnerId,
        TeamId = TeamId,
        IssuedOn = IssuedOn,
        ValidUntil = ValidUntil,
        TermKind = TermKind,
        TermDays = TermDays,
        DepositPercent = DepositPercent,
        DiscountPercent = DiscountPercent,
        DiscountAmount = DiscountAmount,
        Introduction = Introduction,
        Terms = Terms,
        Notes = Notes,
        Lines = [.. _lines.OrderBy(line => line.Position).Select(line => line.Details() with { LineId = line.Id })],
    };

    /// <summary>
    /// Takes new values, after checking each. Needs <see cref="Lines"/> loaded. A line that says which stored one it is changes that one, so that the
    /// history tells cells and not whole tables; the others are new, and stored lines that nobody names are removed.
    /// </summary>
    /// <exception cref="BusinessRuleException">It has left the house, or a value is refused; nothing was taken.</exception>
    public void Edit(QuoteDetails details, DateTime at)
    {
        if (WhySealed is { } reason)
        {
            throw new BusinessRuleException(reason);
        }

        var title = Clean.Required(details.Title, 200, nameof(Title), "Indiquez l'objet du devis.");
        var institutionId = details.InstitutionId ?? throw new BusinessRuleException("Choisissez l'établissement.", nameof(InstitutionId));
        var introduction = Clean.Text(details.Introduction, 4000, nameof(Introduction));
        var terms = Clean.Text(details.Terms, 4000, nameof(Terms));
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        if (details.ValidUntil < details.IssuedOn)
        {
            throw new BusinessRuleException("La validité se termine après la date du devis.", nameof(ValidUntil));
        }

        if (details.DepositPercent is < 0 or > 100)
        {
            throw new BusinessRuleException("L'acompte va de 0 à 100 %.", nameof(DepositPercent));
        }

        LineDetails.DemandFew(details.Lines);

        // Checked as new lines first: of a refusal nothing is taken.
        var lines = details.Lines.Select((line, position) => new QuoteLine(Id, line, position)).ToList();
        var discount = GlobalDiscount.Checked(details.DiscountPercent, details.DiscountAmount, DocumentTotals.Of(lines).Lines);

        (Title, InstitutionId, ContactId, OpportunityId, OwnerId, TeamId) = (title, institutionId, details.ContactId, details.OpportunityId, details.OwnerId, details.TeamId);
        (IssuedOn, ValidUntil, TermKind, TermDays) = (details.IssuedOn, details.ValidUntil, details.TermKind, details.TermDays);
        (DepositPercent, DiscountPercent, DiscountAmount) = (details.DepositPercent, discount.Percent, discount.Percent == 0 ? discount.Amount : 0);
        (Introduction, Terms, Notes) = (introduction, terms, notes);
        Match(details.Lines, lines);
        Reckon();
        UpdatedAt = at;
    }

    /// <summary>Leaves the house with the PDF that was printed of it; without one where nothing prints here. Call <see cref="Departure"/>, which tells the deal as well.</summary>
    /// <exception cref="BusinessRuleException">It was already decided or replaced, has no line, or its validity is over.</exception>
    public void Send(string? pdfPath, string? pdfSha256, DateTime at, DateOnly today)
    {
        if (Status is not QuoteStatus.Draft || !IsLast)
        {
            throw new BusinessRuleException("Ce devis est déjà parti : faites-en une nouvelle version.");
        }

        if (!_lines.Exists(line => line is { Kind: LineKind.Item, IsOption: false }))
        {
            throw new BusinessRuleException("Ajoutez au moins une ligne avant d'envoyer le devis.");
        }

        if (ValidUntil < today)
        {
            throw new BusinessRuleException("La validité de ce devis est passée : prolongez-la avant de l'envoyer.", nameof(ValidUntil));
        }

        (Status, SentAt, PdfPath, PdfSha256) = (QuoteStatus.Sent, at, pdfPath, pdfSha256);
        UpdatedAt = at;
    }

    /// <summary>The customer opened it; only the first time counts.</summary>
    public void MarkViewed(DateTime at)
    {
        if (Status is QuoteStatus.Sent)
        {
            (Status, ViewedAt, UpdatedAt) = (QuoteStatus.Viewed, at, at);
        }
    }

    /// <summary>The customer takes some of its options, which count from then on. Comes before <see cref="Accept"/>; needs <see cref="Lines"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">It cannot be answered any more, or a line is not one of its options; nothing was taken.</exception>
    public void TakeOptions(IReadOnlyCollection<Guid> lineIds, AcceptanceMeans means, DateOnly today)
    {
        DemandAnswerable(today, means);
        var taken = _lines.FindAll(line => lineIds.Contains(line.Id));
        if (taken.Count != lineIds.Distinct().Count() || taken.Exists(line => line is not { Kind: LineKind.Item, IsOption: true }))
        {
            throw new BusinessRuleException("Une option choisie ne figure pas dans ce devis.");
        }

        taken.ForEach(line => line.BeTaken());
        Reckon();
    }

    /// <summary>The customer accepts it, once. Options that were not taken stay out.</summary>
    /// <exception cref="BusinessRuleException">It is a draft, was answered or replaced, or its validity is over.</exception>
    public void Accept(string by, AcceptanceMeans means, DateTime at, DateOnly today)
    {
        DemandAnswerable(today, means);
        AcceptedBy = Clean.Required(by, 150, nameof(AcceptedBy), "Indiquez le nom du signataire.");
        (Status, Acceptance, DecidedAt, UpdatedAt) = (QuoteStatus.Accepted, means, at, at);
    }

    /// <summary>Keeps the copy that the customer signed on paper.</summary>
    /// <exception cref="BusinessRuleException">It was not accepted on paper.</exception>
    public void KeepScan(Guid documentId, DateTime at)
    {
        if (Acceptance is not AcceptanceMeans.Scan)
        {
            throw new BusinessRuleException("Ce devis n'a pas été accepté sur papier.");
        }

        (ScanId, UpdatedAt) = (documentId, at);
    }

    /// <summary>The customer refuses it, with a reason.</summary>
    /// <exception cref="BusinessRuleException">It is a draft, was answered or replaced, or the reason is missing.</exception>
    public void Refuse(string? reason, DateTime at, DateOnly today)
    {
        DemandAnswerable(today, AcceptanceMeans.Scan);
        RefusalReason = Clean.Required(reason, 1000, nameof(RefusalReason), "Indiquez le motif du refus.");
        (Status, DecidedAt, UpdatedAt) = (QuoteStatus.Refused, at, at);
    }

    /// <summary>A later version takes its place.</summary>
    /// <exception cref="BusinessRuleException">It was accepted.</exception>
    public void Replace(DateTime at)
    {
        if (Status is QuoteStatus.Accepted)
        {
            throw new BusinessRuleException("Ce devis est accepté : il engage les deux parties et ne se remplace plus. Dupliquez-le pour une nouvelle offre.");
        }

        IsLast = false;
        (Status, UpdatedAt) = (QuoteStatus.Replaced, at);
    }

    /// <summary>The draft that was to take its place is given up: it stands again as it stood.</summary>
    /// <exception cref="BusinessRuleException">It was not replaced.</exception>
    public void Reinstate(DateTime at)
    {
        if (Status is not QuoteStatus.Replaced)
        {
            throw new BusinessRuleException("Cette version n'a pas été remplacée.");
        }

        IsLast = true;
        Status = (DecidedAt, ViewedAt, SentAt) switch
        {
            (not null, _, _) => QuoteStatus.Refused,
            (_, not null, _) => QuoteStatus.Viewed,
            (_, _, not null) => QuoteStatus.Sent,
            _ => QuoteStatus.Draft,
        };
        UpdatedAt = at;
    }

    /// <summary>Gives the customer more days. What was sent keeps its PDF; the new day stands beside it.</summary>
    /// <exception cref="BusinessRuleException">It was answered or replaced, or the day is not later.</exception>
    public void Extend(DateOnly validUntil, DateTime at, DateOnly today)
    {
        if (Status is not (QuoteStatus.Draft or QuoteStatus.Sent or QuoteStatus.Viewed))
        {
            throw new BusinessRuleException("Ce devis a reçu sa réponse ou a été remplacé : sa validité ne se prolonge plus.");
        }

        if (validUntil <= ValidUntil || validUntil < today)
        {
            throw new BusinessRuleException("Choisissez un jour plus lointain.", nameof(ValidUntil));
        }

        (ValidUntil, UpdatedAt) = (validUntil, at);
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        // A line that returns may find its place taken: the one that had it first keeps it.
        foreach (var (place, line) in _lines.OrderBy(line => line.Position).ThenBy(line => line.Id).Index().ToList())
        {
            line.MoveTo(place);
        }

        Reckon();
    }

    private void Match(IReadOnlyList<LineDetails> wanted, List<QuoteLine> lines)
    {
        var known = _lines.ToDictionary(line => line.Id);
        var kept = new List<QuoteLine>();
        foreach (var (place, details) in wanted.Index())
        {
            if (details.LineId is { } id && known.Remove(id, out var line) && line.Kind == details.Kind)
            {
                line.Become(details, place);
                kept.Add(line);
            }
            else
            {
                kept.Add(lines[place]);
            }
        }

        _lines.RemoveAll(line => !kept.Contains(line));
        _lines.AddRange(kept.Except(_lines).ToList());
    }

    private void DemandAnswerable(DateOnly today, AcceptanceMeans means)
    {
        switch (StateOn(today))
        {
            case QuoteStatus.Draft:
                throw new BusinessRuleException("Ce devis n'a pas encore été envoyé.");
            case QuoteStatus.Accepted or QuoteStatus.Refused:
                throw new BusinessRuleException("Ce devis a déjà reçu sa réponse.");
            case QuoteStatus.Replaced:
                throw new BusinessRuleException("Ce devis a été remplacé par une nouvelle version.");
            // On paper the customer may have signed in time and sent it late: whoever records it judges.
            case QuoteStatus.Expired when means is AcceptanceMeans.Online:
                throw new BusinessRuleException($"La validité de ce devis s'est terminée le {FrenchText.FormatDay(ValidUntil)}.");
        }
    }

    private void Reckon()
    {
        var totals = Totals;
        (Net, Tax, Gross) = (totals.Net, totals.Tax, totals.Gross);
        SearchKey = Foundation.SearchKey.Fold($"{Number} {Title}");
    }
}

/// <summary>A line of a quote.</summary>
public sealed class QuoteLine : PricedLine
{
    private QuoteLine()
    {
    }

    internal QuoteLine(Guid quoteId, LineDetails details, int position)
        : base(details, position)
        => QuoteId = quoteId;

    /// <summary>The quote.</summary>
    public Guid QuoteId { get; private set; }

    internal void Become(LineDetails details, int position) => Change(details, position);

    internal void MoveTo(int position) => Settle(position);

    internal void BeTaken() => TakeOption();

    /// <inheritdoc/>
    public override string WholeType => nameof(Quote);

    /// <inheritdoc/>
    public override Guid WholeId => QuoteId;
}

internal sealed class QuoteConfiguration : IEntityTypeConfiguration<Quote>, IEntityTypeConfiguration<QuoteLine>
{
    public void Configure(EntityTypeBuilder<Quote> quote)
    {
        quote.Ignore(q => q.Totals);
        quote.Ignore(q => q.WhySealed);
        quote.HasOne(q => q.Institution).WithMany().HasForeignKey(q => q.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        quote.HasOne<Contact>().WithMany().HasForeignKey(q => q.ContactId).OnDelete(DeleteBehavior.Restrict);
        quote.HasOne<Opportunity>().WithMany().HasForeignKey(q => q.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        quote.HasOne<User>().WithMany().HasForeignKey(q => q.OwnerId).OnDelete(DeleteBehavior.Restrict);
        quote.HasOne<Team>().WithMany().HasForeignKey(q => q.TeamId).OnDelete(DeleteBehavior.Restrict);
        quote.HasOne<Documents.Document>().WithMany().HasForeignKey(q => q.ScanId).OnDelete(DeleteBehavior.Restrict);
        quote.HasMany(q => q.Lines).WithOne().HasForeignKey(line => line.QuoteId).OnDelete(DeleteBehavior.Cascade);
        quote.Navigation(q => q.Lines).HasField("_lines").UsePropertyAccessMode(PropertyAccessMode.Field);

        quote.HasIndex(q => new { q.Number, q.VersionNumber }).IsUnique();
        quote.HasIndex(q => new { q.IsLast, q.DeletedAt, q.SearchKey });
        quote.HasIndex(q => new { q.IsLast, q.DeletedAt, q.IssuedOn });
        quote.HasIndex(q => new { q.IsLast, q.DeletedAt, q.Status, q.ValidUntil });
        quote.HasIndex(q => new { q.IsLast, q.DeletedAt, q.Net });
        quote.HasIndex(q => new { q.IsLast, q.DeletedAt, q.UpdatedAt });
        quote.HasIndex(q => new { q.InstitutionId, q.DeletedAt, q.IsLast, q.Status });
        quote.HasIndex(q => q.OpportunityId);
        quote.HasIndex(q => q.ContactId);
        quote.HasIndex(q => new { q.OwnerId, q.DeletedAt, q.Status });
        quote.HasIndex(q => new { q.TeamId, q.DeletedAt, q.Status });
    }

    public void Configure(EntityTypeBuilder<QuoteLine> line) => PricedLineMapping.Describe(line, nameof(QuoteLine.QuoteId));
}
