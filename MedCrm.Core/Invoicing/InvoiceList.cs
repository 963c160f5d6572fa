using MedCrm.Core.Access;
using MedCrm.Core.Billing;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Invoicing;

/// <summary>What the invoices of a list add up to, drafts apart. Credit notes count against the rest. Euros.</summary>
/// <param name="Count">Every invoice that matches, drafts included.</param>
/// <param name="Net">Invoiced, excluding VAT, deposits counted once.</param>
/// <param name="Due">What was asked for, including VAT.</param>
/// <param name="Balance">What remains to be paid, including VAT.</param>
/// <param name="Ageing">What remains by age, every bucket.</param>
public sealed record InvoiceTotals(int Count, decimal Net, decimal Due, decimal Balance, IReadOnlyList<AgeingSlice> Ageing);

/// <summary>The list of invoices: drafts, issued ones and credit notes; what is issued changes hands and nothing else.</summary>
public sealed class InvoiceList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Invoice, InvoiceDetails>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Invoice> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Invoice> Definition => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditInvoices;

    /// <summary>What the invoices of a query add up to, and the age of what remains; the buckets are those of the query without its own filter on the age.</summary>
    public async Task<InvoiceTotals> TotalsAsync(ListQuery query, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var kinds = await s_definition.Filter(Visible(db, scope.Actor), query, scope)
            .GroupBy(i => new { IsDraft = i.Number == null, IsCredit = i.Kind == InvoiceKind.CreditNote })
            .Select(group => new { group.Key, Count = group.Count(), Net = group.Sum(i => i.Net), PrepaidNet = group.Sum(i => i.PrepaidNet), Gross = group.Sum(i => i.Gross), Prepaid = group.Sum(i => i.Prepaid), Balance = group.Sum(i => i.Balance) })
            .ToListAsync(cancellationToken);
        var issued = kinds.Where(group => !group.Key.IsDraft).ToList();
        return new InvoiceTotals(
            kinds.Sum(group => group.Count),
            issued.Sum(group => (group.Net - group.PrepaidNet) * (group.Key.IsCredit ? -1 : 1)),
            issued.Sum(group => (group.Gross - group.Prepaid) * (group.Key.IsCredit ? -1 : 1)),
            issued.Sum(group => group.Balance),
            await AgeingAsync(s_definition.Filter(Visible(db, scope.Actor), query.Without("age"), scope), Clock.Today, cancellationToken));
    }

    /// <summary>Every bucket with what remains to be paid in it.</summary>
    internal static async Task<IReadOnlyList<AgeingSlice>> AgeingAsync(IQueryable<Invoice> invoices, DateOnly today, CancellationToken cancellationToken)
    {
        // A few hundred rows among all, by their own index; the day is taken from each in memory.
        var days = await invoices.Where(i => i.Balance > 0).GroupBy(i => i.DueOn!.Value).Select(group => new { DueOn = group.Key, Count = group.Count(), Balance = group.Sum(i => i.Balance) }).ToListAsync(cancellationToken);
        var buckets = days.ToLookup(day => Ageing.BucketOf(day.DueOn, today));
        return [.. Enum.GetValues<AgeingBucket>().Select(bucket => new AgeingSlice(bucket, buckets[bucket].Sum(day => day.Count), buckets[bucket].Sum(day => day.Balance)))];
    }

    /// <summary>The invoices out of the bin that an actor may see; they stay while their institution is in the bin.</summary>
    internal static IQueryable<Invoice> Of(MedCrmDbContext db, Actor actor)
        => db.Invoices.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Where(i => i.DeletedAt == null).VisibleTo(actor);

    /// <inheritdoc/>
    protected override IQueryable<Invoice> Visible(MedCrmDbContext db, Actor actor) => Of(db, actor);

    /// <inheritdoc/>
    protected override IQueryable<Invoice> Whole(IQueryable<Invoice> records) => Invoices.Whole(records);

    /// <inheritdoc/>
    protected override InvoiceDetails DetailsOf(Invoice record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Invoice record, InvoiceDetails details, CancellationToken cancellationToken)
    {
        // Who follows an invoice is no part of what was printed.
        if (record.Number is not null && DisplaySame(record.Details() with { OwnerId = details.OwnerId, TeamId = details.TeamId }, details))
        {
            record.AssignTo(details.OwnerId, await Assignment.TeamAsync(scope.Db, record, details.OwnerId, details.TeamId, cancellationToken), Clock.UtcNow);
            return;
        }

        await Invoices.EditAsync(scope, record, details, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task RemoveAsync(ListScope scope, Invoice record, CancellationToken cancellationToken)
    {
        Invoices.Remove(record, Clock.UtcNow);
        return Task.CompletedTask;
    }

    // Records compare their lists by reference: what they hold is compared apart.
    private static bool DisplaySame(InvoiceDetails one, InvoiceDetails other)
        => one.Lines.SequenceEqual(other.Lines) && one.DepositIds.SequenceEqual(other.DepositIds) && one with { Lines = other.Lines, DepositIds = other.DepositIds } == other;

    private static ListDefinition<Invoice> Define()
    {
        const string Paper = "Facture";
        const string Figures = "Montants";
        const string Days = "Dates";
        const string Origin = "Origine";
        var list = new ListDefinition<Invoice>("invoices", "facture", "factures", i => i.SearchKey + " " + i.Institution.SearchKey).SortedBy("issued", descending: true);

        list.Text("number", i => i.Number).In(Paper).Shown().Wide(132).Opens("/invoices/{0}");
        list.Text("title", i => i.Title).In(Paper).Shown().Wide(184).SortedBy(i => i.SearchKey).Opens("/invoices/{0}").Edits<InvoiceDetails>(d => d.Title);
        list.Reference(
                "institution",
                i => new NamedId { Id = i.InstitutionId, Name = i.Institution.Name },
                i => i.InstitutionId,
                i => i.Institution.SearchKey,
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).OrderBy(i => i.Name).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Payeur").In(Paper).Shown().Pinned().Wide(168).Opens("/institutions/{0}");
        list.Choice("state", Ageing.State, DocumentTones.Of).Titled("Statut").In(Paper).Shown().Pinned().Wide(112).FilteredBy(Ageing.StateRule).Unsorted();
        list.Date("issued", i => i.IssuedOn).In(Days).Shown().Pinned().Wide(96);
        list.Date("due", i => i.DueOn).In(Days).Shown().Pinned().Wide(96);
        list.Money("net", i => i.Net).Titled("Total HT").In(Figures).Wide(120);
        list.Money("gross", i => i.Gross).Titled("Total TTC").In(Figures).Shown().Wide(120);
        list.Money("balance", i => i.Balance).Titled("Reste dû").In(Figures).Shown().Wide(120);
        list.Number("late", (scope, i) => i.Balance > 0 && i.DueOn < scope.Clock.Today ? scope.Clock.Today.DayNumber - i.DueOn!.Value.DayNumber : null).Titled("Retard").In(Days).Shown().Wide(80).Unfiltered()
            // The earlier it was due, the later it is: days in an order that the database can work out.
            .SortedBy((scope, i) => i.Balance > 0 && i.DueOn < scope.Clock.Today ? -((i.DueOn!.Value.Year * 400) + (i.DueOn!.Value.Month * 32) + i.DueOn!.Value.Day) : (int?)null);
        list.Choice("age", Ageing.Bucket, Ageing.ToneOf).Titled("Ancienneté").In(Days).Pinned().Wide(130).FilteredBy(Ageing.BucketRule).Unsorted();
        list.Choice<InvoiceKind>("kind", i => i.Kind).In(Paper).Pinned().Wide(140);

        list.Money("prepaid", i => i.Prepaid).Titled("Acomptes déduits").In(Figures).Wide(130);
        list.Money("received", i => i.Received).Titled("Reçu").In(Figures).Wide(120);
        list.Money("credited", i => i.Credited).Titled("Avoirs").In(Figures).Wide(120);
        list.Date("settled", i => i.SettledOn).In(Days);
        list.Date("service", i => i.ServiceFrom).Titled("Prestation du").In(Days).Edits<InvoiceDetails>(d => d.ServiceFrom);
        list.Text("order", i => i.PurchaseOrder).In(Origin).Edits<InvoiceDetails>(d => d.PurchaseOrder);
        list.Text("engagement", i => i.Engagement).In(Origin).Edits<InvoiceDetails>(d => d.Engagement);
        list.Text("quote", (scope, i) => scope.Db.Quotes.VisibleTo(scope.Actor).Where(quote => quote.Id == i.QuoteId).Select(quote => quote.Number).FirstOrDefault()).Titled("Devis").In(Origin);
        list.Choice("contract", i => i.ContractId, scope => scope.Db.Contracts.VisibleTo(scope.Actor).OrderByDescending(contract => contract.Number).Select(contract => new NamedId { Id = contract.Id, Name = contract.Number })).Titled("Contrat").In(Origin)
            .SortedBy((scope, i) => scope.Db.Contracts.Where(contract => contract.Id == i.ContractId).Select(contract => contract.Number).FirstOrDefault());
        list.Text("original", (scope, i) => scope.Db.Invoices.VisibleTo(scope.Actor).Where(original => original.Id == i.OriginalId).Select(original => original.Number).FirstOrDefault()).Titled("Facture d'origine").In(Origin);
        list.User("owner", i => i.OwnerId).In(Paper).Pinned().Wide(136)
            .SortedBy((scope, i) => scope.Db.Users.Where(user => user.Id == i.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<InvoiceDetails>(d => d.OwnerId);
        list.Choice("team", i => i.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(Paper).SortedBy((scope, i) => scope.Db.Teams.Where(team => team.Id == i.TeamId).Select(team => team.Name).FirstOrDefault());
        list.Moment("created", i => i.CreatedAt).Titled("Créée le").In(Days);
        list.Moment("updated", i => i.UpdatedAt).Titled("Modifiée le").In(Days);
        return list;
    }
}
