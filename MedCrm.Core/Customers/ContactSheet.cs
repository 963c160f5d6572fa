using MedCrm.Core.FollowUp;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Customers;

/// <summary>A contact as its page shows it: everything people edit, the places held, the deals and tasks about them. Only what the actor may see.</summary>
public sealed record ContactSheet(Guid Id, string FullName, ContactDetails Details, DateTime CreatedAt, DateTime UpdatedAt)
{
    /// <summary>The places held, current ones first.</summary>
    public IReadOnlyList<ContactPlace> Places { get; init; } = [];

    /// <summary>The deals they take part in, open ones first.</summary>
    public IReadOnlyList<ContactDeal> Deals { get; init; } = [];

    /// <summary>What is to be done about them, then what was done last.</summary>
    public IReadOnlyList<TaskLine> Tasks { get; init; } = [];
}

/// <summary>A place that a contact holds or held, seen from the contact.</summary>
public sealed record ContactPlace(Guid RoleId, Guid InstitutionId, string Institution, string? City, string? Title, string? Department, Influence Influence, DateOnly? StartedOn, DateOnly? EndedOn, bool IsPrimary);

/// <summary>A deal of a contact; the amount is in euros excluding VAT.</summary>
public sealed record ContactDeal(Guid Id, string Name, string Institution, string Stage, StageOutcome Outcome, decimal Amount);

/// <summary>Somebody who holds or held a place in an institution, seen from the institution.</summary>
public sealed record InstitutionContact(
    Guid RoleId,
    Guid ContactId,
    string FullName,
    string? JobTitle,
    string? Title,
    string? Department,
    Influence Influence,
    DateOnly? StartedOn,
    DateOnly? EndedOn,
    bool IsPrimary,
    string? Email,
    string? Phone,
    string? Mobile)
{
    /// <summary>The contact of the institution whom they report to.</summary>
    public Guid? ManagerId { get; init; }

    /// <summary>The last call answered or meeting held with them, UTC.</summary>
    public DateTime? LastContactAt { get; init; }
}
