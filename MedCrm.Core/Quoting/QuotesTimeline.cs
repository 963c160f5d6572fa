using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Timeline;

namespace MedCrm.Core.Quoting;

/// <summary>What happened to quotes, each version: sent, opened by the customer, accepted or refused.</summary>
public sealed class QuotesTimeline : TimelineSource
{
    /// <inheritdoc/>
    public override TimelineKind Kind { get; } = new("quote", "Devis", "request_quote") { States = typeof(QuoteStatus), Address = "/quotes/{0}" };

    /// <inheritdoc/>
    public override IQueryable<TimelineEntry> Of(MedCrmDbContext db, Actor actor, TimelineSubject subject)
    {
        var id = subject.Id;
        var quotes = subject switch
        {
            { InstitutionId: not null } => db.Quotes(actor).Where(quote => quote.InstitutionId == id),
            { ContactId: not null } => db.Quotes(actor).Where(quote => quote.ContactId == id),
            { OpportunityId: not null } => db.Quotes(actor).Where(quote => quote.OpportunityId == id),
            _ => db.Quotes(actor).Where(quote => quote.Id == id),
        };
        var contacts = VisibleContacts.Of(db, actor);
        var sent = quotes.Where(quote => quote.SentAt != null).Select(quote => new TimelineEntry
        {
            Kind = "quote",
            Id = quote.Id,
            Part = (int)QuoteStatus.Sent,
            At = quote.SentAt!.Value,
            Title = quote.Number + (quote.VersionNumber == 1 ? " · " : " v" + quote.VersionNumber + " · ") + quote.Title,
            State = (int)QuoteStatus.Sent,
            Detail = null,
            With = contacts.Where(contact => contact.Id == quote.ContactId).Select(contact => contact.FullName).FirstOrDefault(),
            Amount = quote.Net,
            ById = quote.OwnerId,
        });
        var viewed = quotes.Where(quote => quote.ViewedAt != null).Select(quote => new TimelineEntry
        {
            Kind = "quote",
            Id = quote.Id,
            Part = (int)QuoteStatus.Viewed,
            At = quote.ViewedAt!.Value,
            Title = quote.Number + (quote.VersionNumber == 1 ? " · " : " v" + quote.VersionNumber + " · ") + quote.Title,
            State = (int)QuoteStatus.Viewed,
            Detail = null,
            With = null,
            Amount = quote.Net,
            ById = null,
        });
        var decided = quotes.Where(quote => quote.DecidedAt != null).Select(quote => new TimelineEntry
        {
            Kind = "quote",
            Id = quote.Id,
            Part = (int)QuoteStatus.Accepted,
            At = quote.DecidedAt!.Value,
            Title = quote.Number + (quote.VersionNumber == 1 ? " · " : " v" + quote.VersionNumber + " · ") + quote.Title,
            State = quote.Acceptance == null ? (int)QuoteStatus.Refused : (int)QuoteStatus.Accepted,
            Detail = quote.Acceptance == null ? quote.RefusalReason : quote.AcceptedBy,
            With = null,
            Amount = quote.Net,
            ById = null,
        });
        return sent.Concat(viewed).Concat(decided);
    }
}
