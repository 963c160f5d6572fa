using System.Runtime.CompilerServices;
using MedCrm.Core.Access;
using MedCrm.Core.Data;
using MedCrm.Core.History;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Foundation.Lists;

/// <summary>One group of a list: its key in the address, its title, how many records it has and the conditions that make it.</summary>
/// <param name="IsWords">The title is a word of the business, as opposed to a name.</param>
public sealed record ListGroup(string Key, string Title, int Count, IReadOnlyList<ListFilter> Within, bool IsWords = true, string? Tone = null);

/// <summary>A list that can be shown in groups.</summary>
public interface IGroupedList : IRecordList
{
    /// <summary>The ways to group it, by their name in the address.</summary>
    IReadOnlyList<Choice> Groupings { get; }

    /// <summary>The groups that have records under a query, in order; together they hold each of them once.</summary>
    Task<IReadOnlyList<ListGroup>> GroupsAsync(ListQuery query, string grouping, CancellationToken cancellationToken = default);
}

/// <summary>A list that screens show and exports write, whatever its records are.</summary>
public interface IRecordList
{
    /// <summary>Its columns and names.</summary>
    ListDefinition Definition { get; }

    /// <summary>How many records match, of how many the person may see.</summary>
    Task<ListCounts> CountAsync(ListQuery query, CancellationToken cancellationToken = default);

    /// <summary>Some lines of the list, with the columns asked for.</summary>
    Task<IReadOnlyList<ListRow>> RowsAsync(ListQuery query, IReadOnlyList<string> columns, int skip, int take, CancellationToken cancellationToken = default);

    /// <summary>One line, whether or not it matches a query; null when the person may not see it.</summary>
    Task<ListRow?> RowAsync(Guid id, IReadOnlyList<string> columns, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every line of the list in its order, read as it is consumed; with <paramref name="picked"/>, those records alone, whether or not they
    /// match the query. The database connection stays open meanwhile: consume it at once.
    /// </summary>
    IAsyncEnumerable<ListRow> StreamAsync(ListQuery query, IReadOnlyList<string> columns, IReadOnlyCollection<Guid>? picked = null, CancellationToken cancellationToken = default);

    /// <summary>The ids of a stretch of the list, in its order; all of them unless told otherwise.</summary>
    Task<IReadOnlyList<Guid>> IdsAsync(ListQuery query, int skip = 0, int? take = null, CancellationToken cancellationToken = default);

    /// <summary>The records of a query added up by the database, one line for each group that has some, in no order. A group's <see cref="ListDimension.FilterOf"/> opens exactly its records.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or cannot be gathered or measured so.</exception>
    Task<IReadOnlyList<ListFigures>> FiguresAsync(ListQuery query, ListBreakdown breakdown, CancellationToken cancellationToken = default);

    /// <summary>Where a record stands in the list; null when it is not in it.</summary>
    Task<Neighbours?> NeighboursAsync(ListQuery query, Guid id, CancellationToken cancellationToken = default);

    /// <summary>Every value that a column may show or offer; at most fifty that match <paramref name="search"/> for a reference to other records.</summary>
    Task<IReadOnlyList<Choice>> ChoicesAsync(string column, string? search = null, CancellationToken cancellationToken = default);

    /// <summary>The labels of some values of a column, for the pill of a filter.</summary>
    Task<IReadOnlyList<Choice>> NamesAsync(string column, IReadOnlyList<string> values, CancellationToken cancellationToken = default);
}

/// <summary>The door of a list of <typeparamref name="TEntity"/>. A room derives its own, says which columns it has and which records a person sees.</summary>
public abstract class RecordList<TEntity>(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser, BusinessClock clock) : IRecordList
    where TEntity : class, INamedRecord
{
    private const int MostOffered = 50;

    ListDefinition IRecordList.Definition => Definition;

    /// <summary>The columns.</summary>
    public abstract ListDefinition<TEntity> Definition { get; }

    /// <summary>Opens a context of its own for each act.</summary>
    protected IDbContextFactory<MedCrmDbContext> Contexts { get; } = contexts;

    /// <summary>Tells who acts.</summary>
    protected ICurrentUser CurrentUser { get; } = currentUser;

    /// <summary>The clock.</summary>
    protected BusinessClock Clock { get; } = clock;

    /// <inheritdoc/>
    public async Task<ListCounts> CountAsync(ListQuery query, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var visible = Visible(db, scope.Actor);
        var total = await visible.CountAsync(cancellationToken);
        return new ListCounts(query.IsFiltered ? await Definition.Filter(visible, query, scope).CountAsync(cancellationToken) : total, total);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ListRow>> RowsAsync(ListQuery query, IReadOnlyList<string> columns, int skip, int take, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);

        // The page is chosen by id first: what its columns count or add up elsewhere is then read for these rows alone.
        var page = Sorted(db, scope, query).Select(record => record.Id).Skip(skip).Take(take);
        var records = Definition.Sort(Visible(db, scope.Actor).Where(record => page.Contains(record.Id)), query, scope);
        return await Definition.Rows(records, columns, scope).ToListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ListRow?> RowAsync(Guid id, IReadOnlyList<string> columns, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        return await Definition.Rows(Visible(db, scope.Actor).Where(record => record.Id == id), columns, scope).SingleOrDefaultAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListRow> StreamAsync(ListQuery query, IReadOnlyList<string> columns, IReadOnlyCollection<Guid>? picked = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var ids = picked?.ToList();
        var records = ids is null ? Sorted(db, scope, query) : Definition.Sort(Visible(db, scope.Actor).Where(record => ids.Contains(record.Id)), query, scope);
        await foreach (var row in Definition.Rows(records, columns, scope).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Guid>> IdsAsync(ListQuery query, int skip = 0, int? take = null, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var ids = Sorted(db, scope, query).Select(record => record.Id).Skip(skip);
        return await (take is { } count ? ids.Take(count) : ids).ToListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ListFigures>> FiguresAsync(ListQuery query, ListBreakdown breakdown, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        return await ListAggregates.ReadAsync(Definition.Filter(Visible(db, scope.Actor), query, scope), Definition, breakdown, scope, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Neighbours?> NeighboursAsync(ListQuery query, Guid id, CancellationToken cancellationToken = default)
    {
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var count = await Definition.Filter(Visible(db, scope.Actor), query, scope).CountAsync(cancellationToken);
        Guid? previous = null;
        var place = 0;
        var found = false;
        await foreach (var other in Sorted(db, scope, query).Select(record => record.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (found)
            {
                return new Neighbours(place, count, previous, other);
            }

            place++;
            found = other == id;
            previous = found ? previous : other;
        }

        return found ? new Neighbours(place, count, previous, null) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Choice>> ChoicesAsync(string column, string? search = null, CancellationToken cancellationToken = default)
    {
        var known = Definition.Column(column) ?? throw new ArgumentException($"No column {column} in {Definition.Name}.", nameof(column));
        if (known.Choices is { } fixedChoices)
        {
            return fixedChoices;
        }

        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        if (known.Texts is { } texts)
        {
            return [.. (await texts(scope).Distinct().OrderBy(text => text).Take(500).ToListAsync(cancellationToken)).Select(text => new Choice(text, text))];
        }

        if (known.Records is not { } records)
        {
            return [];
        }

        if (known.Kind is ListKind.User)
        {
            var users = await db.Users.OrderBy(user => user.DisplayName).Select(user => new { user.Id, user.DisplayName, user.IsDisabled }).ToListAsync(cancellationToken);
            return [.. users.Select(user => new Choice(user.Id.ToString(), user.DisplayName) { IsOffered = !user.IsDisabled })];
        }

        var named = records(scope);
        if (known.Kind is ListKind.Reference)
        {
            foreach (var token in SearchKey.Fold(search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                named = named.Where(record => SqlFunctions.Fold(record.Name)!.Contains(token));
            }

            named = named.Take(MostOffered);
        }

        return Choices(await named.ToListAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Choice>> NamesAsync(string column, IReadOnlyList<string> values, CancellationToken cancellationToken = default)
    {
        if (Definition.Column(column) is not { Kind: ListKind.Reference, Records: { } records })
        {
            return await ChoicesAsync(column, null, cancellationToken);
        }

        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var scope = await ScopeAsync(db, cancellationToken);
        var ids = values.Select(value => Guid.TryParse(value, out var id) ? id : Guid.Empty).ToList();
        return Choices(await records(scope).Where(record => ids.Contains(record.Id)).ToListAsync(cancellationToken));
    }

    /// <summary>The records that somebody may see.</summary>
    protected abstract IQueryable<TEntity> Visible(MedCrmDbContext db, Actor actor);

    /// <summary>Who acts, in a context.</summary>
    protected async Task<ListScope> ScopeAsync(MedCrmDbContext db, CancellationToken cancellationToken)
        => new(db, await CurrentUser.GetAsync(cancellationToken), Clock);

    private static IReadOnlyList<Choice> Choices(List<NamedId> records) => [.. records.Select(record => new Choice(record.Id.ToString(), record.Name))];

    private IOrderedQueryable<TEntity> Sorted(MedCrmDbContext db, ListScope scope, ListQuery query)
        => Definition.Sort(Definition.Filter(Visible(db, scope.Actor), query, scope), query, scope);
}
