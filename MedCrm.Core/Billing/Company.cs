using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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
    [Display(Name = "Délai de règlement (jours)")] public int TermDays { get; set; } = 30;
    [Display(Name = "Escompte")] public string? EarlyPayment { get; set; } = "Pas d'escompte pour paiement anticipé.";

    /// <summary>A rate of our own, percent a year; null follows the ECB rate plus 10 points.</summary>
    [Display(Name = "Taux de pénalité propre (%)")] public decimal? PenaltyRate { get; set; }

    [Display(Name = "Validité des devis (jours)")] public int QuoteDays { get; set; } = 30;
    [Display(Name = "Conditions des devis")] public string? QuoteTerms { get; set; }
    [Display(Name = "Pied de page")] public string? Footer { get; set; }

    /// <summary>A one-time code is sent to the signer's address before an online signature.</summary>
    [Display(Name = "Code de signature par e-mail")] public bool SignatureAsksCode { get; set; }

    [Display(Name = "Validité du lien de signature (jours)")] public int SignatureDays { get; set; } = 15;
    [Display(Name = "Préfixe des devis")] public string QuotePrefix { get; set; } = "D";
    [Display(Name = "Préfixe des factures")] public string InvoicePrefix { get; set; } = "FA";
    [Display(Name = "Préfixe des avoirs")] public string CreditNotePrefix { get; set; } = "AV";
    [Display(Name = "Préfixe des contrats")] public string ContractPrefix { get; set; } = "C";

    /// <summary>Days before a period starts when its invoice draft appears in the tray.</summary>
    [Display(Name = "Brouillons de facture préparés à l'avance (jours)")] public int DraftDays { get; set; } = 10;
}

/// <summary>The company that sells. One row; without it nothing is known yet and nothing can be issued.</summary>
public sealed class Company : IRecorded, IVersioned
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

    /// <summary>The logo in the folder of files; null without one.</summary>
    [Display(Name = "Logo")] public string? LogoPath { get; private set; }

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

    /// <summary>The company as it stands, for reading; the usual values before it was filled in.</summary>
    public static async Task<Company> ReadAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => await db.Companies.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new Company();
}

internal sealed class CompanyConfiguration : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("Companies");
        company.Ignore(c => c.Term);
    }
}
