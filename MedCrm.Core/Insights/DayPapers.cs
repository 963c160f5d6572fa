using System.ComponentModel.DataAnnotations;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Insights;

/// <summary>What « Ma journée » asks to deal with among documents.</summary>
public enum DayPaperKind
{
    [Display(Name = "Devis sans réponse")] UnansweredQuote,
    [Display(Name = "Facture à relire")] InvoiceDraft,
}

/// <summary>A document to deal with.</summary>
/// <param name="On">The last day of validity of a quote, the first day of service of an invoice draft.</param>
/// <param name="Days">For a quote, days since it was sent.</param>
/// <param name="Net">Euros excluding VAT.</param>
public sealed record DayPaper(DayPaperKind Kind, Guid Id, string Name, string InstitutionName, DateOnly? On, int Days, decimal Net);

/// <summary>The documents of one kind to deal with: the first of them, and how many there are.</summary>
public sealed record DayPaperList(DayPaperKind Kind, IReadOnlyList<DayPaper> First, int Total);

/// <summary>The door of the documents that somebody has to deal with: their quotes that wait for an answer, and, for those who invoice, the drafts to review.</summary>
public sealed class DayPapers(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
{
    // Before a week a customer is still reading; after a month past its validity a quote is forgotten.
    private const int PatienceDays = 7;
    private const int ForgottenDays = 30;

    /// <summary>What the actor has to deal with, kinds without any left out.</summary>
    public async Task<IReadOnlyList<DayPaperList>> MineAsync(int take = 5, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lists = new List<DayPaperList> { await QuotesAsync(db, actor, take, cancellationToken) };
        if (actor.May(Right.EditInvoices))
        {
            lists.Add(await DraftsAsync(db, actor, take, cancellationToken));
        }

        return [.. lists.Where(list => list.Total > 0)];
    }

    private async Task<DayPaperList> QuotesAsync(MedCrmDbContext db, Actor actor, int take, CancellationToken cancellationToken)
    {
        var (since, forgotten) = (clock.UtcNow.AddDays(-PatienceDays), clock.Today.AddDays(-ForgottenDays));
        var waiting = db.Quotes.VisibleTo(actor).Awaiting(forgotten).Where(quote => quote.OwnerId == actor.Id && quote.IsLast && quote.SentAt < since);
        var rows = await waiting.OrderBy(quote => quote.ValidUntil).ThenBy(quote => quote.Number).Take(take)
            .Select(quote => new { quote.Id, quote.Number, quote.Title, Institution = quote.Institution.Name, quote.ValidUntil, quote.SentAt, quote.Net }).ToListAsync(cancellationToken);
        return new DayPaperList(
            DayPaperKind.UnansweredQuote,
            rows.ConvertAll(row => new DayPaper(DayPaperKind.UnansweredQuote, row.Id, $"{row.Number} · {row.Title}", row.Institution, row.ValidUntil, clock.Today.DayNumber - clock.DayOf(row.SentAt!.Value).DayNumber, row.Net)),
            rows.Count < take ? rows.Count : await waiting.CountAsync(cancellationToken));
    }

    private static async Task<DayPaperList> DraftsAsync(MedCrmDbContext db, Actor actor, int take, CancellationToken cancellationToken)
    {
        var drafts = db.Invoices.VisibleTo(actor).Where(invoice => invoice.Status == InvoiceStatus.Draft);
        var rows = await drafts.OrderBy(invoice => invoice.CreatedAt).ThenBy(invoice => invoice.Id).Take(take)
            .Select(invoice => new { invoice.Id, invoice.Title, Institution = invoice.Institution.Name, invoice.ServiceFrom, invoice.Net }).ToListAsync(cancellationToken);
        return new DayPaperList(
            DayPaperKind.InvoiceDraft,
            rows.ConvertAll(row => new DayPaper(DayPaperKind.InvoiceDraft, row.Id, row.Title, row.Institution, row.ServiceFrom, 0, row.Net)),
            rows.Count < take ? rows.Count : await drafts.CountAsync(cancellationToken));
    }
}
