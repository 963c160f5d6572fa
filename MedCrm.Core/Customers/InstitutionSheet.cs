using MedCrm.Core.FollowUp;

namespace MedCrm.Core.Customers;

/// <summary>An institution as its page shows it: everything people edit, and what decides under the title. Amounts are euros excluding VAT; only what the actor may see is counted.</summary>
public sealed record InstitutionSheet(Guid Id, InstitutionDetails Details, string? RegionCode, int? BedsTotal, DateTime CreatedAt, DateTime UpdatedAt)
{
    /// <summary>The earliest thing to do, from open tasks and open deals; null when nothing is planned.</summary>
    public NextAction? NextAction { get; init; }

    /// <summary>The last time somebody there was spoken to.</summary>
    public LastContact? LastContact { get; init; }

    /// <summary>0 to 100; null while nothing is known.</summary>
    public int? Health { get; init; }

    /// <summary>What is still to be done for it or for its deals.</summary>
    public IReadOnlyList<TaskLine> Tasks { get; init; } = [];

    /// <summary>The sum of its open deals.</summary>
    public decimal OpenAmount { get; init; }

    /// <summary>How many deals are open.</summary>
    public int OpenCount { get; init; }

    /// <summary>What was won over the last twelve months.</summary>
    public decimal WonAmount { get; init; }

    /// <summary>How many deals that makes.</summary>
    public int WonCount { get; init; }

    /// <summary>What it should have paid by now and disputes not, euros including VAT.</summary>
    public decimal OverdueAmount { get; init; }

    /// <summary>How many invoices that makes.</summary>
    public int OverdueCount { get; init; }

    /// <summary>All its deals, closed ones included.</summary>
    public int OpportunityCount { get; init; }

    /// <summary>The contacts who hold a place there now.</summary>
    public int ContactCount { get; init; }

    /// <summary>Its documents and those of its deals.</summary>
    public int DocumentCount { get; init; }

    /// <summary>The institution it is attached to.</summary>
    public InstitutionLink? Parent { get; init; }

    /// <summary>The other sites of its legal entity and those attached to it, the largest first.</summary>
    public IReadOnlyList<InstitutionLink> Sites { get; init; } = [];
}

/// <summary>What is to be done next, on which day, and in which record.</summary>
public sealed record NextAction(string Text, DateOnly On, Guid? OwnerId, Guid? OpportunityId);

/// <summary>The last call answered or meeting held: when (UTC), about what, and which.</summary>
public sealed record LastContact(DateTime At, string Text, Guid ActivityId);

/// <summary>Another institution, in a list of sites.</summary>
public sealed record InstitutionLink(Guid Id, string Name, string? City, string? FinessEt, string? CategoryCode, int? Beds);
