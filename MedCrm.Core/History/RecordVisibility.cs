using MedCrm.Core.Access;
using MedCrm.Core.Accounting;
using MedCrm.Core.Billing;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Dunning;
using MedCrm.Core.Duplicates;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using MedCrm.Core.Scoring;
using MedCrm.Core.Segments;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>Which records an actor may see, by type name and the bin included: the history, undo and the bin all ask here.</summary>
internal static class RecordVisibility
{
    /// <summary>The ids that the actor may see; those that no longer exist are left out.</summary>
    public static async Task<HashSet<Guid>> VisibleIdsAsync(this MedCrmDbContext db, Actor actor, string type, Guid[] ids, CancellationToken cancellationToken)
        => db.VisibleIds(actor, type) is { } visible ? [.. await visible.Where(id => ids.Contains(id)).ToListAsync(cancellationToken)] : [];

    /// <summary>All that the actor may see of a type, for a query; null when that is nothing.</summary>
    public static IQueryable<Guid>? VisibleIds(this MedCrmDbContext db, Actor actor, string type)
        => type switch
        {
            nameof(Institution) => IdsOf(db.Institutions.VisibleTo(actor)),
            nameof(Contact) => IdsOf(VisibleContacts.Of(db, actor)),
            nameof(Opportunity) => IdsOf(db.Opportunities.VisibleTo(actor)),
            nameof(FollowUpTask) => IdsOf(db.FollowUpTasks.VisibleTo(actor)),
            nameof(TaskSeries) => IdsOf(db.TaskSeries.VisibleTo(actor)),
            nameof(Activity) => IdsOf(VisibleActivities.Of(db, actor)),
            nameof(Document) => IdsOf(VisibleDocuments.Of(db, actor)),
            nameof(Quote) => IdsOf(db.Quotes.VisibleTo(actor)),
            nameof(Invoice) => IdsOf(db.Invoices.VisibleTo(actor)),
            nameof(Contract) => IdsOf(db.Contracts.VisibleTo(actor)),
            nameof(IndexValue) => IdsOf(db.IndexValues),
            nameof(CatalogItem) => IdsOf(db.CatalogItems),
            nameof(Payment) when actor.May(Right.EditInvoices) => IdsOf(db.Payments.Where(payment => db.Institutions.VisibleTo(actor).Any(institution => institution.Id == payment.InstitutionId))),
            nameof(DunningLetter) when actor.May(Right.EditInvoices) => IdsOf(Dunnings.Visible(db, actor)),
            nameof(DunningPolicy) when actor.May(Right.Administer) => IdsOf(db.DunningPolicies),
            nameof(AccountPlan) when actor.May(Right.Administer) => IdsOf(db.AccountPlans),
            nameof(Company) when actor.May(Right.Administer) => IdsOf(db.Companies),
            nameof(PenaltyRate) when actor.May(Right.Administer) => IdsOf(db.PenaltyRates),
            nameof(DuplicatePair) => IdsOf(VisiblePairs.Of(db, actor)),
            nameof(SavedView) => IdsOf(db.SavedViews.SharedWith(actor)),
            nameof(Segment) => IdsOf(db.Segments.SharedWith(actor)),
            nameof(User) when actor.May(Right.Administer) => IdsOf(db.Users),
            nameof(Team) when actor.May(Right.Administer) => IdsOf(db.Teams),
            nameof(Stage) when actor.May(Right.Administer) => IdsOf(db.Stages),
            nameof(RolePolicy) when actor.May(Right.Administer) => IdsOf(db.RolePolicies),
            nameof(ScoringPolicy) when actor.May(Right.Administer) => IdsOf(db.ScoringPolicies),
            _ => null,
        };

    private static IQueryable<Guid> IdsOf<T>(IQueryable<T> records)
        where T : class, IRecorded
        => records.IgnoreQueryFilters([MedCrmDbContext.BinFilter]).Select(record => record.Id);
}
