using System.Linq.Expressions;
using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation.Lists;
using MedCrm.Core.History;

namespace MedCrm.Core.Imports;

/// <summary>Which records an import wrote, read from the history of its gesture, and the columns by which lists tell and filter it.</summary>
internal static class ImportedRecords
{
    public const string CreatedKey = "import-created";
    public const string UpdatedKey = "import-updated";

    // Somebody whose place at the head a row gave to another: the import touched the place, no row speaks of the person.
    private static readonly string s_demotion = FieldChanges.Write([new(nameof(ContactRole.IsPrimary), "true", "false")]);

    /// <summary>The imports that somebody may open: administrators all, others their own.</summary>
    public static IQueryable<ImportRun> VisibleRuns(MedCrmDbContext db, Actor actor)
        => actor.May(Right.Administer) ? db.ImportRuns : db.ImportRuns.Where(run => run.StartedById == actor.Id);

    /// <summary>The ids of the records of a type that some imports created.</summary>
    public static IQueryable<Guid> Created(MedCrmDbContext db, IQueryable<ImportRun> runs, string type)
        => ChangesOf(db, runs).Where(change => change.RecordType == type && change.Kind == ChangeKind.Created).Select(change => change.RecordId);

    /// <summary>The ids of the records of a type that some imports found and changed, in themselves or in their parts.</summary>
    public static IQueryable<Guid> Updated(MedCrmDbContext db, IQueryable<ImportRun> runs, string type)
        => ChangesOf(db, runs)
            .Where(change => change.WholeType == type && change.Fields != s_demotion)
            .GroupBy(change => new { change.ChangeSetId, change.WholeId })
            .Where(record => record.Max(change => change.RecordType == type && change.Kind == ChangeKind.Created ? 1 : 0) == 0)
            .Select(record => record.Key.WholeId);

    /// <summary>Gives a list the columns « Créé par l'import » and « Modifié par l'import ».</summary>
    public static void AddColumns<TEntity>(ListDefinition<TEntity> list, string group)
        where TEntity : class, INamedRecord
    {
        var type = typeof(TEntity).Name;
        list.Origin(CreatedKey, CreatedBy<TEntity>(), (scope, ids) => Created(scope.Db, RunsOf(scope, ids), type), Offered).Titled("Créé par l'import").In(group).Wide(200).Opens("/imports/{0}");
        list.Origin(UpdatedKey, UpdatedBy<TEntity>(), (scope, ids) => Updated(scope.Db, RunsOf(scope, ids), type), Offered).Titled("Modifié par l'import").In(group).Wide(200).Opens("/imports/{0}");
    }

    private static Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> CreatedBy<TEntity>()
        where TEntity : class, INamedRecord
        => (scope, record) =>
            from change in scope.Db.RecordChanges
            join run in VisibleRuns(scope.Db, scope.Actor) on change.ChangeSetId equals run.ChangeSetId
            where change.RecordId == record.Id && change.Kind == ChangeKind.Created
            select new NamedId { Id = run.Id, Name = run.FileName };

    private static Expression<Func<ListScope, TEntity, IQueryable<NamedId>>> UpdatedBy<TEntity>()
        where TEntity : class, INamedRecord
        => (scope, record) =>
            from change in scope.Db.RecordChanges
            join run in VisibleRuns(scope.Db, scope.Actor) on change.ChangeSetId equals run.ChangeSetId
            where change.WholeId == record.Id
                && change.Fields != s_demotion
                && !scope.Db.RecordChanges.Any(creation => creation.RecordId == record.Id && creation.Kind == ChangeKind.Created && creation.ChangeSetId == change.ChangeSetId)
            orderby change.Id descending
            select new NamedId { Id = run.Id, Name = run.FileName };

    private static IQueryable<RecordChange> ChangesOf(MedCrmDbContext db, IQueryable<ImportRun> runs)
        => from run in runs
           join change in db.RecordChanges on run.ChangeSetId equals change.ChangeSetId
           select change;

    private static IQueryable<ImportRun> RunsOf(ListScope scope, IReadOnlyList<Guid>? ids)
        => ids is null ? VisibleRuns(scope.Db, scope.Actor) : VisibleRuns(scope.Db, scope.Actor).Where(run => ids.Contains(run.Id));

    private static IQueryable<NamedId> Offered(ListScope scope)
        => VisibleRuns(scope.Db, scope.Actor).OrderByDescending(run => run.StartedAt).Select(run => new NamedId { Id = run.Id, Name = run.FileName });
}
