using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Billing;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Accounting;

/// <summary>What stands between the fields of the file of entries: the two that LPF art. A47 A-1 leaves without doubt.</summary>
public enum FecSeparator
{
    [Display(Name = "Tabulation")] Tab,
    [Display(Name = "Barre verticale |")] Pipe,
}

/// <summary>The characters of the file of entries (LPF art. A47 A-1).</summary>
public enum FecCharset
{
    [Display(Name = "ISO 8859-15 (avec accents)")] Latin9,
    [Display(Name = "ASCII (sans accents)")] Ascii,
}

/// <summary>Where entries are booked, as administrators edit it. An account is typed as its number and its label.</summary>
public sealed record AccountPlanDetails
{
    [Display(Name = "Clients")] public string? Clients { get; set; } = "411000 Clients";
    [Display(Name = "Acomptes reçus")] public string? Deposits { get; set; } = "419100 Clients - Acomptes reçus";
    [Display(Name = "Banque")] public string? Bank { get; set; } = "512000 Banque";
    [Display(Name = "Prestations taxées")] public string? Services { get; set; } = "706000 Prestations de services";
    [Display(Name = "Biens taxés")] public string? Goods { get; set; } = "707000 Ventes de marchandises";
    [Display(Name = "Prestations sans TVA")] public string? ExemptServices { get; set; } = "706100 Prestations exonérées";
    [Display(Name = "Biens sans TVA")] public string? ExemptGoods { get; set; } = "707100 Ventes de marchandises exonérées";
    [Display(Name = "TVA à 20 %")] public string? Vat20 { get; set; } = "445711 TVA collectée 20 %";
    [Display(Name = "TVA à 10 %")] public string? Vat10 { get; set; } = "445712 TVA collectée 10 %";
    [Display(Name = "TVA à 5,5 %")] public string? Vat55 { get; set; } = "445713 TVA collectée 5,5 %";
    [Display(Name = "TVA à 2,1 %")] public string? Vat21 { get; set; } = "445714 TVA collectée 2,1 %";
    [Display(Name = "Journal des ventes")] public string? SalesJournal { get; set; } = "VE Ventes";
    [Display(Name = "Journal de banque")] public string? BankJournal { get; set; } = "BQ Banque";

    /// <summary>1 to 12: the fiscal year closes on the last day of that month.</summary>
    [Display(Name = "Mois de clôture de l'exercice")] public int? ClosingMonth { get; set; } = 12;
    [Display(Name = "Séparateur du fichier")] public FecSeparator Separator { get; set; }
    [Display(Name = "Caractères du fichier")] public FecCharset Charset { get; set; }
}

/// <summary>Where entries are booked, and how the files for accounting programs are laid out. One row; without it the usual values hold.</summary>
public sealed class AccountPlan : IRecorded, IVersioned
{
    /// <summary>The id of the one row.</summary>
    public static readonly Guid OnlyId = new("acc00000-0000-7000-8000-000000000001");

    /// <summary>The usual values.</summary>
    public AccountPlan()
    {
        Id = OnlyId;
        Edit(new AccountPlanDetails());
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Clients")] public string Clients { get; private set; } = "";
    [Display(Name = "Acomptes reçus")] public string Deposits { get; private set; } = "";
    [Display(Name = "Banque")] public string Bank { get; private set; } = "";
    [Display(Name = "Prestations taxées")] public string Services { get; private set; } = "";
    [Display(Name = "Biens taxés")] public string Goods { get; private set; } = "";
    [Display(Name = "Prestations sans TVA")] public string ExemptServices { get; private set; } = "";
    [Display(Name = "Biens sans TVA")] public string ExemptGoods { get; private set; } = "";
    [Display(Name = "TVA à 20 %")] public string Vat20 { get; private set; } = "";
    [Display(Name = "TVA à 10 %")] public string Vat10 { get; private set; } = "";
    [Display(Name = "TVA à 5,5 %")] public string Vat55 { get; private set; } = "";
    [Display(Name = "TVA à 2,1 %")] public string Vat21 { get; private set; } = "";
    [Display(Name = "Journal des ventes")] public string SalesJournal { get; private set; } = "";
    [Display(Name = "Journal de banque")] public string BankJournal { get; private set; } = "";
    [Display(Name = "Mois de clôture de l'exercice")] public int ClosingMonth { get; private set; } = 12;
    [Display(Name = "Séparateur du fichier")] public FecSeparator Separator { get; private set; }
    [Display(Name = "Caractères du fichier")] public FecCharset Charset { get; private set; }

    /// <summary>The columns of the Sage file, as <see cref="CsvLayout"/> keeps them; null for the usual ones.</summary>
    [Display(Name = "Colonnes pour Sage")] public string? SageLayout { get; private set; }

    /// <summary>The columns of the QuickBooks file, as <see cref="CsvLayout"/> keeps them; null for the usual ones.</summary>
    [Display(Name = "Colonnes pour QuickBooks")] public string? QuickBooksLayout { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => "Plan comptable";

    /// <summary>Everything an administrator sets, as it stands.</summary>
    public AccountPlanDetails Details() => new()
    {
        Clients = Clients,
        Deposits = Deposits,
        Bank = Bank,
        Services = Services,
        Goods = Goods,
        ExemptServices = ExemptServices,
        ExemptGoods = ExemptGoods,
        Vat20 = Vat20,
        Vat10 = Vat10,
        Vat55 = Vat55,
        Vat21 = Vat21,
        SalesJournal = SalesJournal,
        BankJournal = BankJournal,
        ClosingMonth = ClosingMonth,
        Separator = Separator,
        Charset = Charset,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <exception cref="BusinessRuleException">A text is no account, both journals have one code, or the month is none; nothing was taken.</exception>
    public void Edit(AccountPlanDetails details)
    {
        var (clients, deposits, bank) = (Of(details.Clients, nameof(Clients)), Of(details.Deposits, nameof(Deposits)), Of(details.Bank, nameof(Bank)));
        var (services, goods) = (Of(details.Services, nameof(Services)), Of(details.Goods, nameof(Goods)));
        var (exemptServices, exemptGoods) = (Of(details.ExemptServices, nameof(ExemptServices)), Of(details.ExemptGoods, nameof(ExemptGoods)));
        var (vat20, vat10, vat55, vat21) = (Of(details.Vat20, nameof(Vat20)), Of(details.Vat10, nameof(Vat10)), Of(details.Vat55, nameof(Vat55)), Of(details.Vat21, nameof(Vat21)));
        var (sales, banking) = (LedgerAccount.ParseJournal(details.SalesJournal, nameof(SalesJournal)), LedgerAccount.ParseJournal(details.BankJournal, nameof(BankJournal)));
        if (sales.Number == banking.Number)
        {
            throw new BusinessRuleException("Les deux journaux ne peuvent pas porter le même code.", nameof(BankJournal));
        }

        var month = details.ClosingMonth is >= 1 and <= 12 ? details.ClosingMonth.Value : throw new BusinessRuleException("Indiquez un mois de 1 à 12.", nameof(ClosingMonth));
        (Clients, Deposits, Bank, Services, Goods, ExemptServices, ExemptGoods) = (clients, deposits, bank, services, goods, exemptServices, exemptGoods);
        (Vat20, Vat10, Vat55, Vat21, SalesJournal, BankJournal) = (vat20, vat10, vat55, vat21, sales.ToString(), banking.ToString());
        (ClosingMonth, Separator, Charset) = (month, details.Separator, details.Charset);

        static string Of(string? text, string field) => LedgerAccount.Parse(text, field).ToString();
    }

    /// <summary>Keeps the columns of a file.</summary>
    /// <exception cref="BusinessRuleException">The layout is refused.</exception>
    public void LayOut(AccountingFormat format, CsvLayout layout)
    {
        var kept = layout.Checked(format).Write();
        (SageLayout, QuickBooksLayout) = format is AccountingFormat.QuickBooks ? (SageLayout, kept) : (kept, QuickBooksLayout);
    }

    /// <summary>The columns of a file, the usual ones unless others were kept.</summary>
    public CsvLayout LayoutOf(AccountingFormat format) => CsvLayout.Read(format, format is AccountingFormat.QuickBooks ? QuickBooksLayout : SageLayout);

    /// <summary>The fiscal year that a day falls in.</summary>
    public FiscalYear YearOf(DateOnly day)
    {
        var closing = LastOf(day.Year, ClosingMonth);
        closing = day <= closing ? closing : LastOf(day.Year + 1, ClosingMonth);
        return new FiscalYear(LastOf(closing.Year - 1, ClosingMonth).AddDays(1), closing);
    }

    /// <summary>The account of what a line sells: by its nature, and apart when it bears no VAT.</summary>
    internal LedgerAccount SaleOf(VatCategory category, SupplyNature nature) => Split((category, nature) switch
    {
        (VatCategory.Standard, SupplyNature.Services) => Services,
        (VatCategory.Standard, _) => Goods,
        (_, SupplyNature.Services) => ExemptServices,
        _ => ExemptGoods,
    });

    /// <summary>The account of the VAT of a rate, in percent.</summary>
    /// <exception cref="BusinessRuleException">No account is known for the rate.</exception>
    internal LedgerAccount VatOf(decimal rate) => Split(rate switch
    {
        20m => Vat20,
        10m => Vat10,
        5.5m => Vat55,
        2.1m => Vat21,
        _ => throw new BusinessRuleException($"Aucun compte de TVA n'est prévu pour le taux de {rate:0.##} %."),
    });

    /// <summary>Number and label of a kept text.</summary>
    internal static LedgerAccount Split(string kept) => kept.Split(' ', 2) is [var number, var label] ? new LedgerAccount(number, label) : new LedgerAccount(kept, kept);

    private static DateOnly LastOf(int year, int month) => new(year, month, DateTime.DaysInMonth(year, month));
}

/// <summary>A fiscal year, by its first and last day.</summary>
public sealed record FiscalYear(DateOnly From, DateOnly To)
{
    /// <summary>Whether a day falls in it.</summary>
    public bool Holds(DateOnly day) => day >= From && day <= To;
}

internal sealed class AccountPlanConfiguration : IEntityTypeConfiguration<AccountPlan>
{
    public void Configure(EntityTypeBuilder<AccountPlan> plan) => plan.ToTable("AccountPlans");
}
