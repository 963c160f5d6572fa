using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Contracting;

/// <summary>A contract as its own page shows it. Amounts in euros excluding VAT, moments in UTC.</summary>
public sealed record ContractSheet(Guid Id, ContractDetails Details, Guid Version)
{
    public required string Number { get; init; }
    public required ContractStatus Status { get; init; }
    public required string InstitutionName { get; init; }
    public required string? ContactName { get; init; }
    public required string? QuoteNumber { get; init; }
    public required string? DealName { get; init; }

    /// <summary>The contract it replaces, and the one that replaces it.</summary>
    public required ContractLink? Replaces { get; init; }
    public required ContractLink? ReplacedBy { get; init; }

    public required ContractTerms Terms { get; init; }

    /// <summary>Whether it goes on by itself after its present term.</summary>
    public required bool WillRenew { get; init; }

    public required DateOnly? LastDay { get; init; }
    public required DateOnly? NoticeOn { get; init; }
    public required bool IsNoticeOurs { get; init; }
    public required bool IsNoticeLate { get; init; }
    public required EndReason? EndReason { get; init; }
    public required string? EndNote { get; init; }
    public required decimal CreditDue { get; init; }
    public required decimal Monthly { get; init; }
    public required decimal Yearly { get; init; }
    public required DateOnly? NextBillOn { get; init; }

    /// <summary>The prices in force or to come, and what is due once.</summary>
    public required IReadOnlyList<ContractPrice> Prices { get; init; }

    public required IReadOnlyList<PeriodLine> Periods { get; init; }
    public required IReadOnlyList<AmendmentLine> Amendments { get; init; }
    public required IReadOnlyList<ContractInvoiceLine> Invoices { get; init; }

    /// <summary>E-mails that wait, the nearest first, then those sent.</summary>
    public required IReadOnlyList<LetterLine> Letters { get; init; }

    public required IReadOnlyList<AlertLine> Alerts { get; init; }

    /// <summary>The revision that waits for somebody; null without one.</summary>
    public required RevisionLine? Revision { get; init; }

    /// <summary>The next day from which the clause may revise the prices; null without a clause.</summary>
    public required DateOnly? RevisesOn { get; init; }

    /// <summary>The last index known of the series, past the base; null when it is missing.</summary>
    public required (decimal Value, DateOnly Month)? KnownIndex { get; init; }

    /// <summary>Whether the customer must be told of a renewal in time (C. conso. art. L215-1).</summary>
    public required bool IsNonProfessional { get; init; }

    public required Guid? SignedDocumentId { get; init; }
    public required string? SignedDocumentName { get; init; }
    public required DateTime CreatedAt { get; init; }
}

/// <summary>Another contract.</summary>
public sealed record ContractLink(Guid Id, string Number);

/// <summary>A price of a contract.</summary>
public sealed record ContractPrice(Guid Id, string Description, decimal Quantity, string? Unit, decimal UnitPrice, decimal DiscountPercent, decimal Net, BillingPeriod Period, string Vat, bool IsOption, DateOnly From, DateOnly? Until, DateOnly? BilledFrom);

/// <summary>A term.</summary>
public sealed record PeriodLine(int Number, DateOnly StartsOn, DateOnly EndsOn, decimal Net, bool IsPresent);

/// <summary>An amendment and what it changed: prices that left and prices that came.</summary>
public sealed record AmendmentLine(Guid Id, int Number, DateOnly EffectiveOn, string Change, string? Reason, decimal OldMonthly, decimal NewMonthly, decimal ToInvoice, decimal ToCredit, bool IsToSettle, decimal? Coefficient, string ByName, DateTime At, IReadOnlyList<ContractPrice> Gone, IReadOnlyList<ContractPrice> Come);

/// <summary>An invoice or a credit note of the contract; amounts of a credit note are positive.</summary>
public sealed record ContractInvoiceLine(Guid Id, InvoiceKind Kind, string? Number, InvoiceStatus Status, DateOnly? From, DateOnly? To, DateOnly? DueOn, decimal Net, decimal Balance);

/// <summary>A prepared or sent e-mail.</summary>
public sealed record LetterLine(Guid Id, ContractLetterKind Kind, DateOnly Deadline, DateOnly? SendBy, string Subject, string Text, DateTime At, DateTime? SentAt, DateTime? DroppedAt);

/// <summary>An alert that was given.</summary>
public sealed record AlertLine(string What, DateOnly Deadline, DateTime At);

/// <summary>A revision that waits.</summary>
public sealed record RevisionLine(Guid Id, DateOnly EffectiveOn, decimal Index, DateOnly Month, decimal Coefficient, decimal OldMonthly, decimal NewMonthly);

/// <summary>A contract as short lists show it.</summary>
public sealed record ContractRow(Guid Id, string Number, string Title, string InstitutionName, ContractStatus Status, decimal Monthly, DateOnly LastNoticeOn, DateOnly EndsOn, bool WillRenew, DateOnly? LastDay)
{
    /// <summary>How many e-mails wait to be reviewed and sent.</summary>
    public int LettersWaiting { get; init; }
}

/// <summary>Reads contracts for their own page, the page of an institution and « Ma journée ».</summary>
public sealed class ContractSheets(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>How many days ahead the contracts that somebody follows are shown.</summary>
    public const int DaysAhead = 90;

    /// <summary>A contract with all that its page shows; null when it is gone or out of sight.</summary>
    public async Task<ContractSheet?> FindAsync(Guid contractId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var contract = await Contracts.Whole(db.Contracts.VisibleTo(actor)).Include(c => c.Institution).AsNoTracking().SingleOrDefaultAsync(c => c.Id == contractId, cancellationToken);
        if (contract is null)
        {
            return null;
        }

        var waiting = contract.Revisions.Where(revision => revision.Status is RevisionStatus.Waiting).OrderBy(revision => revision.EffectiveOn).FirstOrDefault();
        var isLive = contract.Status.IsLive();
        var known = contract.IndexName is null ? null : await IndexRevisions.LastAsync(db, contract.IndexName, contract.BaseIndexMonth, cancellationToken);
        return new ContractSheet(contract.Id, contract.Details(), contract.Version)
        {
            Number = contract.Number,
            Status = contract.Status,
            InstitutionName = contract.Institution.Name,
            ContactName = await VisibleContacts.Of(db, actor).Where(contact => contact.Id == contract.ContactId).Select(contact => contact.FullName).FirstOrDefaultAsync(cancellationToken),
            QuoteNumber = await db.Quotes.VisibleTo(actor).Where(quote => quote.Id == contract.QuoteId).Select(quote => quote.Number).FirstOrDefaultAsync(cancellationToken),
            DealName = await db.Opportunities.VisibleTo(actor).Where(deal => deal.Id == contract.OpportunityId).Select(deal => deal.Name).FirstOrDefaultAsync(cancellationToken),
            Replaces = await LinkAsync(db, actor, contract.ReplacesId, cancellationToken),
            ReplacedBy = await LinkAsync(db, actor, contract.ReplacedById, cancellationToken),
            Terms = contract.Terms,
            WillRenew = contract.WillRenew,
            LastDay = contract.LastDay,
            NoticeOn = contract.NoticeOn,
            IsNoticeOurs = contract.IsNoticeOurs,
            IsNoticeLate = contract.IsNoticeLate,
            EndReason = contract.EndReason,
            EndNote = contract.EndNote,
            CreditDue = contract.CreditDue,
            Monthly = contract.Monthly,
            Yearly = Instalments.Yearly(contract.InForceOn(contract.LastDay < clock.Today ? contract.LastDay.Value : clock.Today < contract.StartsOn ? contract.StartsOn : clock.Today).Select(line => (line.Net, line.Period))),
            NextBillOn = contract.NextBillOn,
            Prices = [.. contract.Lines.Where(line => line.Kind is LineKind.Item && (line.Until is null || line.Until >= clock.Today)).OrderBy(line => line.From > clock.Today).ThenBy(line => line.Position).Select(PriceOf)],
            Periods = [.. contract.Periods.OrderByDescending(period => period.Number).Select(period => new PeriodLine(period.Number, period.StartsOn, period.EndsOn, period.Net, isLive && period.StartsOn <= clock.Today && clock.Today <= period.EndsOn))],
            Amendments = [.. contract.Amendments.OrderByDescending(amendment => amendment.Number).Select(amendment => new AmendmentLine(
                amendment.Id,
                amendment.Number,
                amendment.EffectiveOn,
                amendment.Change,
                amendment.Reason,
                amendment.OldMonthly,
                amendment.NewMonthly,
                amendment.ToInvoice,
                amendment.ToCredit,
                amendment.IsToSettle,
                amendment.Coefficient,
                amendment.ByName,
                amendment.At,
                [.. contract.Lines.Where(line => line.ClosedById == amendment.Id).Select(PriceOf)],
                [.. contract.Lines.Where(line => line.AmendmentId == amendment.Id).Select(PriceOf)]))],
            Invoices = await db.Invoices.VisibleTo(actor).Where(invoice => invoice.ContractId == contractId).OrderByDescending(invoice => invoice.ServiceFrom)
                .Select(invoice => new ContractInvoiceLine(invoice.Id, invoice.Kind, invoice.Number, invoice.Status, invoice.ServiceFrom, invoice.ServiceTo, invoice.DueOn, invoice.Net, invoice.Balance)).Take(24).ToListAsync(cancellationToken),
            Letters = [.. contract.Letters.OrderByDescending(letter => letter.IsWaiting).ThenByDescending(letter => letter.At).Select(letter => new LetterLine(letter.Id, letter.Kind, letter.Deadline, letter.SendBy, letter.Subject, letter.Text, letter.At, letter.SentAt, letter.DroppedAt))],
            Alerts = await db.ContractAlerts.Where(alert => alert.ContractId == contractId).OrderByDescending(alert => alert.At).ThenByDescending(alert => alert.Id).Select(alert => new AlertLine(alert.What, alert.Deadline, alert.At)).Take(20).ToListAsync(cancellationToken),
            Revision = waiting is null ? null : new RevisionLine(waiting.Id, waiting.EffectiveOn, waiting.Index, waiting.Month, waiting.Coefficient, waiting.OldMonthly, waiting.NewMonthly),
            RevisesOn = isLive && contract.Formula is not null ? contract.NextRevisionOn(clock.Today) : null,
            KnownIndex = known is null ? null : (known.Value, known.Month),
            IsNonProfessional = await ContractLetters.IsNonProfessionalAsync(db, contract.InstitutionId, cancellationToken),
            SignedDocumentId = contract.SignedDocumentId,
            SignedDocumentName = await VisibleDocuments.Of(db, actor).Where(document => document.Id == contract.SignedDocumentId).Select(document => document.Name).FirstOrDefaultAsync(cancellationToken),
            CreatedAt = contract.CreatedAt,
        };
    }

    /// <summary>The contracts of an institution that the person may see, those in force first, the nearest end on top; and how many there are in all.</summary>
    public async Task<(IReadOnlyList<ContractRow> Rows, int Total)> OfInstitutionAsync(Guid institutionId, int count = 50, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var theirs = db.Contracts.VisibleTo(actor).Where(contract => contract.InstitutionId == institutionId);
        var rows = await RowsAsync(theirs.OrderByDescending(Contract.Live).ThenBy(contract => contract.EndsOn).ThenBy(contract => contract.Id), count, cancellationToken);
        return (rows, rows.Count < count ? rows.Count : await theirs.CountAsync(cancellationToken));
    }

    /// <summary>The contracts that the person follows and has to deal with: at the end of their term or of their notice within ninety days, or with an e-mail to send; and how many there are in all.</summary>
    public async Task<(IReadOnlyList<ContractRow> Rows, int Total)> MineAsync(int count = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var mine = db.Contracts.Where(contract => contract.OwnerId == actor.Id).Where(ContractList.ToHandle(clock.Today, DaysAhead));
        var rows = await RowsAsync(mine.OrderBy(contract => contract.EndsOn).ThenBy(contract => contract.Id), count, cancellationToken);
        return (rows, rows.Count < count ? rows.Count : await mine.CountAsync(cancellationToken));
    }

    private static Task<List<ContractRow>> RowsAsync(IQueryable<Contract> contracts, int count, CancellationToken cancellationToken)
        => contracts.Take(count).Select(contract => new ContractRow(
                contract.Id,
                contract.Number,
                contract.Title,
                contract.Institution.Name,
                contract.Status,
                contract.Monthly,
                contract.LastNoticeOn,
                contract.EndsOn,
                contract.Status == ContractStatus.Active && contract.IsTacit && (contract.MostRenewals == null || contract.Renewals < contract.MostRenewals),
                contract.LastDay)
            {
                LettersWaiting = contract.Letters.Count(letter => letter.SentAt == null && letter.DroppedAt == null),
            })
            .ToListAsync(cancellationToken);

    private static ContractPrice PriceOf(ContractLine line)
        => new(line.Id, line.Description, line.Quantity, line.Unit, line.UnitPrice, line.DiscountPercent, line.Net, line.Period, line.Vat.ToString(), line.IsOption, line.From, line.Until, line.BilledFrom);

    private static Task<ContractLink?> LinkAsync(MedCrmDbContext db, Actor actor, Guid? contractId, CancellationToken cancellationToken)
        => contractId is null
            ? Task.FromResult<ContractLink?>(null)
            : db.Contracts.VisibleTo(actor).Where(contract => contract.Id == contractId).Select(contract => new ContractLink(contract.Id, contract.Number)).SingleOrDefaultAsync(cancellationToken);
}
