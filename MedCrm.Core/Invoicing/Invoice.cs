using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Invoicing;

/// <summary>
/// An invoice, a deposit invoice or a credit note. A draft has no number and is edited freely; once issued it has one for good and is never edited nor deleted: a
/// credit note corrects it (CGI ann. II art. 242 nonies A). Amounts of a credit note are positive.
/// </summary>
public sealed class Invoice : IOwned, IVersioned, IBinnable, IRestorable, ISealed
{
    private readonly List<InvoiceLine> _lines = [];
    private readonly List<InvoiceDeposit> _deposits = [];

    private Invoice()
    {
    }

    /// <summary>A new draft.</summary>
    /// <exception cref="BusinessRuleException">A value is refused.</exception>
    public Invoice(InvoiceDetails details, DateTime at)
    {
        Id = Guid.CreateVersion7();
        (Kind, CreatedAt) = (details.Kind, at);
        (QuoteId, ContractId, OriginalId) = (details.QuoteId, details.ContractId, details.OriginalId);
        PeriodFrom = details.ContractId is null ? null : details.PeriodFrom;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nature")] public InvoiceKind Kind { get; private set; }

    /// <summary>« FA-2026-0001 »; null while it is a draft.</summary>
    [Display(Name = "Numéro")] public string? Number { get; private set; }

    /// <summary>Where it stands, without regard to the day nor to a dispute.</summary>
    [Display(Name = "Statut")] public InvoiceStatus Status { get; private set; }

    [Display(Name = "Objet")] public string Title { get; private set; } = "";

    /// <summary>Who pays.</summary>
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>The institution.</summary>
    public Institution Institution { get; private set; } = null!;

    [Display(Name = "Contact")] public Guid? ContactId { get; private set; }
    [Display(Name = "Affaire")] public Guid? OpportunityId { get; private set; }
    [Display(Name = "Devis")] public Guid? QuoteId { get; private set; }
    [Display(Name = "Contrat")] public Guid? ContractId { get; private set; }
    [Display(Name = "Facture d'origine")] public Guid? OriginalId { get; private set; }

    /// <summary>The first day of the contract's period that it bills; a contract and a period are billed once.</summary>
    [Display(Name = "Période de contrat du")] public DateOnly? PeriodFrom { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Émise le")] public DateOnly? IssuedOn { get; private set; }
    [Display(Name = "Échéance")] public DateOnly? DueOn { get; private set; }
    [Display(Name = "Prestation du")] public DateOnly? ServiceFrom { get; private set; }
    [Display(Name = "Prestation au")] public DateOnly? ServiceTo { get; private set; }
    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; private set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; private set; }
    [Display(Name = "N° de bon de commande")] public string? PurchaseOrder { get; private set; }
    [Display(Name = "Code service")] public string? ServiceCode { get; private set; }
    [Display(Name = "N° d'engagement")] public string? Engagement { get; private set; }
    [Display(Name = "Adresse de livraison")] public string? DeliveryAddress { get; private set; }
    [Display(Name = "Remise globale (%)")] public decimal DiscountPercent { get; private set; }
    [Display(Name = "Remise globale HT")] public decimal DiscountAmount { get; private set; }
    [Display(Name = "Texte imprimé")] public string? Introduction { get; private set; }
    [Display(Name = "Notes internes")] public string? Notes { get; private set; }

    /// <summary>The buyer as printed, copied when it was issued.</summary>
    [Display(Name = "Client")] public string? BuyerName { get; private set; }
    [Display(Name = "Adresse du client")] public string? BuyerStreet { get; private set; }
    [Display(Name = "Complément d'adresse du client")] public string? BuyerAddressLine2 { get; private set; }
    [Display(Name = "Code postal du client")] public string? BuyerPostcode { get; private set; }
    [Display(Name = "Ville du client")] public string? BuyerCity { get; private set; }
    [Display(Name = "SIREN du client")] public string? BuyerSiren { get; private set; }
    [Display(Name = "SIRET du client")] public string? BuyerSiret { get; private set; }
    [Display(Name = "N° de TVA du client")] public string? BuyerVatNumber { get; private set; }

    /// <summary>What kind of buyer it was when issued: terms and penalties follow.</summary>
    [Display(Name = "Type de payeur")] public BuyerKind Buyer { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    [Display(Name = "Total HT")] public decimal Net { get; private set; }

    /// <summary>Euros.</summary>
    [NotRecorded] public decimal Tax { get; private set; }

    /// <summary>Euros including VAT.</summary>
    [NotRecorded] public decimal Gross { get; private set; }

    /// <summary>What deposits already asked for, euros including VAT.</summary>
    [NotRecorded] public decimal Prepaid { get; private set; }

    /// <summary>The same excluding VAT: revenue is <see cref="Net"/> less this, since deposits were counted when they were issued.</summary>
    [NotRecorded] public decimal PrepaidNet { get; private set; }

    /// <summary>What was received, euros including VAT.</summary>
    [NotRecorded] public decimal Received { get; private set; }

    /// <summary>What credit notes took back, euros including VAT.</summary>
    [NotRecorded] public decimal Credited { get; private set; }

    /// <summary>What remains to be paid, euros including VAT; 0 for a draft and for a credit note.</summary>
    [NotRecorded] public decimal Balance { get; private set; }

    /// <summary>What it asks for, or gives back for a credit note: its total less the deposits deducted, euros including VAT.</summary>
    public decimal Due => Gross - Prepaid;

    /// <summary>The day of the payment that settled it.</summary>
    [Display(Name = "Soldée le")] public DateOnly? SettledOn { get; private set; }

    /// <summary>Reminders wait while it is disputed.</summary>
    [Display(Name = "En litige depuis")] public DateOnly? DisputedOn { get; private set; }
    [Display(Name = "Motif du litige")] public string? DisputeReason { get; private set; }

    /// <summary>When it was issued, UTC.</summary>
    public DateTime? IssuedAt { get; private set; }

    /// <summary>The PDF as issued, in the folder of files; null until it was printed.</summary>
    [NotRecorded] public string? PdfPath { get; private set; }

    /// <summary>SHA-256 of that PDF, lower-case hexadecimal.</summary>
    [NotRecorded] public string? PdfSha256 { get; private set; }

    /// <summary>The lines in their order.</summary>
    public IReadOnlyList<InvoiceLine> Lines => _lines;

    /// <summary>The deposit invoices deducted.</summary>
    public IReadOnlyList<InvoiceDeposit> Deposits => _deposits;

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
    public string RecordName => Number ?? Title;

    /// <inheritdoc/>
    public Sentence? WhySealed => Status is InvoiceStatus.Draft ? null : $"{Number} est émise : elle ne se modifie ni ne se supprime, un avoir la corrige.";

    /// <summary>The totals, from the lines.</summary>
    public DocumentTotals Totals => DocumentTotals.Of(_lines, new GlobalDiscount(DiscountPercent, DiscountAmount));

    /// <summary>Where it stands on a day: disputed first, then overdue from the day after its due day.</summary>
    public InvoiceStatus StateOn(DateOnly today) => Ageing.StateOf(this, today);

    /// <summary>Everything people edit, as it stands.</summary>
    public InvoiceDetails Details() => new()
    {
        Kind = Kind,
        Title = Title,
        InstitutionId = InstitutionId,
        ContactId = ContactId,
        OpportunityId = OpportunityId,
        QuoteId = QuoteId,
        ContractId = ContractId,
        OriginalId = OriginalId,
        PeriodFrom = PeriodFrom,
        OwnerId = OwnerId,
        TeamId = TeamId,
        ServiceFrom = ServiceFrom,
        ServiceTo = ServiceTo,
        TermKind = TermKind,
        TermDays = TermDays,
        PurchaseOrder = PurchaseOrder,
        ServiceCode = ServiceCode,
        Engagement = Engagement,
        DeliveryAddress = DeliveryAddress,
        DiscountPercent = DiscountPercent,
        DiscountAmount = DiscountAmount,
        Introduction = Introduction,
        Notes = Notes,
        DepositIds = [.. _deposits.OrderBy(deposit => deposit.DepositNumber, StringComparer.Ordinal).Select(deposit => deposit.DepositId).Distinct()],
        Lines = [.. _lines.OrderBy(line => line.Position).Select(line => line.Details())],
    };

    /// <summary>Takes new values, after checking each. Needs <see cref="Lines"/> and <see cref="Deposits"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">It is issued, or a value is refused; nothing was taken.</exception>
    public void Edit(InvoiceDetails details, DateTime at)
    {
        if (WhySealed is { } reason)
        {
            throw new BusinessRuleException(reason);
        }

        var title = Clean.Required(details.Title, 200, nameof(Title), "Indiquez l'objet de la facture.");
        var institutionId = details.InstitutionId ?? throw new BusinessRuleException("Choisissez l'établissement.", nameof(InstitutionId));
        var (purchaseOrder, serviceCode, engagement) = (Clean.Text(details.PurchaseOrder, 50, nameof(PurchaseOrder)), Clean.Text(details.ServiceCode, 50, nameof(ServiceCode)), Clean.Text(details.Engagement, 50, nameof(Engagement)));
        var (delivery, introduction, notes) = (Clean.Text(details.DeliveryAddress, 300, nameof(DeliveryAddress)), Clean.Text(details.Introduction, 4000, nameof(Introduction)), Clean.Text(details.Notes, 20_000, nameof(Notes)));
        if (details.ServiceTo < details.ServiceFrom)
        {
            throw new BusinessRuleException("La prestation se termine après son début.", nameof(ServiceTo));
        }

        if (details.TermDays is < 0 or > 120)
        {
            throw new BusinessRuleException("Le délai va de 0 à 120 jours.", nameof(TermDays));
        }

        LineDetails.DemandFew(details.Lines);

        // What is invoiced was taken: a line is no option here.
        var lines = details.Lines.Select((line, position) => new InvoiceLine(Id, line.IsOption ? line with { IsOption = false } : line, position)).ToList();
        var discount = GlobalDiscount.Checked(details.DiscountPercent, details.DiscountAmount, DocumentTotals.Of(lines).Lines);

        (Title, InstitutionId, ContactId, OpportunityId, OwnerId, TeamId) = (title, institutionId, details.ContactId, details.OpportunityId, details.OwnerId, details.TeamId);
        (ServiceFrom, ServiceTo, TermKind, TermDays) = (details.ServiceFrom, details.ServiceTo, details.TermKind, details.TermDays);
        (PurchaseOrder, ServiceCode, Engagement, DeliveryAddress, Introduction, Notes) = (purchaseOrder, serviceCode, engagement, delivery, introduction, notes);
        (DiscountPercent, DiscountAmount) = (discount.Percent, discount.Percent == 0 ? discount.Amount : 0);
        if (!_lines.OrderBy(line => line.Position).Select(line => line.Details()).SequenceEqual(lines.Select(line => line.Details())))
        {
            _lines.Clear();
            _lines.AddRange(lines);
        }

        Reckon();
        UpdatedAt = at;
    }

    /// <summary>Deducts deposit invoices, in place of those deducted so far. Needs <see cref="Deposits"/> loaded.</summary>
    /// <exception cref="BusinessRuleException">It is issued, is a deposit itself, or they ask for more than its total.</exception>
    internal void Deduct(IReadOnlyCollection<DepositShare> shares)
    {
        if (WhySealed is { } reason)
        {
            throw new BusinessRuleException(reason);
        }

        if (Kind is InvoiceKind.Deposit && shares.Count > 0)
        {
            throw new BusinessRuleException("Une facture d'acompte ne déduit pas d'autres acomptes.", nameof(Deposits));
        }

        if (!_deposits.Select(DepositShare.Of).ToHashSet().SetEquals(shares))
        {
            _deposits.Clear();
            _deposits.AddRange(shares.Select(share => new InvoiceDeposit(Id, share.DepositId, share.Number, share.Vat, share.Net, share.Tax)));
        }

        Reckon();
    }

    /// <summary>What keeps it from being issued, in the order in which it is told; its number, its date and what the buyer asks for are looked at elsewhere.</summary>
    /// <exception cref="BusinessRuleException">It is issued, or is not whole.</exception>
    public void DemandWhole()
    {
        if (Status is not InvoiceStatus.Draft)
        {
            throw new BusinessRuleException($"{Number} est déjà émise.");
        }

        if (!_lines.Exists(line => line.Kind is LineKind.Item))
        {
            throw new BusinessRuleException("Ajoutez au moins une ligne avant d'émettre.", nameof(Lines));
        }

        if (Due < 0)
        {
            throw new BusinessRuleException("Le total ne peut pas être négatif : pour rendre de l'argent, faites un avoir sur la facture d'origine.", nameof(Lines));
        }

        if (Kind is not InvoiceKind.Invoice && Gross <= 0)
        {
            throw new BusinessRuleException(Kind is InvoiceKind.Deposit ? "Un acompte demande un montant." : "Un avoir rend un montant.", nameof(Lines));
        }

        if (Kind is InvoiceKind.CreditNote && OriginalId is null)
        {
            throw new BusinessRuleException("Un avoir se rapporte à une facture d'origine.", nameof(OriginalId));
        }
    }

    /// <summary>
    /// Leaves the house for good: takes its number, its days and the buyer as printed (C. com. art. L441-9; CGI ann. II art. 242 nonies A). Needs
    /// <see cref="Lines"/> and <see cref="Deposits"/> loaded. Without a day of service, the day of issue is printed as such.
    /// </summary>
    /// <exception cref="BusinessRuleException">It is issued already, or is not whole.</exception>
    internal void Issue(string number, DateOnly issuedOn, EffectiveBilling buyer, DateTime at)
    {
        DemandWhole();
        (Number, IssuedOn, IssuedAt, Status) = (number, issuedOn, at, InvoiceStatus.Issued);
        DueOn = Kind is InvoiceKind.CreditNote ? issuedOn : new PaymentTerm(TermKind, TermDays).DueOn(issuedOn);
        ServiceFrom ??= Kind is InvoiceKind.Invoice ? issuedOn : null;
        (BuyerName, BuyerStreet, BuyerAddressLine2, BuyerPostcode, BuyerCity) = (buyer.Name, buyer.Street, buyer.AddressLine2, buyer.Postcode, buyer.City);
        (BuyerSiren, BuyerSiret, BuyerVatNumber, Buyer) = (buyer.Siren, buyer.Siret, buyer.VatNumber, buyer.Buyer);
        Reckon();
        Recount(0, 0, 0, null);
        UpdatedAt = at;
    }

    /// <summary>
    /// Takes what its payments and its credit notes add up to, euros including VAT, and the day of the last of them; what remains, where it stands and when it was settled
    /// follow. It is cancelled once notes took all of its total back, however much of it deposits had paid.
    /// </summary>
    /// <param name="received">What payments gave it.</param>
    /// <param name="credited">What notes took off what it asked for, the deposits that they gave back apart.</param>
    /// <param name="takenBack">What notes took back of its total, these deposits included.</param>
    /// <param name="lastOn">The last day on which any of it happened.</param>
    /// <exception cref="InvalidOperationException">They add up to more than it asks for: the caller let too much be allocated.</exception>
    internal void Recount(decimal received, decimal credited, decimal takenBack, DateOnly? lastOn)
    {
        if (Status is InvoiceStatus.Draft || Kind is InvoiceKind.CreditNote)
        {
            return;
        }

        var balance = Due - received - credited;
        if (balance < 0 || received < 0 || credited < 0)
        {
            throw new InvalidOperationException($"Invoice {Id} asks for {Due} and was given {received} + {credited}.");
        }

        (Received, Credited, Balance) = (received, credited, balance);
        Status = balance > 0 ? received > 0 ? InvoiceStatus.PartlyPaid : InvoiceStatus.Issued
            : takenBack > 0 && takenBack >= Gross ? InvoiceStatus.Credited
            : InvoiceStatus.Paid;
        SettledOn = balance > 0 ? null : lastOn ?? IssuedOn;
    }

    /// <summary>The customer contests it: reminders and interest wait.</summary>
    /// <exception cref="BusinessRuleException">Nothing is left to be paid, it is disputed already, or the reason is missing.</exception>
    public void Dispute(string? reason, DateOnly on, DateTime at)
    {
        if (Status is InvoiceStatus.Draft || Balance <= 0)
        {
            throw new BusinessRuleException("Rien ne reste à payer sur cette facture : il n'y a pas de litige à noter.");
        }

        if (DisputedOn is not null)
        {
            throw new BusinessRuleException("Cette facture est déjà en litige.");
        }

        DisputeReason = Clean.Required(reason, 1000, nameof(DisputeReason), "Indiquez le motif du litige.");
        (DisputedOn, UpdatedAt) = (on, at);
    }

    /// <summary>The dispute is over: the invoice is claimed again.</summary>
    /// <exception cref="BusinessRuleException">It is not disputed.</exception>
    public void SettleDispute(DateTime at)
    {
        if (DisputedOn is null)
        {
            throw new BusinessRuleException("Cette facture n'est pas en litige.");
        }

        (DisputedOn, DisputeReason, UpdatedAt) = (null, null, at);
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored() => Reckon();

    private void Reckon()
    {
        var totals = Totals;
        (Net, Tax, Gross) = (totals.Net, totals.Tax, totals.Gross);
        (PrepaidNet, Prepaid) = (_deposits.Sum(deposit => deposit.Net), _deposits.Sum(deposit => deposit.Net + deposit.Tax));
        SearchKey = Foundation.SearchKey.Fold($"{Number} {Title}".Trim());
    }
}

/// <summary>A line of an invoice.</summary>
public sealed class InvoiceLine : PricedLine
{
    private InvoiceLine()
    {
    }

    internal InvoiceLine(Guid invoiceId, LineDetails details, int position)
        : base(details, position)
        => InvoiceId = invoiceId;

    /// <summary>The invoice.</summary>
    public Guid InvoiceId { get; private set; }

    /// <inheritdoc/>
    public override string WholeType => nameof(Invoice);

    /// <inheritdoc/>
    public override Guid WholeId => InvoiceId;
}

/// <summary>A deposit invoice deducted from the balance invoice of the same order, at one VAT rate.</summary>
public sealed class InvoiceDeposit : IRecordedPart
{
    private InvoiceDeposit()
    {
    }

    internal InvoiceDeposit(Guid invoiceId, Guid depositId, string depositNumber, Vat vat, decimal net, decimal tax)
    {
        Id = Guid.CreateVersion7();
        (InvoiceId, DepositId, DepositNumber) = (invoiceId, depositId, depositNumber);
        (VatCategory, VatRate, VatReason, Net, Tax) = (vat.Category, vat.Rate, vat.Reason, net, tax);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The invoice that deducts it.</summary>
    public Guid InvoiceId { get; private set; }

    /// <summary>The deposit invoice.</summary>
    [Display(Name = "Facture d'acompte")] public Guid DepositId { get; private set; }

    /// <summary>Its number.</summary>
    [Display(Name = "Numéro")] public string DepositNumber { get; private set; } = "";

    [Display(Name = "TVA")] public VatCategory VatCategory { get; private set; }
    [Display(Name = "Taux de TVA (%)")] public decimal VatRate { get; private set; }
    [Display(Name = "Motif sans TVA")] public string? VatReason { get; private set; }

    /// <summary>Euros excluding VAT.</summary>
    [Display(Name = "Acompte HT")] public decimal Net { get; private set; }

    /// <summary>Euros.</summary>
    [Display(Name = "TVA de l'acompte")] public decimal Tax { get; private set; }

    /// <inheritdoc/>
    public string RecordName => DepositNumber;

    /// <inheritdoc/>
    public string WholeType => nameof(Invoice);

    /// <inheritdoc/>
    public Guid WholeId => InvoiceId;
}

internal sealed class InvoiceConfiguration : IEntityTypeConfiguration<Invoice>, IEntityTypeConfiguration<InvoiceLine>, IEntityTypeConfiguration<InvoiceDeposit>
{
    public void Configure(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.Ignore(i => i.Totals);
        invoice.Ignore(i => i.WhySealed);
        invoice.Ignore(i => i.Due);
        invoice.HasOne(i => i.Institution).WithMany().HasForeignKey(i => i.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Contact>().WithMany().HasForeignKey(i => i.ContactId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Opportunity>().WithMany().HasForeignKey(i => i.OpportunityId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Quote>().WithMany().HasForeignKey(i => i.QuoteId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Invoice>().WithMany().HasForeignKey(i => i.OriginalId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<User>().WithMany().HasForeignKey(i => i.OwnerId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Team>().WithMany().HasForeignKey(i => i.TeamId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasMany(i => i.Lines).WithOne().HasForeignKey(line => line.InvoiceId).OnDelete(DeleteBehavior.Cascade);
        invoice.Navigation(i => i.Lines).HasField("_lines").UsePropertyAccessMode(PropertyAccessMode.Field);
        invoice.HasMany(i => i.Deposits).WithOne().HasForeignKey(deposit => deposit.InvoiceId).OnDelete(DeleteBehavior.Cascade);
        invoice.Navigation(i => i.Deposits).HasField("_deposits").UsePropertyAccessMode(PropertyAccessMode.Field);

        invoice.HasIndex(i => i.Number).IsUnique().HasFilter("\"Number\" IS NOT NULL");
        invoice.HasIndex(i => new { i.DeletedAt, i.SearchKey });
        invoice.HasIndex(i => new { i.DeletedAt, i.IssuedOn });
        invoice.HasIndex(i => new { i.DeletedAt, i.Status, i.DueOn });
        invoice.HasIndex(i => new { i.DeletedAt, i.Gross });

        // What is still to be paid, for ageing and reminders: a few hundred rows among all.
        invoice.HasIndex(i => new { i.DueOn, i.InstitutionId, i.Balance }).HasDatabaseName("IX_Invoices_Unpaid").HasFilter("\"Balance\" > 0 AND \"DeletedAt\" IS NULL");
        invoice.HasIndex(i => new { i.InstitutionId, i.DeletedAt, i.Status, i.IssuedOn });
        invoice.HasIndex(i => i.QuoteId).HasFilter("\"QuoteId\" IS NOT NULL");

        // A contract's period is billed once, unless a credit note took its invoice back (status 4); in the bin it still counts, since it may return.
        invoice.HasIndex(i => new { i.ContractId, i.PeriodFrom }).IsUnique().HasFilter("\"ContractId\" IS NOT NULL AND \"PeriodFrom\" IS NOT NULL AND \"Status\" <> 4");
        invoice.HasIndex(i => i.OriginalId).HasFilter("\"OriginalId\" IS NOT NULL");
        invoice.HasIndex(i => i.OpportunityId).HasFilter("\"OpportunityId\" IS NOT NULL");
        invoice.HasIndex(i => i.ContactId).HasFilter("\"ContactId\" IS NOT NULL");
        invoice.HasIndex(i => new { i.OwnerId, i.DeletedAt, i.Status });
        invoice.HasIndex(i => new { i.TeamId, i.DeletedAt, i.Status });
    }

    public void Configure(EntityTypeBuilder<InvoiceLine> line) => PricedLineMapping.Describe(line, nameof(InvoiceLine.InvoiceId));

    public void Configure(EntityTypeBuilder<InvoiceDeposit> deposit)
    {
        deposit.HasOne<Invoice>().WithMany().HasForeignKey(d => d.DepositId).OnDelete(DeleteBehavior.Restrict);
        deposit.HasIndex(d => d.DepositId);
    }
}
