using MedCrm.Core.FollowUp;

namespace MedCrm.Core.Sales;

/// <summary>A deal as its own page shows it. Amounts in euros excluding VAT, moments in UTC.</summary>
public sealed record OpportunitySheet(Guid Id, OpportunityDetails Details, Guid Version)
{
    public required string InstitutionName { get; init; }
    public required StageRow Stage { get; init; }
    public required DateTime StageEnteredAt { get; init; }
    public required int ProbabilityPercent { get; init; }
    public required decimal Weighted { get; init; }
    public required DateOnly? ClosedOn { get; init; }
    public required LossReason? LossReason { get; init; }
    public required string? LossNote { get; init; }
    public required string? LostTo { get; init; }
    public required DateOnly? SnoozedUntil { get; init; }

    /// <summary>The day until which it sleeps is still to come.</summary>
    public required bool IsAsleep { get; init; }

    public required string? SnoozeReason { get; init; }
    public required DateTime LastInteractionAt { get; init; }
    public required DateTime CreatedAt { get; init; }

    /// <summary>The first open task due from today on.</summary>
    public required DateOnly? NextTaskOn { get; init; }

    /// <summary>How its follow-up stands, while it is open.</summary>
    public required FollowUpStanding FollowUp { get; init; }

    /// <summary>Product lines, in their order.</summary>
    public required IReadOnlyList<OpportunityLineDetails> Lines { get; init; }

    /// <summary>The main contact first, then those involved, by name; only those the person may see.</summary>
    public required IReadOnlyList<DealContact> Contacts { get; init; }

    /// <summary>Every contact involved beside the main one, out of sight included, so that a change keeps them.</summary>
    public required IReadOnlyList<Guid> InvolvedIds { get; init; }

    /// <summary>The stages crossed, the last one first.</summary>
    public required IReadOnlyList<StagePassage> Passages { get; init; }

    /// <summary>The tasks on it that the person may see, open ones first.</summary>
    public required IReadOnlyList<TaskLine> Tasks { get; init; }
}

/// <summary>Somebody involved in a deal.</summary>
public sealed record DealContact(Guid Id, string Name, string? JobTitle, bool IsMain);

/// <summary>A stay of a deal in a stage: who brought it there and when, and how many days it stayed (so far, in the present one).</summary>
public sealed record StagePassage(Guid? StageId, string StageName, string ByName, DateTime At, int Days, string? ForceReason, bool IsPresent);

/// <summary>A deal as the page of its institution lists it.</summary>
public sealed record DealRow(Guid Id, string Name, string StageName, StageOutcome Outcome, decimal Amount, int ProbabilityPercent, DateOnly? ExpectedCloseOn, DateOnly? ClosedOn, Guid? OwnerId, FollowUpState? FollowUp);

/// <summary>A won deal as the follow-up of its institution shows it.</summary>
/// <param name="Amount">Euros excluding VAT.</param>
/// <param name="WonOn">The day it was won; null when nobody said.</param>
public sealed record WonDeal(Guid Id, string Name, decimal Amount, DateOnly? WonOn)
{
    /// <summary>How many deals a page holds.</summary>
    public const int PageSize = 20;

    /// <summary>How many coming tasks a deal shows.</summary>
    public const int TasksShown = 5;

    /// <summary>Its tasks, those given up aside.</summary>
    public required int Tasks { get; init; }

    /// <summary>Those still to be done.</summary>
    public required int Open { get; init; }

    /// <summary>Those that were due before today.</summary>
    public required int Late { get; init; }

    /// <summary>The first ones to be done, by day.</summary>
    public IReadOnlyList<TaskLine> Next { get; init; } = [];

    /// <summary>Those that are done.</summary>
    public int Done => Tasks - Open;
}
