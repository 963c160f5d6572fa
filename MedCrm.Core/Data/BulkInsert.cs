using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MedCrm.Core.Data;

// EF prepares every INSERT anew and binds each parameter of a batch to each of its statements: for wide tables that costs ten times the
// write itself. And each INSERT into a searched table makes the full-text index flush what it holds. Rows are gathered by one prepared
// statement in a table in memory, and go to their own table by one statement.
internal static class BulkInsert
{
    private static readonly ConcurrentDictionary<IEntityType, Table> s_tables = new();

    /// <summary>Inserts new rows, kind after kind in the order of their first row, inside the transaction of the context. Nothing is tracked and no rule applies.</summary>
    public static void Insert(MedCrmDbContext db, IEnumerable<object> rows)
    {
        var transaction = (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        foreach (var kind in rows.GroupBy(row => row.GetType()))
        {
            s_tables.GetOrAdd(db.Model.FindEntityType(kind.Key)!, static type => new Table(type)).Insert(transaction, kind);
        }
    }

    private sealed class Table
    {
        private readonly string _create;
        private readonly string _gather;
        private readonly string _move;
        private readonly string _drop;
        private readonly (IClrPropertyGetter Getter, ValueConverter? Converter)[] _columns;

        public Table(IEntityType type)
        {
            // A number that the database gives is left to it.
            var properties = type.GetProperties().Where(property => !(property.IsPrimaryKey() && property.ClrType == typeof(long))).ToList();
            var names = string.Join(", ", properties.Select(property => $"\"{property.GetColumnName()}\""));
            var (table, gathered) = ($"\"{type.GetTableName()}\"", $"temp.\"Gathered{type.GetTableName()}\"");
            _create = $"CREATE TEMP TABLE \"Gathered{type.GetTableName()}\" AS SELECT {names} FROM {table} WHERE 0";
            _gather = $"INSERT INTO {gathered} VALUES ({string.Join(", ", properties.Select((_, index) => $"$p{index}"))})";
            _move = $"INSERT INTO {table} ({names}) SELECT {names} FROM {gathered} ORDER BY rowid";
            _drop = $"DROP TABLE {gathered}";
            _columns = [.. properties.Select(property => (property.GetGetter(), property.GetRelationalTypeMapping().Converter))];
        }

        public void Insert(SqliteTransaction transaction, IEnumerable<object> rows)
        {
            Execute(transaction, _create);
            using (var gather = Command(transaction, _gather))
            {
                for (var index = 0; index < _columns.Length; index++)
                {
                    gather.Parameters.Add(new SqliteParameter { ParameterName = $"$p{index}" });
                }

                foreach (var row in rows)
                {
                    Bind(gather, row);
                    gather.ExecuteNonQuery();
                }
            }

            Execute(transaction, _move);
            Execute(transaction, _drop);
        }

        private void Bind(SqliteCommand command, object row)
        {
            for (var index = 0; index < _columns.Length; index++)
            {
                var (getter, converter) = _columns[index];
                var value = getter.GetClrValue(row);
                command.Parameters[index].Value = (converter is null ? value : converter.ConvertToProvider(value)) ?? DBNull.Value;
            }
        }

        private static void Execute(SqliteTransaction transaction, string sql)
        {
            using var command = Command(transaction, sql);
            command.ExecuteNonQuery();
        }

        // Names of tables and columns come from the model: no value of a user is ever part of the text.
#pragma warning disable CA2100
        private static SqliteCommand Command(SqliteTransaction transaction, string sql) => new(sql, transaction.Connection, transaction);
#pragma warning restore CA2100
    }
}
