using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ids = MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Billing;

/// <summary>Who sells: the legal mentions of every document, the usual terms, and how numbers are made. Delays are in days, rates in percent, the capital in euros.</summary>
public sealed record CompanyDetails
{
    [Display(Name = "Raison sociale")] public string? LegalName { get; set; }
    [Display(Name = "Nom commercial")] public string? TradeName { get; set; }
    [Display(Name = "Forme juridique")] public string? LegalForm { get; set; }
    [Display(Name = "Capital social")] public decimal? ShareCapital { get; set; }
    [Display(Name = "Adresse")] public string? Street { get; set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; set; }
    [Display(Name = "Code postal")] public string? Postcode { get; set; }
    [Display(Name = "Ville")] public string? City { get; set; }
    [Display(Name = "SIREN")] public string? Siren { get; set; }
    [Display(Name = "SIRET")] public string? Siret { get; set; }
    [Display(Name = "Ville du RCS")] public string? RcsCity { get; set; }
    [Display(Name = "N° de TVA")] public string? VatNumber { get; set; }

    /// <summary>Franchise en base (CGI art. 293 B): no VAT on any line.</summary>
    [Display(Name = "Franchise en base de TVA")] public bool IsVatExempt { get; set; }

    /// <summary>Printed as « Option pour le paiement de la taxe d'après les débits ».</summary>
    [Display(Name = "TVA d'après les débits")] public bool PaysVatOnDebits { get; set; }

    [Display(Name = "IBAN")] public string? Iban { get; set; }
    [Display(Name = "BIC")] public string? Bic { get; set; }
    [Display(Name = "E-mail")] public string? Email { get; set; }
    [Display(Name = "Téléphone")] public string? Phone { get; set; }
    [Display(Name = "Site web")] public string? Website { get; set; }

    /// <summary>« #1F6FEB », the colour of documents.</summary>
    [Display(Name = "Couleur")] public string? Accent { get; set; }

    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; set; }
    [Display(Name = "Délai de règlement (jours)")] public int? TermDays { get; set; } = 30;
    [Display(Name = "Escompte")] public string? EarlyPayment { get; set; } = "Pas d'escompte pour paiement anticipé.";

    /// <summary>A rate of our own, percent a year; null follows the ECB rate plus 10 points.</summary>
    [Display(Name = "Taux de pénalité propre (%)")] public decimal? PenaltyRate { get; set; }

    [Display(Name = "Validité des devis (jours)")] public int? QuoteDays { get; set; } = 30;
    [Display(Name = "Conditions des devis")] public string? QuoteTerms { get; set; }
    [Display(Name = "Pied de page")] public string? Footer { get; set; }

    /// <summary>A one-time code is sent to the signer's address before an online signature.</summary>
    [Display(Name = "Code de signature par e-mail")] public bool SignatureAsksCode { get; set; }

    [Display(Name = "Validité du lien de signature (jours)")] public int? SignatureDays { get; set; } = 15;
    [Display(Name = "Préfixe des devis")] public string? QuotePrefix { get; set; } = "D";
    [Display(Name = "Préfixe des factures")] public string? InvoicePrefix { get; set; } = "FA";
    [Display(Name = "Préfixe des avoirs")] public string? CreditNotePrefix { get; set; } = "AV";
    [Display(Name = "Préfixe des contrats")] public string? ContractPrefix { get; set; } = "C";

    /// <summary>Days before a period starts when its invoice draft appears in the tray.</summary>
    [Display(Name = "Brouillons de facture préparés à l'avance (jours)")] public int? DraftDays { get; set; } = 10;
}

/// <summary>What the rules of the company look at outside of it.</summary>
/// <param name="Started">The series of this year of which a number was given.</param>
/// <param name="LegalRate">The legal rate between professionals that holds today, percent a year; null when unknown.</param>
public sealed record CompanyFacts(IReadOnlyCollection<NumberSeries> Started, decimal? LegalRate)
{
    /// <summary>A company of which no number was given yet.</summary>
    public static CompanyFacts None { get; } = new([], null);
}

/// <summary>The company that sells. One row; without it nothing is known yet and nothing can be issued.</summary>
public sealed partial class Company : IRecorded, IVersioned
{
    /// <summary>The id of the one row.</summary>
    public static readonly Guid OnlyId = new("c0a90000-0000-7000-8000-000000000001");

    /// <summary>The company before anything is known.</summary>
    public Company() => Id = OnlyId;

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Raison sociale")] public string? LegalName { get; private set; }
    [Display(Name = "Nom commercial")] public string? TradeName { get; private set; }
    [Display(Name = "Forme juridique")] public string? LegalForm { get; private set; }
    [Display(Name = "Capital social")] public decimal? ShareCapital { get; private set; }
    [Display(Name = "Adresse")] public string? Street { get; private set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; private set; }
    [Display(Name = "Code postal")] public string? Postcode { get; private set; }
    [Display(Name = "Ville")] public string? City { get; private set; }
    [Display(Name = "SIREN")] public string? Siren { get; private set; }
    [Display(Name = "SIRET")] public string? Siret { get; private set; }
    [Display(Name = "Ville du RCS")] public string? RcsCity { get; private set; }
    [Display(Name = "N° de TVA")] public string? VatNumber { get; private set; }
    [Display(Name = "Franchise en base de TVA")] public bool IsVatExempt { get; private set; }
    [Display(Name = "TVA d'après les débits")] public bool PaysVatOnDebits { get; private set; }
    [Display(Name = "IBAN")] public string? Iban { get; private set; }
    [Display(Name = "BIC")] public string? Bic { get; private set; }
    [Display(Name = "E-mail")] public string? Email { get; private set; }
    [Display(Name = "Téléphone")] public string? Phone { get; private set; }
    [Display(Name = "Site web")] public string? Website { get; private set; }
    [Display(Name = "Couleur")] public string? Accent { get; private set; }

    /// <summary>The logo in the folder of files, a PNG or a JPEG by its extension; null without one.</summary>
    [NotRecorded] public string? LogoPath { get; private set; }

    [Display(Name = "Conditions de règlement")] public TermKind TermKind { get; private set; }
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; private set; } = 30;
    [Display(Name = "Escompte")] public string? EarlyPayment { get; private set; } = "Pas d'escompte pour paiement anticipé.";
    [Display(Name = "Taux de pénalité propre (%)")] public decimal? PenaltyRate { get; private set; }
    [Display(Name = "Validité des devis (jours)")] public int QuoteDays { get; private set; } = 30;
    [Display(Name = "Conditions des devis")] public string? QuoteTerms { get; private set; }
    [Display(Name = "Pied de page")] public string? Footer { get; private set; }
    [Display(Name = "Code de signature par e-mail")] public bool SignatureAsksCode { get; private set; }
    [Display(Name = "Validité du lien de signature (jours)")] public int SignatureDays { get; private set; } = 15;
    [Display(Name = "Préfixe des devis")] public string QuotePrefix { get; private set; } = "D";
    [Display(Name = "Préfixe des factures")] public string InvoicePrefix { get; private set; } = "FA";
    [Display(Name = "Préfixe des avoirs")] public string CreditNotePrefix { get; private set; } = "AV";
    [Display(Name = "Préfixe des contrats")] public string ContractPrefix { get; private set; } = "C";
    [Display(Name = "Brouillons de facture préparés à l'avance (jours)")] public int DraftDays { get; private set; } = 10;

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => TradeName ?? LegalName ?? "Société";

    /// <summary>The usual terms of payment.</summary>
    public PaymentTerm Term => new(TermKind, TermDays);

    /// <summary>The prefix of a series.</summary>
    public string PrefixOf(DocumentSeries series) => series switch
    {
        DocumentSeries.Quote => QuotePrefix,
        DocumentSeries.Invoice => InvoicePrefix,
        DocumentSeries.CreditNote => CreditNotePrefix,
        _ => ContractPrefix,
    };

    /// <summary>Everything people edit, as it stands.</summary>
    public CompanyDetails Details() => new()
    {
        LegalName = LegalName,
        TradeName = TradeName,
        LegalForm = LegalForm,
        ShareCapital = ShareCapital,
        Street = Street,
        AddressLine2 = AddressLine2,
        Postcode = Postcode,
        City = City,
        Siren = Siren,
        Siret = Siret,
        RcsCity = RcsCity,
        VatNumber = VatNumber,
        IsVatExempt = IsVatExempt,
        PaysVatOnDebits = PaysVatOnDebits,
        Iban = Iban,
        Bic = Bic,
        Email = Email,
        Phone = Phone,
        Website = Website,
        Accent = Accent,
        TermKind = TermKind,
        TermDays = TermDays,
        EarlyPayment = EarlyPayment,
        PenaltyRate = PenaltyRate,
        QuoteDays = QuoteDays,
        QuoteTerms = QuoteTerms,
        Footer = Footer,
        SignatureAsksCode = SignatureAsksCode,
        SignatureDays = SignatureDays,
        QuotePrefix = QuotePrefix,
        InvoicePrefix = InvoicePrefix,
        CreditNotePrefix = CreditNotePrefix,
        ContractPrefix = ContractPrefix,
        DraftDays = DraftDays,
    };

    /// <summary>Takes new values, after checking and normalising each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; nothing was taken.</exception>
    public void Edit(CompanyDetails details, CompanyFacts facts)
    {
        var (legalName, tradeName, legalForm) = (Clean.Text(details.LegalName, 200, nameof(LegalName)), Clean.Text(details.TradeName, 200, nameof(TradeName)), Clean.Text(details.LegalForm, 80, nameof(LegalForm)));
        var capital = Within(details.ShareCapital, 0, 100_000_000_000, nameof(ShareCapital), "Le capital va de 0 à 100 milliards d'euros.");
        var (street, line2, postcode, city) = (Clean.Text(details.Street, 200, nameof(Street)), Clean.Text(details.AddressLine2, 200, nameof(AddressLine2)), Clean.Text(details.Postcode, 10, nameof(Postcode)), Clean.Text(details.City, 100, nameof(City)));
        var siret = Checked(details.Siret, nameof(Siret), text => Ids.Siret.Check(text));
        var siren = Checked(details.Siren, nameof(Siren), text => Ids.Siren.Check(text)) ?? siret?[..9];
        if (siret is not null && siret[..9] != siren)
        {
            throw new BusinessRuleException($"Ce SIRET n'est pas celui d'un établissement du SIREN {siren} : ses 9 premiers chiffres diffèrent.", nameof(Siret));
        }

        var vatNumber = VatNumberOf(details.VatNumber, siren);
        if (details is { IsVatExempt: true, PaysVatOnDebits: true })
        {
            throw new BusinessRuleException("En franchise de TVA, aucune taxe n'est payée : décochez l'une des deux cases.", nameof(PaysVatOnDebits));
        }

        var (iban, bic) = (Checked(details.Iban, nameof(Iban), text => Ids.Iban.Check(text)), Checked(details.Bic, nameof(Bic), text => Ids.Bic.Check(text)));
        var (email, phone, website) = (Clean.Email(details.Email, nameof(Email)), Checked(details.Phone, nameof(Phone), text => PhoneNumber.Check(text)), Clean.Website(details.Website, nameof(Website)));
        var (rcsCity, early, quoteTerms, footer) = (Clean.Text(details.RcsCity, 100, nameof(RcsCity)), Clean.Text(details.EarlyPayment, 300, nameof(EarlyPayment)), Clean.Text(details.QuoteTerms, 4000, nameof(QuoteTerms)), Clean.Text(details.Footer, 1000, nameof(Footer)));
        var accent = AccentOf(details.Accent);
        var term = new PaymentTerm(details.TermKind, Days(details.TermDays, 0, 120, nameof(TermDays))).Checked(BuyerKind.Private, nameof(TermDays));
        var rate = RateOf(details.PenaltyRate, facts.LegalRate);
        var (quoteDays, signatureDays, draftDays) = (Days(details.QuoteDays, 1, 365, nameof(QuoteDays)), Days(details.SignatureDays, 1, 90, nameof(SignatureDays)), Days(details.DraftDays, 0, 60, nameof(DraftDays)));
        var prefixes = PrefixesOf(details, facts.Started);

        (LegalName, TradeName, LegalForm, ShareCapital, Street, AddressLine2, Postcode, City) = (legalName, tradeName, legalForm, capital, street, line2, postcode, city);
        (Siren, Siret, RcsCity, VatNumber, IsVatExempt, PaysVatOnDebits) = (siren, siret, rcsCity, vatNumber, details.IsVatExempt, details.PaysVatOnDebits);
        (Iban, Bic, Email, Phone, Website, Accent, Footer) = (iban, bic, email, phone, website, accent, footer);
        (TermKind, TermDays, EarlyPayment, PenaltyRate) = (term.Kind, term.Days, early, rate);
        (QuoteDays, QuoteTerms, SignatureAsksCode, SignatureDays, DraftDays) = (quoteDays, quoteTerms, details.SignatureAsksCode, signatureDays, draftDays);
        (QuotePrefix, InvoicePrefix, CreditNotePrefix, ContractPrefix) = (prefixes[0], prefixes[1], prefixes[2], prefixes[3]);
    }

    /// <summary>Takes another logo, already in the folder of files, or none.</summary>
    public void Show(string? logoPath) => LogoPath = logoPath;

    /// <summary>The name of the field that holds the prefix of a series.</summary>
    public static string PrefixFieldOf(DocumentSeries series) => series switch
    {
        DocumentSeries.Quote => nameof(QuotePrefix),
        DocumentSeries.Invoice => nameof(InvoicePrefix),
        DocumentSeries.CreditNote => nameof(CreditNotePrefix),
        _ => nameof(ContractPrefix),
    };

    /// <summary>Why the prefix of a series stays as it is this year; null while it may change.</summary>
    public static Sentence? WhyFrozen(NumberSeries? series) => series is not { Last: > 0 } ? null
        : $"« {series.Format(1)} » a été donné : le préfixe reste le même jusqu'à la fin de {series.Year}, sans quoi la série ne serait plus continue.";

    /// <summary>The company as it stands, for reading; the usual values before it was filled in.</summary>
    public static async Task<Company> ReadAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.Companies.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new Company();

    private static string? Checked(string? typed, string field, Func<string?, IdentifierCheck> check)
    {
        var text = Clean.Text(typed, 60, field);
        var verdict = check(text);
        return verdict.Error is null ? verdict.Value : throw new BusinessRuleException(verdict.Error, field);
    }

    private static string? VatNumberOf(string? typed, string? siren)
    {
        var number = Checked(typed, nameof(VatNumber), text => Ids.VatNumber.Check(text));
        return number is null || siren is null || number.EndsWith(siren, StringComparison.Ordinal)
            ? number
            : throw new BusinessRuleException($"Ce numéro de TVA n'est pas celui du SIREN {siren} : ce serait {Ids.VatNumber.FromSiren(siren)}.", nameof(VatNumber));
    }

    private static string? AccentOf(string? typed)
    {
        var text = Clean.Text(typed, 20, nameof(Accent))?.ToUpperInvariant();
        return text is null || Colour().IsMatch(text) ? text : throw new BusinessRuleException("Écrivez la couleur comme #0B7A75 : un dièse et six chiffres ou lettres de A à F.", nameof(Accent));
    }

    // A rate below three times the legal one is void, and the whole clause with it (C. com. art. L441-10 II).
    private static decimal? RateOf(decimal? typed, decimal? legal)
    {
        var rate = Within(typed, 0, 50, nameof(PenaltyRate), "Le taux va de 0 à 50 % l'an.");
        return rate is null || legal is null || rate >= 3 * legal
            ? rate
            : throw new BusinessRuleException($"Ce taux est inférieur à ce que la loi demande : au moins {(3 * legal.Value).ToString("0.##", FrenchText.Culture)} %, trois fois le taux légal (C. com. art. L441-10).", nameof(PenaltyRate));
    }

    private static int Days(int? typed, int least, int most, string field)
        => typed is { } days && days >= least && days <= most ? days : throw new BusinessRuleException($"Indiquez un nombre de jours, de {least} à {most}.", field);

    private static decimal? Within(decimal? typed, decimal least, decimal most, string field, string sentence)
        => typed is null || (typed >= least && typed <= most) ? (typed is { } value ? Money.Round(value) : null) : throw new BusinessRuleException(sentence, field);

    // Two series under one prefix would give the same number twice; a prefix that changes within a year would break its sequence.
    private string[] PrefixesOf(CompanyDetails details, IReadOnlyCollection<NumberSeries> started)
    {
        (DocumentSeries Series, string? Typed)[] typed =
        [
            (DocumentSeries.Quote, details.QuotePrefix), (DocumentSeries.Invoice, details.InvoicePrefix),
            (DocumentSeries.CreditNote, details.CreditNotePrefix), (DocumentSeries.Contract, details.ContractPrefix),
        ];
        var taken = new Dictionary<string, DocumentSeries>(StringComparer.OrdinalIgnoreCase);
        return [.. typed.Select(row =>
        {
            var field = PrefixFieldOf(row.Series);
            var prefix = Clean.Required(row.Typed, 12, field, "Indiquez le préfixe : il distingue les séries.");
            if (!Prefix().IsMatch(prefix))
            {
                throw new BusinessRuleException("Un préfixe ne contient que des lettres sans accent, des chiffres, et + - _ / (norme des factures électroniques).", field);
            }

            if (prefix != PrefixOf(row.Series) && WhyFrozen(started.FirstOrDefault(series => series.Series == row.Series)) is { } reason)
            {
                throw new BusinessRuleException(reason, field);
            }

            return taken.TryAdd(prefix, row.Series) ? prefix : throw new BusinessRuleException($"Ce préfixe est déjà celui de la série « {taken[prefix]} » : deux documents porteraient le même numéro.", field);
        })];
    }

    [GeneratedRegex("^#[0-9A-F]{6}$")]
    private static partial Regex Colour();

    // BR-FR-01 and BR-FR-02: what the number of an electronic invoice may be made of.
    [GeneratedRegex("^[A-Za-z0-9+\\-_/]+$")]
    private static partial Regex Prefix();
}

internal sealed class CompanyConfiguration : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("Companies");
        company.Ignore(c => c.Term);
    }
}
