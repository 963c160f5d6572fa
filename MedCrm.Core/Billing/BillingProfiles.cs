using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Billing;

/// <summary>Where the terms of payment of an institution come from.</summary>
public enum TermSource
{
    [System.ComponentModel.DataAnnotations.Display(Name = "délai légal de l'acheteur public")] Statutory,
    [System.ComponentModel.DataAnnotations.Display(Name = "conditions convenues")] Agreed,
    [System.ComponentModel.DataAnnotations.Display(Name = "conditions habituelles")] Usual,
}

/// <summary>How an institution is billed, all told: what its profile says, else what the law, its legal status, its own address and the company's usual terms say.</summary>
public sealed record EffectiveBilling
{
    /// <summary>The institution.</summary>
    public required Guid InstitutionId { get; init; }

    /// <summary>What kind of buyer it is.</summary>
    public required BuyerKind Buyer { get; init; }

    /// <summary>The terms of payment.</summary>
    public required PaymentTerm Term { get; init; }

    /// <summary>Where they come from.</summary>
    public required TermSource TermSource { get; init; }

    /// <summary>Who is billed.</summary>
    public required string Name { get; init; }

    /// <summary>The address of the invoice: the one of the profile, else the institution's.</summary>
    public string? Street { get; init; }

    /// <summary>The rest of the street.</summary>
    public string? AddressLine2 { get; init; }

    /// <summary>The postcode.</summary>
    public string? Postcode { get; init; }

    /// <summary>The town, Cedex included.</summary>
    public string? City { get; init; }

    /// <summary>9 digits.</summary>
    public string? Siren { get; init; }

    /// <summary>14 digits.</summary>
    public string? Siret { get; init; }

    /// <summary>The intra-community VAT number.</summary>
    public string? VatNumber { get; init; }

    /// <summary>Where invoices are mailed.</summary>
    public string? Email { get; init; }

    /// <summary>What a public buyer asks for on an invoice.</summary>
    public PublicReference Reference { get; init; }

    /// <summary>The usual code of its billed service.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>Its account in the ledger of customers; null follows the rule of exports.</summary>
    public string? AccountCode { get; init; }

    /// <summary>Told of a tacit renewal in time (C. conso. art. L215-1).</summary>
    public bool IsNonProfessional { get; init; }

    /// <summary>No reminder is ever sent.</summary>
    public bool IsNeverDunned { get; init; }

    /// <summary>The invoice goes to another address than the institution's.</summary>
    public bool HasOwnAddress { get; init; }
}

/// <summary>The billing of an institution as its page shows it.</summary>
/// <param name="Details">What the profile says, for the form.</param>
/// <param name="Effective">What holds, all told.</param>
/// <param name="Known">What kind of buyer it is by its legal status.</param>
/// <param name="UsualTerm">The company's usual terms.</param>
public sealed record BillingSheet(string InstitutionName, BillingProfileDetails Details, EffectiveBilling Effective, BuyerKind Known, PaymentTerm UsualTerm);

/// <summary>The door of how institutions are billed.</summary>
public sealed class BillingProfiles(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>How an institution is billed; null when it is out of sight.</summary>
    public async Task<BillingSheet?> FindAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var seen = await db.Institutions.VisibleTo(actor).Where(institution => institution.Id == institutionId)
            .Select(institution => new { institution.Name, institution.LegalStatusCode, institution.Ownership }).SingleOrDefaultAsync(cancellationToken);
        if (seen is null)
        {
            return null;
        }

        var profile = await db.BillingProfiles.AsNoTracking().SingleOrDefaultAsync(profile => profile.InstitutionId == institutionId, cancellationToken);
        return new BillingSheet(
            seen.Name,
            profile?.Details() ?? new BillingProfileDetails(),
            await EffectiveAsync(db, institutionId, cancellationToken),
            PaymentTerm.BuyerOf(seen.LegalStatusCode, seen.Ownership),
            (await Company.ReadAsync(db, cancellationToken)).Term);
    }

    /// <summary>How an institution that the actor may see is billed, all told; null when it is out of sight.</summary>
    public async Task<EffectiveBilling?> FindEffectiveAsync(Guid institutionId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Institutions.VisibleTo(actor).AnyAsync(institution => institution.Id == institutionId, cancellationToken)
            ? await EffectiveAsync(db, institutionId, cancellationToken)
            : null;
    }

    /// <summary>Takes what somebody typed; what a colleague changed meanwhile in other fields stays.</summary>
    /// <exception cref="EditConflictException">A colleague changed the same fields since <paramref name="seen"/>.</exception>
    /// <exception cref="BusinessRuleException">A field is refused, the terms are longer than the law allows, or the institution is gone.</exception>
    public Task<Done> EditAsync(Guid institutionId, BillingProfileDetails seen, BillingProfileDetails mine, CancellationToken cancellationToken = default)
        => StaleRecordException.RetryOnceAsync(async () =>
        {
            var actor = await currentUser.GetAsync(cancellationToken);
            actor.Demand(Right.EditCustomers);
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var institution = await db.Institutions.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(institution => institution.Id == institutionId, cancellationToken)
                ?? throw new BusinessRuleException("Cet établissement n'existe plus.");
            var profile = await db.BillingProfiles.SingleOrDefaultAsync(profile => profile.InstitutionId == institutionId, cancellationToken)
                ?? db.BillingProfiles.Add(new BillingProfile(institution.Id, institution.Name)).Entity;
            profile.Edit(await db.MergeAsync(profile, seen, mine, profile.Details(), cancellationToken), PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership));
            var gesture = db.Begin(actor, $"Facturation de « {institution.Name} » modifiée");
            await db.SaveChangesAsync(cancellationToken);
            return new Done(institution.Id, gesture.Sentence, gesture.Undoable);
        });

    /// <summary>How an institution is billed, all told, whoever asks and the bin included: for quotes, invoices, contracts, reminders.</summary>
    /// <exception cref="BusinessRuleException">The institution is gone for good.</exception>
    internal static async Task<EffectiveBilling> EffectiveAsync(MedCrmDbContext db, Guid institutionId, CancellationToken cancellationToken)
        => (await EffectiveAsync(db, [institutionId], cancellationToken)).GetValueOrDefault(institutionId) ?? throw new BusinessRuleException("Cet établissement n'existe plus.");

    /// <summary>The same for several institutions at once, by their ids; those that are gone are left out.</summary>
    internal static async Task<Dictionary<Guid, EffectiveBilling>> EffectiveAsync(MedCrmDbContext db, IReadOnlyCollection<Guid> institutionIds, CancellationToken cancellationToken)
    {
        var usual = (await Company.ReadAsync(db, cancellationToken)).Term;
        var found = new Dictionary<Guid, EffectiveBilling>();
        foreach (var portion in institutionIds.Distinct().Chunk(500))
        {
            var institutions = await db.Institutions.IgnoreQueryFilters().AsNoTracking().Where(institution => portion.Contains(institution.Id)).ToListAsync(cancellationToken);
            var profiles = await db.BillingProfiles.AsNoTracking().Where(profile => portion.Contains(profile.InstitutionId)).ToDictionaryAsync(profile => profile.InstitutionId, cancellationToken);
            foreach (var institution in institutions)
            {
                found[institution.Id] = Effective(institution, profiles.GetValueOrDefault(institution.Id), usual);
            }
        }

        return found;
    }

    private static EffectiveBilling Effective(Institution institution, BillingProfile? profile, PaymentTerm usual)
    {
        var buyer = profile?.Buyer ?? PaymentTerm.BuyerOf(institution.LegalStatusCode, institution.Ownership);
        var (term, source) = TermOf(profile, buyer, usual);
        var isElsewhere = profile?.City is not null;
        return new EffectiveBilling
        {
            InstitutionId = institution.Id,
            Buyer = buyer,
            Term = term,
            TermSource = source,
            Name = profile?.Name ?? institution.Name,
            Street = isElsewhere ? profile!.Street : institution.Street,
            AddressLine2 = isElsewhere ? profile!.AddressLine2 : institution.AddressLine2,
            Postcode = isElsewhere ? profile!.Postcode : institution.Postcode,
            City = isElsewhere ? profile!.City : Joined(institution.City, institution.Cedex),
            HasOwnAddress = isElsewhere,
            Siren = institution.Siren ?? institution.Siret?[..9],
            Siret = institution.Siret,
            VatNumber = institution.VatNumber,
            Email = profile?.Email,
            Reference = profile?.Reference ?? PublicReference.None,
            ServiceCode = profile?.ServiceCode,
            AccountCode = profile?.AccountCode,
            IsNonProfessional = profile?.IsNonProfessional ?? institution.Ownership is Ownership.PrivateNonProfit,
            IsNeverDunned = profile?.IsNeverDunned ?? false,
        };
    }

    // What was agreed before the institution changed its legal status may no longer be lawful: the law then holds.
    private static (PaymentTerm Term, TermSource Source) TermOf(BillingProfile? profile, BuyerKind buyer, PaymentTerm usual)
        => profile is { TermKind: { } kind, TermDays: { } days } && new PaymentTerm(kind, days) is var agreed && agreed.IsLawful(buyer) ? (agreed, TermSource.Agreed)
            : PaymentTerm.Statutory(buyer) is { } statutory ? (statutory, TermSource.Statutory)
            : (usual, TermSource.Usual);

    private static string? Joined(string? city, string? cedex) => string.Join(' ', new[] { city, cedex }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } town ? town : null;
}
