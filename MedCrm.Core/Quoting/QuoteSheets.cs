using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>Reads quotes for their own page, for that of their deal and of their institution.</summary>
public sealed class QuoteSheets(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    /// <summary>A quote with all that its page shows; null when it is gone or out of sight.</summary>
    public async Task<QuoteSheet?> FindAsync(Guid quoteId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var quote = await db.Quotes(actor).AsNoTracking().Include(q => q.Lines).SingleOrDefaultAsync(q => q.Id == quoteId, cancellationToken);
        if (quote is null)
        {
            return null;
        }

        var deal = await db.Opportunities.VisibleTo(actor).Where(o => o.Id == quote.OpportunityId).Select(o => new { o.Name, o.Outcome }).SingleOrDefaultAsync(cancellationToken);
        var versions = await db.Quotes(actor).Where(q => q.Number == quote.Number).OrderBy(q => q.VersionNumber)
            .Select(q => new { q.Id, q.VersionNumber, q.Status, q.ValidUntil, q.Net, q.CreatedAt, q.SentAt }).ToListAsync(cancellationToken);
        var seesMargins = actor.May(Right.SeeMargins);
        return new QuoteSheet(quote.Id, Shown(quote, seesMargins), quote.Version)
        {
            Number = quote.Number,
            VersionNumber = quote.VersionNumber,
            IsLast = quote.IsLast,
            State = quote.StateOn(clock.Today),
            IsDraft = quote.WhySealed is null,
            InstitutionName = await db.Institutions.IgnoreQueryFilters().Where(i => i.Id == quote.InstitutionId).Select(i => i.Name).SingleAsync(cancellationToken),
            ContactName = await VisibleContacts.Of(db, actor).Where(contact => contact.Id == quote.ContactId).Select(contact => contact.FullName).SingleOrDefaultAsync(cancellationToken),
            DealName = deal?.Name,
            DealOutcome = deal?.Outcome,
            SentAt = quote.SentAt,
            ViewedAt = quote.ViewedAt,
            DecidedAt = quote.DecidedAt,
            AcceptedBy = quote.AcceptedBy,
            Acceptance = quote.Acceptance,
            RefusalReason = quote.RefusalReason,
            ScanId = quote.ScanId,
            HasPdf = quote.PdfPath is not null,
            UpdatedAt = quote.UpdatedAt,
            NewVat = QuoteDefaults.VatOf(await Company.ReadAsync(db, cancellationToken)),
            SeesMargins = seesMargins,
            Versions = [.. versions.Select(q => new QuoteVersionRow(q.Id, q.VersionNumber, Quote.StateOf(q.Status, q.ValidUntil, clock.Today), q.Net, q.CreatedAt, q.SentAt))],
        };
    }

    /// <summary>The lines of two versions compared, for whoever sees both; null when one is gone or out of sight.</summary>
    public async Task<IReadOnlyList<LineChange>?> CompareAsync(Guid beforeId, Guid afterId, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var both = await db.Quotes(actor).AsNoTracking().Include(q => q.Lines).Where(q => q.Id == beforeId || q.Id == afterId).ToDictionaryAsync(q => q.Id, cancellationToken);
        var seesMargins = actor.May(Right.SeeMargins);
        return both.TryGetValue(beforeId, out var before) && both.TryGetValue(afterId, out var after)
            ? QuoteDiff.Between(Shown(before, seesMargins).Lines, Shown(after, seesMargins).Lines)
            : null;
    }

    /// <summary>The last versions of the quotes of a deal that the person may see, the newest first.</summary>
    public Task<IReadOnlyList<QuoteRow>> OfDealAsync(Guid opportunityId, CancellationToken cancellationToken = default)
        => RowsAsync(quotes => quotes.Where(quote => quote.OpportunityId == opportunityId), 50, cancellationToken);

    /// <summary>The last versions of the quotes of an institution that the person may see, the newest first.</summary>
    public Task<IReadOnlyList<QuoteRow>> OfInstitutionAsync(Guid institutionId, int take = 50, CancellationToken cancellationToken = default)
        => RowsAsync(quotes => quotes.Where(quote => quote.InstitutionId == institutionId), take, cancellationToken);

    private static QuoteDetails Shown(Quote quote, bool seesMargins)
    {
        var details = quote.Details();
        return seesMargins ? details : details with { Lines = [.. details.Lines.Select(line => line with { UnitCost = null })] };
    }

    private async Task<IReadOnlyList<QuoteRow>> RowsAsync(Func<IQueryable<Quote>, IQueryable<Quote>> of, int take, CancellationToken cancellationToken)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await of(db.Quotes(actor)).Where(quote => quote.IsLast).OrderByDescending(quote => quote.CreatedAt).ThenBy(quote => quote.Id).Take(take)
            .Select(quote => new QuoteRow(quote.Id, quote.Number, quote.VersionNumber, quote.Title, quote.Status, quote.Net, quote.IssuedOn, quote.ValidUntil, quote.OwnerId))
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row with { State = Quote.StateOf(row.State, row.ValidUntil, clock.Today) })];
    }
}
