using MedCrm.Core.Billing;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Quoting;

/// <summary>A version of a quote as its page shows it. Amounts in euros, moments in UTC. Without <see cref="Access.Right.SeeMargins"/> its lines carry no cost.</summary>
public sealed record QuoteSheet(Guid Id, QuoteDetails Details, Guid Version)
{
    public required string Number { get; init; }
    public required int VersionNumber { get; init; }
    public required bool IsLast { get; init; }

    /// <summary>Where it stands today, expired included.</summary>
    public required QuoteStatus State { get; init; }

    /// <summary>Whether it is written in: a draft that was not replaced.</summary>
    public required bool IsDraft { get; init; }

    public required string InstitutionName { get; init; }

    /// <summary>Null without one, or when it is out of sight.</summary>
    public required string? ContactName { get; init; }

    /// <summary>Null without one, or when it is out of sight.</summary>
    public required string? DealName { get; init; }

    public required StageOutcome? DealOutcome { get; init; }
    public required DateTime? SentAt { get; init; }
    public required DateTime? ViewedAt { get; init; }
    public required DateTime? DecidedAt { get; init; }
    public required string? AcceptedBy { get; init; }
    public required AcceptanceMeans? Acceptance { get; init; }
    public required string? RefusalReason { get; init; }
    public required Guid? ScanId { get; init; }
    public required bool HasPdf { get; init; }
    public required DateTime UpdatedAt { get; init; }

    /// <summary>The VAT of a new line.</summary>
    public required Vat NewVat { get; init; }

    /// <summary>Whether costs and margins may be seen.</summary>
    public required bool SeesMargins { get; init; }

    /// <summary>Every version out of the bin, the first one first.</summary>
    public required IReadOnlyList<QuoteVersionRow> Versions { get; init; }

    /// <summary>« D-2026-0041 », « D-2026-0041 v2 ».</summary>
    public string Name => VersionNumber == 1 ? Number : $"{Number} v{VersionNumber}";
}

/// <summary>A version in the strip of its number. Net is in euros excluding VAT, moments are UTC.</summary>
public sealed record QuoteVersionRow(Guid Id, int VersionNumber, QuoteStatus State, decimal Net, DateTime CreatedAt, DateTime? SentAt);

/// <summary>A quote in the box of its deal or institution. Net is in euros excluding VAT.</summary>
public sealed record QuoteRow(Guid Id, string Number, int VersionNumber, string Title, QuoteStatus State, decimal Net, DateOnly IssuedOn, DateOnly ValidUntil, Guid? OwnerId)
{
    /// <summary>« D-2026-0041 », « D-2026-0041 v2 ».</summary>
    public string Name => VersionNumber == 1 ? Number : $"{Number} v{VersionNumber}";
}
