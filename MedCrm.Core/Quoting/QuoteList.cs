using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Quoting;

/// <summary>The list of quotes, the last version of each number: what its columns show, how a cell or a selection is changed. What left the house only changes hands.</summary>
public sealed class QuoteList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Quote, QuoteDetails>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Quote> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Quote> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Quote> Columns => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditQuotes;

    /// <inheritdoc/>
    protected override IQueryable<Quote> Visible(MedCrmDbContext db, Actor actor) => db.Quotes(actor).Where(quote => quote.IsLast);

    /// <inheritdoc/>
    protected override IQueryable<Quote> Whole(IQueryable<Quote> records) => records.Include(quote => quote.Lines);

    /// <inheritdoc/>
    protected override QuoteDetails DetailsOf(Quote record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Quote record, QuoteDetails details, CancellationToken cancellationToken)
    {
        var before = record.Details();
        var isHandedOver = details with { OwnerId = before.OwnerId, TeamId = before.TeamId, Lines = before.Lines } == before;
        if (isHandedOver && record.WhySealed is not null)
        {
            record.AssignTo(details.OwnerId, await Assignment.TeamAsync(scope.Db, record, details.OwnerId, details.TeamId, cancellationToken), Clock.UtcNow);
            return;
        }

        record.Edit(await Quotes.CheckedAsync(scope.Db, scope.Actor, details, record, cancellationToken), Clock.UtcNow);
    }

    /// <inheritdoc/>
    protected override async Task RemoveAsync(ListScope scope, Quote record, CancellationToken cancellationToken) => await Quotes.RemoveAsync(scope.Db, record, Clock.UtcNow, cancellationToken);

    private static ListDefinition<Quote> Define()
    {
        const string Offer = "Devis";
        const string Figures = "Montants";
        const string FollowUp = "Suivi";
        var list = new ListDefinition<Quote>("quotes", "devis", "devis", quote => quote.SearchKey + " " + quote.Institution.SearchKey).SortedBy("number", descending: true);

        list.Text("number", quote => quote.VersionNumber == 1 ? quote.Number : quote.Number + " v" + quote.VersionNumber).Titled("Numéro").In(Offer).Shown().Wide(140).SortedBy(quote => quote.Number).Opens("/quotes/{0}");
        list.Text("title", quote => quote.Title).In(Offer).Shown().Wide(226).SortedBy(quote => quote.SearchKey).Edits<QuoteDetails>(d => d.Title).Opens("/quotes/{0}");
        list.Reference(
                "institution",
                quote => new NamedId { Id = quote.InstitutionId, Name = quote.Institution.Name },
                quote => quote.InstitutionId,
                quote => quote.Institution.SearchKey,
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).OrderBy(i => i.Name).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Établissement").In(Offer).Shown().Pinned().Wide(190).Opens("/institutions/{0}");
        list.Choice<QuoteStatus>("status", QuoteQueries.State, DocumentTones.Of).Titled("Statut").In(FollowUp).Shown().Pinned().Wide(112).SortedBy(quote => quote.Status);
        list.Money("net", quote => quote.Net).In(Figures).Shown().Pinned().Wide(118);
        list.Date("valid-until", quote => quote.ValidUntil).In(FollowUp).Shown().Pinned().Wide(130).Edits<QuoteDetails>(d => d.ValidUntil);
        list.Date("issued", quote => quote.IssuedOn).In(Offer).Shown().Wide(106);
        list.User("owner", quote => quote.OwnerId).In(FollowUp).Shown().Pinned().Wide(136)
            .SortedBy((scope, quote) => scope.Db.Users.Where(user => user.Id == quote.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<QuoteDetails>(d => d.OwnerId);

        list.Money("gross", quote => quote.Gross).Titled("Total TTC").In(Figures).Wide(118);
        list.Text("contact", (scope, quote) => VisibleContacts.Of(scope.Db, scope.Actor).Where(contact => contact.Id == quote.ContactId).Select(contact => contact.FullName).FirstOrDefault())
            .Titled("Contact").In(Offer);
        list.Reference(
                "deal",
                (scope, quote) => scope.Db.Opportunities.VisibleTo(scope.Actor).Where(deal => deal.Id == quote.OpportunityId).Select(deal => new NamedId { Id = deal.Id, Name = deal.Name }).FirstOrDefault(),
                quote => quote.OpportunityId,
                (scope, quote) => scope.Db.Opportunities.Where(deal => deal.Id == quote.OpportunityId).Select(deal => deal.SearchKey).FirstOrDefault(),
                scope => scope.Db.Opportunities.VisibleTo(scope.Actor).OrderBy(deal => deal.Name).Select(deal => new NamedId { Id = deal.Id, Name = deal.Name }))
            .Titled("Affaire").In(Offer).Wide(200).Opens("/opportunities/{0}");
        list.Choice("team", quote => quote.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(FollowUp).SortedBy((scope, quote) => scope.Db.Teams.Where(team => team.Id == quote.TeamId).Select(team => team.Name).FirstOrDefault())
            .Edits<QuoteDetails>(d => d.TeamId);
        list.Moment("sent", quote => quote.SentAt).In(FollowUp);
        list.Moment("viewed", quote => quote.ViewedAt).In(FollowUp);
        list.Moment("decided", quote => quote.DecidedAt).In(FollowUp);
        list.Text("refusal", quote => quote.RefusalReason).In(FollowUp).Wide(200);
        list.Number("version", quote => quote.VersionNumber).In(Offer);
        list.Moment("created", quote => quote.CreatedAt).Titled("Créé le").In(Offer);
        list.Moment("updated", quote => quote.UpdatedAt).Titled("Modifié le").In(Offer);
        return list;
    }
}
