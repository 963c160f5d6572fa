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
    public const string Institution = nameof(Institution), Contact = nameof(Contact), OpenOpportunity = nameof(OpenOpportunity), ClosedOpportunity = nameof(ClosedOpportunity), OpenTask = nameof(OpenTask), ClosedTask = nameof(ClosedTask), Activity = nameof(Activity), Document = nameof(Document);

    private const string Table = "CREATE VIRTUAL TABLE SearchIndex USING fts5(Keys, RecordType, content='SearchEntries', content_rowid='Id', tokenize='unicode61', prefix='2 3 4')";

    // The kind of a row, and the columns that its entry hangs on.
    private static readonly (string Table, string Kind, string Columns, string Differs)[] s_sources =
    [
        ("Institutions", $"'{Institution}'", "SearchKey, DeletedAt", ""),
        ("Contacts", $"'{Contact}'", "SearchKey, DeletedAt", ""),
        ("Opportunities", $"CASE {{0}}Outcome WHEN 0 THEN '{OpenOpportunity}' ELSE '{ClosedOpportunity}' END", "SearchKey, DeletedAt, Outcome", " OR OLD.Outcome <> NEW.Outcome"),
        ("FollowUpTasks", $"CASE WHEN {{0}}IsOpen THEN '{OpenTask}' ELSE '{ClosedTask}' END", "SearchKey, DeletedAt, IsOpen", " OR OLD.IsOpen <> NEW.IsOpen"),
        ("Activities", $"'{Activity}'", "SearchKey, DeletedAt", ""),
        ("Documents", $"'{Document}'", "SearchKey, DeletedAt", ""),
    ];

    /// <summary>Lays the index and its triggers, and fills it again when it does not hold every record.</summary>
    public static async Task EnsureAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        await LayTableAsync(db, cancellationToken);
        await ExecuteAsync(db, """
            DROP TRIGGER IF EXISTS SearchEntriesInsert;
            CREATE TRIGGER SearchEntriesInsert AFTER INSERT ON SearchEntries BEGIN
                INSERT INTO SearchIndex(rowid, Keys, RecordType) VALUES (NEW.Id, NEW.Keys, NEW.RecordType);
            END;
            DROP TRIGGER IF EXISTS SearchEntriesDelete;
            CREATE TRIGGER SearchEntriesDelete AFTER DELETE ON SearchEntries BEGIN
                INSERT INTO SearchIndex(SearchIndex, rowid, Keys, RecordType) VALUES ('delete', OLD.Id, OLD.Keys, OLD.RecordType);
            END;
            """, cancellationToken);

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

        var expected = await db.Institutions.CountAsync(cancellationToken) + await db.Contacts.CountAsync(cancellationToken) + await db.Opportunities.CountAsync(cancellationToken) + await db.FollowUpTasks.CountAsync(cancellationToken) + await db.Activities.CountAsync(cancellationToken) + await db.Documents.CountAsync(cancellationToken);
        if (await db.Set<SearchEntry>().CountAsync(cancellationToken) != expected)
        {
            await RefillAsync(db, cancellationToken);
        }
    }

    // An index of another shape goes with its entries, which are then written again.
    private static async Task LayTableAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        var laid = await db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE name = 'SearchIndex'").ToListAsync(cancellationToken);
        if (laid is [Table])
        {
            return;
        }

        await ExecuteAsync(db, $"DROP TRIGGER IF EXISTS SearchEntriesDelete; DROP TABLE IF EXISTS SearchIndex; DELETE FROM SearchEntries; {Table}", cancellationToken);
    }

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
