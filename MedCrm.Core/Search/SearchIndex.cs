using MedCrm.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace MedCrm.Core.Search;

/// <summary>
/// The full-text index over what people search for. SQL triggers feed it, so no way of writing can forget it; they are laid again
/// at each start because a migration that rebuilds a table drops its triggers.
/// </summary>
internal static class SearchIndex
{
    private static readonly (string Table, string Type)[] s_sources = [("Institutions", "Institution"), ("Contacts", "Contact"), ("Opportunities", "Opportunity")];

    /// <summary>Lays the index and its triggers, and fills it again when it does not hold every record.</summary>
    public static async Task EnsureAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        await ExecuteAsync(db, "CREATE VIRTUAL TABLE IF NOT EXISTS SearchIndex USING fts5(Keys, content='SearchEntries', content_rowid='Id', tokenize='unicode61', prefix='2 3 4')", cancellationToken);
        await ExecuteAsync(db, """
            DROP TRIGGER IF EXISTS SearchEntriesInsert;
            CREATE TRIGGER SearchEntriesInsert AFTER INSERT ON SearchEntries BEGIN
                INSERT INTO SearchIndex(rowid, Keys) VALUES (NEW.Id, NEW.Keys);
            END;
            DROP TRIGGER IF EXISTS SearchEntriesDelete;
            CREATE TRIGGER SearchEntriesDelete AFTER DELETE ON SearchEntries BEGIN
                INSERT INTO SearchIndex(SearchIndex, rowid, Keys) VALUES ('delete', OLD.Id, OLD.Keys);
            END;
            """, cancellationToken);

        foreach (var (table, type) in s_sources)
        {
            await ExecuteAsync(db, $"""
                DROP TRIGGER IF EXISTS Search{table}Insert;
                CREATE TRIGGER Search{table}Insert AFTER INSERT ON {table} WHEN NEW.DeletedAt IS NULL BEGIN
                    INSERT INTO SearchEntries(RecordType, RecordId, Keys) VALUES ('{type}', NEW.Id, NEW.SearchKey);
                END;
                DROP TRIGGER IF EXISTS Search{table}Update;
                CREATE TRIGGER Search{table}Update AFTER UPDATE OF SearchKey, DeletedAt ON {table}
                WHEN OLD.SearchKey <> NEW.SearchKey OR (OLD.DeletedAt IS NULL) <> (NEW.DeletedAt IS NULL) BEGIN
                    DELETE FROM SearchEntries WHERE RecordId = OLD.Id;
                    INSERT INTO SearchEntries(RecordType, RecordId, Keys) SELECT '{type}', NEW.Id, NEW.SearchKey WHERE NEW.DeletedAt IS NULL;
                END;
                DROP TRIGGER IF EXISTS Search{table}Delete;
                CREATE TRIGGER Search{table}Delete AFTER DELETE ON {table} BEGIN
                    DELETE FROM SearchEntries WHERE RecordId = OLD.Id;
                END;
                """, cancellationToken);
        }

        var expected = await db.Institutions.CountAsync(cancellationToken) + await db.Contacts.CountAsync(cancellationToken) + await db.Opportunities.CountAsync(cancellationToken);
        if (await db.Set<SearchEntry>().CountAsync(cancellationToken) != expected)
        {
            await RefillAsync(db, cancellationToken);
        }
    }

    private static async Task RefillAsync(MedCrmDbContext db, CancellationToken cancellationToken)
    {
        await ExecuteAsync(db, "DELETE FROM SearchEntries", cancellationToken);
        foreach (var (table, type) in s_sources)
        {
            await ExecuteAsync(db, $"INSERT INTO SearchEntries(RecordType, RecordId, Keys) SELECT '{type}', Id, SearchKey FROM {table} WHERE DeletedAt IS NULL", cancellationToken);
        }
    }

    // Constant texts of this class alone: no value of a user ever comes near.
    private static Task<int> ExecuteAsync(MedCrmDbContext db, string sql, CancellationToken cancellationToken)
        => db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
}
