using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ids = MedCrm.Core.Foundation.Identifiers;

namespace MedCrm.Core.Customers;

/// <summary>Everything about a contact that people edit.</summary>
public sealed record ContactDetails
{
    [Display(Name = "Civilité")] public string? Civility { get; set; }
    [Display(Name = "Prénom")] public string? FirstName { get; set; }
    [Display(Name = "Nom")] public string LastName { get; set; } = "";
    [Display(Name = "Fonction")] public string? JobTitle { get; set; }
    [Display(Name = "Spécialité")] public string? Speciality { get; set; }
    [Display(Name = "RPPS")] public string? Rpps { get; set; }
    [Display(Name = "E-mail")] public string? Email { get; set; }
    [Display(Name = "Téléphone")] public string? Phone { get; set; }
    [Display(Name = "Mobile")] public string? Mobile { get; set; }
    [Display(Name = "Responsable")] public Guid? OwnerId { get; set; }
    [Display(Name = "Équipe")] public Guid? TeamId { get; set; }
    [Display(Name = "Étiquettes")] public IReadOnlyList<string> Tags { get; set; } = [];
    [Display(Name = "Notes")] public string? Notes { get; set; }
}

/// <summary>The place of a contact in an institution, as people edit it.</summary>
public sealed record ContactRoleDetails
{
    [Display(Name = "Établissement")] public Guid? InstitutionId { get; set; }
    [Display(Name = "Rôle")] public string? Title { get; set; }
    [Display(Name = "Service")] public string? Department { get; set; }
    [Display(Name = "Influence")] public Influence Influence { get; set; }
    [Display(Name = "Depuis le")] public DateOnly? StartedOn { get; set; }
    [Display(Name = "Jusqu'au")] public DateOnly? EndedOn { get; set; }
    [Display(Name = "Contact principal")] public bool IsPrimary { get; set; }
}

/// <summary>Somebody we talk to, in one or several institutions. RPPS identifies a practitioner for life.</summary>
public sealed class Contact : IOwned, IVersioned, IBinnable, IRestorable
{
    /// <summary>The civilities offered; others are kept as they come.</summary>
    public static IReadOnlyList<string> Civilities { get; } = ["Mme", "M.", "Dr", "Pr"];

    private readonly List<ContactRole> _roles = [];
    private readonly List<ContactLabel> _labels = [];

    private Contact()
    {
    }

    /// <summary>A new contact.</summary>
    /// <exception cref="BusinessRuleException">A field of <paramref name="details"/> is refused.</exception>
    public Contact(ContactDetails details, DateTime at)
    {
        Id = Guid.CreateVersion7();
        CreatedAt = at;
        Edit(details, at);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    [Display(Name = "Civilité")] public string? Civility { get; private set; }
    [Display(Name = "Prénom")] public string? FirstName { get; private set; }
    [Display(Name = "Nom")] public string LastName { get; private set; } = "";

    /// <summary>First and last name as read on screen, kept for sorting.</summary>
    [NotRecorded] public string FullName { get; private set; } = "";

    [Display(Name = "Fonction")] public string? JobTitle { get; private set; }
    [Display(Name = "Spécialité")] public string? Speciality { get; private set; }
    [Display(Name = "RPPS")] public string? Rpps { get; private set; }
    [Display(Name = "E-mail")] public string? Email { get; private set; }
    [Display(Name = "Téléphone")] public string? Phone { get; private set; }
    [Display(Name = "Mobile")] public string? Mobile { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Responsable")] public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    [Display(Name = "Équipe")] public Guid? TeamId { get; private set; }

    [Display(Name = "Notes")] public string? Notes { get; private set; }

    /// <summary>The places held, past ones included.</summary>
    public IReadOnlyList<ContactRole> Roles => _roles;

    /// <summary>Tags.</summary>
    public IReadOnlyList<ContactLabel> Labels => _labels;

    /// <summary>Last name first, then first name, job, e-mail and phones, folded: for search and for the order of lists.</summary>
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
    public string RecordName => FullName;

    /// <summary>Everything people edit, as it stands.</summary>
    public ContactDetails Details() => new()
    {
        Civility = Civility,
        FirstName = FirstName,
        LastName = LastName,
        JobTitle = JobTitle,
        Speciality = Speciality,
        Rpps = Rpps,
        Email = Email,
        Phone = Phone,
        Mobile = Mobile,
        OwnerId = OwnerId,
        TeamId = TeamId,
        Tags = [.. _labels.Select(label => label.Text)],
        Notes = Notes,
    };

    /// <summary>Takes new values, after checking and normalising each.</summary>
    /// <exception cref="BusinessRuleException">A value is refused; nothing was taken.</exception>
    public void Edit(ContactDetails details, DateTime at)
    {
        var lastName = Clean.Required(details.LastName, 100, nameof(LastName), "Indiquez le nom du contact.");
        var firstName = Clean.Text(details.FirstName, 100, nameof(FirstName));
        var civility = Clean.Text(details.Civility, 20, nameof(Civility));
        var jobTitle = Clean.Text(details.JobTitle, 150, nameof(JobTitle));
        var speciality = Clean.Text(details.Speciality, 150, nameof(Speciality));
        var rpps = Checked(Rpps, details.Rpps, nameof(Rpps), text => Ids.Rpps.Check(text));
        var email = Clean.Email(details.Email, nameof(Email));
        var phone = Checked(Phone, details.Phone, nameof(Phone), text => PhoneNumber.Check(text));
        var mobile = Checked(Mobile, details.Mobile, nameof(Mobile), text => PhoneNumber.Check(text));
        var notes = Clean.Text(details.Notes, 20_000, nameof(Notes));
        var tags = LabelList.Clean(details.Tags, nameof(ContactDetails.Tags));

        (LastName, FirstName, Civility, JobTitle, Speciality, Rpps, Email, Phone, Mobile, Notes) = (lastName, firstName, civility, jobTitle, speciality, rpps, email, phone, mobile, notes);
        OwnerId = details.OwnerId;
        TeamId = details.TeamId;
        LabelList.Match(_labels, _ => true, label => label.Text, tags, text => new ContactLabel(Id, text));
        Name();
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void AssignTo(Guid? ownerId, Guid? teamId, DateTime at)
    {
        (OwnerId, TeamId) = (ownerId, teamId);
        UpdatedAt = at;
    }

    /// <summary>Gives the contact a place in an institution. A primary place makes the others of that institution secondary: the door sees to that.</summary>
    /// <exception cref="BusinessRuleException">The place is incomplete, or the contact already holds one there.</exception>
    public ContactRole Join(ContactRoleDetails details, DateTime at)
    {
        CheckOnePlace(details, null);
        var place = new ContactRole(Id, FullName, details);
        _roles.Add(place);
        UpdatedAt = at;
        return place;
    }

    /// <summary>A place held.</summary>
    /// <exception cref="BusinessRuleException">It was removed.</exception>
    public ContactRole PlaceOf(Guid roleId)
        => _roles.Find(role => role.Id == roleId) ?? throw new BusinessRuleException("Ce poste n'existe plus.");

    /// <summary>Changes a place. A primary place makes the others of that institution secondary: the door sees to that.</summary>
    /// <exception cref="BusinessRuleException">The place is refused, gone, or already held.</exception>
    public ContactRole EditPlace(Guid roleId, ContactRoleDetails details, DateTime at)
    {
        var place = PlaceOf(roleId);
        CheckOnePlace(details, roleId);
        place.Edit(details);
        UpdatedAt = at;
        return place;
    }

    /// <summary>Somebody left a place: it closes and keeps its history.</summary>
    /// <exception cref="BusinessRuleException">The day is before the start, or the place is gone.</exception>
    public void LeavePlace(Guid roleId, DateOnly on, DateTime at)
    {
        PlaceOf(roleId).Leave(on);
        UpdatedAt = at;
    }

    /// <summary>Says whom somebody reports to where they hold a place; nobody when null.</summary>
    /// <exception cref="BusinessRuleException">The place is closed or gone, or somebody would report to themselves.</exception>
    public void ReportTo(Guid roleId, Guid? managerId, DateTime at)
    {
        var place = PlaceOf(roleId);
        if (place.EndedOn is not null)
        {
            throw new BusinessRuleException($"« {FullName} » a quitté ce poste.");
        }

        place.ReportTo(managerId == Id ? throw new BusinessRuleException("Personne n'est son propre responsable.") : managerId);
        UpdatedAt = at;
    }

    /// <summary>Removes a place that was entered by mistake. Somebody who left keeps the place with its end date: see <see cref="LeavePlace"/>.</summary>
    /// <exception cref="BusinessRuleException">The place is gone already.</exception>
    public void Forget(Guid roleId, DateTime at)
    {
        _roles.Remove(PlaceOf(roleId));
        UpdatedAt = at;
    }

    /// <inheritdoc/>
    public void CheckRestored()
    {
        if (_roles.Where(role => role.EndedOn is null).GroupBy(role => role.InstitutionId).Any(roles => roles.Count() > 1))
        {
            throw new BusinessRuleException($"{FullName} a repris depuis un poste dans cet établissement : l'ancien ne peut pas revenir en plus.");
        }

        Name();
    }

    private void CheckOnePlace(ContactRoleDetails details, Guid? roleId)
    {
        if (details.EndedOn is null && _roles.Exists(role => role.Id != roleId && role.InstitutionId == details.InstitutionId && role.EndedOn is null))
        {
            throw new BusinessRuleException("Ce contact a déjà un poste en cours dans cet établissement.", nameof(ContactRoleDetails.InstitutionId));
        }
    }

    private static string? Checked(string? current, string? typed, string field, Func<string?, IdentifierCheck> check)
    {
        var text = Clean.Text(typed, 60, field);
        if (text is null || text == current)
        {
            return text;
        }

        var verdict = check(text);
        return verdict.Error is null ? verdict.Value : throw new BusinessRuleException(verdict.Error, field);
    }

    private void Name()
    {
        FullName = string.Join(' ', new[] { FirstName, LastName }.Where(part => part is not null));
        SearchKey = Foundation.SearchKey.Fold(string.Join(' ', new[] { LastName, FirstName, JobTitle, Email, Phone, Mobile, Rpps }.Where(text => text is not null)));
    }
}

/// <summary>The place of a contact in an institution, with its dates; it closes when the person leaves and is never lost.</summary>
public sealed class ContactRole : IRecordedPart
{
    private ContactRole()
    {
    }

    internal ContactRole(Guid contactId, string contactName, ContactRoleDetails details)
    {
        Id = Guid.CreateVersion7();
        ContactId = contactId;
        ContactName = contactName;
        Edit(details);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contact.</summary>
    public Guid ContactId { get; private set; }

    /// <summary>The contact.</summary>
    public Contact Contact { get; private set; } = null!;

    /// <summary>The institution.</summary>
    [Display(Name = "Établissement")] public Guid InstitutionId { get; private set; }

    /// <summary>The institution.</summary>
    public Institution Institution { get; private set; } = null!;

    [Display(Name = "Rôle")] public string? Title { get; private set; }
    [Display(Name = "Service")] public string? Department { get; private set; }
    [Display(Name = "Influence")] public Influence Influence { get; private set; }
    [Display(Name = "Depuis le")] public DateOnly? StartedOn { get; private set; }
    [Display(Name = "Jusqu'au")] public DateOnly? EndedOn { get; private set; }
    [Display(Name = "Contact principal")] public bool IsPrimary { get; private set; }

    /// <summary>The contact of the same institution whom this one reports to.</summary>
    [Display(Name = "Responsable hiérarchique")] public Guid? ManagerId { get; private set; }

    /// <summary>The contact's name when the place was written, for the history.</summary>
    [NotRecorded] public string ContactName { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => ContactName;

    /// <inheritdoc/>
    public string WholeType => nameof(Contact);

    /// <inheritdoc/>
    public Guid WholeId => ContactId;

    /// <summary>Everything people edit, as it stands.</summary>
    public ContactRoleDetails Details() => new()
    {
        InstitutionId = InstitutionId,
        Title = Title,
        Department = Department,
        Influence = Influence,
        StartedOn = StartedOn,
        EndedOn = EndedOn,
        IsPrimary = IsPrimary,
    };

    internal void ReportTo(Guid? managerId) => ManagerId = managerId;

    /// <summary>Takes new values.</summary>
    /// <exception cref="BusinessRuleException">The institution is missing or the dates are reversed.</exception>
    public void Edit(ContactRoleDetails details)
    {
        if (details.InstitutionId is not { } institutionId)
        {
            throw new BusinessRuleException("Choisissez l'établissement.", nameof(InstitutionId));
        }

        if (details.EndedOn < details.StartedOn)
        {
            throw new BusinessRuleException("La fin vient après le début.", nameof(EndedOn));
        }

        InstitutionId = institutionId;
        Title = Clean.Text(details.Title, 150, nameof(Title));
        Department = Clean.Text(details.Department, 150, nameof(Department));
        Influence = details.Influence;
        StartedOn = details.StartedOn;
        EndedOn = details.EndedOn;
        IsPrimary = details.IsPrimary && details.EndedOn is null;
    }

    /// <summary>The person has left: the place closes and keeps its history.</summary>
    /// <exception cref="BusinessRuleException">The day is before the start.</exception>
    public void Leave(DateOnly on) => Edit(Details() with { EndedOn = on, IsPrimary = false });

    /// <summary>Another contact became the primary one.</summary>
    public void Demote() => IsPrimary = false;
}

/// <summary>A tag on a contact.</summary>
public sealed class ContactLabel : IRecordedPart
{
    private ContactLabel()
    {
    }

    internal ContactLabel(Guid contactId, string text)
    {
        Id = Guid.CreateVersion7();
        ContactId = contactId;
        Text = text;
        SearchKey = Foundation.SearchKey.Fold(text);
    }

    /// <inheritdoc/>
    public Guid Id { get; private set; }

    /// <summary>The contact.</summary>
    public Guid ContactId { get; private set; }

    /// <summary>The tag.</summary>
    [Display(Name = "Étiquette")] public string Text { get; private set; } = "";

    /// <summary>The tag folded, for filters.</summary>
    public string SearchKey { get; private set; } = "";

    /// <inheritdoc/>
    public string RecordName => Text;

    /// <inheritdoc/>
    public string WholeType => nameof(Contact);

    /// <inheritdoc/>
    public Guid WholeId => ContactId;
}

internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>, IEntityTypeConfiguration<ContactRole>, IEntityTypeConfiguration<ContactLabel>
{
    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.HasMany(c => c.Roles).WithOne(role => role.Contact).HasForeignKey(role => role.ContactId).OnDelete(DeleteBehavior.Cascade);
        contact.Navigation(c => c.Roles).HasField("_roles").UsePropertyAccessMode(PropertyAccessMode.Field);
        contact.HasMany(c => c.Labels).WithOne().HasForeignKey(label => label.ContactId).OnDelete(DeleteBehavior.Cascade);
        contact.Navigation(c => c.Labels).HasField("_labels").UsePropertyAccessMode(PropertyAccessMode.Field);
        contact.HasOne<User>().WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Restrict);
        contact.HasOne<Team>().WithMany().HasForeignKey(c => c.TeamId).OnDelete(DeleteBehavior.Restrict);
        contact.HasIndex(c => c.Rpps).IsUnique().HasFilter("\"Rpps\" IS NOT NULL AND \"DeletedAt\" IS NULL");
        contact.HasIndex(c => c.Email);
        contact.HasIndex(c => new { c.DeletedAt, c.SearchKey });
        contact.HasIndex(c => new { c.DeletedAt, c.FullName });
        contact.HasIndex(c => new { c.DeletedAt, c.UpdatedAt });
        contact.HasIndex(c => new { c.OwnerId, c.DeletedAt });
        contact.HasIndex(c => new { c.TeamId, c.DeletedAt });
    }

    public void Configure(EntityTypeBuilder<ContactRole> role)
    {
        role.HasOne(r => r.Institution).WithMany().HasForeignKey(r => r.InstitutionId).OnDelete(DeleteBehavior.Restrict);
        role.HasOne<Contact>().WithMany().HasForeignKey(r => r.ManagerId).OnDelete(DeleteBehavior.Restrict);
        role.HasIndex(r => new { r.InstitutionId, r.EndedOn });
        role.HasIndex(r => new { r.ContactId, r.InstitutionId });
        role.HasIndex(r => r.Influence);
    }

    public void Configure(EntityTypeBuilder<ContactLabel> label)
    {
        label.HasIndex(l => new { l.ContactId, l.SearchKey });
        label.HasIndex(l => new { l.SearchKey, l.ContactId });
    }
}
