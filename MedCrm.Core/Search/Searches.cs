using MedCrm.Core.Access;
using MedCrm.Core.Customers;
using MedCrm.Core.Data;
using MedCrm.Core.Foundation;
using MedCrm.Core.Foundation.Identifiers;
using MedCrm.Core.Sales;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>One record found. <see cref="Text"/> is what the person recognises it by, <see cref="Detail"/> what tells it from its namesakes.</summary>
public sealed record SearchHit(string RecordType, Guid RecordId, string Text, string Detail, bool IsExact);

/// <summary>The door of search: words in any order, prefixes, without case nor accents; a whole identifier comes first. Only what the actor may see.</summary>
public sealed class Searches(IDbContextFactory<MedCrmDbContext> contexts, ICurrentUser currentUser)
{
    /// <summary>The best hits of each kind, at most <paramref name="perKind"/> each.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindAsync(string text, int perKind = 6, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        var match = MatchOf(text);
        if (match is null)
        {
            return [];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hits = new List<SearchHit>();
        hits.AddRange(await ExactAsync(db, actor, text, cancellationToken));
        hits.AddRange(await InstitutionsAsync(db, actor, match, perKind, cancellationToken));
        hits.AddRange(await ContactsAsync(db, actor, match, perKind, cancellationToken));
        hits.AddRange(await OpportunitiesAsync(db, actor, match, perKind, cancellationToken));
        return [.. hits.DistinctBy(hit => hit.RecordId)];
    }

    /// <summary>The institutions that a text calls, for a lookup field: a whole identifier first, then by name, town, group. Without text, those changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindInstitutionsAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (MatchOf(text) is not { } match)
        {
            return await RecentInstitutionsAsync(db, actor, take, cancellationToken);
        }

        var exact = (await ExactAsync(db, actor, text, cancellationToken)).Where(hit => hit.RecordType == nameof(Institution));
        return [.. exact.Concat(await InstitutionsAsync(db, actor, match, take, cancellationToken)).DistinctBy(hit => hit.RecordId).Take(take)];
    }

    /// <summary>The contacts that a text calls, for a lookup field: RPPS first, then by name, e-mail, telephone. Without text, those changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindContactsAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (MatchOf(text) is not { } match)
        {
            return await RecentContactsAsync(db, actor, take, cancellationToken);
        }

        var exact = (await ExactAsync(db, actor, text, cancellationToken)).Where(hit => hit.RecordType == nameof(Contact));
        return [.. exact.Concat(await ContactsAsync(db, actor, match, take, cancellationToken)).DistinctBy(hit => hit.RecordId).Take(take)];
    }

    /// <summary>The deals that a text calls, for a lookup field, open ones first. Without text, the open ones changed last.</summary>
    public async Task<IReadOnlyList<SearchHit>> FindOpportunitiesAsync(string text, int take = 8, CancellationToken cancellationToken = default)
    {
        var actor = await currentUser.GetAsync(cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return MatchOf(text) is { } match
            ? await OpportunitiesAsync(db, actor, match, take, cancellationToken)
            : await RecentOpportunitiesAsync(db, actor, take, cancellationToken);
    }

    /// <summary>The full-text expression of what was typed: every word, as a prefix. Null when nothing is left to search.</summary>
    public static string? MatchOf(string text)
    {
        var words = SearchKey.Fold(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8).ToList();
        if (words.Count == 0)
        {
            return null;
        }

        // A telephone is typed in pairs, with 0 or +33; the index holds 33612345678.
        if (words.TrueForAll(word => word.All(char.IsAsciiDigit)))
        {
            var digits = string.Concat(words);
            if (words.Count > 1 || (digits.Length >= 4 && digits[0] == '0'))
            {
                return digits[0] == '0' && digits.Length >= 4 ? $"\"{digits}\"* OR \"33{digits[1..]}\"*" : $"\"{digits}\"*";
            }
        }

        return string.Join(' ', words.Select(word => $"\"{word}\"*"));
    }

    private static async Task<IReadOnlyList<SearchHit>> ExactAsync(MedCrmDbContext db, Actor actor, string text, CancellationToken cancellationToken)
    {
        var identifier = string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        var hits = new List<SearchHit>();
        if (identifier.Length is 9 or 14)
        {
            hits.AddRange(await db.Institutions.VisibleTo(actor)
                .Where(i => i.FinessEt == identifier || i.FinessEj == identifier || i.Siren == identifier || i.Siret == identifier)
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

    private static async Task<IReadOnlyList<SearchHit>> InstitutionsAsync(MedCrmDbContext db, Actor actor, string match, int take, CancellationToken cancellationToken)
    {
        var rows = await (
            from found in Ranked(db, nameof(Institution), match)
            join i in db.Institutions.VisibleTo(actor) on found.RecordId equals i.Id
            orderby found.Rank, i.Name
            select new { i.Id, i.Name, i.City, i.FinessEt }).Take(take).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Institution), row.Id, row.Name, Joined(row.City, row.FinessEt), false))];
    }

    private static async Task<IReadOnlyList<SearchHit>> ContactsAsync(MedCrmDbContext db, Actor actor, string match, int take, CancellationToken cancellationToken)
    {
        var visible = db.Institutions.VisibleTo(actor);
        var rows = await (
            from found in Ranked(db, nameof(Contact), match)
            join c in VisibleContacts.Of(db, actor) on found.RecordId equals c.Id
            orderby found.Rank, c.LastName
            select new
            {
                c.Id,
                c.FullName,
                c.JobTitle,
                Institution = db.ContactRoles.Where(role => role.ContactId == c.Id && role.EndedOn == null)
                    .OrderByDescending(role => role.IsPrimary)
                    .SelectMany(role => visible.Where(institution => institution.Id == role.InstitutionId).Select(institution => institution.Name))
                    .FirstOrDefault(),
            }).Take(take).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Contact), row.Id, row.FullName, Joined(row.JobTitle, row.Institution), false))];
    }

    private static async Task<IReadOnlyList<SearchHit>> RecentInstitutionsAsync(MedCrmDbContext db, Actor actor, int take, CancellationToken cancellationToken)
    {
        var rows = await db.Institutions.VisibleTo(actor).OrderByDescending(i => i.UpdatedAt).Take(take).Select(i => new { i.Id, i.Name, i.City, i.FinessEt }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Institution), row.Id, row.Name, Joined(row.City, row.FinessEt), false))];
    }

    private static async Task<IReadOnlyList<SearchHit>> RecentContactsAsync(MedCrmDbContext db, Actor actor, int take, CancellationToken cancellationToken)
    {
        var rows = await VisibleContacts.Of(db, actor).OrderByDescending(c => c.UpdatedAt).Take(take).Select(c => new { c.Id, c.FullName, c.JobTitle, c.Email }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Contact), row.Id, row.FullName, Joined(row.JobTitle, row.Email), false))];
    }

    private static async Task<IReadOnlyList<SearchHit>> OpportunitiesAsync(MedCrmDbContext db, Actor actor, string match, int take, CancellationToken cancellationToken)
    {
        var rows = await (
            from found in Ranked(db, nameof(Opportunity), match)
            join o in db.Opportunities.VisibleTo(actor) on found.RecordId equals o.Id
            orderby o.Outcome, found.Rank, o.Name
            select new { o.Id, o.Name, Institution = o.Institution.Name, Stage = o.Stage.Name }).Take(take).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Opportunity), row.Id, row.Name, Joined(row.Institution, row.Stage), false))];
    }

    private static async Task<IReadOnlyList<SearchHit>> RecentOpportunitiesAsync(MedCrmDbContext db, Actor actor, int take, CancellationToken cancellationToken)
    {
        var rows = await db.Opportunities.VisibleTo(actor)
            .Where(o => o.Outcome == StageOutcome.Open)
            .OrderByDescending(o => o.UpdatedAt)
            .Take(take)
            .Select(o => new { o.Id, o.Name, Institution = o.Institution.Name, Stage = o.Stage.Name })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SearchHit(nameof(Opportunity), row.Id, row.Name, Joined(row.Institution, row.Stage), false))];
    }

    private static IQueryable<RankedEntry> Ranked(MedCrmDbContext db, string type, string match)
        => db.Database.SqlQuery<RankedEntry>($"""
            SELECT e.RecordId, bm25(SearchIndex) AS Rank FROM SearchIndex
            JOIN SearchEntries e ON e.Id = SearchIndex.rowid
            WHERE SearchIndex MATCH {match} AND e.RecordType = {type}
            """);

    private static string Joined(params string?[] parts) => string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private sealed record RankedEntry(Guid RecordId, double Rank);
}
