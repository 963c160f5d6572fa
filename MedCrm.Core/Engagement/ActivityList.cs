using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Engagement;

/// <summary>The list of calls, meetings and notes: who spoke to whom, when, and what came of it.</summary>
public sealed class ActivityList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : RecordList<Activity>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Activity> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Activity> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Activity> Columns => s_definition;

    /// <inheritdoc/>
    protected override IQueryable<Activity> Visible(MedCrmDbContext db, Actor actor) => VisibleActivities.Of(db, actor);

    private static ListDefinition<Activity> Define()
    {
        var list = new ListDefinition<Activity>("activities", "activité", "activités", a => a.SearchKey).SortedBy("at", descending: true);
        list.Text("subject", a => a.Subject).Shown().Wide(280).Opens(Activity.Address);
        list.Choice("kind", a => a.Kind).Shown().Pinned().Wide(90);
        list.Moment("at", a => a.At).Shown().Pinned().Wide(130);
        list.Reference(
                "institution",
                (scope, a) => a.InstitutionId == null ? null : new NamedId { Id = a.InstitutionId.Value, Name = scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => i.Id == a.InstitutionId).Select(i => i.Name).FirstOrDefault() ?? "" },
                a => a.InstitutionId,
                (scope, a) => scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => i.Id == a.InstitutionId).Select(i => i.SearchKey).FirstOrDefault(),
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).Where(i => VisibleActivities.Of(scope.Db, scope.Actor).Any(a => a.InstitutionId == i.Id)).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Établissement").Shown().Pinned().Wide(220).Opens("/institutions/{0}");
        list.Text("contact", (scope, a) => ActivityContact.VisibleTo(scope.Db, scope.Actor).Where(person => person.ActivityId == a.Id).OrderBy(person => person.SearchKey).Select(person => person.FullName).FirstOrDefault())
            .Titled("Avec").Shown().Unsorted().Unfiltered().Wide(160);
        list.Choice("direction", a => a.Direction).Shown().Wide(90);
        list.Choice("status", a => a.Status).Titled("Réunion").Wide(100);
        list.Bool("exchange", a => a.IsContact).Titled("Échange").Wide(90);
        list.Text("result", a => a.Result).Shown().Wide(240);
        list.User("owner", a => a.OwnerId).Shown().Pinned()
            .SortedBy((scope, a) => scope.Db.Users.Where(user => user.Id == a.OwnerId).Select(user => user.DisplayName).FirstOrDefault());
        list.Number("minutes", a => a.DurationMinutes).Titled("Durée (min)");
        list.Reference(
                "opportunity",
                (scope, a) => a.OpportunityId == null ? null : new NamedId { Id = a.OpportunityId.Value, Name = scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => o.Id == a.OpportunityId).Select(o => o.Name).FirstOrDefault() ?? "" },
                a => a.OpportunityId,
                (scope, a) => scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => o.Id == a.OpportunityId).Select(o => o.SearchKey).FirstOrDefault(),
                scope => scope.Db.Opportunities.VisibleTo(scope.Actor).Where(o => VisibleActivities.Of(scope.Db, scope.Actor).Any(a => a.OpportunityId == o.Id)).Select(o => new NamedId { Id = o.Id, Name = o.Name }))
            .Titled("Affaire").Wide(200).Opens("/opportunities/{0}");
        list.Choice("sharing", a => a.Sharing).Wide(110);
        list.Text("place", a => a.Place).Wide(180);
        list.Text("text", a => a.Text).Unsorted().Unfiltered().Wide(280);
        list.Choice("team", a => a.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .SortedBy((scope, a) => scope.Db.Teams.Where(team => team.Id == a.TeamId).Select(team => team.Name).FirstOrDefault());
        list.Moment("created", a => a.CreatedAt).Titled("Notée le");
        return list;
    }
}
