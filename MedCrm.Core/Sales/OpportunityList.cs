using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Sales;

/// <summary>The list of deals: what its columns show, how a cell or a selection is changed and moved. The board reads the same filters.</summary>
public sealed class OpportunityList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock)
    : EditableList<Opportunity, OpportunityDetails>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<Opportunity> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<Opportunity> Definition => s_definition;

    /// <summary>The same, for conditions that reach these records from another room.</summary>
    internal static ListDefinition<Opportunity> Columns => s_definition;

    /// <inheritdoc/>
    protected override Right EditRight => Right.EditSales;

    /// <summary>The deals of a query that an actor may see.</summary>
    internal static IQueryable<Opportunity> Matching(ListScope scope, ListQuery query) => s_definition.Filter(scope.Db.Deals(scope.Actor), query, scope);

    /// <summary>Moves a selection under the same rules as one deal, as one gesture. What a rule refuses stays where it was and is told, row by row.</summary>
    public async Task<BulkResult> MoveAsync(ListSelection selection, Guid stageId, MoveTerms? terms = null, IProgress<BulkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var ids = await IdsOfAsync(selection, cancellationToken);
        var places = ids.Index().ToDictionary(row => row.Item, row => row.Index);
        var (name, top) = await TopOfAsync(stageId, cancellationToken);
        return await ApplyAsync(
            ListSelection.Of(ids),
            counted => $"Passage en {name} : {counted}",
            async (scope, deal, token) =>
            {
                var destination = await Transition.StageAsync(scope.Db, stageId, token);
                if (deal.StageId != stageId)
                {
                    await Transition.MoveAsync(scope, deal, destination, terms, token);
                    deal.RankAt(top - ((ids.Count - places[deal.Id]) * Opportunity.RankStep));
                }
            },
            progress,
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override IQueryable<Opportunity> Visible(MedCrmDbContext db, Actor actor) => db.Deals(actor);

    /// <inheritdoc/>
    protected override IQueryable<Opportunity> Whole(IQueryable<Opportunity> records)
        => records.Include(deal => deal.Stage).Include(deal => deal.Lines).Include(deal => deal.Contacts).Include(deal => deal.Labels).AsSplitQuery();

    /// <inheritdoc/>
    protected override OpportunityDetails DetailsOf(Opportunity record) => record.Details();

    /// <inheritdoc/>
    protected override async Task EditAsync(ListScope scope, Opportunity record, OpportunityDetails details, CancellationToken cancellationToken)
        => record.Edit(await Opportunities.CheckedAsync(scope.Db, scope.Actor, details, record, cancellationToken), Clock.UtcNow);

    private async Task<(string Name, long Top)> TopOfAsync(Guid stageId, CancellationToken cancellationToken)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var name = (await Transition.StageAsync(db, stageId, cancellationToken)).Name;
        return (name, await db.Opportunities.Where(deal => deal.StageId == stageId).MinAsync(deal => (long?)deal.Rank, cancellationToken) ?? 0);
    }

    private static ListDefinition<Opportunity> Define()
    {
        const string Deal = "Affaire";
        const string Figures = "Montants";
        const string FollowUp = "Suivi";
        const string Closing = "Clôture";
        var list = new ListDefinition<Opportunity>("opportunities", "affaire", "affaires", deal => deal.SearchKey + " " + deal.Institution.SearchKey).SortedBy("close");

        list.Text("name", deal => deal.Name).In(Deal).Shown().Wide(236).SortedBy(deal => deal.SearchKey).Edits<OpportunityDetails>(d => d.Name).Opens("/opportunities/{0}");
        list.Reference(
                "institution",
                deal => new NamedId { Id = deal.InstitutionId, Name = deal.Institution.Name },
                deal => deal.InstitutionId,
                deal => deal.Institution.SearchKey,
                scope => scope.Db.Institutions.VisibleTo(scope.Actor).OrderBy(i => i.Name).Select(i => new NamedId { Id = i.Id, Name = i.Name }))
            .Titled("Établissement").In(Deal).Shown().Pinned().Wide(184).Opens("/institutions/{0}");
        list.Choice("stage", deal => deal.StageId, scope => scope.Db.Stages.OrderBy(stage => stage.Position).Select(stage => new NamedId { Id = stage.Id, Name = stage.Name }))
            .Titled("Étape").In(Deal).Shown().Wide(112).SortedBy(deal => deal.Stage.Position);
        list.Money("amount", deal => deal.Amount).In(Figures).Shown().Pinned().Wide(112).Edits<OpportunityDetails>(d => d.Amount);
        list.Number("probability", deal => deal.ProbabilityPercent).Titled("%").In(Figures).Shown().Wide(52);
        list.Money("weighted", deal => deal.WeightedAmount).Titled("Pondéré").In(Figures).Shown().Wide(110);
        list.Choice<FollowUpState>("followup", Rotting.State, DealTones.Of).Titled("Suivi").In(FollowUp).Shown().Wide(112).Unsorted();
        list.Date("close", deal => deal.ExpectedCloseOn).In(Closing).Shown().Pinned().Wide(124).Edits<OpportunityDetails>(d => d.ExpectedCloseOn);
        list.User("owner", deal => deal.OwnerId).In(FollowUp).Shown().Pinned().Wide(136)
            .SortedBy((scope, deal) => scope.Db.Users.Where(user => user.Id == deal.OwnerId).Select(user => user.DisplayName).FirstOrDefault())
            .Edits<OpportunityDetails>(d => d.OwnerId);

        list.Text("contact", (scope, deal) => Customers.VisibleContacts.Of(scope.Db, scope.Actor).Where(contact => contact.Id == deal.ContactId).Select(contact => contact.FullName).FirstOrDefault())
            .Titled("Contact").In(Deal);
        list.Choice("source", deal => deal.Source).In(Deal).Edits<OpportunityDetails>(d => d.Source);
        Labels(list, "tags", "Étiquettes", OpportunityLabelKind.Tag).Pinned().Edits<OpportunityDetails>(d => d.Tags);
        Labels(list, "competitors", "Concurrents", OpportunityLabelKind.Competitor).Edits<OpportunityDetails>(d => d.Competitors);
        list.Number("manual-probability", deal => deal.ManualProbabilityPercent).In(Figures).Wide(160).Edits<OpportunityDetails>(d => d.ManualProbabilityPercent);
        list.Text("next-action", deal => deal.NextAction).In(FollowUp).Wide(200).Edits<OpportunityDetails>(d => d.NextAction);
        list.Date("next-action-on", deal => deal.NextActionOn).In(FollowUp).Wide(150).Edits<OpportunityDetails>(d => d.NextActionOn);
        list.Moment("last-interaction", deal => deal.LastInteractionAt).Titled("Dernier contact").In(FollowUp);
        list.Date("snoozed", deal => deal.SnoozedUntil).In(FollowUp).Wide(150);
        list.Choice("team", deal => deal.TeamId, scope => scope.Db.Teams.OrderBy(team => team.Name).Select(team => new NamedId { Id = team.Id, Name = team.Name }))
            .In(FollowUp).SortedBy((scope, deal) => scope.Db.Teams.Where(team => team.Id == deal.TeamId).Select(team => team.Name).FirstOrDefault())
            .Edits<OpportunityDetails>(d => d.TeamId);
        list.Choice<StageOutcome>("outcome", deal => deal.Outcome, DealTones.Of).Titled("État").In(Closing).Pinned().Wide(110);
        list.Date("closed", deal => deal.ClosedOn).In(Closing);
        list.Choice("loss-reason", deal => deal.LossReason).In(Closing).Wide(170);
        list.Text("lost-to", deal => deal.LostTo).In(Closing).Wide(170);
        list.Moment("stage-since", deal => deal.StageEnteredAt).Titled("Dans l'étape depuis").In(FollowUp).Wide(150);
        list.Moment("created", deal => deal.CreatedAt).Titled("Créée le").In(Deal);
        list.Moment("updated", deal => deal.UpdatedAt).Titled("Modifiée le").In(Deal);
        return list;
    }

    private static ListColumn<Opportunity> Labels(ListDefinition<Opportunity> list, string key, string title, OpportunityLabelKind kind)
        => list.Tags(
                key,
                deal => deal.Labels.Where(label => label.Kind == kind).OrderBy(label => label.Text).Select(label => label.Text).ToList(),
                deal => deal.Labels.Where(label => label.Kind == kind).Select(label => label.SearchKey))
            .Titled(title).In("Affaire").Wide(200)
            .Offers(scope => scope.Db.OpportunityLabels
                .Where(label => label.Kind == kind && scope.Db.Opportunities.VisibleTo(scope.Actor).Any(deal => deal.Id == label.OpportunityId))
                .Select(label => label.Text));
}
