using MedCrm.Core.Access;
using MedCrm.Core.Contracting;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.FollowUp;
using MedCrm.Core.History;
using MedCrm.Core.Invoicing;
using MedCrm.Core.Quoting;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>One record found. <see cref="Text"/> is what the person recognises it by, <see cref="Detail"/> what tells it from its namesakes.</summary>
public sealed record SearchHit(string RecordType, Guid RecordId, string Text, string Detail, bool IsExact)
{
    /// <summary>A call, a meeting or a note, of an activity.</summary>
    public ActivityKind? Kind { get; init; }

    /// <summary>When an activity took place, UTC.</summary>
    public DateTime? At { get; init; }

    /// <summary>The day by which a task is to be done.</summary>
    public DateOnly? DueOn { get; init; }

    /// <summary>Nothing is left to do of the task.</summary>
    public bool IsClosed { get; init; }
}

/// <summary>
/// The door of search: words in any order, prefixes, without case nor accents. A whole identifier comes first, then the names that start
/// with what was typed, by name, then those that hold it, the shortest first; open deals and tasks before closed ones, activities from the newest on. Only what the actor may see.
/// </summary>
public sealed class Searches(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    private const int MostCompared = 40;

    // In the order in which they are shown.
    private static readonly (string RecordType, Func<MedCrmDbContext, Actor, Sought, int, CancellationToken, Task<IReadOnlyList<SearchHit>>> Find)[] s_kinds =
    [
        (nameof(Institution), InstitutionsAsync),
        (nameof(Contact), ContactsAsync),
        (nameof(Opportunity), OpportunitiesAsync),
        (nameof(Quote), QuotesAsync),
        (nameof(FollowUpTask), TasksAsync),
        (nameof(Activity), ActivitiesAsync),
        (nameof(Invoice), InvoicesAsync),
        (nameof(Contract), ContractsAsync),
        (nameof(Document), DocumentsAsync),
    ];

    /// <summary>The best hits of each kind, at most <paramref name="perKind"/> each; of one kind alone behind a <see cref="SearchFilter"/>.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(string typed, int perKind = 6, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var (filter, text) = SearchFilter.Split(typed);
        if (Sought.Of(text) is not { } sought)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hits = new List<SearchHit>(await WholeNumbers.FindAsync(db, actor, text, filter?.RecordType, cancellationToken));
        foreach (var (_, find) in s_kinds.Where(kind => filter is null || kind.RecordType == filter.RecordType))
        {
            hits.AddRange(await find(db, actor, sought, perKind, cancellationToken));
        }

        return [.. hits.DistinctBy(hit => hit.RecordId)];
    }

    /// <summary>Records as a search shows them, in the order of <paramref name="records"/>; those that are gone or hidden from the actor are left out.</summary>
    public async Task<IReadOnlyList<SearchHit>> ShowAsync(IReadOnlyList<(string RecordType, Guid Id)> records, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hits = new Dictionary<Guid, SearchHit>();
        foreach (var kind in records.GroupBy(record => record.RecordType, record => record.Id))
        {
            var ids = kind.ToArray();
            var query = kind.Key switch
            {
                nameof(Institution) => Hits(db.Institutions.VisibleTo(actor).Where(i => ids.Contains(i.Id))),
                nameof(Contact) => Hits(db, actor, VisibleContacts.Of(db, actor).Where(c => ids.Contains(c.Id))),
                nameof(Opportunity) => Hits(db.Opportunities.VisibleTo(actor).Where(o => ids.Contains(o.Id))),
                nameof(Quote) => Hits(db.Quotes.VisibleTo(actor).Where(q => ids.Contains(q.Id))),
                nameof(Contract) => Hits(db.Contracts.VisibleTo(actor).Where(c => ids.Contains(c.Id))),
                nameof(Invoice) => Hits(InvoiceList.Of(db, actor).Where(i => ids.Contains(i.Id))),
                nameof(Activity) => Hits(db, actor, VisibleActivities.Of(db, actor).Where(a => ids.Contains(a.Id))),
                _ => null,
            };
            foreach (var hit in query is null ? [] : await query.ToListAsync(cancellationToken))
            {
                hits[hit.RecordId] = hit;
            }
        }

        return [.. records.Select(record => hits.GetValueOrDefault(record.Id)).OfType<SearchHit>()];
    }

    /// <summary>The institutions that a text calls, for a lookup field: a whole identifier first, then by name, town, group. Without text, those changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindInstitutionsAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (Sought.Of(text) is not { } sought)
        {
            return await Hits(db.Institutions.VisibleTo(actor).OrderByDescending(i => i.UpdatedAt).Take(take)).ToListAsync(cancellationToken);
        }

        var exact = await WholeNumbers.FindAsync(db, actor, text, nameof(Institution), cancellationToken);
        return [.. exact.Concat(await InstitutionsAsync(db, actor, sought, take, cancellationToken)).DistinctBy(hit => hit.RecordId).Take(take)];
    }

    /// <summary>The contacts that a text calls, for a lookup field: RPPS first, then by name, e-mail, telephone. Without text, those changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindContactsAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (Sought.Of(text) is not { } sought)
        {
            return await Hits(db, actor, VisibleContacts.Of(db, actor).OrderByDescending(c => c.UpdatedAt).Take(take)).ToListAsync(cancellationToken);
        }

        var exact = await WholeNumbers.FindAsync(db, actor, text, nameof(Contact), cancellationToken);
        return [.. exact.Concat(await ContactsAsync(db, actor, sought, take, cancellationToken)).DistinctBy(hit => hit.RecordId).Take(take)];
    }

    /// <summary>The deals that a text calls, for a lookup field, open ones first. Without text, the open ones changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindOpportunitiesAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Sought.Of(text) is { } sought
            ? await OpportunitiesAsync(db, actor, sought, take, cancellationToken)
            : await Hits(db.Opportunities.VisibleTo(actor).Where(o => o.Outcome == StageOutcome.Open).OrderByDescending(o => o.UpdatedAt).Take(take)).ToListAsync(cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> InstitutionsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Institutions.VisibleTo(actor);
        return FirstOfAsync(
            take,
            [
                visible.Where(i => i.SearchKey.CompareTo(sought.From) >= 0 && i.SearchKey.CompareTo(sought.To) < 0).OrderBy(i => i.SearchKey).Select(i => i.Id),
                Shortest(db, SearchIndex.Institution, sought, visible),
            ],
            ids => Hits(visible.Where(i => ids.Contains(i.Id))),
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> ContactsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        // One's own and one's team's come first: to know those of an institution that one sees, SQLite lists all such institutions.
        var (visible, team) = (VisibleContacts.Of(db, actor), actor.Visibility is Visibility.Team ? actor.TeamId : null);
        return FirstOfAsync(
            take,
            [
                visible.Where(c => c.SearchKey.CompareTo(sought.From) >= 0 && c.SearchKey.CompareTo(sought.To) < 0).OrderBy(c => c.SearchKey).Select(c => c.Id),
                actor.Visibility is Visibility.All ? null : Shortest(db, SearchIndex.Contact, sought, db.Contacts.Where(c => c.OwnerId == actor.Id || (team != null && c.TeamId == team))),
                Shortest(db, SearchIndex.Contact, sought, visible),
            ],
            ids => Hits(db, actor, visible.Where(c => ids.Contains(c.Id))),
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> OpportunitiesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Opportunities.VisibleTo(actor);
        var starting = visible.Where(o => o.SearchKey.CompareTo(sought.From) >= 0 && o.SearchKey.CompareTo(sought.To) < 0).OrderBy(o => o.SearchKey);
        return FirstOfAsync(
            take,
            [
                starting.Where(o => o.Outcome == StageOutcome.Open).Select(o => o.Id),
                Shortest(db, SearchIndex.OpenOpportunity, sought, visible),
                starting.Where(o => o.Outcome != StageOutcome.Open).Select(o => o.Id),
                Shortest(db, SearchIndex.ClosedOpportunity, sought, visible),
            ],
            ids => Hits(visible.Where(o => ids.Contains(o.Id))),
            cancellationToken);
    }

    // Of a number the last version is looked for, and of two the one that was written last.
    private static Task<IReadOnlyList<SearchHit>> QuotesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Quotes.VisibleTo(actor).Where(q => q.IsLast);
        return FirstOfAsync(take, [Newest(db, SearchIndex.Quote, sought, visible)], ids => Hits(visible.Where(q => ids.Contains(q.Id))), cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> TasksAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.FollowUpTasks.VisibleTo(actor);
        return FirstOfAsync(
            take,
            [Shortest(db, SearchIndex.OpenTask, sought, visible), Newest(db, SearchIndex.ClosedTask, sought, visible)],
            ids => Hits(db, actor, visible.Where(t => ids.Contains(t.Id))),
            cancellationToken);
    }

    // Of two hundred calls that speak of a respirator, the last ones are looked for.
    private static Task<IReadOnlyList<SearchHit>> ActivitiesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = VisibleActivities.Of(db, actor);
        return FirstOfAsync(take, [Newest(db, SearchIndex.Activity, sought, visible)], ids => Hits(db, actor, visible.Where(a => ids.Contains(a.Id))), cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> InvoicesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = InvoiceList.Of(db, actor);
        return FirstOfAsync(
            take,
            [
                visible.Where(i => i.SearchKey.CompareTo(sought.From) >= 0 && i.SearchKey.CompareTo(sought.To) < 0).OrderByDescending(i => i.SearchKey).Select(i => i.Id),
                Newest(db, SearchIndex.Invoice, sought, visible),
            ],
            ids => Hits(visible.Where(i => ids.Contains(i.Id))),
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> ContractsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Contracts.VisibleTo(actor);
        return FirstOfAsync(
            take,
            [
                visible.Where(c => c.SearchKey.CompareTo(sought.From) >= 0 && c.SearchKey.CompareTo(sought.To) < 0).OrderByDescending(c => c.SearchKey).Select(c => c.Id),
                Newest(db, SearchIndex.Contract, sought, visible),
            ],
            ids => Hits(visible.Where(c => ids.Contains(c.Id))),
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> DocumentsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = VisibleDocuments.Of(db, actor);
        return FirstOfAsync(
            take,
            [
                visible.Where(d => d.SearchKey.CompareTo(sought.From) >= 0 && d.SearchKey.CompareTo(sought.To) < 0).OrderBy(d => d.SearchKey).Select(d => d.Id),
                Shortest(db, SearchIndex.Document, sought, visible),
            ],
            ids => Hits(db, actor, visible.Where(d => ids.Contains(d.Id))),
            cancellationToken);
    }

    // The next way of finding is asked only when those before it left room: a word that half the records hold costs no more than a rare one.
    // What a hit says is read for the few that are shown: SQLite would read it for every record before it sorts them.
    private static async Task<IReadOnlyList<SearchHit>> FirstOfAsync(int take, IEnumerable<IQueryable<Guid>?> ways, Func<Guid[], IQueryable<SearchHit>> show, CancellationToken cancellationToken)
    {
        var found = new List<Guid>();
        foreach (var way in ways.OfType<IQueryable<Guid>>())
        {
            found = [.. found.Union(await way.Take(take).ToListAsync(cancellationToken)).Take(take)];
            if (found.Count == take)
            {
                break;
            }
        }

        if (found.Count == 0)
        {
            return [];
        }

        var hits = await show([.. found]).ToDictionaryAsync(hit => hit.RecordId, cancellationToken);
        return [.. found.Select(id => hits.GetValueOrDefault(id)).OfType<SearchHit>()];
    }

    private static IQueryable<SearchHit> Hits(IQueryable<Institution> institutions)
        => institutions.Select(i => new SearchHit(nameof(Institution), i.Id, i.Name, Joined(i.City, i.FinessEt), false));

    private static IQueryable<SearchHit> Hits(MedCrmDbContext db, Actor actor, IQueryable<Contact> contacts)
    {
        var visible = db.Institutions.VisibleTo(actor);
        return contacts.Select(c => new SearchHit(
            nameof(Contact),
            c.Id,
            c.FullName,
            Joined(
                c.JobTitle,
                db.ContactRoles.Where(role => role.ContactId == c.Id && role.EndedOn == null)
                    .OrderByDescending(role => role.IsPrimary)
                    .SelectMany(role => visible.Where(institution => institution.Id == role.InstitutionId).Select(institution => institution.Name))
                    .FirstOrDefault()),
            false));
    }

    private static IQueryable<SearchHit> Hits(IQueryable<Opportunity> deals)
        => deals.Select(o => new SearchHit(nameof(Opportunity), o.Id, o.Name, Joined(o.Institution.Name, o.Stage.Name), false));

    private static IQueryable<SearchHit> Hits(IQueryable<Quote> quotes)
        => quotes.Select(q => new SearchHit(nameof(Quote), q.Id, q.VersionNumber == 1 ? q.Number + " · " + q.Title : q.Number + " v" + q.VersionNumber + " · " + q.Title, q.Institution.Name, false));

    private static IQueryable<SearchHit> Hits(MedCrmDbContext db, Actor actor, IQueryable<FollowUpTask> tasks)
    {
        var (institutions, contacts, deals) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor), db.Opportunities.VisibleTo(actor));
        return tasks.Select(t => new SearchHit(
            nameof(FollowUpTask),
            t.Id,
            t.Title,
            deals.Where(deal => deal.Id == t.OpportunityId).Select(deal => deal.Name).FirstOrDefault()
                ?? institutions.Where(institution => institution.Id == t.InstitutionId).Select(institution => institution.Name).FirstOrDefault()
                ?? contacts.Where(contact => contact.Id == t.ContactId).Select(contact => contact.FullName).FirstOrDefault()
                ?? "",
            false)
        {
            DueOn = t.DueOn,
            IsClosed = !t.IsOpen,
        });
    }

    private static IQueryable<SearchHit> Hits(MedCrmDbContext db, Actor actor, IQueryable<Activity> activities)
    {
        var institutions = db.Institutions.VisibleTo(actor);
        return activities.Select(a => new SearchHit(
            nameof(Activity),
            a.Id,
            a.Subject,
            institutions.Where(institution => institution.Id == a.InstitutionId).Select(institution => institution.Name).FirstOrDefault() ?? "",
            false)
        {
            Kind = a.Kind,
            At = a.At,
        });
    }

    private static IQueryable<SearchHit> Hits(IQueryable<Contract> contracts)
        => contracts.Select(c => new SearchHit(nameof(Contract), c.Id, c.Number + " · " + c.Title, c.Institution.Name, false));

    private static IQueryable<SearchHit> Hits(IQueryable<Invoice> invoices)
        => invoices.Select(i => new SearchHit(nameof(Invoice), i.Id, i.Number == null ? i.Title : i.Number + " · " + i.Title, i.Institution.Name, false));

    private static IQueryable<SearchHit> Hits(MedCrmDbContext db, Actor actor, IQueryable<Document> documents)
    {
        var (institutions, contacts, deals) = (db.Institutions.VisibleTo(actor), VisibleContacts.Of(db, actor), db.Opportunities.VisibleTo(actor));
        return documents.Select(d => new SearchHit(
            nameof(Document),
            d.Id,
            d.Name,
            deals.Where(deal => deal.Id == d.OpportunityId).Select(deal => deal.Name).FirstOrDefault()
                ?? institutions.Where(institution => institution.Id == d.InstitutionId).Select(institution => institution.Name).FirstOrDefault()
                ?? contacts.Where(contact => contact.Id == d.ContactId).Select(contact => contact.FullName).FirstOrDefault()
                ?? "",
            false));
    }

    // The records that hold the words, the shortest first. Where thousands do, no order tells which was meant: some dozens of them are enough to choose from.
    private static IQueryable<Guid>? Shortest<T>(MedCrmDbContext db, string kind, Sought sought, IQueryable<T> visible)
        where T : class, IRecorded
        => Holding(db, kind, sought) is not { } holding ? null
            : (from entry in holding join record in visible on entry.RecordId equals record.Id orderby entry.Number descending select entry)
                .Take(MostCompared).OrderBy(entry => entry.Keys.Length).ThenBy(entry => entry.Keys).Select(entry => entry.RecordId);

    private static IQueryable<Guid>? Newest<T>(MedCrmDbContext db, string kind, Sought sought, IQueryable<T> visible)
        where T : class, IRecorded
        => Holding(db, kind, sought) is not { } holding ? null
            : from entry in holding join record in visible on entry.RecordId equals record.Id orderby entry.Number descending select entry.RecordId;

    // One letter begins half of the words: it is looked for in what the others found.
    private static IQueryable<IndexedEntry>? Holding(MedCrmDbContext db, string kind, Sought sought)
    {
        if (sought.Words is not { } words)
        {
            return null;
        }

        var entries = db.Database.SqlQueryRaw<IndexedEntry>(SearchIndex.QueryOf(kind), words);
        foreach (var letter in sought.Letters)
        {
            var pattern = $"% {letter}%";
            entries = entries.Where(entry => EF.Functions.Like(" " + entry.Keys, pattern));
        }

        return entries;
    }

    private static string Joined(string? first, string? second) => string.Join(" · ", new[] { first, second }.Where(part => !string.IsNullOrEmpty(part)));

}
