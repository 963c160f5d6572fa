using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>
/// The full-text index over what people search for. SQL triggers feed it, so no way of writing can forget it; they are laid again
/// at each start because a migration that rebuilds a table drops its triggers.
/// </summary>
internal static class SearchIndex
{
    /// <summary>The kinds that an entry can be of; open deals and tasks are looked for before closed ones.</summary>
    public const string Institution = nameof(Institution), Contact = nameof(Contact), OpenOpportunity = nameof(OpenOpportunity), ClosedOpportunity = nameof(ClosedOpportunity), OpenTask = nameof(OpenTask), ClosedTask = nameof(ClosedTask), Activity = nameof(Activity), Document = nameof(Document), Invoice = nameof(Invoice), Contract = nameof(Contract), Quote = nameof(Quote);

    // One table for each kind: a word that half of the calls hold costs nothing to those who look for an institution.
    private static readonly string[] s_kinds = [Institution, Contact, OpenOpportunity, ClosedOpportunity, OpenTask, ClosedTask, Activity, Document, Invoice, Contract, Quote];

    // The kind of a row, and the columns that its entry hangs on.
    private static readonly (string Table, string Kind, string Columns, string Differs)[] s_sources =
    [
        ("Institutions", $"'{Institution}'", "SearchKey, DeletedAt", ""),
        ("Contacts", $"'{Contact}'", "SearchKey, DeletedAt", ""),
        ("Opportunities", $"CASE {{0}}Outcome WHEN 0 THEN '{OpenOpportunity}' ELSE '{ClosedOpportunity}' END", "SearchKey, DeletedAt, Outcome", " OR OLD.Outcome <> NEW.Outcome"),
        ("FollowUpTasks", $"CASE WHEN {{0}}IsOpen THEN '{OpenTask}' ELSE '{ClosedTask}' END", "SearchKey, DeletedAt, IsOpen", " OR OLD.IsOpen <> NEW.IsOpen"),
        ("Activities", $"'{Activity}'", "SearchKey, DeletedAt", ""),
        ("Documents", $"'{Document}'", "SearchKey, DeletedAt", ""),
        ("Quotes", $"'{Quote}'", "SearchKey, DeletedAt", ""),
        ("Invoices", $"'{Invoice}'", "SearchKey, DeletedAt", ""),
        ("Contracts", $"'{Contract}'", "SearchKey, DeletedAt", ""),
    ];

    /// <summary>The entries of a kind that hold the words of an expression, its only parameter; the highest numbers came last.</summary>
    public static string QueryOf(string kind) => $"""
        SELECT e.RecordId, e.Keys, {TableOf(kind)}.rowid AS Number FROM {TableOf(kind)}
        CROSS JOIN SearchEntries e ON e.Id = {TableOf(kind)}.rowid
        WHERE {TableOf(kind)} MATCH {"{0}"}
        """;

    /// <summary>The records of a kind that hold the words of a full-text expression, for whoever looks for more than a person types.</summary>
    public static IQueryable<Guid> Holding(MedCrmDbContext db, string kind, string expression)
        => db.Database.SqlQueryRaw<IndexedEntry>(QueryOf(kind), expression).Select(entry => entry.RecordId);

    /// <summary>Lays the index and its triggers, and fills it again when it does not hold every record.</summary>
    public static async Task EnsureAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        await LayTablesAsync(db, cancellationToken);
        foreach (var kind in s_kinds)
        {
            await ExecuteAsync(db, $"""
                DROP TRIGGER IF EXISTS {kind}EntriesInsert;
                CREATE TRIGGER {kind}EntriesInsert AFTER INSERT ON SearchEntries WHEN NEW.RecordType = '{kind}' BEGIN
                    INSERT INTO {TableOf(kind)}(rowid, Keys) VALUES (NEW.Id, NEW.Keys);
                END;
                DROP TRIGGER IF EXISTS {kind}EntriesDelete;
                CREATE TRIGGER {kind}EntriesDelete AFTER DELETE ON SearchEntries WHEN OLD.RecordType = '{kind}' BEGIN
                    INSERT INTO {TableOf(kind)}({TableOf(kind)}, rowid, Keys) VALUES ('delete', OLD.Id, OLD.Keys);
                END;
                """, cancellationToken);
        }

        foreach (var (table, kind, columns, differs) in s_sources)
        {
            var newKind = kind.Replace("{0}", "NEW.", StringComparison.Ordinal);
            await ExecuteAsync(db, $"""
                DROP TRIGGER IF EXISTS Search{table}Insert;
                CREATE TRIGGER Search{table}Insert AFTER INSERT ON {table} WHEN NEW.DeletedAt IS NULL BEGIN
                    INSERT INTO SearchEntries(RecordType, RecordId, Keys) VALUES ({newKind}, NEW.Id, NEW.SearchKey);
                END;
                DROP TRIGGER IF EXISTS Search{table}Update;
                CREATE TRIGGER Search{table}Update AFTER UPDATE OF {columns} ON {table}
                WHEN OLD.SearchKey <> NEW.SearchKey OR (OLD.DeletedAt IS NULL) <> (NEW.DeletedAt IS NULL){differs} BEGIN
                    DELETE FROM SearchEntries WHERE RecordId = OLD.Id;
                    INSERT INTO SearchEntries(RecordType, RecordId, Keys) SELECT {newKind}, NEW.Id, NEW.SearchKey WHERE NEW.DeletedAt IS NULL;
                END;
                DROP TRIGGER IF EXISTS Search{table}Delete;
                CREATE TRIGGER Search{table}Delete AFTER DELETE ON {table} BEGIN
                    DELETE FROM SearchEntries WHERE RecordId = OLD.Id;
                END;
                """, cancellationToken);
        }

        var expected = await db.Institutions.CountAsync(cancellationToken) + await db.Contacts.CountAsync(cancellationToken) + await db.Opportunities.CountAsync(cancellationToken) + await db.FollowUpTasks.CountAsync(cancellationToken) + await db.Activities.CountAsync(cancellationToken) + await db.Documents.CountAsync(cancellationToken) + await db.Invoices.CountAsync(cancellationToken) + await db.Contracts.CountAsync(cancellationToken) + await db.Quotes.CountAsync(cancellationToken);
        if (await db.Set<SearchEntry>().CountAsync(cancellationToken) != expected)
        {
            await RefillAsync(db, cancellationToken);
        }
    }

    // An index of another shape goes with its entries, which are then written again: that of all kinds in one table, before there was one for each.
    private static async Task LayTablesAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var laid = await db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE name LIKE 'SearchIndex%' AND sql LIKE 'CREATE VIRTUAL TABLE%'").ToListAsync(cancellationToken);
        if (laid.ToHashSet().SetEquals(s_kinds.Select(LayOf)))
        {
            return;
        }

        await ExecuteAsync(
            db,
            $"""
            DROP TRIGGER IF EXISTS SearchEntriesInsert;
            DROP TRIGGER IF EXISTS SearchEntriesDelete;
            DROP TABLE IF EXISTS SearchIndex;
            {string.Concat(s_kinds.Select(kind => $"DROP TRIGGER IF EXISTS {kind}EntriesInsert; DROP TRIGGER IF EXISTS {kind}EntriesDelete; DROP TABLE IF EXISTS {TableOf(kind)};\n"))}
            DELETE FROM SearchEntries;
            {string.Concat(s_kinds.Select(kind => LayOf(kind) + ";\n"))}
            """,
            cancellationToken);
    }

    private static string TableOf(string kind) => $"SearchIndexOf{kind}";

    private static string LayOf(string kind) => $"CREATE VIRTUAL TABLE {TableOf(kind)} USING fts5(Keys, content='SearchEntries', content_rowid='Id', tokenize='unicode61', prefix='2 3 4 5 6')";

    private static async Task RefillAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        await ExecuteAsync(db, "DELETE FROM SearchEntries", cancellationToken);
        foreach (var (table, kind, _, _) in s_sources)
        {
            await ExecuteAsync(db, $"INSERT INTO SearchEntries(RecordType, RecordId, Keys) SELECT {kind.Replace("{0}", "", StringComparison.Ordinal)}, Id, SearchKey FROM {table} WHERE DeletedAt IS NULL", cancellationToken);
        }
    }

    // Constant texts of this class alone: no value of a user ever comes near.
    private static Task<int> ExecuteAsync(MedCrmDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
}

/// <summary>An entry found: its record, its words, and its number, which grows with time.</summary>
internal sealed record IndexedEntry(Guid RecordId, string Keys, long Number);
