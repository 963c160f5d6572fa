using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.Sales;

namespace MedCrm.Core.Segments;

/// <summary>Records of another list that belong to the subject of a segment, counted by a condition.</summary>
/// <param name="Name">The name that conditions carry.</param>
/// <param name="Fields">The list whose columns filter them.</param>
/// <param name="PeriodField">The date that a period is about.</param>
/// <param name="IsFeminine">« aucune affaire », « aucun document ».</param>
/// <param name="Happens">What the period's date says of one: « créée », « échue ».</param>
public abstract record SegmentRelation(string Name, ListDefinition Fields, string PeriodField, bool IsFeminine, string Happens)
{
    // One id of a subject for each record: how often it comes is the count.
    internal abstract IQueryable<Guid> Subjects(ListScope scope, IEnumerable<ListFilter> filters);
}

internal sealed record SegmentRelation<TRelated>(
    string Name,
    ListDefinition<TRelated> Columns,
    string PeriodField,
    bool IsFeminine,
    string Happens,
    Func<ListScope, IQueryable<TRelated>> Visible,
    Func<ListScope, IQueryable<TRelated>, IQueryable<Guid>> Owners) : SegmentRelation(Name, Columns, PeriodField, IsFeminine, Happens)
    where TRelated : class, History.INamedRecord
{
    internal override IQueryable<Guid> Subjects(ListScope scope, IEnumerable<ListFilter> filters)
        => Owners(scope, filters.Aggregate(Visible(scope), (records, filter) => Columns.Condition(filter, scope) is { } condition ? records.Where(condition) : records));
}

/// <summary>The vocabulary of segments: the columns of the list, and the related records that can be counted.</summary>
public static class SegmentFields
{
    private static readonly IReadOnlyList<SegmentRelation> s_ofInstitutions =
    [
        new SegmentRelation<Opportunity>("opportunities", OpportunityList.Columns, "created", true, "créées", Deals, (_, deals) => deals.Select(deal => deal.InstitutionId)),
        new SegmentRelation<Activity>("activities", ActivityList.Columns, "at", true, "", Activities, (_, activities) => activities.Where(a => a.InstitutionId != null).Select(a => a.InstitutionId!.Value)),
        // As on the page of the institution: its own tasks, and those of its deals.
        new SegmentRelation<FollowUpTask>("tasks", TaskList.Columns, "due", true, "à échéance", Tasks, (scope, tasks) => tasks
            .Select(task => task.InstitutionId ?? scope.Db.Opportunities.Where(deal => deal.Id == task.OpportunityId).Select(deal => (Guid?)deal.InstitutionId).FirstOrDefault())
            .Where(id => id != null)
            .Select(id => id!.Value)),
        new SegmentRelation<Contact>("contacts", ContactList.Columns, "created", false, "créés", scope => VisibleContacts.Of(scope.Db, scope.Actor), (_, contacts) => contacts
            .SelectMany(contact => contact.Roles.Where(role => role.EndedOn == null))
            .Select(role => role.InstitutionId)),
        new SegmentRelation<Document>("documents", DocumentList.Columns, "created", false, "ajoutés", Documents, (_, documents) => documents.Where(d => d.InstitutionId != null).Select(d => d.InstitutionId!.Value)),
    ];

    private static readonly IReadOnlyList<SegmentRelation> s_ofContacts =
    [
        new SegmentRelation<Opportunity>("opportunities", OpportunityList.Columns, "created", true, "créées", Deals, (_, deals) => deals.Where(deal => deal.ContactId != null).Select(deal => deal.ContactId!.Value)),
        new SegmentRelation<Activity>("activities", ActivityList.Columns, "at", true, "", Activities, (_, activities) => activities
            .SelectMany(a => a.People.Where(person => person.ContactId != null))
            .Select(person => person.ContactId!.Value)),
        new SegmentRelation<FollowUpTask>("tasks", TaskList.Columns, "due", true, "à échéance", Tasks, (_, tasks) => tasks.Where(task => task.ContactId != null).Select(task => task.ContactId!.Value)),
        new SegmentRelation<Institution>("institutions", InstitutionList.Columns, "created", false, "créés", scope => scope.Db.Institutions.VisibleTo(scope.Actor), (scope, institutions) => scope.Db.ContactRoles
            .Where(role => role.EndedOn == null && institutions.Any(institution => institution.Id == role.InstitutionId))
            .Select(role => role.ContactId)),
        new SegmentRelation<Document>("documents", DocumentList.Columns, "created", false, "ajoutés", Documents, (_, documents) => documents.Where(d => d.ContactId != null).Select(d => d.ContactId!.Value)),
    ];

    /// <summary>The list whose columns the conditions compare.</summary>
    public static ListDefinition Of(SegmentSubject subject) => subject is SegmentSubject.Institution ? InstitutionList.Columns : ContactList.Columns;

    /// <summary>The subject of a list, if segments gather its records.</summary>
    public static SegmentSubject? SubjectOf(ListDefinition list)
        => list == InstitutionList.Columns ? SegmentSubject.Institution : list == ContactList.Columns ? SegmentSubject.Contact : null;

    /// <summary>The related records that can be counted.</summary>
    public static IReadOnlyList<SegmentRelation> Relations(SegmentSubject subject) => subject is SegmentSubject.Institution ? s_ofInstitutions : s_ofContacts;

    /// <summary>The relation of a name, if any.</summary>
    public static SegmentRelation? Relation(SegmentSubject subject, string name) => Relations(subject).FirstOrDefault(relation => relation.Name == name);

    private static IQueryable<Opportunity> Deals(ListScope scope) => scope.Db.Opportunities.VisibleTo(scope.Actor);

    private static IQueryable<Activity> Activities(ListScope scope) => VisibleActivities.Of(scope.Db, scope.Actor);

    private static IQueryable<FollowUpTask> Tasks(ListScope scope) => scope.Db.FollowUpTasks.VisibleTo(scope.Actor);

    private static IQueryable<Document> Documents(ListScope scope) => VisibleDocuments.Of(scope.Db, scope.Actor);
}
