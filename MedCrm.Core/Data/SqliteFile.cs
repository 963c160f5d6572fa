using Microsoft.Data.Sqlite;

namespace MedCrm.Core.Data;

/// <summary>A database as a file: copied, examined, put in its place. Never copied by the file system while it is open.</summary>
internal static class SqliteFile
{
    private static readonly string[] s_companions = ["-wal", "-shm", "-journal"];

    /// <summary>Writes a consistent copy of a live database, without stopping its writers.</summary>
    public static async Task CopyAsync(string source, string target, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(source, SqliteOpenMode.ReadWrite, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $target";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("$target", target);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What SQLite finds wrong with the file, nothing when it is sound. The quick look leaves out indexes and foreign keys.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(string path, bool quick = false, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
            var problems = await TextsAsync(connection, quick ? "PRAGMA quick_check(20)" : "PRAGMA integrity_check(20)", cancellationToken);
            problems.RemoveAll(line => line == "ok");
            if (!quick)
            {
                problems.AddRange(await TextsAsync(connection, "SELECT 'clé étrangère sans fiche : ' || \"table\" || ', ligne ' || coalesce(rowid, '?') || ', vers ' || parent FROM pragma_foreign_key_check LIMIT 20", cancellationToken));
            }

            return problems;
        }
        catch (SqliteException failure)
        {
            return [failure.Message];
        }
    }

    /// <summary>The migrations that a database has been through, nothing for an empty one.</summary>
    public static async Task<IReadOnlyList<string>> MigrationsAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
        return await TextsAsync(connection, "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'", cancellationToken) is []
            ? []
            : await TextsAsync(connection, "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId", cancellationToken);
    }

    /// <summary>The number of rows of each table of ours.</summary>
    public static async Task<SortedDictionary<string, long>> RowsAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await TextsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'SearchIndex%' AND sql NOT LIKE 'CREATE VIRTUAL%'", cancellationToken))
        {
            rows[table] = long.Parse((await TextsAsync(connection, $"SELECT count(*) FROM \"{table}\"", cancellationToken))[0]);
        }

        return rows;
    }

    /// <summary>Turns write-ahead logging on and says whether the file took it; a copy comes up without.</summary>
    public static async Task<bool> UseWriteAheadLogAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
        return await TextsAsync(connection, "PRAGMA journal_mode=WAL", cancellationToken) is ["wal"];
    }

    /// <summary>Forgets the locks that a killed migration left: who asks must be alone on the file.</summary>
    public static async Task ForgetMigrationLockAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
        if (await TextsAsync(connection, "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsLock'", cancellationToken) is not [])
        {
            await TextsAsync(connection, "DELETE FROM __EFMigrationsLock RETURNING 1", cancellationToken);
        }
    }

    /// <summary>Writes what the log still holds into the file itself and updates the planner's statistics.</summary>
    public static async Task TidyAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(path, SqliteOpenMode.ReadWrite, cancellationToken);
        await TextsAsync(connection, "PRAGMA optimize", cancellationToken);
        await TextsAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
    }

    /// <summary>Moves a database with what belongs to it.</summary>
    public static void Move(string source, string target)
    {
        foreach (var end in s_companions.Prepend("").Where(end => File.Exists(source + end)))
        {
            File.Move(source + end, target + end, overwrite: true);
        }
    }

    /// <summary>Removes a database with what belongs to it.</summary>
    public static void Delete(string path)
    {
        foreach (var end in s_companions.Prepend(""))
        {
            File.Delete(path + end);
        }
    }

    /// <summary>Closes the connections that the pool keeps open, so that the file may be replaced.</summary>
    public static void CloseAll(string path)
    {
        using var connection = new SqliteConnection(DataFolder.ConnectionStringOf(path));
        SqliteConnection.ClearPool(connection);
    }

    private static async Task<SqliteConnection> OpenAsync(string path, SqliteOpenMode mode, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 15 }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<List<string>> TextsAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        var texts = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
