using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Lists;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.History;

/// <summary>The audit as a list: every gesture, by whom, when, by which way, on what.</summary>
public sealed class AuditList(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : RecordList<ChangeSet>(contexts, currentUser, clock)
{
    private static readonly ListDefinition<ChangeSet> s_definition = Define();

    /// <inheritdoc/>
    public override ListDefinition<ChangeSet> Definition => s_definition;

    /// <inheritdoc/>
    protected override IQueryable<ChangeSet> Visible(MedCrmDbContext db, Actor actor) => actor.May(Right.ReadAudit) ? db.ChangeSets : db.ChangeSets.Where(_ => false);

    private static ListDefinition<ChangeSet> Define()
    {
        var list = new ListDefinition<ChangeSet>("audit", "geste", "gestes", set => SqlFunctions.Fold(set.Sentence + " " + set.ActorName)!).SortedBy("at", descending: true);
        list.Text("sentence", set => set.Sentence).Shown().Wide(360).Unsorted().Opens("/admin/audit/{0}");
        list.Moment("at", set => set.At).Shown().Pinned().Wide(150);
        list.Text("by", set => set.ActorName).Shown().Unfiltered().Wide(160);
        list.User("actor", set => set.ActorId).Pinned();
        list.Choice("origin", set => set.Origin).Shown().Pinned();
        list.Choice("types", set => set.Changes.OrderBy(change => change.Id).Select(change => change.WholeType).FirstOrDefault(), [.. RecordTypes.Wholes.Select(type => new Choice(type.Name, type.Noun))])
            .FilteredBy(set => set.Changes.Select(change => SqlFunctions.Fold(change.WholeType)!)).Titled("Fiche").Unsorted().Shown().Pinned().Wide(150);
        list.Text("record", set => set.Changes.OrderBy(change => change.Id).Select(change => change.RecordName).FirstOrDefault()).Titled("Première fiche").Unsorted().Wide(220);
        list.Number("rows", set => set.Changes.Count).Titled("Lignes").Shown().Unsorted();
        list.Bool("reverted", set => set.RevertedById != null).Titled("Annulé").Shown();
        return list;
    }
}
