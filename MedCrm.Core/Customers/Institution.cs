using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ids = MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Customers;

/// <summary>A health institution that we sell to: a site (FINESS ET) or a legal entity (FINESS EJ). No patient is ever recorded.</summary>
public sealed class Institution : IOwned, IVersioned, IBinnable, IRestorable
{
    private readonly List<InstitutionLabel> _labels = [];

    private Institution()
    {
    }

    /// <summary>A new institution.</summary>
    /// <exception cref="BusinessRuleException">A field of <paramref name="details"/> is refused.</exception>
    public Institution(InstitutionDetails details, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Nom")] public string Name { get; private set; } = "";
    [Display(Name = "Nom court")] public string? ShortName { get; private set; }
    [Display(Name = "FINESS établissement")] public string? FinessEt { get; private set; }
    [Display(Name = "FINESS entité juridique")] public string? FinessEj { get; private set; }
    [Display(Name = "SIREN")] public string? Siren { get; private set; }
    [Display(Name = "SIRET")] public string? Siret { get; private set; }
    [Display(Name = "N° de TVA")] public string? VatNumber { get; private set; }
    [Display(Name = "Catégorie")] public string? CategoryCode { get; private set; }
    [Display(Name = "Statut juridique")] public string? LegalStatusCode { get; private set; }
    [Display(Name = "Public / privé")] public Ownership Ownership { get; private set; }
    [Display(Name = "Entité juridique")] public bool IsLegalEntity { get; private set; }
    [Display(Name = "Adresse")] public string? Street { get; private set; }
    [Display(Name = "Complément d'adresse")] public string? AddressLine2 { get; private set; }
    [Display(Name = "Code postal")] public string? Postcode { get; private set; }
    [Display(Name = "Ville")] public string? City { get; private set; }
    [Display(Name = "Cedex")] public string? Cedex { get; private set; }
    [Display(Name = "Code commune")] public string? InseeCode { get; private set; }
    [Display(Name = "Département")] public string? DepartmentCode { get; private set; }
    [Display(Name = "Région")] public string? RegionCode { get; private set; }
    [Display(Name = "Téléphone")] public string? Phone { get; private set; }
    [Display(Name = "Second téléphone")] public string? SecondPhone { get; private set; }
    [Display(Name = "Télécopie")] public string? Fax { get; private set; }
    [Display(Name = "E-mail")] public string? Email { get; private set; }
    [Display(Name = "Site web")] public string? Website { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Statut")] public CustomerStatus Status { get; private set; }
    [Display(Name = "GHT ou groupe")] public string? HospitalGroup { get; private set; }
    [Display(Name = "Établissement de rattachement")] public Guid? ParentId { get; private set; }
    [Display(Name = "Lits de médecine")] public int? BedsMedicine { get; private set; }
    [Display(Name = "Lits de chirurgie")] public int? BedsSurgery { get; private set; }
    [Display(Name = "Lits d'obstétrique")] public int? BedsObstetrics { get; private set; }
    [Display(Name = "Lits de psychiatrie")] public int? BedsPsychiatry { get; private set; }
    [Display(Name = "Lits de SMR")] public int? BedsRehabilitation { get; private set; }
    [Display(Name = "Lits de long séjour")] public int? BedsLongStay { get; private set; }

    /// <summary>The sum of the beds known, kept for sorting and filters; null when none is known.</summary>
    [NotRecorded] public int? BedsTotal { get; private set; }

    [Display(Name = "Salles d'opération")] public int? OperatingRooms { get; private set; }
    [Display(Name = "Conformité")] public Conformity Conformity { get; private set; }
    [Display(Name = "Dernier audit")] public DateOnly? LastAuditOn { get; private set; }
    [Display(Name = "Prochain audit")] public DateOnly? NextAuditOn { get; private set; }
    [Display(Name = "Notes de conformité")] public string? ConformityNotes { get; private set; }
    [Display(Name = "Notes")] public string? Notes { get; private set; }

    /// <summary>Tags, specialities, departments and equipment.</summary>
    public IReadOnlyList<InstitutionLabel> Labels => _labels;

    /// <summary>Name, town and identifiers folded, for search.</summary>
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
    public InstitutionDetails Details() => new()
    {
        Name = Name,
        ShortName = ShortName,
        FinessEt = FinessEt,
        FinessEj = FinessEj,
        Siren = Siren,
        Siret = Siret,
        VatNumber = VatNumber,
        CategoryCode = CategoryCode,
        LegalStatusCode = LegalStatusCode,
        Ownership = Ownership,
        IsLegalEntity = IsLegalEntity,
        Street = Street,
        AddressLine2 = AddressLine2,
        Postcode = Postcode,
        City = City,
        Cedex = Cedex,
        InseeCode = InseeCode,
        DepartmentCode = DepartmentCode,
        Phone = Phone,
        SecondPhone = SecondPhone,
        Fax = Fax,
        Email = Email,
        Website = Website,
        OwnerId = OwnerId,
        TeamId = TeamId,
        Status = Status,
        HospitalGroup = HospitalGroup,
        ParentId = ParentId,
        Tags = TextsOf(InstitutionLabelKind.Tag),
        BedsMedicine = BedsMedicine,
        BedsSurgery = BedsSurgery,
        BedsObstetrics = BedsObstetrics,
        BedsPsychiatry = BedsPsychiatry,
        BedsRehabilitation = BedsRehabilitation,
        BedsLongStay = BedsLongStay,
        OperatingRooms = OperatingRooms,
        Specialities = TextsOf(InstitutionLabelKind.Speciality),
        Departments = TextsOf(InstitutionLabelKind.Department),
        Equipment = TextsOf(InstitutionLabelKind.Equipment),
        Conformity = Conformity,
        LastAuditOn = LastAuditOn,
        NextAuditOn = NextAuditOn,
        ConformityNotes = ConformityNotes,
        Notes = Notes,
    };

    /// <summary>Takes new values, after checking and normalising each. Identifiers are checked only when they change, so that an old one never blocks another edit.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; nothing was taken.</exception>
    public void Edit(InstitutionDetails details, DateTime at)
    {
        var strict = !details.AcceptsWrongKeys;
        var name = Clean.Required(details.Name, 200, nameof(Name), "Indiquez le nom de l'établissement.");
        var shortName = Clean.Text(details.ShortName, 100, nameof(ShortName));
        var finessEt = Checked(FinessEt, details.FinessEt, nameof(FinessEt), text => Finess.Check(text, strict));
        var finessEj = Checked(FinessEj, details.FinessEj, nameof(FinessEj), text => Finess.Check(text, strict));
        var siret = Checked(Siret, details.Siret, nameof(Siret), text => Ids.Siret.Check(text, strict));
        var siren = Checked(Siren, details.Siren, nameof(Siren), text => Ids.Siren.Check(text, strict)) ?? siret?[..9];
        var vatNumber = Checked(VatNumber, details.VatNumber, nameof(VatNumber), text => Ids.VatNumber.Check(text, strict));
        var category = CodeOf(details.CategoryCode, nameof(CategoryCode), 4);
        var legalStatus = CodeOf(details.LegalStatusCode, nameof(LegalStatusCode), 4);
        var postcode = Clean.Text(details.Postcode, 10, nameof(Postcode));
        var department = Clean.Text(details.DepartmentCode, 3, nameof(DepartmentCode))?.ToUpperInvariant() ?? Customers.Departments.OfPostcode(postcode)?.Code;
        var region = Customers.Departments.Find(department)?.PhoneRegion ?? "FR";
        var phone = PhoneOf(Phone, details.Phone, region, nameof(Phone));
        var secondPhone = PhoneOf(SecondPhone, details.SecondPhone, region, nameof(SecondPhone));
        var fax = PhoneOf(Fax, details.Fax, region, nameof(Fax));
        var email = Clean.Email(details.Email, nameof(Email));
        var website = Clean.Website(details.Website, nameof(Website));
        var street = Clean.Text(details.Street, 200, nameof(Street));
        var addressLine2 = Clean.Text(details.AddressLine2, 200, nameof(AddressLine2));
        var city = Clean.Text(details.City, 100, nameof(City));
        var cedex = Clean.Text(details.Cedex, 20, nameof(Cedex));
        var inseeCode = Clean.Text(details.InseeCode, 5, nameof(InseeCode));
        var group = Clean.Text(details.HospitalGroup, 150, nameof(HospitalGroup));
        var conformityNotes = Clean.Text(details.ConformityNotes, 4000, nameof(ConformityNotes));
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        var beds = new[]
        {
            Clean.Count(details.BedsMedicine, nameof(BedsMedicine)),
            Clean.Count(details.BedsSurgery, nameof(BedsSurgery)),
            Clean.Count(details.BedsObstetrics, nameof(BedsObstetrics)),
            Clean.Count(details.BedsPsychiatry, nameof(BedsPsychiatry)),
            Clean.Count(details.BedsRehabilitation, nameof(BedsRehabilitation)),
            Clean.Count(details.BedsLongStay, nameof(BedsLongStay)),
        };
        var operatingRooms = Clean.Count(details.OperatingRooms, nameof(OperatingRooms));
        var tags = LabelList.Clean(details.Tags, nameof(InstitutionDetails.Tags));
        var specialities = LabelList.Clean(details.Specialities, nameof(InstitutionDetails.Specialities));
        var departments = LabelList.Clean(details.Departments, nameof(InstitutionDetails.Departments));
        var equipment = LabelList.Clean(details.Equipment, nameof(InstitutionDetails.Equipment));

        if (details.ParentId == Id)
        {
            throw new BusinessRuleException("Un établissement ne peut pas être rattaché à lui-même.", nameof(ParentId));
        }

        if (details.NextAuditOn < details.LastAuditOn)
        {
            throw new BusinessRuleException("Le prochain audit vient après le dernier.", nameof(NextAuditOn));
        }

        Name = name;
        ShortName = shortName;
        FinessEt = finessEt;
        FinessEj = finessEj;
        Siren = siren;
        Siret = siret;
        VatNumber = vatNumber;
        CategoryCode = category;
        Ownership = details.Ownership is Ownership.Unknown || (legalStatus is not null && legalStatus != LegalStatusCode && details.Ownership == Ownership)
            ? Nomenclature.OwnershipOf(legalStatus) ?? details.Ownership
            : details.Ownership;
        LegalStatusCode = legalStatus;
        IsLegalEntity = details.IsLegalEntity;
        Street = street;
        AddressLine2 = addressLine2;
        Postcode = postcode;
        City = city;
        Cedex = cedex;
        InseeCode = inseeCode;
        DepartmentCode = department;
        RegionCode = Customers.Departments.Find(department)?.Region?.Code;
        Phone = phone;
        SecondPhone = secondPhone;
        Fax = fax;
        Email = email;
        Website = website;
        OwnerId = details.OwnerId;
        TeamId = details.TeamId;
        Status = details.Status;
        HospitalGroup = group;
        ParentId = details.ParentId;
        (BedsMedicine, BedsSurgery, BedsObstetrics, BedsPsychiatry, BedsRehabilitation, BedsLongStay) = (beds[0], beds[1], beds[2], beds[3], beds[4], beds[5]);
        CountBeds();
        OperatingRooms = operatingRooms;
        Conformity = details.Conformity;
        LastAuditOn = details.LastAuditOn;
        NextAuditOn = details.NextAuditOn;
        ConformityNotes = conformityNotes;
        Notes = notes;
        Label(InstitutionLabelKind.Tag, tags);
        Label(InstitutionLabelKind.Speciality, specialities);
        Label(InstitutionLabelKind.Department, departments);
        Label(InstitutionLabelKind.Equipment, equipment);
        SearchKey = KeyOf();
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>Makes a won deal's institution a customer; a customer stays one.</summary>
    public void BecomeCustomer(DateTime at)
    {
        Status = CustomerStatus.Customer;
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        CountBeds();
        SearchKey = KeyOf();
    }

    private static string? Checked(string? current, string? typed, string field, Func<string?, IdentifierCheck> check)
    {
        var text = Clean.Text(typed, 40, field);
        if (text is null || text == current)
        {
            return text;
        }

        var verdict = check(text);
        return verdict.Error is null ? verdict.Value : throw new BusinessRuleException(verdict.Error, field);
    }

    private static string? PhoneOf(string? current, string? typed, string region, string field)
    {
        var text = Clean.Text(typed, 40, field);
        if (text is null || text == current)
        {
            return text;
        }

        var verdict = PhoneNumber.Check(text, region);
        return verdict.Error is null ? verdict.Value : throw new BusinessRuleException(verdict.Error, field);
    }

    private static string? CodeOf(string? code, string field, int longest) => Clean.Text(code, longest, field);

    private void CountBeds()
    {
        var beds = new[] { BedsMedicine, BedsSurgery, BedsObstetrics, BedsPsychiatry, BedsRehabilitation, BedsLongStay };
        BedsTotal = beds.All(count => count is null) ? null : beds.Sum();
    }

    private List<string> TextsOf(InstitutionLabelKind kind) => [.. _labels.Where(label => label.Kind == kind).Select(label => label.Text)];

    private void Label(InstitutionLabelKind kind, IReadOnlyList<string> texts)
        => LabelList.Match(_labels, label => label.Kind == kind, label => label.Text, texts, text => new InstitutionLabel(Id, kind, text));

    private string KeyOf()
        => Foundation.SearchKey.Fold(string.Join(' ', new[] { Name, ShortName, City, Postcode, FinessEt, FinessEj, Siren, Siret, Email, Phone, HospitalGroup }.Where(text => text is not null)));
}

internal sealed class InstitutionConfiguration : IEntityTypeConfiguration<Institution>
{
    public void Configure(EntityTypeBuilder<Institution> institution)
    {
        institution.Property(i => i.Name).HasMaxLength(200);
        institution.HasMany(i => i.Labels).WithOne().HasForeignKey(label => label.InstitutionId).OnDelete(DeleteBehavior.Cascade);
        institution.Navigation(i => i.Labels).HasField("_labels").UsePropertyAccessMode(PropertyAccessMode.Field);
        institution.HasOne<Institution>().WithMany().HasForeignKey(i => i.ParentId).OnDelete(DeleteBehavior.Restrict);
        institution.HasOne<User>().WithMany().HasForeignKey(i => i.OwnerId).OnDelete(DeleteBehavior.Restrict);
        institution.HasOne<Team>().WithMany().HasForeignKey(i => i.TeamId).OnDelete(DeleteBehavior.Restrict);

        institution.HasIndex(i => i.FinessEt).IsUnique().HasFilter("\"FinessEt\" IS NOT NULL AND \"DeletedAt\" IS NULL");

        // Where hardly any institution has one, the empty ones would make the database believe that an index finds nothing.
        institution.HasIndex(i => i.ParentId).HasFilter("\"ParentId\" IS NOT NULL");
        institution.HasIndex(i => i.FinessEj).HasFilter("\"FinessEj\" IS NOT NULL");
        institution.HasIndex(i => i.Siret).HasFilter("\"Siret\" IS NOT NULL");
        institution.HasIndex(i => i.Siren).HasFilter("\"Siren\" IS NOT NULL");
        institution.HasIndex(i => i.Email).HasFilter("\"Email\" IS NOT NULL");
        institution.HasIndex(i => new { i.DeletedAt, i.Name });

        // The order of the list carries what the list is filtered on, so that a page is found without opening the records between.
        institution.HasIndex(i => new { i.DeletedAt, i.SearchKey, i.Id, i.Status, i.Ownership, i.DepartmentCode, i.RegionCode, i.CategoryCode, i.OwnerId, i.TeamId })
            .HasDatabaseName("IX_Institutions_ListOrder");
        institution.HasIndex(i => new { i.DeletedAt, i.City });
        institution.HasIndex(i => new { i.DeletedAt, i.CategoryCode, i.Name });
        institution.HasIndex(i => new { i.DeletedAt, i.DepartmentCode, i.Status, i.OwnerId, i.TeamId });
        institution.HasIndex(i => new { i.DeletedAt, i.RegionCode, i.Name });
        institution.HasIndex(i => new { i.DeletedAt, i.Status, i.Ownership, i.DepartmentCode, i.OwnerId, i.TeamId });
        institution.HasIndex(i => new { i.DeletedAt, i.Ownership, i.Name });
        institution.HasIndex(i => new { i.DeletedAt, i.Conformity, i.Name });
        institution.HasIndex(i => new { i.DeletedAt, i.BedsTotal });
        institution.HasIndex(i => new { i.DeletedAt, i.OperatingRooms });
        institution.HasIndex(i => new { i.DeletedAt, i.UpdatedAt });
        institution.HasIndex(i => new { i.OwnerId, i.DeletedAt });
        institution.HasIndex(i => new { i.TeamId, i.DeletedAt });
        institution.HasIndex(i => i.HospitalGroup).HasFilter("\"HospitalGroup\" IS NOT NULL");
    }
}
