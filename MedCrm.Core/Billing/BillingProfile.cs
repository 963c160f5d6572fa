using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using MedCrm.Core.Customers;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MedCrm.Core.Billing;

/// <summary>What a public buyer asks on an invoice before it takes it on Chorus Pro.</summary>
public enum PublicReference
{
    [Display(Name = "Rien")] None,
    [Display(Name = "Code service")] Service,
    [Display(Name = "N° d'engagement")] Engagement,
    [Display(Name = "Code service et n° d'engagement")] Both,
    [Display(Name = "Code service ou n° d'engagement")] Either,
}

/// <summary>How an institution pays, as people edit it. Delays are in days.</summary>
public sealed record BillingProfileDetails
{
    /// <summary>Null follows its legal status.</summary>
    [Display(Name = "Type de payeur")] public BuyerKind? Buyer { get; set; }

    /// <summary>Null follows the law for a public buyer, the company's usual terms for a private one.</summary>
    [Display(Name = "Conditions de règlement")] public TermKind? TermKind { get; set; }
    [Display(Name = "Délai de règlement (jours)")] public int? TermDays { get; set; }
    [Display(Name = "Nom à facturer")] public string? Name { get; set; }
    [Display(Name = "Adresse de facturation")] public string? Street { get; set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; set; }
    [Display(Name = "Code postal")] public string? Postcode { get; set; }
    [Display(Name = "Ville")] public string? City { get; set; }
    [Display(Name = "E-mail de facturation")] public string? Email { get; set; }
    [Display(Name = "Références exigées")] public PublicReference Reference { get; set; }
    [Display(Name = "Code service habituel")] public string? ServiceCode { get; set; }
    [Display(Name = "Compte auxiliaire")] public string? AccountCode { get; set; }

    /// <summary>C. conso. art. L215-1: told of a tacit renewal in time. Null follows the ownership: non-profit yes, others no.</summary>
    [Display(Name = "Non-professionnel (information avant reconduction)")] public bool? IsNonProfessional { get; set; }

    [Display(Name = "Sans relance")] public bool IsNeverDunned { get; set; }
}

/// <summary>How an institution pays; without a row the law and the company's usual terms hold.</summary>
public sealed partial class BillingProfile : IRecordedPart, IVersioned
{
    private BillingProfile()
    {
    }

    /// <summary>The profile of an institution.</summary>
    public BillingProfile(Guid institutionId, string institutionName)
    {
        Id = Guid.CreateVersion7();
        (InstitutionId, InstitutionName) = (institutionId, institutionName);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The institution.</summary>
    public Guid InstitutionId { get; private set; }

    /// <summary>Its name when the profile was made.</summary>
    [NotRecorded] public string InstitutionName { get; private set; } = "";

    [Display(Name = "Type de payeur")] public BuyerKind? Buyer { get; private set; }
    [Display(Name = "Conditions de règlement")] public TermKind? TermKind { get; private set; }
    [Display(Name = "Délai de règlement (jours)")] public int? TermDays { get; private set; }
    [Display(Name = "Nom à facturer")] public string? Name { get; private set; }
    [Display(Name = "Adresse de facturation")] public string? Street { get; private set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; private set; }
    [Display(Name = "Code postal")] public string? Postcode { get; private set; }
    [Display(Name = "Ville")] public string? City { get; private set; }
    [Display(Name = "E-mail de facturation")] public string? Email { get; private set; }
    [Display(Name = "Références exigées")] public PublicReference Reference { get; private set; }
    [Display(Name = "Code service habituel")] public string? ServiceCode { get; private set; }
    [Display(Name = "Compte auxiliaire")] public string? AccountCode { get; private set; }
    [Display(Name = "Non-professionnel (information avant reconduction)")] public bool? IsNonProfessional { get; private set; }
    [Display(Name = "Sans relance")] public bool IsNeverDunned { get; private set; }

    /// <inheritdoc/>
    public Guid Version { get; set; }

    /// <inheritdoc/>
    public string RecordName => InstitutionName;

    /// <summary>Everything people edit, as it stands.</summary>
    public BillingProfileDetails Details() => new()
    {
        Buyer = Buyer,
        TermKind = TermKind,
        TermDays = TermDays,
        Name = Name,
        Street = Street,
        AddressLine2 = AddressLine2,
        Postcode = Postcode,
        City = City,
        Email = Email,
        Reference = Reference,
        ServiceCode = ServiceCode,
        AccountCode = AccountCode,
        IsNonProfessional = IsNonProfessional,
        IsNeverDunned = IsNeverDunned,
    };

    /// <summary>Takes new values, after checking each.</summary>
    /// <param name="details">What was typed.</param>
    /// <param name="known">What kind of buyer the institution is by its legal status, for when nothing else is said.</param>
    /// <exception cref="BusinessRuleException">A value is refused, or the terms are longer than the law allows this buyer; nothing was taken.</exception>
    public void Edit(BillingProfileDetails details, BuyerKind known)
    {
        PaymentTerm? term = null;
        if (details.TermKind is { } kind)
        {
            var days = details.TermDays ?? throw new BusinessRuleException("Indiquez le délai en jours.", nameof(TermDays));
            term = new PaymentTerm(kind, days).Checked(details.Buyer ?? known, nameof(TermDays));
        }
        else if (details.TermDays is not null)
        {
            throw new BusinessRuleException("Choisissez comment les jours se comptent, ou videz le délai.", nameof(TermKind));
        }

        var (name, street, line2) = (Clean.Text(details.Name, 200, nameof(Name)), Clean.Text(details.Street, 200, nameof(Street)), Clean.Text(details.AddressLine2, 200, nameof(AddressLine2)));
        var (postcode, city) = (Clean.Text(details.Postcode, 10, nameof(Postcode)), Clean.Text(details.City, 100, nameof(City)));
        if (street is not null || postcode is not null || city is not null)
        {
            // The address of an invoice is a legal mention (C. com. art. L441-9): a part of one would hide the institution's own.
            _ = postcode ?? throw new BusinessRuleException("Complétez l'adresse de facturation : il manque le code postal.", nameof(Postcode));
            _ = city ?? throw new BusinessRuleException("Complétez l'adresse de facturation : il manque la ville.", nameof(City));
        }

        var email = Clean.Email(details.Email, nameof(Email));
        var service = Clean.Text(details.ServiceCode, 50, nameof(ServiceCode));
        var account = Clean.Text(details.AccountCode, 17, nameof(AccountCode))?.ToUpperInvariant();
        if (account is not null && !Account().IsMatch(account))
        {
            throw new BusinessRuleException("Un compte auxiliaire ne contient que des lettres sans accent et des chiffres.", nameof(AccountCode));
        }

        (Buyer, TermKind, TermDays) = (details.Buyer, term?.Kind, term?.Days);
        (Name, Street, AddressLine2, Postcode, City, Email) = (name, street, line2, postcode, city, email);
        (Reference, ServiceCode, AccountCode) = (details.Reference, service, account);
        (IsNonProfessional, IsNeverDunned) = (details.IsNonProfessional, details.IsNeverDunned);
    }

    [GeneratedRegex("^[A-Z0-9]+$")]
    private static partial Regex Account();

    /// <inheritdoc/>
    public string WholeType => nameof(Institution);

    /// <inheritdoc/>
    public Guid WholeId => InstitutionId;
}

internal sealed class BillingProfileConfiguration : IEntityTypeConfiguration<BillingProfile>
{
    public void Configure(EntityTypeBuilder<BillingProfile> profile)
    {
        profile.HasOne<Institution>().WithOne().HasForeignKey<BillingProfile>(p => p.InstitutionId).OnDelete(DeleteBehavior.Cascade);
        profile.HasIndex(p => p.InstitutionId).IsUnique();
    }
}
