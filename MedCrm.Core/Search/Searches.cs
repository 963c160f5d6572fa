using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Documents;
using MedCrm.Core.Engagement;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>One record found. <see cref="Text"/> is what the person recognises it by, <see cref="Detail"/> what tells it from its namesakes.</summary>
public sealed record SearchHit(string RecordType, Guid RecordId, string Text, string Detail, bool IsExact);

/// <summary>
/// The door of search: words in any order, prefixes, without case nor accents. A whole identifier comes first, then the names that start
/// with what was typed, by name, then those that hold it, the shortest first; open deals before closed ones. Only what the actor may see.
/// </summary>
public sealed class Searches(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>The best hits of each kind, at most <paramref name="perKind"/> each.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(string text, int perKind = 6, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        if (Sought.Of(text) is not { } sought)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hits = new List<SearchHit>();
        hits.AddRange(await ExactAsync(db, actor, text, cancellationToken));
        hits.AddRange(await InstitutionsAsync(db, actor, sought, perKind, cancellationToken));
        hits.AddRange(await ContactsAsync(db, actor, sought, perKind, cancellationToken));
        hits.AddRange(await OpportunitiesAsync(db, actor, sought, perKind, cancellationToken));
        hits.AddRange(await ActivitiesAsync(db, actor, sought, perKind, cancellationToken));
        hits.AddRange(await DocumentsAsync(db, actor, sought, perKind, cancellationToken));
        return [.. hits.DistinctBy(hit => hit.RecordId)];
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

        var exact = (await ExactAsync(db, actor, text, cancellationToken)).Where(hit => hit.RecordType == nameof(Institution));
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

        var exact = (await ExactAsync(db, actor, text, cancellationToken)).Where(hit => hit.RecordType == nameof(Contact));
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

    private static async Task<IReadOnlyList<SearchHit>> ExactAsync(MedCrmDbContext db, Actor actor, string text, CancellationToken cancellationToken)
    {
        var identifier = string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        if (!identifier.Any(char.IsAsciiDigit))
        {
            return [];
        }

        var hits = new List<SearchHit>();
        if (identifier.Length is 9 or 14)
        {
            // One index per number: an OR of them would be answered by reading all institutions by name.
            var visible = db.Institutions.VisibleTo(actor);
            var called = visible.Where(i => i.FinessEt == identifier).Select(i => i.Id)
                .Union(visible.Where(i => i.FinessEj == identifier).Select(i => i.Id))
                .Union(visible.Where(i => i.Siren == identifier).Select(i => i.Id))
                .Union(visible.Where(i => i.Siret == identifier).Select(i => i.Id));
            hits.AddRange(await visible.Where(i => called.Contains(i.Id))
                .OrderBy(i => i.Name).Take(6)
                .Select(i => new SearchHit(nameof(Institution), i.Id, i.Name, i.City == null ? identifier : i.City + " · " + identifier, true))
                .ToListAsync(cancellationToken));
        }

        if (identifier.Length is 11 or 12 && Rpps.Normalize(identifier) is { } rpps)
        {
            hits.AddRange(await VisibleContacts.Of(db, actor)
                .Where(c => c.Rpps == rpps)
                .Select(c => new SearchHit(nameof(Contact), c.Id, c.FullName, $"RPPS {rpps}", true))
                .ToListAsync(cancellationToken));
        }

        return hits;
    }

    private static Task<IReadOnlyList<SearchHit>> InstitutionsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Institutions.VisibleTo(actor);
        return FirstOfAsync(
            take,
            [
                Hits(visible.Where(i => i.SearchKey.CompareTo(sought.From) >= 0 && i.SearchKey.CompareTo(sought.To) < 0).OrderBy(i => i.SearchKey).Take(take)),
                Hits((from found in Ranked(db, SearchIndex.Institution, sought) join i in visible on found.RecordId equals i.Id orderby found.Rank, i.SearchKey select i).Take(take)),
            ],
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> ContactsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = VisibleContacts.Of(db, actor);
        return FirstOfAsync(
            take,
            [
                Hits(db, actor, visible.Where(c => c.SearchKey.CompareTo(sought.From) >= 0 && c.SearchKey.CompareTo(sought.To) < 0).OrderBy(c => c.SearchKey).Take(take)),
                Hits(db, actor, (from found in Ranked(db, SearchIndex.Contact, sought) join c in visible on found.RecordId equals c.Id orderby found.Rank, c.SearchKey select c).Take(take)),
            ],
            cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> OpportunitiesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = db.Opportunities.VisibleTo(actor);
        var starting = visible.Where(o => o.SearchKey.CompareTo(sought.From) >= 0 && o.SearchKey.CompareTo(sought.To) < 0).OrderBy(o => o.SearchKey);
        return FirstOfAsync(
            take,
            [
                Hits(starting.Where(o => o.Outcome == StageOutcome.Open).Take(take)),
                Hits((from found in Ranked(db, SearchIndex.OpenOpportunity, sought) join o in visible on found.RecordId equals o.Id orderby found.Rank, o.SearchKey select o).Take(take)),
                Hits(starting.Where(o => o.Outcome != StageOutcome.Open).Take(take)),
                Hits((from found in Ranked(db, SearchIndex.ClosedOpportunity, sought) join o in visible on found.RecordId equals o.Id orderby found.Rank, o.SearchKey select o).Take(take)),
            ],
            cancellationToken);
    }

    // The newest first: of two hundred calls that speak of a respirator, the last ones are looked for.
    private static async Task<IReadOnlyList<SearchHit>> ActivitiesAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = VisibleActivities.Of(db, actor);
        return await (from found in Newest(db, SearchIndex.Activity, sought) join a in visible on found.RecordId equals a.Id orderby found.Rank descending select a)
            .Take(take)
            .Select(a => new SearchHit(nameof(Activity), a.Id, a.Subject, db.Institutions.VisibleTo(actor).Where(i => i.Id == a.InstitutionId).Select(i => i.Name).FirstOrDefault() ?? "", false))
            .ToListAsync(cancellationToken);
    }

    private static Task<IReadOnlyList<SearchHit>> DocumentsAsync(MedCrmDbContext db, Actor actor, Sought sought, int take, CancellationToken cancellationToken)
    {
        var visible = VisibleDocuments.Of(db, actor);
        return FirstOfAsync(
            take,
            [
                Hits(db, actor, visible.Where(d => d.SearchKey.CompareTo(sought.From) >= 0 && d.SearchKey.CompareTo(sought.To) < 0).OrderBy(d => d.SearchKey).Take(take)),
                Hits(db, actor, (from found in Ranked(db, SearchIndex.Document, sought) join d in visible on found.RecordId equals d.Id orderby found.Rank, d.SearchKey select d).Take(take)),
            ],
            cancellationToken);
    }

    // The next way of finding is asked only when those before it left room: a word that half the records hold costs no more than a rare one.
    private static async Task<IReadOnlyList<SearchHit>> FirstOfAsync(int take, IEnumerable<IQueryable<SearchHit>> ways, CancellationToken cancellationToken)
    {
        var hits = new List<SearchHit>();
        foreach (var way in ways)
        {
            hits = [.. hits.Concat(await way.ToListAsync(cancellationToken)).DistinctBy(hit => hit.RecordId).Take(take)];
            if (hits.Count == take)
            {
                break;
            }
        }

        return hits;
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

    private static IQueryable<RankedEntry> Ranked(MedCrmDbContext db, string kind, Sought sought)
        => db.Database.SqlQuery<RankedEntry>($"""
            SELECT e.RecordId, bm25(SearchIndex, 1, 0) AS Rank FROM SearchIndex
            JOIN SearchEntries e ON e.Id = SearchIndex.rowid
            WHERE SearchIndex MATCH {$"RecordType : {kind} AND Keys : ({sought.Words})"}
            """);

    private static IQueryable<RankedEntry> Newest(MedCrmDbContext db, string kind, Sought sought)
        => db.Database.SqlQuery<RankedEntry>($"""
            SELECT e.RecordId, CAST(SearchIndex.rowid AS REAL) AS Rank FROM SearchIndex
            JOIN SearchEntries e ON e.Id = SearchIndex.rowid
            WHERE SearchIndex MATCH {$"RecordType : {kind} AND Keys : ({sought.Words})"}
            """);

    private static string Joined(string? first, string? second) => string.Join(" · ", new[] { first, second }.Where(part => !string.IsNullOrEmpty(part)));

    private sealed record RankedEntry(Guid RecordId, double Rank);

    /// <summary>What somebody typed, as the indexes are asked for it.</summary>
    /// <param name="From">The first key that starts with it.</param>
    /// <param name="To">What comes after the last one.</param>
    /// <param name="Words">The full-text expression: every word, as a prefix.</param>
    private sealed record Sought(string From, string To, string Words)
    {
        private const int MostWords = 8;

        /// <summary>Null when nothing is left to search.</summary>
        public static Sought? Of(string text)
        {
            var key = SearchKey.Fold(text);
            return key.Length == 0 ? null : new Sought(key, key + '\uffff', WordsOf(key));
        }

        // « St Malo » is Saint-Malo, and « Ste Anne » Sainte-Anne.
        private static string Word(string word) => word is "st" or "ste" ? $"(\"{word}\"* OR \"{(word == "st" ? "saint" : "sainte")}\"*)" : $"\"{word}\"*";

        // A telephone is typed in pairs, with 0 or +33; the index holds 33612345678.
        private static string WordsOf(string key)
        {
            var words = key.Split(' ').Take(MostWords).ToList();
            var digits = string.Concat(words);
            var isNumber = digits.All(char.IsAsciiDigit) && (words.Count > 1 || (digits.Length >= 4 && digits[0] == '0'));
            return !isNumber ? string.Join(" AND ", words.Select(Word))
                : digits[0] == '0' && digits.Length >= 4 ? $"\"{digits}\"* OR \"33{digits[1..]}\"*"
                : $"\"{digits}\"*";
        }
    }
}
